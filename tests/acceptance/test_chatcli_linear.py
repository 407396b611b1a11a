"""chatcli without a screen: lines, on terminals that can do little or nothing."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.clients import JsonClient, gone
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import PASSWORD, registered, say, two_accounts
from tests.acceptance.server import ChatServer
from tests.acceptance.teletype import ESCAPE, Teletype

Sit = Callable[..., Teletype]


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Sit]:
    """Return what starts chatcli at a teletype; all are gone at the end."""
    started: list[Teletype] = []

    def start(chat: ChatServer, *arguments: str, **more: object) -> Teletype:
        home = tmp_path / f"teletype-{len(started) + 1}"
        teletype = Teletype(home, f"127.0.0.1:{chat.port}", *arguments, **more)  # type: ignore[arg-type]
        started.append(teletype)
        return teletype

    yield start
    for each in started:
        each.close()


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return a guest at a program."""
    with JsonClient(chat, "bo") as bo:
        yield bo


def test_a_dumb_terminal_gets_lines_and_not_one_escape_sequence(
    chat: ChatServer, bo: JsonClient, sit: Sit
) -> None:
    ana = sit(chat, "--nick", "ana")
    ana.see("Connected to", "Now in #lobby")
    one = say(bo, "hi")
    ana.see("#lobby bo: hi\n")
    assert bo.ask("reply", to="#lobby", seq=one, text="anyone?")["ok"]
    ana.see("#lobby bo replies to bo «hi»: anyone?\n")
    ana.enter("me")
    assert bo.find(ev="msg", from_="ana")["text"] == "me"
    ana.enter("/whois bo")
    ana.see("bo, a guest, online")
    ana.enter("/help")
    ana.see("  /reply SEQ TEXT ", "Tab completes")
    ana.enter("/nonsense")
    ana.see("Error: ")
    say(bo, "line one\nline two")
    ana.see("#lobby bo: line one\n#lobby bo: line two\n")
    ana.enter("/quit")
    assert ana.left() == 0
    assert ESCAPE not in ana.everything
    assert not set(ana.text) & set("│─┌└●★")
    # What was typed stands at a prompt, and nowhere else.
    assert ana.text.count("#lobby> me\n") == 1
    assert "ana: me" not in ana.text


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_leave(chat: ChatServer, sit: Sit, key: str) -> None:
    ana = sit(chat, "--nick", "ana")
    ana.see("Now in #lobby")
    ana.type(key)
    assert ana.left() == 0
    assert ESCAPE not in ana.everything


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it(chat: ChatServer, sit: Sit, number: signal.Signals) -> None:
    ana = sit(chat, "--nick", "ana")
    ana.see("Now in #lobby")
    ana.type("half")
    ana.see("#lobby> half")
    ana.kill(number)
    assert ana.left() == (0 if number is signal.SIGINT else 128 + number)
    assert ana.everything.endswith(b"half\r\n")
    gone(chat)


def test_what_is_typed_is_edited_and_survives_what_comes(
    chat: ChatServer, bo: JsonClient, sit: Sit
) -> None:
    ana = sit(chat, "--nick", "ana", "--linear", term="xterm-256color")
    ana.see("Now in #lobby")
    ana.type("hallo wrld")
    ana.see_row("#lobby> hallo wrld")
    # Three to the left, and a character in the middle; then the wrong one before it.
    ana.type("\x1b[D\x1b[D\x1b[Do")
    rows = ana.see_row("#lobby> hallo world")
    assert sum("hallo" in row for row in rows) == 1
    say(bo, "a line in between")
    ana.see_row("#lobby bo: a line in between")
    rows = ana.see_row("#lobby> hallo world")
    assert rows[rows.index("#lobby bo: a line in between") + 1] == "#lobby> hallo world"
    assert sum("hallo" in row for row in rows) == 1
    ana.type("\x01\x1b[C\x1b[C\x7fe\r")
    assert bo.find(ev="msg", from_="ana")["text"] == "hello world"
    ana.see_row("#lobby> hello world")
    ana.enter("/quit")
    assert ana.left() == 0
    # It has pastes marked, once, and nothing else.
    written = ana.everything.replace(b"\x1b[?2004h", b"", 1).replace(b"\x1b[?2004l", b"", 1)
    assert ESCAPE not in written


def test_a_paste_of_several_lines_is_one_message(
    chat: ChatServer, bo: JsonClient, sit: Sit
) -> None:
    ana = sit(chat, "--nick", "ana", "--linear", term="xterm-256color")
    ana.see("Now in #lobby")
    ana.type("\x1b[200~one\r\ntwo\x1b[201~")
    ana.see_row("#lobby> one⏎two")
    ana.enter("!")
    assert bo.find(ev="msg", from_="ana")["text"] == "one\ntwo!"


def test_a_line_that_comes_while_one_types_at_a_dumb_terminal(
    chat: ChatServer, bo: JsonClient, sit: Sit
) -> None:
    ana = sit(chat, "--nick", "ana")
    ana.see("Now in #lobby")
    ana.type("half a")
    ana.see("#lobby> half a")
    say(bo, "in between")
    ana.see("#lobby> half a\n#lobby bo: in between\n#lobby> half a")
    ana.enter(" sentence")
    assert bo.find(ev="msg", from_="ana")["text"] == "half a sentence"


def test_a_long_line_is_edited_at_the_edge_of_a_narrow_terminal(
    chat: ChatServer, bo: JsonClient, sit: Sit
) -> None:
    ana = sit(chat, "--nick", "ana", "--linear", term="vt100", columns=20)
    ana.see("Now in #lobby")
    ana.type("a text of more than one row")
    ana.see_row("re than one row")
    ana.type("\x7f" * 18)
    ana.type(" it")
    ana.see_row("#lobby> a text of it")
    ana.enter("")
    assert bo.find(ev="msg", from_="ana")["text"] == "a text of it"


