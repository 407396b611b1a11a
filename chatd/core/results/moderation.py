"""What is told to those who run a room."""

from __future__ import annotations

from typing import Literal

import msgspec

from chatd.core.events import Durable
from chatd.core.results.base import Result
from chatd.core.results.rooms import Settings


class Acted(Result, kw_only=True):
    """An act of moderation is done; ``seq`` is its number in the room."""

    room: str
    seq: int
    nick: str | None = None
    until: str | None = None


class WouldHit(Result, kw_only=True):
    """Whom a ban would hit."""

    room: str
    nicks: tuple[str, ...]


class SanctionInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ban: whom, since when, by whom, until when (for good where it is missing), and why."""

    nick: str
    kind: Literal["account", "guest", "address"]
    by: str
    t: str
    until: str | None = None
    why: str = ""


class BanList(Result, kw_only=True):
    """Who is banned from a room."""

    room: str
    bans: tuple[SanctionInfo, ...]


class PinList(Result, kw_only=True):
    """The messages of a room that are kept in view, oldest first."""

    room: str
    page: tuple[Durable, ...]


class SettingsAre(Result, kw_only=True):
    """How a room is set; ``seq`` is the newest number in it."""

    room: str
    seq: int
    settings: Settings
