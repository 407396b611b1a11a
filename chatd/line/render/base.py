"""What all renderings are made of."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

WIDTH = 76


class Style(NamedTuple):
    """How much of a message's prefix is shown."""

    seq: bool = False
    time: bool = False


PLAIN, SEQ, FULL = Style(), Style(seq=True), Style(seq=True, time=True)

Rendering = Callable[[Any, Style], list[str]]
Renderings = Mapping[type, Rendering]


def server(*lines: str) -> list[str]:
    """Return lines that the server says."""
    return [f"*** {line}" for line in lines]


def wrapped(head: str, items: Iterable[str], between: str = ", ") -> list[str]:
    """Return a list that the server tells, on as many lines as it needs."""
    full = head + between.join(items)
    return server(*textwrap.wrap(full, WIDTH, break_long_words=False, break_on_hyphens=False))


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def moment(t: str) -> str:
    """Return a time by RFC 3339, in UTC, as people read it."""
    return f"{t[:10]} {t[11:16]} UTC"


def until(t: str | None) -> str:
    """Return up to when something holds, nothing where it does for good."""
    return f" until {moment(t)}" if t is not None else ""


def because(why: str) -> str:
    """Return a reason as the end of a line."""
    return f": {why}" if why else ""


def nothing(told: object, style: Style) -> list[str]:
    """Say nothing: a person at nc need not know."""
    return []
