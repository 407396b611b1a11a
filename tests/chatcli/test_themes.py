"""The themes: all that is written can be read, and nicks are told apart by everybody."""

import math
import re
import subprocess
import sys
from itertools import combinations
from typing import get_args

import pytest
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import ANSI_COLORS_TO_RGB
from prompt_toolkit.styles import Attrs, Style

from chatcli.settings import Theme
from chatcli.ui.style import CLASSES, NICKS, nick_style, style_of
from chatcli.ui.themes import (
    FULL,
    NONE,
    SIXTEEN,
    Look,
    Palette,
    depth_of,
    ground_by_environment,
    look,
)
from chatcli.ui.theming import Theming
from tests.tree import ROOT

Rgb = tuple[float, float, float]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
# What terminals have that are called dark, or light; contrast paints its own.
GROUNDS = {"dark": ["#000000", "#282a36"], "light": ["#ffffff", "#fdf6e3"], "contrast": []}
READABLE, CLEAR = 4.5, 7.0  # contrast by WCAG, levels AA and AAA
# What is written in them is not to be read, only to be seen.
LINES = frozenset({"rule", "frame.border"})
APART = 11.0  # least distance of two colours in CIELAB

# How people with protanopia, deuteranopia and tritanopia see, after Machado and others, 2009.
EYES = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
)


