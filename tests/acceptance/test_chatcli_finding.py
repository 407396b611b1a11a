"""Getting about in the real client: the list, the switcher, finding, jumps, help, every command."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from chatd.core.commands import COMMANDS
from tests.acceptance.clients import JsonClient
from tests.acceptance.conftest import Open
from tests.acceptance.people import ana_at, say, two_accounts
from tests.acceptance.server import ChatServer, until
from tests.acceptance.terminal import Terminal


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return bo, an account at a program; ana has an account, and has left."""
    with two_accounts(chat) as bo:
        yield bo


def in_rooms(ana: Terminal, *rooms: str) -> None:
    """Enter rooms, and go back to the lobby."""
    for room in rooms:
        ana.enter(f"/join {room}")
        ana.see(f"{room}›")
    ana.enter("/go #lobby")
    ana.see("#lobby›")


def listed(ana: Terminal) -> list[str]:
    """Return the titles in the list of conversations, from the top."""
    found = (re.match(r"([#@]\S+)", row) for row in ana.screen.splitlines()[:-2])
    return [match[1] for match in found if match]


def see_listed(ana: Terminal, *titles: str) -> None:
    until(lambda: listed(ana) == list(titles), f"the list to be {titles}, not {listed(ana)}")


# The list


def test_the_list_follows_what_is_said_or_one_s_own_order(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    in_rooms(ana, "#dev", "#ops")
    for room in ("#dev", "#ops"):
        assert bo.ask("join", room=room)["ok"]
    for text in ("one", "two", "ana: three"):
        say(bo, text, "#ops")
    say(bo, "one", "#dev")
    ana.see("3 1!")
    see_listed(ana, "#dev", "#ops", "#lobby")
    say(bo, "psst", "@ana")
    see_listed(ana, "@bo", "#dev", "#ops", "#lobby")
    ana.enter("/notify @bo none")
    see_listed(ana, "#dev", "#ops", "#lobby", "@bo")
    ana.press("M-S-Up", "M-S-Up")
    see_listed(ana, "#lobby", "#dev", "#ops", "@bo")
    say(bo, "two", "#ops")
    ana.see("4 1!")
    see_listed(ana, "#lobby", "#dev", "#ops", "@bo")
    ana.press("M-S-Down")
    see_listed(ana, "#dev", "#lobby", "#ops", "@bo")
    ana.enter("/quit")
    assert ana.left() == "0"
    ana.log_in(chat.port, "ana", "correct horse battery")
    see_listed(ana, "#dev", "#lobby", "#ops", "@bo")


# The switcher


def test_a_few_letters_lead_to_conversations_people_and_rooms(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    with JsonClient(chat, "Opal") as opal:
        assert opal.ask("join", room="#opera")["ok"]
        ana = ana_at(terminal, chat)
        in_rooms(ana, "#dev-ops")
        ana.press("C-k")
        ana.see("Go to")
        ana.type("dvo")
        ana.see_no("@Opal")
        ana.press("Enter")
        ana.see("#dev-ops›")
        ana.see_no("Go to")
        ana.press("C-k")
        ana.type("opa")
        ana.see("@Opal")
        ana.press("Enter")
        ana.see("@Opal›")
        ana.press("C-k")
        ana.type("opera")
        ana.see("#opera")
        ana.press("Enter")
        ana.see("#opera›", "● Opal")
        ana.press("C-k")
        ana.type("dvo")
        ana.see("› dvo")
        ana.see_no("│  #lobby")
        ana.click("  #dev-ops ")
        ana.see("#dev-ops›")
        ana.see_no("Go to")


def test_the_switcher_offers_what_calls_first_and_where_one_was(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    in_rooms(ana, "#a", "#b", "#c")
    say(bo, "psst", "@ana")
    ana.see("1!")
    ana.press("C-k", "Enter")
    ana.see("@bo›", "bo │ psst")
    ana.press("C-k", "Enter")
    ana.see("#lobby›")
    ana.press("C-k", "Down", "Enter")
    ana.see("#c›")
    ana.press("C-k")
    ana.type("xyzzy")
    ana.see("nobody and nothing of that name")
    ana.press("Enter")
    ana.press("Escape")
    ana.see_no("Go to")
    ana.type("words that were not")
    ana.see("#c› words that were not")


# Finding


def test_words_are_found_here_as_one_types_them(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    for number in range(1, 61):
        say(bo, f"word {number}" + (" Needle" if number in {5, 10, 50} else ""))
    ana.see("word 60")
    ana.press("C-f")
    ana.type("needle")
    ana.see("find› needle", "3 of 3", "word 50 Needle")
    ana.press("Up")
    ana.see("2 of 3", "word 10 Needle")
    ana.press("Up")
    assert "word 60" not in ana.see("1 of 3", "word 5 Needle")
    ana.press("Up")
    ana.see("3 of 3", "word 50 Needle")
    ana.press("Up")
    ana.type("s")
    ana.see("not here")
    ana.press("BSpace", "Escape")
    ana.see("#lobby›", "word 10 Needle")
    ana.press("M-Left")
    ana.see("word 60")
    ana.press("C-f", "Escape")
    ana.see("#lobby›")


def test_words_are_found_on_the_server_here_or_everywhere(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    say(bo, "needle here")
    for number in range(300):
        say(bo, f"hay {number}")
    say(bo, "needle there", "@ana")
    ana = ana_at(terminal, chat)
    ana.see("hay 299")
    ana.press("C-f")
    ana.type("needl")
    ana.see("not here")
    ana.press("Enter")
    assert "needle there" not in ana.see("Found: needl* in:#lobby (1 of 1)", "needle here")
    ana.press("Enter")
    ana.see("needle here", "hay 0", "this is the past")
    ana.press("M-Left")
    ana.see("hay 299")
    ana.press("C-f")
    ana.type("needl")
    ana.see("find› needl")
    ana.press("M-Enter")
    ana.see("Found: needl* (2 of 2)", "needle here", "needle there")
    ana.press("Enter")
    ana.see("@bo›", "bo │ needle there")


# Jumps


def test_a_key_leads_to_what_is_new_and_another_one_back(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    say(bo, "old")
    ana.see("bo │ old")
    ana.press("M-u")
    ana.see("Nothing is new in #lobby.")
    ana.enter("/quit")
    assert ana.left() == "0"
    for number in range(300):
        say(bo, f"news {number}")
    ana.log_in(chat.port, "ana", "correct horse battery")
    ana.see("news 299")
    ana.press("M-u")
    screen = ana.see("── new ──", "news 0")
    assert "news 299" not in screen
    ana.press("M-Left")
    ana.see("news 299")
    ana.press("M-u")
    ana.see("news 0")
    ana.press("Escape")
    ana.see("news 299")


# Help


@pytest.mark.parametrize(("columns", "rows"), [(120, 30), (40, 10)])
def test_the_help_is_shown_by_subject_and_is_looked_through(
    terminal: Open, chat: ChatServer, bo: JsonClient, columns: int, rows: int
) -> None:
    ana = ana_at(terminal, chat, columns, rows)
    ana.press("F1")
    ana.see("/help SUBJECT shows")
    ana.press("C-f")
    ana.type("/unban")
    ana.see("1 of 1", "/unban NICK [#R]", "lets in again")
    ana.press("Escape")
    ana.see_no("find›")
    ana.press("Escape")
    ana.see_no("/unban")
    ana.enter("/help reading")
    screen = ana.see("Help: reading", "/history [TO] [LIMIT]")
    assert "/unban" not in screen
    ana.enter("/help 301")
    ana.see("301 NO_SUCH_ROOM")
    ana.see_no("Help: reading")


# Every command


# What is typed, in this order, and what of the answer is seen.
ASKED = (
    ("/away lunch", "You are away: lunch now."),
    ("/back", "You are online now."),
    ("/who", "people on the server:"),
    ("/who #ops", "people in #ops:"),
    ("/whois bo", "bo, account bo, online"),
    ("/list", "#ops (2)"),
    ("/topic on call", "ana set the topic: on call"),
    ("/topic", "#ops is about: on call"),
    ("/knock #den", "There is no room #den"),
    ("/msg #ops hello", "hello ✓"),
    ("/me waves", "ana waves ✓"),
    ("/reply 2 indeed", "↪ ana: hello"),
    ("/react 4 +1", "👍 1"),
    ("/edit 4 in fact", "in fact (edited)"),
    ("/pin 4", "ana pinned message 4"),
    ("/pins", "Pinned in #ops (1 of 1)"),
    ("/unpin 4", "ana unpinned message 4"),
    ("/del 4", "ana │ (deleted)"),
    ("/whisper bo psst", "@bo"),
    ("/once bo secret", "@bo"),
    ("/view 1 bo", "any key closes this"),
    ("/go bo", "@bo›"),
    ("/go #ops", "#ops›"),
    ("/history bo 5", "History of @bo (3 of 3)"),
    ("/search waves", "Found: waves"),
    ("/mentions", "Nobody has called you by name."),
    ("/catchup", "You have read everything."),
    ("/read", "#ops is read up to"),
    ("/notify mentions", "Notice of mentions in #ops."),
    ("/notify all", "Notice of all in #ops."),
    ("/ignore bo", "You ignore bo."),
    ("/unignore bo", "You ignore nobody."),
    ("/match", "Waiting for somebody"),
    ("/unmatch", "You are in no pair now."),
    ("/sessions", "You are logged in"),
    ("/token laptop", "any key closes this"),
    ("/tokens", "laptop: made"),
    ("/revoke laptop", "That token is worthless now."),
    ("/set", "#ops: private off"),
    ("/set private on", "ana set private: on"),
    ("/slow 5", "ana slowed the room down: 5 s"),
    ("/slow 0", "ana ended the slow mode"),
    ("/mute bo 10m", "ana muted bo until"),
    ("/unmute bo", "ana lets bo speak again"),
    ("/mod bo", "ana made bo a moderator"),
    ("/unmod bo", "ana made bo a member again"),
    ("/kick bo", "ana put bo out"),
    ("/invite bo", "bo may enter #ops."),
    ("/ban bo 1h", "ana banned bo until"),
    ("/bans", "Banned from #ops:"),
    ("/unban bo", "ana lifted the ban of bo"),
    ("/own bo", "bo is not in #ops."),
    ("/ping", "The server is there."),
    ("/typing on", "#ops›"),
    ("/mode json", "chatcli does that by itself"),
    ("/resume x", "chatcli does that by itself"),
    ("/wall hear me", "hear me"),
    ("/accounts", "bo (user), registered"),
    ("/role bo admin", "bo is admin now."),
    ("/audit", "role bo"),
    ("/kill bo", "reached."),
    ("/remove bo", "Done."),
    ("/reset ana", "New password"),
    ("/reload", "Done."),
    ("/shutdown 600", "The server stops on"),
    ("/shutdown cancel", "The server does not stop."),
    ("/help kick", "/kick NICK [#R] [WHY]"),
    ("/part", "You left #ops."),
    ("/nick ana2", "You are ana2 now."),
    ("/passwd", "Old password"),
    ("/register", "New password"),
    ("/login bo", "Password or token of bo"),
    ("/unregister", "Password, to delete your account"),
    ("/logout", "You are a guest now"),
    ("/join #den", "#den›"),
)


def test_every_command_is_there_and_answers(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    assert {typed.split()[0][1:] for typed, _ in ASKED} == set(COMMANDS) - {"claim", "quit"}
    ana = ana_at(terminal, chat)
    in_rooms(ana, "#ops")
    assert bo.ask("join", room="#ops")["ok"]
    ana.enter("/go #ops")
    code = (chat.data / "claim_code").read_text("utf-8").strip()
    ana.enter(f"/claim {code}")
    ana.see("ana is admin now.")
    assert bo.ask("once", nick="ana", text="eyes only")["ok"]
    for typed, seen in ASKED:
        # What was wrong is given back.
        ana.press("C-u")
        ana.enter(typed)
        ana.see(seen)
        if "assword" in seen or "any key" in seen:
            ana.press("Escape")
            ana.see_no(seen)
