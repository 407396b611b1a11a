"""From the hub's effects to the disk, and only then to anybody.

The effects of one turn of the reactor form a batch. A batch's records are committed in one
transaction, together with those of batches that came while the last commit was under way; only
then are its other effects performed, in the order in which the hub made them.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatd.core.effects import Effect
from chatd.core.records import Record
from chatd.store import IStore

RETRY = (0.25, 2.0)  # seconds between tries of a failing commit: the first, the longest

Perform = Callable[[list[Effect]], None]


class Pipeline:
    """Commits batches one group after the other, and performs them after their commit.

    ``failing`` is a sentence while the store does not take anything, else None.
    """

    log = Logger()

    def __init__(self, reactor: IReactorTime, store: IStore, perform: Perform) -> None:
        self.failing: str | None = None
        self._reactor = reactor
        self._store = store
        self._perform = perform
        self._waiting: list[Effect] = []
        self._committing: list[Effect] = []
        self._retry: IDelayedCall | None = None
        self._wait = RETRY[0]
        self._idle: Deferred[None] | None = None

    @property
    def backlog(self) -> int:
        """How many effects wait for a commit."""
        return len(self._committing) + len(self._waiting)

    def add(self, effects: list[Effect]) -> None:
        """Take a batch."""
        self._waiting += effects
        self._pump()

    async def finish(self, timeout: float) -> None:
        """Wait for what is under way, at most ``timeout`` seconds; try a failing commit no more."""
        if self._retry is not None and self._retry.active():
            self._retry.cancel()
            return
        if self._committing:
            self._idle = Deferred()
            self._idle.addTimeout(timeout, self._reactor, onTimeoutCancel=lambda _r, _t: None)
            await self._idle

    def _pump(self) -> None:
        while self._waiting and not self._committing:
            effects, self._waiting = self._waiting, []
            records = [effect for effect in effects if isinstance(effect, Record)]
            if records:
                self._committing = effects
                self._commit(records, effects)
            else:
                self._perform(effects)

    def _commit(self, records: list[Record], effects: list[Effect]) -> None:
        self._retry = None
        committing = self._store.commit(records)
        committing.addCallbacks(
            lambda _: self._committed(effects), self._failed, errbackArgs=(records, effects)
        )
        committing.addErrback(lambda failure: self.log.failure("a batch failed", failure=failure))

    def _committed(self, effects: list[Effect]) -> None:
        if self.failing is not None:
            self.log.info("the store works again")
            self.failing, self._wait = None, RETRY[0]
        self._committing = []
        try:
            self._perform(effects)
        finally:
            self._pump()
            if self._idle is not None and not self._committing and not self._idle.called:
                self._idle.callback(None)

    def _failed(self, failure: Failure, records: list[Record], effects: list[Effect]) -> None:
        # Nobody was told anything of this batch; it waits, in its place, for the disk.
        self.log.error("the store does not take it: {error}", error=failure.value)
        self.failing = "The server cannot write to its disk just now."
        if self._idle is not None:
            if not self._idle.called:
                self._idle.callback(None)
            return
        wait, self._wait = self._wait, min(self._wait * 2, RETRY[1])
        self._retry = self._reactor.callLater(wait, self._commit, records, effects)
