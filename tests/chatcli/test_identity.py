"""Who one wants to be and where: by the command line, the environment, and the settings."""

from pathlib import Path

import pytest

from chatcli import keychain
from chatcli.address import Address
from chatcli.arguments import parse
from chatcli.identity import KEYRING, TOKEN, Identity, NobodyKnown, identify
from chatcli.keychain import Kept
from chatcli.person import Credentials
from chatcli.settings_file import SettingsFile

HERE, WORK = Address("localhost", 65432), Address("work", 7)
PROFILES = """
[[profiles]]
host = "work"
port = 7
name = "ana"

[[profiles]]
host = "localhost"
port = 65432
"""


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keychain, "recall", lambda *_: None)


def of(folder: Path, text: str, *arguments: str, token: str = "") -> Identity:
    path = folder / "chatcli.toml"
    path.write_text(text, "utf-8")
    environment = {TOKEN: token} if token else {}
    identity = identify(parse(arguments), environment, SettingsFile(path))
    # What chatcli starts must not have it.
    assert TOKEN not in environment
    return identity


def test_who_is_here_for_the_first_time_is_a_guest(tmp_path: Path) -> None:
    assert of(tmp_path, "") == Identity(HERE, None, None, None)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (PROFILES, WORK),
        (f'server = "localhost"{PROFILES}', HERE),
        (f'server = "[::1]:8"{PROFILES}', Address("::1", 8)),
        ('server = "h:99999"', HERE),
        ('server = "work:8"', Address("work", 8)),
    ],
)
def test_where_one_was_last_is_where_one_goes(tmp_path: Path, text: str, address: Address) -> None:
    assert of(tmp_path, text).address == address
    assert of(tmp_path, text, "other:9").address == Address("other", 9)


def test_the_name_is_that_of_the_server(tmp_path: Path) -> None:
    assert of(tmp_path, PROFILES) == Identity(WORK, None, "ana", None)
    assert of(tmp_path, PROFILES, "--login", "bo") == Identity(WORK, None, "bo", None)
    assert of(tmp_path, PROFILES, "localhost") == Identity(HERE, None, None, None)
    assert of(tmp_path, PROFILES, "--nick", "cy") == Identity(WORK, "cy", None, None)
    assert of(tmp_path, PROFILES, "--guest") == Identity(WORK, None, None, None)


def test_a_token_says_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keychain, "recall", lambda *_: Kept("label", "t.kept"))
    kept = Credentials("ana", "t.kept", KEYRING)
    assert of(tmp_path, PROFILES) == Identity(WORK, None, "ana", kept)
    given = Credentials("ana", "t.x", TOKEN)
    assert of(tmp_path, PROFILES, token="t.x") == Identity(WORK, None, "ana", given)


def test_a_token_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(NobodyKnown, match=r"does not know whose token CHATCLI_TOKEN is"):
        of(tmp_path, "", token="t.x")
