"""A selected message, what can be done with it, and what the input answers."""

from __future__ import annotations

import pytest

from chatcli.line import Line, Member
from chatcli.model import State
from chatcli.settings import Settings
from chatcli.ui.answering import Answering
from chatcli.ui.selection import LINKS_OFFERED, Selection
from chatcli.ui.text import row_columns
from tests.chatcli.events import NOW
from tests.chatcli.rows import plain


def said(seq: int, who: str = "bo", text: str = "hi", **more: object) -> Line:
    own = who == "ana"
    return Line(kind="text", t=NOW, text=text, who=who, seq=seq, own=own, **more)  # type: ignore[arg-type]


@pytest.fixture
def state() -> State:
    """Return the state of ana, who sees three messages, the second one her own."""
    state = State(you="ana")
    lobby = state.open("#lobby")
    for line in (said(1), Line(kind="quiet", t=NOW, text="→ cy joined"), said(2, "ana"), said(3)):
        lobby.place(line)
    lobby.place(said(4, deleted=True))
    state.go("#lobby")
    return state


@pytest.fixture
def selection(state: State) -> Selection:
    return Selection(state)


def at(selection: Selection) -> int | None:
    return selection.line.seq if selection.line is not None else None


def test_it_goes_from_message_to_message(selection: Selection) -> None:
    assert at(selection) is None
    assert [selection.move(1) and at(selection) for _ in range(4)] == [3, 2, 1, False]
    assert at(selection) == 1
    assert [selection.move(-1) and at(selection) for _ in range(3)] == [2, 3, False]


def test_it_is_of_the_conversation_that_is_shown(state: State, selection: Selection) -> None:
    selection.move(1)
    state.open("@bo")
    state.go("@bo")
    assert selection.line is None
    assert not selection.move(1)


def test_new_lines_do_not_move_it(state: State, selection: Selection) -> None:
    selection.move(1)
    state.current.place(said(5))
    assert at(selection) == 3


def test_what_can_be_done_depends_on_whose_it_is(state: State, selection: Selection) -> None:
    selection.move(1)
    assert selection.names() == ["reply", "react", "copy"]
    selection.move(1)
    assert selection.names() == ["reply", "react", "edit", "delete", "copy"]
    state.current.members["ana"] = Member("ana", "moderator")
    state.roster += 1
    selection.move(-1)
    assert selection.names() == ["reply", "react", "delete", "copy", "pin"]


def test_what_can_be_viewed_once_can_be_viewed(state: State, selection: Selection) -> None:
    once = Line(kind="once", t=NOW, text="", who="bo", seq=9)
    selection.select(once)
    assert selection.names() == ["view"]
    once.viewed = True
    assert selection.names() == []


def test_links_are_offered_by_a_digit_each(selection: Selection) -> None:
    text = " ".join(f"http://{number}.example/" for number in range(20))
    selection.select(said(9, text=text))
    assert "open" in selection.names()
    assert len(selection.links) == LINKS_OFFERED
    selection.asked = "open"
    assert "1 0.example/" in plain(selection.bar(200))
    selection.select(said(10, text="http://a.example", ignored=True))
    assert selection.links == []


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_the_bar_fits_and_says_the_keys(state: State, selection: Selection, columns: int) -> None:
    selection.move(1)
    assert row_columns(selection.bar(columns)) == columns
    assert "r reply" in plain(selection.bar(columns))
    selection.tell("copied")
    assert row_columns(selection.bar(columns)) == columns
    assert "copied" in plain(selection.bar(columns))
    selection.asked = "delete"
    assert row_columns(selection.bar(columns)) == columns or columns < 40


def test_the_bar_says_the_keys_that_somebody_has_set(state: State, selection: Selection) -> None:
    state.settings = Settings(keys={"reply": ("x",)})
    selection.move(1)
    assert "x reply" in plain(selection.bar(80))


def test_what_is_answered_stays_with_its_conversation(state: State) -> None:
    answering = Answering(state)
    assert answering.prefix == answering.words == ""
    answering.begin("reply", said(3, text="what is\nnew?"))
    assert (answering.prefix, answering.words) == ("/reply 3 ", "↪ bo: what is new?")
    state.open("@bo")
    state.go("@bo")
    assert answering.prefix == ""
    answering.begin("react", said(1))
    assert answering.reacts
    assert answering.end() == "/react 1 "
    state.go("#lobby")
    assert answering.end() == "/reply 3 "
    assert answering.prefix == ""
