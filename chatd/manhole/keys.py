"""The keys of the manhole: the host's own, and those that may enter."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from twisted.conch.error import ValidPublicKey
from twisted.conch.ssh.common import getNS
from twisted.conch.ssh.keys import FingerprintFormats, Key
from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import ISSHPrivateKey, SSHPrivateKey
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred, execute
from twisted.logger import Logger
from zope.interface import implementer

from chatd.manhole.text import one_line

# What signatures may be made with; SHA-1 (ssh-rsa, ssh-dss) is not among them.
SIGNATURES = (
    b"ssh-ed25519",
    b"ecdsa-sha2-nistp256",
    b"ecdsa-sha2-nistp384",
    b"ecdsa-sha2-nistp521",
    b"rsa-sha2-512",
    b"rsa-sha2-256",
)
_KINDS = frozenset(SIGNATURES[:4]) | {b"ssh-rsa"}
_RSA_BITS = 2048  # the least

log = Logger()


class KeyFileError(Exception):
    """A key file cannot be used; the text is one sentence for the operator."""


def fingerprint(key: Key) -> str:
    """Return a key's fingerprint as OpenSSH shows it."""
    digest: str = key.fingerprint(FingerprintFormats.SHA256_BASE64)
    return f"SHA256:{digest.rstrip('=')}"


# The host's key


def host_key(path: Path) -> Key:
    """Return the host's key, which is made where there is none. Raises ``KeyFileError``."""
    try:
        if not path.exists():
            _write(path, Key(Ed25519PrivateKey.generate()).toString("openssh", subtype="v1"))
        elif path.stat().st_mode & 0o077:
            log.warn("others could read {path}; they cannot any more", path=str(path))
            path.chmod(0o600)
        data = path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"the host key {path} cannot be used: {error.strerror}") from None
    try:
        key: Key = Key.fromString(data)
    except Exception as error:  # noqa: BLE001  conch raises anything for what is no key
        raise KeyFileError(f"{path} is no private key without a password: {error}") from None
    if key.isPublic():
        raise KeyFileError(f"{path} is no private key")
    return key


def _write(path: Path, data: bytes) -> None:
    """Write a file for its owner alone, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


# Those that may enter


class Authorized(NamedTuple):
    """A key that may enter, and what the file says about it."""

    key: Key
    comment: str


def authorized_keys(path: Path) -> list[Authorized]:
    """Return the keys in a file of OpenSSH's format; none where there is no file.

    A line that cannot be used is logged by its number, and skipped.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        log.warn("nobody can enter: {path}: {why}", path=str(path), why=error.strerror)
        return []
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        try:
            found.append(_authorized(line.strip()))
        except Exception as error:  # noqa: BLE001  conch raises anything for what is no key
            # Never the line: somebody may have put a private key there.
            why = str(error) if isinstance(error, KeyFileError) else "it is no public key"
            where = f"{path}, line {number}"
            log.warn("skipped {where}: {why}", where=where, why=why)
    return found


def _authorized(line: bytes) -> Authorized:
    kind, blob, *comment = line.split(None, 2)
    if kind not in _KINDS:
        # Options (from="...", command="...") would be promises that nobody keeps here.
        raise KeyFileError("it does not begin with a kind of key that may enter")
    key: Key = Key.fromString(b" ".join((kind, blob)), type="public_openssh")
    if key.type() == "RSA" and key.size() < _RSA_BITS:
        raise KeyFileError(f"an RSA key must have {_RSA_BITS} bits at least")
    return Authorized(key, comment[0].decode("utf-8", "replace") if comment else "")


class Entrant(NamedTuple):
    """Who has entered, in words that are safe to log."""

    username: str
    comment: str
    fingerprint: str

    @property
    def label(self) -> str:
        """Whose key it is, as short as can be: what the file says, or the fingerprint."""
        return self.comment or self.fingerprint

    def __str__(self) -> str:
        key = f"{self.comment} {self.fingerprint}".lstrip()
        return f"{self.username} (key {key})"


@implementer(ICredentialsChecker)
class KeyChecker:
    """Lets in, under any name, who has a key of the file ``path``, as the file is now."""

    credentialInterfaces = (ISSHPrivateKey,)

    def __init__(self, path: Path) -> None:
        self._path = path

    def requestAvatarId(self, credentials: SSHPrivateKey) -> Deferred[Any]:
        """Return who it is; fails with ``UnauthorizedLogin``, or ``ValidPublicKey`` to go on."""
        return execute(self._check, credentials)

    def _check(self, credentials: SSHPrivateKey) -> Entrant:
        if not credentials.signature:
            # The same for all keys: nobody finds out which ones could enter.
            raise ValidPublicKey
        if getNS(credentials.signature)[0] not in SIGNATURES:
            raise UnauthorizedLogin("the signature is of a kind that is not taken")
        for key, comment in authorized_keys(self._path):
            if key.blob() == credentials.blob:
                if not key.verify(credentials.signature, credentials.sigData):
                    break
                username = credentials.username.decode("utf-8", "replace")[:64]
                return Entrant(one_line(username), one_line(comment)[:128], fingerprint(key))
        raise UnauthorizedLogin("the key may not enter")
