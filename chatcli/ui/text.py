"""Texts in columns of a terminal, by what people see as one character.

Such a cluster may be several code points (a letter and its marks, a flag, a family of emoji); it
is never torn apart, and takes as many columns as the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wcwidth import iter_graphemes, width

# A piece of a row: its style, its text, and the address that it links to, where it does.
Piece = tuple[str, str] | tuple[str, str, str]
Row = list[Piece]
Place = tuple[int, int]  # where a part of a text begins and ends

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
LEFT_TO_RIGHT = "\u200e"


@lru_cache(maxsize=16384)
def cluster_columns(cluster: str) -> int:
    """Return how many columns one cluster takes."""
    return width(cluster, control_codes="ignore")


def columns_of(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return len(text) if text.isascii() else sum(map(cluster_columns, iter_graphemes(text)))


def is_right_to_left(text: str) -> bool:
    """Whether there are letters in it that are written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def cut(text: str, columns: int) -> str:
    """Return ``text``, with an ellipsis at its end where it takes more than ``columns``."""
    if columns_of(text) <= columns:
        return text
    return f"{text[: _fitting(text, columns - 1)]}…" if columns > 0 else ""


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return ``text`` cut or filled up with spaces to ``columns``; ``right``: to the right."""
    text = cut(text, columns)
    space = " " * (columns - columns_of(text))
    return f"{space}{text}" if right else f"{text}{space}"


def row_columns(row: Row) -> int:
    """Return how many columns a row takes."""
    return sum(columns_of(piece[1]) for piece in row)


def part(row: Row, start: int, end: int) -> Row:
    """Return the part of a row from one of its characters to before another."""
    found: Row = []
    for style, text, *url in row:
        piece = text[max(0, start) : max(0, end)]
        if piece:
            found.append((style, piece, *url))  # type: ignore[arg-type]
        start, end = start - len(text), end - len(text)
    return found


def _fitting(text: str, columns: int) -> int:
    """Return how many characters from the start fit into ``columns``, in whole clusters."""
    if text.isascii():
        return max(0, columns)
    end = used = 0
    for cluster in iter_graphemes(text):
        used += cluster_columns(cluster)
        if used > columns:
            break
        end += len(cluster)
    return end


def wrap(text: str, columns: int, first: int | None = None) -> list[str]:
    """Break ``text`` into rows of at most ``columns``, at spaces where that is possible.

    ``first`` is how many columns the first row has.
    """
    return [text[start:end] for start, end in places(text, columns, first)]


def places(text: str, columns: int, first: int | None = None) -> list[Place]:
    """Return where the rows of ``wrap`` begin and end in ``text``."""
    columns = max(2, columns)
    found: list[Place] = []
    start = 0
    for paragraph in text.split("\n"):
        room = columns if first is None or found else max(2, first)
        found += _places_in(paragraph, start, columns, room)
        start += len(paragraph) + 1
    return found


def _places_in(text: str, start: int, columns: int, room: int) -> Iterator[Place]:
    """Yield the places of a paragraph, which begins at ``start``."""
    # What is shorter may still be too wide; what is longer may fit, for marks take no columns.
    while len(text) > room or columns_of(text) > room:
        # A cluster wider than the row has to go somewhere.
        size = step = _fitting(text, room) or len(next(iter_graphemes(text)))
        if size == len(text):
            break
        space = text.rfind(" ", 0, size)
        if text.startswith(" ", size):
            step = size + 1
        elif space > 0:
            size, step = space, space + 1
        yield start, start + size
        text, start, room = text[step:], start + step, columns
    yield start, start + len(text)
