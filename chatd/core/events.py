"""What a client is told: events, and the results of requests.

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
    """A message; ``kind`` is text, me or whisper (said in ``room``)."""

    from_: str
    text: str | None = None
    kind: str
    reply: int | None = None
    room: str | None = None
    mention: bool = False
    edited: bool = False
    deleted: bool = False


class Reacted(Durable, tag="react", frozen=True, kw_only=True):
    """An emoji was put under message ``of`` or, where ``on`` is false, taken back."""

    by: str
    of: int
    emoji: str
    on: bool


class TopicSet(Durable, tag="topic", frozen=True, kw_only=True):
    """A room's topic changed."""

    by: str
    text: str


class Joined(Event, tag="join", frozen=True, kw_only=True):
    """Somebody entered a room."""

    in_: str
    nick: str


class Parted(Event, tag="part", frozen=True, kw_only=True):
    """Somebody left a room."""

    in_: str
    nick: str
    why: str = ""


class Renamed(Event, tag="nick", frozen=True, kw_only=True):
    """Somebody has another name."""

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


# Results. Field names are the keys of the reply.


class Result(msgspec.Struct, kw_only=True):
    """What a request gave; the hub fills in ``re``."""

    re: RequestId = None
    ok: bool = True


class Done(Result, kw_only=True):
    """It is done, there is nothing to tell."""


class Sent(Result, kw_only=True):
    """A message is on disk. ``stored``: nobody is online to read it now."""

    seq: int
    t: str
    state: Literal["delivered", "stored"]
    to: str


class ReactionSent(Sent, kw_only=True):
    """A reaction is on disk; it stands now, or ``on`` is false."""

    on: bool


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person in a list; ``state`` as in presence, ``text`` is why away."""

    nick: str
    role: str
    state: PresenceState
    text: str = ""


class RoomEntered(Result, kw_only=True):
    """A room one is in now. ``recent`` holds its last durable events, oldest first."""

    room: str
    topic: str
    members: tuple[Member, ...]
    seq: int
    read: int
    recent: tuple[Durable, ...] = ()


class RoomLeft(Result, kw_only=True):
    """A room one is not in any more; ``to`` is where one's words go now."""

    room: str
    to: str | None = None


class RoomInfo(msgspec.Struct, frozen=True):
    """A room in a list."""

    room: str
    topic: str
    members: int


class RoomList(Result, kw_only=True):
    """The rooms that there are."""

    rooms: tuple[RoomInfo, ...]


class TopicIs(Result, kw_only=True):
    """What a room is about."""

    room: str
    topic: str
    seq: int


class UserList(Result, kw_only=True):
    """Who is here; ``v`` is the presence counter."""

    users: tuple[Member, ...]
    v: int
    room: str | None = None


class Person(Result, kw_only=True):
    """What there is to know of a person; ``since`` by RFC 3339, ``addresses`` for admins."""

    nick: str
    account: str | None
    state: PresenceState
    text: str
    rooms: tuple[str, ...]
    since: str
    sessions: int
    addresses: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class NickIs(Result, kw_only=True):
    """One's name."""

    nick: str


class ModeIs(Result, kw_only=True):
    """What the output looks like."""

    mode: str


class Current(Result, kw_only=True):
    """The current conversation, and the newest ``seq`` in it."""

    to: str
    seq: int


class State(Result, kw_only=True):
    """One's presence."""

    state: PresenceState
    text: str


class Pong(Result, kw_only=True):
    """A sign of life."""

    t: str


class MatchState(Result, kw_only=True):
    """Whether one waits for a pair, is in one, or neither."""

    state: Literal["waiting", "matched", "none"]
    nick: str | None = None


class CommandHelp(msgspec.Struct, frozen=True):
    """One line of help."""

    name: str
    usage: str
    summary: str
    who: str


class HelpText(Result, kw_only=True):
    """Help: commands, and sentences."""

    commands: tuple[CommandHelp, ...]
    text: tuple[str, ...]


class Page(Result, kw_only=True):
    """A page of history, oldest first; ``more``: there is more in the direction asked for."""

    to: str
    page: tuple[Durable, ...]
    more: bool


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


class Told(Result, kw_only=True):
    """How many sessions were reached."""

    sessions: int


# All that a door may have to render.
Telling = Event | RefusedReply | Result
