"""The file in which everything is kept."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from chatcli.settings import Settings
from tests.chatcli.events import texts
from tests.chatcli.runs import Run, stored

pytestmark = pytest.mark.usefixtures("folder")


def test_only_its_owner_may_read_it(first: Run, folder: Path) -> None:
    first.keep()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*")}
    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_with_nothing_to_keep_there_is_nothing_on_disk(first: Run, folder: Path) -> None:
    first.end()
    run = Run(cache=0)
    run.state.drafts.put("#lobby", "half")
    run.keep()
    run.end()
    assert run.state.find("#lobby") is None
    assert list(folder.glob("*")) == []


def test_keeping_ends_and_begins_when_one_says_so(first: Run, folder: Path) -> None:
    first.keep()
    assert b"three" in stored(folder)
    first.state.settings = Settings(cache=0)
    first.lasting.keep()
    assert list(folder.glob("*")) == []
    first.state.settings = Settings(cache=10)
    first.keep()
    assert b"three" in stored(folder)


def test_a_second_client_keeps_nothing_and_says_so(first: Run) -> None:
    first.keep()
    second = Run()
    assert "Another chatcli" in second.told[0]
    second.lasting.keep()
    second.end()
    assert first.lasting._file is not None


def test_several_guests_without_a_name_are_nothing_to_tell(folder: Path) -> None:
    one, other = Run(None), Run(None)
    assert other.told == []
    other.keep()
    other.end()
    one.end()


@pytest.mark.parametrize(
    "damage", [b"no database at all, but long enough to be looked at " * 40, None, "version"]
)
def test_a_file_that_is_of_no_use_is_put_aside(first: Run, folder: Path, damage: Any) -> None:
    first.end()
    (path,) = folder.glob("*.db")
    if isinstance(damage, bytes):
        path.write_bytes(damage)
    else:
        with sqlite3.connect(path) as database:
            if damage is None:
                database.execute("UPDATE item SET body = x'00' WHERE kind = 'line'")
            else:
                database.execute("PRAGMA user_version = 99")
        database.close()
    second = Run()
    assert "put aside" in second.told[0]
    second.log_in(seq=3)
    second.keep()
    second.end()
    third = Run()
    assert third.told == []
    assert third.state.find("#lobby")
    assert path.with_suffix(".damaged").exists()
    third.end()


def test_a_folder_that_cannot_be_written_is_told_and_survived(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file", "utf-8")
    run = Run()
    assert "cannot be kept" in run.told[0]
    run.keep()
    run.end()


def test_what_could_not_be_written_is_tried_again(first: Run) -> None:
    first.keep()
    file = first.lasting._file
    assert file is not None
    file._thread.submit(file._database.execute, "ALTER TABLE item RENAME TO away").result()
    first.state.drafts.put("#lobby", "half")
    first.lasting.keep()
    with pytest.raises(Exception, match="no such table"):
        file._writing.result()  # type: ignore[union-attr]
    first.lasting.keep()
    assert "cannot be kept" in first.told[0]
    file._thread.submit(file._database.execute, "ALTER TABLE away RENAME TO item").result()
    first.chat.time += 60
    first.end()
    second = Run()
    assert second.state.drafts.take_back("#lobby") == "half"
    assert texts(second.state) == ["one", "two", "three"]
    second.end()
