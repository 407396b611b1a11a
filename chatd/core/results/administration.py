"""What is told to administrators."""

from __future__ import annotations

import msgspec

from chatd.core.results.base import Result


class Told(Result, kw_only=True):
    """How many sessions were reached."""

    sessions: int


class AuditEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who did what to whom, where, when, from which address, and why."""

    n: int
    t: str
    who: str
    action: str
    whom: str = ""
    room: str = ""
    address: str = ""
    why: str = ""


class AuditList(Result, kw_only=True):
    """The newest acts, oldest first."""

    audit: tuple[AuditEntry, ...]


class Stopping(Result, kw_only=True):
    """When the server stops, by RFC 3339; None where it does not."""

    at: str | None
