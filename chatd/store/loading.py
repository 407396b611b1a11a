"""Reading from the database what the hub begins with."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from chatd.core.effects import SessionKept
from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.log import Logged
from chatd.core.turn import CONSOLE_UID

EVENT_COLUMNS = "t, kind, uid, nick, text, of, room, mentions, nonce"
_SEQ = 0xFFFFFFFF


def row_to_logged(row: tuple[Any, ...]) -> Logged:
    """Return the event in a row of id and ``EVENT_COLUMNS``."""
    ident, t, kind, uid, nick, text, of, room, mentions, nonce = row
    return Logged(
        conversation=ident >> 32,
        seq=ident & _SEQ,
        t=t,
        kind=kind,
        uid=uid,
        nick=nick,
        text=text,
        of=of,
        room=room,
        mentions=tuple(mentions.split()) if mentions else (),
        nonce=nonce,
    )


def load(database: sqlite3.Connection, ring: int, nonce_after: int) -> Stored:
    """Return what the hub begins with; see ``IStore.open``."""
    sessions = _sessions(database)
    uids = {session.uid for session in sessions} | {CONSOLE_UID}
    newest = database.execute("SELECT coalesce(max(id), 0) FROM conversations").fetchone()[0]
    return Stored(
        rooms=tuple(_rooms(database, ring)),
        privates=tuple(_privates(database, ring, uids)),
        sessions=sessions,
        nonces=tuple(_nonces(database, nonce_after, uids)),
        newest_conversation=newest,
        reactions=tuple(_reactions(database, uids)),
    )


def _ring(database: sqlite3.Connection, conversation: int, size: int) -> tuple[Logged, ...]:
    rows = database.execute(
        f"SELECT id, {EVENT_COLUMNS} FROM events"  # noqa: S608
        " WHERE id > ? AND id <= ? ORDER BY id DESC LIMIT ?",
        (conversation << 32, conversation << 32 | _SEQ, size),
    ).fetchall()
    return tuple(row_to_logged(row) for row in reversed(rows))


def _rooms(database: sqlite3.Connection, size: int) -> list[StoredRoom]:
    rooms = []
    rows = database.execute("SELECT id, name, topic FROM conversations WHERE kind = 'room'")
    for ident, name, topic in rows.fetchall():
        ring = _ring(database, ident, size)
        rooms.append(
            StoredRoom(
                conversation=ident,
                name=name,
                topic=topic,
                seq=ring[-1].seq if ring else 0,
                ring=ring,
            )
        )
    return rooms


def _privates(database: sqlite3.Connection, size: int, uids: set[str]) -> list[StoredPrivate]:
    privates = []
    for uid in sorted(uids):
        rows = database.execute(
            "SELECT id, key, name FROM conversations WHERE kind = 'private' AND key = ?", (uid,)
        )
        for ident, first, second in rows.fetchall():
            if second in uids:
                ring = _ring(database, ident, size)
                privates.append(
                    StoredPrivate(
                        conversation=ident,
                        pair=(first, second),
                        seq=ring[-1].seq if ring else 0,
                        ring=ring,
                    )
                )
    return privates


def _sessions(database: sqlite3.Connection) -> tuple[SessionKept, ...]:
    rows = database.execute(
        "SELECT token, uid, nick, mode, away, current, rooms, since, seen FROM sessions"
        " ORDER BY since, token"
    )
    return tuple(
        SessionKept(
            token=token,
            uid=uid,
            nick=nick,
            mode=mode,
            away=away,
            current=current,
            rooms=msgspec.json.decode(rooms, type=tuple[tuple[str, str], ...]),
            since=since,
            seen=msgspec.json.decode(seen, type=tuple[tuple[int, int], ...]),
        )
        for token, uid, nick, mode, away, current, rooms, since, seen in rows
    )


def _nonces(database: sqlite3.Connection, after: int, uids: set[str]) -> list[StoredNonce]:
    rows = database.execute(
        "SELECT id, uid, nonce, t FROM events WHERE nonce IS NOT NULL AND t > ? ORDER BY t",
        (after,),
    )
    return [
        StoredNonce(uid=uid, nonce=nonce, conversation=ident >> 32, seq=ident & _SEQ, t=t)
        for ident, uid, nonce, t in rows
        if uid in uids
    ]


def _reactions(database: sqlite3.Connection, uids: set[str]) -> list[tuple[int, int, str, str]]:
    """Return (conversation, message, uid, emoji) of the reactions that were not taken back."""
    standing: dict[tuple[int, int, str, str], bool] = {}
    for uid in sorted(uids):
        rows = database.execute(
            "SELECT id, of, text, kind FROM events"
            " WHERE kind IN ('react', 'unreact') AND uid = ? ORDER BY id",
            (uid,),
        )
        for ident, of, text, kind in rows:
            standing[ident >> 32, of, uid, text] = kind == "react"
    return [key for key, stands in standing.items() if stands]
