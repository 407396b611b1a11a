"""How much is done at once."""

from __future__ import annotations

from twisted.internet.task import Clock

from chatd.store.pace import Pace


def test_it_finds_how_much_takes_the_time_that_it_may_take() -> None:
    clock = Clock()
    pace = Pace(10, 1000, 1.0, clock.seconds)

    def work(seconds_each: float) -> list[int]:
        amounts = []
        for _ in range(8):
            with pace.kept() as amount:
                amounts.append(amount)
                clock.advance(amount * seconds_each)
        return amounts

    assert work(0.0) == [10, 20, 40, 80, 160, 320, 640, 1000]
    assert work(0.01) == [1000, 500, 250, 125, 62, 62, 62, 62]
    assert work(1.0) == [62, 31, 15, 10, 10, 10, 10, 10]
    assert work(0.01)[-1] == 80
