"""Every kind of damage is found, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chatd.store.database import SEARCH
from tests.tools import database
from tests.tools.command import chatd, done
from tests.tools.database import OPS, event, make_index

ADD = "INSERT INTO events (t, kind, uid, nick, text, id) VALUES (1, 'text', '', '', '', "
DAMAGE = {
    "what a CHECK forbids": (
        "PRAGMA ignore_check_constraints = ON; UPDATE accounts SET role = 'king'",
        "CHECK constraint failed in accounts",
    ),
    "an index that is gone": (
        "DROP INDEX events_by_nonce",
        "the index events_by_nonce is missing",
    ),
    "a trigger that is gone": (
        "DROP TRIGGER message_is_added",
        "the trigger message_is_added is missing",
    ),
    "a hole": (
        "DELETE FROM events WHERE id = 1 << 32 | 2",
        "conversation 1: event 2 is missing",
    ),
    "a larger hole": (
        "DELETE FROM events WHERE id BETWEEN 1 << 32 | 3 AND 1 << 32 | 5",
        "conversation 1: events 3 to 5 are missing",
    ),
    "a hole at the beginning": (
        "DELETE FROM events WHERE id = 2 << 32 | 1",
        "conversation 2: event 1 is missing",
    ),
    "what was to expire is there": (
        "UPDATE conversations SET expired = 1 WHERE id = 2",
        "conversation 2: event 1 is there, but 1 were erased",
    ),
    "expired, and a hole behind": (
        f"UPDATE conversations SET expired = 11; DELETE FROM events; {ADD}1 << 32 | 13)",  # noqa: S608
        "conversation 1: event 12 is missing",
    ),
    "events without a conversation": (
        f"{ADD}9 << 32 | 1)",
        "events: 1 of conversation 9, which does not exist",
    ),
    **{
        f"{table} without a conversation": (
            f"UPDATE {table} SET conversation = 9",  # noqa: S608
            f"{table}: {count} of conversation 9, which does not exist",
        )
        for table, count in (
            ("memberships", 2),
            ("sanctions", 2),
            ("invitations", 1),
            ("pins", 1),
            ("markers", 2),
            ("levels", 1),
        )
    },
    **{
        f"{table} without an account": (
            f"UPDATE {table} SET uid = 'u-x' WHERE uid = 'u-bo'",  # noqa: S608
            f"{table}: 1 of account u-x, which does not exist",
        )
        for table in ("tokens", "memberships", "markers", "levels")
    },
    "ignores without an account": (
        "UPDATE ignores SET uid = 'u-x'",
        "ignores: 1 of account u-x, which does not exist",
    ),
    "a pin on nothing": (
        "UPDATE pins SET seq = 99",
        "pins: message 99 of conversation 1 does not exist",
    ),
    "a marker beyond the end": (
        "UPDATE markers SET seq = 11 WHERE conversation = 1",
        "markers: u-ana read at 11 in conversation 1, which ends at 10",
    ),
    "a membership since beyond the end": (
        "UPDATE memberships SET since = 12 WHERE uid = 'u-bo'",
        "memberships: u-bo joined at 12 in conversation 1, which ends at 10",
    ),
    "a reaction to nothing": (
        "UPDATE reactions SET id = 1 << 32 | 77",
        "reactions: 1 under event 77 of conversation 1, which does not exist",
    ),
    "a mention in nothing": (
        "UPDATE mentions SET id = 1 << 32 | 77",
        "mentions: 1 under event 77 of conversation 1, which does not exist",
    ),
    "an answer to nothing": (
        "UPDATE events SET of = 99 WHERE id = 1 << 32 | 2",
        "conversation 1, event 2: it refers to 99, which does not exist",
    ),
    "an answer to what comes later": (
        "UPDATE events SET of = 8 WHERE id = 1 << 32 | 2",
        "conversation 1, event 2: it refers to 8, which does not exist",
    ),
    "a deleted text that is there": (
        "UPDATE events SET text = 'still' WHERE id = 1 << 32 | 6",
        "conversation 1, event 6: it is deleted, and its text is still there",
    ),
    "a viewed text that is there": (
        "UPDATE events SET text = 'still' WHERE id = 2 << 32 | 3",
        "conversation 2, event 3: it is viewed, and its text is still there",
    ),
    "the text of an edit of what is deleted": (
        "UPDATE events SET text = '', state = 'deleted' WHERE id = 1 << 32 | 4",
        "conversation 1, event 5: it is an edit of 4, which is deleted, and its text is still",
    ),
    "a deletion that was not done": (
        "UPDATE events SET text = 'still', state = NULL WHERE id = 1 << 32 | 6",
        "conversation 1, event 7: it deleted 6, which is not marked so",
    ),
    "a view-once text that was viewed": (
        "UPDATE events SET state = 'viewed' WHERE id = 2 << 32 | 2",
        "conversation 2, event 2: it cannot be viewed any more, and its text is still there",
    ),
    "a view-once text of nothing": (
        "UPDATE secrets SET id = 2 << 32 | 9",
        "conversation 2, event 9: it cannot be viewed any more, and its text is still there",
    ),
    "a view-once message without its text": (
        "DELETE FROM secrets",
        "conversation 2, event 2: it can be viewed once, and has no text",
    ),
    "an unknown kind": (
        "UPDATE events SET kind = 'shout' WHERE id = 1 << 32 | 10",
        "conversation 1, event 10: its kind, shout, is unknown",
    ),
    "an act that cannot be read": (
        "UPDATE events SET text = '{' WHERE id = 1 << 32 | 9",
        "conversation 1, event 9: what was done cannot be read",
    ),
    "a room's name that is none": (
        "UPDATE conversations SET name = '#o ps' WHERE id = 1",
        "conversation 1: its name and its key do not fit",
    ),
    "a room's key that is not its name's": (
        "UPDATE conversations SET key = '#sales' WHERE id = 1",
        "conversation 1: its name and its key do not fit",
    ),
    "an account's name that is none": (
        "UPDATE accounts SET name = 'b o' WHERE uid = 'u-bo'",
        "account u-bo: its name cannot be one",
    ),
    "an account's name that is another's": (
        "UPDATE accounts SET name = 'ANA', created = 5 WHERE uid = 'u-bo'",
        "account u-bo: its name is that of account u-ana",
    ),
    "a session that cannot be read": (
        "UPDATE sessions SET seen = '{}'",
        "a session of u-ana cannot be read",
    ),
    "an audit row that is gone": (
        "DROP TRIGGER audit_is_not_shortened; DELETE FROM audit WHERE n = 1",
        "audit: the rows between 0 and 2 are missing",
    ),
    "the newest audit row is gone": (
        "DROP TRIGGER audit_is_not_shortened; DELETE FROM audit WHERE n = 2",
        "audit: the rows after 1 are missing, up to 2",
    ),
}


def problems(path: Path) -> list[str]:
    """Return what is found to be wrong, without the summary."""
    ran = chatd("verify", "--data", path.parent)
    assert ran.stderr == ""
    *found, summary = ran.stdout.splitlines()
    assert ran.returncode == (1 if found else 0)
    assert summary.startswith(str(path))
    assert ("no problem" in summary) == (not found)
    return found


def test_a_database_in_order_has_no_problem(path: Path) -> None:
    assert problems(path) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(path: Path, damage: str) -> None:
    statements, sentence = DAMAGE[damage]
    database.run(path, *statements.split(";"))
    assert any(one.startswith(sentence) for one in problems(path))


def test_nothing_is_changed_and_nothing_left_behind(path: Path) -> None:
    make_index(path)
    before = path.read_bytes()
    problems(path)
    assert path.read_bytes() == before
    extra = {"chat.db-wal", "chat.db-shm", "search.db-wal", "search.db-shm"}
    assert {file.name for file in path.parent.iterdir()} - extra == {"chat.db", SEARCH}


def test_what_a_crash_left_in_the_log_stays_there(path: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed" / path.name
    crashed.parent.mkdir()
    log = path.with_name(f"{path.name}-wal")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("DELETE FROM events WHERE id = 1 << 32 | 2")
        for file in (path, log):
            (crashed.parent / file.name).write_bytes(file.read_bytes())
    before = crashed.read_bytes(), (crashed.parent / log.name).read_bytes()
    assert before[1]
    assert "conversation 1: event 2 is missing" in problems(crashed)
    assert (crashed.read_bytes(), (crashed.parent / log.name).read_bytes()) == before


def test_many_problems_are_counted(path: Path) -> None:
    rows = (event(OPS, seq, "x") for seq in range(12, 1012, 2))
    database.add_events(path, rows)
    found = problems(path)
    assert found[99:] == ["conversation 1: event 209 is missing", "holes: 400 more"]


def test_retention_leaves_no_problem(path: Path) -> None:
    database.run(
        path,
        "DELETE FROM events WHERE id >> 32 = 1 AND id & 4294967295 <= 8",
        "UPDATE conversations SET expired = 8 WHERE id = 1",
        "DELETE FROM pins",
        "DELETE FROM reactions",
        "DELETE FROM mentions",
    )
    assert problems(path) == []


# Pages


def test_a_page_of_nonsense_is_found(path: Path) -> None:
    database.add_events(path, (event(OPS, seq, "x" * 200) for seq in range(11, 3000)))
    database.run(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    assert problems(path) != []


@pytest.mark.parametrize("keep", [0, 50, 3000, 50_000])
def test_a_truncated_file_is_found(path: Path, keep: int) -> None:
    database.run(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(path.read_bytes()[:keep])
    ran = chatd("verify", "--data", path.parent)
    assert ran.returncode == 1
    assert ran.stdout + ran.stderr != ""


# Beside a server


def test_it_reads_one_moment_beside_a_writer(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM events WHERE id = 1 << 32 | 2")
        assert problems(path) == []
        writer.execute("COMMIT")
    assert "conversation 1: event 2 is missing" in problems(path)


def test_its_word_is_good_for_a_script(path: Path) -> None:
    assert done("verify", "--data", path.parent) == f"{path}: 13 events, no problem\n"
