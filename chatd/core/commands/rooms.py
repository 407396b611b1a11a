"""What is asked about rooms by those who visit them."""

from __future__ import annotations

from chatd.core.commands.base import Command


class Go(Command, tag="go", kw_only=True):
    """Change the current conversation."""

    to: str


class Join(Command, tag="join", kw_only=True):
    """Enter a room, or make it."""

    room: str
    key: str = ""


class Part(Command, tag="part", kw_only=True):
    """Leave a room."""

    room: str | None = None
    why: str = ""


class ListRooms(Command, tag="list", kw_only=True):
    """Ask which rooms there are; all of ``words`` must occur in name or topic."""

    words: str = ""


class Knock(Command, tag="knock", kw_only=True):
    """Ask to be let into a room."""

    room: str


class Topic(Command, tag="topic", kw_only=True):
    """Read or set what a room is about; an empty ``text`` clears it."""

    room: str | None = None
    text: str | None = None
