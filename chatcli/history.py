"""What was said before: holes are filled, and pages fetched on demand. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import state as telling
from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.happenings import refusal
from chatcli.model import State
from chatcli.requests import Requests
from chatcli.wire import Object
from chatd.core.commands import History

PAGE = 200
OLDER = 100
AT_ONCE = 3  # holes: one's own messages must not have to wait behind many questions
_FOR_NOW = frozenset({429, 503})


class Historian:
    """Asks for history. ``apply`` takes the events that fill a hole; ``now`` gives seconds."""

    def __init__(
        self,
        state: State,
        requests: Requests,
        now: Callable[[], float],
        apply: Callable[[Object], None],
    ) -> None:
        self._state = state
        self._requests = requests
        self._now = now
        self._apply = apply
        self._filling: set[str] = set()
        # Titles of those of them that were not asked for yet.
        self._queue: list[str] = []
        self._fetching: set[str] = set()
        self._later: dict[str, float] = {}

    @property
    def busy(self) -> bool:
        """Whether a hole is being filled."""
        return bool(self._filling)

    def is_fetching(self, conversation: Conversation) -> bool:
        """Whether an older page is on its way."""
        return conversation.key in self._fetching

    def lost(self) -> None:
        """The connection is gone; what was asked will not be answered."""
        self._filling.clear()
        self._queue.clear()
        self._fetching.clear()
        self._later.clear()

    def tick(self) -> None:
        """Ask again what the server refused for the time being."""
        due = [title for title, at in self._later.items() if at <= self._now()]
        for title in due:
            del self._later[title]
            self._ask(title)

    # Holes

    def fill(self, title: str) -> None:
        """Fill the hole of a conversation; one that is being filled already goes on."""
        conversation = self._state.find(title)
        if conversation is not None and conversation.key not in self._filling:
            self._filling.add(conversation.key)
            self._queue.append(conversation.title)
            self._ask_next()

    def _ask_next(self) -> None:
        """Ask for what may be asked now, first for the conversation that is shown."""
        if self._queue and len(self._filling) - len(self._queue) < AT_ONCE:
            shown = self._state.current.title
            title = shown if shown in self._queue else self._queue[0]
            self._queue.remove(title)
            self._ask(title)

    def _ask(self, title: str) -> None:
        conversation = self._state.find(title)
        if conversation is None or conversation.seen is None:
            self._done(title)
            return
        if conversation.ahead:
            # What would be cut off at once need not come.
            conversation.skip_to(max(conversation.ahead) - conversation.kept)
        # The last event from the last time comes again: it tells whether the numbers are the same.
        again = conversation.old and conversation.seen > 0
        command = History(to=title, after=conversation.seen - again, limit=PAGE)
        self._requests.ask(
            command,
            lambda reply: self._take(title, reply),
            lambda reply: self._refused(title, reply),
        )

    def _take(self, title: str, reply: Object) -> None:
        conversation = self._state.find(title)
        if conversation is None:
            self._done(title)
            return
        before = conversation.seen
        for event in wire.objects(reply, "page"):
            self._apply({**event, "in": conversation.title})
        if wire.flag(reply, "more") and conversation.seen != before:
            self._ask(title)
            return
        conversation.close_hole()
        self._done(title)

    def _refused(self, title: str, reply: Object) -> None:
        if wire.number(reply, "code") in _FOR_NOW:
            self._later[title] = self._now() + min(wire.number(reply, "wait") or 5, 60)
            return
        conversation = self._state.find(title)
        if conversation is not None:
            conversation.close_hole()
        self._done(title)

    def _done(self, title: str) -> None:
        self._filling.discard(wire.key_of(title))
        conversation = self._state.find(title)
        if conversation is not None:
            conversation.old = False
        self._ask_next()

    # Older pages

    def fetch_older(self, conversation: Conversation, limit: int = OLDER) -> bool:
        """Ask for what was said before the oldest line. Returns whether something was asked."""
        if conversation.title[:1] not in {"#", "@"} or conversation.complete:
            return False
        if conversation.key in self._fetching or len(conversation.lines) >= conversation.kept:
            return False
        if conversation.oldest is not None and conversation.oldest <= 1:
            conversation.complete = True
            return False
        conversation.opened = True
        self._fetching.add(conversation.key)
        command = History(to=conversation.title, before=conversation.oldest, limit=min(limit, PAGE))
        self._requests.ask(
            command,
            lambda reply: self._take_older(conversation, reply),
            lambda reply: self._refused_older(conversation, reply),
        )
        return True

    def _take_older(self, conversation: Conversation, reply: Object) -> None:
        self._fetching.discard(conversation.key)
        page = wire.objects(reply, "page")
        found = telling.take_page(self._state, conversation, page, self._now())
        conversation.complete = not found or not wire.flag(reply, "more")

    def _refused_older(self, conversation: Conversation, reply: Object) -> None:
        self._fetching.discard(conversation.key)
        if wire.number(reply, "code") not in _FOR_NOW:
            conversation.complete = True
            self._state.tell(refusal(reply), self._now(), kind="error")