def linear(colour: str) -> Rgb:
    """Return the amounts of red, green and blue light in a colour."""
    if colour.startswith("ansi"):
        parts = [part / 255 for part in ANSI_COLORS_TO_RGB[colour]]
    else:
        digits = colour.removeprefix("#")
        parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return light[0], light[1], light[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG, from 1 to 21."""
    weights = (0.2126, 0.7152, 0.0722)
    amounts: list[float] = [
        sum(w * c for w, c in zip(weights, linear(each), strict=True)) for each in (one, other)
    ]
    return (max(amounts) + 0.05) / (min(amounts) + 0.05)


def lab(light: Rgb) -> Rgb:
    """Return a colour in CIELAB, in which distances are as they are seen."""
    rows = (
        ((0.4124, 0.3576, 0.1805), 0.9505),
        ((0.2126, 0.7152, 0.0722), 1.0),
        ((0.0193, 0.1192, 0.9505), 1.089),
    )
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (sum(w * c for w, c in zip(row, light, strict=True)) / n for row, n in rows)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str) -> float:
    """Return how far two colours are apart for those who see them least apart."""
    found = []
    for eye in EYES:
        seen = []
        for colour in (one, other):
            light = linear(colour)
            mixed = [sum(w * c for w, c in zip(row, light, strict=True)) for row in eye]
            seen.append(lab(tuple(min(1.0, max(0.0, part)) for part in mixed)))  # type: ignore[arg-type]
        found.append(math.dist(*seen))
    return min(found)


def attributes(style: Style, name: str) -> Attrs:
    return style.get_attrs_for_style_str(f"class:{name}")


def colour(told: str | None) -> str:
    """Return a colour as it stands in a palette."""
    return told or "" if not told or told.startswith("ansi") else f"#{told}"


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("palettes", [FULL, SIXTEEN], ids=["full", "sixteen"])
def test_all_that_is_written_can_be_read(palettes: dict[str, Palette], name: str) -> None:
    palette = palettes[name]
    style = style_of(Look(palette, painted=True))
    strict = name == "contrast" and palettes is FULL
    # The magenta of sixteen is as it is.
    least = CLEAR if strict else 4.0 if palettes is SIXTEEN else READABLE
    plain = contrast(palette.text, palette.ground)
    assert plain >= CLEAR
    for each in [*CLASSES, *(f"nick{number}" for number in range(NICKS))]:
        if each in LINES:
            continue
        seen = attributes(style, each)
        text, ground = colour(seen.color), colour(seen.bgcolor)
        menu = ground and ground != palette.ground
        others = [] if menu or palettes is SIXTEEN else GROUNDS[name]
        for under in [ground or palette.ground, *others]:
            found = contrast(text or palette.text, under)
            assert found >= least or (not text and not menu), (each, text, under, found)


@pytest.mark.parametrize("name", FULL)
def test_everybody_can_tell_nicks_apart(name: str) -> None:
    nicks = FULL[name].nicks
    assert len(set(nicks)) == NICKS
    assert min(distance(*pair) for pair in combinations(nicks, 2)) >= APART


def test_colours_are_the_same_in_the_palette_of_256() -> None:
    steps = {0, 95, 135, 175, 215, 255}
    for palette in FULL.values():
        for found in re.findall(r"#([0-9a-f]{6})", " ".join([*palette[:-1], *palette.nicks])):
            parts = {int(found[place : place + 2], 16) for place in (0, 2, 4)}
            grey = len(parts) == 1 and (min(parts) - 8) % 10 == 0
            assert parts <= steps or grey, found


def test_nicks_have_all_the_colours() -> None:
    assert len({nick_style(f"nick{number}") for number in range(200)}) == NICKS


def test_every_class_that_is_used_has_a_style() -> None:
    used: set[str] = set()
    for path in (ROOT / "chatcli" / "ui").rglob("*.py"):
        used |= set(re.findall(r"class:([a-z][a-z.-]*[a-z])\b", path.read_text("utf-8")))
    assert used - {"nick"} <= CLASSES.keys()


# Which one


def test_auto_follows_the_ground() -> None:
    depth = ColorDepth.DEPTH_8_BIT
    assert look("auto", WHITE, depth) == Look(FULL["light"], painted=False)
    assert look("auto", BLACK, depth) == Look(FULL["dark"], painted=False)
    assert look("auto", None, depth) == Look(FULL["dark"], painted=False)
    # Solarized, light.
    assert look("auto", (253, 246, 227), depth).palette is FULL["light"]


def test_a_theme_that_does_not_fit_paints_its_ground() -> None:
    depth = ColorDepth.DEPTH_8_BIT
    assert look("light", BLACK, depth) == Look(FULL["light"], painted=True)
    assert look("dark", WHITE, depth) == Look(FULL["dark"], painted=True)
    assert not look("light", WHITE, depth).painted
    assert not look("light", None, depth).painted
    assert look("contrast", BLACK, depth).painted
    painted = style_of(look("light", BLACK, depth)).get_attrs_for_style_str("")
    assert (painted.bgcolor, painted.color) == ("ffffff", "121212")
    plain = style_of(look("light", WHITE, depth)).get_attrs_for_style_str("")
    assert (plain.bgcolor, plain.color) == ("", "")


def test_few_colours_are_those_of_the_terminal() -> None:
    assert look("auto", WHITE, ColorDepth.DEPTH_4_BIT).palette is SIXTEEN["light"]
    for name in get_args(Theme):
        assert look(name, WHITE, ColorDepth.DEPTH_1_BIT) == Look(NONE, painted=False)


def test_without_colours_what_matters_is_seen_all_the_same() -> None:
    style = style_of(Look(NONE, painted=False))
    for name in CLASSES:
        seen = attributes(style, name)
        assert (seen.color, seen.bgcolor) == ("", ""), name
    assert attributes(style, "completion-menu.completion.current").reverse
    assert attributes(style, "current").reverse
    assert attributes(style, "called").bold


@pytest.mark.parametrize(
    ("told", "ground"),
    [
        ("15;0", BLACK),
        ("0;15", WHITE),
        ("0;default;7", WHITE),
        ("12;8", BLACK),
        ("0;default", None),
        ("0;99", None),
        ("", None),
    ],
)
def test_the_environment_may_tell_the_ground(told: str, ground: object) -> None:
    assert ground_by_environment({"COLORFGBG": told}) == ground


@pytest.mark.parametrize(
    ("environment", "colours", "depth"),
    [
        ({}, 256, ColorDepth.DEPTH_8_BIT),
        ({}, 16, ColorDepth.DEPTH_4_BIT),
        ({}, 8, ColorDepth.DEPTH_4_BIT),
        ({}, -1, ColorDepth.DEPTH_1_BIT),
        ({"COLORTERM": "truecolor"}, 8, ColorDepth.DEPTH_8_BIT),
        ({"COLORTERM": "truecolor"}, 16, ColorDepth.DEPTH_4_BIT),
        ({"COLORTERM": "truecolor", "TERM": "linux"}, 8, ColorDepth.DEPTH_4_BIT),
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, 256, ColorDepth.DEPTH_1_BIT),
        ({"NO_COLOR": ""}, 256, ColorDepth.DEPTH_8_BIT),
    ],
)
def test_how_many_colours_there_are(
    environment: dict[str, str], colours: int, depth: ColorDepth
) -> None:
    assert depth_of(environment, colours) is depth


@pytest.mark.parametrize(
    ("term", "depth"),
    [
        ("no-such-terminal", ColorDepth.DEPTH_8_BIT),
        ("no-such-terminal-16color", ColorDepth.DEPTH_4_BIT),
        ("vt100", ColorDepth.DEPTH_1_BIT),
        ("linux", ColorDepth.DEPTH_4_BIT),
        ("xterm-256color", ColorDepth.DEPTH_8_BIT),
    ],
)
def test_the_kind_of_terminal_tells_its_colours(term: str, depth: ColorDepth) -> None:
    # Only the first kind that a process asks for is looked up.
    words = "import sys; from chatcli.ui.theming import Theming as T;"
    words += " print(T(str, {'TERM': sys.argv[1]}).depth.value)"
    found = subprocess.check_output([sys.executable, "-c", words, term], text=True)
    assert found.strip() == depth.value


def test_a_theme_is_taken_up_at_once() -> None:
    theme: list[Theme] = ["auto"]
    theming = Theming(lambda: theme[0], {"TERM": "no-such-terminal"})
    assert theming.depth is ColorDepth.DEPTH_8_BIT
    assert theming.asks
    assert not Theming(lambda: theme[0], {"NO_COLOR": "1"}).asks
    assert not Theming(lambda: theme[0], {"TERM": "linux"}).asks
    dark = theming.style()
    assert theming.style() is dark
    theming.ground = WHITE
    light = theming.style()
    assert light.invalidation_hash() != dark.invalidation_hash()
    theme[0] = "dark"
    assert theming.style().get_attrs_for_style_str("").bgcolor == "121212"
