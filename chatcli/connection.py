"""The connection to the server: it comes back by itself. It knows no prompt_toolkit."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Callable
from typing import Protocol as TypingProtocol
from typing import cast

from twisted.application.internet import ClientService, backoffPolicy
from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IProtocol,
    IProtocolFactory,
    IPushProducer,
    IReactorTCP,
    IReactorTime,
    IStreamClientEndpoint,
    ITCPTransport,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from chatcli.address import Address
from chatcli.wire import LONGEST_LINE, LineSplitter, NotUnderstood, Object, decode
from chatd.core.grammar import clean

GONE = 150.0  # seconds without a word, after which the server is gone
SLICE = 0.01  # seconds that taking in lines may take before keys have their turn
FIRST_DELAY = 0.5  # seconds
LONGEST_DELAY = 30.0
FACTOR = 1.6


class Listener(TypingProtocol):
    """Who is told what happens to the connection."""

    def connecting(self) -> None:
        """A connection is being made."""

    def connected(self) -> None:
        """The connection was made."""

    def waiting(self, seconds: float, why: str) -> None:
        """The next try is in so many seconds."""

    def lost(self) -> None:
        """The connection is gone."""

    def received(self, told: Object) -> None:
        """The server sent an object."""

    def complain(self, problem: str) -> None:
        """The server sent something of no use."""


class ChatProtocol(Protocol):
    """Cuts what comes into objects, and gives up a connection that is silent for too long.

    However fast a server talks, it is listened to in slices, and what waits is left to it.
    """

    def __init__(self, reactor: IReactorTime, listener: Listener) -> None:
        self._reactor = reactor
        self._listener = listener
        self._splitter = LineSplitter()
        self._lines: deque[bytes | None] = deque()
        self._going_on: IDelayedCall | None = None
        self._silence: IDelayedCall | None = None

    def connectionMade(self) -> None:
        """Begin."""
        assert self.transport is not None
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
        self._silence = self._reactor.callLater(GONE, self._gone)
        self._listener.connected()

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes."""
        if self._silence is not None:
            self._silence.reset(GONE)
        self._lines.extend(self._splitter.feed(data))
        if self._going_on is None:
            self._take_some()

    def _take_some(self) -> None:
        """Take in lines for the time of a slice; where some are left, go on in a moment."""
        until = self._reactor.seconds() + SLICE
        while self._lines:
            self._take(self._lines.popleft())
            if self._lines and self._reactor.seconds() >= until:
                cast("IPushProducer", self.transport).pauseProducing()
                self._going_on = self._reactor.callLater(0, self._go_on)
                return

    def _go_on(self) -> None:
        self._going_on = None
        cast("IPushProducer", self.transport).resumeProducing()
        self._take_some()

    def _take(self, line: bytes | None) -> None:
        if line is None:
            self._listener.complain(f"a line of more than {LONGEST_LINE >> 20} MiB")
            return
        if not line.strip():
            return
        try:
            told = decode(line)
        except NotUnderstood as problem:
            self._listener.complain(str(problem))
            return
        self._listener.received(told)

    def send(self, line: bytes) -> None:
        """Send a line, without its end."""
        if self.transport is not None:
            self.transport.write(line + b"\n")

    def _gone(self) -> None:
        self._silence = None
        cast("ITCPTransport", self.transport).abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End."""
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        if self._going_on is not None:
            self._going_on.cancel()
            self._going_on = None
        while self._lines:
            self._take(self._lines.popleft())
        self._listener.lost()


class _Factory(Factory):
    noisy = False

    def __init__(self, reactor: IReactorTime, listener: Listener) -> None:
        self._reactor = reactor
        self._listener = listener
        self.protocol_now: ChatProtocol | None = None

    def buildProtocol(self, addr: IAddress | None) -> ChatProtocol:
        self.protocol_now = ChatProtocol(self._reactor, self._listener)
        return self.protocol_now


@implementer(IStreamClientEndpoint)
class _Told:
    """An endpoint that tells what it does."""

    def __init__(self, endpoint: IStreamClientEndpoint, listener: Listener) -> None:
        self._endpoint = endpoint
        self._listener = listener
        self.why = ""

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        self.why = ""
        self._listener.connecting()
        connecting: Deferred[IProtocol] = self._endpoint.connect(protocolFactory)
        return connecting.addErrback(self._failed)

    def _failed(self, failure: Failure) -> Failure:
        number = getattr(failure.value, "osError", None)
        words = os.strerror(number) if isinstance(number, int) else failure.getErrorMessage()
        self.why = clean(words)[:200]
        return failure


class Connection:
    """Connects, and connects again, with growing pauses, until it is stopped.

    ``jitter`` gives a number from 0 to 1, in seconds.
    """

    def __init__(
        self,
        reactor: IReactorTime,
        endpoint: IStreamClientEndpoint,
        listener: Listener,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._listener = listener
        self._endpoint = _Told(endpoint, listener)
        self._factory = _Factory(reactor, listener)
        self._policy = backoffPolicy(FIRST_DELAY, LONGEST_DELAY, FACTOR, jitter)
        self._least = 0.0
        self._service = ClientService(
            self._endpoint, self._factory, retryPolicy=self._delay, clock=reactor
        )

    def _delay(self, attempt: int) -> float:
        delay, self._least = max(self._policy(attempt), self._least), 0.0
        self._listener.waiting(delay, self._endpoint.why)
        return delay

    def wait_at_least(self, seconds: float) -> None:
        """Let the next pause be no shorter than that."""
        self._least = seconds

    def start(self) -> None:
        """Connect, and stay connected."""
        self._service.startService()

    def stop(self) -> Deferred[None]:
        """Disconnect, and stay so."""
        stopping: Deferred[None] | None = self._service.stopService()
        return stopping or succeed(None)

    def restart(self) -> None:
        """Connect now, without waiting."""
        self.stop()
        self.start()

    def send(self, line: bytes) -> None:
        """Send a line, without its end, where there is a connection."""
        protocol = self._factory.protocol_now
        if protocol is not None:
            protocol.send(line)


def endpoint_for(reactor: IReactorTCP, address: Address) -> IStreamClientEndpoint:
    """Return the endpoint of a server, by IPv6 or IPv4, whichever answers."""
    return HostnameEndpoint(reactor, address.host, address.port)
