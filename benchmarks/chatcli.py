"""How quick chatcli is, and how much memory it takes, beside weechat.

    python benchmarks/chatcli.py            about three minutes, loopback only

It prints tables in Markdown. Both clients run as they are on a terminal of 200x50 and are looked at
from outside, by turns: chatcli at a server that says what it is told to, weechat at a local ngircd.
Where weechat-curses and ngircd are missing they are installed by apt if that is allowed (as root);
else chatcli is measured alone. Processor time is that of all threads of the client.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple, Protocol

from programs import Program
from servers import HOST, MARK, Chat, Irc

ROOT = Path(__file__).resolve().parent.parent
STARTS = 5
SCROLLBACK = 100_000
MANY = (10_000, 100_000, 1_000_000)
FRAMES = 100
KEYS = 80
RATE = 1000  # messages a second while keys are pressed
LOADING = 3000  # a second through the ircd, which drops who does not keep up
DISTURBANCES = {
    "nothing else": None,
    "1,000 messages a second elsewhere": "#ops",
    "1,000 messages a second in view": "#lobby",
}
PAGE_UP = b"\x1b[5~"
# Letters that nobody says, so that it is seen when one that was typed is drawn.
LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
_ENDS = (f"{first}{second}" for first in "БГДЁЗИЙ" for second in "ЛПЦЧШЩЪ")


class Server(Protocol):
    """Who says things to a client."""

    def say(self, room: str, count: int, rate: float, last: str = "") -> None:
        """Say so many messages at a rate, and then ``last``."""


class Client(NamedTuple):
    """How a client is started, and what it needs: keys, and what it draws first."""

    name: str
    server: Server
    start: Callable[[], Program]
    first: str
    switch: bytes
    empty: bytes
    loading: float


# The clients


@contextmanager
def chatcli(home: Path, lines: int | None = None) -> Iterator[Client]:
    """Give chatcli, with its default settings or so many lines of scrollback."""
    settings = home / "chatcli"
    settings.mkdir(parents=True, exist_ok=True)
    path = settings / "chatcli.toml"
    path.write_text(f"lines = {lines}\nmemory = 1000\n" if lines else "", "utf-8")
    path.chmod(0o600)
    server = Chat()
    command = [sys.executable, "-m", "chatcli", f"{HOST}:{server.port}", "--nick", "ana"]
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    more = {**dict.fromkeys(names, str(home)), "PYTHONPATH": str(ROOT)}

    def start() -> Program:
        return Program(command, more, home)

    try:
        yield Client("chatcli", server, start, "›", b"\x0e", b"\x15", 0.0)
    finally:
        server.close()


@contextmanager
def weechat(home: Path, lines: int) -> Iterator[Client]:
    """Give weechat with so many lines of scrollback, connected by itself to a local ngircd."""
    home.mkdir()
    server = Irc(home)
    command = ["weechat", "-d", str(home / "weechat")]
    setting = [
        f"/set weechat.history.max_buffer_lines_number {lines}",
        f"/server add bench {HOST}/{server.port} -nicks=ana -autoconnect -autojoin=#ops,#lobby",
        "/save",
        "/quit",
    ]
    run = [word for each in setting for word in ("-r", each)]
    program = Program([*command, *run], {}, home)
    wait_for_end(program)

    def start() -> Program:
        return Program(command, {}, home)

    try:
        # Its input is on the last row.
        yield Client("weechat", server, start, "\x1b[50;", b"\x1b[1;3B", b"\x15", LOADING)
    finally:
        server.close()


def wait_for_end(program: Program) -> None:
    """Wait until a program ends by itself, and collect it."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            program.read(0.1)
        except EOFError:
            break
    program.close()


@contextmanager
def running(client: Client) -> Iterator[Program]:
    """Start a client, and wait until it is in its rooms."""
    program = client.start()
    try:
        program.see(MARK)
        program.settle(0.3)
        yield program
    finally:
        program.close()


def load(client: Client, program: Program, room: str, count: int) -> float:
    """Have so many messages said and drawn; return how long that took, in seconds."""
    begun, last = time.monotonic(), next(_ENDS) * 4
    talking = _apart(lambda: client.server.say(room, count, client.loading, last))
    program.see(last)
    took = time.monotonic() - begun
    talking.join()
    program.settle(0.2)
    return took


# What is measured


def starts(clients: list[Client]) -> dict[str, list[str]]:
    """Start the clients by turns; return when they drew first, and when they were in a room."""
    first: dict[str, list[float]] = {client.name: [] for client in clients}
    inside: dict[str, list[float]] = {client.name: [] for client in clients}
    for _ in range(STARTS):
        for client in clients:
            program = client.start()
            first[client.name].append(program.see(client.first))
            inside[client.name].append(program.see(MARK))
            program.close()
    rows = {"first drawing after start": first, "in a room, its topic drawn": inside}
    return {f"{row}, ms": [_times(found[c.name]) for c in clients] for row, found in rows.items()}


