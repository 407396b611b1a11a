"""What is asked about accounts."""

from __future__ import annotations

from chatd.core.commands.base import Command, Confidential


class Register(Confidential, tag="register", kw_only=True):
    """Make an account of one's nick, or of ``name``."""

    password: str
    name: str | None = None


class Login(Confidential, tag="login", kw_only=True):
    """Become an account; ``password`` may be one of its tokens."""

    name: str
    password: str


class Logout(Command, tag="logout", kw_only=True):
    """Become a guest."""


class Passwd(Confidential, tag="passwd", kw_only=True):
    """Change the password."""

    old: str
    new: str


class Sessions(Command, tag="sessions", kw_only=True):
    """Ask where one is logged in."""


class Token(Confidential, tag="token", kw_only=True):
    """Make a token that logs in instead of the password."""

    label: str


class Tokens(Command, tag="tokens", kw_only=True):
    """Ask which tokens there are."""


class Revoke(Command, tag="revoke", kw_only=True):
    """Make a token worthless."""

    label: str


class Claim(Confidential, tag="claim", kw_only=True):
    """Become administrator by a new server's one-time code."""

    code: str


class Unregister(Confidential, tag="unregister", kw_only=True):
    """Delete one's account."""

    password: str
