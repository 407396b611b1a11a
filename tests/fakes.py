"""Small real implementations of the interfaces, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.connection import IDoor
from chatd.core.effects import (
    Appended,
    ConversationOpened,
    Record,
    SessionForgotten,
    SessionKept,
    TopicKept,
)
from chatd.core.hub import Settings
from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.limits import Limits
from chatd.core.log import Logged
from chatd.line.protocol import ChatLineProtocol
from chatd.line.render import RENDERERS
from chatd.sequencer.local import LocalSequencer
from chatd.service import ChatService
from chatd.store import IStore


@implementer(IReactorFromThreads)
class ImmediateReactor(Clock):
    """A clock that calls at once what a thread would hand to the reactor."""

    def callFromThread(  # type: ignore[override]  # the interface names it like a builtin
        self, work: Callable[..., Any], *args: Any, **named: Any
    ) -> None:
        """Call ``work`` now."""
        work(*args, **named)


@implementer(IStore)
class MemoryStore:
    """A store that forgets at the end of the process.

    ``failing`` is what commits fail with, ``unreadable`` what reads fail with. Where ``slow``, a
    commit or a read is done when ``step`` says so.
    """

    def __init__(self) -> None:
        self.failing: Exception | None = None
        self.unreadable: Exception | None = None
        self.slow = False
        self.commits: list[list[Record]] = []
        self.opened: dict[int, ConversationOpened] = {}
        self.topics: dict[int, str] = {}
        self.events: dict[tuple[int, int], Logged] = {}
        self.sessions: dict[str, SessionKept] = {}
        self.closed = False
        self._waiting: list[Callable[[], None]] = []

    def open(self, ring: int, nonce_after: int) -> Stored:
        """Return what the hub begins with."""
        self.closed = False
        conversations = [(number, *self._newest(number, ring)) for number in self.opened]
        opened = self.opened
        return Stored(
            rooms=tuple(
                StoredRoom(
                    conversation=number,
                    name=opened[number].name,
                    topic=self.topics.get(number, ""),
                    seq=seq,
                    ring=newest,
                )
                for number, seq, newest in conversations
                if opened[number].kind == "room"
            ),
            privates=tuple(
                StoredPrivate(
                    conversation=number,
                    pair=(opened[number].key, opened[number].name),
                    seq=seq,
                    ring=newest,
                )
                for number, seq, newest in conversations
                if opened[number].kind == "private"
            ),
            sessions=tuple(kept for kept in self.sessions.values()),
            nonces=tuple(
                StoredNonce(
                    uid=event.uid,
                    nonce=event.nonce,
                    conversation=event.conversation,
                    seq=event.seq,
                    t=event.t,
                )
                for event in self.events.values()
                if event.nonce is not None and event.t > nonce_after
            ),
            newest_conversation=max(self.opened, default=0),
        )

    def _newest(self, number: int, ring: int) -> tuple[int, tuple[Logged, ...]]:
        found = [event for (of, _), event in self.events.items() if of == number]
        return len(found), tuple(found[-ring:])

    def commit(self, records: Sequence[Record]) -> Deferred[None]:
        """Keep records, all or none."""
        return self._do(lambda: self._commit(list(records)))

    def _commit(self, records: list[Record]) -> None:
        if self.failing is not None:
            raise self.failing
        self.commits.append(records)
        for record in records:
            if isinstance(record, Appended):
                key = (record.logged.conversation, record.logged.seq)
                assert key not in self.events, "committed twice"
                self.events[key] = record.logged
            elif isinstance(record, ConversationOpened):
                self.opened[record.conversation] = record
            elif isinstance(record, TopicKept):
                self.topics[record.conversation] = record.text
            elif isinstance(record, SessionKept):
                self.sessions[record.token] = record
            elif isinstance(record, SessionForgotten):
                self.sessions.pop(record.token, None)

    def page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> Deferred[tuple[list[Logged], bool]]:
        """Return a page, and whether there is more."""
        return self._do(lambda: self._page(conversation, after, before, limit, newest))

    def _page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> tuple[list[Logged], bool]:
        self._check_readable()
        found = [
            event
            for (number, seq), event in self.events.items()
            if number == conversation and after < seq < before
        ]
        return (found[-limit:] if newest else found[:limit]), len(found) > limit

    def event(self, conversation: int, seq: int) -> Deferred[Logged | None]:
        """Return one event."""

        def read() -> Logged | None:
            self._check_readable()
            return self.events.get((conversation, seq))

        return self._do(read)

    def _check_readable(self) -> None:
        if self.unreadable is not None:
            raise self.unreadable

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


@implementer(IDoor)
class RecordingDoor:
    """A door that keeps what it is given. ``told`` are the lines so far."""

    renderers = RENDERERS

    def __init__(self) -> None:
        self.written = b""
        self.closed = False
        self.was_stuck = False
        self.paused = False
        self.mode: str | None = None
        self.crowded = False
        self.narrow = False
        self._narrow: list[Deferred[None]] = []

    @property
    def told(self) -> list[str]:
        """The lines that were written."""
        return self.written.decode().splitlines()

    def take(self) -> list[str]:
        """Return the lines since the last time."""
        told, self.written = self.told, b""
        return told

    def write(self, data: bytes) -> None:
        """Keep rendered events."""
        assert not self.closed, "written to after it was closed"
        self.written += data

    def close(self) -> None:
        """End the connection."""
        self.closed = True

    def roomy(self) -> Deferred[None]:
        """Fire now, or with ``widen`` where the way out is narrow."""
        room: Deferred[None] = Deferred()
        self._narrow.append(room)
        if not self.narrow:
            self.widen()
        return room

    def widen(self) -> None:
        """Say that not much waits any more."""
        self.narrow = False
        while self._narrow:
            self._narrow.pop(0).callback(None)

    def stuck(self) -> None:
        """Give up a reader."""
        self.was_stuck = True

    def mode_changed(self, mode: str) -> None:
        """Keep the mode."""
        self.mode = mode

    def pause_input(self) -> None:
        """Take no more."""
        self.paused = True

    def resume_input(self) -> None:
        """Take more."""
        self.paused = False


class Chat:
    """A whole chat but for the network and the disk: service, sequencer, a clock."""

    def __init__(self, store: MemoryStore | None = None, **limits: Any) -> None:
        self.clock = Clock()
        self.store = store or MemoryStore()
        self._limits = limits
        self.start()

    def start(self) -> None:
        """Start, or start again with what the store holds."""
        settings = Settings(server="test", software="chatd", limits=Limits(**self._limits))
        self.service = ChatService(
            self.clock, settings, self.store, LocalSequencer(self.clock, self.now), self.now
        )
        self.service.startService()

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return 1_700_000_000 + float(self.clock.seconds())

    def turn(self) -> None:
        """Let the reactor do what is due now."""
        self.clock.advance(0)

    def settle(self) -> None:
        """Let the store do all that waits, and what comes of it."""
        while self.store.waiting:
            self.store.step()
            self.turn()

    def line(self, mode: str = "text", host: str = "127.0.0.1") -> LineClient:
        """Return a client of the line door."""
        return LineClient(self, mode, host)


class LineClient:
    """A client of the line door. ``transport`` is what its server's side writes to."""

    def __init__(self, chat: Chat, mode: str, host: str) -> None:
        self.chat = chat
        self.transport = StringTransportWithDisconnection()
        self.protocol = ChatLineProtocol(chat.service, chat.clock, host, mode)
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)
        chat.turn()

    def send(self, data: bytes) -> None:
        """Send bytes, and let the server answer."""
        self.protocol.dataReceived(data)
        self.chat.turn()

    def say(self, *lines: str) -> list[str]:
        """Send lines; return what comes back."""
        self.take()
        self.send("".join(f"{line}\n" for line in lines).encode())
        return self.take()

    def take(self) -> list[str]:
        """Return the lines that came since the last time."""
        data = bytes(self.transport.value())
        self.transport.clear()
        return data.decode().splitlines()

    def events(self) -> list[dict[str, Any]]:
        """Return the events that came since the last time."""
        return [json.loads(line) for line in self.take()]

    def finish(self) -> None:
        """Half-close: the client has sent its last byte."""
        self.protocol.readConnectionLost()
        self.chat.turn()

    def lose(self) -> None:
        """Lose the connection."""
        if self.transport.connected:
            self.transport.connected = False
            self.protocol.connectionLost(Failure(ConnectionLost()))
        self.chat.turn()


class NarrowTransport(StringTransportWithDisconnection):
    """A transport that asks its producer to wait at 64 KiB, as Twisted's own do.

    ``read`` is the client: it takes some of what was written.
    """

    LIMIT = 64 * 1024

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False
        self._unsent = b""

    @property
    def unsent(self) -> int:
        """How many bytes the client has not read."""
        return len(self._unsent)

    def write(self, data: bytes) -> None:
        """Take data; with too much of it, ask for no more."""
        self._unsent += data
        if self.producer is not None and self.unsent > self.LIMIT:
            self.producer.pauseProducing()

    def read(self, size: int = 1 << 30) -> bytes:
        """Return what the client reads; when nothing is left, more is asked for."""
        data, self._unsent = self._unsent[:size], self._unsent[size:]
        if not self._unsent and self.producer is not None:
            self.producer.resumeProducing()
        return data

    def loseConnection(self) -> None:
        """End when all is read."""
        self.disconnecting = True

    def abortConnection(self) -> None:
        """End now."""
        self.aborted = True
