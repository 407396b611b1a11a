"""The data directory: ours alone, and one server's at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from chatd.options import StartError

DATABASE = "chat.db"
LOCK = "lock"
MANHOLE_KEYS = "manhole_keys"
HOST_KEY = "manhole_host_key"


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


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StartError(f"another server uses the data directory {path.parent}") from None
    return descriptor
