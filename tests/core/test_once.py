"""What can be viewed once."""

from __future__ import annotations

import json

import pytest

from chatd.core.commands import View
from chatd.core.effects import Lookup
from chatd.core.events import Deleted, OnceSaid, Viewed
from chatd.core.log import Logged, shown
from chatd.core.records import Appended, Erased, Record
from chatd.core.results import Sent, ViewedOnce
from tests.core.world import World, dump, events, of_kind

SECRET = "sesame-4711"


@pytest.fixture
def world() -> World:
    """Return ana, with two sessions, bo and cy, all accounts."""
    made = World(ring=3)
    made.connect("ana", "bo", "cy", mode="json")
    made.register("ana", "bo", "cy")
    made.connect("two", mode="json", nick=False)
    made.login("two", "ana")
    made.silence()
    return made


def viewed(world: World, session: str, seq: int, to: str) -> ViewedOnce:
    """View something; return it."""
    return world.answer(session, f"/view {seq} {to}", ViewedOnce)


def test_it_is_told_without_its_text(world: World) -> None:
    sent = world.answer("bo", f"/once ana {SECRET}", Sent)
    assert (sent.seq, sent.to, sent.state) == (1, "@ana", "delivered")
    for session in ("ana", "two"):
        told = world.heard(session)
        assert [(e.in_, e.seq, e.from_) for e in events(told, OnceSaid)] == [("@bo", 1, "bo")]
        assert SECRET not in repr(told)
    assert world.heard("cy") == []


def test_no_page_shows_its_text(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    (logged,) = of_kind(world.effects, Appended)[-1:]
    for reader in ("ana", "bo"):
        assert SECRET not in repr(shown(logged.logged, "@bo", reader))


def test_it_is_viewed_once(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    found = viewed(world, "ana", 1, "bo")
    assert (found.to, found.seq, found.from_, found.text) == ("@bo", 1, "bo", SECRET)
    assert world.code("ana", "/view 1 bo") == 331
    assert world.code("two", "/view 1 bo") == 331


def test_all_are_told_that_it_was_viewed(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    world.silence()
    world.say("ana", "/view 1 bo")
    assert events(world.heard("bo"), Viewed) == [Viewed(in_="@ana", seq=1)]
    assert events(world.heard("two"), Viewed) == [Viewed(in_="@bo", seq=1)]
    assert events(world.heard("ana"), Viewed) == []


def test_it_is_erased_before_it_is_shown(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    effects = world.say("ana", "/view 1 bo")
    private = next(iter(world.hub.nicks["ana"].privates.values()))
    assert effects[0] == Erased(private.id, 1, "viewed")
    assert SECRET not in repr(dump(world.hub))


def test_afterwards_it_is_shown_as_viewed(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    world.say("ana", "/view 1 bo")
    private = next(iter(world.hub.nicks["ana"].privates.values()))
    logged = private.logged(1)
    assert logged is not None
    event = shown(logged, "@bo", "ana")
    assert isinstance(event, OnceSaid)
    assert event.viewed


@pytest.mark.parametrize("who", ["bo", "cy"])
def test_only_to_whom_it_was_sent(world: World, who: str) -> None:
    world.say("bo", f"/once ana {SECRET}")
    assert world.code(who, "/view 1 ana") == 331
    assert viewed(world, "ana", 1, "bo").text == SECRET


@pytest.mark.parametrize("seq", [0, 2, 99])
def test_nothing_else_is_viewed(world: World, seq: int) -> None:
    world.say("bo", f"/once ana {SECRET}")
    world.say("bo", "/msg ana hi")
    assert world.code("ana", f"/view {seq} bo") == 331


def test_in_the_current_conversation_it_needs_no_name(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    world.say("ana", "/go bo")
    assert world.answer("ana", "/view 1", ViewedOnce).text == SECRET


def test_one_may_send_something_to_oneself(world: World) -> None:
    world.say("ana", f"/once ana {SECRET}")
    assert viewed(world, "two", 1, "ana").text == SECRET
    assert world.code("ana", "/view 1 ana") == 331


def test_it_is_taken_back(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    world.silence()
    effects = world.say("bo", json.dumps({"do": "del", "to": "@ana", "seq": 1}))
    assert [erased.state for erased in of_kind(effects, Erased)] == ["deleted"]
    assert [event.of for event in events(world.heard("ana"), Deleted)] == [1]
    assert world.code("ana", "/view 1 bo") == 331
    assert SECRET not in repr(dump(world.hub))


def test_what_was_viewed_is_not_taken_back(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    world.say("ana", "/view 1 bo")
    assert world.code("bo", json.dumps({"do": "del", "to": "@ana", "seq": 1})) == 331


@pytest.mark.parametrize(
    "line",
    [
        '{"do":"edit","to":"@ana","seq":1,"text":"x"}',
        '{"do":"reply","to":"@ana","seq":1,"text":"x"}',
        '{"do":"react","to":"@ana","seq":1,"emoji":"👍"}',
    ],
)
def test_it_is_neither_changed_nor_answered(world: World, line: str) -> None:
    world.say("bo", f"/once ana {SECRET}")
    assert world.code("bo", line) == 331


def test_to_whom_ignores_one_nothing_is_sent(world: World) -> None:
    world.say("ana", "/ignore bo")
    assert world.code("bo", f"/once ana {SECRET}") == 311


def test_a_nonce_sends_it_once(world: World) -> None:
    line = json.dumps({"do": "once", "nick": "ana", "text": SECRET, "nonce": "n1"})
    first = world.answer("bo", line, Sent)
    assert world.answer("bo", line, Sent) == first
    assert len(of_kind(world.effects, Appended)) == 1


def test_it_waits_for_who_is_offline(world: World) -> None:
    for session in ("ana", "two"):
        world.say(session, "/quit")
    assert world.answer("bo", f"/once ana {SECRET}", Sent).state == "stored"
    world.connect("new", nick=False)
    world.login("new", "ana")
    assert viewed(world, "new", 1, "bo").text == SECRET


# What has left the memory


def once() -> Logged:
    """Return it as the store holds it."""
    return Logged(conversation=2, seq=1, t=0, kind="once", uid="bo", nick="bo", text=SECRET)


def test_two_sessions_that_view_an_old_one_at_once(world: World) -> None:
    world.say("bo", f"/once ana {SECRET}")
    for number in range(5):
        world.say("bo", f"/msg ana line {number}")
    needs = [
        of_kind(world.say(session, "/view 1 bo"), Lookup)[0].command for session in ("ana", "two")
    ]
    assert all(isinstance(need, View) for need in needs)
    world.silence()
    world.found("ana", needs[0], once())
    effects = world.found("two", needs[1], once())
    assert [found.text for found in events(world.heard("ana"), ViewedOnce)] == [SECRET]
    assert events(world.heard("two"), ViewedOnce) == []
    assert not of_kind(effects, Record)
    assert SECRET not in repr(dump(world.hub))


def test_a_guest_who_could_not_view_it_is_sent_nothing() -> None:
    made = World()
    made.connect("ana", "guest")
    made.register("ana")
    assert made.code("ana", "/once guest psst") == 310
    assert not made.heard("guest")
