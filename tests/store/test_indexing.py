"""The search index is as the database is, whatever happens."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core.records import Appended, Erased, Record, Rewritten
from chatd.store.database import SEARCH, connect
from chatd.store.indexing import MESSAGES, Index, create, fill, take
from chatd.store.schema import prepare
from chatd.store.writing import write
from tests.memory import new_database
from tests.store.records import logged


class Beside:
    """A database, and the index beside it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "chat.db"
        prepare(self.path)
        self.database = connect(self.path)
        self.now = 0.0
        self.messages = MESSAGES
        self.index = self.opened()

    def opened(self) -> Index:
        """Return the index, as a server finds it when it starts."""
        index = Index(self.path.with_name(SEARCH), self.path, lambda: self.now, self.messages)
        index.open()
        return index

    def reopen(self) -> None:
        """Start again."""
        self.index.close()
        self.index = self.opened()

    def run(self, statement: str) -> None:
        """Change the database."""
        self.database.execute(statement)

    def say(self, *seqs: int, text: str = "word") -> None:
        """Have messages said."""
        for seq in seqs:
            write(Appended(logged(seq, text=text)), self.database)

    def settle(self) -> float | None:
        """Let the index do what it can do now; return how long it then wants to wait."""
        wait: float | None = 0.0
        while wait is not None and wait < 0.5:
            wait = self.index.step()
        return wait

    def found(self, word: str = "word") -> list[int]:
        """Return the numbers of the messages that the index finds."""
        assert self.index._connection is not None
        rows = self.index._connection.execute(
            "SELECT rowid & 4294967295 FROM search.words WHERE words MATCH ? ORDER BY rowid",
            (word,),
        )
        return [seq for (seq,) in rows]

    def close(self) -> None:
        """Close both."""
        self.index.close()
        self.database.close()


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Beside]:
    with closing(Beside(tmp_path)) as made:
        yield made


def test_it_follows_the_database(beside: Beside) -> None:
    beside.say(1, 2, 3)
    write(Rewritten(logged(2, text="other")), beside.database)
    assert beside.settle() is None
    assert (beside.found(), beside.found("other")) == ([1, 3], [2])
    write(Erased(1, 1, "deleted"), beside.database)
    write(Rewritten(logged(2, text="word")), beside.database)
    beside.settle()
    assert (beside.found(), beside.found("other")) == ([2, 3], [])


def test_what_was_not_taken_is_taken_after_a_restart(beside: Beside) -> None:
    beside.say(1)
    beside.settle()
    beside.say(2)
    beside.reopen()
    assert not beside.index.filling
    assert beside.found() == [1]
    beside.settle()
    assert beside.found() == [1, 2]


def test_what_was_taken_may_be_forgotten(beside: Beside) -> None:
    beside.say(1, 2)
    beside.settle()
    beside.run("DELETE FROM unindexed")
    beside.reopen()
    beside.say(3)
    beside.settle()
    assert beside.found() == [1, 2, 3]


@pytest.mark.parametrize(
    ("more", "change"),
    [
        # An older database is back; or changes are forgotten that it has not seen.
        ([], "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'unindexed'"),
        ([2, 3, 4], "DELETE FROM unindexed"),
        ([2, 3, 4], "DELETE FROM unindexed WHERE n < (SELECT max(n) FROM unindexed)"),
    ],
)
def test_the_index_of_another_time_is_made_anew(
    beside: Beside, more: list[int], change: str
) -> None:
    beside.say(1)
    beside.settle()
    assert beside.index._connection is not None
    beside.index._connection.execute("INSERT INTO search.words (rowid, text) VALUES (7, 'stale')")
    beside.reopen()
    assert beside.found("stale") == [7]
    beside.say(*more)
    beside.run(change)
    beside.reopen()
    beside.settle()
    assert beside.found("stale") == []
    assert beside.found() == [1, *more]


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000, b"SQLite format 3\0"])
def test_what_is_no_index_is_made_anew(beside: Beside, content: bytes) -> None:
    beside.say(1)
    beside.index.close()
    beside.index.path.write_bytes(content)
    beside.index = beside.opened()
    assert beside.found() == [1]
    assert beside.index.path.stat().st_mode & 0o777 == 0o600


