"""What is written to the terminal to tell somebody who does not look."""

from io import StringIO

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.output.vt100 import Vt100_Output

from chatcli.notices import Notice
from chatcli.settings import Notices
from chatcli.ui.notifier import Notifier, Path, notification, path_of

NOTICE = Notice("bo in #ops", "look; now")


class Desk:
    """A terminal, and what was written to it."""

    def __init__(self, wishes: Notices, **env: str) -> None:
        self.wishes = wishes
        self._written = StringIO()
        output = Vt100_Output(self._written, lambda: Size(rows=24, columns=80), term="xterm")
        self.notifier = Notifier(output, lambda: self.wishes, env)

    def take(self) -> str:
        """Return what was written since the last time."""
        written = self._written.getvalue()
        self._written.seek(0)
        self._written.truncate()
        return written


@pytest.mark.parametrize(
    ("env", "way"),
    [
        ({"TERM": "xterm-256color"}, "off"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, "off"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "osc777"),
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, "osc9"),
        ({"TERM": "xterm-kitty"}, "osc9"),
        ({"TERM": "foot-extra"}, "osc777"),
        ({"TERM": "rxvt-unicode-256color"}, "osc777"),
        ({"TERM": "screen", "STY": "1.pts", "VTE_VERSION": "7600"}, "off"),
        ({"TERM": "linux"}, "off"),
        ({}, "off"),
    ],
)
def test_the_terminal_decides_how(env: dict[str, str], way: str) -> None:
    assert path_of("auto", env) == Path(way)  # type: ignore[arg-type]


def test_a_wish_is_stronger_but_for_what_lets_nothing_through() -> None:
    assert path_of("osc9", {"TERM": "xterm"}) == Path("osc9")
    assert path_of("off", {"TERM": "xterm-kitty"}) == Path("off")
    assert path_of("osc9", {"TERM": "screen", "STY": "1.pts"}) == Path("off")


def test_a_notification_as_the_terminal_takes_it() -> None:
    assert notification(NOTICE, Path("osc9")) == "\x1b]9;bo in #ops: look; now\x1b\\"
    assert notification(NOTICE, Path("osc777")) == "\x1b]777;notify;bo in #ops;look, now\x1b\\"
    assert notification(NOTICE, Path("off")) == ""


def test_tmux_is_asked_to_hand_it_on() -> None:
    wrapped = notification(NOTICE, Path("osc9", through_tmux=True))
    assert wrapped == "\x1bPtmux;\x1b\x1b]9;bo in #ops: look; now\x1b\x1b\\\x1b\\"


def test_the_bell_rings_and_the_desktop_is_told_as_is_wished() -> None:
    desk = Desk(Notices(), TERM="foot")
    desk.notifier.tell(NOTICE)
    assert desk.take() == "\a\x1b]777;notify;bo in #ops;look, now\x1b\\"
    desk.notifier.tell(NOTICE, present=True)
    assert desk.take() == "\a"
    desk.wishes = Notices(bell=False, desktop="osc9")
    desk.notifier.tell(NOTICE)
    assert desk.take() == "\x1b]9;bo in #ops: look; now\x1b\\"
    desk.wishes = Notices(bell=False, desktop="off")
    desk.notifier.tell(NOTICE)
    assert desk.take() == ""


def test_the_title_is_written_where_it_changes_and_given_back() -> None:
    desk = Desk(Notices())
    desk.notifier.entitle("chatcli – #ops")
    assert desk.take() == "\x1b[22;2t\x1b]2;chatcli – #ops\x07"
    desk.notifier.entitle("chatcli – #ops")
    assert desk.take() == ""
    desk.notifier.entitle("(1) chatcli – #ops")
    assert desk.take() == "\x1b]2;(1) chatcli – #ops\x07"
    desk.notifier.close()
    assert desk.take() == "\x1b]2;\x07\x1b[23;2t"
    desk.notifier.close()
    assert desk.take() == ""


def test_a_title_that_is_not_wished_any_more_is_given_back_at_once() -> None:
    desk = Desk(Notices())
    desk.notifier.entitle("chatcli – #ops")
    desk.take()
    desk.wishes = Notices(title=False)
    desk.notifier.entitle("chatcli – #ops")
    assert desk.take() == "\x1b]2;\x07\x1b[23;2t"
    desk.notifier.entitle("chatcli – #dev")
    assert desk.take() == ""
