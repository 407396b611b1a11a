"""The sequencer of a single machine."""

from __future__ import annotations

from twisted.internet.task import Clock
from zope.interface.verify import verifyObject

from chatd.core.commands import Msg, Ping
from chatd.sequencer import Entry, ISequencer
from chatd.sequencer.local import LocalSequencer


class Machine:
    """A sequencer, and what was applied."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.seconds = 1000.0
        self.applied: list[list[Entry]] = []
        self.sequencer = LocalSequencer(self.clock, lambda: self.seconds)
        self.sequencer.start(self.applied.append, 0)


def test_it_is_a_sequencer() -> None:
    assert verifyObject(ISequencer, Machine().sequencer)


def test_what_is_submitted_is_applied_in_a_later_turn() -> None:
    machine = Machine()
    machine.sequencer.submit("a", Ping())
    assert machine.applied == []
    machine.clock.advance(0)
    assert machine.applied == [[Entry("a", Ping(), 1_000_000)]]


def test_what_is_submitted_in_one_turn_is_applied_together_and_in_order() -> None:
    machine = Machine()
    for session in ("a", "b", "a"):
        machine.sequencer.submit(session, Ping())
    machine.clock.advance(0)
    (entries,) = machine.applied
    assert [entry.session for entry in entries] == ["a", "b", "a"]


def test_what_is_submitted_while_it_applies_comes_next() -> None:
    machine = Machine()
    sequencer = machine.sequencer

    def apply(entries: list[Entry]) -> None:
        machine.applied.append(entries)
        if len(machine.applied) == 1:
            sequencer.submit("later", Msg(text="x"))

    sequencer.start(apply, 0)
    sequencer.submit("first", Ping())
    machine.clock.advance(0)
    assert [entry.session for entries in machine.applied for entry in entries] == ["first", "later"]


def test_time_never_goes_back() -> None:
    machine = Machine()
    machine.sequencer.submit("a", Ping())
    machine.seconds = 500.0
    machine.sequencer.submit("b", Ping())
    machine.clock.advance(0)
    assert [entry.now for entry in machine.applied[0]] == [1_000_000, 1_000_000]


def test_time_goes_on_from_what_happened_last() -> None:
    machine = Machine()
    machine.sequencer.start(machine.applied.append, 5_000_000)
    machine.sequencer.submit("a", Ping())
    machine.clock.advance(0)
    assert [entry.now for entry in machine.applied[0]] == [5_000_000]


def test_stopping_applies_what_was_submitted_and_nothing_more() -> None:
    machine = Machine()
    machine.sequencer.submit("a", Ping())
    machine.sequencer.stop()
    machine.sequencer.submit("b", Ping())
    machine.clock.advance(1)
    assert [entry.session for entries in machine.applied for entry in entries] == ["a"]


def test_a_failure_to_apply_does_not_stop_what_comes_later() -> None:
    machine = Machine()

    def apply(entries: list[Entry]) -> None:
        machine.applied.append(entries)
        if len(machine.applied) == 1:
            raise ZeroDivisionError

    machine.sequencer.start(apply, 0)
    machine.sequencer.submit("a", Ping())
    try:
        machine.clock.advance(0)
    except ZeroDivisionError:
        machine.sequencer.submit("b", Ping())
    machine.clock.advance(0)
    assert [entries[0].session for entries in machine.applied] == ["a", "b"]
