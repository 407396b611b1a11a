"""Putting out, slowing down, keeping in view."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Fetch
from chatd.core.events import Moderated, Notice, Parted, Refused
from chatd.core.log import Logged
from chatd.core.queries import PinsOf
from chatd.core.records import (
    MembershipForgotten,
    PinForgotten,
    PinKept,
    RoomKept,
)
from chatd.core.results import Acted, RoomEntered, Sent
from tests.core.scenes import room_of
from tests.core.world import World, events, of_kind, token_of


@pytest.fixture
def world() -> World:
    return room_of("ana", "bo", "cy")


# Kick


def test_who_is_kicked_is_out_and_is_told(world: World) -> None:
    acted = world.answer("ana", "/kick bo out with you", Acted)
    assert (acted.room, acted.seq, acted.nick) == ("#ops", 1, "bo")
    told = world.heard("bo")
    assert events(told, Parted) == [Parted(in_="#ops", nick="bo", why="out with you", by="ana")]
    (act,) = events(told, Moderated)
    assert (act.action, act.by, act.nick, act.why) == ("kick", "ana", "bo", "out with you")
    assert set(world.hub.rooms["#ops"].members) == {"ana", "cy"}


def test_the_others_see_who_put_him_out(world: World) -> None:
    world.say("ana", "/kick bo")
    told = world.heard("cy")
    assert [(e.seq, e.action) for e in events(told, Moderated)] == [(1, "kick")]
    assert [(e.nick, e.by) for e in events(told, Parted)] == [("bo", "ana")]


def test_who_was_kicked_may_come_back(world: World) -> None:
    world.say("ana", "/kick bo")
    assert world.answer("bo", "/join #ops", RoomEntered).role == "member"


def test_who_is_kicked_talks_elsewhere(world: World) -> None:
    world.say("ana", "/kick bo")
    assert world.answer("bo", "hi", Sent).to == "#lobby"


def test_somebody_offline_is_kicked_too(world: World) -> None:
    world.register("bo")
    world.say("bo", "/quit")
    effects = world.say("ana", "/kick bo")
    assert of_kind(effects, MembershipForgotten) == [
        MembershipForgotten(world.hub.rooms["#ops"].id, "bo")
    ]


@pytest.mark.parametrize(("nick", "code"), [("nobody", 310), ("dd", 303)])
def test_only_members_are_kicked_or_muted(world: World, nick: str, code: int) -> None:
    world.connect("dd")
    assert world.code("ana", f"/kick {nick}") == code
    assert world.code("ana", f"/mute {nick}") == code


def test_a_reason_has_a_limit(world: World) -> None:
    world.say("ana", "/kick bo " + "x" * 3000)
    (act,) = events(world.heard("cy"), Moderated)
    assert act.why == "x" * 200


# Slow


def test_in_a_slow_room_one_waits(world: World) -> None:
    assert world.answer("ana", "/slow 10", Acted).seq == 1
    assert world.answer("bo", "one", Sent).seq == 2
    world.now += 4000
    (refused,) = _refused(world, "bo", "two")
    assert (refused.code, refused.wait) == (429, 6)
    world.now += 6000
    assert world.answer("bo", "two", Sent).seq == 3


def _refused(world: World, session: str, line: str) -> list[Refused]:
    world.heard(session)
    world.say(session, line)
    return events(world.heard(session), Refused)


def test_what_was_refused_does_not_lengthen_the_wait(world: World) -> None:
    world.say("ana", "/slow 10")
    world.say("bo", "one")
    world.now += 9999
    world.say("bo", "two")
    world.now += 1
    assert world.answer("bo", "two", Sent).seq == 3


def test_each_waits_for_himself_and_answers_count(world: World) -> None:
    world.say("ana", "/slow 10")
    world.say("bo", "one")
    assert world.answer("cy", "/reply 2 two", Sent).seq == 3
    assert world.code("cy", "/me waves") == 429


def test_a_room_is_slow_no_more(world: World) -> None:
    world.say("ana", "/slow 10")
    world.say("bo", "one")
    world.say("ana", "/slow 0")
    assert world.answer("bo", "two", Sent).seq == 4
    assert of_kind(world.effects, RoomKept)[-1].slow == 0


@pytest.mark.parametrize("seconds", [-1, 86401])
def test_a_room_is_not_too_slow(world: World, seconds: int) -> None:
    assert world.code("ana", json.dumps({"do": "slow", "seconds": seconds})) == 104


# Pins


def test_a_message_is_pinned_and_unpinned(world: World) -> None:
    world.say("bo", "one")
    room = world.hub.rooms["#ops"]
    effects = world.say("ana", "/pin 1")
    assert of_kind(effects, PinKept) == [PinKept(room.id, 1)]
    (act,) = events(world.heard("cy"), Moderated)
    assert (act.action, act.of) == ("pin", 1)
    world.connect("dd")
    assert world.answer("dd", "/join #ops", RoomEntered).pins == (1,)
    assert world.code("ana", "/pin 1") == 104
    assert of_kind(world.say("ana", "/unpin 1"), PinForgotten) == [PinForgotten(room.id, 1)]
    assert world.refusal("ana", "/unpin 1") == (104, "Message 1 is not pinned in #ops.")


def test_pins_are_read_in_their_order(world: World) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    for line in ("/pin 2", "/pin 1"):
        world.say("ana", line)
    (fetch,) = of_kind(world.say("ana", "/pins"), Fetch)
    assert isinstance(fetch.query, PinsOf)
    assert fetch.query.seqs == (1, 2)


@pytest.mark.parametrize("seq", [0, 2, 99])
def test_only_messages_are_pinned(world: World, seq: int) -> None:
    world.say("bo", "one")
    world.say("bo", "/react 1 👍")
    assert world.code("ana", f"/pin {seq}") == 331


def test_an_erased_message_is_pinned_no_more(world: World) -> None:
    world.say("bo", "one")
    world.say("ana", "/pin 1")
    effects = world.say("bo", "/del 1")
    assert of_kind(effects, PinForgotten) == [PinForgotten(world.hub.rooms["#ops"].id, 1)]
    assert world.hub.rooms["#ops"].pins == {}
    assert world.code("ana", "/pin 1") == 331


def test_pins_have_a_limit(world: World) -> None:
    for number in range(51):
        world.say("bo", f"line {number}")
    for seq in range(1, 51):
        world.say("ana", f"/pin {seq}")
    assert world.code("ana", "/pin 51") == 104


# A room one was put out of


def test_who_talks_at_text_is_told_where_words_go_now(world: World) -> None:
    world.connect("dd")
    world.say("dd", "/join #ops")
    world.silence()
    world.say("ana", "/kick dd")
    assert "#lobby" in events(world.heard("dd"), Notice)[-1].text


def test_all_sessions_of_the_kicked_are_out(world: World) -> None:
    world.register("bo")
    world.connect("new", nick=False, address="192.0.2.9")
    world.login("new", "bo")
    world.silence()
    world.say("ana", "/kick bo")
    for session in ("bo", "new"):
        assert [event.in_ for event in events(world.heard(session), Parted)] == ["#ops"]
    world.silence()
    world.say("cy", "hi")
    assert world.heard("bo") + world.heard("new") == []


def test_who_was_kicked_while_lost_resumes_elsewhere(world: World) -> None:
    world.disconnect("bo")
    world.say("ana", "/kick bo")
    world.connect("new", mode="json", nick=False)
    world.say("new", f"/resume {token_of('bo')}")
    assert [told.seq for told in world.heard("new") if isinstance(told, Logged)] == []
    assert world.answer("new", "hi", Sent).to == "#lobby"
