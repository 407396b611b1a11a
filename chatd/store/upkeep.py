"""What the writer's thread does between commits, a little at a time, so that none has to wait.

It erases what has expired, gives the room back to the file system, and sees to it that nothing of
what was erased is left in the write-ahead log.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence

from chatd.core.records import Erased, Expired, Record
from chatd.store.database import SEQ, row_id, shrink, transaction, truncate_log
from chatd.store.pace import Pace
from chatd.store.writing import erase_edits

PORTION = 0.005  # seconds that a step should take
ROWS = (64, 512)  # that it erases: the least, where it is the disk that takes time, and the most
AT_ONCE = 0.02  # seconds that a commit waits for readers to be done with the log,
LATER = 0.005  # and that a later try does
RETRY = 0.05  # seconds between tries


class Upkeep:
    """What is still to be done; for the writer's thread alone. ``clock`` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._expiring: dict[int, int] = {}
        self._pace = Pace(*ROWS, PORTION, clock)
        # An earlier run may have ended before it was done.
        self._roomy = True
        self._traces = True

    @property
    def pending(self) -> bool:
        """Whether there is something to do."""
        return bool(self._expiring or self._roomy or self._traces)

    def committed(self, records: Sequence[Record], database: sqlite3.Connection) -> None:
        """See to what a commit leaves to be done."""
        for record in records:
            if isinstance(record, Expired):
                before = self._expiring.get(record.conversation, record.before)
                self._expiring[record.conversation] = max(before, record.before)
        if any(isinstance(record, Erased) for record in records):
            self._traces = True
            self._remove_traces(database, AT_ONCE)

    def step(self, database: sqlite3.Connection) -> float | None:
        """Do a little; return in how many seconds to go on, None where nothing is left."""
        if self._traces and not self._remove_traces(database, LATER):
            return RETRY
        if self._expiring:
            self._expire(database)
        elif self._roomy:
            self._shrink(database)
        return 0.0 if self.pending else None

    def _remove_traces(self, database: sqlite3.Connection, patience: float) -> bool:
        try:
            self._traces = not truncate_log(database, "main", patience)
        except sqlite3.Error:
            # A full disk, say. What was committed is; the rest is tried again.
            self._traces = True
        return not self._traces

    def _expire(self, database: sqlite3.Connection) -> None:
        conversation, before = next(iter(self._expiring.items()))
        with self._pace.kept() as rows, transaction(database, "IMMEDIATE"):
            erased = erase_oldest(database, conversation, before, rows)
        if erased < rows:
            del self._expiring[conversation]
        self._roomy = self._roomy or erased > 0

    def _shrink(self, database: sqlite3.Connection) -> None:
        if not shrink(database, "main", PORTION, self._clock):
            # The file itself becomes shorter when the log is written back.
            self._roomy, self._traces = False, True


def erase_oldest(database: sqlite3.Connection, conversation: int, before: int, most: int) -> int:
    """Erase the ``most`` oldest events before ``before`` (ms); return how many there were."""
    found = database.execute(
        "SELECT id, t, mentions FROM events WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        (row_id(conversation, 0), row_id(conversation, SEQ), most),
    ).fetchall()
    # Time never goes back within a conversation: what is behind the first that stays, stays.
    old = next((at for at, (_, t, _) in enumerate(found) if t >= before), len(found))
    if old == 0:
        return 0
    called = [(uid, ident) for ident, _, uids in found[:old] for uid in (uids or "").split()]
    database.executemany("DELETE FROM mentions WHERE uid = ? AND id = ?", called)
    _erase(database, conversation, found[0][0], found[old - 1][0])
    return old


def _erase(database: sqlite3.Connection, conversation: int, first: int, last: int) -> None:
    """Erase the oldest events of a conversation, those with ids from ``first`` to ``last``."""
    for table in ("events", "reactions", "secrets"):
        database.execute(
            f"DELETE FROM {table} WHERE id BETWEEN ? AND ?",  # noqa: S608
            (first, last),
        )
    newest = last & SEQ
    erase_edits(conversation, first & SEQ, newest, database)
    database.execute("DELETE FROM pins WHERE conversation = ? AND seq <= ?", (conversation, newest))
    database.execute("UPDATE conversations SET expired = ? WHERE id = ?", (newest, conversation))
