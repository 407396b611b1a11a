"""Connections to the database, and how its rows are numbered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SEQ = 0xFFFFFFFF
SEARCH = "search.db"
# Pages of the write-ahead log that are put into the file at once. SQLite's own 1000 take the disk
# for so long, where they belong all over a large file, that commits would have to wait for it.
CHECKPOINT = 200


def row_id(conversation: int, seq: int) -> int:
    """Return the id of an event's row."""
    return conversation << 32 | min(max(seq, 0), SEQ)


def connect(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Return a connection that any thread may use, one at a time, without implicit transactions.

    What is erased over it is overwritten, in the file and in memory alike.
    """
    uri = f"{path.resolve().as_uri()}{'?mode=ro' if readonly else ''}"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
    _set_up(connection, "main", readonly=readonly)
    return connection


def attach(connection: sqlite3.Connection, path: Path, *, readonly: bool = False) -> None:
    """Attach the search index at ``path`` to a connection, as ``search``."""
    mode = "ro" if readonly else "rwc"
    connection.execute("ATTACH ? AS search", (f"{path.resolve().as_uri()}?mode={mode}",))
    _set_up(connection, "search", readonly=readonly)


def _set_up(connection: sqlite3.Connection, schema: str, *, readonly: bool) -> None:
    if not readonly:
        # Of an empty file alone, and before anything is written to it.
        connection.execute(f"PRAGMA {schema}.auto_vacuum = INCREMENTAL")
    connection.execute(f"PRAGMA {schema}.journal_mode = WAL")
    connection.execute(f"PRAGMA {schema}.synchronous = FULL")
    connection.execute(f"PRAGMA {schema}.secure_delete = ON")


def truncate_log(connection: sqlite3.Connection, schema: str, patience: float) -> bool:
    """Move all that is in the write-ahead log to the file, and leave nothing in the log.

    Returns whether it could be done: those who read from the log are waited for, at most
    ``patience`` seconds.
    """
    connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
    try:
        row = connection.execute(f"PRAGMA {schema}.wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute("PRAGMA busy_timeout = 5000")
    return bool(row[0] == 0)


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "") -> Iterator[None]:
    """Do something all or not at all; ``kind`` is IMMEDIATE for what must not be overtaken."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # Some errors have ended it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def shrink(
    connection: sqlite3.Connection, schema: str, seconds: float, clock: Callable[[], float]
) -> bool:
    """Give unused pages back to the file system, for some seconds; return whether more are left.

    How long a page takes depends on how many are unused, so they are not counted.
    """
    end = clock() + seconds
    left = f"PRAGMA {schema}.freelist_count"
    with transaction(connection):
        while more := connection.execute(left).fetchone()[0] > 0:
            # One page: a pragma without columns is given but one step by ``execute``.
            connection.execute(f"PRAGMA {schema}.incremental_vacuum(1)")
            if clock() >= end:
                break
    return bool(more)
