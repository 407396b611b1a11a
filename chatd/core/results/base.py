"""What all results have in common."""

from __future__ import annotations

import msgspec

from chatd.core.commands import RequestId


class Result(msgspec.Struct, kw_only=True):
    """What a request gave; the hub fills in ``re``."""

    re: RequestId = None
    ok: bool = True


class Done(Result, kw_only=True):
    """It is done, there is nothing to tell."""


class Confirmed(Done, kw_only=True):
    """It is done, which a person would not see otherwise."""
