"""Coming and going."""

from __future__ import annotations

import pytest

from chatd.core.effects import Close, SetMode, Wake
from chatd.core.errors import Refusal
from chatd.core.events import (
    Bye,
    Hello,
    Joined,
    Parted,
    Presence,
    Refused,
    RefusedReply,
    Said,
    Welcome,
)
from chatd.core.inputs import Connect, Rejected
from chatd.core.records import SessionForgotten, SessionKept
from chatd.core.results import Done, ModeIs, Pong, RoomEntered
from tests.core.world import World, events, of_kind, token_of


@pytest.fixture
def world() -> World:
    return World()


def test_a_text_session_is_greeted_as_a_guest_in_the_lobby(world: World) -> None:
    world.connect()
    world.connect("bo")
    welcome, entered = _greeting(world, "ana")
    assert welcome.you == "guest-2"
    assert entered.room == "#lobby"
    assert [member.nick for member in entered.members] == ["bo", "guest-2"]


def _greeting(world: World, session: str) -> tuple[Welcome, RoomEntered]:
    world.give(session, Connect(address="192.0.2.1", mode="text", token=token_of(session)))
    welcome, entered = world.heard(session)
    assert isinstance(welcome, Welcome)
    assert isinstance(entered, RoomEntered)
    return welcome, entered


def test_who_comes_sees_what_was_said_last(world: World) -> None:
    world.connect("bo")
    for number in range(30):
        world.say("bo", f"line {number}")
    _, entered = _greeting(world, "ana")
    said = [event.text for event in entered.recent if isinstance(event, Said)]
    assert said == [f"line {number}" for number in range(10, 30)]
    assert entered.seq == 30


def test_a_join_of_the_lobby_is_told_to_those_in_it(world: World) -> None:
    world.connect("bo")
    _greeting(world, "ana")
    assert world.heard("bo") == [Joined(in_="#lobby", nick="guest-2")]


def test_a_json_session_is_nobody_before_its_first_command(world: World) -> None:
    world.connect("bo")
    world.connect("js", mode="json", nick=False)
    assert world.hub.sessions["js"].user is None
    assert world.heard("bo") == []


def test_the_first_event_of_a_json_session_is_hello(world: World) -> None:
    world.connect("js", mode="json", nick=False)
    world.say("js", '{"do":"ping","id":1}')
    hello, pong = world.heard("js")
    assert isinstance(hello, Hello)
    assert (hello.v, hello.you, hello.account, hello.in_) == (1, "guest-1", None, ("#lobby",))
    assert hello.resume == token_of("js")
    assert hello.limits["line"] == 16384
    assert hello.limits["text"] == 4096
    assert isinstance(pong, Pong)
    assert pong.re == 1


def test_hello_comes_first_also_where_the_first_line_is_no_command(world: World) -> None:
    world.connect("js", mode="json", nick=False)
    world.give("js", Rejected(Refusal(105, problem="x"), 7))
    hello, error = world.heard("js")
    assert isinstance(hello, Hello)
    assert isinstance(error, RefusedReply)
    assert error.re == 7


def test_who_begins_with_a_name_is_introduced_under_it(world: World) -> None:
    world.connect("bo")
    world.connect("js", mode="json", nick=False)
    world.say("js", '{"do":"nick","name":"ana"}')
    assert world.heard("bo") == [Joined(in_="#lobby", nick="ana")]


def test_who_begins_with_a_name_that_he_cannot_have_is_a_guest(world: World) -> None:
    world.connect("bo")
    world.connect("js", mode="json", nick=False)
    world.say("js", '{"do":"nick","name":"bo"}')
    hello, error = world.heard("js")
    assert isinstance(hello, Hello)
    assert hello.you == "guest-2"
    assert isinstance(error, Refused)
    assert error.code == 210


def test_guests_get_numbers_that_nobody_has(world: World) -> None:
    world.connect("a", "b", nick=False)
    world.disconnect("a")
    world.connect("c", nick=False)
    names = {user.nick for user in world.hub.users.values()}
    assert names == {"guest-2", "guest-3"}


# Going


def test_quit_is_answered_and_ends_the_connection(world: World) -> None:
    world.connect("ana", "bo")
    effects = world.say("ana", '{"do":"quit","why":"sleep","id":3}')
    assert world.heard("ana") == [Done(re=3), Bye(text="Goodbye.")]
    assert of_kind(effects, Close) == [Close("ana")]
    assert events(world.heard("bo"), Parted) == [Parted(in_="#lobby", nick="ana", why="sleep")]


