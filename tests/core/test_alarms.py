"""What happens by itself, and that somebody looks at the time when it should."""

from __future__ import annotations

import pytest

from chatd.core.effects import Effect, Wake
from chatd.core.records import NameFreed, SanctionForgotten
from tests.core.lasting import restarted
from tests.core.world import World, of_kind

DAY = 86400


@pytest.fixture
def world() -> World:
    """Return #ops of ana, an account, with bo and cy, who are accounts too."""
    made = World()
    made.connect("ana", "bo", "cy")
    made.register("ana", "bo", "cy")
    for session in ("ana", "bo", "cy"):
        made.say(session, "/join #ops")
    return made


def wakes(effects: list[Effect]) -> list[int]:
    """Return when the hub wants to be woken."""
    return [wake.at for wake in of_kind(effects, Wake)]


def test_the_hub_is_woken_when_something_ends(world: World) -> None:
    assert wakes(world.say("ana", "/mute bo 10m")) == [world.now + 600_000]
    assert wakes(world.say("ana", "/ban cy 1h")) == [world.now + 3600_000]


def test_after_each_it_is_woken_for_the_next(world: World) -> None:
    world.say("ana", "/mute bo 10m")
    world.say("ana", "/ban cy 1h")
    began = world.now
    assert wakes(world.tick(600)) == [began + 3600_000]
    assert wakes(world.tick(3000)) == []


def test_who_looks_too_early_is_told_when(world: World) -> None:
    world.say("ana", "/mute bo 10m")
    began = world.now
    assert wakes(world.tick(1)) == [began + 600_000]
    assert wakes(world.tick(1)) == [began + 600_000]


def test_what_is_due_together_happens_together(world: World) -> None:
    for line in ("/mute bo 10m", "/mute cy 10m"):
        world.say("ana", line)
    effects = world.tick(600)
    assert [gone.target for gone in of_kind(effects, SanctionForgotten)] == ["bo", "cy"]


def test_what_is_late_happens_in_the_order_it_was_due(world: World) -> None:
    for line in ("/mute bo 20m", "/mute cy 10m"):
        world.say("ana", line)
    effects = world.tick(DAY)
    assert [gone.target for gone in of_kind(effects, SanctionForgotten)] == ["cy", "bo"]


def test_a_ban_of_a_room_that_ended_does_no_harm(world: World) -> None:
    world.say("ana", "/set private on")
    world.say("ana", "/ban bo 10m")
    for session in ("cy", "ana"):
        world.say(session, "/part #ops")
    assert "#ops" not in world.hub.rooms
    assert of_kind(world.tick(600), SanctionForgotten) == []


def test_after_a_restart_the_hub_is_woken_for_all(world: World) -> None:
    for line in ("/mute bo 10m", "/ban cy 1h", "/nick anna"):
        world.say("ana", line)
    after = restarted(world)
    effects = after.effects[len(world.effects) :]
    seconds = {(at - world.now) // 1000 for at in wakes(effects)}
    assert seconds == {600, 3600, 30 * DAY}
    assert of_kind(after.tick(30 * DAY), NameFreed) == [NameFreed("ana")]
    assert after.hub.alarms == []


def test_nothing_is_due_in_an_empty_hub() -> None:
    world = World()
    assert world.tick(DAY) == []
