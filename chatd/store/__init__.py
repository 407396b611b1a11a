"""Keeping what must not be lost: the interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred
from zope.interface import Interface

from chatd.core.inputs import Stored
from chatd.core.queries import Query
from chatd.core.records import Record


class StoreError(Exception):
    """The store cannot be opened; the text is a sentence for the operator."""


class IStore(Interface):
    """What keeps all that must outlive a restart."""

    def open(ring: int, nonce_after: int) -> Stored:
        """Open it and return what the hub begins with.

        ``ring`` is how many events of each room, ``nonce_after`` (ms since the epoch) from when
        on nonces are wanted. Raises ``StoreError``.
        """

    def commit(records: Sequence[Record]) -> Deferred[None]:
        """Make records durable, all or none.

        The Deferred fails, and nothing was kept, where the disk does not take them. What is
        ``Expired`` is erased afterwards, little by little.
        """

    def find(query: Query) -> Deferred[Any]:
        """Return what a query finds; its docstring says what that is."""

    def close() -> Deferred[None]:
        """Finish what is under way and close."""
