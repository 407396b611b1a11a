"""Where one has jumped from, and back there."""

from __future__ import annotations

from typing import NamedTuple

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import State
from chatcli.ui.messages import Messages

KEPT = 50


class _Place(NamedTuple):
    """A conversation, perhaps a part of its past, and the lowest line in view; None: the newest."""

    key: str
    excerpt: Conversation | None
    line: Line | None


class Trail:
    """The places that one has jumped from, the last one at the end."""

    def __init__(self, state: State, messages: Messages) -> None:
        self._state = state
        self._messages = messages
        self._places: list[_Place] = []

    def mark(self) -> None:
        """Remember where one is, before a jump."""
        state = self._state
        place = _Place(state.current.key, state.excerpt, self._messages.lowest)
        if not self._places or self._places[-1] != place:
            self._places = [*self._places[1 - KEPT :], place]

    def back(self) -> None:
        """Go to where the last jump began."""
        state = self._state
        while self._places:
            place = self._places.pop()
            here = _Place(state.current.key, state.excerpt, self._messages.lowest)
            if place != here and place.key in state.conversations:
                self._go(place)
                return

    def _go(self, place: _Place) -> None:
        state = self._state
        state.go(state.conversations[place.key].title)
        state.leave_place(all_=True)
        state.excerpt = place.excerpt
        self._messages.help_open = False
        self._messages.stay_at(place.line)
