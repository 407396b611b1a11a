"""A store that forgets at the end of the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from zope.interface import implementer

from chatd.core.inputs import Stored
from chatd.core.log import Logged
from chatd.core.queries import Query
from chatd.core.records import Expired, Record, SessionKept
from chatd.store import IStore
from chatd.store.database import SEQ
from chatd.store.indexing import create, take
from chatd.store.loading import EVENT_UNVEILED, load, row_to_logged
from chatd.store.reading import find
from chatd.store.schema import VERSION
from chatd.store.upkeep import erase_oldest
from chatd.store.writing import write


def new_database() -> sqlite3.Connection:
    """Return an empty database in memory, with a search index."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    for step in range(1, VERSION + 1):
        script = resources.files("chatd.store").joinpath(f"schema_{step}.sql").read_text("utf-8")
        database.executescript(script)
    database.execute("ATTACH ':memory:' AS search")
    create(database)
    return database


@implementer(IStore)
class MemoryStore:
    """A store without a disk: its rows and queries are those of the real one.

    ``failing`` is what commits fail with, ``unreadable`` what reads fail with. Where ``slow``, a
    commit or a read is done when ``step`` says so.
    """

    def __init__(self) -> None:
        self.failing: Exception | None = None
        self.unreadable: Exception | None = None
        self.slow = False
        self.closed = False
        self.commits: list[list[Record]] = []
        self._waiting: list[Callable[[], None]] = []
        self._database = new_database()

    @property
    def events(self) -> dict[tuple[int, int], Logged]:
        """All events, by conversation and number."""
        rows = self._database.execute(f"SELECT id, {EVENT_UNVEILED} FROM events ORDER BY id")  # noqa: S608
        return {(row[0] >> 32, row[0] & SEQ): row_to_logged(row) for row in rows}

    @property
    def sessions(self) -> dict[str, SessionKept]:
        """The sessions that may resume, by token."""
        return {kept.token: kept for kept in load(self._database, 0, 0).sessions}

    def open(self, ring: int, nonce_after: int) -> Stored:
        """Return what the hub begins with."""
        self.closed = False
        return load(self._database, ring, nonce_after)

    def commit(self, records: Sequence[Record]) -> Deferred[None]:
        """Keep records, all or none."""
        return self._do(lambda: self._commit(list(records)))

    def _commit(self, records: list[Record]) -> None:
        if self.failing is not None:
            raise self.failing
        self._database.execute("BEGIN")
        try:
            for record in records:
                write(record, self._database)
                if isinstance(record, Expired):
                    erase_oldest(self._database, record.conversation, record.before, SEQ)
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        self.commits.append(records)
        take(self._database, SEQ)

    def find(self, query: Query) -> Deferred[Any]:
        """Return what a query finds."""
        return self._do(lambda: self._find(query))

    def _find(self, query: Query) -> Any:
        if self.unreadable is not None:
            raise self.unreadable
        return find(self._database, query)

    def close(self) -> Deferred[None]:
        """Close it."""
        self.closed = True
        return succeed(None)

    def _do(self, work: Callable[[], Any]) -> Deferred[Any]:
        if not self.slow:
            try:
                return succeed(work())
            except Exception as error:  # noqa: BLE001  that is what a thread's Deferred does
                return fail(error)
        done: Deferred[Any] = Deferred()

        def later() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001
                done.errback(error)
            else:
                done.callback(result)

        self._waiting.append(later)
        return done

    @property
    def waiting(self) -> int:
        """How much is still to be done."""
        return len(self._waiting)

    def step(self) -> None:
        """Do the next of what waits."""
        self._waiting.pop(0)()
