"""Files that are whole or not there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from chatd.tools import ToolError
from chatd.tools.files import belong, whole_file


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with whole_file(path) as part:
        part.write_text("hello")
        assert not path.exists()
    assert path.read_text() == "hello"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_goes_wrong_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError), whole_file(path, force=True) as part:
        part.write_text(f"half of {1 // 0}")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_two_do_not_write_the_same(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with whole_file(path) as part:
        part.write_text("first")
        with pytest.raises(ToolError, match="somebody else writes"), whole_file(path):
            pass
        assert part.read_text() == "first"
    assert path.read_text() == "first"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """In a directory that others may write to, somebody may have put one there."""
    (tmp_path / "file.part").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"), whole_file(tmp_path / "file"):
        pass
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("kind", ["device", "link", "link to nothing"])
def test_only_a_file_is_ever_replaced(tmp_path: Path, kind: str) -> None:
    """Who names /dev/null or /dev/stdout and --force must still have it afterwards."""
    path, other = tmp_path / "file", tmp_path / "other"
    if kind == "device":
        os.mkfifo(path)
    else:
        path.symlink_to(other)
    if kind == "link":
        other.touch()
    before = path.lstat()
    with pytest.raises(ToolError, match="a link or a device"), whole_file(path, force=True):
        pass
    assert path.lstat().st_ino == before.st_ino


def test_the_directory_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"no directory .*/nowhere$"):
        whole_file(tmp_path / "nowhere" / "file").__enter__()


@pytest.mark.parametrize(("user", "given"), [(0, True), (1000, False)])
def test_what_root_makes_is_the_directorys_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, *, given: bool
) -> None:
    calls: list[tuple[Path, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(os, "chown", lambda *call: calls.append(call))
    path = tmp_path / "file"
    path.touch()
    belong(path)
    owner = tmp_path.stat()
    assert calls == ([(path, owner.st_uid, owner.st_gid)] if given else [])
