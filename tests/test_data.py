"""The data directory: ours alone, and one server's at a time."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from chatd.data import LOCK, ClaimCode, DataDirectory
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


# The one-time code


def test_a_code_is_easy_to_type_and_hard_to_guess(tmp_path: Path) -> None:
    codes = {ClaimCode(tmp_path / str(number)).open() for number in range(20)}
    assert len(codes) == 20
    for code in codes:
        assert re.fullmatch("[A-HJ-NP-Z2-9]{5}(-[A-HJ-NP-Z2-9]{5}){3}", code)


def test_its_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    code = ClaimCode(tmp_path / "code")
    text = code.open()
    assert stat.S_IMODE(code.path.stat().st_mode) == 0o600
    assert code.path.read_text() == f"{text}\n"


def test_a_code_that_is_there_is_used_again(tmp_path: Path) -> None:
    text = ClaimCode(tmp_path / "code").open()
    again = ClaimCode(tmp_path / "code")
    assert again.open() == text
    assert again.fits(text)


@pytest.mark.parametrize("left", ["", "ABC", "x" * 100, "\xff\xfe"])
def test_half_a_code_is_replaced(tmp_path: Path, left: str) -> None:
    (tmp_path / "code").write_text(left)
    code = ClaimCode(tmp_path / "code")
    assert len(code.open()) == 23
    assert code.path.read_text().strip() == code.open()


def test_a_code_fits_however_it_is_written(tmp_path: Path) -> None:
    code = ClaimCode(tmp_path / "code")
    assert not code.fits("")
    text = code.open()
    for given in (text, text.lower(), text.replace("-", "")):
        assert code.fits(given)
    for given in ("", "-", text[:-1], f"{text}A", "ü", "\u0131"):
        assert not code.fits(given)


def test_a_used_code_is_worthless(tmp_path: Path) -> None:
    code = ClaimCode(tmp_path / "code")
    text = code.open()
    code.remove()
    code.remove()
    assert not code.fits(text)
    assert not code.path.exists()


def test_a_code_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    sentence(ClaimCode(tmp_path / "none" / "code").open)
    (tmp_path / "code").mkdir()
    sentence(ClaimCode(tmp_path / "code").open)
