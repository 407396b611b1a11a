"""What is asked by administrators."""

from __future__ import annotations

from typing import Literal

from chatd.core.commands.base import Command, Confidential


class Wall(Command, tag="wall", kw_only=True):
    """Tell everybody something in the name of the server."""

    text: str


class SetRole(Command, tag="role", kw_only=True):
    """Make an account administrator, or an ordinary user."""

    name: str
    role: Literal["user", "admin"]


class Kill(Command, tag="kill", kw_only=True):
    """End all connections of a person."""

    nick: str
    why: str = ""


class Accounts(Command, tag="accounts", kw_only=True):
    """Ask which accounts there are; all of ``words`` must occur in the name."""

    words: str = ""


class Reset(Confidential, tag="reset", kw_only=True):
    """Give an account another password; its sessions and tokens end."""

    name: str
    password: str


class Remove(Command, tag="remove", kw_only=True):
    """Delete an account."""

    name: str
    why: str = ""


class Audit(Command, tag="audit", kw_only=True):
    """Read the newest acts of moderation and administration."""

    n: int = 50


class Reload(Command, tag="reload", kw_only=True):
    """Read the configuration again."""


class Shutdown(Command, tag="shutdown", kw_only=True):
    """Stop the server in a number of seconds."""

    seconds: int | None = None
    why: str = ""
