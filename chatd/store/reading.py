"""What each query finds in the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from chatd.core import queries as q
from chatd.core.log import UNREAD_KINDS, Logged
from chatd.core.records import Audited
from chatd.store.database import row_id
from chatd.store.loading import EVENT_COLUMNS, EVENT_UNVEILED, row_to_logged
from chatd.store.searching import OF_EVENT, bounds, newest_first, search

MOST_UNREAD = 10_000  # of one conversation that are looked at
_SELECT = f"SELECT id, {EVENT_COLUMNS} FROM events"  # noqa: S608
_UNREAD_KINDS = ", ".join(f"'{kind}'" for kind in sorted(UNREAD_KINDS))


def find(database: sqlite3.Connection, query: q.Query) -> Any:
    """Return what a query finds; its docstring says what that is."""
    return _FIND[type(query)](database, query)


def _event(database: sqlite3.Connection, query: q.EventOf) -> q.Remembered:
    ident = row_id(query.conversation, query.seq)
    row = database.execute(
        f"SELECT id, {EVENT_UNVEILED} FROM events WHERE id = ?",  # noqa: S608
        (ident,),
    ).fetchone()
    emoji = database.execute(
        "SELECT emoji FROM reactions WHERE id = ? AND uid = ?", (ident, query.uid)
    )
    return q.Remembered(row_to_logged(row) if row else None, frozenset(e for (e,) in emoji))


def _page(database: sqlite3.Connection, query: q.PageOf) -> q.Found:
    order = "DESC" if query.newest else "ASC"
    rows = database.execute(
        f"{_SELECT} WHERE id > ? AND id < ? ORDER BY id {order} LIMIT ?",
        (
            row_id(query.conversation, query.after),
            row_id(query.conversation, query.before),
            query.limit + 1,
        ),
    )
    found = [row_to_logged(row) for row in rows]
    page = found[: query.limit]
    return (page[::-1] if query.newest else page), len(found) > query.limit


def _history(database: sqlite3.Connection, query: q.HistoryOf) -> q.Found:
    return _page(database, query.page)


def _mentions(database: sqlite3.Connection, query: q.MentionsOf) -> q.Found:
    def of(place: q.Place, limit: int) -> list[Logged]:
        rows = database.execute(
            f"SELECT {OF_EVENT} FROM mentions AS m CROSS JOIN events AS e ON e.id = m.id"  # noqa: S608
            " WHERE m.uid = ? AND m.id > ? AND m.id <= ? ORDER BY m.id DESC LIMIT ?",
            (query.reader.uid, *bounds(place), limit),
        )
        return [row_to_logged(row) for row in rows]

    return newest_first(query, of)


def _unread(database: sqlite3.Connection, query: q.UnreadOf) -> dict[int, tuple[int, int]]:
    reader = {"uid": query.reader.uid, "ignored": json.dumps(sorted(query.reader.ignored))}
    counts = {}
    for place in query.places:
        after, upto = bounds(place)
        within = {**reader, "after": after, "upto": upto, "most": MOST_UNREAD}
        messages = database.execute(
            "SELECT count(*) FROM (SELECT kind, uid, state FROM events"  # noqa: S608
            "   WHERE id > :after AND id <= :upto ORDER BY id DESC LIMIT :most)"
            f" WHERE kind IN ({_UNREAD_KINDS}) AND coalesce(state, '') IN ('', 'edited')"
            " AND uid != :uid AND uid NOT IN (SELECT value FROM json_each(:ignored))",
            within,
        ).fetchone()[0]
        mentions = database.execute(
            "SELECT count(*) FROM (SELECT id FROM mentions"
            "   WHERE uid = :uid AND id > :after AND id <= :upto ORDER BY id DESC LIMIT :most) AS m"
            " CROSS JOIN events AS e ON e.id = m.id"
            " WHERE e.uid != :uid AND e.uid NOT IN (SELECT value FROM json_each(:ignored))",
            within,
        ).fetchone()[0]
        counts[place.conversation] = (messages, mentions)
    return counts


def _catch_up(database: sqlite3.Connection, query: q.CatchUpOn) -> q.Found:
    found: list[Logged] = []
    for place in query.places:
        if len(found) > query.limit:
            break
        rows = database.execute(
            f"{_SELECT} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
            (*bounds(place), query.limit + 1 - len(found)),
        )
        found += [row_to_logged(row) for row in rows]
    return found[: query.limit], len(found) > query.limit


def _pins(database: sqlite3.Connection, query: q.PinsOf) -> list[Logged]:
    found = []
    for seq in sorted(set(query.seqs)):
        row = database.execute(f"{_SELECT} WHERE id = ?", (row_id(query.conversation, seq),))
        found += [row_to_logged(event) for event in row]
    return found


def _audit(database: sqlite3.Connection, query: q.AuditOf) -> list[tuple[int, Audited]]:
    fields = Audited.__struct_fields__
    rows = database.execute(
        f"SELECT n, {', '.join(fields)} FROM audit ORDER BY n DESC LIMIT ?",  # noqa: S608
        (query.limit,),
    ).fetchall()
    return [(row[0], Audited(**dict(zip(fields, row[1:], strict=True)))) for row in rows[::-1]]


_FIND: dict[type[q.Query], Callable[[sqlite3.Connection, Any], Any]] = {
    q.AuditOf: _audit,
    q.CatchUpOn: _catch_up,
    q.EventOf: _event,
    q.HistoryOf: _history,
    q.MentionsOf: _mentions,
    q.PageOf: _page,
    q.PinsOf: _pins,
    q.SearchFor: search,
    q.UnreadOf: _unread,
}
