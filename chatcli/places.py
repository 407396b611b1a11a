"""Places in the past: where a found message stands, and what answered messages say. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import state as telling
from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.durable import line_of
from chatcli.findings import Hit
from chatcli.happenings import refusal
from chatcli.history import OLDER
from chatcli.line import Line
from chatcli.model import State
from chatcli.requests import Requests
from chatcli.wire import Object
from chatd.core.commands import History

AROUND = 40  # events before a message, and after it


class Places:
    """Goes to messages. ``now`` gives seconds since the epoch."""

    def __init__(self, state: State, requests: Requests, now: Callable[[], float]) -> None:
        self._state = state
        self._requests = requests
        self._now = now
        # What is gone to, when the page with it has come.
        self._going: Callable[[Conversation], Line | None] | None = None
        self._fetching = False
        # By conversation, the messages whose quotations were asked for.
        self._asked: dict[str, set[int]] = {}

    @property
    def fetching(self) -> bool:
        """Whether a page of the past is on its way."""
        return self._fetching

    def lost(self) -> None:
        """The connection is gone; what was asked will not be answered."""
        self._fetching = False
        self._going = None
        self._asked.clear()

    # Jumping

    def jump(self, hit: Hit, *, online: bool) -> None:
        """Show a message in its conversation, with what is around it."""
        state, seq = self._state, hit.line.seq
        conversation = state.open(hit.title)
        findings = state.findings
        state.go(hit.title)
        state.findings, state.excerpt = findings, None
        line = conversation.find(seq) if seq is not None else None
        if line is not None:
            state.seek(conversation, line)
        elif seq is not None and online:
            self._ask_around(conversation, seq, lambda place: place.find(seq))

    def jump_to_unread(self, *, online: bool) -> None:
        """Show the first message of the current conversation that was not read when it came."""
        state, conversation = self._state, self._state.current
        after, line = conversation.unread_after, conversation.unread_from
        if after is None:
            state.tell(f"Nothing is new in {conversation.title}.", self._now())
            return
        whole = conversation.oldest is not None and conversation.oldest <= after + 1
        if online and not whole:
            self._ask_around(conversation, after + 1, lambda place: _mark_news(place, after))
        elif line is not None:
            state.seek(conversation, line)

    def _ask_around(
        self, conversation: Conversation, seq: int, find: Callable[[Conversation], Line | None]
    ) -> None:
        self._going, self._fetching = find, True
        command = History(to=conversation.title, before=seq + AROUND + 1, limit=2 * AROUND + 1)
        self._requests.ask(
            command, lambda reply: self._arrive(conversation, find, reply), self._refused
        )

    def _arrive(
        self,
        conversation: Conversation,
        find: Callable[[Conversation], Line | None],
        reply: Object,
    ) -> None:
        self._fetching = False
        if self._going is not find or conversation is not self._state.current:
            return
        page = wire.objects(reply, "page")
        last = max((wire.number(event, "seq") or 0 for event in page), default=0)
        if conversation.oldest is not None and last + 1 >= conversation.oldest:
            telling.take_page(self._state, conversation, page, self._now())
            place = conversation
        else:
            place = Conversation(title=conversation.title, pins=conversation.pins)
            telling.take_page(self._state, place, page, self._now())
        line = find(place)
        if line is None:
            self._state.tell("That message is not there any more.", self._now(), kind="error")
        else:
            self._state.seek(place, line)

    def _refused(self, reply: Object) -> None:
        self._fetching = False
        self._state.tell(refusal(reply), self._now(), kind="error")

    def fetch_newer(self) -> None:
        """Ask for what comes after the place in the past."""
        place = self._state.excerpt
        if place is None or self._fetching or place.seen is None:
            return
        self._fetching = True
        command = History(to=place.title, after=place.seen, limit=OLDER)
        self._requests.ask(command, lambda reply: self._take_newer(place, reply), self._refused)

    def _take_newer(self, place: Conversation, reply: Object) -> None:
        self._fetching = False
        telling.take_after(self._state, place, wire.objects(reply, "page"), self._now())

    # Quotations

    def fetch_quote(self) -> None:
        """Ask for one message that is answered in view, where it is not known."""
        shown = self._state.shown
        asked = self._asked.setdefault(shown.key, set())
        seq = shown.wanted_quote(asked)
        if seq is None:
            return
        asked.add(seq)
        command = History(to=shown.title, before=seq + 1, limit=1)
        self._requests.ask(command, lambda reply: self._take_quote(shown, reply), lambda _: None)

    def _take_quote(self, conversation: Conversation, reply: Object) -> None:
        for event in wire.objects(reply, "page"):
            line = line_of(self._state, event, self._now())
            if line is not None and line.seq in conversation.quotes:
                conversation.quotes[line.seq] = line


def _mark_news(conversation: Conversation, after: int) -> Line | None:
    """Return the first message after that number that counts as unread, marked as that."""
    lines = (line for line in conversation.lines if (line.seq or 0) > after)
    found = next((line for line in lines if conversation.is_news(line)), None)
    conversation.unread_after, conversation.unread_from = after, found
    return found
