"""What the service itself hands to the hub, in one order with the commands of the sessions."""

from __future__ import annotations

import msgspec

from chatd.core.commands import Command, RequestId
from chatd.core.errors import Refusal
from chatd.core.log import Logged
from chatd.core.queries import Remembered
from chatd.core.records import (
    AccountKept,
    IgnoreKept,
    InvitationKept,
    LevelKept,
    MarkerKept,
    MembershipKept,
    NameRested,
    PinKept,
    ReactionKept,
    RoomKept,
    SanctionKept,
    SessionKept,
    TokenKept,
)


class Connect(msgspec.Struct, frozen=True, kw_only=True):
    """A connection was made.

    ``token`` is a fresh secret by which the session can be resumed. A ``console`` is the
    administrator's own: it is nobody's guest and acts as the server; ``label`` tells whose it is.
    Over a ``secure`` one passwords may be sent.
    """

    address: str
    mode: str
    token: str
    console: bool = False
    label: str | None = None
    secure: bool = True


class Disconnect(msgspec.Struct, frozen=True):
    """The client has sent its last byte, or the connection is gone."""

    why: str = ""


class Rejected(msgspec.Struct, frozen=True):
    """The door could not make a command of what came in; the answer keeps its place."""

    refusal: Refusal
    request: RequestId = None


class Unproved(Rejected, frozen=True):
    """Takes the place of a command with secrets that is refused before they are looked at.

    Unlike what was wrong with any other line, it is what the connection's input waited for.
    """


class Found(msgspec.Struct, frozen=True):
    """A command again, with the stored event that the hub had to look up."""

    command: Command
    remembered: Remembered


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about the secrets of a command before it got its place.

    ``digest`` is the account's digest that the password was checked against, or the token's, and
    ``label`` the token's name where it was one; ``fresh`` a new digest of a password or a token,
    ``token`` a token in clear. ``ok`` is whether a one-time code was right, ``weak`` whether a new
    password is short.
    """

    digest: str | None = None
    label: str | None = None
    fresh: str | None = None
    token: str | None = None
    ok: bool = False
    weak: bool = False

    def __repr__(self) -> str:
        return "Proof(...)"


class Vouched(msgspec.Struct, frozen=True):
    """A command whose secrets were looked at; in ``command`` they are blank."""

    command: Command
    proof: Proof


class HasRead(msgspec.Struct, frozen=True):
    """A session was shown conversations up to a ``seq``: ((conversation, seq), ...)."""

    markers: tuple[tuple[int, int], ...]


class Configured(msgspec.Struct, frozen=True):
    """The configuration was read again; ``problem`` is a sentence where it could not be."""

    request: RequestId
    motd: str | None = None
    problem: str | None = None


class Tick(msgspec.Struct, frozen=True):
    """Time has passed."""


Input = Command | Connect | Disconnect | Rejected | Found | Vouched | HasRead | Configured | Tick


class StoredRoom(msgspec.Struct, frozen=True, kw_only=True):
    """A room as the store holds it; ``ring`` are its newest durable events, oldest first.

    ``expired`` is the newest ``seq`` that retention has erased.
    """

    conversation: int
    name: str
    kept: RoomKept
    seq: int
    expired: int = 0
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
    """What a hub begins with after a restart; ``sessions`` are those that may resume.

    ``newest`` is when something last happened: before it nothing new can. ``gone`` are uids and
    nicks of guests who are no more, but whose private words somebody can still read.

    ``reactions`` are those under messages that are in a ring.
    """

    rooms: tuple[StoredRoom, ...] = ()
    privates: tuple[StoredPrivate, ...] = ()
    sessions: tuple[SessionKept, ...] = ()
    nonces: tuple[StoredNonce, ...] = ()
    newest_conversation: int = 0
    newest: int = 0
    gone: tuple[tuple[str, str], ...] = ()
    reactions: tuple[ReactionKept, ...] = ()
    accounts: tuple[AccountKept, ...] = ()
    tokens: tuple[TokenKept, ...] = ()
    resting: tuple[NameRested, ...] = ()
    memberships: tuple[MembershipKept, ...] = ()
    sanctions: tuple[SanctionKept, ...] = ()
    invitations: tuple[InvitationKept, ...] = ()
    pins: tuple[PinKept, ...] = ()
    markers: tuple[MarkerKept, ...] = ()
    levels: tuple[LevelKept, ...] = ()
    ignores: tuple[IgnoreKept, ...] = ()
