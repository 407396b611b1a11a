"""What the service must do after the hub has applied a command; and what is made durable."""

from __future__ import annotations

from typing import Literal

import msgspec

from chatd.core.commands import Command
from chatd.core.events import Telling
from chatd.core.log import Logged

Audience = tuple[str, ...]


class Record(msgspec.Struct, frozen=True):
    """Something that the store must make durable."""


class ConversationOpened(Record, frozen=True):
    """A new conversation: a room by its key and name, or a private one by two uids."""

    conversation: int
    kind: Literal["room", "private"]
    key: str
    name: str
    t: int


class Appended(Record, frozen=True):
    """A durable event was added to its conversation."""

    logged: Logged


class TopicKept(Record, frozen=True):
    """A room has another topic."""

    conversation: int
    text: str


class SessionKept(Record, frozen=True, kw_only=True):
    """What resuming a session needs, also after a restart.

    ``token`` is a hash of the token, ``current`` a room's key or @ and a uid, ``rooms`` are (name,
    role), and ``seen`` (conversation, seq) from when the connection was lost.
    """

    token: str
    uid: str
    nick: str
    mode: str
    away: str | None
    current: str | None
    rooms: tuple[tuple[str, str], ...]
    since: int
    seen: tuple[tuple[int, int], ...] = ()


class SessionForgotten(Record, frozen=True):
    """A session cannot be resumed any more."""

    token: str


class Deliver(msgspec.Struct, frozen=True):
    """Tell ``event`` to the sessions of ``audience``, but not to ``skip``."""

    audience: Audience
    event: Telling
    skip: str | None = None


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """Read a page of a conversation for one session and answer with it.

    ``upto`` is the newest ``seq`` at that moment; what the session is told afterwards waits.
    ``name`` is the conversation as the reader sees it.
    """

    session: str
    re: int | str | None
    conversation: int
    name: str
    reader: str
    limit: int
    before: int | None
    after: int | None
    upto: int


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """Tell one session the events of a conversation in (``after``, ``upto``], from the store."""

    session: str
    conversation: int
    name: str
    reader: str
    after: int
    upto: int


class Lookup(msgspec.Struct, frozen=True):
    """The hub needs a stored event: read it and hand in ``command`` again with what was found."""

    session: str
    conversation: int
    seq: int
    command: Command


class SetMode(msgspec.Struct, frozen=True):
    """The session's output changes its dialect, from here on."""

    session: str
    mode: str


class Close(msgspec.Struct, frozen=True):
    """End the session's connection after all that was told to it."""

    session: str


class Wake(msgspec.Struct, frozen=True):
    """Hand in a ``Tick`` at ``at`` (milliseconds since the epoch)."""

    at: int


# All that a handler may ask of the service.
Effect = Record | Deliver | Fetch | Replay | Lookup | SetMode | Close | Wake
