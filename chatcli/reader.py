"""Reading: what is fetched for who looks, and what the server is told of it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli.findings import Hit
from chatcli.history import Historian
from chatcli.markers import Markers
from chatcli.model import State
from chatcli.places import Places
from chatcli.requests import Requests
from chatcli.wire import Object

FEW = 30  # messages: where no more are here, those before are fetched


class Reader:
    """Serves who reads, while it is ``online``.

    ``apply`` takes the events that fill a hole; ``now`` gives seconds since the epoch.
    """

    def __init__(
        self,
        state: State,
        requests: Requests,
        now: Callable[[], float],
        apply: Callable[[Object], None],
    ) -> None:
        self.online = False
        self.history = Historian(state, requests, now, apply)
        self._state = state
        self._markers = Markers(state, requests, now)
        self._places = Places(state, requests, now)

    def lost(self) -> None:
        """The connection is gone."""
        self.online = False
        self.history.lost()
        self._places.lost()
        self._markers.lost()

    def tick(self) -> None:
        """Do what is due."""
        self.history.tick()
        if self.online:
            self._markers.tick()
            self._places.fetch_quote()

    def flush(self) -> None:
        """Tell the server now up to where one has read."""
        if self.online:
            self._markers.flush()

    def look_in(self) -> None:
        """Another conversation is shown: fetch what was said in it, where nobody has looked yet."""
        conversation = self._state.current
        few = sum(line.is_said for line in conversation.lines) < FEW
        if not conversation.opened and few and (not conversation.is_room or conversation.unread):
            self.fetch_older()

    def looked(self) -> None:
        """The newest lines of the current conversation are looked at."""
        if not self.history.is_fetching(self._state.current):
            self._markers.looked()

    def fetch_older(self) -> None:
        """Show what was said before: what is hidden here, or what the server has."""
        if not self._state.shown.unhide() and self.online:
            self.history.fetch_older(self._state.shown)

    def fetch_newer(self) -> None:
        """Ask for what was said after a place in the past."""
        if self.online:
            self._places.fetch_newer()

    @property
    def fetching(self) -> bool:
        """Whether lines of the past are on their way."""
        return self._places.fetching or self.history.is_fetching(self._state.shown)

    def jump(self, hit: Hit) -> None:
        """Show a message that was found where it stands."""
        self._places.jump(hit, online=self.online)

    def jump_to_unread(self) -> None:
        """Show the first message that was not read when it came."""
        self._places.jump_to_unread(online=self.online)
