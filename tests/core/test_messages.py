"""Saying, answering, reacting, typing, reading."""

from __future__ import annotations

import json

import pytest

from chatd.core.commands import React, Reply
from chatd.core.effects import Fetch, Lookup
from chatd.core.events import Reacted, Said, TypingSet
from chatd.core.log import Logged
from chatd.core.queries import EventOf, HistoryOf, PageOf
from chatd.core.records import Appended, ConversationOpened
from chatd.core.results import ReactionSent, Sent
from tests.core.world import START, World, events, of_kind

NOW = "2023-11-14T22:13:20.000Z"


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo")
    return made


def said(world: World, session: str) -> list[tuple[str, int, str | None]]:
    return [(event.in_, event.seq, event.text) for event in events(world.heard(session), Said)]


# Saying


def test_words_are_told_to_the_others_and_answered(world: World) -> None:
    assert world.answer("ana", "hi", Sent) == Sent(seq=1, t=NOW, state="delivered", to="#lobby")
    assert world.heard("bo") == [
        Said(in_="#lobby", seq=1, t=NOW, from_="ana", text="hi", kind="text")
    ]


def test_the_record_comes_before_anything_is_told(world: World) -> None:
    effects = world.say("ana", "hi")
    assert isinstance(effects[0], ConversationOpened)
    assert isinstance(effects[1], Appended)


def test_numbers_go_on_whoever_speaks(world: World) -> None:
    for session in ("ana", "bo", "ana"):
        world.say(session, "hi")
    assert world.answer("bo", "hi", Sent).seq == 4


def test_me_is_a_message_of_its_own_kind(world: World) -> None:
    world.say("ana", "/me waves")
    (event,) = events(world.heard("bo"), Said)
    assert (event.kind, event.text) == ("me", "waves")


def test_a_message_to_a_room_leaves_the_current_one_alone(world: World) -> None:
    world.say("ana", "/join #ops")
    assert world.answer("ana", "/msg #lobby hi", Sent).to == "#lobby"
    assert world.answer("ana", "hi", Sent).to == "#ops"


def test_nobody_who_is_not_in_a_room_hears_it(world: World) -> None:
    world.say("ana", "/join #ops")
    world.silence()
    world.say("ana", "secret")
    assert world.heard("bo") == []


def test_words_that_nobody_can_read_now_are_stored(world: World) -> None:
    world.say("ana", "/join #ops")
    assert world.answer("ana", "note to myself", Sent).state == "stored"


def test_words_to_who_is_lost_are_stored(world: World) -> None:
    world.connect("js", mode="json")
    world.disconnect("js")
    assert world.answer("ana", "/msg js hi", Sent).state == "stored"


@pytest.mark.parametrize("text", ["", " ", "\n", "\u2028", "\x00"])
def test_an_empty_message_is_refused(world: World, text: str) -> None:
    assert world.code("ana", json.dumps({"do": "msg", "text": text})) == 104


def test_4096_bytes_are_short_enough(world: World) -> None:
    assert world.answer("ana", json.dumps({"do": "msg", "text": "é" * 2048}), Sent).seq == 1
    assert world.code("ana", json.dumps({"do": "msg", "text": "é" * 2048 + "x"})) == 320


def test_100_lines_are_few_enough(world: World) -> None:
    assert world.answer("ana", json.dumps({"do": "msg", "text": "x\n" * 99 + "x"}), Sent).seq == 1
    assert world.code("ana", json.dumps({"do": "msg", "text": "x\n" * 100 + "x"})) == 320


def test_what_is_refused_takes_no_number(world: World) -> None:
    world.code("ana", json.dumps({"do": "msg", "text": "x" * 5000}))
    assert world.answer("ana", "hi", Sent).seq == 1


@pytest.mark.parametrize(
    ("to", "code"), [("#nowhere", 301), ("#a,b", 211), ("@nobody", 310), ("nobody", 310)]
)
def test_a_message_to_nothing_is_refused(world: World, to: str, code: int) -> None:
    assert world.code("ana", f"/msg {to} hi") == code


def test_a_message_to_a_room_one_is_not_in_is_refused(world: World) -> None:
    world.say("bo", "/join #ops")
    assert world.code("ana", "/msg #ops hi") == 303


# Private


def test_a_private_conversation_is_called_by_the_other_one(world: World) -> None:
    assert world.answer("ana", "/msg bo psst", Sent).to == "@bo"
    assert said(world, "bo") == [("@ana", 1, "psst")]


def test_both_directions_are_one_conversation(world: World) -> None:
    world.say("ana", "/msg @bo psst")
    assert world.answer("bo", "/msg ana what", Sent).seq == 2


def test_each_pair_counts_for_itself(world: World) -> None:
    world.connect("cy")
    for line in ("/msg bo 1", "/msg bo 2", "/msg cy 1"):
        world.say("ana", line)
    assert said(world, "cy") == [("@ana", 1, "1")]


