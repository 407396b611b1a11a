"""Reading from the database what the hub begins with."""

from __future__ import annotations

import sqlite3
from typing import Any, TypeVar

import msgspec

from chatd.core import records as r
from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.log import Logged
from chatd.core.turn import CONSOLE_UID
from chatd.store.database import SEQ

EVENT_COLUMNS = "t, kind, uid, nick, text, of, room, mentions, nonce, state"
# With the text of what can be viewed once: for the hub alone, never for a page.
EVENT_UNVEILED = (
    "t, kind, uid, nick, CASE kind WHEN 'once' THEN"
    " coalesce((SELECT text FROM secrets WHERE secrets.id = events.id), '') ELSE text END,"
    " of, room, mentions, nonce, state"
)
T = TypeVar("T")

# All whom there is a point in knowing: who can come back.
_KNOWN = "SELECT uid FROM accounts UNION SELECT uid FROM sessions UNION SELECT :console"
_CLOSED = "SELECT id FROM conversations WHERE closed = 1"
# Whether both of a private conversation are known; else who is not, and his last nick in it.
_STRANGER = "CASE WHEN c.key IN (SELECT uid FROM known) THEN c.name ELSE c.key END"
_GONE_NICK = (
    "c.key IN (SELECT uid FROM known) AND c.name IN (SELECT uid FROM known),"  # noqa: S608
    f" {_STRANGER}, (SELECT nick FROM events"
    f" WHERE id BETWEEN c.id << 32 AND c.id << 32 | 4294967295 AND uid = {_STRANGER}"
    " ORDER BY id DESC LIMIT 1)"
)
_LAST = (
    "SELECT coalesce(max(id), 0), coalesce(max((SELECT t FROM events"
    " WHERE id BETWEEN c.id << 32 AND c.id << 32 | 4294967295 ORDER BY id DESC LIMIT 1)), 0)"
    " FROM conversations AS c"
)
_NEWEST = (
    "max(c.expired, coalesce((SELECT max(id) FROM events"
    " WHERE id BETWEEN c.id << 32 AND c.id << 32 | 4294967295) & 4294967295, 0))"
)


def row_to_logged(row: tuple[Any, ...]) -> Logged:
    """Return the event in a row of id and ``EVENT_COLUMNS``."""
    ident, t, kind, uid, nick, text, of, room, mentions, nonce, state = row
    return Logged(
        conversation=ident >> 32,
        seq=ident & SEQ,
        t=t,
        kind=kind,
        uid=uid,
        nick=nick,
        text=text,
        of=of,
        room=room,
        mentions=tuple(mentions.split()) if mentions else (),
        nonce=nonce,
        state=state,
    )


def load(database: sqlite3.Connection, ring: int, nonce_after: int) -> Stored:
    """Return what the hub begins with; see ``IStore.open``."""
    rooms = _rooms(database, ring)
    privates, gone = _privates(database)
    newest, t = database.execute(_LAST).fetchone()
    return Stored(
        rooms=rooms,
        privates=tuple(privates),
        gone=tuple(sorted(gone.items())),
        sessions=_sessions(database),
        nonces=_nonces(database, nonce_after),
        newest_conversation=newest,
        newest=t,
        reactions=tuple(_reactions(database, rooms)),
        accounts=_all(database, r.AccountKept, "accounts"),
        tokens=_all(database, r.TokenKept, "tokens"),
        resting=_all(database, r.NameRested, "resting"),
        memberships=_all(database, r.MembershipKept, "memberships", of_rooms=True),
        sanctions=_all(database, r.SanctionKept, "sanctions", of_rooms=True),
        invitations=_all(database, r.InvitationKept, "invitations", of_rooms=True),
        pins=_all(database, r.PinKept, "pins", of_rooms=True),
        markers=_all(database, r.MarkerKept, "markers", of_rooms=True),
        levels=_all(database, r.LevelKept, "levels", of_rooms=True),
        ignores=_all(database, r.IgnoreKept, "ignores"),
    )


def _all(
    database: sqlite3.Connection, kind: type[T], table: str, *, of_rooms: bool = False
) -> tuple[T, ...]:
    """Return the rows of a table; ``of_rooms``: but for those of rooms that are closed."""
    fields: tuple[str, ...] = kind.__struct_fields__  # type: ignore[attr-defined]
    where = f" WHERE conversation NOT IN ({_CLOSED})" if of_rooms else ""
    rows = database.execute(
        f"SELECT {', '.join(fields)} FROM {table}{where} ORDER BY {', '.join(fields[:3])}"  # noqa: S608
    )
    return tuple(msgspec.convert(dict(zip(fields, row, strict=True)), kind) for row in rows)


