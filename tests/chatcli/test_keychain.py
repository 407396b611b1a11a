"""Tokens in the keyring of the desktop."""

from collections.abc import Iterator

import keyring
import pytest
from keyring import backend

from chatcli import keychain
from chatcli.address import Address
from chatcli.keychain import Kept

HERE = Address("localhost", 65432)


class Safe(backend.KeyringBackend):
    """A keyring in memory."""

    priority = 5.0
    broken = False

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.broken:
            raise RuntimeError("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError("locked")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class InClear(Safe):
    """A keyring that keeps nothing secret."""

    priority = 0.5


@pytest.fixture
def safe() -> Iterator[Safe]:
    before = keyring.get_keyring()
    safe = Safe()
    keyring.set_keyring(safe)
    yield safe
    keyring.set_keyring(before)


def test_a_token_is_kept_and_found_and_forgotten(safe: Safe) -> None:
    assert keychain.is_there()
    assert keychain.recall("ana", HERE) is None
    assert keychain.keep("ana", HERE, Kept("chatcli-here", "t.1"))
    assert keychain.recall("ana", HERE) == Kept("chatcli-here", "t.1")
    assert keychain.recall("ana", Address("other", 1)) is None
    keychain.forget("ana", HERE)
    assert keychain.recall("ana", HERE) is None
    keychain.forget("ana", HERE)


def test_a_broken_keyring_is_as_none(safe: Safe) -> None:
    safe.broken = True
    assert keychain.recall("ana", HERE) is None
    assert not keychain.keep("ana", HERE, Kept("chatcli-here", "t.1"))


def test_a_file_in_clear_is_no_keyring(safe: Safe) -> None:
    keyring.set_keyring(InClear())
    assert not keychain.is_there()
    assert not keychain.keep("ana", HERE, Kept("chatcli-here", "t.1"))


def test_labels_are_words_that_the_server_takes() -> None:
    labels = {keychain.new_label() for _ in range(20)}
    assert len(labels) > 1
    for label in labels:
        assert len(label) <= 32
        assert label.split() == [label]
