"""The sequencer of a single machine: a queue."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime
from zope.interface import implementer

from chatd.core.inputs import Input
from chatd.sequencer import Apply, Entry, ISequencer


@implementer(ISequencer)
class LocalSequencer:
    """Hands on, once a turn of the reactor, what was submitted in that turn.

    ``wall_clock`` gives seconds since the epoch; entries never go back in time.
    """

    def __init__(self, reactor: IReactorTime, wall_clock: Callable[[], float]) -> None:
        self._reactor = reactor
        self._wall_clock = wall_clock
        self._apply: Apply | None = None
        self._entries: list[Entry] = []
        self._newest = 0

    def start(self, apply: Apply, newest: int) -> None:
        """Call ``apply`` with entries, none of them before ``newest`` (ms), from now on."""
        self._apply = apply
        self._newest = newest

    def submit(self, session: str, command: Input) -> None:
        """Give an input its place."""
        if not self._entries:
            self._reactor.callLater(0, self._drain)
        self._newest = max(self._newest, int(self._wall_clock() * 1000))
        self._entries.append(Entry(session, command, self._newest))

    def stop(self) -> None:
        """Apply what was submitted, then nothing more."""
        self._drain()
        self._apply = None

    def _drain(self) -> None:
        entries, self._entries = self._entries, []
        if entries and self._apply is not None:
            self._apply(entries)
