"""Small real implementations of the interfaces, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from zope.interface import implementer

from chatd.connection import IDoor
from chatd.core.commands import RequestId
from chatd.core.hub import Settings
from chatd.core.inputs import Configured
from chatd.core.limits import Limits
from chatd.data import ClaimCode
from chatd.hashing import Hasher
from chatd.line.protocol import ChatLineProtocol
from chatd.line.render import RENDERERS
from chatd.sequencer.local import LocalSequencer
from chatd.service import ChatService, IOperator
from chatd.vouching import Authenticator
from tests.memory import MemoryStore


@implementer(IReactorFromThreads)
class ImmediateReactor(Clock):
    """A clock that calls at once what a thread would hand to the reactor."""

    def callFromThread(  # type: ignore[override]  # the interface names it like a builtin
        self, work: Callable[..., Any], *args: Any, **named: Any
    ) -> None:
        """Call ``work`` now."""
        work(*args, **named)


class InlinePool(ThreadPool):
    """Threads that do their work at once, in the caller's own; or, where ``slow``, by ``step``."""

    def __init__(self) -> None:
        super().__init__(0, 1)
        self.slow = False
        self.done = 0
        self._waiting: list[Callable[[], None]] = []

    def start(self) -> None:
        """Start nothing."""

    def stop(self) -> None:
        """Stop nothing."""

    def callInThreadWithCallback(
        self, onResult: Any, func: Callable[..., Any], *args: Any, **kw: Any
    ) -> None:
        """Do some work."""

        def work() -> None:
            self.done += 1
            try:
                result = func(*args, **kw)
            except Exception:  # noqa: BLE001  that is what a thread's Deferred does
                onResult(False, Failure())
            else:
                onResult(True, result)

        if self.slow:
            self._waiting.append(work)
        else:
            work()

    @property
    def waiting(self) -> int:
        """How much is still to be done."""
        return len(self._waiting)

    def step(self) -> None:
        """Do the next of what waits."""
        self._waiting.pop(0)()


# As quick as Argon2 can be.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@implementer(IOperator)
class Operator:
    """Who runs a chat of a test. ``problem`` is why the configuration cannot be read."""

    def __init__(self) -> None:
        self.motd = ""
        self.problem: str | None = None
        self.stopped = 0

    def reconfigure(self, request: RequestId) -> Configured:
        """Return what is told of the configuration."""
        return Configured(request, motd=self.motd, problem=self.problem)

    def stop(self) -> None:
        """Keep that the server is to stop."""
        self.stopped += 1


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
    """A whole chat but for the network, the disk and threads: service, sequencer, a clock."""

    def __init__(
        self,
        store: MemoryStore | None = None,
        code: ClaimCode | None = None,
        *,
        plain: bool = False,
        **limits: Any,
    ) -> None:
        self.clock = ImmediateReactor()
        self.store = store or MemoryStore()
        self.threads = InlinePool()
        self.operator = Operator()
        self._code = code
        self._plain = plain
        self._limits = Limits(**limits)
        self.start()

    def start(self) -> None:
        """Start, or start again with what the store holds."""
        settings = Settings(server="test", software="chatd", limits=self._limits)
        authenticator = Authenticator(
            Hasher(self.clock, QUICK, self.threads),
            self._limits,
            self.clock.seconds,
            code=self._code,
            plain=self._plain,
        )
        self.service = ChatService(
            self.clock,
            settings,
            self.store,
            LocalSequencer(self.clock, self.now),
            self.now,
            authenticator,
            self.operator,
        )
        self.service.startService()

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return 1_700_000_000 + float(self.clock.seconds())

    def turn(self) -> None:
        """Let the reactor do what is due now."""
        self.clock.advance(0)

    def settle(self) -> None:
        """Let the store and the threads do all that waits, and what comes of it."""
        while self.store.waiting or self.threads.waiting:
            (self.store if self.store.waiting else self.threads).step()
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