def test_a_third_one_hears_nothing(world: World) -> None:
    world.connect("cy")
    world.say("ana", "/msg bo psst")
    assert world.heard("cy") == []


def test_one_may_talk_to_oneself(world: World) -> None:
    assert world.answer("ana", "/msg ana note", Sent).to == "@ana"
    assert world.answer("ana", "/msg ana more", Sent).seq == 2


def test_a_conversation_keeps_its_numbers_under_a_new_name(world: World) -> None:
    world.say("ana", "/msg bo psst")
    world.say("bo", "/nick robert")
    assert world.answer("ana", "/msg robert again", Sent).seq == 2


def test_who_has_left_can_be_read_but_not_written_to(world: World) -> None:
    world.say("ana", "/msg bo psst")
    world.say("bo", "/quit")
    assert world.code("ana", "/msg bo hello?") == 310
    effects = world.say("ana", "/history @bo")
    assert [_page(fetch).name for fetch in of_kind(effects, Fetch)] == ["@bo"]


def test_words_to_a_conversation_whose_other_one_left_are_refused(world: World) -> None:
    world.say("ana", "/go bo")
    world.say("bo", "/quit")
    assert world.code("ana", "hello?") == 310


# Whispers


def test_a_whisper_is_read_by_one_alone(world: World) -> None:
    world.connect("cy")
    assert world.answer("ana", "/whisper bo psst", Sent).to == "@bo"
    (event,) = events(world.heard("bo"), Said)
    assert (event.in_, event.kind, event.room) == ("@ana", "whisper", "#lobby")
    assert world.heard("cy") == []


def test_a_whisper_to_who_is_not_in_the_room_is_refused(world: World) -> None:
    world.say("ana", "/join #ops")
    assert world.refusal("ana", "/whisper bo psst") == (303, "bo is not in #ops.")
    assert world.code("ana", "/whisper nobody psst") == 310


def test_a_whisper_needs_a_room(world: World) -> None:
    world.say("ana", "/go bo")
    assert world.code("ana", "/whisper bo psst") == 303


# Mentions


@pytest.mark.parametrize(
    "text", ["bo: look", "hi Bo!", "ask @bo, please", "(bo)", "bo's", "bo.", "hm, bo"]
)
def test_who_is_named_is_mentioned(world: World, text: str) -> None:
    world.connect("cy")
    world.say("ana", text)
    assert [event.mention for event in events(world.heard("bo"), Said)] == [True]
    assert [event.mention for event in events(world.heard("cy"), Said)] == [False]


@pytest.mark.parametrize("text", ["bob", "robo", "hi", "bo-bo"])
def test_nobody_else_is_mentioned(world: World, text: str) -> None:
    world.say("ana", text)
    assert [event.mention for event in events(world.heard("bo"), Said)] == [False]


@pytest.mark.parametrize(
    ("nick", "text"), [("straße", "hi straße"), ("Ἀθηνᾶ", "Ἀθηνᾶ!"), ("jose\u0301", "josé?")]
)
def test_a_nick_of_any_alphabet_is_found(world: World, nick: str, text: str) -> None:
    world.say("bo", f"/nick {nick}")
    world.silence()
    world.say("ana", text)
    assert [event.mention for event in events(world.heard("bo"), Said)] == [True]


def test_who_is_answered_is_mentioned(world: World) -> None:
    world.say("bo", "a question")
    world.say("ana", "/reply 1 an answer")
    (event,) = events(world.heard("bo"), Said)
    assert (event.reply, event.mention) == (1, True)


def test_an_answer_to_who_has_left_mentions_nobody(world: World) -> None:
    world.connect("cy")
    world.say("bo", "a question")
    world.say("bo", "/part")
    world.silence()
    world.say("ana", "/reply 1 an answer")
    assert world.heard("bo") == []
    assert [event.mention for event in events(world.heard("cy"), Said)] == [False]


# Answers and reactions


@pytest.mark.parametrize(
    "line", ["/reply 9 x", "/reply 0 x", "/react 9 👍", "/reply 999999999999 x"]
)
def test_what_was_not_said_cannot_be_answered(world: World, line: str) -> None:
    world.say("bo", "one")
    assert world.code("ana", line) == 331


def test_a_topic_cannot_be_answered(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "/topic words")
    assert world.code("ana", "/reply 1 x") == 331
    assert world.code("ana", "/react 1 👍") == 331


def test_a_reaction_is_taken_back_by_the_same_again(world: World) -> None:
    world.say("bo", "one")
    answers = [world.answer("ana", "/react 1 👍", ReactionSent) for _ in range(3)]
    assert [(answer.seq, answer.on) for answer in answers] == [(2, True), (3, False), (4, True)]
    assert [(event.of, event.on) for event in events(world.heard("bo"), Reacted)] == [
        (1, True),
        (1, False),
        (1, True),
    ]


