"""The search index: a file beside the database, and what keeps it as the database is.

The triggers of the database note in ``unindexed`` which messages changed. They are taken from
there in order and once more where a crash comes between: the index holds of each what the
database holds then. It is made anew from the messages where it is missing, or not that of this
database. The words of what was erased stay in an FTS5 index until all its segments were merged.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path

from chatd.store.database import attach, connect, shrink, transaction, truncate_log
from chatd.store.pace import Pace
from chatd.store.terms import teach

VERSION = 3
# What the index writes goes to the disk that commits wait for, so it is little at a time.
PORTION = 0.01  # seconds that a step should take
MESSAGES = (32, 1000)  # of one transaction: the least, and the most
MERGED = (16, 500)  # pages of one step of merging
REST = 60.0  # seconds between two merges of all, at least
IDLE = 50  # and this many times as long as the last one took
PATIENCE = 0.1  # seconds for readers to be done with the log
AGAIN = 0.2  # seconds until they are asked again


class Index:
    """The index at ``path`` of the database at ``database``, for one thread; ``clock`` in seconds.

    Other threads may read ``done``, the newest change that it holds, and ``filling``, whether it
    is still being made.
    """

    def __init__(
        self,
        path: Path,
        database: Path,
        clock: Callable[[], float] = time.monotonic,
        messages: tuple[int, int] = MESSAGES,
    ) -> None:
        self.path = path
        self.done = 0
        self.filling = False
        self._database = database
        self._clock = clock
        self._at_first = messages[1]
        self._messages = Pace(*messages, PORTION)
        self._merged = Pace(*MERGED, PORTION)
        self._connection: sqlite3.Connection | None = None
        self._merging = 0
        self._began = 0.0
        self._rested = clock() + REST
        # Whether pages may be given back, or something of what was erased is left in the log.
        self._untidy = True
        self._stale = 0

    def open(self) -> None:
        """Open it, or make it. Raises ``sqlite3.Error`` and ``OSError``."""
        try:
            self._open()
        except sqlite3.DatabaseError:
            self._make_anew()
        else:
            assert self._connection is not None
            if not is_its_own(self._connection):
                self._make_anew()

    def _make_anew(self) -> None:
        self.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        self._open()

    def _open(self) -> None:
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = connect(self._database, readonly=True)
        attach(self._connection, self.path)
        if self._connection.execute("SELECT count(*) FROM search.sqlite_schema").fetchone()[0] == 0:
            create(self._connection)
            # Where little was said, it is there at once.
            fill(self._connection, self._at_first)
        self._note()

    def close(self) -> None:
        """Close it."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                # Closing does that too, but not after an interruption.
                truncate_log(self._connection, "search", PATIENCE)
            self._connection.close()
            self._connection = None

    def interrupt(self) -> None:
        """Have what is under way in its thread fail."""
        if self._connection is not None:
            self._connection.interrupt()

    def step(self) -> float | None:
        """Do some of the work; return in how many seconds to go on, None where nothing is left."""
        assert self._connection is not None
        wait = 0.0 if self._work(self._connection) else self._tidy(self._connection)
        self._note()
        return wait

    def _work(self, database: sqlite3.Connection) -> bool:
        with self._messages.kept() as most:
            return take(database, most) or (self.filling and fill(database, most))

    def _note(self) -> None:
        assert self._connection is not None
        self.done, filled = self._connection.execute(
            "SELECT done, filled FROM search.progress"
        ).fetchone()
        self.filling = filled is not None

    # Removing what was erased

    def _tidy(self, database: sqlite3.Connection) -> float | None:
        stale = database.execute("SELECT stale FROM search.progress").fetchone()[0]
        if self._merging:
            return self._merge(database)
        self._untidy = self._untidy or stale > self._stale
        self._stale = stale
        if self._untidy:
            # Texts are gone at once, before their words are.
            return self._shrink(database)
        if stale and self._clock() < self._rested:
            return self._rested - self._clock()
        if stale:
            # A negative number puts all segments together; then they are merged step by step.
            self._began, self._merging = self._clock(), stale
            merge(database, -self._merged.amount)
            return 0.0
        return None

    def _merge(self, database: sqlite3.Connection) -> float:
        with self._merged.kept() as pages:
            more = merge(database, pages)
        if not more:
            database.execute("UPDATE search.progress SET stale = stale - ?", (self._merging,))
            now = self._clock()
            self._rested = now + max(REST, IDLE * (now - self._began))
            self._merging, self._untidy = 0, True
        return 0.0

    def _shrink(self, database: sqlite3.Connection) -> float:
        """Give pages back, then leave nothing in the log."""
        if shrink(database, "search", PORTION, time.monotonic):
            return 0.0
        self._untidy = not truncate_log(database, "search", PATIENCE)
        return AGAIN if self._untidy else 0.0


