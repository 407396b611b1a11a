"""What the service must do after the hub has applied a command, besides keeping records."""

from __future__ import annotations

import msgspec

from chatd.core.commands import Command, RequestId
from chatd.core.queries import EventOf, Question
from chatd.core.records import Record
from chatd.core.results import Telling

Audience = tuple[str, ...]


class Deliver(msgspec.Struct, frozen=True):
    """Tell ``event`` to the sessions of ``audience``, but not to ``skip``."""

    audience: Audience
    event: Telling
    skip: str | None = None


class Fetch(msgspec.Struct, frozen=True):
    """Read something for one session and answer with it; what it is told afterwards waits."""

    session: str
    re: RequestId
    query: Question


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """Tell one session the events of a conversation in (``after``, ``upto``], from the store."""

    session: str
    conversation: int
    name: str
    reader: str
    after: int
    upto: int
    ignored: frozenset[str] = frozenset()


class Lookup(msgspec.Struct, frozen=True):
    """The hub needs a stored event: read it and hand in ``command`` again with what was found."""

    session: str
    query: EventOf
    command: Command


class SetMode(msgspec.Struct, frozen=True):
    """The session's output changes its dialect, from here on."""

    session: str
    mode: str


class Close(msgspec.Struct, frozen=True):
    """End the session's connection after all that was told to it."""

    session: str


class CodeUsed(msgspec.Struct, frozen=True):
    """The one-time code of a new server is worthless now."""


class Reconfigure(msgspec.Struct, frozen=True):
    """Read the configuration again for a session, and answer it."""

    session: str
    re: RequestId


class Stop(msgspec.Struct, frozen=True):
    """Stop the server; ``why`` is what everybody is told."""

    why: str


class Wake(msgspec.Struct, frozen=True):
    """Hand in a ``Tick`` at ``at`` (milliseconds since the epoch)."""

    at: int


# All that a handler may ask of the service.
Effect = (
    Record
    | Deliver
    | Fetch
    | Replay
    | Lookup
    | SetMode
    | Close
    | CodeUsed
    | Reconfigure
    | Stop
    | Wake
)
