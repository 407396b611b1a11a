"""A server that is killed while it writes: what was committed is there, and nothing by halves."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from chatd.core.inputs import Stored
from chatd.core.queries import AuditOf, PageOf
from chatd.store.database import SEARCH, connect
from chatd.store.indexing import Index
from chatd.store.loading import load
from chatd.store.reading import find
from chatd.store.schema import check, prepare
from tests.model import Model
from tests.store.committing import AT_ONCE, EXPIRING, batch, secret
from tests.tree import ROOT

ROUNDS = 6
RING = 10


def killed(path: Path, first: int, after: int) -> int:
    """Commit batches from ``first`` on, be killed after ``after`` of them; return the last."""
    program = [sys.executable, "-m", "tests.store.committing", str(path), str(first)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    last = first - 1
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        try:
            for line in running.stdout:
                last = int(line)
                if last >= first + after:
                    break
        finally:
            running.kill()
        # What it said before it died counts as well.
        for line in running.stdout:
            last = int(line) if line.endswith("\n") else last
    return last


def without_expiring(stored: Stored) -> Stored:
    """Return what is stored but for the room whose messages do not stay."""
    rooms = tuple(room for room in stored.rooms if room.conversation != EXPIRING)
    return msgspec.structs.replace(stored, rooms=rooms)


def models(last: int) -> Iterator[tuple[int, Model]]:
    """Yield what may be there when batch ``last`` was the last that is known to be."""
    model = Model()
    for number in range(1, last + AT_ONCE + 1):
        for record in batch(number):
            model.keep(record)
        if number >= last:
            yield number, model


def check_database(database: sqlite3.Connection, last: int) -> int:
    """Compare the database with what was committed; return the last batch that is in it."""
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    stored = without_expiring(load(database, RING, 0))
    for number, model in models(last):
        expected = without_expiring(model.stored(RING))
        if stored == expected:
            found, _ = find(database, PageOf(1, 0, 10**6, 10**6, newest=True))
            assert {(event.conversation, event.seq): event for event in found} == {
                place: event for place, event in model.events.items() if place[0] == 1
            }
            assert [act for _, act in find(database, AuditOf(10**6))] == model.audit
            return number
    pytest.fail(f"what is stored is of no batch from {last} on")


def check_expiring(database: sqlite3.Connection, number: int) -> None:
    """See that of the room whose messages do not stay the newest are left, without a hole."""
    room = next(room for room in load(database, RING, 0).rooms if room.conversation == EXPIRING)
    page, _ = find(database, PageOf(EXPIRING, 0, 10**6, 10**6, newest=True))
    seqs = [event.seq for event in page]
    assert room.seq == number
    assert seqs == list(range(max(room.expired, 1) + 1, number + 1))
    query = "SELECT count(*) FROM mentions WHERE id >> 32 = ?"
    assert database.execute(query, (EXPIRING,)).fetchone() == (len(seqs),)


def check_index(path: Path) -> None:
    """See that the index comes to hold what the database holds."""
    index = Index(path.with_name(SEARCH), path)
    index.open()
    wait: float | None = 0.0
    while wait is not None and wait < 1:
        wait = index.step()
    assert index._connection is not None
    held = index._connection.execute("SELECT rowid, text FROM search.words ORDER BY 1").fetchall()
    assert held == index._connection.execute("SELECT id, text FROM messages ORDER BY 1").fetchall()
    index.close()


def test_nothing_is_lost_or_kept_by_halves(tmp_path: Path) -> None:
    path, chance, number = tmp_path / "chat.db", random.Random(1), 0
    for _ in range(ROUNDS):
        last = killed(path, number + 1, chance.randrange(5, 60))
        check(path)
        prepare(path)
        with closing(connect(path)) as database:
            number = check_database(database, last)
            check_expiring(database, number)
        check_index(path)
        content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        for old in range(4, number - 1):
            assert secret(old)[:14].encode() not in content
        assert secret(number)[:14].encode() in content
    assert number > 100
