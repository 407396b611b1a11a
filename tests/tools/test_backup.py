"""A backup is whole, of one moment, and comes back."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chatd.data import DATABASE
from chatd.store.database import SEARCH
from chatd.store.schema import VERSION
from tests.tools import database
from tests.tools.command import chatd, done, environment, refused
from tests.tools.database import OPS, event, make_index

# Adds events as hard as it can, a transaction each, and says which one is committed.
WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = NORMAL")
row = "INSERT INTO events (id, t, kind, uid, nick, text) VALUES (?, 1, 'text', 'u', 'n', ?)"
for seq in range(11, 10_000_000):
    database.execute(row, (1 << 32 | seq, f"line {seq} " + "x" * 300))
    print(seq, flush=True)
"""


@contextmanager
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes hard to a database, until the end."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def newest(path: Path) -> int:
    (row,) = database.ask(path, "SELECT max(id) & 4294967295 FROM events WHERE id >> 32 = 1")
    assert isinstance(row[0], int)
    return row[0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_whole_while_somebody_writes_hard(path: Path, tmp_path: Path) -> None:
    with writer(path) as process:
        assert process.stdout is not None
        committed = 0
        for number in range(5):
            for _ in range(300):
                committed = int(process.stdout.readline())
            file = tmp_path / f"backup-{number}"
            done("backup", "--data", path.parent, file)
            assert newest(file) >= committed
            assert process.poll() is None
    new = tmp_path / "new"
    for number in range(5):
        file = tmp_path / f"backup-{number}"
        done("restore", "--data", new, file)
        done("verify", "--data", new)
        assert newest(new / DATABASE) == newest(file)


def test_everything_is_in_it(path: Path, tmp_path: Path) -> None:
    done("backup", "--data", path.parent, tmp_path / "copy")
    assert database.dump(tmp_path / "copy") == database.dump(path)
    assert database.ask(tmp_path / "copy", "PRAGMA user_version") == [(VERSION,)]
    assert database.ask(tmp_path / "copy", "PRAGMA auto_vacuum") == [(2,)]


def test_it_is_one_file_for_its_owner_alone(path: Path, tmp_path: Path) -> None:
    done("backup", "--data", path.parent, tmp_path / "copy")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy", "data"]
    assert mode(tmp_path / "copy") == 0o600
    assert mode(path.parent / "last_backup") == 0o600


def test_what_was_erased_is_not_in_it(path: Path, tmp_path: Path) -> None:
    """Not even where the database itself still has it in a page that is free."""
    with closing(sqlite3.connect(path, isolation_level=None)) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("CREATE TABLE notes (text TEXT)")
        careless.executemany("INSERT INTO notes VALUES (?)", [(f"forget me {'x' * 5000}",)] * 50)
        careless.execute("DROP TABLE notes")
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"forget me" in path.read_bytes()
    done("backup", "--data", path.parent, tmp_path / "copy")
    assert b"forget me" not in (tmp_path / "copy").read_bytes()


def test_what_is_there_already_stays(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("mine")
    assert "is there already" in refused("backup", "--data", path.parent, copy)
    assert copy.read_text() == "mine"
    done("backup", "--data", path.parent, "--force", copy)
    assert database.ask(copy, "SELECT count(*) FROM events") == [(13,)]
    assert mode(copy) == 0o600
    assert "is a directory" in refused("backup", "--data", path.parent, tmp_path)


@pytest.mark.parametrize("name", [DATABASE, f"{DATABASE}-wal", "lock", SEARCH, "manhole_keys"])
def test_the_servers_own_files_are_never_replaced(path: Path, name: str) -> None:
    sentence = refused("backup", "--data", path.parent, "--force", path.parent / name)
    assert "the server's own" in sentence
    assert database.ask(path, "SELECT count(*) FROM events") == [(13,)]


def test_where_nothing_can_be_written_there_is_a_sentence(path: Path, tmp_path: Path) -> None:
    sentence = refused("backup", "--data", path.parent, tmp_path / "none" / "copy")
    assert sentence.endswith(f"there is no directory {tmp_path / 'none'}")
    assert not (path.parent / "last_backup").exists()


def test_a_damaged_database_makes_no_backup(path: Path, tmp_path: Path) -> None:
    database.add_events(path, (event(OPS, seq, "x" * 200) for seq in range(11, 3000)))
    database.run(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    for page in range(len(data) // 4096 // 2, len(data) // 4096, 3):
        data[page * 4096 : page * 4096 + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    refused("backup", "--data", path.parent, tmp_path / "copy")
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_what_no_server_would_start_with_makes_no_backup(path: Path, tmp_path: Path) -> None:
    damaged(path, "against a CHECK")
    sentence = refused("backup", "--data", path.parent, tmp_path / "copy")
    assert "CHECK constraint failed in accounts" in sentence
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_what_an_interrupted_one_left_is_used_again(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.part").write_bytes(b"half of it")
    done("backup", "--data", path.parent, tmp_path / "copy")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy", "data"]


def test_a_database_of_the_version_before_is_backed_up(path: Path, tmp_path: Path) -> None:
    database.run(path, "PRAGMA user_version = 1")
    done("backup", "--data", path.parent, tmp_path / "copy")
    assert database.ask(tmp_path / "copy", "PRAGMA user_version") == [(1,)]


# Back


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    """A backup."""
    done("backup", "--data", path.parent, tmp_path / "copy")
    return tmp_path / "copy"


def test_it_comes_back_and_the_former_one_stays(path: Path, copy: Path) -> None:
    database.add_events(path, [event(OPS, 11, "later")])
    make_index(path)
    former = database.dump(path)
    told = done("restore", "--data", path.parent, copy)
    (aside,) = path.parent.glob("chat.db.before-restore-*")
    assert told == f"{path}: restored from {copy}; the former one is {aside}\n"
    assert database.dump(path) == database.dump(copy)
    assert database.dump(aside) == former
    assert (mode(path), mode(aside)) == (0o600, 0o600)
    # An index of what is not there any more would find it.
    assert not list(path.parent.glob(f"{SEARCH}*"))
    assert path.stat().st_nlink == aside.stat().st_nlink == 1


def test_what_only_the_log_held_is_in_the_former_one(path: Path, copy: Path) -> None:
    """As after a crash: the newest is in the write-ahead log, and must not meet the backup."""
    with writer(path) as process:
        assert process.stdout is not None
        for _ in range(50):
            committed = int(process.stdout.readline())
        process.kill()
        process.wait()
    assert path.with_name(f"{DATABASE}-wal").stat().st_size > 0
    done("restore", "--data", path.parent, copy)
    (aside,) = path.parent.glob("chat.db.before-restore-*")
    assert newest(aside) >= committed
    assert newest(path) == 10
    done("verify", "--data", path.parent)


@pytest.mark.parametrize("log", [b"", b"what is this", bytes(40_000)])
def test_a_stale_log_is_removed(path: Path, copy: Path, log: bytes) -> None:
    path.write_bytes(b"this was a database once" * 1000)
    path.with_name(f"{DATABASE}-wal").write_bytes(log)
    path.with_name(f"{DATABASE}-shm").write_bytes(b"x" * 32768)
    done("restore", "--data", path.parent, copy)
    assert database.dump(path) == database.dump(copy)
    asides = sorted(file.name for file in path.parent.glob("chat.db.before-restore-*"))
    assert len(asides) == (2 if log else 1)


def test_twice_in_a_second_keeps_both(path: Path, copy: Path) -> None:
    for _ in range(3):
        done("restore", "--data", path.parent, copy)
    assert len(list(path.parent.glob("chat.db.before-restore-*"))) == 3


def test_the_former_one_can_be_restored_itself(path: Path, copy: Path) -> None:
    database.add_events(path, [event(OPS, 11, "later")])
    done("restore", "--data", path.parent, copy)
    (aside,) = path.parent.glob("chat.db.before-restore-*")
    done("restore", "--data", path.parent, aside)
    assert newest(path) == 11


def test_into_nothing_it_makes_the_directory(copy: Path, tmp_path: Path) -> None:
    new = tmp_path / "a" / "new"
    assert done("restore", "--data", new, copy) == f"{new / DATABASE}: restored from {copy}\n"
    assert mode(new) == 0o700
    assert [file for file in new.iterdir() if mode(file) != 0o600] == []
    done("verify", "--data", new)


def damaged(copy: Path, how: str) -> str:
    """Damage a backup, and return what is to be said of it."""
    data = copy.read_bytes()
    if how == "cut":
        copy.write_bytes(data[: len(data) // 2])
        return "is damaged"
    if how == "nonsense":
        copy.write_bytes(b"hello, world\n" * 1000)
        return "is damaged or no database"
    if how == "empty":
        copy.write_bytes(b"")
        return "not a database of chatd"
    if how == "another program's":
        database.run(copy, "PRAGMA application_id = 7")
        return "not a database of chatd"
    if how == "newer":
        database.run(copy, "PRAGMA user_version = 99")
        return "version 99, newer"
    if how == "against a CHECK":
        unchecked = "PRAGMA ignore_check_constraints = ON"
        database.run(copy, unchecked, "UPDATE accounts SET role = 'king'")
        return "is damaged (CHECK constraint failed in accounts)"
    assert how == "a page of zeros"
    database.run(copy, *["INSERT INTO resting VALUES (random(), hex(zeroblob(900)), '', 1)"] * 50)
    data = copy.read_bytes()
    copy.write_bytes(data[: -5 * 4096] + bytes(4096) + data[-4 * 4096 :])
    return "is damaged"


@pytest.mark.parametrize(
    "how",
    [
        "cut",
        "nonsense",
        "empty",
        "another program's",
        "newer",
        "against a CHECK",
        "a page of zeros",
    ],
)
def test_what_is_no_good_is_refused_before_anything_changes(
    path: Path, copy: Path, how: str
) -> None:
    problem = damaged(copy, how)
    before = database.dump(path), sorted(path.parent.iterdir())
    assert problem in refused("restore", "--data", path.parent, copy)
    assert (database.dump(path), sorted(path.parent.iterdir())) == before


def test_the_database_itself_and_nothing_at_all_are_refused(path: Path, tmp_path: Path) -> None:
    assert "is the database itself" in refused("restore", "--data", path.parent, path)
    assert "there is no file" in refused("restore", "--data", path.parent, tmp_path / "none")
    assert chatd("verify", "--data", path.parent).returncode == 0
