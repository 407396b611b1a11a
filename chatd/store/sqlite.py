"""The store in an embedded SQLite database.

One thread writes: what arrives while it commits is committed together next time. Other threads
read, each by a connection of its own. Write-ahead log, ``synchronous=FULL``: a transaction is on
disk when its commit returns (https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import singledispatch
from pathlib import Path
from typing import TypeVar

import msgspec
from twisted.internet import defer, threads
from twisted.internet.interfaces import IReactorFromThreads
from twisted.python.threadpool import ThreadPool
from zope.interface import implementer

from chatd.core.effects import (
    Appended,
    ConversationOpened,
    Record,
    SessionForgotten,
    SessionKept,
    TopicKept,
)
from chatd.core.inputs import Stored
from chatd.core.log import Logged
from chatd.store import IStore, StoreError
from chatd.store.loading import EVENT_COLUMNS, load, row_to_logged
from chatd.store.schema import prepare

READERS = 2
T = TypeVar("T")
_INSERT = f"INSERT INTO events (id, {EVENT_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)"  # noqa: S608


@implementer(IStore)
class SQLiteStore:
    """The database file ``path``; its directory exists and is ours alone."""

    def __init__(self, reactor: IReactorFromThreads, path: Path) -> None:
        self._reactor = reactor
        self.path = path
        self._writers = ThreadPool(1, 1, "store-writer")
        self._readers = ThreadPool(0, READERS, "store-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None

    def open(self, ring: int, nonce_after: int) -> Stored:
        """Open the database, bring its schema up to date, and return what the hub begins with.

        Raises ``StoreError``.
        """
        prepare(self.path)
        try:
            self._writer = connect(self.path)
            return load(self._writer, ring, nonce_after)
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise StoreError(
                f"the database {self.path} is damaged ({error}); restore a backup"
            ) from None

    def commit(self, records: Sequence[Record]) -> defer.Deferred[None]:
        """Make records durable, all or none."""
        return self._defer(self._writers, self._commit, tuple(records))

    def page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> defer.Deferred[tuple[list[Logged], bool]]:
        """Return a page of a conversation, oldest first, and whether there is more."""
        return self._defer(self._readers, self._page, conversation, after, before, limit, newest)

    def event(self, conversation: int, seq: int) -> defer.Deferred[Logged | None]:
        """Return one event."""
        return self._defer(self._readers, self._event, conversation, seq)

    def close(self) -> defer.Deferred[None]:
        """Finish what is under way and close."""
        return defer.Deferred.fromCoroutine(self._close())

    async def _close(self) -> None:
        if self._writer is None:
            return
        await threads.deferToThread(self._readers.stop)
        await threads.deferToThread(self._writers.stop)
        for connection in (*self._connections, self._writer):
            connection.close()
        self._writer = None

    def _defer(self, pool: ThreadPool, work: Callable[..., T], *args: object) -> defer.Deferred[T]:
        if not pool.started:
            # No sooner: a server that fails to start must not wait for its threads.
            pool.start()
        return threads.deferToThreadPool(self._reactor, pool, work, *args)

    # In the writer's thread

    def _commit(self, records: Sequence[Record]) -> None:
        writer = self._writer
        assert writer is not None
        try:
            writer.execute("BEGIN IMMEDIATE")
            for record in records:
                _write(record, writer)
            writer.execute("COMMIT")
        except BaseException:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
            raise

    # In the readers' threads

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self.path, readonly=True)
            self._local.connection = connection
            self._connections.append(connection)
        return connection

    def _page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> tuple[list[Logged], bool]:
        order = "DESC" if newest else "ASC"
        rows = self._reader().execute(
            f"SELECT id, {EVENT_COLUMNS} FROM events WHERE id > ? AND id < ?"  # noqa: S608
            f" ORDER BY id {order} LIMIT ?",
            (row_id(conversation, after), row_id(conversation, before), limit + 1),
        )
        found = [row_to_logged(row) for row in rows]
        page = found[:limit]
        return (page[::-1] if newest else page), len(found) > limit

    def _event(self, conversation: int, seq: int) -> Logged | None:
        row = (
            self._reader()
            .execute(
                f"SELECT id, {EVENT_COLUMNS} FROM events WHERE id = ?",  # noqa: S608
                (row_id(conversation, seq),),
            )
            .fetchone()
        )
        return row_to_logged(row) if row else None


def connect(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Return a connection that any thread may use, one at a time, without implicit transactions."""
    uri = f"{path.resolve().as_uri()}{'?mode=ro' if readonly else ''}"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def row_id(conversation: int, seq: int) -> int:
    """Return the id of an event's row."""
    return conversation << 32 | min(max(seq, 0), 0xFFFFFFFF)


@singledispatch
def _write(record: Record, writer: sqlite3.Connection) -> None:
    raise NotImplementedError(f"no rows for {type(record).__name__}")


@_write.register
def _(record: Appended, writer: sqlite3.Connection) -> None:
    logged = record.logged
    writer.execute(
        _INSERT,
        (
            row_id(logged.conversation, logged.seq),
            logged.t,
            logged.kind,
            logged.uid,
            logged.nick,
            logged.text,
            logged.of,
            logged.room,
            " ".join(logged.mentions) or None,
            logged.nonce,
        ),
    )


@_write.register
def _(record: ConversationOpened, writer: sqlite3.Connection) -> None:
    writer.execute(
        "INSERT INTO conversations (id, kind, key, name, created) VALUES (?, ?, ?, ?, ?)",
        (record.conversation, record.kind, record.key, record.name, record.t),
    )


@_write.register
def _(record: TopicKept, writer: sqlite3.Connection) -> None:
    writer.execute(
        "UPDATE conversations SET topic = ? WHERE id = ?", (record.text, record.conversation)
    )


@_write.register
def _(record: SessionKept, writer: sqlite3.Connection) -> None:
    rooms, seen = (msgspec.json.encode(part).decode() for part in (record.rooms, record.seen))
    writer.execute(
        "INSERT OR REPLACE INTO sessions (token, uid, nick, mode, away, current, rooms, since,"
        " seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.token,
            record.uid,
            record.nick,
            record.mode,
            record.away,
            record.current,
            rooms,
            record.since,
            seen,
        ),
    )


@_write.register
def _(record: SessionForgotten, writer: sqlite3.Connection) -> None:
    writer.execute("DELETE FROM sessions WHERE token = ?", (record.token,))
