"""The help: made from the tables, by subject, on any screen."""

import pytest

from chatcli.commands import HELP, ITS_OWN, LOCAL, Do, Send, understand
from chatcli.keyboard import KEYS
from chatcli.model import State
from chatcli.state import enter
from chatcli.ui.help import help_rows, help_texts
from chatcli.ui.text import row_columns
from chatd.core.commands import COMMANDS, Help
from chatd.core.help import SUBJECTS, subject_of
from tests.chatcli.events import NOW, entered
from tests.chatcli.rows import plain


def test_each_subject_has_its_commands_and_no_others() -> None:
    for subject in SUBJECTS.values():
        text = "\n".join(help_texts({}, subject, admin=True))
        for row in COMMANDS.values():
            there = subject_of(row) == subject and row.name not in ITS_OWN
            assert (f"  {row.usage} " in text) == there


def test_the_whole_help_has_all_subjects_and_keys() -> None:
    text = "\n".join(help_texts({}))
    assert all(subject.capitalize() in text for subject in HELP - {"administration"})
    assert all(key.about in text for key in KEYS)
    assert all(row.usage in text for row in LOCAL.values())
    assert "/shutdown" not in text
    assert "/shutdown" in "\n".join(help_texts({}, admin=True))
    assert "/shutdown" in "\n".join(help_texts({}, "administration"))


def test_keys_that_were_set_are_shown() -> None:
    text = "\n".join(help_texts({"switch": ("Alt-Z",)}, "keys"))
    assert "Alt-Z" in text
    assert "Ctrl-K" not in text


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_the_help_fits_any_screen(columns: int) -> None:
    for text in help_texts({}, admin=True):
        rows = help_rows(text, columns)
        assert all(row_columns(row) <= columns for row in rows)
        words = " ".join(plain(row) for row in rows).split()
        assert "".join(words) == "".join(text.split())


def test_what_is_explained_stands_above_or_beside_its_explanation() -> None:
    text = "  /ban NICK    keeps a person, or a network, out of a room"
    beside = [plain(row) for row in help_rows(text, 44)]
    assert beside == [
        "  /ban NICK    keeps a person, or a network,",
        "               out of a room",
    ]
    above = [plain(row) for row in help_rows(text, 30)]
    assert above == ["  /ban NICK  ", "    keeps a person, or a", "    network, out of a room"]


@pytest.mark.parametrize(
    ("typed", "topic"), [("/help", ""), ("/help rooms", "rooms"), ("/help KEYS", "keys")]
)
def test_of_subjects_the_client_tells_itself(typed: str, topic: str) -> None:
    assert understand(typed, State()) == Do("help", topic)


@pytest.mark.parametrize("topic", ["join", "301", "/ban"])
def test_of_commands_and_errors_the_server_tells(topic: str) -> None:
    state = State()
    enter(state, entered(), NOW)
    action = understand(f"/help {topic}", state)
    assert isinstance(action, Send)
    assert isinstance(action.command, Help)
