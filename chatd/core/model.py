"""What the hub holds: people, sessions, conversations."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from chatd.core.effects import Audience
from chatd.core.log import Logged
from chatd.core.names import Name

Role = Literal["guest", "user", "member", "moderator", "owner", "admin"]


@dataclass(eq=False, kw_only=True)
class Session:
    """One connection, or one that may yet resume.

    ``token`` is the hash of its resume token, None where it cannot resume. ``lost_at`` (ms) is
    when its connection went away; ``seen`` is the newest ``seq`` of each conversation then.
    """

    id: str
    mode: str
    address: str
    user: User | None = None
    current: Conversation | None = None
    token: str | None = field(default=None, repr=False)
    plain_token: str | None = field(default=None, repr=False)
    lost_at: int | None = None
    seen: dict[int, int] = field(default_factory=dict)

    @property
    def attached(self) -> bool:
        """Whether a connection is there to tell things to."""
        return self.lost_at is None


@dataclass(eq=False, kw_only=True)
class User:
    """A person present: a guest, or an account by one or more sessions. Times in ms.

    ``former`` holds the last few nicks that he had before.
    """

    uid: str
    name: Name
    since: int
    account: str | None = None
    admin: bool = False
    away: str | None = None
    sessions: dict[str, Session] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    privates: dict[str, Private] = field(default_factory=dict)
    typing: dict[int, Conversation] = field(default_factory=dict)
    partner: User | None = None
    former: dict[str, None] = field(default_factory=dict)

    @property
    def nick(self) -> str:
        """The name as shown."""
        return self.name.shown

    @property
    def attached(self) -> Audience:
        """The sessions that are connected."""
        return tuple(s.id for s in self.sessions.values() if s.attached)

    @property
    def newest(self) -> dict[int, int]:
        """The newest ``seq`` of each conversation."""
        conversations = (*self.rooms.values(), *self.privates.values())
        return {conversation.id: conversation.seq for conversation in conversations}

    @property
    def state(self) -> Literal["online", "away", "offline"]:
        """Online, away, or offline where no session is left."""
        if not self.sessions:
            return "offline"
        return "online" if self.away is None else "away"


@dataclass(eq=False, kw_only=True)
class Conversation:
    """A room or a private conversation.

    ``ring`` holds its newest durable events, ``kept`` tells whether there ever was one, and
    ``reactions`` are (message, uid, emoji).
    """

    id: int
    seq: int = 0
    ring: deque[Logged]
    kept: bool = False
    reactions: set[tuple[int, str, str]] = field(default_factory=set)

    def title_for(self, user: User) -> str:
        """The conversation's name as ``user`` sees it."""
        raise NotImplementedError

    def people(self) -> list[User]:
        """Who is in it."""
        raise NotImplementedError

    def logged(self, seq: int) -> Logged | None:
        """Return a durable event if it is in the ring."""
        if self.ring and self.ring[0].seq <= seq <= self.seq:
            return self.ring[seq - self.ring[0].seq]
        return None


@dataclass(eq=False, kw_only=True)
class Room(Conversation):
    """A room. It sleeps while nobody is in it: unlisted, without an owner."""

    name: Name
    topic: str = ""
    lobby: bool = False
    members: dict[str, tuple[User, Role]] = field(default_factory=dict)
    _listening: dict[str, None] = field(default_factory=dict)
    _audience: Audience | None = None

    def title_for(self, user: User) -> str:
        """A room's name is the same for everybody."""
        return self.name.shown

    def people(self) -> list[User]:
        """The members."""
        return [user for user, _ in self.members.values()]

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
        return self.members[user.uid][1]


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