def create(database: sqlite3.Connection) -> None:
    """Make an empty index in the database that is attached as ``search``."""
    database.executescript(resources.files("chatd.store").joinpath("index.sql").read_text("utf-8"))


def is_its_own(database: sqlite3.Connection) -> bool:
    """Whether the index attached to a database is that of this database, and of this version."""
    try:
        version, done = database.execute("SELECT version, done FROM search.progress").fetchone()
    except (sqlite3.Error, TypeError):
        return False
    oldest, newest = database.execute(
        "SELECT (SELECT min(n) FROM unindexed), seq FROM sqlite_sequence WHERE name = 'unindexed'"
    ).fetchone()
    # Of what it has not seen, all must still be there to be seen.
    first = newest if oldest is None else oldest - 1
    return bool(version == VERSION and first <= done <= newest)


# The messages of some changes, in the order that FTS5 likes.
_CHANGED = "SELECT DISTINCT id FROM unindexed WHERE n > :done AND n <= :last ORDER BY id"


def take(database: sqlite3.Connection, most: int) -> bool:
    """Take the next ``most`` changes of messages into the index; return whether there were any."""
    teach(database)
    with transaction(database):
        (done,) = database.execute("SELECT done FROM search.progress").fetchone()
        (last,) = database.execute(
            "SELECT max(n) FROM (SELECT n FROM unindexed WHERE n > ? ORDER BY n LIMIT ?)",
            (done, most),
        ).fetchone()
        if last is not None:
            _renew(database, {"done": done, "last": last})
    return last is not None


def _renew(database: sqlite3.Connection, changes: dict[str, int]) -> None:
    """Have the index hold of the messages that changed what the database holds."""
    (stale,) = database.execute(
        f"SELECT count(*) FROM ({_CHANGED}) AS changed"  # noqa: S608
        " WHERE EXISTS (SELECT 1 FROM search.words WHERE rowid = changed.id)"
        " AND NOT EXISTS (SELECT 1 FROM messages WHERE id = changed.id)",
        changes,
    ).fetchone()
    database.execute(f"DELETE FROM search.words WHERE rowid IN ({_CHANGED})", changes)  # noqa: S608
    database.execute(
        "INSERT INTO search.words (rowid, text, author)"  # noqa: S608
        " SELECT id, separated(text), author(uid, nick) FROM messages"
        f" WHERE id IN ({_CHANGED}) ORDER BY id",
        changes,
    )
    database.execute(
        "UPDATE search.progress SET done = :last, stale = stale + :stale",
        {"last": changes["last"], "stale": stale},
    )


def fill(database: sqlite3.Connection, most: int) -> bool:
    """Go on making the index, in the order of ids; return whether there is more to do."""
    teach(database)
    with transaction(database):
        rows = database.execute(
            "SELECT id, separated(text), author(uid, nick) FROM messages"
            " WHERE id > (SELECT filled FROM search.progress)"
            " ORDER BY id LIMIT ?",
            (most,),
        ).fetchall()
        database.executemany(
            "INSERT OR REPLACE INTO search.words (rowid, text, author) VALUES (?, ?, ?)", rows
        )
        more = len(rows) == most
        filled = rows[-1][0] if more else None
        database.execute("UPDATE search.progress SET filled = ?", (filled,))
    return more


def merge(database: sqlite3.Connection, pages: int) -> bool:
    """Merge segments of the index, about ``pages`` of them; return whether there is more to do."""
    before = database.total_changes
    with transaction(database):
        database.execute("INSERT INTO search.words (words, rank) VALUES ('merge', ?)", (pages,))
    # https://www.sqlite.org/fts5.html#the_merge_command
    return database.total_changes - before >= 2
