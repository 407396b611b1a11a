"""What is told about rooms."""

from __future__ import annotations

import msgspec

from chatd.core.events import Durable
from chatd.core.results.base import Result
from chatd.core.results.people import Member


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a room is set; ``retain`` and ``slow`` in seconds, ``key``: whether it has one."""

    private: bool = False
    key: bool = False
    history: str = "on"
    retain: int | None = None
    slow: int = 0


class RoomEntered(Result, kw_only=True):
    """A room one is in now.

    ``recent`` holds its last durable events, oldest first, ``pins`` the numbers of the messages
    kept in view, ``read`` is one's marker, ``role`` one's role, ``level`` of what one wants notice.
    """

    room: str
    topic: str
    members: tuple[Member, ...]
    seq: int
    read: int
    role: str
    level: str | None = None
    pins: tuple[int, ...] = ()
    settings: Settings = Settings()
    recent: tuple[Durable, ...] = ()


class RoomLeft(Result, kw_only=True):
    """A room one is not in any more; ``to`` is where one's words go now."""

    room: str
    to: str | None = None


class RoomInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A room in a list."""

    room: str
    topic: str
    members: int
    private: bool = False


class RoomList(Result, kw_only=True):
    """The rooms that there are."""

    rooms: tuple[RoomInfo, ...]


class TopicIs(Result, kw_only=True):
    """What a room is about."""

    room: str
    topic: str
    seq: int


class Current(Result, kw_only=True):
    """The current conversation, and the newest ``seq`` in it."""

    to: str
    seq: int
