"""What a console shows: text that cannot drive a terminal, and tables of it. Pure."""

from __future__ import annotations

import dataclasses
import reprlib
import unicodedata
from collections.abc import Sequence
from typing import Any

from chatd.core.grammar import clean

_TAB = 8


class Shown(str):
    """Text that the console shows as it is, without quotes."""

    __slots__ = ()


def visible(text: str) -> str:
    """Return ``text`` with everything that could drive a terminal as an escape that is seen.

    Line feeds stay.
    """
    text = text.replace("\r\n", "\n").expandtabs(_TAB)
    if clean(text, lines=True) == text:
        return text
    return "".join(
        one if clean(one, lines=True) else one.encode("unicode_escape").decode("ascii")
        for one in text
    )


def one_line(text: str) -> str:
    """Return ``text`` the same way, with line feeds as escapes, too."""
    return visible(text).replace("\n", "\\n")


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(one) for one in text)


def _columns(one: str) -> int:
    if unicodedata.category(one) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(one) in {"W", "F"} else 1


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Shown:
    """Return a table with a line for each row; cells are made harmless here."""
    cells = [head, *([one_line(str(cell)) for cell in row] for row in rows)]
    widths = [max(columns(cell) for cell in column) for column in zip(*cells, strict=True)]
    return Shown("\n".join(_row(row, widths) for row in cells))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def duration(seconds: float) -> str:
    """Return a time in words: its two largest units."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


class _Brief(reprlib.Repr):
    """A ``repr`` that stays short, and quick, for a hub with ten thousand people in it."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxdeque = 20
        self.maxstring = self.maxother = 500

    def repr_instance(self, x: Any, level: int) -> str:
        """Return a dataclass with its fields as brief as the rest."""
        if not dataclasses.is_dataclass(x) or isinstance(x, type):
            return super().repr_instance(x, level)
        name = type(x).__name__
        if level <= 0:
            return f"{name}(...)"
        fields = (
            f"{field.name}={self.repr1(getattr(x, field.name), level - 1)}"
            for field in dataclasses.fields(x)
        )
        return f"{name}({', '.join(fields)})"


brief = _Brief().repr
