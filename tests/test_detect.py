"""One port for everything: the first bytes choose the door."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.detect import PATIENCE, Choice, DetectorFactory, choose
from chatd.peer import shown_host


@implementer(IHalfCloseableProtocol)
class Door(Protocol):
    """A door that keeps what comes in."""

    def __init__(self, name: str, host: str) -> None:
        self.name, self.host = name, host
        self.data = b""
        self.ends: list[str] = []

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def readConnectionLost(self) -> None:
        self.ends.append("half")

    def writeConnectionLost(self) -> None:
        self.ends.append("write")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ends.append("lost")


class Port:
    """One connection to a port with the doors of this server."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.opened: list[Door] = []
        doors = {"text": self._door("text"), "json": self._door("json")}
        self.protocol = DetectorFactory(doors, self.clock).buildProtocol(
            IPv4Address("TCP", "192.0.2.1", 1)
        )
        self.transport = StringTransportWithDisconnection()
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)

    def _door(self, name: str):  # type: ignore[no-untyped-def]
        def make(host: str) -> Door:
            self.opened.append(Door(name, host))
            return self.opened[-1]

        return make

    @property
    def door(self) -> Door:
        """The one door that was opened."""
        (door,) = self.opened
        return door


@pytest.fixture
def port() -> Port:
    return Port()


TABLE = [
    (b"\x16\x03\x01\x02", "tls"),
    (b"GET / HTTP/1.1\r\n", "web"),
    (b"HEAD / HTTP/1.1\r\n", "web"),
    (b"POST / HTTP/1.1\r\n", "web"),
    (b"OPTIONS * HTTP/1.1\r\n", "web"),
    (b"CAP LS\r\n", "irc"),
    (b"nick ana\r\n", "irc"),
    (b"User a b c d\r\n", "irc"),
    (b"PASS x\r\n", "irc"),
    (b"SSH-2.0-x\r\n", "ssh"),
    (b'{"do":"ping"}\n', "json"),
    (b"hello\n", "text"),
    (b"/nick ana\n", "text"),
    (b"GETTING started\n", "text"),
    (b"get a life\n", "text"),
    (b"nickname\n", "text"),
    (b"ssh-2.0\n", "text"),
    (b"\xff\xfb\x1f", "text"),
    (b"\x16\x04", "text"),
    (b"\n", "text"),
    (b" {\n", "text"),
]


@pytest.mark.parametrize(("first", "door"), TABLE)
def test_the_first_bytes_choose_the_door(first: bytes, door: str) -> None:
    assert choose(first) == Choice(door, sure=True)


@pytest.mark.parametrize(
    "first", [b"", b"G", b"GE", b"GET", b"nic", b"NICK", b"SSH", b"\x16", b"P"]
)
def test_some_beginnings_may_become_another_door(first: bytes) -> None:
    assert choose(first) == Choice("text", sure=False)


@given(st.binary(max_size=30))
def test_it_is_sure_after_a_few_bytes(first: bytes) -> None:
    assert choose(first).sure or len(first) < 8


@given(st.sampled_from(TABLE), st.integers(0, 20))
def test_once_it_is_sure_more_bytes_change_nothing(row: tuple[bytes, str], size: int) -> None:
    first, door = row
    choice = choose(first[:size])
    assert not choice.sure or choice.door == door


def test_the_door_gets_all_bytes_and_the_host(port: Port) -> None:
    port.protocol.dataReceived(b"hello\n")
    port.protocol.dataReceived(b"more\n")
    assert (port.door.name, port.door.host) == ("text", "192.0.2.1")
    assert port.door.data == b"hello\nmore\n"


def test_first_bytes_that_come_one_by_one_are_put_together(port: Port) -> None:
    for byte in b"GEThsemane\n":
        port.protocol.dataReceived(bytes((byte,)))
    assert port.door.data == b"GEThsemane\n"


