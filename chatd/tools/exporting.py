"""``chatd export``: what was said, as JSON Lines, or as pages to read in a browser."""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from chatd import __version__
from chatd.core.events import timestamp
from chatd.core.names import room_name
from chatd.tools import ToolError, lines, site
from chatd.tools.access import reading
from chatd.tools.files import whole_file
from chatd.tools.lines import SEQ, Account, Conversation, Event, Header, Line
from chatd.tools.output import bar, count, say
from chatd.tools.tables import TABLES, Table

JSONL = "chat.jsonl"

# What a room's export tells of the accounts that it mentions: no digest, role or whereabouts.
_PEOPLE = """
SELECT uid, name, 'user', '', created, NULL FROM accounts WHERE uid IN (
    SELECT uid FROM memberships WHERE conversation = :number
    UNION SELECT uid FROM markers WHERE conversation = :number
    UNION SELECT uid FROM levels WHERE conversation = :number
    UNION SELECT uid FROM invitations WHERE conversation = :number
    UNION SELECT target FROM sanctions WHERE conversation = :number
    UNION SELECT uid FROM events WHERE id BETWEEN :first AND :last
) ORDER BY uid
"""


class Scope(NamedTuple):
    """What is exported: one room by its number and name, or everything."""

    number: int | None = None
    name: str = lines.EVERYTHING

    def rows(self, table: Table) -> tuple[str, dict[str, int]]:
        """Return how to read the rows of a table, empty where it has none to tell."""
        everything = f"SELECT {table.columns} FROM {table.name}"  # noqa: S608
        order = f" ORDER BY {table.key}"
        if self.number is None:
            return everything + order, {}
        number = {"number": self.number}
        ids = {"first": self.number << 32, "last": self.number << 32 | SEQ}
        if table.line is Account:
            return _PEOPLE, {**number, **ids}
        if table.packed:
            return f"{everything} WHERE id BETWEEN :first AND :last{order}", ids
        if table.of_rooms:
            column = "id" if table.line is Conversation else "conversation"
            return f"{everything} WHERE {column} = :number{order}", number
        return "", {}


def run(options: argparse.Namespace) -> int:
    """Write the export."""
    out: Path = options.out
    pages = options.format != "jsonl"
    if pages:
        _check_directory(out)
    with reading(options.data) as database:
        scope = Scope() if options.room is None else find_room(database, options.room)
        if not pages:
            _write_lines(database, scope, out, force=options.force)
            return 0
        out.mkdir(mode=0o700, exist_ok=True)
        if options.format == "both":
            _write_lines(database, scope, out / JSONL, force=False)
        site.write(database, scope.number, out)
    return 0


def _check_directory(out: Path) -> None:
    if out.suffix in {".html", ".htm"}:
        raise ToolError(f"pages go to a directory; name it {out.with_suffix('')}, say")
    if out.exists() and not out.is_dir():
        raise ToolError(f"{out} is a file; name a new directory for the pages")
    if out.exists() and any(out.iterdir()):
        raise ToolError(f"{out} is not empty; name a new directory for the pages")


def find_room(database: sqlite3.Connection, text: str) -> Scope:
    """Return the room that is called so. Raises ``ToolError``, and ``Refusal`` for no name."""
    name = room_name(text if text.startswith("#") else f"#{text}")
    row = database.execute(
        "SELECT id, name FROM conversations WHERE kind = 'room' AND key = ? AND closed = 0",
        (name.key,),
    ).fetchone()
    if row is None:
        raise ToolError(f"there is no room {name.shown} in which anything was said")
    return Scope(*row)


def _write_lines(database: sqlite3.Connection, scope: Scope, path: Path, *, force: bool) -> None:
    total = sum(_size(database, scope, table) for table in TABLES)
    header = Header(
        format=lines.FORMAT,
        version=lines.VERSION,
        software=f"chatd {__version__}",
        made=timestamp(int(time.time() * 1000)),
        scope=scope.name,
        lines=total,
    )
    with (
        whole_file(path, force=force) as part,
        part.open("wb") as file,
        bar("exporting", total, " lines") as progress,
    ):
        file.write(lines.encode(header))
        for line in _lines(database, scope):
            file.write(lines.encode(line))
            progress.update()
    say(f"{path}: {count(total, 'line')} of {scope.name}")


def _size(database: sqlite3.Connection, scope: Scope, table: Table) -> int:
    query, names = scope.rows(table)
    if not query:
        return 0
    return int(database.execute(f"SELECT count(*) FROM ({query})", names).fetchone()[0])  # noqa: S608


def _lines(database: sqlite3.Connection, scope: Scope) -> Iterator[Line]:
    for table in TABLES:
        query, names = scope.rows(table)
        if not query:
            continue
        for row in database.execute(query, names):
            line = table.line(**dict(zip(table.fields, row, strict=True)))
            yield _kept_secret(line) if isinstance(line, Event) else line


def _kept_secret(event: Event) -> Event:
    """Return an event without a text that nobody may read: viewed once, deleted, not viewed yet.

    A view-once message whose text stays behind can't be viewed any more: it counts as deleted.
    """
    if event.kind != "once" and event.state not in {"deleted", "viewed"}:
        return event
    return msgspec.structs.replace(event, text="", mentions=None, state=event.state or "deleted")
