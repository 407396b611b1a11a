"""The numbered steps of the database schema, and whether a file can be used at all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from chatd.store import StoreError

VERSION = 3
APPLICATION_ID = 0x63686174  # "chat"
SMALL = 64 * 1024 * 1024  # bytes that are read in a moment
INCREMENTAL = 2  # of auto_vacuum


def check(path: Path, *, thoroughly: bool = True) -> int:
    """Return the schema version of the database at ``path``, 0 where there is none yet.

    Raises ``StoreError`` for a file of another program, of a newer version, or a damaged one. To
    find damage it reads, ``thoroughly``, all of a small file. A large one would keep a start
    waiting; of that SQLite looks at the beginning and the length.
    """
    if not path.exists() or path.stat().st_size == 0:
        return 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}", uri=True)) as database:
            version = int(database.execute("PRAGMA user_version").fetchone()[0])
            program = database.execute("PRAGMA application_id").fetchone()[0]
            whole = thoroughly and path.stat().st_size <= SMALL
            look = "PRAGMA quick_check(1)" if whole else "SELECT 'ok', count(*) FROM sqlite_schema"
            damage = database.execute(look).fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"the database {path} is damaged or cannot be read ({error}); restore a backup"
        ) from None
    if damage != "ok":
        damage = " ".join(str(damage).split())
        raise StoreError(f"the database {path} is damaged ({damage}); restore a backup")
    if program != APPLICATION_ID:
        raise StoreError(f"the database {path} belongs to another program")
    if version > VERSION:
        raise StoreError(
            f"the database {path} is of version {version}, newer than this chatd knows"
            f" ({VERSION}); install a newer chatd"
        )
    return version


def prepare(path: Path) -> None:
    """Make the database, or bring it up to date after a backup of it.

    Raises ``StoreError``.
    """
    version = check(path, thoroughly=False)
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if 0 < version < VERSION:
            _back_up(path, version)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            _let_shrink(database)
            for step in range(version + 1, VERSION + 1):
                _apply(database, step)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the database {path} cannot be prepared: {error}") from None


def parts() -> set[tuple[str, str]]:
    """Return kind and name of each table, index, trigger and view that a database has."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for step in range(1, VERSION + 1):
            _apply(database, step)
        return set(database.execute("SELECT type, name FROM sqlite_schema"))


def _let_shrink(database: sqlite3.Connection) -> None:
    """Have a database give back the pages that it does not need any more.

    That must be said before its first table is made; later it is written anew for that.
    """
    if database.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        if database.execute("PRAGMA page_count").fetchone()[0]:
            database.execute("VACUUM")


def _apply(database: sqlite3.Connection, step: int) -> None:
    script = resources.files("chatd.store").joinpath(f"schema_{step}.sql").read_text("utf-8")
    # executescript would commit on its own; the step and its number belong together.
    database.executescript(
        f"BEGIN; {script} PRAGMA application_id = {APPLICATION_ID};"
        f" PRAGMA user_version = {step}; COMMIT;"
    )


def _back_up(path: Path, version: int) -> None:
    """Keep a copy, ``chat.db.before-2`` for an upgrade to version 2."""
    copy = path.with_name(f"{path.name}.before-{VERSION}")
    partial = copy.with_name(copy.name + ".part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(partial)) as target,
    ):
        source.backup(target)
    partial.replace(copy)
