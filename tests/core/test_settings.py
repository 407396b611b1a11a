"""How a room is set: who gets in, what is shown."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Fetch
from chatd.core.events import Moderated, Refused
from chatd.core.queries import HistoryOf, MentionsOf, SearchFor
from chatd.core.records import Audited, Record, RoomKept
from chatd.core.results import RoomEntered, SettingsAre
from tests.core.lasting import restarted
from tests.core.scenes import room_of, set_to
from tests.core.world import World, dump, events, of_kind

DAY = 86400


@pytest.fixture
def world() -> World:
    return room_of("ana", "bo")


# Showing and setting


def test_settings_are_shown(world: World) -> None:
    shown = world.answer("ana", "/set", SettingsAre)
    assert (shown.room, shown.settings.private, shown.settings.history) == ("#ops", False, "on")
    assert world.answer("ana", "/set #ops", SettingsAre) == shown


def test_all_options_together(world: World) -> None:
    for option, value in (("private", "ON"), ("key", "k"), ("history", "joined")):
        set_to(world, option, value)
    settings = set_to(world, "RETAIN", "30d").settings
    assert (settings.private, settings.key) == (True, True)
    assert (settings.history, settings.retain) == ("joined", 30 * DAY)
    kept = of_kind(world.effects, RoomKept)[-1]
    assert (kept.private, kept.history, kept.retain) == (True, "joined", 30 * DAY * 1000)


def test_and_back(world: World) -> None:
    before = world.answer("ana", "/set", SettingsAre).settings
    for values in (("on", "k", "off", "1h"), ("off", "off", "on", "off")):
        for option, value in zip(("private", "key", "history", "retain"), values, strict=True):
            after = set_to(world, option, value).settings
    assert after == before


def test_a_change_is_an_event_of_the_room(world: World) -> None:
    assert set_to(world, "private", "on").seq == 1
    (act,) = events(world.heard("bo"), Moderated)
    assert (act.seq, act.action, act.option, act.value) == (1, "set", "private", "on")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("private", "maybe"), ("private", ""), ("key", ""), ("key", "two words")),
        *(("history", "never"), ("retain", "soon"), ("retain", "0s"), ("colour", "red")),
    ],
)
def test_what_cannot_be_set(world: World, option: str, value: str) -> None:
    before = dump(world.hub)
    line = json.dumps({"do": "set", "option": option, "value": value})
    effects = world.say("ana", line)
    assert [refused.code for refused in events(world.heard("ana"), Refused)] == [104]
    assert not of_kind(effects, Record)
    assert dump(world.hub) == before


@pytest.mark.parametrize(("option", "value"), [("private", "on"), ("key", "k")])
def test_the_lobby_stays_open(world: World, option: str, value: str) -> None:
    world.register("ana")
    world.make_admin("ana")
    line = json.dumps({"do": "set", "room": "#lobby", "option": option, "value": value})
    assert world.code("ana", line) == 104


# Keys


def test_a_key_opens(world: World) -> None:
    set_to(world, "key", "sesame")
    assert world.code("cy", "/join #ops") == 305
    assert world.code("cy", "/join #ops Sesame") == 305
    assert world.answer("cy", "/join #ops sesame", RoomEntered).room == "#ops"


def test_a_key_opens_a_private_room_too(world: World) -> None:
    set_to(world, "key", "sesame")
    set_to(world, "private", "on")
    assert world.code("cy", "/join #ops") == 302
    assert world.code("cy", "/join #ops wrong") == 305
    assert world.answer("cy", "/join #ops sesame", RoomEntered).room == "#ops"


def test_who_is_invited_needs_no_key(world: World) -> None:
    set_to(world, "key", "sesame")
    world.say("ana", "/invite cy #ops")
    assert world.answer("cy", "/join #ops", RoomEntered).room == "#ops"


def test_nobody_is_told_the_key_and_nothing_holds_it(world: World) -> None:
    set_to(world, "key", "sesame")
    assert "sesame" not in repr(world.effects)
    assert "sesame" not in repr(dump(world.hub))
    assert of_kind(world.effects, Audited)[-1].whom == "key on"


def test_a_key_is_good_after_a_restart(world: World) -> None:
    world.register("ana")
    set_to(world, "key", "sesame")
    after = restarted(world)
    after.connect("dd")
    assert after.code("dd", "/join #ops") == 305
    assert after.answer("dd", "/join #ops sesame", RoomEntered).room == "#ops"


# History: on, joined, off


def history(world: World, session: str) -> HistoryOf:
    """Have somebody ask for the history of #ops; return what the store is asked."""
    (fetch,) = of_kind(world.say(session, "/history #ops"), Fetch)
    assert isinstance(fetch.query, HistoryOf)
    return fetch.query


@pytest.mark.parametrize(("value", "recent"), [("on", [1, 2, 3]), ("joined", []), ("off", [])])
def test_what_who_enters_is_shown(world: World, value: str, recent: list[int]) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    set_to(world, "history", value)
    entered = world.answer("cy", "/join #ops", RoomEntered)
    assert [event.seq for event in entered.recent] == recent
    assert (entered.seq, entered.read) == (3, 3)


def test_all_may_be_read_where_history_is_on(world: World) -> None:
    world.say("bo", "one")
    world.say("cy", "/join #ops")
    assert history(world, "cy").page.after == 0


def test_since_one_joined_where_it_is_joined(world: World) -> None:
    set_to(world, "history", "joined")
    world.say("bo", "two")
    world.say("cy", "/join #ops")
    world.say("bo", "three")
    assert history(world, "cy").page.after == 2
    assert history(world, "bo").page.after == 0
    (fetch,) = of_kind(world.say("cy", "/history #ops after:0"), Fetch)
    assert fetch.query.page.after == 2  # type: ignore[attr-defined]


def test_coming_again_is_joining_again(world: World) -> None:
    set_to(world, "history", "joined")
    world.say("bo", "/part #ops")
    world.say("ana", "not for bo")
    world.say("bo", "/join #ops")
    assert history(world, "bo").page.after == 2


def test_nothing_where_it_is_off(world: World) -> None:
    world.say("bo", "one")
    set_to(world, "history", "off")
    for line in ("/history #ops", "/search one in:#ops", "/catchup #ops"):
        assert world.code("bo", line) == 340


@pytest.mark.parametrize("line", ["/search one", "/mentions"])
def test_where_one_may_not_read_nothing_is_found(world: World, line: str) -> None:
    world.say("bo", "one")
    set_to(world, "history", "off")
    (fetch,) = of_kind(world.say("bo", line), Fetch)
    assert isinstance(fetch.query, SearchFor | MentionsOf)
    assert world.hub.rooms["#ops"].id not in [p.conversation for p in fetch.query.places]


def test_an_administrator_reads_all(world: World) -> None:
    set_to(world, "history", "off")
    world.register("cy")
    world.make_admin("cy")
    assert history(world, "cy").page.after == 0


def test_what_was_said_at_a_join_survives_a_restart(world: World) -> None:
    world.register("ana", "cy")
    set_to(world, "history", "joined")
    world.say("bo", "one")
    world.say("cy", "/join #ops")
    after = restarted(world)
    after.connect("new", nick=False)
    after.login("new", "cy")
    assert history(after, "new").page.after == 2
