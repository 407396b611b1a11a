"""Drafts: every conversation has its own, and nothing that was typed is lost or shown elsewhere."""

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.history import InMemoryHistory

from chatcli.drafts import Drafts
from chatcli.line import Line
from chatcli.model import State
from chatcli.ui.answering import Answering
from chatcli.ui.drafting import PAUSE, Drafting, Recalling
from chatcli.ui.editing import Editing
from chatcli.ui.panes import conversation_rows
from tests.chatcli.chat import Chat
from tests.chatcli.events import NOW, msg


class Typing:
    """Somebody who types: follow() is called around each key, as the screen does."""

    def __init__(self, state: State) -> None:
        self.time = NOW
        self.state = state
        self.buffer = Buffer()
        self.editing = Editing(state)
        self.answering = Answering(state)
        self.drafting = Drafting(
            state, self.buffer, self.editing, self.answering, lambda: self.time
        )

    def type(self, text: str) -> None:
        self.drafting.follow()
        self.buffer.insert_text(text)
        self.drafting.follow()

    def go(self, title: str) -> None:
        self.state.go(title)

    def enter(self) -> None:
        self.drafting.follow()
        self.buffer.reset()
        self.drafting.follow()

    @property
    def shown(self) -> str:
        self.drafting.follow()
        return self.buffer.text


@pytest.fixture
def ana() -> Typing:
    """Return somebody who is in two rooms."""
    state = State()
    for title in ("#lobby", "#ops"):
        state.open(title)
    state.go("#lobby")
    return Typing(state)


def listed(state: State) -> list[str]:
    """Return the rows of the list of conversations."""
    rows = conversation_rows(state, 14, 5)
    return sorted("".join(fragment[1] for fragment in row).strip() for row in rows)


# In the input


def test_every_conversation_has_its_own_draft(ana: Typing) -> None:
    ana.type("to the lobby")
    ana.go("#ops")
    assert ana.shown == ""
    ana.type("to ops")
    ana.go("#lobby")
    assert ana.shown == "to the lobby"
    ana.go("#ops")
    assert ana.shown == "to ops"


def test_the_list_shows_where_a_draft_is(ana: Typing) -> None:
    ana.type("unfinished")
    ana.go("#ops")
    assert ana.shown == ""
    assert listed(ana.state) == ["#lobby ✎", "#ops"]
    ana.go("#lobby")
    assert ana.shown == "unfinished"
    assert listed(ana.state) == ["#lobby", "#ops"]


def test_two_refusals_of_the_same_words_are_two(ana: Typing) -> None:
    ana.state.drafts.give_back("#lobby", "ok")
    ana.state.drafts.give_back("#lobby", "ok")
    assert ana.state.drafts.for_disk() == {"#lobby": ["ok", "ok"]}


def test_a_key_right_after_going_elsewhere_goes_there(ana: Typing) -> None:
    ana.type("here")
    ana.go("#ops")
    ana.type("x")
    assert ana.buffer.text == "x"
    ana.go("#lobby")
    assert ana.shown == "here"


def test_what_was_sent_is_no_draft(ana: Typing) -> None:
    ana.type("sent")
    ana.enter()
    ana.go("#ops")
    ana.go("#lobby")
    assert ana.shown == ""


def test_undo_brings_nothing_of_another_conversation(ana: Typing) -> None:
    ana.type("private")
    ana.buffer.save_to_undo_stack()
    ana.go("#ops")
    assert ana.shown == ""
    ana.buffer.undo()
    assert ana.buffer.text == ""


def test_the_first_conversation_takes_what_was_typed_before_it() -> None:
    early = Typing(State())
    early.type("too early")
    early.state.open("#lobby")
    assert early.shown == "too early"
    assert early.state.drafts.for_disk() == {"#lobby": ["too early"]}


def test_a_draft_goes_with_a_person_who_has_another_name() -> None:
    chat = Chat(nick="ana")
    chat.begin()
    chat.tell(msg(1, in_="@bo"))
    chat.state.go("@bo")
    ana = Typing(chat.state)
    ana.type("dear bo")
    chat.tell({"ev": "nick", "old": "bo", "nick": "bob"})
    assert ana.shown == "dear bo"
    assert chat.state.drafts.for_disk() == {"@bob": ["dear bo"]}


