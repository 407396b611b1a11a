"""What a chat tells who sits at the screen, besides what is shown of conversations."""

from __future__ import annotations

from typing import NamedTuple, Protocol

WRONG_LOGIN = 401  # what the server answers where a name and a secret don't fit


class Credentials(NamedTuple):
    """An account and its password or token, kept in memory alone.

    ``place`` is where a token was found, such as ``CHATCLI_TOKEN``; empty where it was typed.
    """

    name: str
    secret: str
    place: str = ""

    def __repr__(self) -> str:
        return f"Credentials({self.name!r}, ...)"

    def why_refused(self, code: int | None) -> str:
        """Return what is wrong where a token is no good: the server cannot say it; else nothing."""
        if not self.place or code != WRONG_LOGIN:
            return ""
        return f"The token of {self.name} in {self.place} was refused: it is wrong, or was revoked."


class Secret(NamedTuple):
    """Something that is shown once, and kept nowhere."""

    heading: str
    text: str

    def __repr__(self) -> str:
        return f"Secret({self.heading!r}, ...)"


class Person(Protocol):
    """Who sits at the screen."""

    def give_back(self, typed: str) -> None:
        """What was typed was refused."""

    def reveal(self, secret: Secret) -> None:
        """Something is to be shown once."""

    def known_as(self, credentials: Credentials | None) -> None:
        """One is logged in by these, or has logged out."""

    def wrong_secret(self, credentials: Credentials) -> None:
        """The secret of an account is not the right one."""
