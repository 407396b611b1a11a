"""Which files can be used, and how they are brought up to date."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from chatd.store import StoreError, schema
from chatd.store.schema import APPLICATION_ID, VERSION, check, prepare
from chatd.store.sqlite import SQLiteStore
from tests.fakes import ImmediateReactor


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.db"


@pytest.fixture
def database(path: Path) -> Path:
    """A database of this version."""
    prepare(path)
    return path


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


def ask(path: Path, question: str) -> object:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchone()[0]


def refusal(path: Path) -> str:
    """Return the sentence with which a file is refused, by all who open it, and unchanged."""
    before = path.read_bytes()
    with pytest.raises(StoreError) as checked:
        check(path)
    with pytest.raises(StoreError):
        SQLiteStore(ImmediateReactor(), path).open(10, 0)
    assert path.read_bytes() == before
    assert "\n" not in str(checked.value)
    assert str(path) in str(checked.value)
    return str(checked.value)


def test_a_new_database_has_version_mode_and_mark(database: Path) -> None:
    assert check(database) == VERSION
    assert ask(database, "PRAGMA application_id") == APPLICATION_ID
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_checking_makes_nothing(path: Path) -> None:
    assert check(path) == 0
    assert not path.exists()


def test_an_empty_file_is_no_database_yet(path: Path) -> None:
    path.touch()
    assert check(path) == 0
    prepare(path)
    assert check(path) == VERSION


def test_preparing_again_changes_nothing(database: Path) -> None:
    before = database.read_bytes()
    prepare(database)
    assert database.read_bytes() == before
    assert [file.name for file in database.parent.iterdir()] == ["chat.db"]


def test_a_newer_version_is_refused(database: Path) -> None:
    run(database, f"PRAGMA user_version = {VERSION + 1}")
    assert f"version {VERSION + 1}, newer" in refusal(database)


def test_another_programs_database_is_refused(path: Path) -> None:
    run(path, "CREATE TABLE recipes (name TEXT)")
    assert "another program" in refusal(path)


def test_what_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"hello, world\n" * 1000)
    assert "damaged" in refusal(path)


def test_a_directory_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError):
        check(path)


@pytest.mark.parametrize("keep", [50, 2000, 5000])
def test_a_truncated_database_is_refused(database: Path, keep: int) -> None:
    _fill(database)
    database.write_bytes(database.read_bytes()[:keep])
    assert "damaged" in refusal(database)


def test_a_database_with_a_page_of_nonsense_is_refused(database: Path) -> None:
    _fill(database)
    data = bytearray(database.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xa5" * 4096
    database.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        check(database)


def test_of_a_large_database_only_beginning_and_length_are_looked_at(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(database)
    monkeypatch.setattr(schema, "SMALL", 0)
    assert check(database) == VERSION
    data = database.read_bytes()
    database.write_bytes(data[:-4096])
    assert "malformed" in refusal(database)


def test_an_index_that_cannot_be_made_is_told_of(database: Path) -> None:
    database.with_name("search.db").mkdir()
    with pytest.raises(StoreError, match=r"the search index .*search.db cannot be made"):
        SQLiteStore(ImmediateReactor(), database).open(10, 0)


def test_a_database_gives_back_what_it_does_not_need(database: Path) -> None:
    assert ask(database, "PRAGMA auto_vacuum") == 2


def _fill(database: Path) -> None:
    run(
        database,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
        " INSERT INTO events (id, t, kind, uid, nick, text)"
        " SELECT i, 0, 'text', 'u', 'ana', printf('line %d', i) FROM n",
    )


# Upgrades


@pytest.fixture
def upgrade(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database, and a program of the next version, whose step can be changed."""
    run(
        database,
        "INSERT INTO conversations (id, kind, key, name, topic, created)"
        " VALUES (1, 'room', '#a', '#a', 'words', 0)",
    )
    steps = tmp_path / "steps"
    shutil.copytree(Path(schema.__file__).parent, steps)
    (steps / f"schema_{VERSION + 1}.sql").write_text("ALTER TABLE conversations ADD colour TEXT;")
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    monkeypatch.setattr("chatd.store.schema.resources.files", lambda _: steps)
    return database


def backup(database: Path) -> Path:
    return database.with_name(f"chat.db.before-{VERSION + 1}")


def test_an_older_database_is_brought_up_to_date(upgrade: Path) -> None:
    prepare(upgrade)
    assert check(upgrade) == VERSION + 1
    assert ask(upgrade, "SELECT topic FROM conversations WHERE colour IS NULL") == "words"


def test_a_backup_is_made_first(upgrade: Path) -> None:
    prepare(upgrade)
    copy = backup(upgrade)
    assert ask(copy, "PRAGMA user_version") == VERSION
    assert ask(copy, "SELECT topic FROM conversations") == "words"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_step_that_fails_changes_nothing(upgrade: Path, tmp_path: Path) -> None:
    step = tmp_path / "steps" / f"schema_{VERSION + 1}.sql"
    step.write_text("ALTER TABLE conversations ADD colour TEXT; SELECT nonsense;")
    with pytest.raises(StoreError, match="cannot be prepared"):
        prepare(upgrade)
    assert ask(upgrade, "PRAGMA user_version") == VERSION
    assert "colour" not in str(ask(upgrade, "SELECT sql FROM sqlite_master"))


def test_without_an_upgrade_there_is_no_backup(database: Path) -> None:
    prepare(database)
    assert not backup(database).exists()
