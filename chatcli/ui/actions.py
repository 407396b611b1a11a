"""What the screen asks to be done."""

from __future__ import annotations

from typing import Protocol

from chatcli.asking import Ask
from chatcli.findings import Hit


class Actions(Protocol):
    """What a person does."""

    def submit(self, typed: str) -> None:
        """Do what was typed."""

    def confide(self, ask: Ask, answers: list[str] | None) -> None:
        """Do what secrets were asked for; None where they were not told."""

    def edit(self, seq: int, text: str) -> None:
        """Change an own message of the current conversation."""

    def typed(self, text: str) -> None:
        """The text in the input was changed."""

    def view_once(self) -> None:
        """View what can be viewed once."""

    def learn_rooms(self) -> None:
        """Find out which rooms there are."""

    def arranged(self) -> None:
        """The conversations were put into another order by hand."""

    def leave(self) -> None:
        """Leave the chat."""


class Reading(Protocol):
    """What a person reads."""

    @property
    def online(self) -> bool:
        """Whether one is somebody to the server now."""

    @property
    def fetching(self) -> bool:
        """Whether lines of the past are on their way."""

    def looked(self) -> None:
        """The newest lines of the current conversation are looked at."""

    def look_in(self) -> None:
        """Another conversation is shown."""

    def jump(self, hit: Hit) -> None:
        """Show a message that was found where it stands."""

    def jump_to_unread(self) -> None:
        """Show the first message that was not read when it came."""

    def fetch_older(self) -> None:
        """Fetch what was said before."""

    def fetch_newer(self) -> None:
        """Fetch what was said after a place in the past."""
