"""Taking up a lost connection."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Close, Replay
from chatd.core.events import Bye, Durable, Hello, Joined, Parted, Presence, Said, TypingSet
from chatd.core.results import Resumed, Sent, Telling
from tests.core.world import World, events, of_kind, token_of


@pytest.fixture
def world() -> World:
    made = World(ring=10)
    made.connect("ana", mode="json")
    made.connect("bo")
    return made


TOKEN = token_of("ana")


def resume(
    world: World,
    new: str = "new",
    token: str = TOKEN,
    seen: dict[str, int] | None = None,
    mode: str = "json",
) -> list[Telling]:
    """Connect and resume; return what the new connection is told."""
    world.connect(new, mode=mode, nick=False)
    world.say(new, json.dumps({"do": "resume", "token": token, "seen": seen or {}, "id": 1}))
    return world.heard(new)


def replayed(told: list[Telling]) -> list[tuple[str, int]]:
    return [(event.in_, event.seq) for event in told if isinstance(event, Durable)]


def test_it_answers_with_hello_and_who_and_where_one_is(world: World) -> None:
    world.say("ana", "/join #ops")
    world.disconnect("ana")
    hello, resumed = resume(world)
    assert isinstance(hello, Hello)
    assert hello.you == "ana"
    assert isinstance(resumed, Resumed)
    assert (resumed.re, resumed.you, resumed.to) == (1, "ana", "#ops")
    assert resumed.in_ == ("#lobby", "#ops")


def test_the_old_token_goes_on(world: World) -> None:
    world.disconnect("ana")
    hello = resume(world)[0]
    assert isinstance(hello, Hello)
    assert hello.resume == token_of("ana")
    world.disconnect("new")
    assert events(resume(world, "newer"), Resumed)


def test_others_see_no_leave_and_no_join(world: World) -> None:
    world.disconnect("ana")
    resume(world)
    told = world.heard("bo")
    assert not any(isinstance(event, Joined | Parted) for event in told)


def test_what_was_missed_follows_once_and_in_order(world: World) -> None:
    world.say("bo", "one")
    world.disconnect("ana")
    for text in ("two", "three"):
        world.say("bo", text)
    world.say("bo", "/msg ana psst")
    told = resume(world, seen={"#lobby": 1})
    assert replayed(told) == [("#lobby", 2), ("#lobby", 3), ("@bo", 1)]
    world.say("bo", "four")
    assert replayed(world.heard("new")) == [("#lobby", 4)]


def test_without_seen_it_begins_where_the_connection_was_lost(world: World) -> None:
    world.say("bo", "one")
    world.disconnect("ana")
    world.say("bo", "two")
    assert replayed(resume(world)) == [("#lobby", 2)]


def test_what_was_told_but_did_not_arrive_is_told_again(world: World) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    world.disconnect("ana")
    assert replayed(resume(world, seen={"#LOBBY": 0})) == [("#lobby", 1), ("#lobby", 2)]


def test_nothing_was_missed_where_all_was_seen(world: World) -> None:
    world.say("bo", "one")
    world.disconnect("ana")
    assert replayed(resume(world, seen={"#lobby": 1})) == []
    assert replayed(resume(world, "newer", seen={"#lobby": 99})) == []


def test_ones_own_words_are_replayed_too(world: World) -> None:
    world.say("ana", "was this kept?")
    world.disconnect("ana")
    assert replayed(resume(world, seen={"#lobby": 0})) == [("#lobby", 1)]


def test_mentions_are_marked_in_what_was_missed(world: World) -> None:
    world.disconnect("ana")
    world.say("bo", "ana: hello?")
    assert [event.mention for event in events(resume(world), Said)] == [True]


def test_what_the_ring_does_not_hold_is_read_from_the_store(world: World) -> None:
    world.disconnect("ana")
    for number in range(20):
        world.say("bo", f"line {number}")
    world.connect("new", mode="json", nick=False)
    effects = world.say("new", '{"do":"resume","token":"r.ana"}')
    (replay,) = of_kind(effects, Replay)
    assert (replay.session, replay.name, replay.after, replay.upto) == ("new", "#lobby", 0, 20)


def test_what_the_ring_just_holds_is_told_at_once(world: World) -> None:
    world.disconnect("ana")
    for number in range(12):
        world.say("bo", f"line {number}")
    assert replayed(resume(world, seen={"#lobby": 2})) == [
        ("#lobby", number) for number in range(3, 13)
    ]


def test_a_room_one_is_not_in_is_not_replayed(world: World) -> None:
    world.say("bo", "/join #ops")
    world.say("bo", "secret")
    world.disconnect("ana")
    assert replayed(resume(world, seen={"#ops": 0})) == []


@pytest.mark.parametrize("token", ["", "r.none", "r.bo"])
def test_an_unknown_token_is_refused(world: World, token: str) -> None:
    told = resume(world, token=token)
    assert isinstance(told[0], Hello)
    assert [getattr(event, "code", None) for event in told] == [None, 401]


def test_the_token_of_the_asker_is_refused(world: World) -> None:
    assert world.code("ana", "/resume r.ana") == 401


def test_after_two_minutes_it_is_refused(world: World) -> None:
    world.disconnect("ana")
    world.tick(120)
    assert 401 in [getattr(event, "code", None) for event in resume(world)]


def test_a_connection_that_seems_alive_is_taken_over(world: World) -> None:
    world.say("bo", "one")
    world.silence()
    world.connect("new", mode="json", nick=False)
    effects = world.say("new", '{"do":"resume","token":"r.ana","seen":{"#lobby":0}}')
    assert of_kind(effects, Close) == [Close("ana")]
    assert events(world.heard("ana"), Bye)
    assert replayed(world.heard("new")) == [("#lobby", 1)]
    assert world.heard("bo") == []


def test_the_connection_that_was_taken_over_is_told_nothing_more(world: World) -> None:
    resume(world)
    world.silence()
    world.say("bo", "one")
    world.disconnect("ana")
    assert world.heard("ana") == []
    assert "ana" in world.hub.nicks


def test_who_asks_under_a_name_of_his_own_gives_it_up(world: World) -> None:
    world.disconnect("ana")
    world.connect("cy")
    world.say("cy", "/resume r.ana")
    (parted,) = events(world.heard("bo"), Parted)
    assert parted.nick == "cy"
    assert "cy" not in world.hub.nicks
    assert world.answer("cy", "hi", Sent).to == "#lobby"


def test_a_text_session_may_resume_one_of_json(world: World) -> None:
    world.disconnect("ana")
    told = resume(world, mode="text")
    assert events(told, Hello) == []
    assert [event.you for event in events(told, Resumed)] == ["ana"]


def test_who_is_lost_stops_typing(world: World) -> None:
    world.say("ana", "/typing on")
    world.silence()
    world.disconnect("ana")
    assert events(world.heard("bo"), TypingSet) == [TypingSet(in_="#lobby", from_="ana", on=False)]


def test_whoever_resumes_hears_of_presence_again(world: World) -> None:
    world.disconnect("ana")
    (hello,) = events(resume(world), Hello)
    world.say("bo", "/away")
    assert [event.v for event in events(world.heard("new"), Presence)] == [hello.presence + 1]


def test_the_clock_begins_again_when_it_is_lost_again(world: World) -> None:
    world.disconnect("ana")
    world.tick(100)
    resume(world)
    world.disconnect("new")
    world.tick(100)
    assert "ana" in world.hub.nicks
    world.tick(20)
    assert "ana" not in world.hub.nicks


def test_who_keeps_count_gets_a_private_conversation_that_he_does_not_know(world: World) -> None:
    world.say("bo", "/msg ana psst")
    world.disconnect("ana")
    assert replayed(resume(world, seen={"#lobby": 0})) == [("@bo", 1)]


def test_a_private_conversation_is_found_by_the_name_of_before(world: World) -> None:
    world.say("bo", "/msg ana psst")
    world.disconnect("ana")
    world.say("bo", "/nick bob")
    world.say("bo", "/msg ana again")
    assert replayed(resume(world, seen={"@bo": 1})) == [("@bob", 2)]


def test_a_number_that_never_was_belongs_to_somebody_of_before(world: World) -> None:
    world.disconnect("ana")
    world.say("bo", "/msg ana psst")
    assert replayed(resume(world, seen={"@bo": 40})) == [("@bo", 1)]
