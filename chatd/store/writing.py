"""How each record changes the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec

from chatd.core import records as r
from chatd.core.log import MESSAGE_KINDS, Logged
from chatd.store.database import SEQ, row_id

PADDING = 4096  # bytes before a text that is viewed once: see schema_2.sql


def _keep(kind: type[r.Record], table: str, *key: str) -> str:
    """Return how to keep a record in a table whose columns are its fields."""
    fields = kind.__struct_fields__
    columns, values = ", ".join(fields), ", ".join(f":{field}" for field in fields)
    changes = ", ".join(f"{field} = excluded.{field}" for field in fields if field not in key)
    change = f"UPDATE SET {changes}" if changes else "NOTHING"
    return (
        f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608
        f" ON CONFLICT ({', '.join(key)}) DO {change}"
    )


def _forget(kind: type[r.Record], table: str) -> str:
    """Return how to remove what has the fields of a record."""
    where = " AND ".join(f"{field} = :{field}" for field in kind.__struct_fields__)
    return f"DELETE FROM {table} WHERE {where}"  # noqa: S608


# What a record comes to, given its fields by name.
STATEMENTS: dict[type[r.Record], str] = {
    r.ConversationOpened: (
        "INSERT INTO conversations (id, kind, key, name, created)"
        " VALUES (:conversation, :kind, :key, :name, :t)"
    ),
    r.RoomKept: (
        "UPDATE conversations SET topic = :topic, private = :private, secret = :secret,"
        " history = :history, retain = :retain, slow = :slow, closed = :closed"
        " WHERE id = :conversation"
    ),
    r.ReactionKept: (
        "INSERT OR IGNORE INTO reactions (id, uid, emoji)"
        " VALUES (:conversation << 32 | :of, :uid, :emoji)"
    ),
    r.ReactionForgotten: (
        "DELETE FROM reactions"
        " WHERE id = (:conversation << 32 | :of) AND uid = :uid AND emoji = :emoji"
    ),
    r.MembershipKept: _keep(r.MembershipKept, "memberships", "conversation", "uid"),
    r.MembershipForgotten: _forget(r.MembershipForgotten, "memberships"),
    r.SanctionKept: _keep(r.SanctionKept, "sanctions", "conversation", "kind", "target"),
    r.SanctionForgotten: _forget(r.SanctionForgotten, "sanctions"),
    r.InvitationKept: _keep(r.InvitationKept, "invitations", "conversation", "uid"),
    r.InvitationForgotten: _forget(r.InvitationForgotten, "invitations"),
    r.PinKept: _keep(r.PinKept, "pins", "conversation", "seq"),
    r.PinForgotten: _forget(r.PinForgotten, "pins"),
    r.SessionKept: _keep(r.SessionKept, "sessions", "token"),
    r.SessionForgotten: _forget(r.SessionForgotten, "sessions"),
    r.AccountKept: _keep(r.AccountKept, "accounts", "uid"),
    r.NameRested: _keep(r.NameRested, "resting", "key"),
    r.NameFreed: _forget(r.NameFreed, "resting"),
    r.TokenKept: _keep(r.TokenKept, "tokens", "uid", "label"),
    r.TokenForgotten: _forget(r.TokenForgotten, "tokens"),
    r.MarkerKept: _keep(r.MarkerKept, "markers", "uid", "conversation"),
    r.LevelKept: _keep(r.LevelKept, "levels", "uid", "conversation"),
    r.IgnoreKept: _keep(r.IgnoreKept, "ignores", "uid", "other"),
    r.IgnoreForgotten: _forget(r.IgnoreForgotten, "ignores"),
    r.Audited: (
        "INSERT INTO audit (t, who, uid, action, whom, room, address, why)"
        " VALUES (:t, :who, :uid, :action, :whom, :room, :address, :why)"
    ),
}

# What is an account's own.
_OWN = ("accounts", "tokens", "memberships", "markers", "levels", "ignores", "invitations")


def write(record: r.Record, database: sqlite3.Connection) -> None:
    """Write a record, within a transaction."""
    special = _SPECIAL.get(type(record))
    if special is not None:
        special(record, database)
    else:
        database.execute(STATEMENTS[type(record)], msgspec.structs.asdict(record))


def _append(record: r.Appended, database: sqlite3.Connection) -> None:
    logged = record.logged
    ident = row_id(logged.conversation, logged.seq)
    database.execute(
        "INSERT INTO events (id, t, kind, uid, nick, text, of, room, mentions, nonce, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ident,
            logged.t,
            logged.kind,
            logged.uid,
            logged.nick,
            _veiled(ident, logged, database),
            logged.of,
            logged.room,
            " ".join(logged.mentions) or None,
            logged.nonce,
            logged.state,
        ),
    )
    _call(ident, logged, database)


def _veiled(ident: int, logged: Logged, database: sqlite3.Connection) -> str:
    """Return an event's text; but one to be viewed once is put where it leaves no trace."""
    if logged.kind != "once" or logged.erased:
        return logged.text
    database.execute(
        "INSERT INTO secrets (id, padding, text) VALUES (?, zeroblob(?), ?)",
        (ident, PADDING, logged.text),
    )
    return ""


