"""What is asked about people: names, presence, who is who, pairs of strangers."""

from __future__ import annotations

from typing import Literal

from chatd.core.commands.base import Command

Level = Literal["all", "mentions", "none"]


class Nick(Command, tag="nick", kw_only=True):
    """Take a name."""

    name: str


class Who(Command, tag="who", kw_only=True):
    """Ask who is here, in a room or on the server."""

    room: str | None = None


class Whois(Command, tag="whois", kw_only=True):
    """Ask about a person."""

    nick: str


class Away(Command, tag="away", kw_only=True):
    """Say that one is away."""

    text: str = ""


class Back(Command, tag="back", kw_only=True):
    """Say that one is back."""


class Ignore(Command, tag="ignore", kw_only=True):
    """Hear nothing more of a person."""

    nick: str


class Unignore(Command, tag="unignore", kw_only=True):
    """Hear a person again."""

    nick: str


class Notify(Command, tag="notify", kw_only=True):
    """Choose of what in a conversation one's clients give notice."""

    to: str | None = None
    level: Level


class Match(Command, tag="match", kw_only=True):
    """Be paired with somebody who asks for it, too."""


class Unmatch(Command, tag="unmatch", kw_only=True):
    """End that."""
