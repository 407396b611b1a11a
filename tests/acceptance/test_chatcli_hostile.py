"""chatcli in a real terminal, where a server says more than anybody can read."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import Open
from tests.acceptance.server import until
from tests.acceptance.terminal import Terminal
from tests.chatcli.crowded import MEMBERS, Crowded, Flooding, serving

MOST = 400 << 20  # bytes of memory, whatever the server does
SOON = 3.0  # seconds that a key may take to be seen, however busy the machine is


def memory(terminal: Terminal) -> int:
    """Return the resident memory of chatcli, in bytes."""
    status = Path(f"/proc/{terminal.pid}/status").read_text("ascii")
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


def is_seen_soon(terminal: Terminal, text: str) -> None:
    """Type something, and see it."""
    begun = time.monotonic()
    terminal.type(text)
    terminal.see(f"› {text}")
    assert time.monotonic() - begun < SOON
    terminal.press("C-u")


def settled(terminal: Terminal) -> str:
    """Return the screen once it stays as it is for a while."""
    seen = [terminal.screen]

    def stays() -> bool:
        time.sleep(0.3)
        seen.append(terminal.screen)
        return seen[-1] == seen[-2]

    until(stays, "the screen settles")
    return seen[-1]


def test_a_flood_of_everything_is_survived(terminal: Open) -> None:
    with serving(Flooding) as server:
        ana = terminal(200, 50)
        ana.start_chatcli(f"127.0.0.1:{server.port}", "--nick", "ana")
        ana.see("#lobby›")
        for number in range(10):
            is_seen_soon(ana, f"key {number}")
        assert memory(ana) < MOST
        server.silent.set()
        ana.enter("/go #lobby")
        screen = ana.see("it is over")
        assert "\x1b" not in screen
        ana.enter("/quit")
        assert ana.left() == "0"
        assert ana.stderr == ""


def test_a_room_of_thousands(terminal: Open) -> None:
    with serving(Crowded) as server:
        ana = terminal(120, 30)
        ana.start_chatcli(f"127.0.0.1:{server.port}", "--nick", "ana")
        ana.see("#lobby›", "n0001", " more")
        screen = ana.screen
        assert re.search(rf"{MEMBERS // 1000}\d\d\d (people|here)", screen)
        is_seen_soon(ana, "hello")
        begun = time.monotonic()
        ana.type("@n4999")
        ana.see("@n4999 ")
        ana.press("Tab")
        ana.see("› @n4999")
        assert time.monotonic() - begun < 2 * SOON
        ana.press("C-u")
        ana.enter("/quit")
        assert ana.left() == "0"


@pytest.mark.parametrize(
    "sizes", [((200, 50), (80, 24), (40, 10)), ((81, 25), (79, 12), (100, 40))]
)
def test_a_resize_while_lines_arrive_garbles_nothing(
    terminal: Open, sizes: tuple[tuple[int, int], ...]
) -> None:
    with serving(Crowded) as server:
        ana = terminal(120, 30)
        ana.start_chatcli(f"127.0.0.1:{server.port}", "--nick", "ana")
        ana.see("#lobby›", "word")
        for columns, rows in sizes * 3:
            ana.resize(columns, rows)
            ana.see("#lobby›")
        server.silent.set()
        ana.see("silence now")
        before = settled(ana)
        ana.press("C-l")
        assert settled(ana) == before
        ana.enter("/quit")
        assert ana.left() == "0"
