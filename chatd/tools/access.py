"""Getting at the data: reading beside a running server, or holding it while there is none."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chatd.core.turn import CONSOLE_UID
from chatd.data import DATABASE, LOCK, DataDirectory
from chatd.store.database import connect
from chatd.store.schema import APPLICATION_ID, VERSION, prepare
from chatd.tools import ToolError
from chatd.tools.files import belong

BUSY = 30_000  # ms to wait for somebody else's lock on the database


def database_in(data: Path) -> Path:
    """Return the database in a data directory. Raises ``ToolError`` where there is none."""
    if not data.is_dir():
        raise ToolError(f"there is no data directory {data}; --data DIR names it")
    path = data / DATABASE
    if not path.is_file():
        raise ToolError(f"there is no database in {data}; has a server run with --data {data}?")
    return path


def is_running(data: Path) -> bool:
    """Whether a server, or a command such as these, holds the data directory."""
    try:
        descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def holding(data: Path, otherwise: str = "") -> Iterator[DataDirectory]:
    """Hold the data directory, made where there is none, so that no server starts meanwhile.

    Raises ``ToolError`` where one runs, with ``otherwise`` for what can be done then.
    """
    if data.is_dir() and is_running(data):
        raise ToolError(f"a server uses {data}; stop it first{otherwise}")
    directory = DataDirectory(data)
    directory.open()
    belong(data / LOCK)
    try:
        yield directory
    finally:
        directory.close()


def open_readonly(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot change a database."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY}")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


@contextmanager
def examining(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that changes nothing, and yet finds what breaks a CHECK.

    SQLite doesn't know of CHECK where it must not write. So this one could; that a reader is still
    there when it ends keeps it from emptying the write-ahead log.
    """
    with closing(open_readonly(path)) as reader:
        reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        uri = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA busy_timeout = {BUSY}")
            connection.execute("PRAGMA temp_store = MEMORY")
            yield connection


def check_kind(connection: sqlite3.Connection, path: Path, *, current: bool = True) -> int:
    """Return the version of a database. Raises ``ToolError`` where it is not one of ours.

    An older one will do unless it must be ``current``.
    """
    program = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if program != APPLICATION_ID:
        raise ToolError(f"{path} is not a database of chatd")
    if version > VERSION:
        raise ToolError(
            f"{path} is of version {version}, newer than this chatd knows ({VERSION});"
            " install a newer chatd"
        )
    if current and version < VERSION:
        raise ToolError(
            f"{path} is of version {version}; start the server once, which makes it {VERSION}"
        )
    return version


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection in a read transaction: all that is read is of one moment."""
    path = database_in(data)
    with closing(open_readonly(path)) as connection:
        connection.execute("BEGIN")
        check_kind(connection, path)
        yield connection


@contextmanager
def changing(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection in a transaction that is committed where nothing is raised.

    The database is made, or brought up to date, before; the data directory must be held.
    """
    prepare(path)
    belong(path)
    with closing(connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def audit(database: sqlite3.Connection, action: str, *, whom: str = "", room: str = "") -> None:
    """Note in the audit log what was done from this machine's shell."""
    database.execute(
        "INSERT INTO audit (t, who, uid, action, whom, room, address, why)"
        " VALUES (?, 'console', ?, ?, ?, ?, '', '')",
        (int(time.time() * 1000), CONSOLE_UID, action, whom, room),
    )
