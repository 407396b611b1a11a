"""What is told to who said something."""

from __future__ import annotations

from typing import Literal

import msgspec

from chatd.core.results.base import Result


class Sent(Result, kw_only=True):
    """A message is on disk. ``stored``: nobody is online to read it now."""

    seq: int
    t: str
    state: Literal["delivered", "stored"]
    to: str


class ReactionSent(Sent, kw_only=True):
    """A reaction is on disk; it stands now, or ``on`` is false."""

    on: bool


class ViewedOnce(Result, kw_only=True):
    """What could be viewed once; it is erased."""

    to: str
    seq: int
    t: str
    from_: str = msgspec.field(name="from")
    text: str
