"""The screen of the real client: selecting messages, links, the mouse, pasting, columns."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatcli.ui.text import columns_of
from tests.acceptance.clients import JsonClient
from tests.acceptance.conftest import Open
from tests.acceptance.people import PASSWORD, ana_at, say, two_accounts
from tests.acceptance.server import ChatServer, until
from tests.acceptance.terminal import Terminal

FAMILY, FLAG = "👨‍👩‍👧", "🇩🇪"
LINES = [f"line {number}" for number in range(1, 201)]
BROWSER = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return bo, an account at a program; ana has an account, and has left."""
    with two_accounts(chat) as bo:
        yield bo


def opening(terminal: Terminal, home: Path) -> Path:
    """Give a terminal a browser; return the file that it writes the address into."""
    opened = home / "opened"
    words = [sys.executable, "-c", BROWSER, str(opened), "%s"]
    terminal.enter(f"export BROWSER={shlex.quote(f'{shlex.join(words)} &')}")
    return opened


def written(path: Path) -> str:
    """Wait until something was written into a file; return it."""
    return until(
        lambda: path.read_text("utf-8") if path.exists() else "", f"something in {path.name}"
    )


# A selected message


def test_a_message_is_selected_and_answered(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    say(bo, "who is there?")
    say(bo, "anybody?")
    ana = ana_at(terminal, chat)
    ana.see("bo │ anybody?")
    ana.press("Up", "Up")
    ana.see("r reply", "c copy", "q back")
    ana.type("xyz")
    ana.press("Enter")
    ana.see("↪ bo: who is there?›")
    ana.type("and")
    ana.press("Escape")
    ana.see("#lobby› and")
    ana.press("C-g", "Up", "Up", "r")
    ana.see("↪ bo: who is there?›")
    ana.paste("I am\nhere")
    ana.press("Enter")
    ana.see("│ ↪ bo: who is there?", "ana │ I am")
    assert bo.find(ev="msg", reply=1)["text"] == "I am\nhere"
    ana.press("Up", "Up", "+")
    ana.see("emoji for bo: anybody?›", ":+1:", ":eyes:")
    ana.type("tad")
    ana.press("Tab", "Enter")
    ana.see("│ 🎉 1", "#lobby›")
    assert bo.find(ev="react", of=2)["emoji"] == "🎉"


def test_own_messages_are_edited_deleted_and_copied(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    ana.enter("helo `bo`")
    ana.see("helo `bo` ✓")
    ana.press("Up", "c")
    ana.see("copied")
    until(lambda: ana.copied == "helo `bo`", "the text in the clipboard")
    ana.press("e")
    ana.see("edit 1› helo `bo`")
    ana.press("Escape")
    ana.see("#lobby›")
    ana.press("Up", "d")
    ana.see("Delete “helo `bo`”?", "y: yes")
    ana.press("n")
    ana.see("e edit  d delete")
    ana.press("d", "y")
    ana.see("ana │ (deleted)")
    assert bo.find(ev="delete", of=1)


def test_what_is_not_possible_is_told(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    say(bo, "mine")
    ana = ana_at(terminal, chat)
    ana.see("bo │ mine")
    ana.press("Up")
    screen = ana.see("r reply")
    assert "e edit" not in screen
    ana.press("e")
    ana.see("not yours to edit")
    ana.press("q")
    ana.see("● 127.0.0.1", "#lobby›")


def test_who_runs_a_room_pins_by_a_key(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    ana = ana_at(terminal, chat)
    ana.enter("/join #ops")
    ana.see("#ops›")
    ana.enter("read this")
    ana.see("read this ✓")
    ana.press("Up", "p")
    ana.see("read this (pinned)")
    ana.press("Up", "p")
    ana.see_no("read this (pinned)")


def test_older_messages_are_fetched_while_one_selects(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    for number in range(1, 81):
        say(bo, f"word {number} of many")
    ana = ana_at(terminal, chat, columns=80, rows=24)
    ana.see("word 80 of many")

    def at_first() -> bool:
        ana.press(*["Up"] * 10)
        return "word 1 of many" in ana.screen

    until(at_first, "the first message")
    ana.see("r reply")
    ana.press("Enter")
    ana.see("↪ bo: word 1 of many›")


def test_what_can_be_viewed_once_is_viewed_where_it_is_selected(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    for secret in ("first secret", "second secret", "third secret"):
        assert bo.ask("once", nick="ana", text=secret)["ok"]
    ana = ana_at(terminal, chat)
    ana.enter("/go bo")
    ana.see("@bo›", "or /view 3]")
    ana.press("F4")
    ana.see("third secret", "any key closes this")
    ana.press("Space")
    ana.see_no("third secret")
    ana.press("Up", "Up", "Up")
    ana.see("v view")
    ana.press("F4")
    ana.see("first secret", "any key closes this")
    ana.press("Space")
    ana.press("Up", "Up", "v")
    ana.see("second secret")


# Links


def test_links_are_real_and_open_by_a_key_and_a_click(
    terminal: Open, chat: ChatServer, bo: JsonClient, tmp_path: Path
) -> None:
    say(bo, "one: https://one.example/ä, and http://two.example/?a=b.")
    ana = terminal()
    opened = opening(ana, tmp_path)
    raw = ana.record()
    ana.log_in(chat.port, "ana", PASSWORD)
    ana.see("https://one.example/ä, and http://two.example/?a=b.")
    written_so_far = written(raw)
    assert "\x1b]8;;https://one.example/%C3%A4\x1b\\" in written_so_far
    assert "\x1b]8;;http://two.example/?a=b\x1b\\" in written_so_far
    ana.press("Up", "o")
    ana.see("1 one.example/%C3%A4  2 two.example/?a=b")
    ana.press("2")
    ana.see("opened")
    assert written(opened) == "http://two.example/?a=b"
    opened.unlink()
    ana.press("q")
    ana.click("https://one.example")
    assert written(opened) == "https://one.example/%C3%A4"


def test_without_a_browser_that_is_told(terminal: Open, chat: ChatServer, bo: JsonClient) -> None:
    say(bo, "see http://one.example/")
    ana = terminal()
    # A path in which no browser is.
    ana.enter("unset BROWSER DISPLAY WAYLAND_DISPLAY; export PATH=/nonexistent")
    ana.log_in(chat.port, "ana", PASSWORD)
    ana.see("http://one.example/")
    ana.press("Up", "o")
    ana.see("there is no browser here; copy it")


# The mouse


def test_the_mouse_goes_selects_and_scrolls(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    for number in range(1, 41):
        say(bo, f"word {number} of many")
    ana = ana_at(terminal, chat)
    ana.see("word 40 of many")

    def turned(*, up: bool) -> bool:
        ana.turn_wheel(up=up)
        return ("more below" in ana.screen) == up

    until(lambda: turned(up=True), "lines below")
    until(lambda: turned(up=False), "the newest line")
    ana.click("word 38 of many")
    ana.see("r reply")
    ana.press("r")
    ana.see("↪ bo: word 38 of many›")
    ana.press("Escape")
    ana.click("● bo")
    ana.see("@bo›")
    ana.click("#lobby")
    ana.see("#lobby›")


def test_with_the_mouse_off_the_terminal_keeps_it(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = terminal()
    raw = ana.record()
    folder = ana.settings / "chatcli"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "chatcli.toml").write_text("mouse = false\n", encoding="utf-8")
    ana.log_in(chat.port, "ana", PASSWORD)
    assert "\x1b[?1000h" not in written(raw)


# Typing


def test_a_paste_too_long_to_be_sent_is_told_and_kept(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    ana.paste("\n".join(LINES))
    ana.see("Too long: 200 lines, of at most 100", "line 200")
    ana.press("Enter")
    ana.see("That is too long for a message: 200 lines, of at most 100.")
    ana.see("Too long: 200 lines, of at most 100", "line 200")
    ana.press("C-g")
    ana.see_no("line 200")
    ana.press("C-y")
    ana.see("line 200")
    ana.press("C-g")
    ana.paste("\n".join(LINES[:100]))
    ana.see("100 lines; Enter sends them as one message", "line 100")
    ana.press("Enter")
    assert bo.find(ev="msg", **{"from": "ana"})["text"] == "\n".join(LINES[:100])


# Room on the screen


@pytest.mark.parametrize(("columns", "rows"), [(200, 50), (80, 24), (40, 10)])
def test_lists_hide_by_a_key_and_where_there_is_no_room(
    terminal: Open, chat: ChatServer, bo: JsonClient, columns: int, rows: int
) -> None:
    ana = ana_at(terminal, chat, columns=columns, rows=rows)
    if columns >= 80:
        ana.see("● bo", "2 people")
        ana.press("F2")
    ana.see_no("2 people")
    say(bo, "psst", "@ana")
    ana.see("@bo 1!")
    ana.press("F2")
    if columns >= 80:
        ana.see("2 people")
    ana.press("M-a")
    ana.see("psst", "@bo›")
    ana.press("Up")
    ana.see("r reply")


def test_whatever_people_write_the_columns_stay(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    texts = ["漢字 한국어", f"{FAMILY}{FAMILY} {FLAG} 🎉", "مرحبا بالعالم", "e\u0301e\u0301 नमस्ते"]
    for text in texts:
        say(bo, text)
    ana = ana_at(terminal, chat)
    screen = ana.see("漢字 한국어", FLAG, "🎉")
    # The status line is below them.
    rows = [line for line in screen.split("\n")[:28] if "│" in line]
    edges = {columns_of(line[: line.rfind("│")]) for line in rows}
    assert len(rows) > 20
    assert edges == {101}


# Whom one ignores


def test_of_whom_one_ignores_nothing_is_seen(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    ana.enter("react to this")
    ana.see("react to this ✓")
    assert bo.ask("react", to="#lobby", seq=1, emoji="👍")["ok"]
    ana.see("👍 1")
    bo.ask("typing", to="#lobby", on=True)
    ana.see("bo types…")
    ana.enter("/ignore bo")
    ana.see_no("👍 1")
    ana.see_no("bo types…")
    ana.enter("/unignore bo")
    ana.see("👍 1")
