"""The real client in a real terminal, with the real server."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import chatd
from tests.acceptance.conftest import Open, StartChat
from tests.acceptance.server import ChatServer, environment, free_port, until
from tests.acceptance.terminal import Terminal
from tests.chatcli.hostile import Hostile, Server


@pytest.fixture
def pair(terminal: Open, chat: ChatServer) -> tuple[Terminal, Terminal]:
    """Return the terminals of two people who are in the lobby."""
    ana, bo = terminal(), terminal()
    ana.chat(chat.port, "--nick", "ana")
    bo.chat(chat.port, "--nick", "bo")
    for each in (ana, bo):
        each.see("● ana", "● bo")
    return ana, bo


def run_chatcli(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run chatcli without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "chatcli", *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def said(screen: str, pattern: str) -> list[str]:
    """Return what matches in the column of the messages, in order."""
    return re.findall(pattern, screen)


# Without a terminal


def test_version_and_help() -> None:
    version = run_chatcli("--version")
    assert (version.returncode, version.stdout) == (0, f"chatcli {chatd.__version__}\n")
    explained = run_chatcli("--help")
    assert explained.returncode == 0
    assert "HOST[:PORT]" in explained.stdout
    assert "localhost:65432" in explained.stdout


def test_without_a_terminal_it_refuses_in_one_sentence() -> None:
    refused = run_chatcli()
    assert refused.returncode == 1
    assert refused.stderr.startswith("chatcli needs a terminal")
    assert refused.stderr.count("\n") == 1


def test_a_wrong_address_is_told() -> None:
    refused = run_chatcli("host:99999")
    assert refused.returncode == 2
    assert "99999 is no port" in refused.stderr


# Talking


def test_two_people_talk(pair: tuple[Terminal, Terminal]) -> None:
    ana, bo = pair
    ana.enter("hello :smile: 漢字")
    ana.see("hello 😄 漢字 ✓")
    bo.see("ana │ hello 😄 漢字")
    bo.enter("/me waves")
    ana.see("* │ bo waves")
    bo.type("I am still wri")
    ana.see("bo types…")
    bo.press("C-u")
    ana.see_no("bo types…")


def test_a_private_message_is_counted_until_it_is_read(pair: tuple[Terminal, Terminal]) -> None:
    ana, bo = pair
    bo.enter("/msg ana psst")
    bo.enter("/msg ana again")
    screen = ana.see("2!")
    assert "psst" not in screen
    assert re.search(r"^@bo ● +2!│", screen, re.MULTILINE)
    ana.press("M-Down")
    screen = ana.see("bo │ psst", "bo │ again", "@bo›")
    assert "2!" not in screen
    ana.enter("what is it?")
    bo.press("C-n")
    bo.see("ana │ what is it?")


def test_rooms_are_joined_and_left(pair: tuple[Terminal, Terminal]) -> None:
    ana, bo = pair
    ana.enter("/join #ops")
    ana.see("#ops›", "● ana★")
    ana.enter("/topic All about operations")
    ana.see("#ops │ All about operations")
    bo.enter("/join #ops")
    ana.see("→ bo joined")
    bo.enter("/go #lobby")
    bo.see("#lobby›")
    ana.enter("to you")
    bo.see("#ops             1│")
    bo.enter("/go #ops")
    bo.see("── new ──", "ana │ to you")
    ana.enter("/part")
    ana.see("#lobby›", "You left #ops.")
    bo.see("← ana left")


def test_completion(pair: tuple[Terminal, Terminal]) -> None:
    ana, bo = pair
    bo.enter("I am here")
    ana.see("I am here")
    ana.type("/whoi")
    ana.see("/whois", "tells about a person")
    ana.press("Tab")
    ana.see("#lobby› /whois")
    ana.type("b")
    ana.press("Tab", "Enter")
    ana.see("bo, a guest, online")
    ana.type("hey @")
    ana.see("@bo")
    ana.press("Tab")
    ana.type(":tada")
    ana.see("🎉")
    ana.press("Tab", "Enter")
    bo.see("ana │ hey @bo 🎉")


def test_replies_and_refusals_are_told(pair: tuple[Terminal, Terminal]) -> None:
    ana, _ = pair
    ana.enter("/who")
    ana.see("2 people on the server:", "bo (guest, online)")
    ana.enter("/jion #x")
    ana.see("Did you mean /join? Try: /help", "#lobby› /jion #x")
    ana.press("C-u")
    ana.enter("/nick bo")
    ana.see("The name bo is in use.")
    ana.press("F1")
    ana.see("Alt-Down, Ctrl-N")
    ana.press("NPage")
    ana.see("/whisper NICK TEXT")
    ana.press("NPage")
    ana.see("/join #R [KEY]")
    ana.press("F1")
    ana.see("The name bo is in use.")
    ana.press("Up", "Up")
    ana.see("#lobby› /jion #x")


def test_a_refused_message_comes_back(pair: tuple[Terminal, Terminal]) -> None:
    ana, _ = pair
    ana.enter("/msg nobody hello")
    ana.see("There is nobody called nobody here.", "#lobby› /msg nobody hello")


def test_history_is_fetched_on_scrolling_up(terminal: Open, chat: ChatServer) -> None:
    talker = terminal()
    talker.chat(chat.port, "--nick", "flo")
    for number in range(1, 81):
        talker.enter(f"line {number} of many")
    talker.see("line 80 of many ✓")
    ana = terminal(80, 24)
    ana.chat(chat.port, "--nick", "ana")
    ana.see("line 80 of many")
    assert "line 57 of many" not in ana.screen

    def at_first() -> bool:
        ana.press("PPage")
        return "line 1 of many" in ana.screen

    until(at_first, "the first line")
    ana.see("more below")
    talker.enter("one more")
    ana.press("M-End")
    screen = ana.see("one more")
    assert "more below" not in screen
    numbers = said(screen, r"line (\d+) of many")
    assert numbers == [str(number) for number in range(81 - len(numbers), 81)]


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 10), (200, 50)])
def test_it_is_usable_at_any_size(
    terminal: Open, chat: ChatServer, columns: int, rows: int
) -> None:
    ana = terminal(columns, rows)
    ana.chat(chat.port, "--nick", "ana")
    ana.enter("word " * 12 + "end")
    screen = ana.see("end", "✓")
    assert ("● ana" in screen) == (columns >= 80)
    ana.resize(60, 15)
    ana.see_no("● ana")
    ana.see("end", "✓", "#lobby›")
    ana.resize(120, 30)
    ana.see("● ana", "end ✓")


# Losing the server


def test_nothing_is_lost_or_doubled_when_the_server_dies(
    pair: tuple[Terminal, Terminal], chat: ChatServer
) -> None:
    ana, bo = pair
    ana.enter("ana 1")
    bo.see("ana 1")
    for round_ in range(1, 4):
        bo.enter(f"bo {2 * round_ - 1}")
        ana.enter(f"ana {2 * round_}")
        chat.kill()
        ana.see("○")
        ana.enter(f"ana {2 * round_ + 1}")
        bo.enter(f"bo {2 * round_}")
        ana.see(f"ana {2 * round_ + 1} …")
        chat.restart()
        for each in (ana, bo):
            each.see(f"ana {2 * round_ + 1}", f"bo {2 * round_}", "● 127")
            each.see_no("…")
    seen = [said(each.screen, r"│ ((?:ana|bo) \d+)") for each in (ana, bo)]
    assert seen[0] == seen[1]
    for who, count in (("ana", 7), ("bo", 6)):
        own = [line for line in seen[0] if line.startswith(who)]
        assert own == [f"{who} {number}" for number in range(1, count + 1)]


def test_a_forgotten_session_gets_name_and_rooms_again(
    pair: tuple[Terminal, Terminal], chat: ChatServer
) -> None:
    ana, bo = pair
    ana.enter("/join #ops")
    bo.enter("/join #ops")
    ana.enter("before")
    bo.see("before")
    chat.stop()
    ana.enter("meanwhile")
    ana.see("meanwhile …")
    (chat.data / "chat.db").unlink()
    chat.restart()
    ana.see("meanwhile ✓")
    bo.see("● ana", "#ops›", "ana │ meanwhile")
    ana.see("● ana", "● bo")


def test_it_waits_for_a_server_that_is_not_there_yet(terminal: Open, start_chat: StartChat) -> None:
    ana = terminal()
    port = free_port()
    ana.start_chatcli(f"127.0.0.1:{port}", "--nick", "ana")
    ana.see("Connection refused", "next try in")
    ana.enter("too early")
    ana.see("There is no conversation yet.")
    start_chat("--rate", "off", "--listen", f"tcp:{port}:interface=127.0.0.1")
    ana.see("● ana", "#lobby› too early")


def test_a_server_that_stops_in_order_is_waited_for(
    pair: tuple[Terminal, Terminal], chat: ChatServer
) -> None:
    ana, bo = pair
    chat.stop()
    ana.see("The server is stopping.", "offline, next try in")
    chat.restart()
    for each in (ana, bo):
        each.see("● 127", "● ana", "● bo")


# A hostile server


def test_a_hostile_server_is_told_of_and_survived(terminal: Open) -> None:
    with Server(("127.0.0.1", 0), Hostile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ana = terminal()
        ana.start_chatcli(f"127.0.0.1:{server.server_address[1]}")
        screen = ana.see("still 漢字 here", "]2;owned2Jevil", "… 499")
        assert "far away" in screen
        assert "a line of more than 8 MiB" in screen
        ana.enter("/clear")
        ana.see_no("still")
        ana.enter("/who")
        ana.see("0 people on the server:")
        ana.enter("/quit")
        assert ana.left() == "0"
        server.shutdown()


# Leaving


@pytest.mark.parametrize(
    ("leave", "status"),
    [
        (lambda ana: ana.enter("/quit bye"), "0"),
        (lambda ana: ana.press("C-c"), "0"),
        (lambda ana: ana.kill(signal.SIGINT), "0"),
        (lambda ana: ana.kill(signal.SIGTERM), "143"),
        (lambda ana: ana.kill(signal.SIGHUP), "129"),
    ],
    ids=["quit", "ctrl-c", "int", "term", "hup"],
)
def test_the_terminal_comes_back_whole(
    terminal: Open, chat: ChatServer, leave: Callable[[Terminal], None], status: str
) -> None:
    ana = terminal()
    ana.chat(chat.port, "--nick", "ana")
    ana.type("half a ")
    ana.press("C-u")
    leave(ana)
    assert ana.left() == status
    assert ana.stderr == ""
    ana.chat(chat.port, "--nick", "ana")
    ana.see("● ana")


def test_it_can_be_left_while_the_server_is_gone(terminal: Open, chat: ChatServer) -> None:
    ana = terminal()
    ana.chat(chat.port)
    chat.kill()
    ana.see("○")
    ana.press("C-c")
    assert ana.left() == "0"


def test_a_defect_gives_the_terminal_back_and_says_so(terminal: Open, chat: ChatServer) -> None:
    spoilt = (
        "import chatcli.session as s; del s.Session.submit; import chatcli.__main__ as m; m.main()"
    )
    ana = terminal()
    program = f"{shlex.quote(sys.executable)} -c {shlex.quote(spoilt)}"
    ana.start_chatcli(f"127.0.0.1:{chat.port}", program=program)
    ana.see("#lobby›")
    ana.enter("hello")
    assert ana.left() == "1"
    assert "chatcli made a mistake and had to end: AttributeError" in ana.stderr
    assert "Traceback" in ana.stderr


def test_it_ends_with_its_terminal(terminal: Open, chat: ChatServer) -> None:
    ana = terminal()
    ana.chat(chat.port)
    process = Path(f"/proc/{ana.pid}")
    ana.close()
    until(lambda: not process.exists(), "chatcli ends")
