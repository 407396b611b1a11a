"""Entering, leaving, listing, topics."""

from __future__ import annotations

import pytest

from chatd.core.events import Joined, Parted, Refused, TopicSet
from chatd.core.records import Appended, ConversationOpened, RoomKept
from chatd.core.results import (
    Current,
    Page,
    RoomEntered,
    RoomLeft,
    RoomList,
    Sent,
    TopicIs,
    UserList,
)
from tests.core.world import START, World, events, of_kind


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo")
    return made


def roles(world: World, room: str) -> dict[str, str]:
    return {place.user.nick: place.role for place in world.hub.rooms[room].members.values()}


# Joining


def test_who_makes_a_room_owns_it(world: World) -> None:
    entered = world.answer("ana", "/join #ops", RoomEntered)
    assert (entered.room, entered.topic, entered.seq, entered.recent) == ("#ops", "", 0, ())
    assert [(member.nick, member.role) for member in entered.members] == [("ana", "owner")]


def test_who_comes_later_is_a_member(world: World) -> None:
    world.say("ana", "/join #ops")
    world.silence()
    entered = world.answer("bo", "/join #OPS", RoomEntered)
    assert entered.room == "#ops"
    assert roles(world, "#ops") == {"ana": "owner", "bo": "member"}
    assert world.heard("ana") == [Joined(in_="#ops", nick="bo")]


def test_nobody_owns_the_lobby(world: World) -> None:
    assert set(roles(world, "#lobby").values()) == {"member"}


