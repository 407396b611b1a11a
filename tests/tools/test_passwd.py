"""Another password, for who has lost his."""

from __future__ import annotations

import sys
from pathlib import Path

import pexpect
import pytest
from argon2 import PasswordHasher

from tests.tools import database
from tests.tools.command import command, done, environment, refused


def fits(path: Path, password: str) -> bool:
    (row,) = database.ask(path, "SELECT digest FROM accounts WHERE uid = 'u-ana'")
    assert not PasswordHasher().check_needs_rehash(str(row[0]))
    return PasswordHasher().verify(str(row[0]), password)


def test_a_password_comes_from_a_pipe(path: Path) -> None:
    told = done("passwd", "--data", path.parent, "ana", typed="correct horse\n")
    assert told == "ana has another password; 1 token and 1 session ended\n"
    assert fits(path, "correct horse")


def test_what_logged_in_before_does_not_any_more(path: Path) -> None:
    done("passwd", "--data", path.parent, "ana", typed="correct horse")
    assert database.ask(path, "SELECT uid FROM tokens") == [("u-bo",)]
    assert database.ask(path, "SELECT uid FROM sessions") == []


def test_it_is_in_the_audit_log(path: Path) -> None:
    done("passwd", "--data", path.parent, "ana", typed="correct horse")
    rows = database.ask(path, "SELECT n, who, uid, action, whom, room, address, why FROM audit")
    assert rows[-1] == (3, "console", "console", "passwd", "ana", "", "", "")
    assert "correct horse" not in str(database.dump(path))
    done("verify", "--data", path.parent)


@pytest.mark.parametrize("name", ["ANA", "Ana", "cYD"])
def test_case_does_not_matter_in_a_name(path: Path, name: str) -> None:
    assert (
        name.lower() in done("passwd", "--data", path.parent, name, typed="correct horse").lower()
    )


def test_a_short_one_is_taken_with_a_word(path: Path) -> None:
    assert "; it is short; " in done("passwd", "--data", path.parent, "ana", typed="hors\n")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b"   \n", "empty"),
        (b" horse\n", "spaces around it"),
        (b"ho\x1brse\n", "control characters"),
        (b"\xff\xfe\n", "not UTF-8"),
        (b"x" * 2000, "longer than"),
    ],
)
def test_what_nobody_could_type_is_refused(path: Path, typed: bytes, problem: str) -> None:
    before = database.dump(path)
    assert problem in refused("passwd", "--data", path.parent, "ana", typed=typed)
    assert database.dump(path) == before


@pytest.mark.parametrize("name", ["nobody", "#ops", "", "a'b"])
def test_who_does_not_exist_is_told(path: Path, name: str) -> None:
    sentence = refused("passwd", "--data", path.parent, name, typed="correct horse")
    assert sentence == f"chatd passwd: there is no account {name}"


# On a terminal


def terminal(path: Path) -> pexpect.spawn:
    child = pexpect.spawn(
        sys.executable,
        command("passwd", "--data", path.parent, "ana")[1:],
        env=environment(),
        timeout=30,
        encoding="utf-8",
    )
    child.expect("New password for ana: ")
    child.sendline("correct horse")
    child.expect("The same again: ")
    return child


def test_on_a_terminal_it_is_asked_twice_and_not_shown(path: Path) -> None:
    child = terminal(path)
    child.sendline("correct horse")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "horse" not in child.before
    assert fits(path, "correct horse")


@pytest.mark.parametrize(
    ("typed", "status", "problem"),
    [
        ("other horse\n", 1, "not the same twice"),
        ("\x04", 1, "no password"),
        ("\x03", 130, "inter"),
    ],
)
def test_a_change_of_mind_changes_nothing(
    path: Path, typed: str, status: int, problem: str
) -> None:
    before = database.dump(path)
    child = terminal(path)
    child.send(typed)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == status
    assert problem in child.before
    assert database.dump(path) == before
