"""A database of the first version, with all that was in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import Any

from chatd.core.inputs import Stored
from chatd.core.queries import EventOf, MentionsOf, PageOf, SearchFor
from chatd.core.records import ReactionKept
from chatd.store.indexing import Index
from chatd.store.loading import load
from chatd.store.reading import find
from chatd.store.schema import APPLICATION_ID, VERSION, prepare
from chatd.store.sqlite import SQLiteStore
from tests.store.folder import InAFolder
from tests.store.records import READER, T, place

COLUMNS = "id, t, kind, uid, nick, text, of, room, mentions, nonce"
# conversation, seq, and what differs from a message of u1's
EVENTS: list[tuple[int, int, dict[str, Any]]] = [
    (1, 1, {"text": "hello bo", "mentions": "u2 u3"}),
    (1, 2, {"text": "old words", "nonce": "n"}),
    (1, 3, {"kind": "react", "text": "👍", "of": 1}),
    (1, 4, {"kind": "react", "text": "🎉", "of": 1}),
    (1, 5, {"kind": "unreact", "text": "👍", "of": 1}),
    (1, 6, {"kind": "react", "text": "👍", "of": 2, "uid": "u2"}),
    (1, 7, {"kind": "topic", "text": "words"}),
    (1, 8, {"kind": "me", "text": "waves to bo", "mentions": "u2"}),
    (2, 1, {"text": "psst", "mentions": "u2"}),
    (2, 2, {"kind": "whisper", "text": "words", "room": "#Lobby"}),
    (2, 3, {"kind": "react", "text": "👍", "of": 1, "uid": "u2"}),
]


def rows() -> Iterator[tuple[Any, ...]]:
    """Yield the rows of all events."""
    for conversation, seq, changes in EVENTS:
        plain = {"kind": "text", "uid": "u1", "nick": "ana", "text": ""}
        row = {"id": conversation << 32 | seq, "t": T + seq, **plain, **changes}
        yield tuple(row.get(column) for column in COLUMNS.split(", "))


def make(path: Path) -> None:
    """Make a database of version 1, as its server left it."""
    script = resources.files("chatd.store").joinpath("schema_1.sql").read_text("utf-8")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(f"BEGIN; {script} PRAGMA user_version = 1; COMMIT;")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "INSERT INTO conversations VALUES (1, 'room', '#lobby', '#Lobby', 'words', 0)"
        )
        database.execute("INSERT INTO conversations VALUES (2, 'private', 'u1', 'u2', '', 0)")
        marks = ", ".join("?" for _ in COLUMNS.split(", "))
        database.executemany(f"INSERT INTO events ({COLUMNS}) VALUES ({marks})", rows())  # noqa: S608
        for uid in ("u1", "u2"):
            database.execute(
                "INSERT INTO sessions VALUES (?, ?, 'ana', 'json', NULL, NULL, '[]', 0, '[]')",
                (f"token-{uid}", uid),
            )


class Upgraded(InAFolder):
    """A store of what was a database of version 1."""

    def opened(self) -> SQLiteStore:
        """Return the store, made of the old database the first time."""
        if not self.path.exists():
            make(self.path)
        return super().opened()

    async def test_all_is_there(self) -> None:
        (room,) = self.stored.rooms
        assert (room.name, room.kept.topic, room.seq, room.expired) == ("#Lobby", "words", 8, 0)
        assert (room.kept.private, room.kept.history, room.kept.retain) == (False, "on", None)
        assert [event.seq for event in room.ring] == [6, 7, 8]
        (private,) = self.stored.privates
        assert (private.pair, private.seq) == (("u1", "u2"), 3)
        assert [nonce.seq for nonce in self.stored.nonces] == [2]
        assert len(self.stored.sessions) == 2
        assert len(await self.events(1) + await self.events(2)) == len(EVENTS)

    async def test_reactions_that_stand(self) -> None:
        ident = 1 << 32
        assert await self.rows("reactions") == [
            (ident | 1, "u1", "🎉"),
            (ident | 2, "u2", "👍"),
            (2 << 32 | 1, "u2", "👍"),
        ]

    async def test_mentions(self) -> None:
        found, _ = await self.find(MentionsOf((place(1), place(2)), READER, 10))
        assert [(event.conversation, event.seq) for event in found] == [(1, 1), (2, 1), (1, 8)]
        assert len(await self.rows("mentions")) == 4

    async def test_its_messages_are_found(self) -> None:
        query = SearchFor((place(1), place(2)), READER, 10, terms=("words",))
        found, more = await self.find(query)
        assert [(event.conversation, event.seq) for event in found] == [(1, 2), (2, 2)]
        assert not more

    async def test_it_can_shrink_from_now_on(self) -> None:
        assert self.store._writer is not None
        assert self.store._writer.execute("PRAGMA auto_vacuum").fetchone() == (2,)

    async def test_the_backup_is_the_old_one(self) -> None:
        copy = self.path.with_name(f"chat.db.before-{VERSION}")
        assert copy.stat().st_mode & 0o777 == 0o600
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA user_version").fetchone() == (1,)
            assert database.execute("SELECT count(*) FROM events").fetchone() == (len(EVENTS),)


def test_what_its_server_had_not_written_back_is_not_lost(tmp_path: Path) -> None:
    """The old server was killed: the newest messages are in the log alone."""
    living, path = tmp_path / "living.db", tmp_path / "chat.db"
    make(living)
    with closing(sqlite3.connect(living, isolation_level=None)) as database:
        database.execute(
            "INSERT INTO events SELECT id + 100, t, kind, uid, nick, 'late', of, room,"
            " mentions, nonce FROM events WHERE id = 1 << 32 | 1"
        )
        for ending in ("", "-wal"):
            path.with_name(f"chat.db{ending}").write_bytes(
                living.with_name(f"living.db{ending}").read_bytes()
            )
    prepare(path)
    index = Index(tmp_path / "search.db", path)
    index.open()
    assert index._connection is not None
    query = SearchFor((place(),), READER, 10, terms=("late",))
    assert [event.seq for event in find(index._connection, query)[0]] == [101]
    stored = load(index._connection, 10, 0)
    assert isinstance(stored, Stored)
    assert stored.rooms[0].seq == 101
    assert stored.reactions == (ReactionKept(1, 1, "u1", "🎉"), ReactionKept(1, 2, "u2", "👍"))
    assert find(index._connection, EventOf(1, 1, "u1")).emoji == {"🎉"}
    assert len(find(index._connection, PageOf(1, 0, 1000, 1000, newest=True))[0]) == 9
    index.close()
