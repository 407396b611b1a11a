"""``chatd backup`` and ``chatd restore``: the database as one file, and back.

``VACUUM INTO`` reads the whole database in one transaction, so that the copy is of one moment
and never begins anew however hard a server writes (https://www.sqlite.org/lang_vacuum.html). It
copies what the tables hold and no free pages, where something erased could linger.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chatd.core.events import timestamp
from chatd.data import CLAIM_CODE, DATABASE, HOST_KEY, LOCK, MANHOLE_KEYS
from chatd.store.database import SEARCH
from chatd.tools import ToolError
from chatd.tools.access import check_kind, database_in, examining, holding, open_readonly
from chatd.tools.files import belong, sync, whole_file
from chatd.tools.output import bar, complain, say

LAST = "last_backup"
_STEP = 500_000  # of SQLite's machine, between two looks at how far a copy is
_DATABASES = {f"{name}{end}" for name in (DATABASE, SEARCH) for end in ("", "-wal", "-shm")}
_OURS = _DATABASES | {CLAIM_CODE, LOCK, HOST_KEY, MANHOLE_KEYS, LAST}


def back_up(options: argparse.Namespace) -> int:
    """Copy the database to a file, also while a server writes."""
    file: Path = options.file
    source = database_in(options.data)
    if file.name in _OURS and file.parent.resolve() == options.data.resolve():
        raise ToolError(f"{file} is the server's own; name another file")
    with whole_file(file, force=options.force) as part:
        with closing(open_readonly(source)) as database:
            check_kind(database, source, current=False)
            copy(database, part)
        with _blaming(part), closing(open_readonly(part)) as database:
            check_kind(database, part, current=False)
            _check(part)
    _remember(options.data, file)
    say(f"{file}: {_megabytes(file)} of the database, checked; keys are not in it")
    return 0


def copy(database: sqlite3.Connection, part: Path) -> None:
    """Copy a database into an empty file."""
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    size = database.execute("PRAGMA page_size").fetchone()[0]
    with bar("copying", pages * size, "B", scaled=True) as progress:

        def look() -> int:
            progress.update(part.stat().st_size - progress.n)
            return 0

        database.set_progress_handler(look, _STEP)
        database.execute("VACUUM INTO ?", (str(part.absolute()),))
        database.set_progress_handler(None, 0)


def _check(path: Path) -> None:
    """Raise ``ToolError`` for a damaged database."""
    with examining(path) as database, bar(f"checking {path.name}") as progress:

        def look() -> int:
            progress.refresh()
            return 0

        database.set_progress_handler(look, _STEP)
        problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        database.set_progress_handler(None, 0)
    if problem != "ok":
        raise ToolError(f"{path} is damaged ({' '.join(str(problem).split())})")


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Have SQLite's errors tell which file they are about."""
    try:
        yield
    except sqlite3.Error as error:
        raise ToolError(f"{path} is damaged or no database ({error})") from None


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:,.1f} MB"


def _remember(data: Path, file: Path) -> None:
    """Note when the last backup was made, which the doctor asks for."""
    note = data / LAST
    try:
        with whole_file(note, force=True) as part:
            part.write_text(f"{timestamp(int(time.time() * 1000))} {file.absolute()}\n", "utf-8")
        belong(note)
    except (OSError, ToolError) as error:
        complain(f"chatd backup: the backup is good, but {note} cannot be written: {error}")


# Back


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the database, which is kept aside."""
    file: Path = options.file
    if not file.is_file():
        raise ToolError(f"there is no file {file}")
    with closing(open_readonly(file)) as database:
        with _blaming(file):
            check_kind(database, file, current=False)
            _check(file)
        with holding(options.data):
            path = options.data / DATABASE
            if path.exists() and path.samefile(file):
                raise ToolError(f"{file} is the database itself")
            # A former restore was interrupted, if there is one.
            new = path.with_name(f"{DATABASE}.restored")
            new.unlink(missing_ok=True)
            with whole_file(new) as part:
                copy(database, part)
            belong(new)
            aside = _put_in_place(new, path)
    say(f"{path}: restored from {file}" + (f"; the former one is {aside}" if aside else ""))
    return 0


def _put_in_place(new: Path, path: Path) -> Path | None:
    """Make ``new`` the database, and return where the former one is.

    Whenever this is interrupted, there is a database at ``path``: the former or the new one. A
    write-ahead log must never meet a database that it is not of, so it goes first.
    """
    aside = None
    log = path.with_name(f"{DATABASE}-wal")
    if path.exists():
        _finish_log(path)
        aside = _free_name(path)
        if log.exists() and log.stat().st_size:
            # Of a database that cannot be opened any more: with its log, it may yet be saved.
            aside.with_name(f"{aside.name}-wal").hardlink_to(log)
        aside.hardlink_to(path)
    rests = [log, path.with_name(f"{DATABASE}-shm")]
    # The search index is made anew; the one that is there may know what the backup doesn't.
    rests += [path.with_name(f"{SEARCH}{end}") for end in ("", "-wal", "-shm")]
    for rest in rests:
        rest.unlink(missing_ok=True)
    sync(path.parent)
    new.replace(path)
    sync(path.parent)
    return aside


def _finish_log(path: Path) -> None:
    """Bring what is in the write-ahead log into the database.

    One that cannot be read stays as it is: closing it would write to it, and remove the log.
    """
    with contextlib.suppress(sqlite3.Error, ToolError):
        with closing(open_readonly(path)) as database:
            check_kind(database, path, current=False)
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _free_name(path: Path) -> Path:
    day = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    name = f"{path.name}.before-restore-{day}"
    number = 1
    while os.path.lexists(path.with_name(name)):
        number += 1
        name = f"{path.name}.before-restore-{day}-{number}"
    return path.with_name(name)