def test_joining_again_changes_where_words_go_and_nothing_else(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/go #lobby")
    world.silence()
    world.say("ana", "/join #ops")
    assert world.hub.sessions["ana"].current is world.hub.rooms["#ops"]
    assert world.heard("bo") == []


def test_joining_tells_the_last_words_and_the_newest_number(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "one")
    world.say("ana", "two")
    entered = world.answer("bo", "/join #ops", RoomEntered)
    assert [event.seq for event in entered.recent] == [1, 2]
    assert (entered.seq, entered.read) == (2, 2)


@pytest.mark.parametrize(
    ("room", "code"), [("ops", 211), ("#", 211), ("#a,b", 211), ("#l0bby", 212)]
)
def test_a_room_that_cannot_be_is_refused(world: World, room: str, code: int) -> None:
    assert world.code("ana", f"/join {room}") == code


def test_nobody_is_in_too_many_rooms() -> None:
    world = World(rooms=3)
    world.connect("ana")
    world.say("ana", "/join #one")
    world.say("ana", "/join #two")
    assert world.code("ana", "/join #three") == 104
    assert "#three" not in world.hub.rooms


# Leaving


def test_leaving_is_answered_and_told(world: World) -> None:
    world.silence()
    assert world.answer("ana", "/part #lobby so long", RoomLeft).room == "#lobby"
    assert world.heard("bo") == [Parted(in_="#lobby", nick="ana", why="so long")]


def test_who_left_hears_nothing_more(world: World) -> None:
    world.say("ana", "/part #lobby")
    world.silence()
    world.say("bo", "alone")
    assert world.heard("ana") == []
    assert world.code("ana", "/msg #lobby still here") == 303


def test_words_go_to_another_room_after_leaving(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/part")
    assert world.answer("ana", "hi", Sent).to == "#lobby"


def test_words_go_nowhere_after_leaving_all_rooms(world: World) -> None:
    world.say("ana", "/part")
    for line in ("hi", "/topic", "/part", "/history", "/typing on", "/react 1 👍"):
        assert world.code("ana", line) == 303


def test_a_reason_is_short() -> None:
    world = World()
    world.connect("ana", "bo")
    world.say("ana", "/part " + "x" * 3000)
    (parted,) = events(world.heard("bo"), Parted)
    assert parted.why == "x" * 200


def test_who_leaves_stops_typing(world: World) -> None:
    world.say("ana", "/typing on")
    world.silence()
    world.say("ana", "/part")
    assert [type(event).__name__ for event in world.heard("bo")] == ["TypingSet", "Parted"]


def test_a_room_where_nothing_was_said_is_forgotten_with_the_last_one(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/part")
    assert "#ops" not in world.hub.rooms
    world.say("bo", "/join #0ps")
    assert roles(world, "#0ps") == {"bo": "owner"}


# Sleeping


@pytest.fixture
def sleeping(world: World) -> World:
    world.say("ana", "/join #ops")
    world.say("ana", "one")
    world.say("ana", "/topic about operations")
    world.say("ana", "/part")
    world.silence()
    return world


def test_a_sleeping_room_is_not_listed(sleeping: World) -> None:
    assert [room.room for room in sleeping.answer("bo", "/list", RoomList).rooms] == ["#lobby"]


def test_a_sleeping_room_cannot_be_asked_about(sleeping: World) -> None:
    assert sleeping.code("bo", "/who #ops") == 301


def test_a_sleeping_room_wakes_with_topic_number_and_history(sleeping: World) -> None:
    entered = sleeping.answer("bo", "/join #ops", RoomEntered)
    assert (entered.topic, entered.seq) == ("about operations", 2)
    assert [event.seq for event in entered.recent] == [1, 2]
    assert sleeping.answer("bo", "three", Sent).seq == 3


def test_who_wakes_a_room_owns_it(sleeping: World) -> None:
    sleeping.say("bo", "/join #ops")
    sleeping.say("ana", "/join #ops")
    assert roles(sleeping, "#ops") == {"bo": "owner", "ana": "member"}


def test_a_room_is_opened_on_disk_once(sleeping: World) -> None:
    sleeping.say("bo", "/join #ops")
    sleeping.say("bo", "three")
    opened = [record.key for record in of_kind(sleeping.effects, ConversationOpened)]
    assert opened == ["#ops"]


# Lists


def test_the_list_has_names_topics_and_counts(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/topic All about Operations")
    rooms = world.answer("bo", "/list", RoomList).rooms
    assert [(room.room, room.topic, room.members) for room in rooms] == [
        ("#lobby", "", 2),
        ("#ops", "All about Operations", 1),
    ]


@pytest.mark.parametrize(
    ("words", "found"), [("OPER all", ["#ops"]), ("ops", ["#ops"]), ("zz", [])]
)
def test_the_list_is_searched_by_words(world: World, words: str, found: list[str]) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/topic All about Operations")
    rooms = world.answer("bo", f"/list {words}", RoomList).rooms
    assert [room.room for room in rooms] == found


def test_who_lists_a_room_with_its_roles(world: World) -> None:
    world.say("ana", "/join #ops")
    listed = world.answer("bo", "/who #ops", UserList)
    assert [(member.nick, member.role) for member in listed.users] == [("ana", "owner")]
    assert listed.room == "#ops"


def test_an_unknown_room_brings_a_guess(world: World) -> None:
    code, text = world.refusal("ana", "/who #loby")
    assert code == 301
    assert "Did you mean #lobby?" in text


# Topics


def test_a_topic_is_shown(world: World) -> None:
    assert world.answer("ana", "/topic #lobby", TopicIs) == TopicIs(room="#lobby", topic="", seq=0)


def test_a_topic_is_an_event_with_a_number(world: World) -> None:
    for session in ("ana", "bo"):
        world.say(session, "/join #ops")
    world.silence()
    effects = world.say("ana", "/topic new words")
    assert world.heard("ana") == [TopicIs(room="#ops", topic="new words", seq=1)]
    assert world.heard("bo") == [
        TopicSet(in_="#ops", seq=1, t="2023-11-14T22:13:20.000Z", by="ana", text="new words")
    ]
    assert [record.logged.t for record in of_kind(effects, Appended)] == [START]
    assert [record.topic for record in of_kind(effects, RoomKept)] == ["new words"]


def test_an_empty_topic_clears_it(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/topic new words")
    assert world.answer("ana", '{"do":"topic","text":" "}', TopicIs).topic == ""


def test_a_topic_of_512_bytes_is_short_enough(world: World) -> None:
    world.say("ana", "/join #ops")
    assert world.answer("ana", "/topic " + "é" * 256, TopicIs).seq == 1
    assert world.code("ana", "/topic " + "é" * 257) == 320


def test_a_topic_of_a_room_one_is_not_in_is_not_shown(world: World) -> None:
    world.say("bo", "/join #ops")
    assert world.code("ana", "/topic #ops") == 303
    assert world.code("ana", "/topic #nowhere") == 301


# Going


def test_go_changes_where_words_go(world: World) -> None:
    world.say("ana", "/join #ops")
    assert world.answer("ana", "/go #lobby", Current) == Current(to="#lobby", seq=0)
    assert world.answer("ana", "/go bo", Current).to == "@bo"
    assert world.answer("ana", "psst", Sent).to == "@bo"


@pytest.mark.parametrize(
    ("to", "code"), [("#nowhere", 301), ("@nobody", 310), ("nobody", 310), ("#", 211), ("@", 310)]
)
def test_go_to_nothing_is_refused(world: World, to: str, code: int) -> None:
    assert world.code("ana", f"/go {to}") == code


def test_go_to_a_room_one_is_not_in_is_refused(world: World) -> None:
    world.say("bo", "/join #ops")
    world.heard("ana")
    world.say("ana", '{"do":"go","to":"#ops"}')
    (refused,) = events(world.heard("ana"), Refused)
    assert (refused.code, refused.try_) == (303, "/join #ops")


def test_a_large_room_tells_of_no_arrivals() -> None:
    world = World(announce=2)
    world.connect("a1", "a2", nick=False)
    world.silence()
    world.connect("a3", nick=False)
    world.say("a3", "/part")
    assert events(world.heard("a1"), Joined) == []


def test_a_room_without_words_has_an_empty_history(world: World) -> None:
    assert world.answer("ana", "/history", Page) == Page(to="#lobby", page=(), more=False)


def test_in_a_private_conversation_one_is_in_no_room_just_now(world: World) -> None:
    world.say("ana", "/go @bo")
    for line in ("/pin 1", "/pins", "/topic"):
        assert world.refusal("ana", line) == (303, "You are not in a room now.")
