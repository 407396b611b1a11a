"""How much to do at once, so that nobody else has to wait long for the thread or the disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pace:
    """``amount`` is what takes about ``seconds`` by ``clock``: at least and at most so many rows.

    It is halved when it took longer, and doubled when it took less than half of that.
    """

    def __init__(
        self, least: int, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.amount = least
        self._least, self._most = least, most
        self._seconds = seconds
        self._clock = clock

    @contextmanager
    def kept(self) -> Iterator[int]:
        """Give the amount to do, and learn of how long that takes."""
        began = self._clock()
        yield self.amount
        took = self._clock() - began
        if took > self._seconds:
            self.amount = max(self.amount // 2, self._least)
        elif took < self._seconds / 2:
            self.amount = min(self.amount * 2, self._most)