def test_who_has_quit_is_nowhere(world: World) -> None:
    world.connect("ana", mode="json")
    world.say("ana", "/join #ops")
    effects = world.say("ana", "/quit")
    hub = world.hub
    assert not any((hub.sessions, hub.users, hub.nicks, hub.looks, hub.tokens, hub.listening))
    assert list(hub.rooms) == ["#lobby"]
    assert hub.lobby.members == {}
    assert len(of_kind(effects, SessionForgotten)) == 1


def test_what_comes_after_quit_does_nothing(world: World) -> None:
    world.connect("ana")
    world.say("ana", "/quit")
    assert world.say("ana", "hello?") == []
    assert world.disconnect("ana") == []


def test_a_text_session_ends_with_its_connection(world: World) -> None:
    world.connect("ana", "bo")
    effects = world.disconnect("ana", "connection lost")
    assert of_kind(effects, Close) == [Close("ana")]
    assert "ana" not in world.hub.nicks
    assert events(world.heard("bo"), Parted) == [
        Parted(in_="#lobby", nick="ana", why="connection lost")
    ]


def test_a_json_session_is_kept_for_two_minutes(world: World) -> None:
    world.connect("ana", mode="json")
    world.connect("bo")
    effects = world.disconnect("ana")
    assert of_kind(effects, Wake) == [Wake(world.now + 120_000)]
    assert world.heard("bo") == []
    world.tick(119.9)
    assert "ana" in world.hub.nicks


def test_after_two_minutes_it_is_gone(world: World) -> None:
    world.connect("ana", mode="json")
    world.connect("bo")
    world.disconnect("ana")
    effects = world.tick(120)
    assert "ana" not in world.hub.nicks
    assert world.hub.lost == world.hub.tokens == {}
    assert len(of_kind(effects, SessionForgotten)) == 1
    assert events(world.heard("bo"), Parted) == [
        Parted(in_="#lobby", nick="ana", why="connection lost")
    ]


def test_a_tick_asks_for_the_next_one_where_somebody_still_waits(world: World) -> None:
    world.connect("ana", "bo", mode="json")
    world.disconnect("ana")
    world.tick(10)
    world.disconnect("bo")
    assert of_kind(world.tick(110), Wake) == [Wake(world.now + 10_000)]
    assert set(world.hub.lost) == {"bo"}


def test_a_json_session_that_never_spoke_leaves_nothing(world: World) -> None:
    world.connect("js", mode="json", nick=False)
    world.disconnect("js")
    assert world.hub.sessions == {}


# Modes


def test_ping_tells_the_time(world: World) -> None:
    world.connect("ana")
    assert world.answer("ana", "/ping", Pong).t == "2023-11-14T22:13:20.000Z"


@pytest.mark.parametrize("mode", ["text", "text seq", "text seq time", "json"])
def test_a_mode_can_be_chosen(world: World, mode: str) -> None:
    world.connect("ana")
    effects = world.say("ana", f"/mode {mode}")
    assert SetMode("ana", mode) in effects
    assert ModeIs(mode=mode) in world.heard("ana")


def test_a_mode_may_be_written_loosely(world: World) -> None:
    world.connect("ana")
    assert world.answer("ana", "/mode  TEXT   Seq ", ModeIs).mode == "text seq"


def test_another_mode_is_refused(world: World) -> None:
    world.connect("ana")
    assert world.code("ana", "/mode loud") == 104


def test_who_changes_to_json_gets_hello_and_may_resume(world: World) -> None:
    world.connect("ana")
    effects = world.say("ana", "/mode json")
    mode, hello = world.heard("ana")
    assert isinstance(mode, ModeIs)
    assert isinstance(hello, Hello)
    assert hello.resume == token_of("ana")
    assert len(of_kind(effects, SessionKept)) == 1


def test_who_changes_back_to_text_ends_with_the_connection(world: World) -> None:
    world.connect("ana", mode="json")
    effects = world.say("ana", "/mode text")
    assert len(of_kind(effects, SessionForgotten)) == 1
    world.disconnect("ana")
    assert world.hub.users == {}


def test_presence_is_told_to_json_sessions_alone(world: World) -> None:
    world.connect("ana", mode="json")
    world.connect("bo")
    world.connect("cy")
    assert len(events(world.heard("bo"), Presence)) == 0
    world.say("bo", "/mode json")
    world.silence()
    world.say("cy", "/away")
    assert len(events(world.heard("bo"), Presence)) == 1
