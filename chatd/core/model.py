"""What the hub holds: accounts, people, sessions, conversations. Times in milliseconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from chatd.core.effects import Audience
from chatd.core.log import Logged
from chatd.core.names import Name

Role = Literal["member", "moderator", "owner"]
ServerRole = Literal["guest", "user", "admin"]


@dataclass(eq=False, kw_only=True)
class Token:
    """What logs an account in instead of its password; ``digest`` is its SHA-256."""

    label: str
    digest: str = field(repr=False)
    created: int
    used: int | None = None


@dataclass(eq=False, kw_only=True)
class Account:
    """A registered person.

    ``digest`` is the Argon2 hash of the password, ``seen`` when he was here last, ``ignored``
    the uids of whom he ignores and their nicks, ``levels`` of what in which conversation he
    wants notice.
    """

    uid: str
    name: Name
    role: ServerRole = "user"
    digest: str = field(repr=False)
    created: int
    seen: int | None = None
    tokens: dict[str, Token] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Session:
    """One connection, or one that may yet resume.

    ``token`` is the hash of its resume token, None where it cannot resume. ``lost_at`` is when
    its connection went away; ``seen`` is the newest ``seq`` of each conversation then, ``began``
    that when a session that shows everything began. ``label`` is the account's token by which it
    logged in, or tells whose console it is.
    """

    id: str
    mode: str
    address: str
    since: int = 0
    user: User | None = None
    current: Conversation | None = None
    token: str | None = field(default=None, repr=False)
    plain_token: str | None = field(default=None, repr=False)
    label: str | None = None
    lost_at: int | None = None
    seen: dict[int, int] = field(default_factory=dict)
    began: dict[int, int] = field(default_factory=dict)

    @property
    def attached(self) -> bool:
        """Whether a connection is there to tell things to."""
        return self.lost_at is None


@dataclass(eq=False, kw_only=True)
class User:
    """A person: a guest who is present, or an account, by any number of sessions or none.

    ``former`` holds the last few nicks that he had before, ``read`` up to where he has read each
    conversation, ``ignored_by`` the uids of those who ignore him.
    """

    uid: str
    name: Name
    since: int
    account: Account | None = None
    console: bool = False
    away: str | None = None
    sessions: dict[str, Session] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    privates: dict[str, Private] = field(default_factory=dict)
    typing: dict[int, Conversation] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    ignored_by: set[str] = field(default_factory=set)
    partner: User | None = None
    former: dict[str, None] = field(default_factory=dict)

    @property
    def nick(self) -> str:
        """The name as shown."""
        return self.name.shown

    @property
    def admin(self) -> bool:
        """Whether he may do everything."""
        return self.console or (self.account is not None and self.account.role == "admin")

    @property
    def role(self) -> ServerRole:
        """What he is on the server."""
        if self.admin:
            return "admin"
        return "guest" if self.account is None else "user"

    @property
    def present(self) -> bool:
        """Whether any session of his is there, or may yet resume."""
        return bool(self.sessions)

    @property
    def reachable(self) -> bool:
        """Whether what is said to him can ever be read."""
        return bool(self.sessions) or self.account is not None

    @property
    def ignored(self) -> frozenset[str]:
        """The uids of those whom he does not wish to see."""
        return frozenset(self.account.ignored) if self.account is not None else frozenset()

    @property
    def attached(self) -> Audience:
        """The sessions that are connected."""
        return tuple(s.id for s in self.sessions.values() if s.attached)

    @property
    def conversations(self) -> list[Conversation]:
        """All that he is in."""
        return [*self.rooms.values(), *self.privates.values()]

    @property
    def newest(self) -> dict[int, int]:
        """The newest ``seq`` of each conversation."""
        return {conversation.id: conversation.seq for conversation in self.conversations}

    @property
    def state(self) -> Literal["online", "away", "offline"]:
        """Online, away, or offline where no session is left."""
        if not self.sessions:
            return "offline"
        return "online" if self.away is None else "away"


@dataclass(eq=False, kw_only=True)
class Conversation:
    """A room or a private conversation.

    ``ring`` holds its newest durable events, ``kept`` tells whether there ever was one.
    ``reactions`` are the (uid, emoji) under messages that are in the ring; ``erased`` are
    messages that were erased after they had left it.
    """

    id: int
    seq: int = 0
    ring: deque[Logged]
    kept: bool = False
    reactions: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    erased: dict[int, str] = field(default_factory=dict)

    def title_for(self, user: User) -> str:
        """The conversation's name as ``user`` sees it."""
        raise NotImplementedError

    def people(self) -> list[User]:
        """Who is in it."""
        raise NotImplementedError

    def logged(self, seq: int) -> Logged | None:
        """Return a durable event if it is in the ring."""
        if self.ring and self.ring[0].seq <= seq <= self.ring[-1].seq:
            return self.ring[seq - self.ring[0].seq]
        return None

    def append(self, logged: Logged) -> None:
        """Put the next durable event into the ring."""
        if self.ring and len(self.ring) == self.ring.maxlen:
            self.reactions.pop(self.ring[0].seq, None)
        self.ring.append(logged)
        self.seq = logged.seq

    def replace(self, logged: Logged) -> None:
        """Have an event of the ring read otherwise from now on."""
        if self.logged(logged.seq) is not None:
            self.ring[logged.seq - self.ring[0].seq] = logged


