"""The store in an embedded SQLite database.

One thread writes: what arrives while it commits is committed together next time. Other threads
read, each by a connection of its own, and one keeps the search index. Write-ahead log,
``synchronous=FULL``: a transaction is on disk when its commit returns
(https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from twisted.internet import defer, threads
from twisted.internet.interfaces import IReactorFromThreads, IReactorTime
from twisted.python.threadpool import ThreadPool
from zope.interface import implementer

from chatd.core.inputs import Stored
from chatd.core.queries import Query, SearchFor
from chatd.core.records import Record
from chatd.store import IStore, StoreError
from chatd.store.background import Recurring
from chatd.store.database import SEARCH, attach, connect, transaction
from chatd.store.indexing import Index
from chatd.store.loading import load
from chatd.store.reading import find
from chatd.store.schema import prepare
from chatd.store.upkeep import Upkeep
from chatd.store.writing import write

READERS = 2
LAG = 1.0  # seconds by which the index may be behind, where nobody searches
PATIENCE = 2.0  # seconds that a search waits for the index
FORGOTTEN = 1000  # entries of ``unindexed`` that a commit removes
T = TypeVar("T")


@implementer(IStore)
class SQLiteStore:
    """The database file ``path``; its directory exists and is ours alone."""

    def __init__(self, reactor: IReactorFromThreads, path: Path) -> None:
        self._reactor = reactor
        self.path = path
        self._writers = ThreadPool(1, 1, "store-writer")
        self._indexers = ThreadPool(0, 1, "store-indexer")
        self._readers = ThreadPool(0, READERS, "store-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self._upkeep = Upkeep()
        self._index = Index(path.with_name(SEARCH), path)
        self._changed = 0
        clock = IReactorTime(reactor)
        self._tidying = Recurring(clock, lambda: self._defer(self._writers, self._tidy))
        self._indexing = Recurring(clock, lambda: self._defer(self._indexers, self._index.step))

    def open(self, ring: int, nonce_after: int) -> Stored:
        """Open the database, bring its schema up to date, and return what the hub begins with.

        Raises ``StoreError``.
        """
        prepare(self.path)
        try:
            self._writer = connect(self.path)
            self._changed = _newest_change(self._writer)
            stored = load(self._writer, ring, nonce_after)
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise StoreError(
                f"the database {self.path} is damaged ({error}); restore a backup"
            ) from None
        try:
            self._index.open()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the search index {self._index.path} cannot be made ({error})"
            ) from None
        self._indexing.wake(LAG)
        self._tidying.wake()
        return stored

    def commit(self, records: Sequence[Record]) -> defer.Deferred[None]:
        """Make records durable, all or none; what is viewed once and erased leaves no trace."""
        done = self._defer(self._writers, self._commit, tuple(records))
        return done.addCallback(self._committed)

    def _committed(self, _: None) -> None:
        if self._upkeep.pending:
            self._tidying.wake()
        if self._changed > self._index.done:
            self._indexing.wake(LAG)

    def find(self, query: Query) -> defer.Deferred[Any]:
        """Return what a query finds; its docstring says what that is."""
        if isinstance(query, SearchFor):
            return defer.Deferred.fromCoroutine(self._search(query))
        return self._defer(self._readers, self._find, query)

    async def _search(self, query: SearchFor) -> Any:
        """Search what was committed by now, as far as the index comes to it in time."""
        changed, end = self._changed, time.monotonic() + PATIENCE
        while self._index.done < changed and time.monotonic() < end:
            if not await self._indexing.run():
                break
        found, more = await self._defer(self._readers, self._find, query)
        return found, more or self._index.filling or self._index.done < changed

    async def _close(self) -> None:
        if self._writer is None:
            return
        await self._tidying.stop()
        self._index.interrupt()
        await self._indexing.stop()
        for pool in (self._readers, self._indexers, self._writers):
            await threads.deferToThread(pool.stop)
        for connection in self._connections:
            connection.close()
        self._index.close()
        self._writer.close()
        self._writer = None

    def close(self) -> defer.Deferred[None]:
        """Finish what is under way and close."""
        return defer.Deferred.fromCoroutine(self._close())

    def _defer(self, pool: ThreadPool, work: Callable[..., T], *args: object) -> defer.Deferred[T]:
        if not pool.started:
            # No sooner: a server that fails to start must not wait for its threads.
            pool.start()
        return threads.deferToThreadPool(self._reactor, pool, work, *args)

    # In the writer's thread

    def _commit(self, records: Sequence[Record]) -> None:
        writer = self._writer
        assert writer is not None
        with transaction(writer, "IMMEDIATE"):
            for record in records:
                write(record, writer)
            writer.execute(
                "DELETE FROM unindexed WHERE n IN"
                " (SELECT n FROM unindexed WHERE n <= ? ORDER BY n LIMIT ?)",
                (self._index.done, FORGOTTEN),
            )
            changed = _newest_change(writer)
        self._changed = changed
        self._upkeep.committed(records, writer)

    def _tidy(self) -> float | None:
        assert self._writer is not None
        return self._upkeep.step(self._writer)

    # In the readers' threads

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self.path, readonly=True)
            attach(connection, self._index.path, readonly=True)
            self._local.connection = connection
            self._connections.append(connection)
        return connection

    def _find(self, query: Query) -> Any:
        return find(self._reader(), query)


def _newest_change(database: sqlite3.Connection) -> int:
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'unindexed'").fetchone()
    return int(row[0])
