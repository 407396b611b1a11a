"""What is told about one's session."""

from __future__ import annotations

import msgspec

from chatd.core.results.base import Result
from chatd.core.results.rooms import RoomEntered


class ModeIs(Result, kw_only=True):
    """What the output looks like."""

    mode: str


class Pong(Result, kw_only=True):
    """A sign of life."""

    t: str


class CommandHelp(msgspec.Struct, frozen=True):
    """One line of help; ``subject`` is what ``/help`` takes to explain all of its kind."""

    name: str
    usage: str
    summary: str
    who: str
    subject: str


class HelpText(Result, kw_only=True):
    """Help: commands, and sentences."""

    commands: tuple[CommandHelp, ...]
    text: tuple[str, ...]


class Marker(msgspec.Struct, frozen=True):
    """How far a conversation has come."""

    to: str
    seq: int


class Resumed(Result, kw_only=True):
    """A connection is taken up: who and where one is. Everything missed follows as events."""

    you: str
    in_: tuple[str, ...] = msgspec.field(name="in")
    to: str | None
    rooms: tuple[RoomEntered, ...]
    privates: tuple[Marker, ...]
