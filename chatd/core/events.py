"""What a client is told of what happens: events, and refusals.

An event is rendered once for each dialect and its bytes are shared by all who read it, so an
event must not hold anything of one reader; where readers differ (``mention``, ``in`` of a private
conversation) there are as many events.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import msgspec

from chatd.core.commands import RequestId
from chatd.core.errors import Refusal

_NAMES = {"in_": "in", "from_": "from"}
PresenceState = Literal["online", "away", "offline"]


def timestamp(ms: int) -> str:
    """Return milliseconds since the epoch as RFC 3339, UTC, with milliseconds."""
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


class Event(
    msgspec.Struct, frozen=True, tag_field="ev", rename=_NAMES, omit_defaults=True, kw_only=True
):
    """Something that happened."""


class Hello(Event, tag="hello", omit_defaults=False, frozen=True, kw_only=True):
    """The first event of a session that reads JSON."""

    v: int
    server: str
    software: str
    you: str
    account: str | None
    role: str
    resume: str
    limits: dict[str, int]
    caps: tuple[str, ...]
    in_: tuple[str, ...]
    presence: int
    motd: str


class Welcome(Event, tag="welcome", frozen=True, kw_only=True):
    """The same for a session that reads text."""

    server: str
    software: str
    you: str
    motd: str
    rooms: tuple[str, ...]


class Durable(Event, frozen=True, kw_only=True):
    """An event of a conversation that is on disk before anybody is told; ``t`` by RFC 3339."""

    in_: str
    seq: int
    t: str


class Said(Durable, tag="msg", frozen=True, kw_only=True):
    """A message; ``kind`` is text, me or whisper (said in ``room``).

    ``ignored``: the reader wishes not to see its author.
    """

    from_: str
    text: str | None = None
    kind: str
    reply: int | None = None
    room: str | None = None
    mention: bool = False
    edited: bool = False
    deleted: bool = False
    ignored: bool = False


class Reacted(Durable, tag="react", frozen=True, kw_only=True):
    """An emoji was put under message ``of`` or, where ``on`` is false, taken back."""

    by: str
    of: int
    emoji: str
    on: bool
    ignored: bool = False


class Edited(Durable, tag="edit", frozen=True, kw_only=True):
    """Message ``of`` has another text."""

    by: str
    of: int
    text: str
    mention: bool = False
    ignored: bool = False


class Deleted(Durable, tag="delete", frozen=True, kw_only=True):
    """Message ``of`` was erased."""

    by: str
    of: int
    ignored: bool = False


class OnceSaid(Durable, tag="once", frozen=True, kw_only=True):
    """A message that can be viewed once, or, where ``viewed``, has been, and is erased."""

    from_: str
    viewed: bool = False
    deleted: bool = False


class Moderated(Durable, tag="mod", frozen=True, kw_only=True):
    """An act of moderation, or of time itself.

    ``action`` is kick, ban, unban, mute, unmute, slow, pin, unpin, mod, unmod, own or set, and
    ``nick`` whom it concerns; ``until`` by RFC 3339, ``of`` a message, ``option`` and ``value``
    what was set (seconds for slow).
    """

    by: str
    action: str
    nick: str | None = None
    until: str | None = None
    why: str = ""
    of: int | None = None
    option: str | None = None
    value: str | None = None


class TopicSet(Durable, tag="topic", frozen=True, kw_only=True):
    """A room's topic changed."""

    by: str
    text: str


class Joined(Event, tag="join", frozen=True, kw_only=True):
    """Somebody entered a room."""

    in_: str
    nick: str


class Parted(Event, tag="part", frozen=True, kw_only=True):
    """Somebody left a room; ``by`` put him out."""

    in_: str
    nick: str
    why: str = ""
    by: str | None = None


class Renamed(Event, tag="nick", frozen=True, kw_only=True):
    """Somebody has another name, or is one who may be here already, by logging in."""

    old: str
    nick: str


class Presence(Event, tag="presence", frozen=True, kw_only=True):
    """Somebody came, went, is away or back; ``v`` counts these over the whole server."""

    v: int
    nick: str
    state: PresenceState
    text: str = ""


class TypingSet(Event, tag="typing", omit_defaults=False, frozen=True, kw_only=True):
    """Somebody types, or has stopped."""

    in_: str
    from_: str
    on: bool


class ReadUpTo(Event, tag="read", frozen=True, kw_only=True):
    """One's own marker moved, by another session."""

    in_: str
    seq: int


class Viewed(Event, tag="viewed", frozen=True, kw_only=True):
    """What was sent once was viewed, and is erased."""

    in_: str
    seq: int


class Invited(Event, tag="invite", frozen=True, kw_only=True):
    """One may enter a room."""

    in_: str
    by: str


class Knocked(Event, tag="knock", frozen=True, kw_only=True):
    """Somebody asks to be let in; told to those who can."""

    in_: str
    nick: str


class LevelSet(Event, tag="notify", frozen=True, kw_only=True):
    """One's own level of notice changed, by another session."""

    in_: str
    level: str


class IgnoreSet(Event, tag="ignore", frozen=True, kw_only=True):
    """One ignores somebody, or no more, by another session."""

    nick: str
    on: bool


class AccountIs(Event, tag="account", omit_defaults=False, frozen=True, kw_only=True):
    """Who one is has changed, by another session or an administrator."""

    you: str
    account: str | None
    role: str


class Matched(Event, tag="matched", frozen=True, kw_only=True):
    """You were paired with ``nick``."""

    nick: str


class Unmatched(Event, tag="unmatched", frozen=True, kw_only=True):
    """``nick`` ended the pair."""

    nick: str


class Notice(Event, tag="notice", frozen=True, kw_only=True):
    """Words of the server."""

    text: str


class Asked(Event, tag="ping", frozen=True, kw_only=True):
    """The server asks a silent client for a sign of life."""


class Bye(Event, tag="bye", frozen=True, kw_only=True):
    """The last event; try again after ``retry`` seconds where it is given."""

    code: int | None = None
    text: str
    retry: int | None = None


class Refused(Event, tag="error", frozen=True, kw_only=True):
    """A request was refused: the answer where it had no ``id``, else see ``RefusedReply``."""

    code: int
    name: str
    text: str
    try_: str = msgspec.field(name="try")
    wait: int | None = None


class RefusedReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request that had an ``id`` was refused."""

    re: RequestId
    ok: Literal[False] = msgspec.field(default_factory=lambda: False)
    code: int
    name: str
    text: str
    try_: str = msgspec.field(name="try")
    wait: int | None = None


def refused(refusal: Refusal, request: RequestId) -> Refused | RefusedReply:
    """Return the event that tells a client of ``refusal``."""
    shape = {
        "code": refusal.code,
        "name": refusal.name,
        "text": refusal.text,
        "try_": refusal.hint,
        "wait": refusal.wait,
    }
    if request is None:
        return msgspec.convert(_wire(shape), Refused)
    return msgspec.convert({**_wire(shape), "re": request}, RefusedReply)


def _wire(shape: dict[str, object]) -> dict[str, object]:
    return {("try" if key == "try_" else key): value for key, value in shape.items()}
