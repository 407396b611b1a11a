"""Texts in columns of a terminal: what is wide takes two, what combines takes none."""

from __future__ import annotations

from collections.abc import Iterator

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.utils import get_cwidth

Row = StyleAndTextTuples  # pieces of one row of the screen: style and text


def columns_of(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return len(text) if text.isascii() else get_cwidth(text)


def cut(text: str, columns: int) -> str:
    """Return ``text``, with an ellipsis at its end where it takes more than ``columns``."""
    if columns_of(text) <= columns:
        return text
    head, _ = _split(text, columns - 1)
    return f"{head}…" if columns > 0 else ""


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return ``text`` cut or filled up with spaces to ``columns``; ``right``: to the right."""
    text = cut(text, columns)
    space = " " * (columns - columns_of(text))
    return f"{space}{text}" if right else f"{text}{space}"


def row_columns(row: Row) -> int:
    """Return how many columns a row takes."""
    return sum(columns_of(piece[1]) for piece in row)


def _split(text: str, columns: int) -> tuple[str, str]:
    """Return the part of ``text`` that fits into ``columns``, and the rest."""
    used = 0
    for index, character in enumerate(text):
        used += 1 if character.isascii() else get_cwidth(character)
        if used > columns:
            return text[:index], text[index:]
    return text, ""


def wrap(text: str, columns: int, first: int | None = None) -> list[str]:
    """Break ``text`` into rows of at most ``columns``, at spaces where that is possible.

    ``first`` is how many columns the first row has.
    """
    columns = max(2, columns)
    rows: list[str] = []
    for paragraph in text.split("\n"):
        room = columns if first is None or rows else max(2, first)
        rows += _wrap_one(paragraph, columns, room)
    return rows


def _wrap_one(text: str, columns: int, room: int) -> Iterator[str]:
    while columns_of(text) > room:
        head, rest = _split(text, room)
        space = head.rfind(" ")
        if rest.startswith(" "):
            rest = rest[1:]
        elif space > 0:
            head, rest = text[:space], text[space + 1 :]
        yield head
        text, room = rest, columns
    yield text
