"""Searching what was said: by words, and over several places, the newest first."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chatd.core.log import Logged
from chatd.core.queries import Found, Over, Place, SearchFor
from chatd.store.database import row_id
from chatd.store.loading import EVENT_COLUMNS, row_to_logged
from chatd.store.terms import nick_word, separated, uid_word

PATIENCE = 2.0  # seconds that a search may take
_STEPS = 1000  # of SQLite's virtual machine between two looks at the clock
OF_EVENT = ", ".join(f"e.{column}" for column in ("id", *EVENT_COLUMNS.split(", ")))

# The newest events of a place, at most so many.
Of = Callable[[Place, int], list[Logged]]


def bounds(place: Place) -> tuple[int, int]:
    """Return the ids between which a place lies, the first one excluded."""
    return row_id(place.conversation, place.after), row_id(place.conversation, place.upto)


def newest_first(query: Over, of: Of) -> Found:
    """Return the newest ``limit`` events of all places, oldest first, and if there are more.

    The places are gone through from the latest active one on, until no other can have newer ones.
    """
    limit, found = query.limit, list[Logged]()
    for place in query.places:
        if len(found) > limit and found[limit].t >= place.newest:
            break
        found += of(place, limit + 1)
        found.sort(key=lambda event: (event.t, event.conversation, event.seq), reverse=True)
        del found[limit + 1 :]
    return found[:limit][::-1], len(found) > limit


def search(database: sqlite3.Connection, query: SearchFor) -> Found:
    """Return the newest messages that hold all terms; what was found in time, if it takes long."""
    statement = _statement(query)
    values = {
        "match": _match(query),
        "since": query.since,
        "before": query.before,
    }
    with _clock(database) as is_late:

        def of(place: Place, limit: int) -> list[Logged]:
            return [] if is_late() else _walk(database, statement, query, place, values, limit)

        found, more = newest_first(query, of)
        return found, more or is_late()


def _walk(
    database: sqlite3.Connection,
    statement: str,
    query: SearchFor,
    place: Place,
    values: dict[str, str | int | None],
    limit: int,
) -> list[Logged]:
    """Return the newest hits of a place; what there is of them when time is up."""
    found: list[Logged] = []
    try:
        after, upto = _narrowed(database, place, query)
        within = {**values, "after": after, "upto": upto, "limit": limit}
        for row in database.execute(statement, within):
            found.append(row_to_logged(row))  # noqa: PERF401  what came before an error counts
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    return found


def _statement(query: SearchFor) -> str:
    """Return how to find the hits between two ids; what a user typed is never part of it."""
    where = ["w.words MATCH :match", "w.rowid > :after", "w.rowid <= :upto"]
    # The index may lag behind what was erased.
    where += ["e.kind IN ('text', 'me', 'whisper')", "coalesce(e.state, 'edited') = 'edited'"]
    if query.since is not None:
        where.append("e.t >= :since")
    if query.before is not None:
        where.append("e.t < :before")
    return (
        f"SELECT {OF_EVENT} FROM search.words AS w CROSS JOIN events AS e ON e.id = w.rowid"  # noqa: S608
        f" WHERE {' AND '.join(where)} ORDER BY w.rowid DESC LIMIT :limit"
    )


def _quoted(term: str) -> str:
    """Return a term in FTS5's query language: a string, which is no language any more."""
    words = term.replace("\0", " ")
    star = "*" if words.endswith("*") else ""
    words = separated(words.removesuffix("*")).replace('"', '""')
    return f'"{words}"{star}'


def _match(query: SearchFor) -> str:
    """Return what to look for, in FTS5's query language."""
    words = [nick_word(query.author)] if query.author is not None else []
    words += [uid_word(query.uid)] if query.uid is not None else []
    match = [f"author : ({' OR '.join(words)})"] if words else []
    if query.terms:
        match.insert(0, f"text : ({' '.join(_quoted(term) for term in query.terms)})")
    return " AND ".join(match)


@contextmanager
def _clock(database: sqlite3.Connection) -> Iterator[Callable[[], bool]]:
    """Interrupt what the connection does when time is up; yield what tells whether it is."""
    end = time.monotonic() + PATIENCE

    def is_late() -> bool:
        return time.monotonic() > end

    database.set_progress_handler(is_late, _STEPS)
    try:
        yield is_late
    finally:
        database.set_progress_handler(None, _STEPS)


# Time never goes back within a conversation, so that a date is a place in it.


def _narrowed(database: sqlite3.Connection, place: Place, query: SearchFor) -> tuple[int, int]:
    """Return the ids between which events of the wanted time lie, the first one excluded."""
    after, upto = bounds(place)
    if query.since is not None:
        after = _first_since(database, after, upto, query.since) - 1
    if query.before is not None:
        upto = _first_since(database, after, upto, query.before) - 1
    return after, upto


def _first_since(database: sqlite3.Connection, after: int, upto: int, t: int) -> int:
    """Return the first id behind ``after`` of an event not before ``t``, else ``upto`` + 1."""
    low, high = after + 1, upto + 1
    while low < high:
        middle = (low + high) // 2
        row = database.execute(
            "SELECT id, t FROM events WHERE id >= ? AND id < ? ORDER BY id LIMIT 1", (middle, high)
        ).fetchone()
        if row is None or row[1] >= t:
            high = middle
        else:
            low = row[0] + 1
    return low
