"""Of what one is told while one does not look: which messages, in which words, how often. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from datetime import time as clock
from typing import NamedTuple

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import State
from chatcli.wire import Object
from chatd.core.grammar import clean

EVERY = 5.0  # seconds between two notices, at least: what comes in between is gathered
WAITING = 1000  # messages: of more that come at once, the newest are told of
LONGEST = 200  # characters of a text in a notice
NAMED = 3  # conversations in the notice of several messages


class Notice(NamedTuple):
    """What one is told: who said something where, and what."""

    title: str
    text: str


def is_quiet(hours: str, now: float) -> bool:
    """Whether a moment is in hours such as ``22:00-07:00`` of the local day; never where empty.

    Those that end before they begin go over midnight.
    """
    if not hours:
        return False
    start, end = (clock.fromisoformat(hour) for hour in hours.split("-"))
    moment = datetime.fromtimestamp(now).astimezone().time()
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def is_wanted(state: State, conversation: Conversation, line: Line) -> bool:
    """Whether one wants to be told of a line that has come; never of what was said before."""
    if not conversation.is_news(line) or not state.is_happening(conversation, line.seq):
        return False
    calls = line.mention or not conversation.is_room
    return conversation.level == "all" or (conversation.level == "mentions" and calls)


class Watch:
    """Gathers what one is to be told. A witness of the state; ``now`` gives seconds."""

    def __init__(self, state: State, now: Callable[[], float]) -> None:
        self._state = state
        self._now = now
        self._waiting: deque[tuple[Conversation, Line]] = deque(maxlen=WAITING)
        self._not_before = 0.0

    def came(self, conversation: Conversation, line: Line) -> None:
        """A line came."""
        if is_wanted(self._state, conversation, line):
            self._waiting.append((conversation, line))

    def done(self, conversation: Conversation, act: Object) -> None:
        """Something was done to a message: that is no reason to call anybody."""

    def marked(self, conversation: Conversation, line: Line) -> None:
        """An own message has got on: one need not be told."""

    def due(self) -> Notice | None:
        """Return what is to be told now.

        What is in view is read; what was read, or taken back, is left out.
        """
        now = self._now()
        if not self._waiting or now < self._not_before:
            return None
        waiting = [each for each in self._waiting if self._is_unread(*each)]
        self._waiting.clear()
        if not waiting or is_quiet(self._state.settings.notices.quiet, now):
            return None
        self._not_before = now + EVERY
        return _one(*waiting[0]) if len(waiting) == 1 else _several(waiting)

    def _is_unread(self, conversation: Conversation, line: Line) -> bool:
        return conversation.is_news(line) and (line.seq or 0) > conversation.read


def _one(conversation: Conversation, line: Line) -> Notice:
    where = f" in {conversation.title}" if conversation.is_room else ""
    if line.kind == "once":
        return Notice(clean(f"{line.who}{where}"), "(a message to view once)")
    words = clean(" ".join(line.text.split()))
    words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
    text = f"* {line.who} {words}" if line.kind == "me" else words
    return Notice(clean(f"{line.who}{where}"), text)


def _several(waiting: list[tuple[Conversation, Line]]) -> Notice:
    titles = list(dict.fromkeys(conversation.title for conversation, _ in waiting))
    more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    people = list(dict.fromkeys(line.who for _, line in waiting))
    others = f" and {len(people) - NAMED} more" if len(people) > NAMED else ""
    return Notice(
        clean(f"{len(waiting)} messages in {', '.join(titles[:NAMED])}{more}"),
        clean(f"from {', '.join(people[:NAMED])}{others}"),
    )


def window_title(state: State) -> str:
    """Return the title of the terminal's window: what is unread, ``!`` where one is called."""
    conversations = state.conversations.values()
    fresh = sum(each.fresh for each in conversations)
    called = "!" if any(each.calls for each in conversations) else ""
    count = f"({fresh}{called}) " if fresh else ""
    return clean(f"{count}chatcli – {state.current.title}")
