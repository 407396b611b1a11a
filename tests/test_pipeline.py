"""From effects to the disk, and only then to anybody."""

from __future__ import annotations

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from chatd.core.effects import Close, Effect
from chatd.core.records import RoomKept
from chatd.pipeline import RETRY, Pipeline
from tests.memory import MemoryStore


def topic(number: int) -> RoomKept:
    return RoomKept(conversation=number, topic="words")


class Batches(TestCase):
    """Batches, their commits and what is performed."""

    def setUp(self) -> None:
        self.clock, self.store = Clock(), MemoryStore()
        self.performed: list[list[Effect]] = []
        self.pipeline = Pipeline(self.clock, self.store, self.performed.append)
        self.store.slow = True

    def tearDown(self) -> None:
        self.flushLoggedErrors()

    async def test_a_batch_without_records_is_performed_at_once(self) -> None:
        self.pipeline.add([Close("a")])
        assert self.performed == [[Close("a")]]

    async def test_a_batch_with_records_is_performed_after_its_commit(self) -> None:
        self.pipeline.add([topic(1), Close("a")])
        assert self.performed == []
        self.store.step()
        assert self.performed == [[topic(1), Close("a")]]

    async def test_a_batch_without_records_waits_for_its_turn(self) -> None:
        self.pipeline.add([topic(1)])
        self.pipeline.add([Close("a")])
        assert self.performed == []
        self.store.step()
        assert self.performed == [[topic(1)], [Close("a")]]

    async def test_what_comes_during_a_commit_is_one_commit(self) -> None:
        for number in range(4):
            self.pipeline.add([topic(number)])
        self.store.step()
        self.store.step()
        assert self.store.commits == [[topic(0)], [topic(1), topic(2), topic(3)]]
        assert self.store.waiting == 0

    async def test_a_failed_commit_performs_nothing_and_is_tried_again(self) -> None:
        self.store.failing = OSError("disk full")
        self.pipeline.add([topic(1)])
        self.store.step()
        assert self.pipeline.failing is not None
        self.store.failing = None
        self.clock.advance(RETRY[0])
        self.store.step()
        assert self.performed == [[topic(1)]]
        assert self.pipeline.failing is None

    async def test_what_comes_after_a_failed_commit_waits_behind_it(self) -> None:
        self.store.slow, self.store.failing = False, OSError("disk full")
        self.pipeline.add([topic(1)])
        self.pipeline.add([Close("a")])
        self.pipeline.add([topic(2)])
        assert self.performed == []
        self.store.failing = None
        self.clock.advance(RETRY[0])
        assert self.performed == [[topic(1)], [Close("a"), topic(2)]]

    async def test_the_pauses_between_tries_grow_to_a_limit(self) -> None:
        self.store.slow, self.store.failing = False, OSError("disk full")
        self.pipeline.add([topic(1)])
        pauses = []
        for _ in range(8):
            (call,) = self.clock.getDelayedCalls()
            pauses.append(call.getTime() - self.clock.seconds())
            self.clock.advance(pauses[-1])
        assert pauses[0] == RETRY[0]
        assert pauses == sorted(pauses)
        assert pauses[-1] == RETRY[1]

    async def test_a_failure_to_perform_stops_nothing(self) -> None:
        done: list[list[Effect]] = []

        def perform(effects: list[Effect]) -> None:
            done.append(effects)
            raise ZeroDivisionError

        pipeline = Pipeline(self.clock, self.store, perform)
        pipeline.add([topic(1)])
        pipeline.add([topic(2)])
        self.store.step()
        self.store.step()
        assert done == [[topic(1)], [topic(2)]]

    async def test_finishing_waits_for_what_is_under_way(self) -> None:
        self.pipeline.add([topic(1)])
        self.pipeline.add([topic(2)])
        finished: Deferred[None] = ensureDeferred(self.pipeline.finish(5.0))
        self.store.step()
        self.assertNoResult(finished)
        self.store.step()
        self.successResultOf(finished)
        assert self.clock.getDelayedCalls() == []

    async def test_finishing_ends_at_the_latest_after_its_time(self) -> None:
        self.pipeline.add([topic(1)])
        finished = ensureDeferred(self.pipeline.finish(5.0))
        self.clock.advance(5.0)
        self.successResultOf(finished)

    async def test_finishing_does_not_wait_for_a_failing_disk(self) -> None:
        self.store.slow, self.store.failing = False, OSError("disk full")
        self.pipeline.add([topic(1)])
        self.successResultOf(ensureDeferred(self.pipeline.finish(5.0)))
        assert self.clock.getDelayedCalls() == []

    async def test_a_commit_that_fails_while_finishing_is_not_tried_again(self) -> None:
        self.pipeline.add([topic(1)])
        finished = ensureDeferred(self.pipeline.finish(5.0))
        self.store.failing = OSError("disk full")
        self.store.step()
        self.successResultOf(finished)
        assert self.clock.getDelayedCalls() == []
