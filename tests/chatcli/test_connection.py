"""The connection: lines, silence, and coming back. No socket and no waiting."""

from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectError, ConnectionDone
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase
from zope.interface import implementer

from chatcli.connection import GONE, LONGEST_DELAY, ChatProtocol, Connection
from chatcli.wire import LONGEST_LINE, Object


class Log:
    """A listener that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def connecting(self) -> None:
        self.told.append("connecting")

    def connected(self) -> None:
        self.told.append("connected")

    def waiting(self, seconds: float, why: str) -> None:
        self.told.append(("waiting", round(seconds, 1), why))

    def lost(self) -> None:
        self.told.append("lost")

    def received(self, told: Object) -> None:
        self.told.append(told)

    def complain(self, problem: str) -> None:
        self.told.append(problem)


@implementer(IStreamClientEndpoint)
class Endpoint:
    """An endpoint that connects to a string, or refuses."""

    def __init__(self) -> None:
        self.refuses = False
        self.transports: list[StringTransport] = []
        self.protocols: list[IProtocol] = []

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        if self.refuses:
            return fail(ConnectError(osError=111))
        protocol = protocolFactory.buildProtocol(None)  # type: ignore[arg-type]
        assert protocol is not None
        transport = StringTransport()
        self.transports.append(transport)
        self.protocols.append(protocol)
        protocol.makeConnection(transport)
        done: Deferred[IProtocol] = Deferred()
        done.callback(protocol)
        return done

    def drop(self) -> None:
        self.protocols[-1].connectionLost(Failure(ConnectionDone()))


class LinesTest(TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.log = Log()
        self.transport = StringTransport()
        self.protocol = ChatProtocol(self.clock, self.log)
        self.protocol.makeConnection(self.transport)
        self.log.told.clear()

    def test_objects_come_whole_however_bytes_do(self) -> None:
        for byte in b'{"a":1}\r\n\n{"b":"\xc3\xa4"}\n{':
            self.protocol.dataReceived(bytes([byte]))
        assert self.log.told == [{"a": 1}, {"b": "ä"}]

    def test_what_is_no_object_is_told_and_passed_over(self) -> None:
        self.protocol.dataReceived(b'*** hello\n[]\n{"a":1}\n')
        assert self.log.told == [
            "«*** hello» is no JSON",
            "a list where an object should be",
            {"a": 1},
        ]

    def test_an_endless_line_is_dropped_and_told(self) -> None:
        for _ in range(3):
            self.protocol.dataReceived(b"x" * (LONGEST_LINE // 2))
        self.protocol.dataReceived(b'\n{"a":1}\n')
        assert self.log.told == ["a line of more than 8 MiB", {"a": 1}]
        assert not self.transport.disconnecting

    def test_a_big_reply_comes_through(self) -> None:
        members = b",".join(b'{"nick":"n%d"}' % number for number in range(100_000))
        self.protocol.dataReceived(b'{"members":[' + members + b"]}\n")
        (reply,) = self.log.told
        assert len(reply["members"]) == 100_000

    def test_sending_ends_the_line(self) -> None:
        self.protocol.send(b"{}")
        assert self.transport.value() == b"{}\n"

    def test_silence_for_too_long_ends_the_connection(self) -> None:
        self.clock.advance(GONE - 1)
        self.protocol.dataReceived(b"{}\n")
        self.clock.advance(GONE - 1)
        assert not self.transport.disconnected
        self.clock.advance(2)
        assert self.transport.disconnected

    def test_nothing_is_left_behind(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionDone()))
        assert self.log.told == ["lost"]
        assert self.clock.getDelayedCalls() == []


class ComingBackTest(TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.log = Log()
        self.endpoint = Endpoint()
        self.connection = Connection(self.clock, self.endpoint, self.log, jitter=lambda: 0.2)

    def pauses(self) -> list[float]:
        return [told[1] for told in self.log.told if isinstance(told, tuple)]

    def test_it_connects_and_sends(self) -> None:
        self.connection.send(b"nobody hears this")
        self.connection.start()
        self.connection.send(b"{}")
        assert self.log.told == ["connecting", "connected"]
        assert self.endpoint.transports[0].value() == b"{}\n"

    def test_it_tries_again_with_growing_pauses(self) -> None:
        self.endpoint.refuses = True
        self.connection.start()
        for _ in range(14):
            self.clock.advance(LONGEST_DELAY + 1)
        assert self.pauses()[:3] == [1.0, 1.5, 2.2]
        assert self.pauses() == sorted(self.pauses())
        assert max(self.pauses()) <= LONGEST_DELAY + 1
        assert self.log.told[1] == ("waiting", 1.0, "Connection refused")

    def test_a_lost_connection_comes_back_soon(self) -> None:
        self.connection.start()
        self.endpoint.drop()
        assert self.log.told[2:] == ["lost", ("waiting", 1.0, "")]
        self.clock.advance(1.1)
        assert self.log.told[-2:] == ["connecting", "connected"]

    def test_the_server_can_ask_for_a_longer_pause_once(self) -> None:
        self.connection.start()
        self.connection.wait_at_least(20.0)
        self.endpoint.drop()
        self.clock.advance(20)
        self.endpoint.drop()
        assert self.pauses() == [20.0, 1.0]

    def test_stopped_it_stays_away(self) -> None:
        self.endpoint.refuses = True
        self.connection.start()
        self.successResultOf(self.connection.stop())
        self.clock.advance(1000)
        assert self.log.told.count("connecting") == 1

    def test_it_can_be_told_not_to_wait(self) -> None:
        self.endpoint.refuses = True
        self.connection.start()
        self.endpoint.refuses = False
        self.connection.restart()
        assert self.log.told[-2:] == ["connecting", "connected"]
