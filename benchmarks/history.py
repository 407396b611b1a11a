"""How the store keeps up as the history grows: pages, search, unread counts, start, retention.

    python benchmarks/history.py            10 thousand and 1 million messages, about two minutes
    python benchmarks/history.py --full     and 10 million, about fifteen more, and 6 GB of disk

It prints a table in Markdown. Times are those that a caller of the store sees, in milliseconds: the
median of some tries and, behind it, the longest. Half of the messages are in one room, the others
in a hundred; their words are distributed as in a language (Zipf).
"""

# ruff: noqa: SLF001  it waits for what goes on within the store

from __future__ import annotations

import argparse
import itertools
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from twisted.internet import task
from twisted.internet.defer import Deferred, ensureDeferred

from chatd.core.log import Logged
from chatd.core.queries import PageOf, Place, Query, Reader, SearchFor, UnreadOf
from chatd.core.records import Appended, ConversationOpened, Expired
from chatd.store.database import SEARCH, connect, row_id
from chatd.store.indexing import Index
from chatd.store.schema import prepare
from chatd.store.sqlite import SQLiteStore
from chatd.store.writing import write

SIZES = (10_000, 1_000_000)
FULL = (10_000_000,)
ROOMS = 101  # the first holds half of all
LARGE = 1
T = 1_700_000_000_000
BATCH = 10_000
TRIES = 50
WORDS = 50_000
PATIENCE = 120.0  # seconds that retention, or tidying, may take
EVERY = 0.01  # seconds between two commits meanwhile
IN_PEACE = 2000  # commits to compare those with
RARE = "quicksilver"
READER = Reader("u0")
Reactor = Any


class Times(NamedTuple):
    """How long something took, in seconds."""

    taken: list[float]

    def __str__(self) -> str:
        typical, longest = statistics.median(self.taken), max(self.taken)
        return f"{typical * 1000:.2f} ({longest * 1000:.1f})"


class Count(NamedTuple):
    """A number with its unit."""

    number: float
    unit: str

    def __str__(self) -> str:
        return f"{self.number:,.1f} {self.unit}"


Measures = dict[str, Times | Count]


# Making a database


def vocabulary() -> tuple[list[str], list[float]]:
    """Return made-up words, and how often each is said, added up."""
    parts = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    chance = random.Random(2)
    words = list(dict.fromkeys("".join(chance.choices(parts, k=2 + n % 3)) for n in range(WORDS)))
    return words, list(itertools.accumulate(1 / (rank + 1) for rank in range(len(words))))