def test_different_people_and_emojis_do_not_take_back_each_other(world: World) -> None:
    world.say("bo", "one")
    for session, emoji in (("ana", "👍"), ("bo", "👍"), ("ana", "🎉")):
        assert world.answer(session, f"/react 1 {emoji}", ReactionSent).on


@pytest.mark.parametrize("emoji", ["", " ", "a b", "👍" * 9])
def test_what_is_no_emoji_is_refused(world: World, emoji: str) -> None:
    world.say("bo", "one")
    assert world.code("ana", json.dumps({"do": "react", "seq": 1, "emoji": emoji})) == 104


def many(world: World) -> None:
    for number in range(70):
        world.say("bo", f"line {number + 1}")
    world.silence()


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/reply 2 x", Reply(to="#lobby", seq=2, text="x")),
        ("/react 2 👍", React(to="#lobby", seq=2, emoji="👍")),
    ],
)
def test_an_old_message_is_looked_up(world: World, line: str, command: Reply | React) -> None:
    many(world)
    lobby = world.hub.lobby.id
    assert world.say("ana", line) == [Lookup("ana", EventOf(lobby, 2, "ana"), command)]
    assert world.heard("ana") == []


def test_what_was_found_is_answered(world: World) -> None:
    many(world)
    (lookup,) = of_kind(world.say("ana", '{"do":"reply","seq":2,"text":"x","id":5}'), Lookup)
    logged = next(r.logged for r in of_kind(world.effects, Appended) if r.logged.seq == 2)
    world.found("ana", lookup.command, logged)
    (sent,) = events(world.heard("ana"), Sent)
    assert (sent.re, sent.seq) == (5, 71)
    (event,) = events(world.heard("bo"), Said)
    assert (event.reply, event.mention) == (2, True)


def test_what_was_not_found_is_refused(world: World) -> None:
    many(world)
    (lookup,) = of_kind(world.say("ana", "/reply 2 x"), Lookup)
    world.found("ana", lookup.command, None)
    assert [getattr(told, "code", None) for told in world.heard("ana")] == [331]


def test_a_found_event_that_is_no_message_is_refused(world: World) -> None:
    many(world)
    (lookup,) = of_kind(world.say("ana", "/react 2 👍"), Lookup)
    logged = Logged(
        conversation=1, seq=2, t=START, kind="react", uid="bo", nick="bo", text="👍", of=1
    )
    world.found("ana", lookup.command, logged)
    assert [getattr(told, "code", None) for told in world.heard("ana")] == [331]


# Typing


def test_typing_is_told_to_the_others(world: World) -> None:
    world.say("ana", "/typing on")
    assert world.heard("bo") == [TypingSet(in_="#lobby", from_="ana", on=True)]
    assert events(world.heard("ana"), TypingSet) == []


def test_typing_in_private_is_told_to_the_other_one(world: World) -> None:
    world.connect("cy")
    world.say("ana", '{"do":"typing","to":"bo","on":true}')
    assert world.heard("bo") == [TypingSet(in_="@ana", from_="ana", on=True)]
    assert world.heard("cy") == []


def test_who_leaves_does_not_type_any_more(world: World) -> None:
    world.say("ana", "/typing on")
    world.silence()
    world.say("ana", "/quit")
    assert events(world.heard("bo"), TypingSet) == [TypingSet(in_="#lobby", from_="ana", on=False)]


def test_typing_is_never_durable(world: World) -> None:
    assert of_kind(world.say("ana", "/typing on"), Appended) == []


# History


@pytest.mark.parametrize(
    ("line", "limit", "before", "after"),
    [
        ("/history", 50, 2, 0),
        ("/history 7", 7, 2, 0),
        ("/history 5000", 200, 2, 0),
        ("/history before:9", 50, 2, 0),
        ("/history after:9", 50, 2, 9),
        ('{"do":"history","before":0}', 50, 0, 0),
    ],
)
def test_a_page_is_read_from_the_store(
    world: World, line: str, limit: int, before: int, after: int
) -> None:
    world.say("bo", "one")
    (fetch,) = of_kind(world.say("ana", line), Fetch)
    asked = _page(fetch)
    assert (fetch.session, asked.name) == ("ana", "#lobby")
    newest = "after" not in line
    assert asked.page == PageOf(world.hub.lobby.id, after, before, limit, newest)


def _page(fetch: Fetch) -> HistoryOf:
    assert isinstance(fetch.query, HistoryOf)
    return fetch.query


def test_no_page_is_read_of_a_room_one_is_not_in(world: World) -> None:
    world.say("bo", "/join #ops")
    assert world.code("ana", "/history #ops") == 303


def test_a_page_of_nothing_is_refused(world: World) -> None:
    assert world.code("ana", "/history 0") == 104
