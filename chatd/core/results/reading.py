"""What is told to who reads."""

from __future__ import annotations

from chatd.core.events import Durable
from chatd.core.results.base import Result


class Page(Result, kw_only=True):
    """A page of history, oldest first; ``more``: there is more in the direction asked for."""

    to: str
    page: tuple[Durable, ...]
    more: bool


class Hits(Result, kw_only=True):
    """What was found over conversations, oldest first; ``more``: there is more before it."""

    page: tuple[Durable, ...]
    more: bool


class Mentioned(Hits, kw_only=True):
    """What calls one by name, likewise."""


class CaughtUp(Result, kw_only=True):
    """What was unread, conversation by conversation; ``more``: there is more after it."""

    page: tuple[Durable, ...]
    more: bool


class ReadIs(Result, kw_only=True):
    """One's marker in a conversation."""

    to: str
    seq: int


class LevelIs(Result, kw_only=True):
    """Of what in a conversation one's clients give notice."""

    to: str
    level: str
