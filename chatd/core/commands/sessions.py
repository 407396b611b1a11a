"""What is asked about one's own session, presence and name."""

from __future__ import annotations

import msgspec

from chatd.core.commands.base import Command


class Help(Command, tag="help", kw_only=True):
    """Ask what can be asked."""

    topic: str = ""


class Mode(Command, tag="mode", kw_only=True):
    """Choose what the output looks like."""

    mode: str


class Ping(Command, tag="ping", kw_only=True):
    """Ask for a sign of life."""


class Quit(Command, tag="quit", kw_only=True):
    """Leave for good."""

    why: str = ""


class Resume(Command, tag="resume", kw_only=True):
    """Take up a lost connection; ``seen`` maps conversations to the last ``seq`` that arrived."""

    token: str
    seen: dict[str, int] = msgspec.field(default_factory=dict)
