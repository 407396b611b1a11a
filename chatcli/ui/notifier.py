"""Telling somebody who does not look: the bell, the window's title, the desktop's notifications.

A notification is asked of the terminal, by an escape sequence: it appears on the desktop where
the person sits, also where chatcli runs on another computer.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Literal, NamedTuple

from prompt_toolkit.output import Output

from chatcli.notices import Notice
from chatcli.settings import Notices

Way = Literal["osc9", "osc777", "off"]
TMUX_ANSWERS = 1.0  # seconds, at most
# The terminal keeps its window's title on a stack, and takes it from there.
_KEEP_TITLE, _RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
_PROGRAMS: dict[str, Way] = {"iTerm.app": "osc9", "WezTerm": "osc777", "ghostty": "osc777"}
# How a terminal calls itself in TERM, and to tmux, in small letters.
_TERMINALS: dict[str, Way] = {
    "xterm-kitty": "osc9",
    "kitty": "osc9",
    "iterm2": "osc9",
    "wezterm": "osc777",
    "xterm-ghostty": "osc777",
    "ghostty": "osc777",
    "foot": "osc777",
    "rxvt-unicode": "osc777",
    "vte": "osc777",
    "contour": "osc777",
}


class Path(NamedTuple):
    """How a notification gets to the desktop; ``through_tmux``: tmux hands it on."""

    way: Way
    through_tmux: bool = False


def path_of(wish: Literal["auto"] | Way, env: Mapping[str, str]) -> Path:
    """Return how notifications go, for the setting and the environment of the terminal.

    May ask tmux, and wait for it a moment.
    """
    if wish == "off" or "STY" in env:
        return Path("off")
    if "TMUX" not in env:
        return Path(_way_of(env) if wish == "auto" else wish)
    allowed, terminal = _ask_tmux()
    if not allowed:
        return Path("off")
    return Path(_named(terminal) if wish == "auto" else wish, through_tmux=True)


def _way_of(env: Mapping[str, str]) -> Way:
    if env.get("TERM_PROGRAM") in _PROGRAMS:
        return _PROGRAMS[env["TERM_PROGRAM"]]
    if "KITTY_WINDOW_ID" in env:
        return "osc9"
    return "osc777" if "VTE_VERSION" in env else _named(env.get("TERM", ""))


def _named(terminal: str) -> Way:
    found = (way for name, way in _TERMINALS.items() if terminal.lower().startswith(name))
    return next(found, "off")


def _ask_tmux() -> tuple[bool, str]:
    """Return whether tmux hands sequences on here, and what the terminal around it is called."""
    words = ["display-message", "-p", "#{client_termtype} #{client_termname}"]
    command = ["tmux", "show-options", "-Apqv", "allow-passthrough", ";", *words]
    try:
        result = subprocess.run(  # noqa: S603 no part of it comes from anybody
            command, capture_output=True, text=True, timeout=TMUX_ANSWERS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False, ""
    first, _, rest = result.stdout.partition("\n")
    return first in {"on", "all"}, rest.strip()


def notification(notice: Notice, path: Path) -> str:
    """Return what makes the terminal show a notification, empty where it cannot."""
    if path.way == "off":
        return ""
    if path.way == "osc9":
        sequence = f"\x1b]9;{notice.title}: {notice.text}\x1b\\"
    else:
        # A semicolon ends a part of it.
        title, text = (part.replace(";", ",") for part in notice)
        sequence = f"\x1b]777;notify;{title};{text}\x1b\\"
    if path.through_tmux:
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    return sequence


class Notifier:
    """Writes to the terminal as ``wishes``, the settings of the moment, allow.

    ``env`` is the environment that the terminal set.
    """

    def __init__(
        self, output: Output, wishes: Callable[[], Notices], env: Mapping[str, str]
    ) -> None:
        self._output = output
        self._wishes = wishes
        self._env = env
        self._title = ""
        self._paths: dict[str, Path] = {}

    def tell(self, notice: Notice, *, present: bool = False) -> None:
        """Tell something; who is ``present`` needs no notification on the desktop."""
        wishes = self._wishes()
        if wishes.bell:
            self._write("\a")
        if not present:
            self._write(notification(notice, self._path(wishes.desktop)))

    def _path(self, wish: Literal["auto"] | Way) -> Path:
        if wish not in self._paths:
            self._paths[wish] = path_of(wish, self._env)
        return self._paths[wish]

    def entitle(self, title: str) -> None:
        """Give the window a title, where that is wished."""
        if not self._wishes().title:
            self.close()
        elif title != self._title:
            if not self._title:
                self._write(_KEEP_TITLE)
            self._title = title
            self._output.set_title(title)
            self._flush()

    def close(self) -> None:
        """Give the window the title back that it had; empty where the terminal kept none."""
        if self._title:
            self._title = ""
            self._output.clear_title()
            self._write(_RESTORE_TITLE)

    def _write(self, text: str) -> None:
        if text:
            self._output.write_raw(text)
            self._flush()

    def _flush(self) -> None:
        # A terminal that is gone needs nothing more.
        with suppress(OSError):
            self._output.flush()
