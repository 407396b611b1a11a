"""One port for everything: the first bytes of a connection choose its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHalfCloseableProtocol,
    IProtocol,
    IReactorTime,
    ITCPTransport,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.peer import shown_host

PATIENCE = 0.25  # seconds that a client has to speak first

_METHODS = b"GET HEAD POST PUT DELETE OPTIONS PATCH CONNECT TRACE PRI"
_FIRST_BYTES: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("tls", (b"\x16\x03",)),
    ("web", tuple(method + b" " for method in _METHODS.split())),
    ("irc", (b"CAP ", b"NICK ", b"USER ", b"PASS ")),
    ("ssh", (b"SSH-",)),
    ("json", (b"{",)),
)
_ANY_CASE = frozenset({"irc"})
_NOT_BUILT = {
    "tls": "TLS is not available on this server.",
    "web": "The web page is not available on this server.",
    "irc": "IRC is not available on this server.",
    "ssh": "SSH is not available on this port.",
}

MakeDoor = Callable[[str], IProtocol]


class Choice(NamedTuple):
    """The door that the first bytes choose, or that more are needed to tell."""

    door: str
    sure: bool


def choose(first: bytes) -> Choice:
    """Return the door for a connection that begins with ``first``."""
    sure = True
    for door, patterns in _FIRST_BYTES:
        data = first.upper() if door in _ANY_CASE else first
        for pattern in patterns:
            if data.startswith(pattern):
                return Choice(door, sure=True)
            if pattern.startswith(data):
                sure = False
    return Choice("text", sure)


@implementer(IHalfCloseableProtocol)
class Detector(Protocol):
    """Waits for the first bytes, then gives the connection to the door that they choose."""

    transport: ITCPTransport

    def __init__(self, doors: dict[str, MakeDoor], reactor: IReactorTime, host: str) -> None:
        self._doors = doors
        self._reactor = reactor
        self._host = host
        self._first = b""
        self._door: IProtocol | None = None
        self._timer: IDelayedCall | None = None

    def connectionMade(self) -> None:
        """Wait for the client to speak first, for a moment."""
        if hasattr(self.transport, "setTcpNoDelay"):
            # Without it a client that talks gets its lines up to 40 ms late.
            self.transport.setTcpNoDelay(True)
            self.transport.setTcpKeepAlive(True)
        self._timer = self._reactor.callLater(PATIENCE, self._silent)

    def dataReceived(self, data: bytes) -> None:
        """Take the first bytes, and all others on behalf of the door."""
        if self._door is not None:
            self._door.dataReceived(data)
            return
        self._first += data
        choice = choose(self._first)
        if choice.sure or b"\n" in self._first:
            self._open(choice.door)

    def _silent(self) -> None:
        self._timer = None
        self._open(choose(self._first).door if self._first else "text")

    def _open(self, door: str) -> IProtocol:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        make = self._doors.get(door)
        if make is None:
            self.transport.write(_NOT_BUILT[door].encode() + b"\n")
            self.transport.loseConnection()
            self._door = Protocol()
            return self._door
        self._door = opened = make(self._host)
        opened.makeConnection(self.transport)
        first, self._first = self._first, b""
        if first:
            opened.dataReceived(first)
        return opened

    def readConnectionLost(self) -> None:
        """The client has sent its last byte."""
        door = self._door or self._open(choose(self._first).door if self._first else "text")
        if IHalfCloseableProtocol.providedBy(door):
            IHalfCloseableProtocol(door).readConnectionLost()
        else:
            self.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """The client takes nothing any more."""
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._door is not None:
            self._door.connectionLost(reason)


class DetectorFactory(Factory):
    """Makes a ``Detector`` for each connection; ``doors`` make protocols for a host."""

    noisy = False

    def __init__(self, doors: dict[str, MakeDoor], reactor: IReactorTime) -> None:
        self._doors = doors
        self._reactor = reactor

    def buildProtocol(self, addr: IAddress | None) -> Detector:
        """Return the detector of a new connection."""
        return Detector(self._doors, self._reactor, shown_host(addr))
