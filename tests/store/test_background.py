"""Work that is done step by step."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from chatd.store.background import RETRY, Recurring


class Steps(TestCase):
    """When steps are taken."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.running: list[Deferred[float | None]] = []
        self.taken = 0
        self.work = Recurring(self.clock, self.step)

    def step(self) -> Deferred[float | None]:
        """Begin a step."""
        self.taken += 1
        self.running.append(Deferred())
        return self.running[-1]

    def end(self, wait: float | None) -> None:
        """End the step that is under way."""
        self.running.pop().callback(wait)

    async def test_none_is_taken_before_it_is_woken(self) -> None:
        self.clock.advance(100)
        assert self.taken == 0

    async def test_one_at_a_time(self) -> None:
        self.work.wake()
        self.clock.advance(0)
        self.work.wake()
        self.clock.advance(100)
        assert self.taken == 1
        self.end(None)
        self.clock.advance(100)
        assert self.taken == 2

    async def test_it_goes_on_when_it_says(self) -> None:
        self.work.wake()
        self.clock.advance(0)
        self.end(5.0)
        self.clock.advance(4.9)
        assert self.taken == 1
        self.clock.advance(0.2)
        assert self.taken == 2
        self.end(None)
        self.clock.advance(100)
        assert self.taken == 2

    async def test_the_earliest_wake_counts(self) -> None:
        for delay in (5.0, 2.0, 9.0):
            self.work.wake(delay)
        self.clock.advance(2.0)
        assert self.taken == 1
        self.end(None)
        self.clock.advance(100)
        assert self.taken == 1

    async def test_one_that_fails_is_tried_again_later(self) -> None:
        self.work.wake()
        self.clock.advance(0)
        self.running.pop().errback(OSError("no disk"))
        assert len(self.flushLoggedErrors(OSError)) == 1
        self.clock.advance(RETRY - 1)
        assert self.taken == 1
        self.clock.advance(1)
        assert self.taken == 2

    async def test_who_waits_for_a_step_hears_how_it_went(self) -> None:
        heard: list[Any] = []
        self.work.run().addCallback(heard.append)
        self.clock.advance(0)
        assert heard == []
        self.end(None)
        self.work.run().addCallback(heard.append)
        self.clock.advance(0)
        self.running.pop().errback(OSError("no disk"))
        assert heard == [True, False]
        assert len(self.flushLoggedErrors(OSError)) == 1

    async def test_stopping_waits_for_the_step_under_way(self) -> None:
        self.work.wake()
        self.clock.advance(0)
        stopping = ensureDeferred(self.work.stop())
        self.assertNoResult(stopping)
        self.end(0.0)
        self.successResultOf(stopping)
        assert self.clock.getDelayedCalls() == []

    async def test_nothing_is_done_after_it_was_stopped(self) -> None:
        self.work.wake(5.0)
        self.successResultOf(ensureDeferred(self.work.stop()))
        self.work.wake()
        assert self.successResultOf(self.work.run()) is False
        assert self.clock.getDelayedCalls() == []

    async def test_a_failure_while_it_stops_is_no_news(self) -> None:
        self.work.wake()
        self.clock.advance(0)
        stopping = ensureDeferred(self.work.stop())
        self.running.pop().errback(OSError("interrupted"))
        self.successResultOf(stopping)


def test_it_rests_as_long_as_the_last_step_took(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, times = Clock(), iter([0.0, 3.0])
    monkeypatch.setattr("chatd.store.background.time.monotonic", lambda: next(times))
    ended: Deferred[float | None] = Deferred()
    work = Recurring(clock, lambda: ended)
    work.wake()
    clock.advance(0)
    ended.callback(0.0)
    (call,) = clock.getDelayedCalls()
    assert call.getTime() == 3.0
