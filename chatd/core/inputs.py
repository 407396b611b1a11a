"""What the service itself hands to the hub, in one order with the commands of the sessions."""

from __future__ import annotations

import msgspec

from chatd.core.commands import Command, RequestId
from chatd.core.effects import SessionKept
from chatd.core.errors import Refusal
from chatd.core.log import Logged


class Connect(msgspec.Struct, frozen=True, kw_only=True):
    """A connection was made.

    ``token`` is a fresh secret by which the session can be resumed. A ``console`` is the
    administrator's own: it is nobody's guest and acts as the server.
    """

    address: str
    mode: str
    token: str
    console: bool = False


class Disconnect(msgspec.Struct, frozen=True):
    """The client has sent its last byte, or the connection is gone."""

    why: str = ""


class Rejected(msgspec.Struct, frozen=True):
    """The door could not make a command of what came in; the answer keeps its place."""

    refusal: Refusal
    request: RequestId = None


class Found(msgspec.Struct, frozen=True):
    """A command again, with the stored event that the hub had to look up (None: there is none)."""

    command: Command
    logged: Logged | None


class Tick(msgspec.Struct, frozen=True):
    """Time has passed."""


Input = Command | Connect | Disconnect | Rejected | Found | Tick


class StoredRoom(msgspec.Struct, frozen=True, kw_only=True):
    """A room as the store holds it; ``ring`` are its newest durable events, oldest first."""

    conversation: int
    name: str
    topic: str
    seq: int
    ring: tuple[Logged, ...]


class StoredPrivate(msgspec.Struct, frozen=True, kw_only=True):
    """A private conversation as the store holds it, of the uids in ``pair``."""

    conversation: int
    pair: tuple[str, str]
    seq: int
    ring: tuple[Logged, ...]


class StoredNonce(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was sent with a nonce less than a day ago."""

    uid: str
    nonce: str
    conversation: int
    seq: int
    t: int


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub begins with after a restart; ``sessions`` are those that may resume."""

    rooms: tuple[StoredRoom, ...] = ()
    privates: tuple[StoredPrivate, ...] = ()
    sessions: tuple[SessionKept, ...] = ()
    nonces: tuple[StoredNonce, ...] = ()
    newest_conversation: int = 0
    reactions: tuple[tuple[int, int, str, str], ...] = ()
