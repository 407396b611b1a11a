"""What is told about people."""

from __future__ import annotations

from typing import Literal

import msgspec

from chatd.core.events import PresenceState
from chatd.core.results.base import Result


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person in a list; ``state`` as in presence, ``text`` is why away."""

    nick: str
    role: str
    state: PresenceState
    text: str = ""


class UserList(Result, kw_only=True):
    """Who is here; ``v`` is the presence counter."""

    users: tuple[Member, ...]
    v: int
    room: str | None = None


class Person(Result, kw_only=True):
    """What there is to know of a person; times by RFC 3339, ``addresses`` for admins.

    ``since`` is when he came, ``seen`` when an account that is not here was here last.
    """

    nick: str
    account: str | None
    role: str
    state: PresenceState
    text: str
    rooms: tuple[str, ...]
    since: str
    sessions: int
    addresses: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    registered: str | None = None
    seen: str | None = None


class NickIs(Result, kw_only=True):
    """One's name."""

    nick: str


class State(Result, kw_only=True):
    """One's presence."""

    state: PresenceState
    text: str


class MatchState(Result, kw_only=True):
    """Whether one waits for a pair, is in one, or neither."""

    state: Literal["waiting", "matched", "none"]
    nick: str | None = None


class IgnoredList(Result, kw_only=True):
    """Whom one ignores."""

    ignored: tuple[str, ...]
