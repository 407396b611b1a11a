"""However fast a server talks, it is listened to in slices, and keys have their turn between."""

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from chatcli.connection import SLICE, ChatProtocol
from chatcli.wire import Object


class SlowListener:
    """Needs so many seconds of ``clock`` for each object, and writes down their numbers."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.numbers: list[int] = []
        self.is_lost = False
        self._clock = clock
        self._seconds = seconds

    def connecting(self) -> None:
        """Nothing to do."""

    def connected(self) -> None:
        """Nothing to do."""

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing to do."""

    def lost(self) -> None:
        """Write that down."""
        self.is_lost = True

    def received(self, told: Object) -> None:
        """Take the time."""
        assert not self.is_lost
        self.numbers.append(told["n"])
        # Not by advance(): that would call what is due in the middle of it.
        self._clock.rightNow += self._seconds

    def complain(self, problem: str) -> None:
        """Nothing to do."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def listener(clock: Clock) -> SlowListener:
    return SlowListener(clock, SLICE / 2)


@pytest.fixture
def transport() -> StringTransport:
    return StringTransport()


@pytest.fixture
def protocol(clock: Clock, listener: SlowListener, transport: StringTransport) -> ChatProtocol:
    protocol = ChatProtocol(clock, listener)
    protocol.makeConnection(transport)
    return protocol


def flood(count: int) -> bytes:
    return b"".join(b'{"n":%d}\n' % number for number in range(count))


def test_a_key_has_its_turn_in_a_flood(
    protocol: ChatProtocol, clock: Clock, listener: SlowListener, transport: StringTransport
) -> None:
    taken_at_key: list[int] = []
    clock.callLater(0, lambda: taken_at_key.append(len(listener.numbers)))
    protocol.dataReceived(flood(10))
    assert listener.numbers == [0, 1]
    assert transport.producerState == "paused"
    # What was on its way already waits its turn.
    protocol.dataReceived(b'{"n":10}\n')
    assert listener.numbers == [0, 1]
    clock.advance(0)
    assert taken_at_key == [2]
    assert listener.numbers == list(range(11))
    assert transport.producerState == "producing"


def test_few_lines_need_no_pause(
    protocol: ChatProtocol, listener: SlowListener, transport: StringTransport
) -> None:
    protocol.dataReceived(flood(2))
    assert listener.numbers == [0, 1]
    assert transport.producerState == "producing"


def test_what_came_before_the_end_is_taken_in_before_it(
    protocol: ChatProtocol, clock: Clock, listener: SlowListener
) -> None:
    protocol.dataReceived(flood(5))
    protocol.connectionLost()
    assert listener.numbers == [0, 1, 2, 3, 4]
    assert listener.is_lost
    assert clock.getDelayedCalls() == []
