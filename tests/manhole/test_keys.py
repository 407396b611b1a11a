"""Which keys enter, and the host's own."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from twisted.conch.error import ValidPublicKey
from twisted.conch.ssh.keys import Key
from twisted.cred.credentials import SSHPrivateKey
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred
from twisted.logger import ILogObserver, LogEvent, formatEvent, globalLogPublisher
from zope.interface import implementer

from chatd.manhole.keys import (
    Entrant,
    KeyChecker,
    KeyFileError,
    authorized_keys,
    fingerprint,
    host_key,
)

SIGNED = b"what is signed"


def ed25519() -> Key:
    return Key(Ed25519PrivateKey.generate())


def ecdsa() -> Key:
    return Key(ec.generate_private_key(ec.SECP256R1()))


def rsa_key(bits: int = 2048) -> Key:
    return Key(rsa.generate_private_key(65537, bits))


def public_line(key: Key, comment: str = "eva@laptop") -> bytes:
    line: bytes = key.public().toString("openssh", comment=comment.encode())
    return line


def result_of(deferred: Deferred[Any]) -> Any:
    """Return what a Deferred has fired with."""
    results: list[Any] = []
    deferred.addBoth(results.append)
    return results[0]


def attempt(
    path: Path, key: Key, *, kind: bytes | None = None, signed: bytes = SIGNED, user: bytes = b"eva"
) -> Any:
    """Return what the checker says of somebody who signs with ``key``."""
    signature = key.sign(signed, signatureType=kind or key.sshType())
    offered = SSHPrivateKey(user, key.sshType(), key.public().blob(), SIGNED, signature)
    result = result_of(KeyChecker(path).requestAvatarId(offered))
    return result if isinstance(result, Entrant) else type(result.value)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Return the list in which what is logged appears."""
    lines: list[str] = []

    @implementer(ILogObserver)
    def observe(event: LogEvent) -> None:
        lines.append(formatEvent(event))

    globalLogPublisher.addObserver(observe)
    yield lines
    globalLogPublisher.removeObserver(observe)


# The host's key


def test_the_host_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "host"
    first = host_key(path)
    assert first.type() == "Ed25519"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert host_key(path) == first
    assert list(tmp_path.iterdir()) == [path]


def test_others_cannot_read_a_host_key_any_more(tmp_path: Path, logged: list[str]) -> None:
    path = tmp_path / "host"
    host_key(path)
    path.chmod(0o644)
    host_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert logged == [f"others could read {path}; they cannot any more"]


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", public_line(ed25519())], ids=["empty", "nonsense", "public"]
)
def test_a_file_that_is_no_host_key_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "host"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="is no private key"):
        host_key(path)
    assert path.read_bytes() == content


def test_without_a_directory_there_is_no_host_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be used: No such file or directory"):
        host_key(tmp_path / "none" / "host")


# Those that may enter


def test_a_file_of_keys_may_hold_anything(tmp_path: Path, logged: list[str]) -> None:
    first, second, third = ed25519(), ecdsa(), rsa_key()
    path = tmp_path / "keys"
    private = ed25519().toString("openssh", subtype="v1")
    lines = [
        b"# administrators",
        b"",
        public_line(first, "eva, at home"),
        b"nonsense",
        b"ssh-ed25519",
        b"ssh-ed25519 AAAA",
        b"\xff\xfe\x00",
        b'from="10.0.0.1" ' + public_line(second),
        b"  " + public_line(second, "") + b"\r",
        public_line(rsa_key(1024)),
        public_line(third),
        private,
    ]
    path.write_bytes(b"\n".join(lines))
    found = authorized_keys(path)
    assert [key for key, _ in found] == [first.public(), second.public(), third.public()]
    assert [comment for _, comment in found] == ["eva, at home", "", "eva@laptop"]
    skipped = [line.partition(":")[0] for line in logged]
    assert skipped[:6] == [f"skipped {path}, line {number}" for number in (4, 5, 6, 7, 8, 10)]
    # A private key does not get into the log, wherever it was put.
    assert not any(part.decode() in "".join(logged) for part in private.splitlines()[1:-1])


def test_nobody_enters_without_a_file(tmp_path: Path, logged: list[str]) -> None:
    assert authorized_keys(tmp_path / "none") == []
    assert logged == []
    assert authorized_keys(tmp_path) == []
    assert logged == [f"nobody can enter: {tmp_path}: Is a directory"]


@pytest.mark.parametrize("make", [ed25519, ecdsa])
def test_the_right_key_enters_under_any_name(tmp_path: Path, make: Any) -> None:
    key = make()
    path = tmp_path / "keys"
    path.write_bytes(public_line(key))
    assert attempt(path, key) == Entrant("eva", "eva@laptop", fingerprint(key))
    assert attempt(path, key, user=b"\x1b[2J\xff").username == "\\x1b[2J\ufffd"


def test_the_file_is_read_at_each_login(tmp_path: Path) -> None:
    key, path = ed25519(), tmp_path / "keys"
    assert attempt(path, key) is UnauthorizedLogin
    path.write_bytes(public_line(key))
    assert isinstance(attempt(path, key), Entrant)
    path.write_bytes(public_line(ed25519()))
    assert attempt(path, key) is UnauthorizedLogin


def test_a_key_without_its_private_half_does_not_enter(tmp_path: Path) -> None:
    key, path = ed25519(), tmp_path / "keys"
    path.write_bytes(public_line(key))
    assert attempt(path, key, signed=b"something else") is UnauthorizedLogin


def test_rsa_enters_but_not_by_sha1(tmp_path: Path) -> None:
    key, path = rsa_key(), tmp_path / "keys"
    path.write_bytes(public_line(key))
    assert isinstance(attempt(path, key, kind=b"rsa-sha2-256"), Entrant)
    assert attempt(path, key, kind=b"ssh-rsa") is UnauthorizedLogin


def test_nobody_finds_out_which_keys_could_enter(tmp_path: Path) -> None:
    known, path = ed25519(), tmp_path / "keys"
    path.write_bytes(public_line(known))
    for key in (known, ed25519()):
        offered = SSHPrivateKey(b"eva", key.sshType(), key.public().blob(), None, None)
        result = result_of(KeyChecker(path).requestAvatarId(offered))
        assert result.check(ValidPublicKey)


def test_who_has_entered_is_told_in_one_line() -> None:
    assert str(Entrant("eva", "eva@laptop", "SHA256:x")) == "eva (key eva@laptop SHA256:x)"
    assert str(Entrant("eva", "", "SHA256:x")) == "eva (key SHA256:x)"
