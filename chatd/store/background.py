"""Work that is done in a thread, a step at a time, when there is any."""

from __future__ import annotations

import time
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

RETRY = 30.0  # seconds until a step that failed is tried again

Step = Callable[[], "Deferred[float | None]"]


class Recurring:
    """Takes a step again and again, as long as it says in how many seconds it wants to go on.

    Between two steps it rests as long as the last one took.
    """

    log = Logger()

    def __init__(self, reactor: IReactorTime, step: Step) -> None:
        self._reactor = reactor
        self._step = step
        self._next: IDelayedCall | None = None
        self._running = False
        self._again: float | None = None
        self._stopped = False
        self._waiting: list[Deferred[bool]] = []

    def wake(self, delay: float = 0.0) -> None:
        """Have a step taken in ``delay`` seconds, or sooner."""
        if self._stopped:
            return
        if self._running:
            self._again = delay if self._again is None else min(self._again, delay)
            return
        if self._next is not None:
            if self._next.getTime() <= float(self._reactor.seconds()) + delay:
                return
            self._next.cancel()
        self._next = self._reactor.callLater(delay, self._run)

    def run(self) -> Deferred[bool]:
        """Have a step taken now; the Deferred fires after the next one, with whether it worked."""
        done: Deferred[bool] = Deferred()
        self._waiting.append(done)
        self.wake()
        if self._stopped:
            self._release(worked=False)
        return done

    async def stop(self) -> None:
        """Take no more steps, and wait for the one that is under way."""
        self._stopped = True
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if self._running:
            done: Deferred[bool] = Deferred()
            self._waiting.append(done)
            await done
        self._release(worked=False)

    def _run(self) -> None:
        self._next, self._running = None, True
        began = time.monotonic()
        step = self._step()
        step.addCallbacks(lambda wait: self._ran(wait, began), self._failed)

    def _ran(self, wait: float | None, began: float) -> None:
        self._running = False
        waits = [each for each in (wait, self._again) if each is not None]
        self._again = None
        if waits:
            self.wake(max(min(waits), time.monotonic() - began))
        self._release(worked=True)

    def _failed(self, failure: Failure) -> None:
        self._running, self._again = False, None
        if not self._stopped:
            self.log.failure("what is done in the background failed", failure=failure)
            self.wake(RETRY)
        self._release(worked=False)

    def _release(self, *, worked: bool) -> None:
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done.callback(worked)
