"""How long what was said is kept."""

from __future__ import annotations

import pytest

from chatd.core.effects import Wake
from chatd.core.events import Refused
from chatd.core.log import Logged
from chatd.core.records import Expired
from chatd.core.results import Sent
from tests.core.lasting import restarted
from tests.core.scenes import room_of, set_to
from tests.core.world import World, dump, events, of_kind


@pytest.fixture
def world() -> World:
    return room_of("ana", "bo")


def texts(world: World) -> list[str]:
    """Return what the ring of #ops holds."""
    return [logged.text for logged in world.hub.rooms["#ops"].ring if logged.is_message]


def test_what_is_too_old_leaves_memory_and_disk(world: World) -> None:
    world.say("bo", "old")
    world.tick(3600)
    world.say("bo", "new")
    effects = world.say("ana", "/set #ops retain 30m")
    room = world.hub.rooms["#ops"]
    assert of_kind(effects, Expired) == [Expired(room.id, world.now - 1800_000)]
    assert texts(world) == ["new"]
    assert "old" not in repr(dump(world.hub))


def test_it_goes_on_by_itself(world: World) -> None:
    world.say("ana", "/set #ops retain 10m")
    world.say("bo", "one")
    effects = []
    for _ in range(11):
        effects = world.tick(60)
    assert texts(world) == []
    assert len(of_kind(effects, Expired)) == 1
    assert of_kind(effects, Wake)


def test_numbers_go_on(world: World) -> None:
    world.say("bo", "one")
    world.tick(3600)
    world.say("ana", "/set #ops retain 30m")
    world.tick(3600)
    assert list(world.hub.rooms["#ops"].ring) == []
    assert world.answer("bo", "two", Sent).seq == 3
    assert world.code("bo", "/react 99 👍") == 331


@pytest.mark.parametrize("again", [["10m"] * 5, ["off", "10m"] * 3, ["1h", "10m"]])
def test_however_often_it_is_set_it_is_swept_as_often(world: World, again: list[str]) -> None:
    for value in ["10m", *again]:
        set_to(world, "retain", value)
    swept = [len(of_kind(world.tick(60), Expired)) for _ in range(10)]
    assert swept == [1] * 10


def test_it_can_be_switched_off(world: World) -> None:
    set_to(world, "retain", "10m")
    world.say("bo", "one")
    set_to(world, "retain", "off")
    effects = world.tick(3600)
    assert of_kind(effects, Expired) == []
    assert texts(world) == ["one"]


def test_it_goes_on_after_a_restart(world: World) -> None:
    world.register("ana")
    set_to(world, "retain", "10m")
    world.say("bo", "one")
    after = restarted(world)
    assert of_kind(after.tick(0), Expired)
    after.tick(660)
    assert texts(after) == []


def test_pins_of_what_is_gone_are_gone(world: World) -> None:
    world.say("bo", "one")
    world.say("ana", "/pin 1")
    world.tick(3600)
    world.say("bo", "two")
    world.say("ana", "/pin 3")
    set_to(world, "retain", "30m")
    assert set(world.hub.rooms["#ops"].pins) == {3}


def test_other_rooms_are_left_alone(world: World) -> None:
    world.say("cy", "/msg #lobby old")
    world.tick(3600)
    effects = world.say("ana", "/set #ops retain 30m")
    assert [expired.conversation for expired in of_kind(effects, Expired)] != [world.hub.lobby.id]
    assert isinstance(world.hub.lobby.ring[0], Logged)


def test_a_refusal_says_what_can_be_set(world: World) -> None:
    world.heard("ana")
    world.say("ana", "/set #ops colour red")
    (refused,) = events(world.heard("ana"), Refused)
    assert "retain" in refused.try_
