"""What is made durable before anybody is told of it. Times are milliseconds since the epoch.

A field is named as the store's column. ``...Kept`` replaces what was kept under the same key,
``...Forgotten`` removes it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from chatd.core.log import Logged


class Record(msgspec.Struct, frozen=True):
    """Something that the store must make durable."""


# Conversations and what is said in them


class ConversationOpened(Record, frozen=True):
    """A new conversation: a room by its key and name, or a private one by two uids."""

    conversation: int
    kind: Literal["room", "private"]
    key: str
    name: str
    t: int


class RoomKept(Record, frozen=True, kw_only=True):
    """How a room is set.

    ``secret`` is a hash of its key; ``history`` is on, joined or off; ``retain`` in milliseconds
    and ``slow`` in seconds. A ``closed`` room is nobody's any more; its name is free.
    """

    conversation: int
    topic: str = ""
    private: bool = False
    secret: str | None = None
    history: str = "on"
    retain: int | None = None
    slow: int = 0
    closed: bool = False


class Appended(Record, frozen=True):
    """A durable event was added to its conversation."""

    logged: Logged


class Rewritten(Record, frozen=True):
    """A message has another text; the index follows."""

    logged: Logged


class Erased(Record, frozen=True):
    """The text of a message is nowhere any more, nor that of its edits; ``state`` as in Logged."""

    conversation: int
    seq: int
    state: str


class ReactionKept(Record, frozen=True):
    """An emoji stands under a message."""

    conversation: int
    of: int
    uid: str
    emoji: str


class ReactionForgotten(Record, frozen=True):
    """It does not any more."""

    conversation: int
    of: int
    uid: str
    emoji: str


class Expired(Record, frozen=True):
    """What was said in a conversation before ``before`` is to be erased, in the background."""

    conversation: int
    before: int


# Rooms that people run


class MembershipKept(Record, frozen=True, kw_only=True):
    """An account is a member of a room since its event ``since``."""

    conversation: int
    uid: str
    role: str
    since: int


class MembershipForgotten(Record, frozen=True):
    """It is not any more."""

    conversation: int
    uid: str


class SanctionKept(Record, frozen=True, kw_only=True):
    """A ban or a mute, until ``until`` or for good.

    ``target`` is a uid or a network, and ``nick`` how it is shown; ``who`` imposed it.
    """

    conversation: int
    kind: Literal["ban", "mute"]
    target: str
    nick: str
    who: str
    t: int
    until: int | None
    why: str


class SanctionForgotten(Record, frozen=True):
    """It is lifted."""

    conversation: int
    kind: Literal["ban", "mute"]
    target: str


class InvitationKept(Record, frozen=True):
    """Somebody may enter a room."""

    conversation: int
    uid: str
    who: str


class InvitationForgotten(Record, frozen=True):
    """He has, or may not any more."""

    conversation: int
    uid: str


class PinKept(Record, frozen=True):
    """A message is kept in view."""

    conversation: int
    seq: int


class PinForgotten(Record, frozen=True):
    """It is not any more."""

    conversation: int
    seq: int


# People


class SessionKept(Record, frozen=True, kw_only=True):
    """What resuming a session needs, also after a restart.

    ``token`` is a hash of the token, ``current`` a room's key or @ and a uid, ``rooms`` are (name,
    role) of a guest, and ``seen`` (conversation, seq) from when the connection was lost; ``label``
    is the account's token by which it logged in.
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
    label: str | None = None


class SessionForgotten(Record, frozen=True):
    """A session cannot be resumed any more."""

    token: str


class AccountKept(Record, frozen=True, kw_only=True):
    """An account; ``digest`` is the Argon2 hash of its password, ``seen`` when it was here last."""

    uid: str
    name: str
    role: str
    digest: str = msgspec.field()
    created: int
    seen: int | None

    def __repr__(self) -> str:
        return f"AccountKept({self.uid!r}, {self.name!r}, {self.role!r})"


class AccountForgotten(Record, frozen=True):
    """An account is deleted, with all that is its own but what it said."""

    uid: str


class NameRested(Record, frozen=True):
    """Nobody but ``uid`` may take a name until ``until``."""

    key: str
    name: str
    uid: str
    until: int


class NameFreed(Record, frozen=True):
    """A name may be taken again."""

    key: str


class TokenKept(Record, frozen=True, kw_only=True):
    """A token that logs an account in; ``digest`` is its SHA-256, ``used`` when it last did."""

    uid: str
    label: str
    digest: str
    created: int
    used: int | None


class TokenForgotten(Record, frozen=True):
    """A token is worthless."""

    uid: str
    label: str


class MarkerKept(Record, frozen=True):
    """Up to where an account has read a conversation."""

    uid: str
    conversation: int
    seq: int


class LevelKept(Record, frozen=True):
    """Of what in a conversation an account wants notice."""

    uid: str
    conversation: int
    level: str


class IgnoreKept(Record, frozen=True):
    """An account ignores somebody."""

    uid: str
    other: str
    nick: str


class IgnoreForgotten(Record, frozen=True):
    """It does not any more."""

    uid: str
    other: str


class Audited(Record, frozen=True, kw_only=True):
    """An act of moderation or administration. These are only ever added."""

    t: int
    who: str
    uid: str
    action: str
    whom: str
    room: str
    address: str
    why: str