def frames(client: Client, program: Program) -> dict[str, str]:
    """Return the processor time of drawings, after ``SCROLLBACK`` messages."""
    found = {}

    def measure(name: str, act: Callable[[], None]) -> None:
        found[name] = _times([program.frame(act) for _ in range(FRAMES)])

    measure("scroll a page up", lambda: program.press(PAGE_UP))
    program.press(b"\x1b[1;3F" if client.name == "chatcli" else b"\x1b[F\x1b[6~" * FRAMES * 2)
    program.settle(0.3)
    measure("a message arrives", lambda: client.server.say("#lobby", 1, 1000))
    measure("switch the conversation", lambda: program.press(client.switch))
    measure("type a letter", lambda: program.press(b"x"))
    program.press(client.empty)
    return {f"{row}, ms": told for row, told in found.items()}


def delays(client: Client, program: Program, room: str | None) -> list[float]:
    """Return how long keys wait to be drawn while messages arrive in a room, or in none."""
    talking = None
    if room is not None:
        count = int(KEYS * 0.085 * RATE)
        talking = _apart(lambda: client.server.say(room, count, RATE))
    chance, found = random.Random(3), []
    for number in range(KEYS):
        _rest(program, chance.uniform(0.04, 0.1))
        letter = LETTERS[number % len(LETTERS)]
        pressed = time.monotonic()
        program.press(letter.encode())
        program.see(letter)
        found.append(time.monotonic() - pressed)
        if number % 20 == 19:
            program.press(client.empty)
    while talking is not None and talking.is_alive():
        program.read(0.1)
    program.settle(0.3)
    return found


def _apart(act: Callable[[], None]) -> Thread:
    thread = Thread(target=act)
    thread.start()
    return thread


def _rest(program: Program, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        program.read(left)


def _times(taken: list[float]) -> str:
    """Return median, 95th percentile and longest of times, in milliseconds."""
    ordered = sorted(each * 1000 for each in taken)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{statistics.median(ordered):.1f} / {high:.1f} / {ordered[-1]:.1f}"


# The run


def beside(clients: list[Client]) -> None:
    """Measure the clients with the same scrollback, and print that."""
    rows = starts(clients)
    found: dict[str, list[str]] = {}
    for client in clients:
        with running(client) as program:
            told = {"memory after start, MiB": f"{program.memory():.0f}"}
            load(client, program, "#lobby", SCROLLBACK // 10)
            told[f"memory with {SCROLLBACK // 10:,} messages, MiB"] = f"{program.memory():.0f}"
            load(client, program, "#lobby", SCROLLBACK - SCROLLBACK // 10)
            told[f"memory with {SCROLLBACK:,} messages, MiB"] = f"{program.memory():.0f}"
            told |= frames(client, program)
            for name, room in DISTURBANCES.items():
                told[f"a key waits, {name}, ms"] = _times(delays(client, program, room))
        for row, value in told.items():
            found.setdefault(row, []).append(value)
    names = [client.name for client in clients]
    _print("", names, {**rows, **found})


def bounded(client: Client) -> None:
    """Print the memory of a client as events come, whatever there was before."""
    rows: dict[str, list[str]] = {}
    with running(client) as program:
        rows["0"] = [f"{program.memory():.0f}", ""]
        before = 0
        for count in MANY:
            took = load(client, program, "#lobby", count - before)
            rate = f"{(count - before) / took:,.0f}"
            rows[f"{count:,}"] = [f"{program.memory():.0f}", rate]
            before = count
    _print("events received", ["memory, MiB", "taken in a second"], rows)


def _print(corner: str, names: list[str], rows: dict[str, list[str]]) -> None:
    print(f"| {corner} | {' | '.join(names)} |\n| --- |{' ---: |' * len(names)}")
    for row, values in rows.items():
        print(f"| {row} | {' | '.join(values)} |")
    print(flush=True)


def have_weechat() -> bool:
    """Return whether weechat and ngircd are here; install them where that is possible."""
    if not (shutil.which("weechat") and shutil.which("ngircd")) and os.geteuid() == 0:
        words = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
        subprocess.run([*words, "weechat-curses", "ngircd"], stdout=sys.stderr, check=False)
    return bool(shutil.which("weechat") and shutil.which("ngircd"))


def main() -> None:
    """Measure and print."""
    print("Times are median / 95th percentile / longest.\n")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        with chatcli(home / "much", SCROLLBACK) as ours:
            if have_weechat():
                with weechat(home / "weechat", SCROLLBACK) as theirs:
                    beside([ours, theirs])
            else:
                print("weechat-curses and ngircd are not here: chatcli is measured alone.\n")
                beside([ours])
        with chatcli(home / "default") as ours:
            bounded(ours)


if __name__ == "__main__":
    main()
