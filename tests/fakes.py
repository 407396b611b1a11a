"""Small real implementations of the interfaces, for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from zope.interface import implementer

from chatd.connection import IDoor
from chatd.core.effects import (
    Appended,
    ConversationOpened,
    Record,
    SessionForgotten,
    SessionKept,
    TopicKept,
)
from chatd.core.events import Telling
from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.log import Logged
from chatd.line.render import RENDERERS
from chatd.store import IStore


class ImmediateReactor(Clock):
    """A clock that calls at once what a thread would hand to the reactor."""

    def callFromThread(self, work: Callable[..., Any], *args: Any, **named: Any) -> None:
        """Call ``work`` now."""
        work(*args, **named)


@implementer(IStore)
class MemoryStore:
    """A store that forgets at the end of the process.

    ``failing`` is what commits fail with, ``unreadable`` what reads fail with. Where ``slow``, a
    commit or a read is done when ``step`` says so.
    """

    def __init__(self) -> None:
        self.failing: Exception | None = None
        self.unreadable: Exception | None = None
        self.slow = False
        self.commits: list[list[Record]] = []
        self.opened: dict[int, ConversationOpened] = {}
        self.topics: dict[int, str] = {}
        self.events: dict[tuple[int, int], Logged] = {}
        self.sessions: dict[str, SessionKept] = {}
        self.closed = False
        self._waiting: list[Callable[[], None]] = []

    def open(self, ring: int, nonce_after: int) -> Stored:
        """Return what the hub begins with."""
        self.closed = False
        conversations = [(number, *self._newest(number, ring)) for number in self.opened]
        opened = self.opened
        return Stored(
            rooms=tuple(
                StoredRoom(
                    conversation=number,
                    name=opened[number].name,
                    topic=self.topics.get(number, ""),
                    seq=seq,
                    ring=newest,
                )
                for number, seq, newest in conversations
                if opened[number].kind == "room"
            ),
            privates=tuple(
                StoredPrivate(
                    conversation=number,
                    pair=(opened[number].key, opened[number].name),
                    seq=seq,
                    ring=newest,
                )
                for number, seq, newest in conversations
                if opened[number].kind == "private"
            ),
            sessions=tuple(kept for kept in self.sessions.values()),
            nonces=tuple(
                StoredNonce(
                    uid=event.uid,
                    nonce=event.nonce,
                    conversation=event.conversation,
                    seq=event.seq,
                    t=event.t,
                )
                for event in self.events.values()
                if event.nonce is not None and event.t > nonce_after
            ),
            newest_conversation=max(self.opened, default=0),
        )

    def _newest(self, number: int, ring: int) -> tuple[int, tuple[Logged, ...]]:
        found = [event for (of, _), event in self.events.items() if of == number]
        return len(found), tuple(found[-ring:])

    def commit(self, records: Sequence[Record]) -> Deferred[None]:
        """Keep records, all or none."""
        return self._do(lambda: self._commit(list(records)))

    def _commit(self, records: list[Record]) -> None:
        if self.failing is not None:
            raise self.failing
        self.commits.append(records)
        for record in records:
            if isinstance(record, Appended):
                key = (record.logged.conversation, record.logged.seq)
                assert key not in self.events, "committed twice"
                self.events[key] = record.logged
            elif isinstance(record, ConversationOpened):
                self.opened[record.conversation] = record
            elif isinstance(record, TopicKept):
                self.topics[record.conversation] = record.text
            elif isinstance(record, SessionKept):
                self.sessions[record.token] = record
            elif isinstance(record, SessionForgotten):
                self.sessions.pop(record.token, None)

    def page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> Deferred[tuple[list[Logged], bool]]:
        """Return a page, and whether there is more."""
        return self._do(lambda: self._page(conversation, after, before, limit, newest))

    def _page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> tuple[list[Logged], bool]:
        self._check_readable()
        found = [
            event
            for (number, seq), event in self.events.items()
            if number == conversation and after < seq < before
        ]
        return (found[-limit:] if newest else found[:limit]), len(found) > limit

    def event(self, conversation: int, seq: int) -> Deferred[Logged | None]:
        """Return one event."""

        def read() -> Logged | None:
            self._check_readable()
            return self.events.get((conversation, seq))

        return self._do(read)

    def _check_readable(self) -> None:
        if self.unreadable is not None:
            raise self.unreadable

    def close(self) -> Deferred[None]:
        """Close it."""
        self.closed = True
        return succeed(None)

    def _do(self, work: Callable[[], Any]) -> Deferred[Any]:
        if not self.slow:
            try:
                return succeed(work())
            except Exception as error:  # noqa: BLE001  that is what a thread's Deferred does
                return fail(error)
        done: Deferred[Any] = Deferred()

        def later() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001
                done.errback(error)
            else:
                done.callback(result)

        self._waiting.append(later)
        return done

    @property
    def waiting(self) -> int:
        """How much is still to be done."""
        return len(self._waiting)

    def step(self) -> None:
        """Do the next of what waits."""
        self._waiting.pop(0)()



@implementer(IDoor)
class RecordingDoor:
    """A door that keeps what it is given. ``told`` are the lines so far."""

    renderers = RENDERERS

    def __init__(self) -> None:
        self.written = b""
        self.closed = False
        self.was_stuck = False
        self.paused = False
        self.mode: str | None = None
        self.crowded = False
        self.narrow = False
        self._narrow: list[Deferred[None]] = []

    @property
    def told(self) -> list[str]:
        """The lines that were written."""
        return self.written.decode().splitlines()

    def take(self) -> list[str]:
        """Return the lines since the last time."""
        told, self.written = self.told, b""
        return told

    def write(self, data: bytes) -> None:
        """Keep rendered events."""
        assert not self.closed, "written to after it was closed"
        self.written += data

    def close(self) -> None:
        """End the connection."""
        self.closed = True

    def roomy(self) -> Deferred[None]:
        """Fire now, or with ``widen`` where the way out is narrow."""
        room: Deferred[None] = Deferred()
        self._narrow.append(room)
        if not self.narrow:
            self.widen()
        return room

    def widen(self) -> None:
        """Say that not much waits any more."""
        self.narrow = False
        while self._narrow:
            self._narrow.pop(0).callback(None)

    def stuck(self) -> None:
        """Give up a reader."""
        self.was_stuck = True

    def mode_changed(self, mode: str) -> None:
        """Keep the mode."""
        self.mode = mode

    def pause_input(self) -> None:
        """Take no more."""
        self.paused = True

    def resume_input(self) -> None:
        """Take more."""
        self.paused = False


def rendered(told: Telling) -> str:
    """Return an event as a reader of text sees it."""
    return RENDERERS["text"](told).decode()
