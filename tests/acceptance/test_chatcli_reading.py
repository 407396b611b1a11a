"""What an account reads, finds and takes back in the real client."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.acceptance.clients import JsonClient
from tests.acceptance.conftest import Open
from tests.acceptance.people import PASSWORD, ana_at, say, two_accounts
from tests.acceptance.server import ChatServer, until


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return bo, an account at a program; ana has an account, and has left."""
    with two_accounts(chat) as bo:
        yield bo


# Coming back


def test_what_came_while_one_was_away_is_below_a_line(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    say(bo, "seen")
    ana.see("bo │ seen")
    ana.enter("/quit")
    assert ana.left() == "0"
    say(bo, "not seen")
    say(bo, "@ana nor this")
    say(bo, "nor the private one", "@ana")
    again = ana_at(terminal, chat)
    screen = again.see("── new ──", "1!", "bo │ not seen")
    rows = [row for row in screen.splitlines() if re.search(r"── new ──|seen|nor this", row)]
    assert [("new" in row) for row in rows] == [False, True, False, False]
    again.press("M-a")
    again.see("@bo›", "── new ──", "bo │ nor the private one")
    again.press("M-a")
    again.enter("/go #lobby")
    assert "── new ──" not in again.see("#lobby›", "not seen")


def test_who_is_not_there_is_listed_apart_and_told_later(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    assert bo.ask("join", room="#ops")["ok"]
    ana = ana_at(terminal, chat)
    ana.enter("/join #ops")
    ana.see("● ana", "● bo★")
    assert bo.ask("mod", nick="ana", room="#ops")["ok"]
    ana.see("● ana☆", "bo made ana a moderator")
    assert bo.ask("mute", nick="ana", room="#ops", time="10m")["ok"]
    ana.see("● ana✕", "bo muted ana until")
    assert bo.ask("quit")["ok"]
    screen = ana.see("1 here", "── 1 offline")
    assert screen.index("1 offline") < screen.index("  bo★")
    ana.enter("/msg bo later")
    ana.see("@bo")
    ana.enter("/go bo")
    ana.see("later ✓ stored")


def test_who_is_put_out_can_still_read(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    assert bo.ask("join", room="#ops")["ok"]
    ana = ana_at(terminal, chat)
    ana.enter("/join #ops")
    ana.see("#ops›")
    say(bo, "last words", "#ops")
    ana.see("last words")
    assert bo.ask("kick", nick="ana", room="#ops", why="too loud")["ok"]
    ana.see("bo put you out of #ops (too loud).", "last words", "#ops›")
    ana.enter("but I")
    ana.see("You are not in #ops. Try: /join #ops", "#ops› but I")
    ana.press("C-u")
    ana.enter("/close")
    ana.see("#lobby›")
    ana.see_no("#ops")


# Messages after they were said


def test_the_last_message_is_edited_by_a_key_and_deleted(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    ana.enter("frist")
    ana.enter("helo bo")
    ana.see("helo bo ✓")
    ana.press("M-e")
    ana.see("edit 2› helo bo")
    ana.press("M-e")
    ana.see("edit 1› frist")
    ana.press("Down")
    ana.see("edit 2› helo bo")
    ana.press("Escape")
    ana.see("#lobby›")
    ana.press("M-e", "BSpace", "BSpace", "BSpace", "BSpace")
    ana.enter("lo bo")
    ana.see("hello bo (edited)")
    edited = bo.find(ev="edit", of=2)
    assert edited["text"] == "hello bo"
    ana.enter("/del 1")
    ana.see("(deleted)")
    ana.see_no("frist")
    assert bo.find(ev="delete", of=1)
    ana.press("M-e")
    ana.see("edit 2› hello bo")


def test_what_others_do_to_messages_is_shown(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    ana.enter("shall we?")
    ana.see("shall we? ✓")
    assert bo.ask("react", to="#lobby", seq=1, emoji="👍")["ok"]
    ana.see("👍 1")
    ana.enter("/react 1 +1")
    ana.see("👍 2")
    assert bo.ask("reply", to="#lobby", seq=1, text="we shal")["ok"]
    ana.see("↪ ana: shall we?", "bo │ we shal")
    assert bo.ask("edit", to="#lobby", seq=4, text="we shall")["ok"]
    ana.see("we shall (edited)")
    assert bo.ask("del", to="#lobby", seq=4)["ok"]
    ana.see("bo │ (deleted)")


def test_a_message_to_view_once_is_opened_by_a_key_and_is_gone(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    assert bo.ask("once", nick="ana", text="the launch code is 0000")["ok"]
    ana.see("@bo", "1!")
    ana.enter("/go bo")
    screen = ana.see("[a message to view once: press F4, or /view 1]")
    assert "0000" not in screen
    ana.press("F4")
    ana.see("From bo, to view once", "the launch code is 0000")
    assert bo.find(ev="viewed", in_="@ana", seq=1)
    ana.press("x")
    ana.see_no("0000")
    ana.see("it was viewed once, and is gone", "@bo›")
    ana.press("F4")
    ana.see("There is nothing in @bo to view once.")
    ana.press("PPage")
    assert "0000" not in ana.everything


def test_ignored_people_are_not_seen(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    ana = ana_at(terminal, chat)
    say(bo, "before")
    ana.see("bo │ before")
    ana.enter("/ignore bo")
    ana.see("bo │ (ignored)")
    say(bo, "after")
    ana.enter("/who")
    ana.see("people on the server:")
    assert "before" not in ana.screen
    assert "after" not in ana.screen
    ana.enter("/unignore bo")
    ana.see("bo │ before", "bo │ after")


# Finding


def test_what_is_found_is_jumped_to(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    for number in range(1, 301):
        say(bo, f"word {number}" + (" needle" if number in {60, 290} else ""))
    ana = ana_at(terminal, chat)
    ana.see("word 300")
    ana.enter("/search needle")
    ana.see("Found: needle (2 of 2)", "word 60 needle", "word 290 needle")
    ana.press("Up")
    ana.see("Found: needle (1 of 2)")
    ana.press("Enter")
    screen = ana.see("word 59", "word 60 needle", "word 61", "this is the past")
    assert "word 290" not in screen

    def past_150() -> bool:
        # A page at a time: which numbers are on the screen just then, nobody knows.
        ana.press("NPage")
        return any(int(number) >= 150 for number in re.findall(r"word (\d+)", ana.screen))

    until(past_150, "what came after it")
    ana.press("Escape")
    ana.see("Found: needle (1 of 2)")
    ana.press("Escape")
    screen = ana.see("word 300")
    assert "needle (1 of 2)" not in screen


def test_what_answers_something_old_shows_it(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    say(bo, "the old question")
    for number in range(100):
        say(bo, f"word {number}")
    assert bo.ask("reply", to="#lobby", seq=1, text="the new answer")["ok"]
    ana = ana_at(terminal, chat)
    ana.see("↪ bo: the old question", "the new answer")


def test_pins_and_catching_up_are_lists(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    assert bo.ask("join", room="#ops")["ok"]
    say(bo, "read the rules", "#ops")
    assert bo.ask("pin", seq=1, room="#ops")["ok"]
    with JsonClient(chat) as other:
        assert other.ask("login", name="ana", password=PASSWORD)["ok"]
        assert other.ask("join", room="#ops")["ok"]
    ana = ana_at(terminal, chat)
    say(bo, "for you", "@ana")
    say(bo, "for all", "#ops")
    ana.see("@bo", "#ops")
    ana.enter("/catchup")
    screen = ana.see("Unread (1 of 2)", "for you", "for all")
    assert not re.search(r"#ops +\d", screen)
    ana.press("Escape")
    ana.see_no("Unread (1 of 2)")
    ana.enter("/go #ops")
    ana.see("read the rules (pinned)")
    assert bo.ask("mod", nick="ana", room="#ops")["ok"]
    ana.see("ana☆")
    ana.enter("/pins")
    ana.see("Pinned in #ops (1 of 1)", "read the rules")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 10)])
def test_all_of_it_works_on_small_terminals(
    terminal: Open, chat: ChatServer, bo: JsonClient, columns: int, rows: int
) -> None:
    say(bo, "needle one")
    ana = ana_at(terminal, chat, columns, rows)
    ana.enter("/search needle")
    ana.see("Found: needle (1 of 1)", "Esc leaves")
    ana.press("Enter")
    ana.see_no("Found: needle")
    ana.see("bo needle one")
    ana.press("Escape")
    ana.see("Found: needle")
    ana.press("Escape")
    ana.see_no("Found: needle")
    ana.enter("/token laptop")
    ana.see("Token «laptop»", "t.", "any key closes this")
    ana.press("Space")
    ana.see_no("any key closes")
