"""An import brings back what an export holds: all of it, or nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from chatd.data import DATABASE
from tests.tools import database
from tests.tools.command import done, refused
from tests.tools.database import OPS, event

MANY = 100_000


@pytest.fixture
def everything(path: Path, tmp_path: Path) -> Path:
    """An export of everything."""
    done("export", "--data", path.parent, tmp_path / "all.jsonl")
    return tmp_path / "all.jsonl"


@pytest.fixture
def room(path: Path, tmp_path: Path) -> Path:
    """An export of #ops."""
    done("export", "--data", path.parent, "--room", "#ops", tmp_path / "ops.jsonl")
    return tmp_path / "ops.jsonl"


def without_date(file: Path) -> tuple[dict[str, object], bytes]:
    """Return an export's header without its date, and all the rest."""
    header, _, rest = file.read_bytes().partition(b"\n")
    told = json.loads(header)
    del told["made"]
    return told, rest


def changed(file: Path, before: str, after: str) -> Path:
    """Return a copy of a file with another word in it."""
    text = file.read_text("utf-8")
    assert before in text
    copy = file.with_name("changed.jsonl")
    copy.write_text(text.replace(before, after, 1), "utf-8")
    return copy


def chatter(count: int) -> Iterator[dict[str, object]]:
    """Yield messages of every kind, in many alphabets."""
    chance = random.Random(1)
    words = ["hello", "Ω≈ç", "日本語", "👩\u200d👧", "e\u0301", "\u200fעברית", '"q"', "\\", "a\nb"]
    for seq in range(11, count + 1):
        text = " ".join(chance.choices(words, k=chance.randrange(1, 12)))
        kind = chance.choice(["text", "text", "me"])
        of = chance.randrange(1, 3) if chance.random() < 0.1 else None
        nonce = f"n{seq}" if chance.random() < 0.5 else None
        nick = chance.choice(["ana", "日本"])
        yield event(OPS, seq, text, kind=kind, of=of, nonce=nonce, nick=nick)


def test_many_messages_come_back_unchanged(path: Path, tmp_path: Path) -> None:
    database.add_events(path, chatter(MANY))
    first, second = tmp_path / "first", tmp_path / "second"
    done("export", "--data", path.parent, first)
    assert f"{MANY + 3:,} events" in done("import", "--data", tmp_path / "new", first)
    done("export", "--data", tmp_path / "new", second)
    assert without_date(first) == without_date(second)
    columns = "id, t, kind, uid, nick, text, of, room, mentions, nonce"
    of_both = [
        database.ask(one, f"SELECT {columns} FROM events ORDER BY id")  # noqa: S608
        for one in (path, tmp_path / "new" / DATABASE)
    ]
    assert of_both[0] == of_both[1]
    done("verify", "--data", tmp_path / "new")


def test_a_room_comes_back_unchanged(room: Path, tmp_path: Path) -> None:
    done("import", "--data", tmp_path / "new", room)
    done("export", "--data", tmp_path / "new", "--room", "#ops", tmp_path / "again")
    assert without_date(room) == without_date(tmp_path / "again")
    done("verify", "--data", tmp_path / "new")


def test_passwords_come_back_with_everything(everything: Path, tmp_path: Path) -> None:
    done("import", "--data", tmp_path / "new", everything)
    rows = database.ask(tmp_path / "new" / DATABASE, "SELECT digest FROM accounts")
    assert all(PasswordHasher().verify(str(digest), "old password") for (digest,) in rows)


def test_accounts_of_a_room_have_no_password(room: Path, tmp_path: Path) -> None:
    told = done("import", "--data", tmp_path / "new", room)
    assert "3 accounts made without a password; chatd passwd NAME gives one" in told
    rows = database.ask(tmp_path / "new" / DATABASE, "SELECT digest, role FROM accounts")
    assert {role for _, role in rows} == {"user"}
    for digest, _ in rows:
        with pytest.raises(VerifyMismatchError):
            PasswordHasher().verify(str(digest), "old password")


def test_the_files_that_it_makes_are_the_owners_alone(everything: Path, tmp_path: Path) -> None:
    done("import", "--data", tmp_path / "new", everything)
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert [f for f in (tmp_path / "new").iterdir() if f.stat().st_mode & 0o077] == []


# Into a server that has something


def test_a_room_that_is_there_is_refused(path: Path, room: Path) -> None:
    before = database.dump(path)
    sentence = refused("import", "--data", path.parent, room)
    assert "there is a room #Ops already; --as '#other' gives this one another name" in sentence
    assert database.dump(path) == before


def test_a_room_can_be_given_another_name(path: Path, room: Path) -> None:
    assert "10 events" in done("import", "--data", path.parent, "--as", "#Old-Ops", room)
    rows = database.ask(path, "SELECT id, key, name FROM conversations WHERE kind = 'room'")
    assert rows == [(1, "#ops", "#Ops"), (3, "#old-ops", "#Old-Ops")]
    same = "SELECT id & 4294967295, text, nick FROM events WHERE id >> 32 = {} ORDER BY id"
    assert database.ask(path, same.format(1)) == database.ask(path, same.format(3))
    members = "SELECT uid, role FROM memberships WHERE conversation = {}"
    assert database.ask(path, members.format(1)) == database.ask(path, members.format(3))
    audit = database.ask(path, "SELECT who, uid, action, room FROM audit ORDER BY n DESC LIMIT 1")
    assert audit == [("console", "console", "import", "#Ops")]
    done("verify", "--data", path.parent)


