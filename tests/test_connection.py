"""The service's side of one connection."""

from __future__ import annotations

from typing import Any

import pytest

from chatd.connection import Connection
from chatd.core.commands import Ping, Reply
from chatd.core.errors import Refusal
from chatd.core.events import Notice, Presence, TypingSet
from chatd.core.inputs import Rejected
from tests.fakes import Chat, RecordingDoor

PRESENCE = Presence(v=1, nick="bo", state="away")
TYPING = TypingSet(in_="#lobby", from_="bo", on=True)


class Side:
    """A connection, with its door."""

    def __init__(self, mode: str = "json", **limits: Any) -> None:
        self.chat = Chat(**limits)
        self.door = RecordingDoor()
        self.connection: Connection = self.chat.service.connect(self.door, mode, "127.0.0.1")
        self.chat.turn()
        self.door.take()

    def told(self, *texts: str) -> None:
        """Tell notices, one after the other, at once."""
        for text in texts:
            self.connection.tell(Notice(text=text))
        self.connection.flush()


@pytest.fixture
def side() -> Side:
    return Side("text")


def test_what_is_gathered_leaves_in_one_piece(side: Side) -> None:
    side.connection.tell(Notice(text="one"))
    side.connection.tell(Notice(text="two"))
    assert side.door.take() == []
    side.connection.flush()
    assert side.door.take() == ["*** one", "*** two"]


def test_a_place_is_kept(side: Side) -> None:
    side.told("before")
    hole = side.connection.hold()
    side.told("after")
    assert side.door.take() == ["*** before"]
    hole.write(b"within\n")
    assert side.door.take() == ["within"]
    hole.close()
    assert side.door.take() == ["*** after"]


def test_several_places_are_kept_in_order(side: Side) -> None:
    one, two = side.connection.hold(), side.connection.hold()
    side.told("last")
    two.write(b"two\n")
    two.close()
    assert side.door.take() == []
    one.write(b"one\n")
    one.close()
    assert side.door.take() == ["one", "two", "*** last"]


def test_one_place_is_filled_at_a_time(side: Side) -> None:
    one, two = side.connection.hold(), side.connection.hold()
    assert one.turn.called
    assert not two.turn.called
    one.close()
    assert two.turn.called


def test_it_closes_after_what_is_still_being_read(side: Side) -> None:
    hole = side.connection.hold()
    side.connection.finish()
    assert not side.door.closed
    hole.write(b"page\n")
    hole.close()
    assert side.door.take() == ["page"]
    assert side.door.closed


def test_too_much_behind_a_place_is_too_much() -> None:
    side = Side("text", output_hard=1000)
    side.connection.hold()
    side.told(*["x" * 90] * 9)
    assert not side.door.was_stuck
    side.told(*["x" * 90] * 9)
    assert side.door.was_stuck


@pytest.mark.parametrize("event", [PRESENCE, TYPING])
def test_a_crowded_reader_is_not_told_of_typing_and_presence(
    event: Presence | TypingSet,
) -> None:
    side = Side("json")
    side.door.crowded = True
    side.connection.tell(event)
    side.told("but this")
    assert side.door.take() == ['{"ev":"notice","text":"but this"}']


def test_the_mode_changes_for_what_is_told_later(side: Side) -> None:
    side.connection.tell(Notice(text="one"))
    side.connection.set_mode("json")
    side.told("two")
    assert side.door.take() == ["*** one", '{"ev":"notice","text":"two"}']
    assert side.door.mode == "json"


# In


def test_commands_are_charged_and_delayed() -> None:
    side = Side(burst=2, rate=1.0)
    for _ in range(4):
        side.connection.receive(Ping(), 10)
    side.chat.turn()
    assert sum('"ok":' in line for line in side.door.take()) == 2
    side.chat.clock.advance(1)
    assert len(side.door.take()) == 1
    side.chat.clock.advance(1)
    assert len(side.door.take()) == 1


def test_what_is_no_command_is_charged_too() -> None:
    side = Side(burst=2, rate=1.0)
    for _ in range(4):
        side.connection.receive(Rejected(Refusal(103)), 10)
    side.chat.turn()
    assert sum("BAD_UTF8" in line for line in side.door.take()) == 2


def test_without_a_rate_nothing_is_delayed() -> None:
    side = Side(rate=0.0)
    for _ in range(1000):
        side.connection.receive(Ping(), 10)
    side.chat.turn()
    assert sum('"ok":' in line for line in side.door.take()) == 1000


def test_a_refusal_for_haste_keeps_its_place() -> None:
    side = Side(burst=1, rate=1.0, delay=1.0)
    for number in range(3):
        side.connection.receive(Ping(id=number), 10)
    side.connection.receive(Ping(id=3), 10)
    side.chat.clock.pump([0, 1, 1, 1])
    answers = [line for line in side.door.take() if '"re"' in line]
    assert [line[:8] for line in answers] == [f'{{"re":{n},"'[:8] for n in range(4)]
    assert ['"ok":true' in line for line in answers] == [True, True, False, False]


def test_input_over_the_limit_pauses_the_door() -> None:
    side = Side(input_waiting=1000)
    for _ in range(15):
        side.connection.receive(Ping(), 250)
    assert side.door.paused
    side.chat.clock.pump([0.5] * 10)
    assert not side.door.paused


def test_nothing_is_taken_after_the_end(side: Side) -> None:
    side.connection.end_input("left")
    side.connection.receive(Ping(), 10)
    side.chat.turn()
    assert side.door.take() == []
    assert side.door.closed


def test_what_came_before_the_end_still_counts() -> None:
    side = Side(burst=1, rate=1.0)
    for _ in range(3):
        side.connection.receive(Ping(), 10)
    side.connection.end_input("left")
    side.chat.clock.pump([0, 1, 1])
    assert sum('"t":' in line for line in side.door.take()) == 3
    assert side.door.closed


def test_what_follows_a_look_up_waits_for_it() -> None:
    side = Side("json", rate=0.0)
    side.connection.receive(Reply(seq=1, text="x"), 10)
    side.connection.receive(Ping(id=2), 10)
    side.chat.turn()
    answers = [line for line in side.door.take() if '"ev":"hello"' not in line]
    assert ["NO_SUCH_MESSAGE" in line for line in answers] == [True, False]
