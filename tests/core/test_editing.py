"""Changing and erasing what was said."""

from __future__ import annotations

import json

import pytest

from chatd.core.commands import Delete, Edit
from chatd.core.effects import Lookup
from chatd.core.events import Deleted, Edited, Said
from chatd.core.log import Logged, shown
from chatd.core.records import Appended, Audited, Erased, Record, Rewritten
from chatd.core.results import RoomEntered, Sent
from tests.core.test_resuming import resume
from tests.core.world import World, dump, events, of_kind

SECRET = "sesame-4711"


@pytest.fixture
def world() -> World:
    """Return #ops of ana, with bo and cy."""
    made = World(ring=8)
    for number, session in enumerate(("ana", "bo", "cy"), 1):
        made.connect(session, mode="json", address=f"192.0.2.{number}")
        made.say(session, "/join #ops")
    made.silence()
    return made


def ring(world: World, seq: int) -> Logged:
    """Return an event of #ops."""
    logged = world.hub.rooms["#ops"].logged(seq)
    assert logged is not None
    return logged


# Changing


def test_a_message_reads_otherwise(world: World) -> None:
    world.say("bo", "helo")
    sent = world.answer("bo", "/edit 1 hello", Sent)
    assert (sent.seq, sent.to) == (2, "#ops")
    (edited,) = events(world.heard("cy"), Edited)
    assert (edited.seq, edited.of, edited.by, edited.text) == (2, 1, "bo", "hello")
    assert (ring(world, 1).text, ring(world, 1).state) == ("hello", "edited")


def test_a_page_shows_it_as_it_reads_now(world: World) -> None:
    world.say("bo", "helo")
    world.say("bo", "/edit 1 hello")
    said = shown(ring(world, 1), "#ops", "cy")
    assert isinstance(said, Said)
    assert (said.text, said.edited, said.deleted) == ("hello", True, False)
    assert 'helo"' not in repr(world.hub.rooms["#ops"].ring)


def test_it_is_durable(world: World) -> None:
    world.say("bo", "helo")
    effects = world.say("bo", "/edit 1 hello")
    (rewritten,) = of_kind(effects, Rewritten)
    assert (rewritten.logged.seq, rewritten.logged.text) == (1, "hello")
    (appended,) = of_kind(effects, Appended)
    assert (appended.logged.seq, appended.logged.kind) == (2, "edit")


def test_it_may_be_changed_again_and_answered(world: World) -> None:
    world.say("bo", "one")
    world.say("bo", "/edit 1 two")
    world.say("bo", "/edit 1 three")
    assert ring(world, 1).text == "three"
    assert world.answer("cy", "/reply 1 yes", Sent).seq == 4


def test_whoever_is_called_by_the_new_text_is_told(world: World) -> None:
    world.say("bo", "hi all")
    world.silence()
    world.say("bo", "/edit 1 hi cy")
    assert [event.mention for event in events(world.heard("cy"), Edited)] == [True]
    assert [event.mention for event in events(world.heard("ana"), Edited)] == [False]
    assert ring(world, 1).mentions == ("cy",)


@pytest.mark.parametrize("seq", [0, 2, 3, 99])
def test_only_a_message_is_changed(world: World, seq: int) -> None:
    world.say("bo", "one")
    world.say("bo", "/react 1 👍")
    world.say("ana", "/topic words")
    assert world.code("bo", f"/edit {seq} new") == 331


@pytest.mark.parametrize(("text", "code"), [("   ", 104), ("x" * 4097, 320), ("\n" * 101, 104)])
def test_the_new_text_is_a_text(world: World, text: str, code: int) -> None:
    world.say("bo", "one")
    line = json.dumps({"do": "edit", "seq": 1, "text": text})
    assert world.code("bo", line) == code
    assert ring(world, 1).text == "one"


def test_only_one_s_own(world: World) -> None:
    world.say("bo", "one")
    code, text = world.refusal("cy", "/edit 1 new")
    assert (code, text) == (330, "Message 1 in #ops is not yours.")
    assert world.code("cy", "/del 1") == 330


