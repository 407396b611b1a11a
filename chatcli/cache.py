"""The file in which a chat is kept between two runs: SQLite, for its owner's eyes alone.

It is written by a thread, one batch after the other, and by one process at a time. What is erased
is overwritten, in the file and, by cutting it, in its journal.
"""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from chatcli.keeping import Changes, Items

VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, key, number)
) WITHOUT ROWID
"""
_PRAGMAS = (
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = NORMAL",
)
# The last one: its tables are not ours.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


class InUse(Exception):
    """Another process has the file."""


class Damaged(Exception):
    """The file is none of ours, or of a later version of this program."""


class CacheFile:
    """The file ``path``. Raises ``InUse``, ``Damaged`` and ``OSError``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It must not be readable by others even for a moment.
        number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(number, 0o600)
        os.close(number)
        self._database = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self._open()
        except BaseException:
            self._database.close()
            raise
        self._thread = ThreadPoolExecutor(1, "cache")
        self._writing: Future[None] | None = None

    def _open(self) -> None:
        try:
            for pragma in _PRAGMAS:
                self._database.execute(pragma)
            self._database.execute("BEGIN EXCLUSIVE")
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version not in {0, VERSION}:
                raise Damaged(f"it is of version {version}")
            self._database.execute(_SCHEMA)
            self._database.execute(f"PRAGMA user_version = {VERSION}")
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise _meaning(error) from error

    def load(self) -> Items:
        """Return all that is kept, sorted by name. Raises ``Damaged`` and ``OSError``."""
        query = "SELECT kind, key, number, body FROM item ORDER BY kind, key, number"
        try:
            rows = self._database.execute(query).fetchall()
        except sqlite3.Error as error:
            raise _meaning(error) from error
        return {row[:3]: row[3] for row in rows}

    # Writing

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._writing is not None and not self._writing.done()

    def trouble(self) -> str:
        """Return why the last batch was not written, once; empty where it was."""
        if self._writing is None or self.busy:
            return ""
        error, self._writing = self._writing.exception(), None
        return str(error) if error is not None else ""

    def write(self, changes: Changes) -> None:
        """Write changes, all or none of them, in the background."""
        self._writing = self._thread.submit(self._write, changes)

    def _write(self, changes: Changes) -> None:
        database = self._database
        database.execute("BEGIN")
        try:
            if changes.anew:
                database.execute("DELETE FROM item")
            database.executemany(
                "DELETE FROM item WHERE kind = ? AND key = ? AND number = ?", changes.gone
            )
            database.executemany(
                "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)",
                [(*name, body) for name, body in changes.items.items()],
            )
            database.execute("COMMIT")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise

    # Ending

    def close(self) -> None:
        """Write what is to be written, and give the file free."""
        self._thread.submit(self._database.close).result()
        self._thread.shutdown()

    def erase(self) -> None:
        """Have nothing kept any more."""
        self.close()
        erase(self._path)


def _meaning(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return InUse()
    return Damaged(str(error)) if code in _DAMAGED else OSError(str(error))


def erase(path: Path) -> None:
    """Delete a file that nobody has open, and one that was put aside, where they are there."""
    for each in (path, _journal(path), _aside(path)):
        each.unlink(missing_ok=True)


def put_aside(path: Path) -> Path:
    """Give a file another name, in the place of one that was put aside before; return it."""
    aside = _aside(path)
    path.replace(aside)
    _journal(path).unlink(missing_ok=True)
    return aside


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _aside(path: Path) -> Path:
    return path.with_suffix(".damaged")
