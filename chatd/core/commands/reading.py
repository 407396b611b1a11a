"""What is asked to read what was said."""

from __future__ import annotations

import msgspec

from chatd.core.commands.base import Command


class History(Command, tag="history", kw_only=True):
    """Read what was said: the newest, or what came before or after a message."""

    to: str | None = None
    limit: int = 50
    before: int | None = None
    after: int | None = None


class Search(Command, tag="search", kw_only=True):
    """Find messages.

    ``words`` may hold "a phrase", ``in:TO``, ``from:NICK``, ``before:DATE`` and ``after:DATE``,
    or these come as keys (``to`` is another word for ``in``); a date is ``2026-11-21``, or RFC
    3339 with a time.
    """

    words: str = ""
    to: str | None = None
    in_: str | None = msgspec.field(default=None, name="in")
    from_: str | None = msgspec.field(default=None, name="from")
    before: str | None = None
    after: str | None = None
    limit: int = 50


class CatchUp(Command, tag="catchup", kw_only=True):
    """Read what is unread, in one conversation or in all, and mark it read."""

    to: str | None = None
    limit: int = 200


class Mentions(Command, tag="mentions", kw_only=True):
    """Read the newest ``n`` messages that call one by name."""

    n: int = 50


class Read(Command, tag="read", kw_only=True):
    """Mark a conversation read up to a message, the newest where ``seq`` is None."""

    to: str | None = None
    seq: int | None = None
