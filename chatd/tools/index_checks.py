"""Whether the search index is whole, and holds the messages as they are, if a little late."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from chatd.data import DATABASE
from chatd.store.database import SEARCH
from chatd.tools.access import open_readonly
from chatd.tools.backup import copy
from chatd.tools.files import belong

COPY = "verify-"  # how the name of the directory with a private copy begins
_TRIES = 10
_PROGRESS = "SELECT done, filled FROM search.progress"
# What the index has yet to look at.
_WAITING = "(SELECT u.id FROM unindexed AS u WHERE u.n > :done)"
_MISSING = (
    "SELECT count(*) FROM messages AS m LEFT JOIN search.words AS w ON w.rowid = m.id"  # noqa: S608
    f" WHERE w.text IS NOT m.text AND m.id NOT IN {_WAITING}"
)
_TOO_MANY = (
    "SELECT count(*) FROM search.words AS w LEFT JOIN messages AS m ON m.id = w.rowid"  # noqa: S608
    f" WHERE m.id IS NULL AND w.rowid NOT IN {_WAITING}"
)


def look_at_index(data: Path) -> Iterator[str]:
    """Yield what is wrong with the search index; without one, nothing is: it is made anew."""
    path = data / SEARCH
    if not path.is_file():
        return
    with closing(open_readonly(path)) as search:
        for (problem,) in search.execute("PRAGMA integrity_check(100)"):
            if problem != "ok":
                yield " ".join(str(problem).split())
        if not _is_whole(search, data):
            yield "its words do not fit its texts"
    with closing(open_readonly(data / DATABASE)) as database:
        database.execute("ATTACH ? AS search", (f"{path.resolve().as_uri()}?mode=ro",))
        yield from _differences(database, path)


def _is_whole(search: sqlite3.Connection, data: Path) -> bool:
    """Have FTS5 check itself, on a copy: it needs to write to do so."""
    with tempfile.TemporaryDirectory(prefix=COPY, dir=data) as directory:
        belong(Path(directory))
        private = Path(directory) / SEARCH
        private.touch(0o600)
        copy(search, private)
        with closing(sqlite3.connect(private, isolation_level=None)) as database:
            try:
                database.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            except sqlite3.DatabaseError:
                return False
    return True


def _differences(database: sqlite3.Connection, path: Path) -> Iterator[str]:
    done = _same_moment(database, path)
    if done is None:
        return
    missing = database.execute(_MISSING, {"done": done}).fetchone()[0]
    if missing:
        yield f"{missing} messages are not in it as they are"
    too_many = database.execute(_TOO_MANY, {"done": done}).fetchone()[0]
    if too_many:
        yield f"{too_many} messages are in it that do not exist, or were erased"


def _same_moment(database: sqlite3.Connection, path: Path) -> int | None:
    """Begin a read transaction and return up to where the index has seen to changes then.

    The index is looked at first: if it has not moved when the database is looked at, too, what
    it has yet to see to is all there. None where it is being made.
    """
    for _ in range(_TRIES):
        database.execute("BEGIN")
        done, filled = database.execute(_PROGRESS).fetchone()
        if filled is not None:
            return None
        database.execute("SELECT 1 FROM main.unindexed LIMIT 1").fetchone()
        with closing(open_readonly(path)) as search:
            now = search.execute("SELECT done FROM progress").fetchone()[0]
        if now == done:
            return int(done)
        database.execute("ROLLBACK")
    return None