def test_in_private_nobody_changes_the_other_s(world: World) -> None:
    world.register("ana")
    world.make_admin("ana")
    world.say("bo", "/msg ana psst")
    assert world.code("ana", json.dumps({"do": "edit", "to": "@bo", "seq": 1, "text": "x"})) == 330
    assert world.code("ana", json.dumps({"do": "del", "to": "@bo", "seq": 1})) == 330


def test_a_moderator_changes_what_others_said(world: World) -> None:
    world.say("bo", "rude")
    effects = world.say("ana", "/edit 1 polite")
    assert [(a.action, a.whom, a.room) for a in of_kind(effects, Audited)] == [
        ("edit", "bo 1", "#ops")
    ]
    (edited,) = events(world.heard("bo"), Edited)
    assert (edited.by, edited.text) == ("ana", "polite")
    assert ring(world, 1).nick == "bo"


def test_one_s_own_is_nobody_s_business(world: World) -> None:
    world.say("bo", "one")
    effects = [*world.say("bo", "/edit 1 two"), *world.say("bo", "/del 1")]
    assert of_kind(effects, Audited) == []


def test_an_account_changes_what_it_said_by_another_session(world: World) -> None:
    world.say("bo", "one")
    world.register("bo")
    world.connect("new", nick=False)
    world.login("new", "bo")
    world.say("new", "/go #ops")
    assert world.answer("new", "/edit 1 two", Sent).seq == 2


def test_a_nonce_changes_once(world: World) -> None:
    world.say("bo", "one")
    line = json.dumps({"do": "edit", "seq": 1, "text": "two", "nonce": "n1"})
    first = world.answer("bo", line, Sent)
    effects = world.say("bo", line)
    assert not of_kind(effects, Record)
    assert events(world.heard("bo"), Sent) == [first]


def test_who_is_ignored_says_nothing_by_changing(world: World) -> None:
    world.register("cy")
    world.say("bo", "/msg cy hello")
    world.say("cy", "/ignore bo")
    world.silence()
    line = {"do": "edit", "to": "@cy", "seq": 1, "text": "insult"}
    assert world.code("bo", json.dumps(line)) == 311
    assert world.heard("cy") == []
    world.say("bo", json.dumps({"do": "del", "to": "@cy", "seq": 1}))
    assert [event.of for event in events(world.heard("cy"), Deleted)] == [1]


# Erasing


def test_a_message_is_erased(world: World) -> None:
    world.say("bo", SECRET)
    world.silence()
    assert world.answer("bo", "/del 1", Sent).seq == 2
    assert [(e.seq, e.of, e.by) for e in events(world.heard("cy"), Deleted)] == [(2, 1, "bo")]
    said = shown(ring(world, 1), "#ops", "cy")
    assert isinstance(said, Said)
    assert (said.text, said.deleted) == (None, True)


def test_the_hub_holds_nothing_of_it(world: World) -> None:
    world.say("bo", json.dumps({"do": "msg", "text": f"cy: {SECRET}", "nonce": "n1"}))
    for number in range(3):
        world.say("bo", f"/edit 1 {SECRET} {number}")
    world.say("cy", "/react 1 👍")
    world.say("ana", "/pin 1")
    world.say("bo", "/del 1")
    state = dump(world.hub)
    assert SECRET not in repr(state)
    room = world.hub.rooms["#ops"]
    assert (room.reactions, room.pins) == ({}, {})
    assert [logged.mentions for logged in room.ring if logged.kind == "edit"] == [()] * 3


def test_nor_tells_of_it(world: World) -> None:
    world.say("bo", SECRET)
    world.say("bo", f"/edit 1 more {SECRET}")
    world.disconnect("cy")
    world.silence()
    effects = world.say("bo", "/del 1")
    assert SECRET not in repr(effects)
    world.connect("dd")
    assert SECRET not in repr(world.answer("dd", "/join #ops", RoomEntered))
    assert SECRET not in repr(resume(world, "cy", seen={"#ops": 0}))


