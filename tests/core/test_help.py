"""Help, made from the tables."""

from __future__ import annotations

import pytest

from chatd.core.commands import COMMANDS
from chatd.core.errors import ERRORS
from chatd.core.results import HelpText
from tests.core.world import World


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana")
    made.connect("console", console=True)
    return made


def test_help_lists_what_a_guest_can_do(world: World) -> None:
    told = world.answer("ana", "/help", HelpText)
    assert {line.name for line in told.commands} == {
        name for name, row in COMMANDS.items() if row.who != "a"
    }


def test_help_lists_everything_to_an_administrator(world: World) -> None:
    told = world.answer("console", "/help", HelpText)
    assert {line.name for line in told.commands} == set(COMMANDS)


@pytest.mark.parametrize("topic", ["join", "/join", "JOIN", " join "])
def test_help_explains_a_command(world: World, topic: str) -> None:
    told = world.answer("ana", f"/help {topic}", HelpText)
    assert [line.usage for line in told.commands] == ["/join #R [KEY]"]


@pytest.mark.parametrize(("topic", "asked"), [("login", True), ("passwd", True), ("token", False)])
def test_help_tells_that_secrets_are_asked_for(world: World, topic: str, asked: bool) -> None:
    told = world.answer("ana", f"/help {topic}", HelpText)
    assert any("you are asked" in line for line in told.text) is asked


@pytest.mark.parametrize("topic", ["rooms", "ROOMS", " rooms "])
def test_help_explains_a_subject(world: World, topic: str) -> None:
    told = world.answer("ana", f"/help {topic}", HelpText)
    assert [line.name for line in told.commands] == [
        *("join", "part", "list", "knock", "topic", "go"),
    ]
    assert {line.subject for line in told.commands} == {"rooms"}


def test_a_subject_is_never_called_as_a_command(world: World) -> None:
    told = world.answer("console", "/help", HelpText)
    assert not {line.subject for line in told.commands} & set(COMMANDS)


@pytest.mark.parametrize("topic", ["302", "E302", "!E302", "INVITE_ONLY", "invite_only"])
def test_help_explains_an_error(world: World, topic: str) -> None:
    told = world.answer("ana", f"/help {topic}", HelpText)
    assert told.text == (f"302 INVITE_ONLY: {ERRORS[302].cause}.",)


@pytest.mark.parametrize("topic", ["nonsense", "999", "²", "9" * 5000, "٣٠٢"])
def test_help_about_nothing_is_refused(world: World, topic: str) -> None:
    assert world.code("ana", f"/help {topic}") == 101


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained(world: World, name: str) -> None:
    told = world.answer("ana", f"/help {name}", HelpText)
    assert told.commands[0].summary
    assert told.text[0].startswith("For ")
