"""Conversations as they were the last time, and how the server corrects them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatd.core import commands as asked
from tests.chatcli.events import entered, msg, stamp, texts, unread
from tests.chatcli.runs import Run, stored

pytestmark = pytest.mark.usefixtures("folder")


def test_conversations_are_shown_as_they_were_before_the_server_answers(first: Run) -> None:
    first.tell(msg(1, "psst", in_="@bo"), msg(2, "again", in_="@bo"))
    first.state.find("#lobby").topic = "tea"  # type: ignore[union-attr]
    first.end()
    second = Run()
    assert texts(second.state) == ["one", "two", "three"]
    assert texts(second.state, "@bo") == ["psst", "again"]
    lobby, bo = second.state.find("#lobby"), second.state.find("@bo")
    assert lobby is not None
    assert bo is not None
    assert (lobby.topic, lobby.joined, lobby.old, bo.unread, bo.old) == ("tea", True, True, 2, True)
    assert second.state.current is lobby
    assert list(lobby.speakers) == ["bo"]
    second.end()


def test_the_server_fills_the_hole_and_corrects_what_is_old(first: Run) -> None:
    first.end()
    second = Run()
    second.state.looking = False
    recent = tuple(msg(seq, str(seq)) for seq in range(8, 10))
    second.log_in(entered(seq=9, recent=recent), conversations=[unread("#lobby", 9, 3, 6)])
    question = second.chat.one(asked.History)
    # The last one comes again, to see whether it still is the same.
    assert question.after == 2
    lobby = second.state.find("#lobby")
    assert lobby is not None
    was_old = lobby.old
    missed = [
        msg(3, "three"),
        {"ev": "edit", "in": "#lobby", "seq": 4, "by": "bo", "of": 1, "text": "uno"},
        {"ev": "delete", "in": "#lobby", "seq": 5, "by": "bo", "of": 2},
        msg(6, "6"),
        msg(7, "7"),
    ]
    second.chat.reply(question, to="#lobby", page=missed, more=False)
    assert texts(second.state) == ["uno", "(deleted)", "three", "6", "7", "8", "9"]
    assert (was_old, lobby.old, lobby.unread) == (True, False, 6)
    second.end()


def test_nothing_new_needs_no_question(first: Run) -> None:
    first.end()
    second = Run()
    second.log_in(seq=3, recent=(msg(3, "three"),), conversations=[unread("#lobby", 3, 3)])
    assert second.chat.take(asked.History) == []
    assert not second.state.current.old
    assert texts(second.state) == ["one", "two", "three"]
    second.end()


def test_after_very_much_one_begins_with_the_newest(first: Run) -> None:
    first.end()
    second = Run()
    recent = tuple(msg(seq, str(seq)) for seq in range(4000, 4021))
    told = [unread("#lobby", 4020, 3, 4017)]
    second.log_in(entered(seq=4020, recent=recent, read=3), conversations=told)
    assert second.chat.take(asked.History) == []
    assert texts(second.state)[0] == "4000"
    assert second.state.current.unread == 4017
    second.end()
    third = Run()
    assert "one" not in texts(third.state)
    third.end()


@pytest.mark.parametrize("recent", [(msg(1, "other", t="2026-02-02T00:00:00Z"),), ()])
def test_a_room_that_is_numbered_anew_is_not_mixed_with_the_old(
    first: Run, recent: tuple[Any, ...]
) -> None:
    first.end()
    second = Run()
    seq = len(recent)
    second.log_in(seq=seq, recent=recent, conversations=[unread("#lobby", seq, seq)])
    second.end()
    third = Run()
    assert texts(third.state) == ["other"] * seq
    third.end()


def test_another_conversation_behind_the_same_number_is_noticed(first: Run) -> None:
    first.end()
    second = Run()
    second.log_in(entered(seq=5), conversations=[unread("#lobby", 5, 5)])
    question = second.chat.one(asked.History)
    page = [msg(3, "else", t="2026-02-02T00:00:00Z"), msg(4, "4", t="2026-02-02T00:00:01Z")]
    second.chat.reply(question, to="#lobby", page=page, more=False)
    second.end()
    third = Run()
    assert texts(third.state) == ["else", "4"]
    third.end()


def test_what_one_is_no_member_of_is_not_kept(first: Run, folder: Path) -> None:
    ops = entered("#ops", seq=1, recent=(msg(1, "in confidence", in_="#ops"),))
    first.end()
    second = Run()
    second.log_in(entered(seq=3), ops, conversations=[unread("#lobby", 3, 3)])
    second.end()
    assert b"in confidence" in stored(folder)
    third = Run()
    third.log_in(seq=3, conversations=[unread("#lobby", 3, 3)])
    third.end()
    assert b"in confidence" not in stored(folder)


def test_a_private_conversation_that_the_server_does_not_know_any_more(first: Run) -> None:
    first.tell(msg(1, "psst", in_="@bo"))
    first.end()
    second = Run()
    second.log_in(seq=3, conversations=[unread("#lobby", 3, 3)])
    bo = second.state.find("@bo")
    assert bo is not None
    assert (bo.old, bo.seen) == (False, None)
    second.end()


@pytest.mark.parametrize("act", ["delete", "edit"])
def test_what_is_erased_is_gone_from_the_disk(first: Run, folder: Path, act: str) -> None:
    first.tell(msg(4, "SENSITIVE " * 400))
    first.keep()
    assert b"SENSITIVE" in stored(folder)
    first.tell({"ev": act, "in": "#lobby", "seq": 5, "by": "bo", "of": 4, "text": "harmless"})
    first.keep()
    assert b"SENSITIVE" not in stored(folder)


def test_an_emptied_window_loses_nothing(first: Run) -> None:
    first.state.current.hide()
    assert texts(first.state) == []
    # What is deleted while it is out of sight is deleted all the same.
    first.tell({"ev": "delete", "in": "#lobby", "seq": 4, "by": "bo", "of": 2})
    first.end()
    second = Run()
    assert texts(second.state) == ["one", "(deleted)", "three"]
    second.end()
    first.chat.session.reader.fetch_older()
    assert texts(first.state) == ["one", "(deleted)", "three"]


def test_so_many_messages_are_kept_as_one_has_set() -> None:
    run = Run(cache=2)
    run.log_in(seq=0)
    run.tell(*(msg(seq, str(seq)) for seq in range(1, 6)))
    run.end()
    second = Run(cache=2)
    assert texts(second.state) == ["4", "5"]
    assert second.state.current.oldest == 4
    second.end()


def test_of_very_many_conversations_the_latest_are_kept(
    first: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatcli.keeping.KEPT", 2)
    first.tell(msg(5, in_="@old", t="2025-01-01T00:00:00Z"), msg(6, in_="@new"))
    first.end()
    second = Run()
    assert set(second.state.conversations) == {"#lobby", "@new"}
    second.end()


def test_what_was_viewed_elsewhere_meanwhile_is_known_when_one_tries(first: Run) -> None:
    once = {"ev": "once", "in": "@bo", "seq": 1, "from": "bo", "t": stamp(1)}
    first.tell(once)
    first.end()
    second = Run()
    told = [unread("#lobby", 3, 3), unread("@bo", 1, 0, 1)]
    second.log_in(seq=3, conversations=told)
    second.state.go("@bo")
    second.chat.session.view_once()
    second.chat.refuse(second.chat.one(asked.View), 331)
    assert second.state.current.lines[0].viewed
    second.end()


def test_reactions_pins_and_marks_last(first: Run) -> None:
    react = {"ev": "react", "in": "#lobby", "seq": 4, "of": 3, "emoji": "👍", "by": "bo"}
    first.tell(react, {"ev": "mod", "in": "#lobby", "seq": 5, "action": "pin", "of": 1, "by": "bo"})
    first.end()
    second = Run()
    lobby = second.state.current
    assert lobby.reactions_to(3) == {"👍": ["bo"]}
    assert lobby.pins == {1}
    second.end()