def test_a_message_that_is_edited_stays_as_a_command(ana: Typing) -> None:
    line = Line(kind="text", t=NOW, text="first", who="ana", seq=7, own=True)
    ana.state.current.place(line)
    ana.editing.begin(line, ana.buffer)
    ana.drafting.follow()
    assert ana.state.drafts.for_disk() == {}
    ana.type(" and last")
    ana.go("#ops")
    assert ana.shown == ""
    ana.go("#lobby")
    assert ana.shown == "/edit 7 first and last"
    assert ana.editing.line is None


def test_an_answer_is_kept_with_what_it_answers(ana: Typing) -> None:
    line = Line(kind="text", t=NOW, text="who?", who="bo", seq=7)
    ana.answering.begin("reply", line)
    ana.type("me")
    assert ana.buffer.text == "me"
    assert ana.state.drafts.for_disk() == {"#lobby": ["/reply 7 me"]}
    ana.answering.end()
    ana.type("!")
    assert ana.state.drafts.for_disk() == {"#lobby": ["me!"]}


def test_what_is_another_s_does_not_stay_in_the_input(ana: Typing) -> None:
    ana.type("not for the next one")
    ana.state.drafts.clear()
    assert ana.shown == ""
    ana.type("mine")
    assert ana.shown == "mine"


# What was refused


def test_what_was_refused_comes_back_at_once_where_nothing_is_typed(ana: Typing) -> None:
    ana.drafting.give_back("refused")
    assert ana.shown == "refused"


def test_what_was_refused_waits_behind_what_is_typed(ana: Typing) -> None:
    ana.type("something else")
    ana.drafting.give_back("refused")
    assert ana.shown == "something else"
    assert ana.state.drafts.for_disk() == {"#lobby": ["something else", "refused"]}
    ana.enter()
    assert ana.shown == ""
    ana.time += PAUSE
    assert ana.shown == "refused"


def test_what_was_refused_elsewhere_is_there_when_one_comes(ana: Typing) -> None:
    ana.state.drafts.give_back("#ops", "refused")
    ana.time += PAUSE
    assert ana.shown == ""
    ana.go("#ops")
    assert ana.shown == "refused"


def test_what_was_refused_does_not_come_between_an_answer(ana: Typing) -> None:
    ana.answering.begin("reply", Line(kind="text", t=NOW, text="?", who="bo", seq=7))
    ana.drafting.give_back("refused")
    ana.time += PAUSE
    assert ana.shown == ""
    ana.answering.end()
    assert ana.shown == "refused"


# In lines


def test_in_lines_what_was_not_sent_is_told_and_recalled() -> None:
    state = State()
    told: list[str] = []
    for title in ("#lobby", "#ops"):
        state.open(title)
    state.go("#lobby")
    buffer = Buffer(history=InMemoryHistory())
    lines = Recalling(state, buffer, told.append)
    state.drafts.give_back("#lobby", "the last time")
    buffer.text = "busy"
    lines.follow()
    lines.remind()
    assert told == []
    assert state.drafts.for_disk() == {"#lobby": ["busy", "the last time"]}
    state.go("#ops")
    lines.follow()
    assert state.drafts.for_disk() == {"#ops": ["busy"], "#lobby": ["the last time"]}
    buffer.reset()
    lines.follow()
    state.go("#lobby")
    lines.remind()
    assert told == ["Not sent, Up brings it back: the last time"]
    assert buffer.history.get_strings() == ["the last time"]


# On disk


@pytest.mark.parametrize(
    "typed", ["/login ana horse", "/LOGIN ana h", "/passwd a", "/register x", "/once bo psst", " "]
)
def test_secrets_are_not_for_the_disk(typed: str) -> None:
    drafts = Drafts()
    drafts.put("#lobby", typed)
    drafts.give_back("#lobby", typed)
    drafts.give_back("#lobby", "plain")
    assert drafts.for_disk() == {"#lobby": ["plain"]}


def test_two_drafts_of_one_conversation_both_stay() -> None:
    drafts = Drafts()
    drafts.put("@bo", "one")
    drafts.put("@guest-7", "two")
    drafts.give_back("@guest-7", "three")
    drafts.rename("@guest-7", "@bo")
    assert drafts.for_disk() == {"@bo": ["one", "two", "three"]}
    drafts.clear()
    assert drafts.for_disk() == {}
