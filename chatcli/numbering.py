"""Which numbers of a conversation are here.

Durable events are numbered 1, 2, 3, ... by the server. The client holds an unbroken run of them,
``oldest`` to ``seen``, and perhaps some ``ahead`` of a hole that history will fill.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False, kw_only=True)
class Numbering:
    """An unbroken run of numbers, and those ahead of a hole."""

    oldest: int | None = None
    seen: int | None = None
    ahead: set[int] = field(default_factory=set)
    # Whether there is nothing before ``oldest``.
    complete: bool = False
    # The highest number whose time is known, and the latest time (seconds since the epoch) up to
    # it: times grow with numbers.
    timed: int = 0
    latest: float = 0.0

    def is_known(self, seq: int) -> bool:
        """Whether the event with that number was here already."""
        if self.seen is None or self.oldest is None:
            return False
        return self.oldest <= seq <= self.seen or seq in self.ahead

    def is_too_late(self, seq: int, t: float) -> bool:
        """Whether something with that number cannot have been as late as ``t``."""
        return seq <= self.timed and t > self.latest + 0.01

    def take(self, seq: int, t: float | None = None) -> None:
        """Remember that the event with that number, of the time ``t``, is here."""
        if t is not None:
            self.timed, self.latest = max(self.timed, seq), max(self.latest, t)
        if self.seen is None or self.oldest is None:
            self.oldest = self.seen = seq
        elif seq < self.oldest:
            self.oldest = seq
        elif seq > self.seen:
            self.ahead.add(seq)
            self._advance()

    def _advance(self) -> None:
        assert self.seen is not None
        while self.seen + 1 in self.ahead:
            self.seen += 1
            self.ahead.discard(self.seen)

    def begin_at(self, seq: int) -> None:
        """Everything after ``seq`` will be told; where there are no numbers yet."""
        self.seen, self.oldest = seq, seq + 1

    @property
    def has_hole(self) -> bool:
        """Whether something between the events that are here is missing."""
        return bool(self.ahead)

    def skip_to(self, seq: int) -> None:
        """Stop missing what is not after ``seq``."""
        if self.seen is not None and seq > self.seen:
            self.seen = seq
            self.ahead = {number for number in self.ahead if number > seq}
            self._advance()

    def close_hole(self) -> None:
        """Stop missing anything: the server has no more."""
        if self.ahead:
            self.skip_to(max(self.ahead))

    def forget_numbers(self) -> None:
        """There are no numbers yet."""
        self.oldest = self.seen = None
        self.ahead.clear()
        self.complete = False
        self.timed, self.latest = 0, 0.0
