"""``chatd import``: takes in what ``chatd export`` has written, all of it or nothing."""

from __future__ import annotations

import argparse
import secrets
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from argon2 import PasswordHasher

from chatd.core.errors import Refusal
from chatd.core.grammar import clean
from chatd.core.names import fold, nick_name, room_name
from chatd.data import DATABASE
from chatd.tools import ToolError, lines
from chatd.tools.access import audit, changing, holding
from chatd.tools.lines import Account, Audit, Conversation, Event, Header, Line
from chatd.tools.output import bar, count, say
from chatd.tools.tables import TABLE_OF

BATCH = 1000
LONGEST = 16 * 1024 * 1024  # bytes of a line; a message has 4 KiB
_OPAQUE = frozenset({"nonce", "digest", "secret"})  # never shown to anybody


def run(options: argparse.Namespace) -> int:
    """Take in a file."""
    path: Path = options.file
    with path.open("rb") as file:
        header = _header(path, file)
        if options.as_ is not None and header.scope == lines.EVERYTHING:
            raise ToolError("--as names one room, and this file holds everything")
        with holding(options.data), changing(options.data / DATABASE) as database:
            taken = _Import(database, options.as_, header.scope)
            _read(path, file, header, taken)
            taken.finish()
        for note in taken.notes():
            say(note)
    said = count(taken.counts[Event], "event")
    say(f"{path}: {said} in {count(taken.counts[Conversation], 'conversation')}")
    return 0


def _header(path: Path, file: BinaryIO) -> Header:
    try:
        header = lines.decode(file.readline(LONGEST))
    except (msgspec.DecodeError, UnicodeDecodeError):
        header = None
    if not isinstance(header, Header) or header.format != lines.FORMAT:
        raise ToolError(f"{path} was not written by chatd export")
    if header.version > lines.VERSION:
        raise ToolError(
            f"{path} is of version {header.version}, newer than this chatd knows"
            f" ({lines.VERSION}); install a newer chatd"
        )
    return header


def _read(path: Path, file: BinaryIO, header: Header, taken: _Import) -> None:
    number = 0
    with bar("importing", header.lines, " lines") as progress:
        while data := file.readline(LONGEST):
            number += 1
            try:
                taken.take(_line(data))
            except (msgspec.DecodeError, UnicodeError, Refusal, sqlite3.IntegrityError) as error:
                problem = error.text.rstrip(".") if isinstance(error, Refusal) else str(error)
                # What SQLite refuses was handed over together with some lines before it.
                where = "at or before" if isinstance(error, sqlite3.Error) else "in"
                raise ToolError(
                    f"{path} cannot be imported: {where} line {number + 1}: {problem}"
                ) from None
            progress.update()
        taken.flush()
    if number != header.lines:
        raise ToolError(
            f"{path} is not whole: of {header.lines:,} lines there are {number:,};"
            " nothing was imported"
        )


def _line(data: bytes) -> Line:
    line = lines.decode(data)
    if isinstance(line, Header):
        raise msgspec.DecodeError("a second header")
    for field, text in lines.texts(line):
        if field not in _OPAQUE and clean(text, lines=True) != text:
            raise msgspec.DecodeError(f"{field} has control characters, which no chatd writes")
    return line


