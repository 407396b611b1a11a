"""What is remembered on disk: names and addresses, readable for their owner alone."""

import json
import stat
from pathlib import Path

import pytest

from chatcli.address import Address
from chatcli.profile import KEPT, Profile, Profiles

HERE, THERE = Address("localhost", 65432), Address("::1", 99)


def test_the_one_used_last_comes_first(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path / "chatcli" / "profiles.json")
    assert profiles.all() == []
    for profile in (Profile(HERE, "ana"), Profile(THERE, "bo"), Profile(HERE, "cy")):
        profiles.remember(profile)
    assert profiles.all() == [Profile(HERE, "cy"), Profile(THERE, "bo")]
    assert profiles.name_at(THERE) == "bo"
    profiles.forget(THERE)
    assert profiles.name_at(THERE) is None
    assert profiles.all() == [Profile(HERE, "cy")]


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "chatcli" / "profiles.json"
    Profiles(path).remember(Profile(HERE, "ana"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"profiles": 7}',
        '{"profiles": [7, {}, {"host": "a", "port": 99999, "name": "x"}, {"host": "a"}]}',
    ],
)
def test_a_file_of_no_use_is_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profiles.json"
    path.write_text(text, "utf-8")
    assert Profiles(path).all() == []
    Profiles(path).remember(Profile(HERE, "ana"))
    assert Profiles(path).all() == [Profile(HERE, "ana")]


def test_it_does_not_grow_without_end(tmp_path: Path) -> None:
    path = tmp_path / "profiles.json"
    for port in range(1, KEPT + 20):
        Profiles(path).remember(Profile(Address("host", port), "ana"))
    assert len(json.loads(path.read_text("utf-8"))["profiles"]) == KEPT


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    Profiles(tmp_path / "file" / "profiles.json").remember(Profile(HERE, "ana"))


def test_it_is_where_the_platform_keeps_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    Profiles().remember(Profile(HERE, "ana"))
    assert [path.name for path in tmp_path.rglob("*.json")] == ["profiles.json"]
