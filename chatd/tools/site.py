"""The pages of an export: which files there are, and what is read for each."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path

from chatd.core.log import Logged
from chatd.store.loading import EVENT_COLUMNS, row_to_logged
from chatd.tools import pages
from chatd.tools.files import whole_file
from chatd.tools.lines import SEQ
from chatd.tools.output import bar, count, say
from chatd.tools.pages import Page, Quote, Room

SIZE = 2000  # events on a page: half a megabyte, which a browser shows at once
INDEX = "index.html"
QUOTED = 80  # characters of a message that a reply shows
# Edits, deletions and reactions are shown with the message that they are about.
_SHOWN = "kind IN ('text', 'me', 'whisper', 'once', 'topic', 'mod')"
_WITHIN = "id BETWEEN :first AND :last"
_UNUSUAL = re.compile(r"[^a-z0-9_]+")


def write(database: sqlite3.Connection, number: int | None, out: Path) -> None:
    """Write the pages of a room to the directory ``out``; of all rooms, and a list of them."""
    rows = database.execute(
        "SELECT id, name, topic, private FROM conversations"
        " WHERE kind = 'room' AND closed = 0 AND coalesce(id = ?, true) ORDER BY key",
        (number,),
    ).fetchall()
    listed = []
    for ident, name, topic, private in rows:
        folder = out if number is not None else out / _folder(ident, name)
        folder.mkdir(mode=0o700, exist_ok=True)
        room = Room(name=name, topic=topic, private=bool(private))
        events = _RoomPages(database, ident, room).write(folder)
        listed.append((room, f"{folder.name}/{INDEX}", events))
    if number is None:
        _write(out / INDEX, pages.room_list(listed))
        say(f"{out / INDEX}: {count(len(listed), 'room')}")


def _folder(number: int, name: str) -> str:
    """Return a path for a room: a name may hold what a path must not, the number is its own."""
    return f"{number}-{_UNUSUAL.sub('-', name.lower()).strip('-')}".rstrip("-")


def _file(page: int) -> str:
    return INDEX if page == 1 else f"page-{page}.html"


def _write(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, "utf-8")


class _RoomPages:
    """The pages of one room, each with a part of its events."""

    def __init__(self, database: sqlite3.Connection, number: int, room: Room) -> None:
        self._database = database
        self._base = number << 32
        self._room = room
        self._whole = {"first": self._base, "last": self._base | SEQ}
        self._firsts, self._events = self._cut()
        # By whom, for people and messages that are not on the page itself.
        self._nicks = dict(self._rows("uid, nick", "kind = 'react'", self._whole))
        self._deleters = dict(self._rows("of, nick", "kind = 'delete'", self._whole))

    def write(self, folder: Path) -> int:
        """Write all pages, and return how many events they show."""
        files = tuple(_file(page + 1) for page in range(len(self._firsts)))
        with bar(self._room.name, self._events, " events") as progress:
            for page, file in enumerate(files):
                events = self._page_events(page)
                _write(folder / file, pages.page(self._room, self._page(page, files, events)))
                progress.update(len(events))
        made = count(len(files), "page")
        say(f"{folder / INDEX}: {self._room.name}, {count(self._events, 'event')} on {made}")
        return self._events

    def _rows(self, columns: str, which: str, ids: dict[str, int]) -> sqlite3.Cursor:
        return self._database.execute(
            f"SELECT {columns} FROM events WHERE {_WITHIN} AND {which} ORDER BY id",  # noqa: S608
            ids,
        )

    def _cut(self) -> tuple[list[int], int]:
        """Return the first id of each page, and how many events there are."""
        firsts, events = [], 0
        for events, (ident,) in enumerate(self._rows("id", _SHOWN, self._whole), 1):
            if events % SIZE == 1:
                firsts.append(ident)
        return firsts or [self._base], events

    def _ids(self, page: int) -> dict[str, int]:
        last = self._firsts[page + 1] - 1 if page + 1 < len(self._firsts) else self._base | SEQ
        return {"first": self._firsts[page], "last": last}

    def _page_events(self, page: int) -> list[Logged]:
        rows = self._rows(f"id, {EVENT_COLUMNS}", _SHOWN, self._ids(page))
        return [row_to_logged(row) for row in rows]

    def _page(self, page: int, files: tuple[str, ...], events: list[Logged]) -> Page:
        answered = {event.of for event in events if event.of is not None}
        return Page(
            number=page,
            files=files,
            events=events,
            reactions=self._reactions(page),
            quotes={seq: quote for seq in answered if (quote := self._quote(seq)) is not None},
            deleters=self._deleters,
        )

    def _reactions(self, page: int) -> pages.Reactions:
        found: pages.Reactions = defaultdict(lambda: defaultdict(list))
        rows = self._database.execute(
            f"SELECT id, uid, emoji FROM reactions WHERE {_WITHIN} ORDER BY id, emoji",  # noqa: S608
            self._ids(page),
        )
        for ident, uid, emoji in rows:
            found[ident & SEQ][emoji].append(self._nicks.get(uid, uid))
        return found

    def _quote(self, seq: int) -> Quote | None:
        """Return what a reply shows of the message that it answers."""
        ident = self._base | seq
        ids = {"first": ident, "last": ident}
        row = self._rows(f"id, {EVENT_COLUMNS}", _SHOWN, ids).fetchone()
        if row is None:
            return None
        logged = row_to_logged(row)
        page = max(0, bisect_right(self._firsts, ident) - 1)
        text = "" if logged.erased else " ".join(logged.text.split())
        short = text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
        return Quote(link=f"{_file(page + 1)}#s{seq}", nick=logged.nick, text=short)
