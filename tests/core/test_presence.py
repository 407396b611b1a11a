"""The presence counter: without a hole for everybody who reads it."""

from __future__ import annotations

import pytest

from chatd.core.events import Hello, Presence
from chatd.core.results import State, UserList
from tests.core.world import World, events


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo", mode="json")
    return made


def versions(world: World, session: str) -> list[int]:
    return [event.v for event in events(world.heard(session), Presence)]


def test_who_acts_is_told_too(world: World) -> None:
    before = world.hub.presence
    world.say("ana", "/away lunch")
    expected = Presence(v=before + 1, nick="ana", state="away", text="lunch")
    for session in ("ana", "bo"):
        assert events(world.heard(session), Presence) == [expected]


def test_the_counter_has_no_holes(world: World) -> None:
    before = world.hub.presence
    world.say("ana", "/away")
    world.say("bo", "/away x")
    world.connect("cy", nick=False)
    world.say("ana", "/back")
    world.silence()
    world.say("cy", "/quit")
    assert versions(world, "ana") == versions(world, "bo") == [before + 5]


def test_hello_tells_where_the_counter_is(world: World) -> None:
    world.connect("cy", mode="json", nick=False)
    world.say("cy", "/ping")
    (hello,) = events(world.heard("cy"), Hello)
    assert hello.presence == world.hub.presence
    world.say("ana", "/away")
    assert versions(world, "cy") == [hello.presence + 1]


def test_who_tells_where_the_counter_is(world: World) -> None:
    assert world.answer("ana", "/who", UserList).v == world.hub.presence


def test_who_is_lost_and_resumes_was_never_offline(world: World) -> None:
    before = world.hub.presence
    world.disconnect("ana")
    world.connect("ana2", mode="json", nick=False)
    world.say("ana2", "/resume r.ana")
    assert world.hub.presence == before
    assert versions(world, "bo") == []


def test_who_goes_is_offline(world: World) -> None:
    world.say("ana", "/quit")
    (gone,) = events(world.heard("bo"), Presence)
    assert (gone.nick, gone.state) == ("ana", "offline")


def test_away_and_back_are_answered(world: World) -> None:
    assert world.answer("ana", "/away lunch", State) == State(state="away", text="lunch")
    assert world.answer("ana", "/back", State) == State(state="online", text="")


def test_what_does_not_change_is_told_to_nobody(world: World) -> None:
    world.say("ana", "/away lunch")
    world.silence()
    world.say("ana", "/away lunch")
    world.say("bo", "/back")
    assert versions(world, "ana") == versions(world, "bo") == []


def test_a_reason_of_256_bytes_is_short_enough(world: World) -> None:
    assert world.answer("ana", "/away " + "é" * 128, State).state == "away"
    assert world.code("ana", "/away " + "é" * 129) == 320


def test_readers_of_text_are_told_by_those_near_them(world: World) -> None:
    world.connect("near", "far")
    world.say("far", "/part #lobby")
    world.silence()
    world.say("ana", "/away lunch")
    assert [event.nick for event in events(world.heard("near"), Presence)] == ["ana"]
    assert events(world.heard("far"), Presence) == []
