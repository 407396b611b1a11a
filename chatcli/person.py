"""What a chat tells who sits at the screen, besides what is shown of conversations."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Credentials(NamedTuple):
    """An account and its password or token, kept in memory alone."""

    name: str
    secret: str

    def __repr__(self) -> str:
        return f"Credentials({self.name!r}, ...)"


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

    def wrong_secret(self, name: str) -> None:
        """The secret that was kept for an account is not the right one."""