class _Import:
    """What is taken in, in a transaction of ``database``; a room is called ``as_`` from now on."""

    def __init__(self, database: sqlite3.Connection, as_: str | None, scope: str) -> None:
        self._scope = scope
        self.counts: Counter[type[Line]] = Counter()
        self._database = database
        self._name = room_name(as_) if as_ is not None else None
        self._highest = _one(
            database,
            "SELECT max((SELECT coalesce(max(id), 0) FROM conversations),"
            " (SELECT coalesce(max(id >> 32), 0) FROM events))",
        )
        self._audited = _one(database, "SELECT count(*) FROM audit") > 0
        self._known = {uid for (uid,) in database.execute("SELECT uid FROM accounts")}
        self._names = {fold(name) for (name,) in database.execute("SELECT name FROM accounts")}
        self._numbers: dict[int, int] = {}
        self._strangers: dict[str, str] = {}
        self._unfit = ""
        self._without_password = 0
        self._rows: list[dict[str, Any]] = []
        self._kind: type[Line] = Line

    def notes(self) -> list[str]:
        """Return what the administrator should know besides."""
        notes = [
            f"{name} is another account here; what belonged to the one in the file was left out"
            for name in self._strangers.values()
        ]
        if self._without_password:
            made = count(self._without_password, "account")
            notes.append(f"{made} made without a password; chatd passwd NAME gives one")
        return notes

    def take(self, line: Line) -> None:
        """Take in a line. Raises ``ToolError``, ``Refusal`` and what SQLite refuses."""
        if isinstance(line, Account):
            line = self._account(line)
        elif isinstance(line, Conversation):
            line = self._conversation(line)
        elif isinstance(line, Audit) and self._audited:
            line = msgspec.structs.replace(line, n=0)
        if not self._wanted(line):
            return
        row = msgspec.structs.asdict(line)
        if not isinstance(line, Conversation) and "conversation" in row:
            row["conversation"] = self._number(row["conversation"])
        if isinstance(line, Audit):
            row["n"] = row["n"] or None
        if type(line) is not self._kind or len(self._rows) >= BATCH:
            self.flush()
            self._kind = type(line)
        self._rows.append(row)

    def flush(self) -> None:
        """Hand what was taken so far to SQLite."""
        if self._rows:
            self._database.executemany(TABLE_OF[self._kind].insert, self._rows)
            self.counts[self._kind] += len(self._rows)
            self._rows.clear()

    def finish(self) -> None:
        """Have the import in the audit log.

        An empty server is an exact copy afterwards: there, nothing is added to the log. What was
        taken in is found by a search when the server has run for a while: see schema_2.sql.
        """
        if self._highest or self._audited or self._known:
            room = "" if self._scope == lines.EVERYTHING else self._scope
            audit(self._database, "import", room=room)

    def _account(self, account: Account) -> Account:
        key = nick_name(account.name).key
        if account.uid in self._known:
            return account
        if key in self._names:
            self._strangers[account.uid] = account.name
            return account
        self._names.add(key)
        if not account.digest:
            self._without_password += 1
            return msgspec.structs.replace(account, digest=self._no_password())
        return account

    def _no_password(self) -> str:
        """Return a digest that fits no password."""
        self._unfit = self._unfit or PasswordHasher().hash(secrets.token_bytes(32))
        return self._unfit

    def _conversation(self, line: Conversation) -> Conversation:
        if line.kind == "room":
            name = self._name or room_name(line.name)
            line = msgspec.structs.replace(line, key=name.key, name=name.shown)
        if not line.closed and self._is_there(line):
            raise ToolError(_there_already(line, self._scope))
        number = line.conversation + self._highest
        self._numbers[line.conversation] = number
        return msgspec.structs.replace(line, conversation=number)

    def _is_there(self, line: Conversation) -> bool:
        same = "key = ?1" if line.kind == "room" else "key = ?1 AND name = ?2"
        found = self._database.execute(
            f"SELECT 1 FROM conversations WHERE kind = ?3 AND {same} AND closed = 0",  # noqa: S608
            (line.key, line.name, line.kind),
        )
        return found.fetchone() is not None

    def _number(self, number: int) -> int:
        if number not in self._numbers:
            raise msgspec.DecodeError(f"conversation {number} is not in the file")
        return self._numbers[number]

    def _wanted(self, line: Line) -> bool:
        """Whether a row belongs to nobody else than an account of ours."""
        if isinstance(line, Account):
            return line.uid not in self._known and line.uid not in self._strangers
        if type(line) in _PERSONAL:
            return getattr(line, _PERSONAL[type(line)]) not in self._strangers
        return True


_PERSONAL: dict[type[Line], str] = {
    lines.Token: "uid",
    lines.Ignore: "uid",
    lines.Membership: "uid",
    lines.Sanction: "target",
    lines.Invitation: "uid",
    lines.Marker: "uid",
    lines.Level: "uid",
}


def _there_already(line: Conversation, scope: str) -> str:
    if line.kind == "room" and scope == lines.EVERYTHING:
        return (
            f"there is a room {line.name} already; nothing was imported. An export of one room"
            " (--room) can be given another name"
        )
    if line.kind == "room":
        return f"there is a room {line.name} already; --as '#other' gives this one another name"
    return "the file holds a private conversation that is there already; nothing was imported"


def _one(database: sqlite3.Connection, question: str, *values: object) -> int:
    return int(database.execute(question, values).fetchone()[0])
