"""Private rooms are nowhere to be seen from outside, and end when they are empty."""

from __future__ import annotations

import pytest

from chatd.core.effects import Fetch
from chatd.core.events import Refused
from chatd.core.queries import UnreadOf
from chatd.core.records import ConversationOpened, RoomKept
from chatd.core.results import Person, RoomEntered, RoomList, Sent
from tests.core.lasting import restarted
from tests.core.scenes import room_of, set_to
from tests.core.world import World, events, of_kind


@pytest.fixture
def world() -> World:
    return room_of("ana", "bo")


# Private rooms are nowhere to be seen from outside


@pytest.fixture
def den(world: World) -> World:
    """Return #den of ana, private, where bo is, too, and ana has said something about cy."""
    world.register("ana")
    world.say("ana", "/join #den")
    set_to(world, "private", "on", "#den")
    world.say("ana", "/invite bo #den")
    world.say("bo", "/join #den")
    world.say("ana", "/topic #den treasure")
    world.say("ana", "/msg #den about cy")
    world.silence()
    return world


def test_it_is_not_listed(den: World) -> None:
    assert "#den" not in [room.room for room in den.answer("cy", "/list", RoomList).rooms]
    assert den.answer("cy", "/list treasure", RoomList).rooms == ()
    inside = {room.room: room.private for room in den.answer("bo", "/list", RoomList).rooms}
    assert inside == {"#lobby": False, "#ops": False, "#den": True}


def test_who_is_in_it_is_not_told(den: World) -> None:
    assert den.answer("cy", "/whois ana", Person).rooms == ("#lobby", "#ops")
    assert den.answer("bo", "/whois ana", Person).rooms == ("#lobby", "#ops", "#den")


@pytest.mark.parametrize(
    "line",
    [
        *("/who #den", "/topic #den", "/go #den", "/msg #den hi", "/history #den", "/part #den"),
        *("/search treasure in:#den", "/read #den", "/catchup #den", "/notify #den all"),
        *("/kick ana #den", "/bans #den", "/pins #den", "/set #den", "/invite bo #den"),
        '{"do":"react","to":"#den","seq":1,"emoji":"👍"}',
        '{"do":"whisper","room":"#den","nick":"ana","text":"psst"}',
        '{"do":"edit","to":"#den","seq":1,"text":"x"}',
    ],
)
def test_it_is_as_if_it_were_not_there(den: World, line: str) -> None:
    den.register("cy")
    code, text = den.refusal("cy", line)
    there = (code, text)
    code, text = den.refusal("cy", line.replace("#den", "#nix"))
    assert there == (code, text.replace("#nix", "#den"))
    assert code == 301


@pytest.mark.parametrize("line", ["/who #dem", "/join #d3n", "/msg #dan hi"])
def test_no_guess_names_it(den: World, line: str) -> None:
    den.heard("cy")
    den.say("cy", line)
    assert "#den" not in repr(den.heard("cy"))


def test_a_name_that_looks_like_it_is_refused_without_naming_it(den: World) -> None:
    code, text = den.refusal("cy", "/join #dеn")  # with a Cyrillic letter
    assert code == 212
    assert "#den" not in text


def test_nothing_of_it_is_heard_outside(den: World) -> None:
    den.say("bo", "/msg #den cy, cy, cy")
    den.say("ana", "/kick bo #den")
    den.say("ana", "/set #den private on")
    assert "den" not in repr(den.heard("cy"))


def test_searching_and_mentions_leave_it_out(den: World) -> None:
    for line in ("/search cy", "/mentions", "/catchup"):
        (fetch,) = of_kind(den.say("cy", line), Fetch)
        assert "den" not in repr(fetch.query)


def test_who_leaves_sees_no_more_of_it(den: World) -> None:
    den.register("bo")
    den.say("bo", "/part #den")
    assert den.code("bo", "/history #den") == 301
    (fetch,) = of_kind(den.say("bo", "/search cy"), Fetch)
    assert "den" not in repr(fetch.query)
    den.connect("new", nick=False)
    (fetch,) = of_kind(den.login("new", "bo"), Fetch)
    assert isinstance(fetch.query, UnreadOf)
    assert "den" not in repr(fetch.query)


def test_coming_in_is_by_invitation(den: World) -> None:
    den.heard("cy")
    den.say("cy", "/join #den")
    (refused,) = events(den.heard("cy"), Refused)
    assert (refused.code, refused.try_) == (302, "/knock #den")


def test_it_is_still_private_after_a_restart(den: World) -> None:
    after = restarted(den)
    after.connect("dd")
    assert after.code("dd", "/join #den") == 302
    assert "#den" not in [room.room for room in after.answer("dd", "/list", RoomList).rooms]


# Its end


@pytest.mark.parametrize(("option", "value"), [("private", "on"), ("key", "k")])
def test_a_room_that_was_not_for_all_ends_when_empty(world: World, option: str, value: str) -> None:
    world.say("bo", "secret words")
    set_to(world, option, value)
    old = world.hub.rooms["#ops"].id
    world.say("bo", "/part #ops")
    effects = world.say("ana", "/part #ops")
    assert of_kind(effects, RoomKept)[-1].closed
    assert "#ops" not in world.hub.rooms
    entered = world.answer("cy", "/join #ops", RoomEntered)
    assert (entered.seq, entered.recent, entered.role) == (0, (), "owner")
    assert (entered.settings.private, entered.settings.key) == (False, False)
    assert world.answer("cy", "hi", Sent).seq == 1
    opened = [o.conversation for o in of_kind(world.effects, ConversationOpened) if o.key == "#ops"]
    assert len(opened) == len(set(opened)) == 2
    assert world.hub.rooms["#ops"].id != old


def test_what_ended_does_not_come_back_after_a_restart(world: World) -> None:
    set_to(world, "private", "on")
    world.say("bo", "/part #ops")
    world.say("ana", "/part #ops")
    after = restarted(world)
    assert "#ops" not in after.hub.rooms
    after.connect("dd")
    assert after.answer("dd", "/join #ops", RoomEntered).seq == 0


def test_who_had_gone_there_from_outside_is_nowhere(world: World) -> None:
    world.connect("console", console=True)
    set_to(world, "private", "on")
    world.say("console", "/go #ops")
    world.say("bo", "/part #ops")
    world.say("ana", "/part #ops")
    assert world.code("console", "hi") == 303
    world.say("cy", "/join #ops")
    assert world.code("console", "hi") == 303
    assert world.answer("console", "/msg #ops hi", Sent).seq == 1


def test_a_private_room_of_an_account_lives_on(world: World) -> None:
    world.register("ana")
    set_to(world, "private", "on")
    world.say("bo", "/part #ops")
    world.say("ana", "/quit")
    assert world.code("cy", "/join #ops") == 302
