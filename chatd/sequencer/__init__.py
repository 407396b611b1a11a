"""Putting the inputs of all sessions into one order: the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from zope.interface import Interface

from chatd.core.inputs import Input


class Entry(NamedTuple):
    """One input of one session, at one time (milliseconds since the epoch)."""

    session: str
    input: Input
    now: int


Apply = Callable[[list[Entry]], None]


class ISequencer(Interface):
    """What gives every input its place, the same on all machines that apply it."""

    def start(apply: Apply, newest: int) -> None:
        """Call ``apply`` with entries, in their order, from now on.

        None is before ``newest`` (milliseconds since the epoch), wherever the clock stands.
        """

    def submit(session: str, command: Input) -> None:
        """Give an input its place; it is applied in a later turn of the reactor."""

    def stop() -> None:
        """Apply what was submitted, then nothing more."""
