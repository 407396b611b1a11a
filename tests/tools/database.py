"""Databases for the tests of the tools, written as a server would have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from importlib import resources
from pathlib import Path

from argon2 import PasswordHasher

from chatd.data import DATABASE
from chatd.store.database import SEARCH, attach, connect
from chatd.store.schema import prepare

MINUTE = 60_000
BEGIN = 1_790_000_000_000  # ms: 2026-09-21
OPS, PRIVATE = 1, 2
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # quick; for tests alone
_EVENT = (
    "INSERT INTO events (id, t, kind, uid, nick, text, of, room, mentions, nonce, state)"
    " VALUES (:id, :t, :kind, :uid, :nick, :text, :of, :room, :mentions, :nonce, :state)"
)


def event(number: int, seq: int, text: str = "", **columns: object) -> dict[str, object]:
    """Return the row of an event, a message of ana's where nothing else is said."""
    row: dict[str, object] = {
        "id": number << 32 | seq,
        "t": BEGIN + seq * MINUTE,
        "kind": "text",
        "uid": "u-ana",
        "nick": "ana",
        "text": text,
        "of": None,
        "room": None,
        "mentions": None,
        "nonce": None,
        "state": None,
    }
    return {**row, **columns}


def make(data: Path) -> Path:
    """Make an empty database of this version in a data directory, and return its path."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / DATABASE
    prepare(path)
    connect(path).close()
    return path


def run(path: Path, *statements: str) -> None:
    """Run statements, each a transaction of its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    """Return the rows of an answer."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()


def dump(path: Path) -> list[str]:
    """Return all that is in a database, as the statements that would make it."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def add_events(path: Path, rows: Iterable[dict[str, object]]) -> None:
    """Add events."""
    with closing(sqlite3.connect(path)) as database:
        database.executemany(_EVENT, rows)
        database.commit()


def fill(path: Path) -> None:
    """Put something into every table: a room, a private conversation, three accounts."""
    rows: Sequence[dict[str, object]] = [
        event(OPS, 1, "good morning, the shop is open", nonce="n1"),
        event(OPS, 2, "hello ana", uid="u-bo", nick="bo", of=1, mentions="u-ana"),
        event(OPS, 3, "👍", uid="u-bo", nick="bo", kind="react", of=1),
        event(OPS, 4, "the new words", state="edited"),
        event(OPS, 5, "the new words", kind="edit", of=4),
        event(OPS, 6, "", state="deleted"),
        event(OPS, 7, "", kind="delete", of=6, uid="u-bo", nick="bo"),
        event(OPS, 8, "opening hours", kind="topic"),
        event(OPS, 9, '{"action":"mute","nick":"cy","why":"noise"}', kind="mod"),
        event(OPS, 10, "waves", kind="me", uid="guest", nick="guest-1"),
        event(PRIVATE, 1, "psst", kind="whisper", room="#ops"),
        event(PRIVATE, 2, "", kind="once"),
        event(PRIVATE, 3, "", kind="once", state="viewed"),
    ]
    add_events(path, rows)
    digest = HASHER.hash("old password")
    run(
        path,
        "INSERT INTO accounts VALUES ('u-ana', 'ana', 'admin', 'DIGEST', 1, 2),"
        " ('u-bo', 'bo', 'user', 'DIGEST', 1, NULL),"
        " ('u-cy', 'Cyd', 'user', 'DIGEST', 1, NULL)".replace("DIGEST", digest),
        "INSERT INTO conversations (id, kind, key, name, topic, created, private, secret, history,"
        " retain, slow) VALUES (1, 'room', '#ops', '#Ops', 'opening hours', 1, 1, 'h', 'joined',"
        " 86400000, 5)",
        "INSERT INTO conversations (id, kind, key, name, created)"
        " VALUES (2, 'private', 'u-ana', 'u-bo', 1)",
        "INSERT INTO reactions VALUES (1 << 32 | 1, 'u-bo', '👍')",
        "INSERT INTO mentions VALUES ('u-ana', 1 << 32 | 2)",
        "INSERT INTO secrets VALUES (2 << 32 | 2, zeroblob(4096), 'secret-unviewed')",
        "INSERT INTO tokens VALUES ('u-ana', 'laptop', 'd', 1, NULL), ('u-bo', 'bot', 'd', 1, 2)",
        "INSERT INTO resting VALUES ('old', 'Old', 'u-old', 9)",
        "INSERT INTO memberships VALUES (1, 'u-ana', 'owner', 0), (1, 'u-bo', 'member', 1)",
        "INSERT INTO sanctions VALUES (1, 'mute', 'u-cy', 'Cyd', 'ana', 1, NULL, 'noise'),"
        " (1, 'ban', '192.0.2.0/24', '192.0.2.0/24', 'ana', 1, 2, '')",
        "INSERT INTO invitations VALUES (1, 'u-cy', 'ana')",
        "INSERT INTO pins VALUES (1, 1)",
        "INSERT INTO markers VALUES ('u-ana', 1, 10), ('u-bo', 2, 1)",
        "INSERT INTO levels VALUES ('u-bo', 1, 'mentions')",
        "INSERT INTO ignores VALUES ('u-ana', 'u-cy', 'Cyd')",
        "INSERT INTO sessions VALUES"
        " ('t', 'u-ana', 'ana', 'json', NULL, '#ops', '[]', 1, '[]', NULL)",
        "INSERT INTO audit (t, who, uid, action, whom, room, address, why)"
        " VALUES (1, 'ana', 'u-ana', 'mute', 'Cyd', '#Ops', '192.0.2.1', 'noise'),"
        " (2, 'ana', 'u-ana', 'ban', '192.0.2.0/24', '#Ops', '192.0.2.1', '')",
    )


def make_index(path: Path) -> Path:
    """Make the search index as the store does, and return its path."""
    search = path.with_name(SEARCH)
    search.touch(0o600)
    script = resources.files("chatd.store").joinpath("index.sql").read_text("utf-8")
    with closing(connect(path)) as made:
        attach(made, search)
        made.executescript(script)
        made.execute("INSERT INTO search.words (rowid, text) SELECT id, text FROM messages")
        made.execute("UPDATE search.progress SET filled = NULL")
    return search