def texts(size: int) -> Iterator[str]:
    """Yield texts of about ten words; three of them hold a rare one, others a phrase."""
    words, weights = vocabulary()
    chance = random.Random(1)
    for number in range(size):
        said = chance.choices(words, cum_weights=weights, k=chance.randrange(3, 18))
        if number in {size // 10, size // 2, size - 5}:
            said.append(RARE)
        if number % 1000 == 7:
            said += ["seldom", "said"]
        yield " ".join(said)


def place_of(number: int) -> tuple[int, int]:
    """Return conversation and ``seq`` of the message with a number, from 0 on."""
    if number % 2 == 0:
        return LARGE, number // 2 + 1
    other = number // 2
    return 2 + other % (ROOMS - 1), other // (ROOMS - 1) + 1


def rows(size: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of events."""
    for number, text in enumerate(texts(size)):
        uid = f"u{number % 997}"
        yield row_id(*place_of(number)), T + number * 100, "text", uid, f"nick-{uid}", text


def build(path: Path, size: int) -> None:
    """Make a database of ``size`` messages, and its index as after an upgrade."""
    prepare(path)
    with closing(connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for number in range(1, ROOMS + 1):
            write(ConversationOpened(number, "room", f"#{number}", f"#{number}", T), database)
        trigger = "SELECT sql FROM sqlite_schema WHERE name = 'message_is_added'"
        (again,) = database.execute(trigger).fetchone()
        database.execute("DROP TRIGGER message_is_added")
        insert(database, rows(size))
        database.execute(again)
    index = Index(path.with_name(SEARCH), path)
    index.open()
    while index.filling:
        index.step()
    index.close()


def insert(database: sqlite3.Connection, events: Iterator[tuple[Any, ...]]) -> None:
    """Insert the rows of events."""
    while batch := list(itertools.islice(events, BATCH)):
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO events (id, t, kind, uid, nick, text) VALUES (?, ?, ?, ?, ?, ?)", batch
        )
        database.execute("COMMIT")


# Measuring


class Bench:
    """Measures one database of ``size`` messages."""

    def __init__(self, reactor: Reactor, path: Path, size: int) -> None:
        self.reactor = reactor
        self.path = path
        self.size = size
        self.measures: Measures = {}
        self.newest = {number: self._newest(number) for number in range(1, ROOMS + 1)}
        self.store = SQLiteStore(reactor, path)

    def _newest(self, number: int) -> int:
        if number == LARGE:
            return (self.size + 1) // 2
        others = self.size // 2
        return (others - (number - 2) + ROOMS - 2) // (ROOMS - 1)

    def places(self, behind: int | None = None) -> tuple[Place, ...]:
        """Return all rooms, as read up to ``behind`` messages before the newest."""
        return tuple(
            Place(
                conversation=number,
                name=f"#{number}",
                after=0 if behind is None else max(0, newest - behind),
                upto=newest,
                newest=T + self.size * 100,
            )
            for number, newest in self.newest.items()
        )

    async def measure(self) -> Measures:
        """Measure everything."""
        self._measure_files("")
        began = time.perf_counter()
        self.store.open(64, 0)
        self.measures["start"] = Times([time.perf_counter() - began])
        await self._measure_pages()
        await self._measure_searches()
        reply: Any = None
        for behind in (100, 1000):
            query = UnreadOf(self.places(behind), READER, 0, reply=reply, levels={})
            await self._time(f"unread counts of 101 rooms, {behind} each", query)
        await self._measure_commits()
        await self.store.close()
        self._measure_files(" afterwards")
        return self.measures

    def _measure_files(self, when: str) -> None:
        for name in (self.path.name, SEARCH):
            size = self.path.with_name(name).stat().st_size
            self.measures[f"{name}{when}"] = Count(size / 1e6, "MB")

    async def _time(self, name: str, *queries: Query) -> Any:
        """Ask all queries, or the one some times; return what was found at last."""
        taken, found = [], None
        for query in queries if len(queries) > 1 else queries * TRIES:
            began = time.perf_counter()
            found = await self.store.find(query)
            taken.append(time.perf_counter() - began)
        self.measures[name] = Times(taken)
        return found

    async def _measure_pages(self) -> None:
        newest, chance = self.newest[LARGE], random.Random(3)
        somewhere = {
            "newest": [newest + 1],
            "middle": [chance.randrange(newest // 4, newest // 4 * 3) for _ in range(TRIES)],
            "oldest": [201],
        }
        for name, seqs in somewhere.items():
            pages = [PageOf(LARGE, 0, before, 200, newest=True) for before in seqs]
            await self._time(f"page of 200, {name}", *pages)

    async def _measure_searches(self) -> None:
        common = vocabulary()[0]
        wanted: dict[str, dict[str, Any]] = {
            "a rare word": {"terms": (RARE,)},
            "a common word": {"terms": (common[0],)},
            "a rare and a common word": {"terms": (RARE, common[0])},
            "two words that never meet": {"terms": (RARE, "seldom")},
            "a phrase": {"terms": ("seldom said",)},
            "a beginning (ba*)": {"terms": ("ba*",)},
            "a beginning (quick*)": {"terms": ("quick*",)},
            "a common word, from:": {"terms": (common[0],), "uid": "u500", "author": "nick-u500"},
            "a common word, before: the middle": {
                "terms": (common[0],),
                "before": T + self.size * 50,
            },
        }
        for name, what in wanted.items():
            query = SearchFor(self.places(), READER, 50, **what)
            found, _ = await self._time(f"search: {name}", query)
            assert found or "never" in name, name

    async def _measure_commits(self) -> None:
        """Commit messages: in peace, while half of all expire, while the index is tidied."""
        self._note_commits("nothing else happens", await self._commit(lambda: False, IN_PEACE))
        store = self.store
        began = time.perf_counter()
        await self.store.commit([Expired(LARGE, T + self.size * 100)])

        def is_done() -> bool:
            late = time.perf_counter() - began > PATIENCE
            return late or not store._upkeep.pending

        taken = await self._commit(is_done, 1 << 60)
        self._note_commits("half expires", taken)
        self.measures["until half is erased"] = Count(time.perf_counter() - began, "s")
        began = time.perf_counter()
        index = connect(self.path.with_name(SEARCH), readonly=True)

        def is_tidy() -> bool:
            # It would rest for a minute first.
            store._index._rested = 0.0
            late = time.perf_counter() - began > PATIENCE
            (stale,) = index.execute("SELECT stale FROM progress").fetchone()
            seen = store._index.done > half
            return late or (seen and stale == 0 and not store._index._untidy)

        half = store._changed
        taken = await self._commit(is_tidy, 1 << 60)
        index.close()
        self._note_commits("the index is tidied", taken)
        self.measures["until it is"] = Count(time.perf_counter() - began, "s")

    def _note_commits(self, when: str, taken: list[float]) -> None:
        self.measures[f"commit while {when}"] = Times(taken)
        late = sum(one > 0.05 for one in taken)
        share = Count(100 * late / len(taken), "%")
        self.measures[f"longer than 50 ms while {when}"] = share

    async def _commit(self, is_done: Callable[[], bool], most: int) -> list[float]:
        taken: list[float] = []
        while len(taken) < most and not (taken and is_done()):
            number = 2 + len(taken) % (ROOMS - 1)
            self.newest[number] += 1
            logged = Logged(
                conversation=number,
                seq=self.newest[number],
                t=T + self.size * 100,
                kind="text",
                uid="u1",
                nick="nick-u1",
                text="ten words or so of a message of today",
            )
            began = time.perf_counter()
            await self.store.commit([Appended(logged)])
            taken.append(time.perf_counter() - began)
            await task.deferLater(self.reactor, EVERY)
        return taken


def table(results: dict[int, Measures]) -> str:
    """Return the measures of all sizes side by side, and how they grow."""
    sizes = sorted(results)
    lines = [
        " | ".join(["", "", *(f"{size:,}" for size in sizes), "growth"]).strip() + " |",
        "| --- " + "| ---: " * (len(sizes) + 1) + "|",
    ]
    for name in results[sizes[0]]:
        cells = [results[size][name] for size in sizes]
        first, last = (
            statistics.median(cell.taken) if isinstance(cell, Times) else cell.number
            for cell in (cells[0], cells[-1])
        )
        growth = f"{last / first:.1f}" if first else ""
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {growth} |")
    return "\n".join(lines)


async def run(reactor: Reactor, sizes: tuple[int, ...], folder: Path) -> None:
    """Measure all sizes, one after the other, and print the table."""
    results = {}
    for size in sizes:
        path = folder / str(size) / "chat.db"
        path.parent.mkdir()
        began = time.perf_counter()
        build(path, size)
        print(f"{size:,} messages: made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        results[size] = await Bench(reactor, path, size).measure()
    print(table(results))


def main(reactor: Reactor, *arguments: str) -> Deferred[None]:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--full", action="store_true", help="10 million messages, too")
    parser.add_argument("--folder", type=Path, help="where to make the databases")
    options = parser.parse_args(arguments)

    async def measure() -> None:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            await run(reactor, (*SIZES, *(FULL if options.full else ())), Path(folder))

    return ensureDeferred(measure())


if __name__ == "__main__":
    task.react(main, sys.argv[1:])