def _call(ident: int, logged: Logged, database: sqlite3.Connection) -> None:
    """Note who is called by a message."""
    if logged.mentions and logged.kind in MESSAGE_KINDS:
        database.executemany(
            "INSERT OR IGNORE INTO mentions (uid, id) VALUES (?, ?)",
            [(uid, ident) for uid in logged.mentions],
        )


def uncall(ident: int, database: sqlite3.Connection) -> None:
    """Forget who is called by a message."""
    row = database.execute("SELECT mentions FROM events WHERE id = ?", (ident,)).fetchone()
    if row is not None and row[0]:
        database.executemany(
            "DELETE FROM mentions WHERE uid = ? AND id = ?",
            [(uid, ident) for uid in row[0].split()],
        )


def _rewrite(record: r.Rewritten, database: sqlite3.Connection) -> None:
    logged = record.logged
    ident = row_id(logged.conversation, logged.seq)
    uncall(ident, database)
    database.execute(
        "UPDATE events SET text = ?, mentions = ?, state = 'edited' WHERE id = ?",
        (logged.text, " ".join(logged.mentions) or None, ident),
    )
    _call(ident, logged, database)


def _erase(record: r.Erased, database: sqlite3.Connection) -> None:
    ident = row_id(record.conversation, record.seq)
    uncall(ident, database)
    database.execute(
        "UPDATE events SET text = '', mentions = NULL, state = ? WHERE id = ?",
        (record.state, ident),
    )
    database.execute("DELETE FROM secrets WHERE id = ?", (ident,))
    database.execute("DELETE FROM reactions WHERE id = ?", (ident,))
    erase_edits(record.conversation, record.seq, record.seq, database)


def erase_edits(conversation: int, first: int, last: int, database: sqlite3.Connection) -> None:
    """Erase the texts that messages from ``first`` to ``last`` were given by edits."""
    database.execute(
        "UPDATE events SET text = '', mentions = NULL"
        " WHERE kind = 'edit' AND id >> 32 = ? AND of BETWEEN ? AND ?",
        (conversation, first, min(last, SEQ)),
    )


def _keep_session(record: r.SessionKept, database: sqlite3.Connection) -> None:
    row = msgspec.structs.asdict(record)
    for field in ("rooms", "seen"):
        row[field] = msgspec.json.encode(row[field]).decode()
    database.execute(STATEMENTS[r.SessionKept], row)


def _forget_account(record: r.AccountForgotten, database: sqlite3.Connection) -> None:
    for table in _OWN:
        database.execute(f"DELETE FROM {table} WHERE uid = ?", (record.uid,))  # noqa: S608


def _expire(record: r.Expired, database: sqlite3.Connection) -> None:
    """Write nothing: it is seen to between commits (``upkeep``)."""


_SPECIAL: dict[type[r.Record], Callable[[Any, sqlite3.Connection], None]] = {
    r.AccountForgotten: _forget_account,
    r.Appended: _append,
    r.Erased: _erase,
    r.Expired: _expire,
    r.Rewritten: _rewrite,
    r.SessionKept: _keep_session,
}
