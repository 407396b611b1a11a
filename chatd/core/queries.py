"""What is read from the store: what to look for, and what is told of what was found. Pure.

A ``Query`` says what to look for, and its docstring what is found; a ``Question`` is one whose
answer goes to a session.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chatd.core.events import timestamp
from chatd.core.log import Logged, shown
from chatd.core.records import Audited
from chatd.core.results import (
    AuditEntry,
    AuditList,
    CaughtUp,
    Hits,
    LoggedIn,
    Mentioned,
    Page,
    PinList,
    Result,
    Unread,
)

Found = tuple[list[Logged], bool]  # events, and whether there are more


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may read of a conversation: ``after`` < seq <= ``upto``.

    ``name`` is the conversation as he sees it, ``newest`` when something last happened in it
    (milliseconds since the epoch).
    """

    conversation: int
    name: str
    after: int
    upto: int
    newest: int = 0


class Reader(msgspec.Struct, frozen=True):
    """Who reads, and the uids of whom he ignores."""

    uid: str
    ignored: frozenset[str] = frozenset()


class Query(msgspec.Struct, frozen=True):
    """Something to be read."""


class Remembered(msgspec.Struct, frozen=True):
    """A stored event, None where there is none, and what emoji the asker has put under it."""

    logged: Logged | None
    emoji: frozenset[str] = frozenset()


class EventOf(Query, frozen=True):
    """One event, as ``Remembered``, with the emoji that ``uid`` has put under it."""

    conversation: int
    seq: int
    uid: str


class PageOf(Query, frozen=True):
    """Events with ``after`` < seq < ``before``, oldest first, as ``Found``.

    Of more than ``limit`` the newest ones, or the oldest where ``newest`` is false.
    """

    conversation: int
    after: int
    before: int
    limit: int
    newest: bool


class Question(Query, frozen=True):
    """A query of a session."""

    def answer(self, found: Any) -> Result:
        """Return what to tell of what was found."""
        raise NotImplementedError

    def markers(self, found: Any) -> tuple[tuple[int, int], ...]:
        """Return up to which ``seq`` of which conversations the asker has read by this."""
        return ()


class HistoryOf(Question, frozen=True):
    """A page of a conversation as a person sees it."""

    page: PageOf
    name: str
    reader: Reader

    def answer(self, found: Found) -> Page:
        """Return the page."""
        events, more = found
        reader = self.reader
        page = tuple(shown(event, self.name, reader.uid, reader.ignored) for event in events)
        return Page(to=self.name, page=page, more=more)


class Over(Question, frozen=True):
    """A query over several places; those where something happened last come first."""

    places: tuple[Place, ...]
    reader: Reader
    limit: int

    def shown(self, events: list[Logged]) -> tuple[Any, ...]:
        """Return events as the reader sees them."""
        names = {place.conversation: place.name for place in self.places}
        uid, ignored = self.reader.uid, self.reader.ignored
        return tuple(shown(event, names[event.conversation], uid, ignored) for event in events)


class SearchFor(Over, frozen=True, kw_only=True):
    """The newest messages that hold all ``terms``, oldest first, as ``Found``.

    Where there is no term, there is an ``author``. A term is a word, several words for a phrase,
    or a word and ``*`` for its beginning. ``author`` is the folded nick of who said it then,
    ``uid`` who it is where that is known; ``since`` and ``before`` are ms since the epoch.
    """

    terms: tuple[str, ...]
    author: str | None = None
    uid: str | None = None
    since: int | None = None
    before: int | None = None

    def answer(self, found: Found) -> Hits:
        """Return what was found."""
        events, more = found
        return Hits(page=self.shown(events), more=more)


class MentionsOf(Over, frozen=True):
    """The newest messages that mention the reader, oldest first, as ``Found``."""

    def answer(self, found: Found) -> Mentioned:
        """Return what was found."""
        events, more = found
        return Mentioned(page=self.shown(events), more=more)


class UnreadOf(Over, frozen=True, kw_only=True):
    """What is unread at a login: {conversation: (messages, mentions)}, of others alone.

    ``reply`` is the answer without it, ``levels`` the levels of notice that were chosen.
    """

    reply: LoggedIn
    levels: dict[int, str]

    def answer(self, found: dict[int, tuple[int, int]]) -> LoggedIn:
        """Return the reply with the counts in it."""
        conversations = tuple(
            Unread(
                place.name,
                place.upto,
                place.after,
                *found.get(place.conversation, (0, 0)),
                level=self.levels.get(place.conversation),
            )
            for place in self.places
        )
        return msgspec.structs.replace(self.reply, conversations=conversations)


class CatchUpOn(Over, frozen=True):
    """The oldest events of each place, place by place, ``limit`` in all, as ``Found``."""

    def answer(self, found: Found) -> CaughtUp:
        """Return what was found."""
        events, more = found
        return CaughtUp(page=self.shown(events), more=more)

    def markers(self, found: Found) -> tuple[tuple[int, int], ...]:
        """All that is shown is read."""
        return tuple({event.conversation: event.seq for event in found[0]}.items())


class PinsOf(Question, frozen=True):
    """The events with the numbers ``seqs`` of one conversation, oldest first."""

    conversation: int
    seqs: tuple[int, ...]
    name: str
    reader: Reader

    def answer(self, found: list[Logged]) -> PinList:
        """Return them."""
        reader = self.reader
        page = tuple(shown(event, self.name, reader.uid, reader.ignored) for event in found)
        return PinList(room=self.name, page=page)


class AuditOf(Question, frozen=True):
    """The newest ``limit`` acts, oldest first, as [(number, ``Audited``)]."""

    limit: int

    def answer(self, found: list[tuple[int, Audited]]) -> AuditList:
        """Return them."""
        entries = tuple(
            AuditEntry(
                n=number,
                t=timestamp(act.t),
                who=act.who,
                action=act.action,
                whom=act.whom,
                room=act.room,
                address=act.address,
                why=act.why,
            )
            for number, act in found
        )
        return AuditList(audit=entries)
