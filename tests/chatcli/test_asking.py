"""Secrets that are asked for, and those that somebody types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.asking import Ask, command_of, questions_for, secret_from
from chatcli.commands import understand
from chatcli.model import State
from chatd.core import commands as asked
from chatd.core.commands import COMMANDS


@pytest.mark.parametrize(
    ("typed", "answers", "command"),
    [
        ("/login ana", ["pw"], asked.Login(name="ana", password="pw")),
        ("/LOGIN ana", ["two words"], asked.Login(name="ana", password="two words")),
        ("/register", ["pw", "pw"], asked.Register(password="pw")),
        ("/passwd", ["old", "new", "new"], asked.Passwd(old="old", new="new")),
        ("/unregister", ["pw"], asked.Unregister(password="pw")),
        ("/reset bo", ["pw", "pw"], asked.Reset(name="bo", password="pw")),
        ("/claim", ["code"], asked.Claim(code="code")),
    ],
)
def test_what_is_asked_for(typed: str, answers: list[str], command: asked.Command) -> None:
    ask = understand(typed, State())
    assert isinstance(ask, Ask)
    assert command_of(ask, answers) == command


@pytest.mark.parametrize("typed", ["/login", "/login a b", "/register pw", "/passwd a b", "/who"])
def test_what_is_not_asked_for(typed: str) -> None:
    assert questions_for(typed) is None


def test_what_is_not_the_same_twice_or_empty_is_no_command() -> None:
    ask = questions_for("/register")
    assert ask is not None
    with pytest.raises(ValueError, match="same twice"):
        command_of(ask, ["a", "b"])
    with pytest.raises(ValueError, match="empty"):
        command_of(ask, ["", ""])


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        ("/login ana hunter two", "hunter two"),
        ("/login ana ", ""),
        ("/register pw", "pw"),
        ("/passwd old new", "old new"),
        ("/login ana", None),
        ("/msg ana hunter", None),
        ("//login ana hunter", None),
        ("login ana hunter", None),
        ("/", None),
        ("", None),
    ],
)
def test_where_a_secret_begins(typed: str, secret: str | None) -> None:
    start = secret_from(typed)
    assert (None if start is None else typed[start:]) == secret


def test_every_secret_of_the_table_is_masked() -> None:
    for row in COMMANDS.values():
        secret = {"PASSWORD", "OLD", "NEW", "CODE"} & {each.word for each in row.arguments}
        words = " ".join("x" for _ in row.arguments)
        assert (secret_from(f"/{row.name} {words}") is not None) == bool(secret), row.name


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    for typed in (text, f"/{text}", f"/login {text}"):
        start = secret_from(typed)
        assert start is None or 0 <= start <= len(typed)
        questions_for(typed if typed.startswith("/") else f"/{typed}")
