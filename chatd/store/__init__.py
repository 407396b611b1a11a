"""Keeping what must not be lost: the interface."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred
from zope.interface import Interface

from chatd.core.effects import Record
from chatd.core.inputs import Stored
from chatd.core.log import Logged


class StoreError(Exception):
    """The store cannot be opened; the text is a sentence for the operator."""


class IStore(Interface):
    """What keeps rooms, topics, messages and resumable sessions."""

    def open(ring: int, nonce_after: int) -> Stored:
        """Open it and return what the hub begins with.

        ``ring`` is how many events of each room, ``nonce_after`` (ms since the epoch) from when
        on nonces are wanted. Raises ``StoreError``.
        """

    def commit(records: Sequence[Record]) -> Deferred[None]:
        """Make records durable, all or none.

        The Deferred fails, and nothing was kept, where the disk does not take them.
        """

    def page(
        conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> Deferred[tuple[list[Logged], bool]]:
        """Return events with ``after`` < seq < ``before``, oldest first, and if there are more.

        Of more than ``limit`` the newest ones, or the oldest where ``newest`` is false.
        """

    def event(conversation: int, seq: int) -> Deferred[Logged | None]:
        """Return one event."""

    def close() -> Deferred[None]:
        """Finish what is under way and close."""
