"""What is asked by those who run a room. ``time`` is ``10m``, ``2d`` or a number of seconds."""

from __future__ import annotations

from chatd.core.commands.base import Command


class Invite(Command, tag="invite", kw_only=True):
    """Let a person into a room that is not open to all."""

    nick: str
    room: str | None = None


class Kick(Command, tag="kick", kw_only=True):
    """Put a member out of a room."""

    nick: str
    room: str | None = None
    why: str = ""


class Ban(Command, tag="ban", kw_only=True):
    """Keep a person, or a network such as ``192.0.2.0/24``, out of a room.

    ``dry_run`` only tells whom it would hit.
    """

    nick: str
    room: str | None = None
    time: int | str | None = None
    why: str = ""
    dry_run: bool = False


class Unban(Command, tag="unban", kw_only=True):
    """Let a person or a network in again."""

    nick: str
    room: str | None = None


class Bans(Command, tag="bans", kw_only=True):
    """Ask who is banned."""

    room: str | None = None


class Mute(Command, tag="mute", kw_only=True):
    """Have a member be silent."""

    nick: str
    room: str | None = None
    time: int | str | None = None
    why: str = ""


class Unmute(Command, tag="unmute", kw_only=True):
    """Have a member speak again."""

    nick: str
    room: str | None = None


class Slow(Command, tag="slow", kw_only=True):
    """Have members wait between two messages; 0 ends it."""

    seconds: int
    room: str | None = None


class Pin(Command, tag="pin", kw_only=True):
    """Keep a message in view."""

    seq: int
    room: str | None = None


class Unpin(Command, tag="unpin", kw_only=True):
    """Do not keep a message in view any more."""

    seq: int
    room: str | None = None


class Pins(Command, tag="pins", kw_only=True):
    """Ask which messages are pinned."""

    room: str | None = None


class Mod(Command, tag="mod", kw_only=True):
    """Make a member a moderator."""

    nick: str
    room: str | None = None


class Unmod(Command, tag="unmod", kw_only=True):
    """Make a moderator a member."""

    nick: str
    room: str | None = None


class Own(Command, tag="own", kw_only=True):
    """Hand a room over."""

    nick: str
    room: str | None = None


class Set(Command, tag="set", kw_only=True):
    """Read or change the settings of a room."""

    room: str | None = None
    option: str = ""
    value: str = ""
