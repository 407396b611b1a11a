"""The themes: which colours they have, on which ground, and which one is right for a terminal.

Nick colours follow Okabe and Ito, and Paul Tol: those of them that people who see fewer colours,
too, tell apart best. All are in the palette of 256, so that they are the same on any terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from prompt_toolkit.output import ColorDepth

from chatcli.settings import Theme

Rgb = tuple[int, int, int]


class Palette(NamedTuple):
    """The colours of a theme by what they are for, as prompt_toolkit writes styles.

    ``ground`` and ``text`` are painted only where the terminal has another ground.
    """

    ground: str = ""
    text: str = ""
    quiet: str = ""
    rule: str = ""
    alarm: str = ""
    good: str = ""
    warn: str = ""
    link: str = ""
    code: str = ""
    menu: str = ""
    chosen: str = "reverse"
    nicks: tuple[str, ...] = ("",)


_ON_DARK = (
    "#00af87", "#87afd7", "#87d7ff", "#ffaf00", "#d7d787", "#ffd75f", "#ff875f", "#d787af",
)  # fmt: skip
_ON_LIGHT = (
    "#005faf", "#005f00", "#5f5f87", "#00005f", "#875f5f", "#87005f", "#af0000", "#d7005f",
)  # fmt: skip

FULL = {
    "dark": Palette(
        ground="#121212",
        text="#dadada",
        quiet="#9e9e9e",
        rule="#6c6c6c",
        alarm="#ff8787",
        good="#5fd787",
        warn="#ffaf5f",
        link="#87afff",
        code="#d7af87",
        menu="bg:#3a3a3a #eeeeee",
        chosen="bg:#afd7ff #000000",
        nicks=_ON_DARK,
    ),
    "light": Palette(
        ground="#ffffff",
        text="#121212",
        quiet="#626262",
        rule="#9e9e9e",
        alarm="#af0000",
        good="#005f00",
        warn="#875f00",
        link="#005faf",
        code="#5f5f00",
        menu="bg:#dadada #121212",
        chosen="bg:#005faf #ffffff",
        nicks=_ON_LIGHT,
    ),
    "contrast": Palette(
        ground="#000000",
        text="#ffffff",
        quiet="#d0d0d0",
        rule="#d0d0d0",
        alarm="#ffafaf",
        good="#87ff87",
        warn="#ffff87",
        link="#87d7ff",
        code="#ffffff",
        menu="bg:#ffffff #000000",
        chosen="bg:#ffff00 #000000",
        nicks=_ON_DARK,
    ),
}
_BRIGHT = Palette(
    ground="ansiblack",
    text="ansiwhite",
    quiet="ansigray",
    rule="ansigray",
    alarm="ansibrightred",
    good="ansibrightgreen",
    warn="ansibrightyellow",
    link="ansibrightcyan",
    code="ansigray",
    menu="bg:ansigray ansiblack",
    chosen="bg:ansibrightcyan ansiblack",
    nicks=("ansibrightcyan", "ansibrightyellow", "ansibrightgreen", "ansibrightred",
           "ansicyan", "ansiyellow", "ansigreen", "ansibrightmagenta"),
)  # fmt: skip
SIXTEEN = {
    "dark": _BRIGHT,
    "light": Palette(
        ground="ansiwhite",
        text="ansiblack",
        quiet="ansiblack",
        rule="ansiblack",
        alarm="ansired",
        good="ansiblue",
        warn="ansimagenta",
        link="ansiblue",
        code="ansiblack",
        menu="bg:ansigray ansiblack",
        chosen="bg:ansiblue ansiwhite",
        nicks=("ansiblue", "ansired", "ansimagenta", "ansiblack"),
    ),
    "contrast": _BRIGHT,
}
# Without colours the marks and words have to do, and bold and reversed letters.
NONE = Palette()


class Look(NamedTuple):
    """How the screen looks: its colours, and whether it paints its ground."""

    palette: Palette
    painted: bool


def is_light(ground: Rgb) -> bool:
    """Whether dark letters read better on a ground than light ones."""
    red, green, blue = ground
    return 0.299 * red + 0.587 * green + 0.114 * blue > 127


def look(theme: Theme, ground: Rgb | None, depth: ColorDepth) -> Look:
    """Return how a theme looks on a terminal. ``ground`` is its background, where it is known."""
    if depth is ColorDepth.DEPTH_1_BIT:
        return Look(NONE, painted=False)
    known = None if ground is None else "light" if is_light(ground) else "dark"
    name = (known or "dark") if theme == "auto" else theme
    palettes = SIXTEEN if depth is ColorDepth.DEPTH_4_BIT else FULL
    painted = name == "contrast" or known not in {None, name}
    return Look(palettes[name], painted)


def ground_by_environment(environment: Mapping[str, str]) -> Rgb | None:
    """Return about what ``COLORFGBG`` says that the background is, None where it says nothing."""
    last = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not last.isdecimal() or int(last) > 15:
        return None
    return (255, 255, 255) if int(last) in {7, *range(9, 16)} else (0, 0, 0)


def depth_of(environment: Mapping[str, str], colours: int) -> ColorDepth:
    """Return how many colours are used on a terminal that has so many; -1 where it has none."""
    if environment.get("NO_COLOR") or colours < 8:
        return ColorDepth.DEPTH_1_BIT
    # The kinds of terminals with eight colours are old; many that are called so have more.
    more = colours == 8 and environment.get("TERM") != "linux"
    many = more and environment.get("COLORTERM", "") in {"truecolor", "24bit"}
    return ColorDepth.DEPTH_8_BIT if many or colours >= 256 else ColorDepth.DEPTH_4_BIT
