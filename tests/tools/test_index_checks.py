"""The search index is whole, and as the messages are."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatd.store.database import SEARCH
from tests.tools import database
from tests.tools.database import OPS, event, make_index
from tests.tools.test_verify import problems


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (None, None),
        ("DELETE FROM words WHERE rowid = 1 << 32 | 1", "1 messages are not in it as they are"),
        ("UPDATE words SET text = 'x' WHERE rowid = 1 << 32 | 1", "1 messages are not in it"),
        ("INSERT INTO words (rowid, text) VALUES (77, 'x')", "1 messages are in it that do not"),
        ("UPDATE words_content SET c0 = 'x' WHERE id = 1 << 32 | 1", "do not fit its texts"),
        ("DELETE FROM words_data WHERE id > 10", "do not fit its texts"),
    ],
)
def test_the_search_index_is_compared(path: Path, damage: str | None, sentence: str | None) -> None:
    search = make_index(path)
    if damage is None or sentence is None:
        assert problems(path) == []
        return
    database.run(search, damage)
    found = problems(path)
    assert any(f"{SEARCH}: " in one and sentence in one for one in found), found
    assert found[-1] == f"{SEARCH}: delete it while no server runs, and it is made anew"


def test_what_the_index_has_yet_to_see_to_is_no_problem(path: Path) -> None:
    search = make_index(path)
    database.add_events(path, [event(OPS, 11, "quite new")])
    database.run(path, "UPDATE events SET text = 'other words' WHERE id = 1 << 32 | 2")
    assert problems(path) == []
    database.run(search, "UPDATE progress SET done = done + 2")
    assert f"{SEARCH}: 2 messages are not in it as they are" in problems(path)


def test_an_index_that_is_being_made_is_no_problem(path: Path) -> None:
    search = make_index(path)
    database.run(search, "DELETE FROM words", "UPDATE progress SET filled = 0")
    assert problems(path) == []


def test_an_index_that_is_no_database_is_a_problem(path: Path) -> None:
    path.with_name(SEARCH).write_bytes(b"nonsense" * 1000)
    assert any(one.startswith(f"{SEARCH}: ") for one in problems(path))
