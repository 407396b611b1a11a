"""What is told about accounts."""

from __future__ import annotations

from typing import Literal

import msgspec

from chatd.core.results.base import Result
from chatd.core.results.rooms import RoomEntered


class Unread(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one has not read of a conversation; ``level`` as in ``notify`` where it was chosen."""

    to: str
    seq: int
    read: int
    unread: int
    mentions: int
    level: str | None = None


class LoggedIn(Result, kw_only=True):
    """One is an account now, in its rooms.

    ``conversations`` are all of it, rooms and private ones, with what is unread. ``rooms`` are
    as after entering them, ``invited`` where one may enter, ``ignored`` whom one ignores.
    """

    you: str
    account: str
    role: str
    to: str | None
    conversations: tuple[Unread, ...] = ()
    rooms: tuple[RoomEntered, ...] = ()
    invited: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


class Registered(Result, kw_only=True):
    """One has an account; ``hint`` says what is better done about it."""

    you: str
    account: str
    role: str
    hint: str = ""


class LoggedOut(Result, kw_only=True):
    """One is a guest, in the room that one begins in."""

    you: str
    room: RoomEntered | None


class SessionInfo(msgspec.Struct, frozen=True):
    """One session of an account; ``current``: the one that asks."""

    address: str
    mode: str
    since: str
    state: Literal["connected", "lost"]
    current: bool


class SessionList(Result, kw_only=True):
    """Where one is logged in."""

    sessions: tuple[SessionInfo, ...]


class TokenMade(Result, kw_only=True):
    """A new token; it is never shown again."""

    label: str
    token: str


class TokenInfo(msgspec.Struct, frozen=True):
    """A token; times by RFC 3339."""

    label: str
    created: str
    used: str | None


class TokenList(Result, kw_only=True):
    """All tokens of an account."""

    tokens: tuple[TokenInfo, ...]


class RoleIs(Result, kw_only=True):
    """An account's role on the server."""

    account: str
    role: str


class AccountInfo(msgspec.Struct, frozen=True):
    """An account as administrators see it; ``seen`` is when it was here last."""

    name: str
    role: str
    created: str
    seen: str | None
    sessions: int
    tokens: int


class AccountList(Result, kw_only=True):
    """Accounts, by name."""

    accounts: tuple[AccountInfo, ...]
