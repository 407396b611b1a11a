"""The style of the screen, as it follows from the settings and from the terminal."""

from __future__ import annotations

import curses
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Attrs, Style

from chatcli.settings import Theme
from chatcli.ui.style import style_of
from chatcli.ui.themes import Look, Rgb, depth_of, ground_by_environment, look

_MANY = 256


class Theming:
    """Knows what the terminal can show. ``theme`` gives the one that is set.

    ``asks``: the terminal can be asked for its ground, and its answer matters.
    """

    def __init__(self, theme: Callable[[], Theme], environment: Mapping[str, str]) -> None:
        self._theme = theme
        self.depth = depth_of(environment, _colours_of(environment.get("TERM", "")))
        self.ground: Rgb | None = ground_by_environment(environment)
        # A console of Linux would show the question.
        console = environment.get("TERM") == "linux"
        self.asks = self.depth is not ColorDepth.DEPTH_1_BIT and not console

    @property
    def look(self) -> Look:
        """How the screen looks just now."""
        return look(self._theme(), self.ground, self.depth)

    def style(self) -> Style:
        """Return the style of everything."""
        return _style_of(self.look)

    def painted(self) -> tuple[Attrs, ColorDepth] | None:
        """Return what is painted where nothing is written, None for the terminal's own ground."""
        found = self.look
        if not found.painted:
            return None
        return _style_of(found).get_attrs_for_style_str(""), self.depth


@lru_cache(maxsize=4)
def _style_of(look_: Look) -> Style:
    return style_of(look_)


def _colours_of(term: str) -> int:
    """Return how many colours a kind of terminal has; one that is not known has many.

    Some are not in the system's table of them, but their names tell.
    """
    try:
        curses.setupterm(term)
        return curses.tigetnum("colors")
    except curses.error:
        named = re.search(r"-(\d{1,4})color", term)
        return int(named[1]) if named else _MANY
