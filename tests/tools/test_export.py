"""What an export holds, and what it must not."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from tests.tools import database
from tests.tools.command import done, refused
from tests.tools.database import OPS, event

HOSTILE = "<script>alert(1)</script>\x1b]0;owned\x07\x9b31m\u202e\x7f&amp;\"'"


def lines(file: Path) -> list[dict[str, Any]]:
    """Return the lines of an export but the header."""
    header, *rest = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (header["is"], header["lines"]) == ("header", len(rest))
    return rest


def of_kind(found: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in found if line["is"] == kind]


def test_everything_is_in_it(path: Path, tmp_path: Path) -> None:
    done("export", "--data", path.parent, tmp_path / "out")
    found = lines(tmp_path / "out")
    tables = {
        "account": "accounts",
        "conversation": "conversations",
        "token": "tokens",
        "resting": "resting",
        "ignore": "ignores",
        "membership": "memberships",
        "sanction": "sanctions",
        "invitation": "invitations",
        "pin": "pins",
        "marker": "markers",
        "level": "levels",
        "audit": "audit",
        "event": "events",
        "reaction": "reactions",
        "mention": "mentions",
    }
    counted = {kind: len(of_kind(found, kind)) for kind in tables}
    there = {
        kind: database.ask(path, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
        for kind, table in tables.items()
    }
    assert counted == there
    assert len(found) == sum(counted.values())
    assert all(account["digest"].startswith("$argon2id$") for account in of_kind(found, "account"))


def test_every_setting_of_a_room_is_in_it(path: Path, tmp_path: Path) -> None:
    done("export", "--data", path.parent, tmp_path / "out")
    (room,) = [c for c in of_kind(lines(tmp_path / "out"), "conversation") if c["kind"] == "room"]
    assert room == {
        "is": "conversation",
        "conversation": OPS,
        "kind": "room",
        "key": "#ops",
        "name": "#Ops",
        "topic": "opening hours",
        "created": 1,
        "private": 1,
        "secret": "h",
        "history": "joined",
        "retain": 86400000,
        "slow": 5,
    }


def test_a_room_comes_without_what_is_not_its_own(path: Path, tmp_path: Path) -> None:
    done("export", "--data", path.parent, "--room", "#OPS", tmp_path / "out")
    found = lines(tmp_path / "out")
    assert {line.get("conversation", OPS) for line in found} == {OPS}
    kinds = {line["is"] for line in found}
    assert kinds & {"token", "resting", "ignore", "audit"} == set()
    assert [account["name"] for account in of_kind(found, "account")] == ["ana", "bo", "Cyd"]
    assert {key for account in of_kind(found, "account") for key in account} == {
        "is",
        "uid",
        "name",
        "role",
        "created",
    }
    text = (tmp_path / "out").read_text("utf-8")
    assert "argon2" not in text
    assert "psst" not in text


def test_what_can_be_viewed_once_is_in_no_export(path: Path, tmp_path: Path) -> None:
    done("export", "--data", path.parent, tmp_path / "out")
    assert "secret-unviewed" not in (tmp_path / "out").read_text("utf-8")
    once = [line for line in lines(tmp_path / "out") if line.get("kind") == "once"]
    assert [line["state"] for line in once] == ["deleted", "viewed"]


def test_it_is_for_its_owner_alone(path: Path, tmp_path: Path) -> None:
    done("export", "--data", path.parent, "--format", "both", tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert {file.name for file in files} == {"chat.jsonl", "index.html"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_what_is_there_already_stays(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    assert "is there already" in refused("export", "--data", path.parent, out)
    assert "is a file" in refused("export", "--data", path.parent, "--format", "html", out)
    assert out.read_text() == "mine"
    done("export", "--data", path.parent, "--force", out)
    assert out.read_text() != "mine"
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "mine").touch()
    assert "not empty" in refused("export", "--data", path.parent, "--format", "html", pages)
    assert "go to a directory" in refused(
        "export", "--data", path.parent, "--format", "html", tmp_path / "ops.html"
    )
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "out", "pages"]


def test_a_room_that_does_not_exist_is_told(path: Path, tmp_path: Path) -> None:
    for room, sentence in (("#none", "there is no room #none"), ("#a b", "cannot be a name")):
        told = refused("export", "--data", path.parent, "--room", room, tmp_path / "out")
        assert sentence in told
    assert not (tmp_path / "out").exists()


def test_nothing_in_it_drives_a_terminal(path: Path, tmp_path: Path) -> None:
    database.add_events(path, [event(OPS, 11, HOSTILE, nick=HOSTILE)])
    done("export", "--data", path.parent, tmp_path / "out")
    text = (tmp_path / "out").read_text("utf-8")
    assert [sign for sign in "\x1b\x07\x9b\u202e\x7f" if sign in text] == []
    (found,) = [line for line in lines(tmp_path / "out") if line.get("seq") == 11]
    assert (found["text"], found["nick"]) == (HOSTILE, HOSTILE)
