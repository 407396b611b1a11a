"""The data directory: ours alone, and one server's at a time."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chatd.data import LOCK, DataDirectory
from chatd.options import StartError


def sentence(work: object) -> str:
    assert callable(work)
    with pytest.raises(StartError) as error:
        work()
    assert "\n" not in str(error.value)
    return str(error.value)


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "a" / "b")
    data.open()
    data.close()
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b" / LOCK).stat().st_mode) == 0o600


def test_one_that_is_there_is_used(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    data.check()
    data.open()
    data.close()


def test_checking_makes_nothing(tmp_path: Path) -> None:
    DataDirectory(tmp_path / "a").check()
    DataDirectory(tmp_path).check()
    assert list(tmp_path.iterdir()) == []


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    first, second = DataDirectory(tmp_path), DataDirectory(tmp_path)
    first.open()
    try:
        assert "another server" in sentence(second.check)
        assert "another server" in sentence(second.open)
    finally:
        first.close()


def test_the_lock_is_given_back(tmp_path: Path) -> None:
    first, second = DataDirectory(tmp_path), DataDirectory(tmp_path)
    first.open()
    first.close()
    second.check()
    second.open()
    second.close()


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    assert "not a directory" in sentence(DataDirectory(path).check)
    sentence(DataDirectory(path).open)


def test_below_a_file_there_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    sentence(DataDirectory(tmp_path / "file" / "data").check)
    sentence(DataDirectory(tmp_path / "file" / "data").open)


def test_a_lock_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    sentence(DataDirectory(tmp_path).check)
    sentence(DataDirectory(tmp_path).open)


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    data.open()
    data.close()
    data.close()


def test_it_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = DataDirectory(Path("data"))
    monkeypatch.chdir("/")
    assert data.path == tmp_path / "data"
