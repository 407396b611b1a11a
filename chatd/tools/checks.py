"""What must be so in a database that SQLite itself finds whole. Each check yields its problems."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from chatd.core.errors import Refusal
from chatd.core.log import MESSAGE_KINDS, Act
from chatd.core.names import fold, nick_name, room_name
from chatd.store.schema import parts
from chatd.tools.lines import SEQ

Problems = Iterator[str]

_KINDS = MESSAGE_KINDS | {"once", "react", "unreact", "topic", "edit", "delete", "mod"}
_TABLES = ("memberships", "sanctions", "invitations", "pins", "markers", "levels")
_OWNED = ("tokens", "memberships", "markers", "levels", "ignores")
_WHERE = f"'conversation ' || (e.id >> 32) || ', event ' || (e.id & {SEQ})"


class Check(NamedTuple):
    """What is looked at, in words for the administrator, and the function that looks."""

    what: str
    look: Callable[[sqlite3.Connection], Problems]


def _each(sentence: str, query: str) -> Callable[[sqlite3.Connection], Problems]:
    """Return a check that finds a problem in each row of a query."""

    def look(database: sqlite3.Connection) -> Problems:
        for row in database.execute(query):
            yield sentence.format(*row)

    return look


def _integrity(database: sqlite3.Connection) -> Problems:
    for (problem,) in database.execute("PRAGMA integrity_check(100)"):
        if problem != "ok":
            yield " ".join(str(problem).split())


def _parts(database: sqlite3.Connection) -> Problems:
    """Without an index it is slow, without a trigger nothing new is found by a search."""
    there = set(database.execute("SELECT type, name FROM sqlite_schema"))
    for kind, name in sorted(parts() - there):
        yield f"the {kind} {name} is missing"


def _holes(database: sqlite3.Connection) -> Problems:
    """Each conversation counts 1, 2, 3, ... from where retention has left it."""
    expired = dict(database.execute("SELECT id, expired FROM conversations"))
    breaks = database.execute(
        "SELECT before, id FROM (SELECT id, lag(id) OVER (ORDER BY id) AS before FROM events)"
        " WHERE before IS NULL OR before + 1 <> id"
    )
    for before, ident in breaks:
        number, seq = ident >> 32, ident & SEQ
        begins = before is None or before >> 32 != number
        last = expired.get(number, 0) if begins else before & SEQ
        if seq <= last or seq == 0:
            yield f"conversation {number}: event {seq} is there, but {last} were erased"
        elif seq == last + 2:
            yield f"conversation {number}: event {seq - 1} is missing"
        elif seq > last + 1:
            yield f"conversation {number}: events {last + 1} to {seq - 1} are missing"


def _homeless(database: sqlite3.Connection) -> Problems:
    rows = database.execute(
        "SELECT id >> 32 AS number, count(*) FROM events GROUP BY number"
        " HAVING number NOT IN (SELECT id FROM conversations)"
    )
    for number, found in rows:
        yield f"events: {found} of conversation {number}, which does not exist"
    for table in _TABLES:
        rows = database.execute(
            f"SELECT conversation, count(*) FROM {table} GROUP BY conversation"  # noqa: S608
            " HAVING conversation NOT IN (SELECT id FROM conversations)"
        )
        for number, found in rows:
            yield f"{table}: {found} of conversation {number}, which does not exist"


def _ownerless(database: sqlite3.Connection) -> Problems:
    for table in _OWNED:
        rows = database.execute(
            f"SELECT uid, count(*) FROM {table}"  # noqa: S608
            " WHERE uid NOT IN (SELECT uid FROM accounts) GROUP BY uid"
        )
        for uid, found in rows:
            yield f"{table}: {found} of account {uid}, which does not exist"


def _beyond(database: sqlite3.Connection) -> Problems:
    """Nobody has read what was not said yet."""
    for table, column, what in (("markers", "seq", "read"), ("memberships", "since", "joined")):
        rows = database.execute(
            f"SELECT c.id, m.uid, m.{column}, max(c.expired, coalesce((SELECT max(e.id) & {SEQ}"  # noqa: S608
            f" FROM events AS e WHERE e.id BETWEEN c.id << 32 AND c.id << 32 | {SEQ}), 0)) AS last"
            f" FROM {table} AS m JOIN conversations AS c ON c.id = m.conversation"
            f" WHERE m.{column} > last"
        )
        for number, uid, seq, last in rows:
            yield f"{table}: {uid} {what} at {seq} in conversation {number}, which ends at {last}"


def _names(database: sqlite3.Connection) -> Problems:
    """A name that no chatd makes keeps the server from starting."""
    rooms = database.execute("SELECT id, key, name FROM conversations WHERE kind = 'room'")
    for number, key, name in rooms:
        try:
            fits = room_name(name).key == key
        except Refusal:
            fits = False
        if not fits:
            yield f"conversation {number}: its name and its key do not fit"
    known: dict[str, str] = {}
    for uid, name in database.execute("SELECT uid, name FROM accounts ORDER BY created, uid"):
        try:
            nick_name(name)
        except Refusal:
            yield f"account {uid}: its name cannot be one"
            continue
        other = known.setdefault(fold(name), uid)
        if other != uid:
            yield f"account {uid}: its name is that of account {other}"


def _acts(database: sqlite3.Connection) -> Problems:
    rows = database.execute(f"SELECT {_WHERE}, text FROM events AS e WHERE kind = 'mod'")  # noqa: S608
    for where, text in rows:
        try:
            msgspec.json.decode(text, type=Act)
        except msgspec.MsgspecError:
            yield f"{where}: what was done cannot be read"


def _sessions(database: sqlite3.Connection) -> Problems:
    for uid, rooms, seen in database.execute("SELECT uid, rooms, seen FROM sessions"):
        try:
            msgspec.json.decode(rooms, type=tuple[tuple[str, str], ...])
            msgspec.json.decode(seen, type=tuple[tuple[int, int], ...])
        except msgspec.MsgspecError:
            yield f"a session of {uid} cannot be read"


def _audit(database: sqlite3.Connection) -> Problems:
    """The log is only added to: its numbers have no hole, and the last one is the newest given."""
    rows = database.execute(
        "SELECT before, n FROM (SELECT n, lag(n, 1, 0) OVER (ORDER BY n) AS before FROM audit)"
        " WHERE before + 1 <> n"
    )
    for before, n in rows:
        yield f"audit: the rows between {before} and {n} are missing"
    newest = database.execute("SELECT coalesce(max(n), 0) FROM audit").fetchone()[0]
    given = database.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'audit'"
    ).fetchone()[0]
    if given > newest:
        yield f"audit: the rows after {newest} are missing, up to {given}"


def _erased(database: sqlite3.Connection) -> Problems:
    """What was deleted or viewed once has no text, nor have its edits."""
    yield from _each(
        "{}: it is {}, and its text is still there",
        f"SELECT {_WHERE}, state FROM events AS e"  # noqa: S608
        " WHERE state IN ('deleted', 'viewed') AND (text <> '' OR mentions IS NOT NULL)",
    )(database)
    yield from _each(
        "{}: it is an edit of {}, which is {}, and its text is still there",
        f"SELECT {_WHERE}, e.of, m.state FROM events AS e"  # noqa: S608
        " JOIN events AS m ON m.id = e.id >> 32 << 32 | e.of"
        " WHERE e.kind = 'edit' AND m.state IN ('deleted', 'viewed') AND e.text <> ''",
    )(database)
    yield from _each(
        "{}: it deleted {}, which is not marked so",
        f"SELECT {_WHERE}, e.of FROM events AS e"  # noqa: S608
        " JOIN events AS m ON m.id = e.id >> 32 << 32 | e.of"
        " WHERE e.kind = 'delete' AND coalesce(m.state, 'edited') = 'edited'",
    )(database)


def _secrets(database: sqlite3.Connection) -> Problems:
    """What can be viewed once is kept until then, and no longer."""
    yield from _each(
        "{}: it cannot be viewed any more, and its text is still there",
        "SELECT 'conversation ' || (s.id >> 32) || ', event ' || (s.id & 4294967295)"
        " FROM secrets AS s LEFT JOIN events AS e ON e.id = s.id"
        " WHERE e.id IS NULL OR e.kind <> 'once' OR e.state IS NOT NULL",
    )(database)
    yield from _each(
        "{}: it can be viewed once, and has no text",
        f"SELECT {_WHERE} FROM events AS e WHERE kind = 'once' AND state IS NULL"  # noqa: S608
        " AND id NOT IN (SELECT id FROM secrets)",
    )(database)


CHECKS = (
    Check("pages and indices", _integrity),
    Check("schema", _parts),
    Check("holes", _holes),
    Check("rows without a conversation", _homeless),
    Check("rows without an account", _ownerless),
    Check(
        "pins",
        _each(
            "pins: message {1} of conversation {0} does not exist",
            "SELECT conversation, seq FROM pins"
            " WHERE conversation << 32 | seq NOT IN (SELECT id FROM events)",
        ),
    ),
    Check("markers", _beyond),
    *(
        Check(
            table,
            _each(
                f"{table}: " + "{2} under event {1} of conversation {0}, which does not exist",
                f"SELECT id >> 32, id & {SEQ}, count(*) FROM {table}"  # noqa: S608
                " WHERE id NOT IN (SELECT id FROM events) GROUP BY id",
            ),
        )
        for table in ("reactions", "mentions")
    ),
    Check(
        "what refers to something",
        _each(
            "{}: it refers to {}, which does not exist",
            f"SELECT {_WHERE}, e.of FROM events AS e"  # noqa: S608
            " LEFT JOIN conversations AS c ON c.id = e.id >> 32"
            " WHERE e.of IS NOT NULL AND e.of > coalesce(c.expired, 0)"
            f" AND (e.of >= e.id & {SEQ} OR NOT EXISTS"
            " (SELECT 1 FROM events AS m WHERE m.id = e.id >> 32 << 32 | e.of))",
        ),
    ),
    Check(
        "kinds",
        _each(
            "{}: its kind, {}, is unknown",
            f"SELECT {_WHERE}, kind FROM events AS e"  # noqa: S608
            f" WHERE kind NOT IN ({', '.join(map(repr, sorted(_KINDS)))})",
        ),
    ),
    Check("erased texts", _erased),
    Check("view-once texts", _secrets),
    Check("names", _names),
    Check("acts", _acts),
    Check("sessions", _sessions),
    Check("audit log", _audit),
)
