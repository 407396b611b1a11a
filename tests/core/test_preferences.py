"""Whom one ignores, of what one wants notice."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Fetch, Replay
from chatd.core.events import Deleted, Edited, IgnoreSet, LevelSet, Reacted, Said, TypingSet
from chatd.core.queries import UnreadOf
from chatd.core.records import IgnoreForgotten, IgnoreKept, LevelKept
from chatd.core.results import IgnoredList, LevelIs, RoomEntered, Sent
from tests.core.lasting import restarted
from tests.core.world import World, events, of_kind, token_of


@pytest.fixture
def world() -> World:
    """Return ana, an account with two sessions, bo, another, and cy, a guest."""
    made = World(ring=4)
    made.connect("ana", "bo", "cy", mode="json")
    made.register("ana", "bo")
    made.connect("two", mode="json", nick=False)
    made.login("two", "ana")
    made.silence()
    return made


# Ignoring


def test_one_ignores_and_hears_again(world: World) -> None:
    assert world.answer("ana", "/ignore bo", IgnoredList).ignored == ("bo",)
    assert world.answer("ana", "/ignore @CY", IgnoredList).ignored == ("bo", "cy")
    assert world.answer("ana", "/unignore bo", IgnoredList).ignored == ("cy",)
    assert of_kind(world.effects, IgnoreKept) == [
        IgnoreKept("ana", "bo", "bo"),
        IgnoreKept("ana", "cy", "cy"),
    ]
    assert of_kind(world.effects, IgnoreForgotten) == [IgnoreForgotten("ana", "bo")]


def test_other_sessions_are_told_and_nobody_else(world: World) -> None:
    world.say("ana", "/ignore bo")
    assert world.heard("two") == [IgnoreSet(nick="bo", on=True)]
    assert world.heard("bo") == []
    world.say("two", "/unignore bo")
    assert IgnoreSet(nick="bo", on=False) in world.heard("ana")


@pytest.mark.parametrize(
    "line",
    ["/msg ana hi", "/once ana hi", "/whisper ana hi", '{"do":"me","to":"@ana","text":"waves"}'],
)
def test_who_is_ignored_cannot_write_in_private(world: World, line: str) -> None:
    world.say("ana", "/ignore bo")
    world.silence()
    assert world.refusal("bo", line) == (311, "ana ignores you.")
    assert world.heard("ana") + world.heard("two") == []


def test_nor_react_nor_type(world: World) -> None:
    world.say("ana", "/msg bo hi")
    world.say("ana", "/ignore bo")
    world.silence()
    assert (
        world.code("bo", json.dumps({"do": "react", "to": "@ana", "seq": 1, "emoji": "x"})) == 311
    )
    world.say("bo", json.dumps({"do": "typing", "to": "@ana", "on": True}))
    assert events(world.heard("ana"), TypingSet) == []


def test_the_other_way_it_goes(world: World) -> None:
    world.say("ana", "/ignore bo")
    assert world.answer("ana", "/msg bo hi", Sent).to == "@bo"


def test_in_rooms_he_is_marked_without_a_hole(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.silence()
    for session, text in (("cy", "one"), ("bo", "two ana"), ("cy", "three")):
        world.say(session, f"/msg #lobby {text}")
    for session in ("ana", "two"):
        told = events(world.heard(session), Said)
        assert [(e.seq, e.ignored, e.mention) for e in told] == [
            (1, False, False),
            (2, True, False),
            (3, False, False),
        ]
    world.silence()


def test_what_he_makes_of_messages_is_marked(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.silence()
    for line in ("/msg #lobby one", "/edit 1 ana", "/react 1 👍", "/react 1 👍", "/del 1"):
        world.say("bo", line)
    kinds = (Edited, Reacted, Deleted)
    for session, ignored in (("ana", True), ("cy", False)):
        told = [event for event in world.heard(session) if isinstance(event, kinds)]
        assert [event.ignored for event in told] == [ignored] * 4


def test_others_see_nothing_of_it(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.silence()
    world.say("bo", "/msg #lobby ana, cy")
    (said,) = events(world.heard("cy"), Said)
    assert (said.ignored, said.mention) == (False, True)


def test_by_whatever_name(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.say("bo", "/nick bob")
    assert world.code("bo", "/msg ana hi") == 311
    assert world.answer("ana", "/unignore bob", IgnoredList).ignored == ()
    assert world.answer("bo", "/msg ana hi", Sent).to == "@ana"


def test_a_guest_who_makes_an_account_is_still_ignored(world: World) -> None:
    world.say("ana", "/ignore cy")
    world.register("cy")
    assert world.code("cy", "/msg ana hi") == 311


def test_a_guest_who_is_gone_can_be_forgotten(world: World) -> None:
    world.say("ana", "/ignore cy")
    world.say("cy", "/quit")
    assert world.answer("ana", "/unignore cy", IgnoredList).ignored == ()


def test_whom_one_cannot_ignore(world: World) -> None:
    assert world.code("ana", "/ignore ana") == 104
    assert world.code("ana", "/ignore nobody") == 310
    assert world.code("ana", "/unignore bo") == 310


def test_what_is_shown_of_a_room_is_marked(world: World) -> None:
    world.say("bo", "/msg #lobby one")
    world.say("ana", "/ignore bo")
    entered = world.answer("ana", "/join #lobby", RoomEntered)
    assert [event.ignored for event in entered.recent if isinstance(event, Said)] == [True]


def test_what_was_missed_is_marked(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.disconnect("ana")
    world.say("bo", "/msg #lobby one")
    world.connect("new", mode="json", nick=False)
    world.say("new", f"/resume {token_of('ana')}")
    assert [event.ignored for event in events(world.heard("new"), Said)] == [True]


def test_also_where_it_comes_from_the_store(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.disconnect("ana")
    for number in range(9):
        world.say("bo", f"/msg #lobby line {number}")
    world.connect("new", mode="json", nick=False)
    effects = world.say("new", f"/resume {token_of('ana')}")
    assert [replay.ignored for replay in of_kind(effects, Replay)] == [frozenset({"bo"})]


def test_whom_one_ignores_survives_a_restart(world: World) -> None:
    world.say("ana", "/ignore bo")
    world.say("ana", "/ignore cy")
    after = restarted(world)
    for session, name in (("new", "ana"), ("other", "bo")):
        after.connect(session, nick=False)
        effects = after.login(session, name)
        if name == "ana":
            (fetch,) = of_kind(effects, Fetch)
            assert isinstance(fetch.query, UnreadOf)
            assert fetch.query.reply.ignored == ("bo", "cy")
    assert after.code("other", "/msg ana hi") == 311


def test_to_be_ignored_again_is_nothing_new(world: World) -> None:
    world.say("ana", "/ignore bo")
    assert world.answer("ana", "/ignore bo", IgnoredList).ignored == ("bo",)


# Levels of notice


def test_a_level_is_chosen_and_told(world: World) -> None:
    assert world.answer("ana", "/notify none", LevelIs) == LevelIs(to="#lobby", level="none")
    assert LevelSet(in_="#lobby", level="none") in world.heard("two")
    assert world.answer("ana", "/notify bo mentions", LevelIs).to == "@bo"
    assert [(kept.uid, kept.level) for kept in of_kind(world.effects, LevelKept)] == [
        ("ana", "none"),
        ("ana", "mentions"),
    ]


def test_it_is_found_at_the_next_entering(world: World) -> None:
    world.say("ana", "/notify #lobby mentions")
    assert world.answer("two", "/join #lobby", RoomEntered).level == "mentions"
    assert world.answer("bo", "/join #lobby", RoomEntered).level is None


def test_it_survives_a_restart(world: World) -> None:
    world.say("ana", "/notify #lobby mentions")
    after = restarted(world)
    after.connect("new", nick=False)
    after.login("new", "ana")
    assert after.answer("new", "/join #lobby", RoomEntered).level == "mentions"


@pytest.mark.parametrize(
    ("line", "code"),
    [("/notify loud", 104), ("/notify #nowhere all", 301), ("/notify @no all", 310)],
)
def test_what_is_no_level_or_place(world: World, line: str, code: int) -> None:
    assert world.code("ana", line) == code
    assert of_kind(world.effects, LevelKept) == []