def _rooms(database: sqlite3.Connection, size: int) -> tuple[StoredRoom, ...]:
    fields = [field for field in r.RoomKept.__struct_fields__ if field != "conversation"]
    rows = database.execute(
        f"SELECT c.id, c.name, c.expired, {_NEWEST}, {', '.join(fields)}"  # noqa: S608
        " FROM conversations AS c WHERE kind = 'room' AND closed = 0 ORDER BY c.id"
    ).fetchall()
    return tuple(
        StoredRoom(
            conversation=ident,
            name=name,
            # SQLite has no truth values: 0 and 1.
            kept=msgspec.convert(
                {"conversation": ident, **dict(zip(fields, kept, strict=True))},
                r.RoomKept,
                strict=False,
            ),
            seq=seq,
            expired=expired,
            ring=_ring(database, ident, size),
        )
        for ident, name, expired, seq, *kept in rows
    )


def _ring(database: sqlite3.Connection, conversation: int, size: int) -> tuple[Logged, ...]:
    rows = database.execute(
        f"SELECT id, {EVENT_UNVEILED} FROM events"  # noqa: S608
        " WHERE id > ? AND id <= ? ORDER BY id DESC LIMIT ?",
        (conversation << 32, conversation << 32 | SEQ, size),
    ).fetchall()
    return tuple(row_to_logged(row) for row in reversed(rows))


def _privates(database: sqlite3.Connection) -> tuple[list[StoredPrivate], dict[str, str]]:
    """Return the private conversations, and who in them is gone, by uid and last nick.

    A guest who is gone is known by what he said to an account, which can still read it.
    """
    rows = database.execute(
        f"WITH known (uid) AS ({_KNOWN})"  # noqa: S608
        f" SELECT c.id, c.key, c.name, {_NEWEST}, {_GONE_NICK}"
        " FROM conversations AS c"
        " WHERE c.kind = 'private' AND c.closed = 0 AND"
        " (c.key IN (SELECT uid FROM known) AND c.name IN (SELECT uid FROM known)"
        " OR c.key IN (SELECT uid FROM accounts) OR c.name IN (SELECT uid FROM accounts))"
        " ORDER BY c.id",
        {"console": CONSOLE_UID},
    )
    found, gone = [], {}
    for ident, first, second, seq, is_known, uid, nick in rows:
        if not is_known and nick is None:
            continue
        if not is_known:
            gone[uid] = nick
        found.append(StoredPrivate(conversation=ident, pair=(first, second), seq=seq, ring=()))
    return found, gone


def _sessions(database: sqlite3.Connection) -> tuple[r.SessionKept, ...]:
    rows = database.execute(
        "SELECT token, uid, nick, mode, away, current, rooms, since, seen, label FROM sessions"
        " ORDER BY since, token"
    )
    return tuple(
        r.SessionKept(
            token=token,
            uid=uid,
            nick=nick,
            mode=mode,
            away=away,
            current=current,
            rooms=msgspec.json.decode(rooms, type=tuple[tuple[str, str], ...]),
            since=since,
            seen=msgspec.json.decode(seen, type=tuple[tuple[int, int], ...]),
            label=label,
        )
        for token, uid, nick, mode, away, current, rooms, since, seen, label in rows
    )


def _nonces(database: sqlite3.Connection, after: int) -> tuple[StoredNonce, ...]:
    rows = database.execute(
        f"WITH known (uid) AS ({_KNOWN})"  # noqa: S608
        " SELECT id, uid, nonce, t FROM events WHERE nonce IS NOT NULL AND t > :after"
        " AND uid IN (SELECT uid FROM known) ORDER BY t, id",
        {"console": CONSOLE_UID, "after": after},
    )
    return tuple(
        StoredNonce(uid=uid, nonce=nonce, conversation=ident >> 32, seq=ident & SEQ, t=t)
        for ident, uid, nonce, t in rows
    )


def _reactions(database: sqlite3.Connection, rooms: tuple[StoredRoom, ...]) -> list[r.ReactionKept]:
    """Return the reactions under messages that are in a room's ring."""
    found = []
    for room in rooms:
        if room.ring:
            first, last = (room.conversation << 32 | room.ring[end].seq for end in (0, -1))
            rows = database.execute(
                "SELECT id & 4294967295, uid, emoji FROM reactions"
                " WHERE id BETWEEN ? AND ? ORDER BY id, uid, emoji",
                (first, last),
            )
            found += [r.ReactionKept(room.conversation, *row) for row in rows]
    return found
