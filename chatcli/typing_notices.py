"""Telling others that one types. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli.requests import Requests
from chatd.core.commands import Typing

EVERY = 3.0  # seconds between two notices that one types
IDLE = 6.0  # seconds without a key after which one does not type any more


class TypingNotices:
    """Sends notices, not more than needed. ``now`` gives seconds."""

    def __init__(self, requests: Requests, now: Callable[[], float]) -> None:
        self._requests = requests
        self._now = now
        self._title = ""
        self._told_at = 0.0
        self._key_at = 0.0

    def typed(self, title: str) -> None:
        """A key changed a text that is meant for a conversation."""
        now = self._now()
        self._key_at = now
        if self._title and self._title != title:
            self.stopped()
        if self._title != title or now >= self._told_at + EVERY:
            self._title, self._told_at = title, now
            self._requests.tell(Typing(to=title, on=True))

    def stopped(self) -> None:
        """The text was taken away."""
        if self._title:
            self._requests.tell(Typing(to=self._title, on=False))
        self._title = ""

    def sent(self) -> None:
        """The text was sent: that ends the typing for everybody."""
        self._title = ""

    def tick(self) -> None:
        """Say that one has stopped where no key came for a while."""
        if self._title and self._now() >= self._key_at + IDLE:
            self.stopped()
