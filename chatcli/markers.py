"""Telling the server up to where one has read. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli.model import State
from chatcli.requests import Requests
from chatd.core.commands import Read

EVERY = 2.0  # seconds between two markers: the server's flood control counts them


class Markers:
    """Sends markers of an account, so that its other sessions know. ``now`` gives seconds."""

    def __init__(self, state: State, requests: Requests, now: Callable[[], float]) -> None:
        self._state = state
        self._requests = requests
        self._now = now
        self._at = 0.0
        self._wanted: dict[str, int] = {}

    def looked(self) -> None:
        """Somebody looks at the newest lines of the current conversation: all of it is read."""
        conversation = self._state.current
        newest = conversation.newest
        if newest > conversation.read:
            conversation.mark_read(newest)
        if self._state.account and conversation.read > conversation.marked:
            conversation.marked = conversation.read
            self._wanted[conversation.title] = conversation.read

    def tick(self) -> None:
        """Send what is due."""
        if self._wanted and self._now() >= self._at + EVERY:
            self._at = self._now()
            self._send(next(iter(self._wanted)))

    def flush(self) -> None:
        """Send all that there is: one leaves."""
        for title in list(self._wanted):
            self._send(title)

    def _send(self, title: str) -> None:
        command = Read(to=title, seq=self._wanted.pop(title))
        self._requests.ask(command, lambda _: None, lambda _: self._failed(title))

    def _failed(self, title: str) -> None:
        """The server did not take it; the next look tells it again."""
        conversation = self._state.find(title)
        if conversation is not None:
            conversation.marked = 0

    def lost(self) -> None:
        """The connection is gone: what was not told is told again after the next."""
        for title in self._wanted:
            self._failed(title)
        self._wanted.clear()
