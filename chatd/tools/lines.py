"""The lines of an export: one for each row of each table, in JSON.

The fields of a line are the columns of its table, so that nothing can be lost on the way. Only
the ``id`` of events is taken apart, into ``conversation`` and ``seq`` (of reactions ``of``).
Times are milliseconds since the epoch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec

FORMAT = "chatd export"
VERSION = 1
EVERYTHING = "all"
SEQ = 0xFFFFFFFF

Integer = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
Number = Annotated[int, msgspec.Meta(ge=1, lt=2**31)]  # of a conversation
Seq = Annotated[int, msgspec.Meta(ge=1, le=SEQ)]
_UNSEEN = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Line(
    msgspec.Struct,
    tag_field="is",
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """One line of an export."""


class Header(Line, tag="header", frozen=True, kw_only=True, omit_defaults=False):
    """The first line. ``scope`` is ``all``, or the room; ``lines`` is how many follow."""

    format: str
    version: int
    software: str
    made: str
    scope: str
    lines: int


class Account(Line, tag="account", frozen=True, kw_only=True):
    """An account. In the export of a room it has no digest, and nothing that is its own alone."""

    uid: str
    name: str
    role: str
    digest: str = ""
    created: Integer
    seen: Integer | None = None


class Conversation(Line, tag="conversation", frozen=True, kw_only=True):
    """A room or a private conversation, with all its settings."""

    conversation: Number
    kind: str
    key: str
    name: str
    topic: str = ""
    created: Integer
    private: Integer = 0
    secret: str | None = None
    history: str
    retain: Integer | None = None
    slow: Integer = 0
    closed: Integer = 0
    expired: Annotated[int, msgspec.Meta(ge=0, le=SEQ)] = 0


class Token(Line, tag="token", frozen=True, kw_only=True):
    """What logs an account in."""

    uid: str
    label: str
    digest: str
    created: Integer
    used: Integer | None = None


class Resting(Line, tag="resting", frozen=True, kw_only=True):
    """The name of a former account."""

    key: str
    name: str
    uid: str
    until: Integer


class Ignore(Line, tag="ignore", frozen=True, kw_only=True):
    """Whom an account ignores."""

    uid: str
    other: str
    nick: str


class Membership(Line, tag="membership", frozen=True, kw_only=True):
    """Who is a member of a room."""

    conversation: Number
    uid: str
    role: str
    since: Integer


class Sanction(Line, tag="sanction", frozen=True, kw_only=True):
    """A ban or a mute."""

    conversation: Number
    kind: str
    target: str
    nick: str
    who: str
    t: Integer
    until: Integer | None = None
    why: str = ""


class Invitation(Line, tag="invitation", frozen=True, kw_only=True):
    """Who may enter a room."""

    conversation: Number
    uid: str
    who: str


class Pin(Line, tag="pin", frozen=True, kw_only=True):
    """A message that is kept in view."""

    conversation: Number
    seq: Integer


class Marker(Line, tag="marker", frozen=True, kw_only=True):
    """Up to where an account has read."""

    uid: str
    conversation: Number
    seq: Integer


class Level(Line, tag="level", frozen=True, kw_only=True):
    """Of what an account wants notice."""

    uid: str
    conversation: Number
    level: str


class Audit(Line, tag="audit", frozen=True, kw_only=True):
    """An act of moderation or administration."""

    n: Integer
    t: Integer
    who: str
    uid: str
    action: str
    whom: str = ""
    room: str = ""
    address: str = ""
    why: str = ""


class Event(Line, tag="event", frozen=True, kw_only=True):
    """A durable event: a message, a reaction, a topic..."""

    conversation: Number
    seq: Seq
    t: Integer
    kind: str
    uid: str
    nick: str
    text: str = ""
    of: Integer | None = None
    room: str | None = None
    mentions: str | None = None
    nonce: str | None = None
    state: str | None = None


class Reaction(Line, tag="reaction", frozen=True, kw_only=True):
    """An emoji that stands under message ``of``."""

    conversation: Number
    of: Seq
    uid: str
    emoji: str


class Mention(Line, tag="mention", frozen=True, kw_only=True):
    """Who is called by a message."""

    uid: str
    conversation: Number
    seq: Seq


AnyLine = (
    Header
    | Account
    | Conversation
    | Token
    | Resting
    | Ignore
    | Membership
    | Sanction
    | Invitation
    | Pin
    | Marker
    | Level
    | Audit
    | Event
    | Reaction
    | Mention
)
_encode = msgspec.json.Encoder().encode
decode: Callable[[bytes], AnyLine] = msgspec.json.Decoder(AnyLine).decode


def encode(line: Line) -> bytes:
    """Return a line with its line feed; nothing in it can drive a terminal that shows it."""
    text = _encode(line).decode()
    if not text.isprintable():
        text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.encode() + b"\n"


def texts(line: Line) -> Iterator[tuple[str, str]]:
    """Yield the fields that are text, by name."""
    for field in line.__struct_fields__:
        value: Any = getattr(line, field)
        if isinstance(value, str):
            yield field, value