def test_of_another_database_with_the_same_numbers(beside: Beside, tmp_path: Path) -> None:
    beside.say(1, text="others")
    beside.settle()
    beside.index.close()
    folder = tmp_path / "another"
    folder.mkdir()
    prepare(folder / "chat.db")
    beside.index.path.rename(folder / SEARCH)
    with closing(Beside(folder)) as another:
        another.say(1)
        another.settle()
        assert (another.found(), another.found("others")) == ([1], [])
    beside.index = beside.opened()


def test_a_large_one_is_filled_step_by_step_while_the_chat_goes_on(
    beside: Beside,
) -> None:
    beside.messages = (10, 10)
    beside.say(*range(1, 36))
    beside.run("DELETE FROM unindexed")
    beside.reopen()
    assert beside.index.filling
    assert beside.found() == list(range(1, 11))
    beside.say(100)
    write(Erased(1, 30, "deleted"), beside.database)
    write(Erased(1, 3, "deleted"), beside.database)
    assert beside.index.step() == 0.0
    assert beside.found() == [1, 2, *range(4, 11), 100]
    beside.reopen()
    beside.settle()
    whole = [1, 2, *range(4, 30), *range(31, 36), 100]
    assert (beside.index.filling, beside.found()) == (False, whole)


def test_it_is_tidied_in_time_and_rests_as_long_as_that_took(beside: Beside) -> None:
    beside.say(1, 2, 3)
    beside.settle()
    write(Erased(1, 1, "deleted"), beside.database)
    assert beside.settle() == 60.0
    # A restart does not make it forget.
    beside.now = 59.0
    beside.reopen()
    assert beside.settle() == 60.0
    beside.now = 119.0
    beside.index.step()
    beside.now = 129.0
    assert beside.settle() is None
    write(Erased(1, 2, "deleted"), beside.database)
    assert beside.settle() == 50 * 10
    assert beside.found() == [3]


def test_it_shrinks(beside: Beside) -> None:
    for seq in range(1, 3000):
        beside.say(seq, text=f"some {seq} words {seq * 7919 % 10007}")
    beside.settle()
    beside.reopen()
    before = beside.index.path.stat().st_size
    beside.run("DELETE FROM events WHERE id & 4294967295 > 100")
    beside.now = 100.0
    assert beside.settle() is None
    assert beside.index.path.stat().st_size < before / 5
    assert beside.found("some") == list(range(1, 101))


CHANGES: list[Callable[[int], Record]] = [
    lambda seq: Appended(logged(seq, text=f"word w{seq}")),
    lambda seq: Rewritten(logged(seq, text=f"word x{seq}")),
    lambda seq: Erased(1, seq, "deleted"),
]
steps = st.one_of(
    st.tuples(st.sampled_from(CHANGES), st.integers(1, 9)),
    st.sampled_from([take, fill]),
    st.just("crash"),
)


@given(st.lists(steps, max_size=40))
def test_it_ends_as_the_messages_are(script: list[Any]) -> None:
    """It is taken in at any time, more than once, and while it is being filled."""
    database = new_database()
    for step in script:
        if step == "crash":
            database.execute(
                "UPDATE search.progress SET filled = 0, done = max(done - 2, coalesce("
                "(SELECT min(n) FROM unindexed) - 1, done))"
            )
        elif isinstance(step, tuple):
            change, seq = step
            with suppress(sqlite3.IntegrityError):
                write(change(seq), database)
        else:
            step(database, 2)
    while take(database, 2) or fill(database, 2):
        pass
    held = database.execute("SELECT rowid, text FROM search.words ORDER BY rowid").fetchall()
    assert held == database.execute("SELECT id, text FROM messages ORDER BY id").fetchall()
    database.execute("INSERT INTO search.words (words) VALUES ('integrity-check')")
    for ident, text in held:
        word = text.split()[1]
        found = database.execute("SELECT rowid FROM search.words WHERE words MATCH ?", (word,))
        assert found.fetchall() == [(ident,)]
    database.close()


def test_an_index_is_made_in_one_piece() -> None:
    database = new_database()
    with pytest.raises(sqlite3.OperationalError):
        create(database)
    database.close()
