"""What the real client does where something comes and nobody looks: bell, title, desktop."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.acceptance.clients import JsonClient
from tests.acceptance.people import PASSWORD, say, two_accounts
from tests.acceptance.server import ChatServer, until
from tests.acceptance.teletype import Teletype
from tests.programs import require_program

FOCUS_IN, FOCUS_OUT = "\x1b[I", "\x1b[O"
TITLE = re.compile(rb"\x1b\]2;([^\a]*)\a")
ITERM = {"TERM_PROGRAM": "iTerm.app"}


class Ana(Teletype):
    """ana at chatcli."""

    @property
    def rings(self) -> int:
        """How many times the bell rang; the ends of titles are none."""
        return TITLE.sub(b"", self._all()).count(b"\a")

    @property
    def notifications(self) -> list[str]:
        """What was to be told on the desktop."""
        found = re.findall(rb"\x1b\]9;(.*?)\x1b\\", self._all())
        return [each.decode() for each in found]

    @property
    def titles(self) -> list[str]:
        """The titles that the window was given."""
        return [each.decode() for each in TITLE.findall(self._all())]

    def _all(self) -> bytes:
        return self.text.encode() and self.everything

    def look_away(self) -> None:
        """Go to another window; what is typed shows that chatcli knows."""
        self.type(f"{FOCUS_OUT}x")
        self.see_row("#lobby› x")

    def come_back(self) -> None:
        """Look again."""
        self.type(f"{FOCUS_IN}\x7f")
        self.see_row("#lobby›")


Sit = Callable[..., Ana]


@pytest.fixture
def sit(chat: ChatServer, tmp_path: Path) -> Iterator[Sit]:
    """Return what starts ana's chatcli at a terminal; all are gone at the end."""
    started: list[Ana] = []

    def start(*arguments: str, settings: str = "", within: tuple[str, ...] = (), **env: str) -> Ana:
        home = tmp_path / f"teletype-{len(started) + 1}"
        directory = home / "CONFIG" / "chatcli"
        directory.mkdir(parents=True)
        (directory / "chatcli.toml").write_text(settings, "utf-8")
        words = arguments or ("--nick", "ana")
        words = (f"127.0.0.1:{chat.port}", *words)
        ana = Ana(home, *words, term="xterm-256color", env=env, within=within)
        started.append(ana)
        if not arguments:
            ana.see_row("#lobby›")
        return ana

    yield start
    for each in started:
        each.close()


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return a guest at a program."""
    with JsonClient(chat, "bo") as bo:
        yield bo


def test_who_looks_is_left_alone_and_who_does_not_is_told(bo: JsonClient, sit: Sit) -> None:
    ana = sit(**ITERM)
    say(bo, "seen")
    ana.see("seen")
    ana.look_away()
    assert (ana.rings, ana.notifications) == (0, [])
    say(bo, "not seen")
    until(lambda: ana.notifications, "a notification")
    assert ana.notifications == ["bo in #lobby: not seen"]
    assert ana.rings == 1
    until(lambda: ana.titles[-1] == "(1) chatcli – #lobby", "the title counts")
    ana.come_back()
    until(lambda: ana.titles[-1] == "chatcli – #lobby", "the title is as before")


def test_who_is_at_the_terminal_hears_of_other_conversations_by_the_bell_alone(
    bo: JsonClient, sit: Sit
) -> None:
    ana = sit(**ITERM)
    ana.look_away()
    ana.come_back()
    say(bo, "psst", "@ana")
    until(lambda: ana.rings, "the bell")
    until(lambda: ana.titles[-1] == "(1!) chatcli – #lobby", "the title counts")
    assert ana.notifications == []


def test_the_title_is_given_back_at_the_end(bo: JsonClient, sit: Sit) -> None:
    ana = sit()
    ana.see_bytes(b"\x1b[22;2t\x1b]2;chatcli")
    ana.enter("/quit")
    assert ana.left() == 0
    assert ana.everything.count(b"\x1b[22;2t") == 1
    assert ana.everything.count(b"\x1b]2;\a\x1b[23;2t") == 1
    assert ana.titles[-1] == ""


def test_what_was_said_before_one_came_is_no_news(chat: ChatServer, sit: Sit) -> None:
    with two_accounts(chat) as bo:
        say(bo, "@ana before")
        say(bo, "before, too", "@ana")
        ana = sit("--login", "ana", **ITERM)
        ana.see("Password or token of ana:")
        ana.enter(PASSWORD)
        ana.see_row("#lobby›")
        ana.look_away()
        until(lambda: ana.titles[-1].startswith("(1!)"), "the title counts")
        assert (ana.rings, ana.notifications) == (0, [])
        say(bo, "now", "@ana")
        until(lambda: ana.notifications, "a notification")
        assert ana.notifications == ["bo: now"]


def test_a_level_decides_what_one_is_told(chat: ChatServer, sit: Sit) -> None:
    with two_accounts(chat) as bo:
        ana = sit("--login", "ana", **ITERM)
        ana.see("Password or token of ana:")
        ana.enter(PASSWORD)
        ana.see_row("#lobby›")
        ana.enter("/notify mentions")
        ana.see("mentions")
        ana.look_away()
        say(bo, "for anybody")
        say(bo, "for @ana")
        until(lambda: ana.notifications, "a notification")
        assert ana.notifications == ["bo in #lobby: for @ana"]


def test_many_messages_are_few_notices(bo: JsonClient, sit: Sit) -> None:
    ana = sit(**ITERM)
    ana.look_away()
    started = time.monotonic()
    for number in range(40):
        say(bo, f"message {number}")
    until(lambda: len(ana.notifications) >= 2, "the rest is gathered")
    seconds = time.monotonic() - started
    assert ana.notifications[0] == "bo in #lobby: message 0"
    assert re.search(r"^\d+ messages in #lobby: from bo$", ana.notifications[1])
    assert ana.rings == len(ana.notifications) <= 2 + seconds // 5


def test_settings_say_what_is_used(bo: JsonClient, sit: Sit) -> None:
    ana = sit(settings='[notices]\nbell = false\ntitle = false\ndesktop = "osc9"\n')
    ana.look_away()
    say(bo, "hello")
    until(lambda: ana.notifications, "a notification")
    assert ana.rings == 0
    assert ana.titles == []


def test_quiet_hours_are_quiet(bo: JsonClient, sit: Sit) -> None:
    hour = time.localtime().tm_hour
    quiet = f"{(hour - 1) % 24:02}:00-{(hour + 2) % 24:02}:00"
    ana = sit(settings=f'[notices]\nquiet = "{quiet}"\n', **ITERM)
    ana.look_away()
    say(bo, "hello")
    until(lambda: ana.titles[-1] == "(1) chatcli – #lobby", "the title counts")
    assert (ana.rings, ana.notifications) == (0, [])


@pytest.mark.parametrize("allowed", [True, False])
def test_tmux_hands_a_notification_on_where_that_is_allowed(
    bo: JsonClient, sit: Sit, tmp_path: Path, *, allowed: bool
) -> None:
    tmux = [require_program("tmux"), "-L", f"notices-{uuid4().hex}"]
    configuration = tmp_path / "tmux.conf"
    configuration.write_text(f"set -g allow-passthrough {'on' if allowed else 'off'}\n", "utf-8")
    within = (*tmux, "-u", "-f", str(configuration), "new-session")
    try:
        ana = sit(settings='[notices]\ndesktop = "osc9"\n', within=within)
        say(bo, "psst", "@ana")
        # What tmux cannot hand on, it drops; the bell comes after it, or alone.
        until(lambda: ana.notifications if allowed else ana.rings, "a notice")
        assert ana.notifications == (["bo: psst"] if allowed else [])
        until(lambda: ana.rings, "the bell")
    finally:
        subprocess.run([*tmux, "kill-server"], capture_output=True, check=False)