def test_the_store_erases_it_too(world: World) -> None:
    world.say("bo", SECRET)
    effects = world.say("bo", "/del 1")
    assert of_kind(effects, Erased) == [Erased(world.hub.rooms["#ops"].id, 1, "deleted")]


@pytest.mark.parametrize("line", ["/edit 1 x", "/del 1", "/reply 1 x", "/react 1 👍", "/pin 1"])
def test_what_is_erased_is_no_message(world: World, line: str) -> None:
    world.say("ana", "one")
    world.say("ana", "/del 1")
    assert world.code("ana", line) == 331


def test_a_moderator_erases_what_others_said(world: World) -> None:
    world.say("bo", SECRET)
    effects = world.say("ana", "/del 1")
    (act,) = of_kind(effects, Audited)
    assert (act.action, act.whom, act.room, act.who) == ("del", "bo 1", "#ops", "ana")
    assert SECRET not in repr(effects)


def test_reactions_edits_and_topics_are_not_erased(world: World) -> None:
    world.say("ana", "one")
    world.say("ana", "/react 1 👍")
    world.say("ana", "/edit 1 two")
    for seq in (2, 3):
        assert world.code("ana", f"/del {seq}") == 331


# What has left the memory


@pytest.fixture
def old(world: World) -> World:
    """Return the same, where message 1 of bo is in the store alone."""
    for number in range(10):
        world.say("bo", f"line {number}")
    world.silence()
    return world


def message(text: str, **also: object) -> Logged:
    """Return message 1 of bo as the store holds it."""
    return Logged(
        conversation=2,
        seq=1,
        t=0,
        kind="text",
        uid="bo",
        nick="bo",
        text=text,
        **also,  # type: ignore[arg-type]
    )


def lookup(world: World, session: str, line: str) -> Lookup:
    """Have a session ask for what must be looked up."""
    (found,) = of_kind(world.say(session, line), Lookup)
    return found


def test_an_old_message_is_looked_up_and_changed(old: World) -> None:
    need = lookup(old, "bo", "/edit 1 new")
    assert (need.query.conversation, need.query.seq) == (old.hub.rooms["#ops"].id, 1)
    assert isinstance(need.command, Edit)
    assert need.command.to == "#ops"
    effects = old.found("bo", need.command, message("old"))
    (rewritten,) = of_kind(effects, Rewritten)
    assert (rewritten.logged.text, rewritten.logged.state) == ("new", "edited")


def test_an_old_message_of_somebody_else_is_not(old: World) -> None:
    need = lookup(old, "cy", "/del 1")
    effects = old.found("cy", need.command, message("old"))
    assert not of_kind(effects, Record)


def test_an_old_message_is_erased_once(old: World) -> None:
    first, second = lookup(old, "bo", "/del 1"), lookup(old, "ana", "/del 1")
    assert isinstance(first.command, Delete)
    assert of_kind(old.found("bo", first.command, message(SECRET)), Erased)
    old.silence()
    effects = old.found("ana", second.command, message(SECRET))
    assert not of_kind(effects, Record)
    assert SECRET not in repr(dump(old.hub))


def test_what_was_erased_while_it_was_looked_up_stays_erased(old: World) -> None:
    edit, erase = lookup(old, "bo", "/edit 1 back again"), lookup(old, "bo", "/del 1")
    old.found("bo", erase.command, message(SECRET))
    effects = old.found("bo", edit.command, message(SECRET))
    assert not of_kind(effects, Record)


def test_edits_that_are_in_memory_are_erased_with_an_old_message(old: World) -> None:
    edit = lookup(old, "bo", f"/edit 1 {SECRET}")
    old.found("bo", edit.command, message("old"))
    assert SECRET in repr(dump(old.hub))
    erase = lookup(old, "bo", "/del 1")
    old.found("bo", erase.command, message(SECRET, state="edited"))
    assert SECRET not in repr(dump(old.hub))


def test_what_is_not_in_the_store_is_not_there(old: World) -> None:
    need = lookup(old, "bo", "/del 1")
    assert not of_kind(old.found("bo", need.command, None), Record)
