"""Showing what somebody types with characters and backspaces alone: no terminal is too dumb."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from wcwidth import iter_graphemes

from chatcli.ui.text import columns_of

# The end of a line; what joins emoji and letters of some scripts is no character of its own.
_SHOWN = {"\n": "⏎", "\u200c": "\u200c", "\u200d": "\u200d"}


class Typed(NamedTuple):
    """A text, and how many of its characters are before the cursor."""

    text: str = ""
    cursor: int = 0


def printable(text: str) -> str:
    """Return a text of the same length that nothing can be driven with."""
    return "".join(_SHOWN.get(each, each if each.isprintable() else "?") for each in text)


def common_start(texts: Sequence[str]) -> str:
    """Return what all of ``texts`` begin with."""
    alike = takewhile(lambda each: len(set(each)) == 1, zip(*texts, strict=False))
    return "".join(each[0] for each in alike)


def strokes(old: Typed, new: Typed, start: int, width: int) -> str | None:
    """Return what makes ``new`` of ``old`` where that begins at column ``start``.

    None where that cannot be done: backspaces do not get back over the edge of the terminal,
    which is ``width`` columns wide, nor into what several code points make up.
    """
    appended = new.text.startswith(old.text) and old.cursor == len(old.text)
    if appended and new.cursor == len(new.text):
        return new.text[len(old.text) :]
    if _is_joined(old.text) or _is_joined(new.text):
        return None
    if old.text == new.text:
        low, high = sorted((old.cursor, new.cursor))
        between = new.text[low:high]
        keys = "\b" * columns_of(between) if new.cursor < old.cursor else between
        return _within(old, low, keys, start, width)
    same = len(common_start([old.text, new.text]))
    gone = max(0, columns_of(old.text[same:]) - columns_of(new.text[same:]))
    back = columns_of(old.text[same : old.cursor])
    written = f"{new.text[old.cursor : same]}{new.text[same:]}{' ' * gone}"
    after = gone + columns_of(new.text[new.cursor :])
    low = min(same, new.cursor)
    longest = old if columns_of(old.text) > columns_of(new.text) else new
    return _within(longest, low, "\b" * back + written + "\b" * after, start, width)


def _is_joined(text: str) -> bool:
    return not text.isascii() and any(len(each) > 1 for each in iter_graphemes(text))


def _within(typed: Typed, low: int, keys: str, start: int, width: int) -> str | None:
    """Return ``keys`` unless their backspaces would have to leave a row of the terminal."""
    first = (start + columns_of(typed.text[:low])) // width
    last = (start + columns_of(typed.text)) // width
    return keys if "\b" not in keys or first == last else None