def test_json_is_known_by_its_first_byte(port: Port) -> None:
    port.protocol.dataReceived(b"{")
    assert port.door.name == "json"


def test_a_silent_client_gets_the_text_door_in_250_ms(port: Port) -> None:
    port.clock.advance(PATIENCE - 0.001)
    assert port.opened == []
    port.clock.advance(0.001)
    assert port.door.name == "text"
    assert PATIENCE == 0.25


def test_a_client_that_stops_in_the_middle_gets_the_text_door(port: Port) -> None:
    port.protocol.dataReceived(b"GE")
    port.clock.advance(PATIENCE)
    assert (port.door.name, port.door.data) == ("text", b"GE")


def test_a_short_line_does_not_wait(port: Port) -> None:
    port.protocol.dataReceived(b"GE\n")
    assert port.door.data == b"GE\n"


def test_nothing_ticks_on_after_the_choice(port: Port) -> None:
    port.protocol.dataReceived(b"hello")
    assert port.clock.getDelayedCalls() == []


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (b"\x16\x03\x01", b"TLS"),
        (b"GET / HTTP/1.1\r\n\r\n", b"web page"),
        (b"NICK ana\r\n", b"IRC"),
        (b"SSH-2.0-x\r\n", b"SSH"),
    ],
)
def test_a_door_that_is_not_built_says_one_line_and_closes(
    port: Port, first: bytes, sentence: bytes
) -> None:
    port.protocol.dataReceived(first)
    told = port.transport.value()
    assert sentence in told
    assert told.count(b"\n") == 1
    assert told.endswith(b"\n")
    assert not port.transport.connected
    assert port.opened == []


def test_what_comes_after_a_door_that_is_not_built_is_ignored() -> None:
    port = Port()
    port.transport.loseConnection = lambda: None  # type: ignore[method-assign]
    port.protocol.dataReceived(b"GET / HTTP/1.1\r\n")
    told = port.transport.value()
    port.protocol.dataReceived(b"Host: x\r\n\r\n")
    assert port.transport.value() == told


# Ends


def test_a_half_close_reaches_the_door(port: Port) -> None:
    port.protocol.dataReceived(b"hello\n")
    port.protocol.readConnectionLost()
    assert port.door.ends == ["half"]


@pytest.mark.parametrize("first", [b"", b"GE", b"hi"])
def test_a_half_close_before_the_choice_makes_it(port: Port, first: bytes) -> None:
    if first:
        port.protocol.dataReceived(first)
    port.protocol.readConnectionLost()
    assert (port.door.name, port.door.data, port.door.ends) == ("text", first, ["half"])
    assert port.clock.getDelayedCalls() == []


def test_a_client_that_takes_nothing_is_aborted(port: Port) -> None:
    port.protocol.dataReceived(b"hello\n")
    port.protocol.writeConnectionLost()
    assert not port.transport.connected


def test_a_lost_connection_reaches_the_door(port: Port) -> None:
    port.protocol.dataReceived(b"hello\n")
    port.protocol.connectionLost(connectionDone)
    assert port.door.ends == ["lost"]


def test_a_connection_lost_before_the_choice_leaves_nothing(port: Port) -> None:
    port.protocol.connectionLost(connectionDone)
    assert port.opened == []
    assert port.clock.getDelayedCalls() == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (IPv4Address("TCP", "192.0.2.1", 1), "192.0.2.1"),
        (IPv6Address("TCP", "::ffff:192.0.2.1", 1), "192.0.2.1"),
        (IPv6Address("TCP", "2001:db8::1", 1), "2001:db8::1"),
        (IPv6Address("TCP", "fe80::1%eth0", 1), "fe80::1%eth0"),
        (UNIXAddress(b"/run/chat"), "local"),
        (None, "local"),
    ],
)
def test_a_peer_is_shown_by_its_host(address: IAddress | None, host: str) -> None:
    assert shown_host(address) == host
