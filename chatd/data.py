"""The data directory: ours alone, and one server's at a time."""

from __future__ import annotations

import fcntl
import hmac
import os
import secrets
from pathlib import Path

from chatd.options import StartError

DATABASE = "chat.db"
LOCK = "lock"
MANHOLE_KEYS = "manhole_keys"
HOST_KEY = "manhole_host_key"
CLAIM_CODE = "claim_code"

# Nobody takes one of these for another, in any font.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP = 4, 5


class DataDirectory:
    """The directory ``path``; files in it are for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def check(self) -> None:
        """Raise ``StartError`` where the directory cannot be used, without making anything."""
        try:
            self._check()
        except OSError as error:
            raise StartError(f"the data directory {self.path} cannot be used: {error}") from None

    def _check(self) -> None:
        path = self.path
        if path.exists():
            if not path.is_dir():
                raise StartError(f"{path} is not a directory")
            if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                raise StartError(f"the data directory {path} cannot be written")
            if (path / LOCK).exists():
                os.close(_locked(path / LOCK))
            return
        parent = next(above for above in path.parents if above.exists())
        if not os.access(parent, os.W_OK | os.X_OK):
            raise StartError(f"the data directory {path} cannot be made: {parent} is not writable")

    def open(self) -> None:
        """Make the directory where there is none, and take its lock. Raises ``StartError``."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _locked(self.path / LOCK)
        except OSError as error:
            raise StartError(f"the data directory {self.path} cannot be used: {error}") from None

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class ClaimCode:
    """The one-time code, in the file ``path``, that makes the first administrator of a server.

    Whoever can read the file, or the log, may be one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._code: str | None = None

    def open(self) -> str:
        """Return the code: the file's, or a new one where there is none. Raises ``StartError``."""
        try:
            self._code = self._kept() or self._made()
        except OSError as error:
            raise StartError(f"the file {self.path} cannot be used: {error}") from None
        return self._code

    def _kept(self) -> str | None:
        try:
            code = self.path.read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return None
        if len(_letters(code)) == _GROUPS * _GROUP:
            return code
        # A server that was stopped in the middle of writing it has left less than a code.
        self.remove()
        return None

    def _made(self) -> str:
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        code = "-".join(groups)
        descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{code}\n")
        return code

    def remove(self) -> None:
        """Make the code worthless. Raises ``OSError`` where its file stays."""
        self._code = None
        self.path.unlink(missing_ok=True)

    def fits(self, text: str) -> bool:
        """Whether ``text`` is the code; how it is grouped doesn't matter."""
        if self._code is None:
            return False
        return hmac.compare_digest(_letters(text), _letters(self._code))


def _letters(code: str) -> bytes:
    return code.replace("-", "").upper().encode()


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StartError(f"another server uses the data directory {path.parent}") from None
    return descriptor