@dataclass(eq=False, kw_only=True)
class Sanction:
    """A ban or a mute; ``target`` is a uid or a network, ``nick`` how it is shown."""

    kind: Literal["ban", "mute"]
    target: str
    nick: str
    who: str
    t: int
    until: int | None
    why: str


@dataclass(eq=False)
class Membership:
    """Somebody's place in a room, since its event ``since``."""

    user: User
    role: Role
    since: int


@dataclass(eq=False, kw_only=True)
class Room(Conversation):
    """A room. It sleeps while nobody is in it: unlisted, without an owner.

    ``secret`` is a hash of its key; ``history`` is on, joined or off; ``retain`` in milliseconds,
    ``slow`` in seconds; ``spoke`` tells when members spoke last, where it is slow; ``sweep_at`` is
    when what is too old is looked for again.
    """

    name: Name
    topic: str = ""
    lobby: bool = False
    private: bool = False
    secret: str | None = field(default=None, repr=False)
    history: str = "on"
    retain: int | None = None
    sweep_at: int | None = None
    slow: int = 0
    members: dict[str, Membership] = field(default_factory=dict)
    bans: dict[str, Sanction] = field(default_factory=dict)
    mutes: dict[str, Sanction] = field(default_factory=dict)
    invited: dict[str, str] = field(default_factory=dict)
    pins: dict[int, None] = field(default_factory=dict)
    spoke: dict[str, int] = field(default_factory=dict)
    _listening: dict[str, None] = field(default_factory=dict)
    _audience: Audience | None = None

    def title_for(self, user: User) -> str:
        """A room's name is the same for everybody."""
        return self.name.shown

    def people(self) -> list[User]:
        """The members."""
        return [membership.user for membership in self.members.values()]

    @property
    def awake(self) -> bool:
        """Whether it is there for others."""
        return bool(self.members) or self.lobby

    @property
    def ownerless(self) -> bool:
        """Whether somebody ought to run it, and nobody does."""
        ranked = any(place.role == "owner" for place in self.members.values())
        return bool(self.members) and not self.lobby and not ranked

    @property
    def audience(self) -> Audience:
        """The connected sessions of the members."""
        if self._audience is None:
            self._audience = tuple(self._listening)
        return self._audience

    def listen(self, sessions: Iterable[str]) -> None:
        """Have sessions of a member told what happens here."""
        self._listening.update(dict.fromkeys(sessions))
        self._audience = None

    def deafen(self, sessions: Iterable[str]) -> None:
        """Tell sessions nothing more."""
        for session in sessions:
            self._listening.pop(session, None)
        self._audience = None

    def role_of(self, user: User) -> Role:
        """Return the member's role. Raises ``KeyError`` where he is not in."""
        return self.members[user.uid].role

    def sanctions(self, kind: str) -> dict[str, Sanction]:
        """Return the bans or the mutes."""
        return self.bans if kind == "ban" else self.mutes


@dataclass(eq=False, kw_only=True)
class Private(Conversation):
    """A private conversation of two people, or of one with himself."""

    pair: tuple[User, User]

    def other(self, user: User) -> User:
        """Return the one who is not ``user``."""
        first, second = self.pair
        return second if user is first else first

    def title_for(self, user: User) -> str:
        """A private conversation is called by the other person."""
        return f"@{self.other(user).nick}"

    def people(self) -> list[User]:
        """The one or two in it."""
        first, second = self.pair
        return [first] if first is second else [first, second]