def test_a_terminal_of_which_nothing_is_known_is_a_dumb_one(chat: ChatServer, sit: Sit) -> None:
    ana = sit(chat, "--nick", "ana", term="")
    ana.see("Now in #lobby")
    assert ESCAPE not in ana.everything


def test_a_terminal_that_shows_what_is_typed_by_itself_does_not_get_it_twice(
    chat: ChatServer, bo: JsonClient, sit: Sit
) -> None:
    ana = sit(chat, "--nick", "ana", echo=False)
    ana.see("Now in #lobby")
    ana.enter("not twice")
    assert bo.find(ev="msg", from_="ana")["text"] == "not twice"
    say(bo, "over")
    assert "not twice" not in ana.see("#lobby bo: over")


def test_tab_completes_and_lists(chat: ChatServer, bo: JsonClient, sit: Sit) -> None:
    ana = sit(chat, "--nick", "ana")
    ana.see("Now in #lobby")
    say(bo, "first")
    ana.see("#lobby bo: first")
    ana.type("/rep\t")
    ana.see("#lobby> /reply ")
    ana.type("\t")
    # Each character once: a completion is what is typed, and then the rest.
    ana.see("#lobby> /reply 1 ")
    ana.enter("second")
    assert bo.find(ev="msg", from_="ana")["reply"] == 1
    ana.type("/jo\t#n")
    ana.type("\x15/un\t")
    ana.see("/unmatch  ")
    assert ESCAPE not in ana.everything


def test_a_password_is_asked_for_without_echo(chat: ChatServer, sit: Sit) -> None:
    with registered(chat, "ana") as ana:
        assert ana.ask("quit")["ok"]
    ana_again = sit(chat, "--login", "ana")
    ana_again.see("Password or token of ana: ")
    ana_again.enter(PASSWORD)
    ana_again.see("You are ana, in #lobby.")
    ana_again.enter(f"/passwd {PASSWORD} another one")
    ana_again.enter("/passwd")
    ana_again.see("Old password: ")
    ana_again.enter(PASSWORD)
    ana_again.see("New password: ")
    ana_again.enter("another one of mine")
    ana_again.see("The same again: ")
    ana_again.enter("another one of mine")
    ana_again.see("#lobby> /passwd **")
    ana_again.enter("/quit")
    assert ana_again.left() == 0
    assert PASSWORD not in ana_again.text
    assert "another one" not in ana_again.text
    assert ESCAPE not in ana_again.everything


def test_what_is_unread_is_told_at_the_start_and_where_one_goes(chat: ChatServer, sit: Sit) -> None:
    with two_accounts(chat) as bo:
        for number in range(3):
            say(bo, f"unread {number}", "@ana")
        say(bo, "in the lobby")
        ana = sit(chat, "--login", "ana")
        ana.see("Password or token of ana: ")
        ana.enter(PASSWORD)
        ana.see("Unread: ", "@bo 3 (you are called)")
        ana.enter("/go bo")
        text = ana.see("Now in @bo", "@bo bo: unread 2")
        assert [row for row in text.split("\n") if row.startswith("@bo bo:")] == [
            f"@bo bo: unread {number}" for number in range(3)
        ]


def test_what_was_said_meanwhile_is_counted_but_not_told_all_at_once(
    chat: ChatServer, sit: Sit
) -> None:
    with two_accounts(chat) as bo:
        assert bo.ask("join", room="#ops")["ok"]
        ana = sit(chat, "--login", "ana")
        ana.see("Password or token of ana: ")
        ana.enter(PASSWORD)
        ana.see("Now in #lobby")
        ana.enter("/join #ops")
        ana.see("Now in #ops")
        ana.enter("/go #lobby")
        ana.see("Now in #lobby")
        ana.enter("/quit")
        assert ana.left() == 0
        for number in range(60):
            say(bo, f"news {number}", "#ops")
        # What was kept of the last time is there again, and has a hole.
        again = ana.again()
        again.see("Password or token of ana: ")
        again.enter(PASSWORD)
        again.see("Unread: #ops 60.", "Now in #lobby")
        say(bo, "live", "#ops")
        assert "news" not in again.see("#ops bo: live\n")
        again.enter("/go #ops")
        again.see("#ops bo: news 59\n", "Now in #ops")
        again.close()


def test_a_lost_connection_is_told_and_nothing_is_lost_or_doubled(
    start_chat: StartChat, sit: Sit
) -> None:
    chat = start_chat("--rate", "off")
    ana = sit(chat, "--nick", "ana")
    ana.see("Now in #lobby")
    chat.kill()
    ana.see("The connection is lost.")
    ana.enter("said offline")
    chat.restart()
    ana.see("The connection is lost.", "Connected to")
    with JsonClient(chat, "bo") as bo:
        history = bo.history("#lobby")
        if not any(event.get("text") == "said offline" for event in history):
            bo.find(ev="msg", text="said offline")
        say(bo, "welcome back")
        ana.see("#lobby bo: welcome back")
        texts = [event.get("text") for event in bo.history("#lobby")]
        assert texts.count("said offline") == 1
    assert ana.text.count("welcome back") == 1


def test_a_mention_rings_where_one_is_not(chat: ChatServer, bo: JsonClient, sit: Sit) -> None:
    ana = sit(chat, "--nick", "ana")
    ana.see("Now in #lobby")
    say(bo, "no bell")
    ana.see("no bell\n")
    assert b"\a" not in ana.everything
    say(bo, "a bell", "@ana")
    ana.see("@bo bo: a bell\n")
    ana.see_bytes(b"\a")
