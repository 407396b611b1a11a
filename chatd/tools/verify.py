"""``chatd verify``: looks for damage, also while the server runs."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterable
from typing import Any

from chatd.store.database import SEARCH
from chatd.tools.access import database_in, examining, reading
from chatd.tools.checks import CHECKS
from chatd.tools.index_checks import look_at_index
from chatd.tools.output import bar, count, say

SHOWN = 100  # problems of one check; the rest is counted
_STEP = 500_000  # of SQLite's machine, between two looks at the clock


def run(options: argparse.Namespace) -> int:
    """Print what is wrong, a line each."""
    path = database_in(options.data)
    found, events = _Found(), 0
    with bar("checking", len(CHECKS) + 1) as progress:
        try:
            with reading(options.data), examining(path) as database:
                database.execute("BEGIN")
                database.set_progress_handler(lambda: _refresh(progress), _STEP)
                for check in CHECKS:
                    progress.set_description(check.what)
                    found.take(check.what, check.look(database))
                    progress.update()
                events = database.execute("SELECT count(*) FROM events").fetchone()[0]
        except sqlite3.Error as error:
            found.add(f"it cannot be read ({error}); chatd restore puts a backup in its place")
        progress.set_description("search index")
        before = found.number
        found.take(SEARCH, (f"{SEARCH}: {one}" for one in look_at_index(options.data)))
    if found.number > before:
        found.problems.append(f"{SEARCH}: delete it while no server runs, and it is made anew")
    for problem in found.problems:
        say(problem)
    problems = count(found.number, "problem") if found.number else "no problem"
    say(f"{path}: {count(events, 'event')}, {problems}")
    return 1 if found.number else 0


def _refresh(progress: Any) -> int:
    progress.refresh()
    return 0


class _Found:
    """What is wrong: lines to print, and how many problems that are."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.number = 0

    def add(self, problem: str) -> None:
        """Take a problem."""
        self.number += 1
        self.problems.append(problem)

    def take(self, what: str, problems: Iterable[str]) -> None:
        """Take the problems that a check of ``what`` finds."""
        before = self.number
        try:
            for problem in problems:
                self.number += 1
                if self.number - before <= SHOWN:
                    self.problems.append(problem)
        except sqlite3.Error as error:
            self.add(f"{what}: this cannot be checked ({error})")
        more = self.number - before - SHOWN
        if more > 0:
            self.problems.append(f"{what}: {more:,} more")
