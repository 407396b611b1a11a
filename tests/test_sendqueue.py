"""What waits to go out to one reader, bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.interfaces import IPushProducer
from twisted.internet.task import Clock
from zope.interface.verify import verifyObject

from chatd.core.limits import Limits
from chatd.sendqueue import SendQueue
from tests.fakes import NarrowTransport

KIB = 1024
LIMITS = Limits()


class Reader:
    """A send queue, and the client at its other end."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.transport = NarrowTransport()
        self.stuck = 0
        self.queue = SendQueue(self.transport, self.clock, LIMITS, self._stuck)

    def _stuck(self) -> None:
        self.stuck += 1

    def closing(self) -> bool:
        """Whether the connection ends when all is read."""
        return self.transport.disconnecting

    def read_all(self) -> bytes:
        """Read until nothing comes any more."""
        data = b""
        while more := self.transport.read():
            data += more
        return data


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_it_is_a_push_producer(reader: Reader) -> None:
    assert verifyObject(IPushProducer, reader.queue)
    assert reader.transport.producer is reader.queue


def test_what_is_written_goes_out_at_once(reader: Reader) -> None:
    reader.queue.write(b"hi\n")
    assert reader.transport.read() == b"hi\n"


@given(st.lists(st.tuples(st.integers(0, 200 * KIB), st.integers(0, 300 * KIB)), max_size=20))
def test_all_comes_in_order_however_it_is_read(steps: list[tuple[int, int]]) -> None:
    reader, written, read = Reader(), b"", b""
    for number, (size, taken) in enumerate(steps):
        data = bytes((number + 1,)) * min(size, LIMITS.output_hard - reader.queue.waiting - 1)
        reader.queue.write(data)
        written += data
        read += reader.transport.read(taken)
    assert read + reader.read_all() == written
    assert reader.stuck == 0


def test_what_waits_is_counted(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 50 * KIB)
    assert reader.queue.waiting == 150 * KIB
    reader.read_all()
    assert reader.queue.waiting == 0


def test_the_transport_is_given_no_more_than_it_wants(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    for _ in range(10):
        reader.queue.write(b"y" * 50 * KIB)
    assert reader.transport.unsent == 100 * KIB


def test_then_it_is_given_pieces(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 900 * KIB)
    reader.transport.read()
    assert reader.transport.unsent <= 128 * KIB


# Limits


def test_over_the_soft_limit_it_is_crowded(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 156 * KIB)
    assert not reader.queue.crowded
    reader.queue.write(b"z")
    assert reader.queue.crowded


def test_over_the_hard_limit_the_reader_is_given_up(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 924 * KIB)
    assert reader.stuck == 0
    reader.queue.write(b"z")
    assert reader.stuck == 1


def test_a_reader_who_never_reads_costs_no_more_than_the_limit() -> None:
    reader = Reader()
    reader.queue._stuck = lambda: reader.queue.abandon(b"bye\n")
    for _ in range(10_000):
        reader.queue.write(b"x" * KIB)
        assert reader.queue.waiting <= LIMITS.output_hard + KIB
    assert reader.transport.unsent <= 128 * KIB


def test_thirty_seconds_without_progress_are_too_long(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.clock.advance(29)
    assert reader.stuck == 0
    reader.clock.advance(1)
    assert reader.stuck == 1


def test_a_slow_reader_is_not_given_up(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 800 * KIB)
    read = b""
    while reader.transport.unsent:
        reader.clock.advance(5)
        read += reader.transport.read(30 * KIB)
    assert reader.stuck == 0
    assert len(read) == 900 * KIB


def test_a_reader_for_whom_nothing_waits_may_be_silent(reader: Reader) -> None:
    reader.queue.write(b"hi\n")
    reader.clock.advance(3600)
    assert reader.stuck == 0


# Ends


def test_it_closes_when_all_has_gone_out(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 100 * KIB)
    reader.queue.close()
    assert not reader.closing()
    assert len(reader.read_all()) == 200 * KIB
    assert reader.closing()
    assert reader.transport.producer is None


def test_with_nothing_waiting_it_closes_at_once(reader: Reader) -> None:
    reader.queue.write(b"hi\n")
    reader.queue.close()
    assert reader.closing()


def test_nothing_is_sent_after_closing(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y")
    reader.queue.close()
    reader.queue.write(b"z")
    assert reader.read_all() == b"x" * 100 * KIB + b"y"


def test_who_is_abandoned_is_told_why_and_loses_what_waited(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 100 * KIB)
    reader.queue.abandon(b"bye\n")
    reader.queue.write(b"z")
    assert reader.read_all() == b"x" * 100 * KIB + b"bye\n"
    assert reader.closing()


def test_the_last_words_do_not_run_on_from_half_a_line(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 100 * KIB + b"\n")
    reader.transport.read()
    reader.queue.abandon(b"bye\n")
    assert reader.read_all() == b"y" * 100 * KIB + b"\nbye\n"


def test_who_is_abandoned_and_does_not_even_read_that_is_cut_off(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.abandon(b"bye\n")
    reader.clock.advance(LIMITS.delay)
    assert reader.transport.aborted


def test_who_leaves_and_does_not_read_his_goodbye_is_cut_off(reader: Reader) -> None:
    reader.queue.write(b"x" * 60 * KIB)
    reader.queue.close()
    reader.clock.advance(LIMITS.output_stall)
    assert reader.transport.aborted


@pytest.mark.parametrize("end", ["close", "abandon", "connection_lost", "stopProducing"])
def test_nothing_ticks_on_after_the_connection_is_lost(reader: Reader, end: str) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    if end == "abandon":
        reader.queue.abandon(b"bye\n")
    else:
        getattr(reader.queue, end)()
    reader.queue.connection_lost()
    assert reader.clock.getDelayedCalls() == []


def test_a_lost_connection_forgets_what_waited(reader: Reader) -> None:
    reader.queue.write(b"x" * 100 * KIB)
    reader.queue.write(b"y" * 100 * KIB)
    reader.queue.connection_lost()
    reader.queue.write(b"z")
    assert reader.queue.waiting == 0


# Room


def test_there_is_room_at_once_where_little_waits(reader: Reader) -> None:
    assert reader.queue.roomy().called


def test_room_is_waited_for(reader: Reader) -> None:
    reader.queue.write(b"x" * 300 * KIB)
    waiting = [reader.queue.roomy() for _ in range(3)]
    assert [room.called for room in waiting] == [False] * 3
    reader.transport.read()
    assert [room.called for room in waiting] == [True] * 3


def test_who_gets_room_first_may_use_it_up(reader: Reader) -> None:
    reader.queue.write(b"x" * 300 * KIB)
    reader.queue.roomy().addCallback(lambda _: reader.queue.write(b"y" * 300 * KIB))
    second = reader.queue.roomy()
    reader.transport.read()
    assert not second.called
    reader.transport.read()
    assert second.called


def test_nobody_waits_for_room_on_a_lost_connection(reader: Reader) -> None:
    reader.queue.write(b"x" * 300 * KIB)
    waiting = reader.queue.roomy()
    reader.queue.connection_lost()
    assert waiting.called
