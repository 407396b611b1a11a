"""What is asked to say something, and about what was said."""

from __future__ import annotations

from chatd.core.commands.base import Command, Message


class Msg(Message, tag="msg", kw_only=True):
    """Say something."""

    to: str | None = None
    text: str


class Me(Message, tag="me", kw_only=True):
    """Do something."""

    to: str | None = None
    text: str


class Reply(Message, tag="reply", kw_only=True):
    """Answer a message."""

    to: str | None = None
    seq: int
    text: str


class Whisper(Message, tag="whisper", kw_only=True):
    """Say something to one member of a room alone."""

    room: str | None = None
    nick: str
    text: str


class Once(Message, tag="once", kw_only=True):
    """Send a person what can be viewed once and is erased then."""

    nick: str
    text: str


class View(Command, tag="view", kw_only=True):
    """View what can be viewed once."""

    seq: int
    to: str | None = None


class React(Command, tag="react", kw_only=True):
    """Put an emoji under a message, or take it back."""

    to: str | None = None
    seq: int
    emoji: str


class Edit(Message, tag="edit", kw_only=True):
    """Change a message."""

    to: str | None = None
    seq: int
    text: str


class Delete(Command, tag="del", kw_only=True):
    """Erase a message."""

    to: str | None = None
    seq: int


class Typing(Command, tag="typing", kw_only=True):
    """Tell that one is typing, or has stopped."""

    to: str | None = None
    on: bool