def test_an_account_stays_as_it_is_here(path: Path, room: Path) -> None:
    before = database.ask(path, "SELECT * FROM accounts ORDER BY uid")
    done("import", "--data", path.parent, "--as", "#old", room)
    assert database.ask(path, "SELECT * FROM accounts ORDER BY uid") == before


def test_nobody_takes_the_place_of_somebody_of_the_same_name(room: Path, tmp_path: Path) -> None:
    new = database.make(tmp_path / "new")
    database.run(new, "INSERT INTO accounts VALUES ('u-2', 'Ana', 'user', 'd', 1, NULL)")
    told = done("import", "--data", new.parent, room)
    assert "ana is another account here; what belonged to the one in the file was left out" in told
    assert database.ask(new, "SELECT uid FROM memberships") == [("u-bo",)]
    assert database.ask(new, "SELECT uid, name FROM accounts ORDER BY name") == [
        ("u-2", "Ana"),
        ("u-cy", "Cyd"),
        ("u-bo", "bo"),
    ]
    assert ("u-ana",) in database.ask(new, "SELECT DISTINCT uid FROM events")
    done("verify", "--data", new.parent)


def test_everything_can_join_what_is_there(everything: Path, tmp_path: Path) -> None:
    new = database.make(tmp_path / "new")
    database.add_events(new, [event(1, 1, "here before")])
    database.run(
        new,
        "INSERT INTO conversations (id, kind, key, name, created)"
        " VALUES (1, 'room', '#lobby', '#lobby', 1)",
        "INSERT INTO audit (t, who, uid, action, whom, room, address, why)"
        " VALUES (1, 'x', 'x', 'x', 'x', 'x', 'x', 'x')",
    )
    done("import", "--data", new.parent, everything)
    assert database.ask(new, "SELECT id, key FROM conversations ORDER BY id") == [
        (1, "#lobby"),
        (2, "#ops"),
        (3, "u-ana"),
    ]
    assert database.ask(new, "SELECT group_concat(action) FROM audit") == [("x,mute,ban,import",)]
    done("verify", "--data", new.parent)
    again = changed(everything, '"#ops","name":"#Ops"', '"#new","name":"#new"')
    sentence = refused("import", "--data", new.parent, again)
    assert "private conversation that is there already" in sentence


def test_everything_is_not_told_to_take_another_name(path: Path, everything: Path) -> None:
    sentence = refused("import", "--data", path.parent, everything)
    assert "there is a room #Ops already; nothing was imported. An export of one room" in sentence


def test_another_name_is_for_one_room_alone(everything: Path, tmp_path: Path) -> None:
    sentence = refused("import", "--data", tmp_path / "new", "--as", "#x", everything)
    assert "--as names one room" in sentence
    assert not (tmp_path / "new").exists()


# What cannot be imported


def test_what_was_cut_short_is_refused(path: Path, everything: Path, tmp_path: Path) -> None:
    data = everything.read_bytes()
    cut = tmp_path / "cut"
    for size, problem in ((len(data) - 200, "line"), (data.rindex(b"\n", 0, -1) + 1, "not whole")):
        cut.write_bytes(data[:size])
        assert problem in refused("import", "--data", tmp_path / "new", cut)
        assert database.ask(tmp_path / "new" / DATABASE, "SELECT count(*) FROM events") == [(0,)]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('"seq":3', '"seq":-3', "line"),
        ('"seq":3', '"seq":"3"', "line"),
        ('"seq":3', '"seq":2', "UNIQUE"),
        ('"is":"pin"', '"is":"pun"', "line"),
        ('"pin","conversation":1', '"pin","conversation":7', "conversation 7 is not in the file"),
        ('"name":"#Ops"', '"name":"#o ps"', "cannot be a name"),
        ('"name":"Cyd"', '"name":"C!"', "cannot be a name"),
        ('"role":"user"', '"role":"king"', "CHECK"),
        ("good morning", "good \\u001b[31m morning", "text has control characters"),
        ("opening hours", "opening\\u202e hours", "topic has control characters"),
        ('"version":1', '"version":2', "newer"),
        ('"format":"chatd export"', '"format":"xyz"', "was not written by chatd export"),
        ('"is":"header"', '"is":"hedder"', "was not written by chatd export"),
        ('{"is":"token"', '{"is":"token","colour":1', "colour"),
        ('{"is":"token"', "{", "line"),
    ],
)
def test_a_wrong_line_is_refused_with_everything(
    everything: Path, tmp_path: Path, before: str, after: str, problem: str
) -> None:
    new = database.make(tmp_path / "new")
    assert problem in refused("import", "--data", new.parent, changed(everything, before, after))
    for table in ("events", "accounts", "conversations", "audit", "tokens"):
        assert database.ask(new, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"hello\n", b"[]\n", b"x" * 100_000])
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    sentence = refused("import", "--data", tmp_path / "new", file)
    assert "was not written by chatd export" in sentence
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    sentence = refused("import", "--data", tmp_path / "new", tmp_path / "none")
    assert sentence.endswith("none: No such file or directory")
