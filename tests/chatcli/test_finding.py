"""Looking for words in lines that are here, marks, and jumps to what is new."""

import re

import pytest

from chatcli.finding import Finding, search_for
from chatcli.line import Line
from chatcli.ui.marking import mark
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import NOW, msg
from tests.chatcli.rows import line, plain


def test_the_newest_is_chosen_first_and_the_choice_goes_round() -> None:
    lines = [line("Hay"), line("a hay stack"), line("straw"), line("HAYWIRE")]
    finding = Finding()
    finding.look("hay", lines)
    assert finding.hits == [lines[0], lines[1], lines[3]]
    assert finding.line is lines[3]
    seen = []
    for step in (-1, -1, -1, 1):
        finding.step(step)
        seen.append(finding.line)
    assert seen == [lines[1], lines[0], lines[3], lines[0]]


def test_typing_on_keeps_the_choice_where_it_can() -> None:
    lines = [line("hay one"), line("hay two"), line("hay")]
    finding = Finding()
    chosen = []
    for words, step in (("hay", -1), ("hay t", 0), ("hay o", 0), ("hay o(", 1), ("hay", 0)):
        finding.look(words, lines)
        finding.step(step)
        chosen.append(finding.line)
    assert chosen == [lines[1], lines[1], lines[0], None, lines[0]]
    finding.forget()
    finding.look("hay", lines)
    assert finding.line is lines[2]


def test_what_is_not_to_be_seen_is_not_found() -> None:
    once = Line(kind="once", t=NOW, text="hay", who="bo", seq=1)
    finding = Finding()
    finding.look("hay", [line("hay", ignored=True), line("hay", deleted=True), once])
    assert finding.hits == []
    finding.look(" ", [line("hay")])
    assert finding.hits == []


@pytest.mark.parametrize(
    ("words", "title", "command"),
    [
        ("need", "#ops", "/search need* in:#ops"),
        ("  two   words ", None, "/search two words*"),
        ('"on call"', "@bo", '/search "on call" in:@bo'),
        ("why?", None, "/search why?"),
        ("from:bo", None, "/search from:bo"),
    ],
)
def test_what_the_server_is_asked(words: str, title: str | None, command: str) -> None:
    assert search_for(words, title) == command


def test_marks_are_on_what_was_said_only() -> None:
    pattern = re.compile("bo", re.IGNORECASE)
    row = [("class:time", "bo"), ("class:nick3", "bo"), ("", "Bob, bobo"), ("", "x", "url")]
    (marked,) = mark([row], pattern)  # type: ignore[list-item]
    assert plain(marked) == plain(row)  # type: ignore[arg-type]
    found = [piece[1] for piece in marked if "class:found" in piece[0]]
    assert found == ["Bo", "bo", "bo"]
    assert marked[-1] == ("", "x", "url")


# What is new


def unread_chat(chat: Chat, count: int) -> None:
    chat.state.looking = False
    chat.tell(*(msg(seq, f"text {seq}") for seq in range(1, count + 1)))


def test_the_first_new_message_is_gone_to_where_it_is_here(chat: Chat) -> None:
    unread_chat(chat, 5)
    chat.session.reader.jump_to_unread()
    sought = chat.state.sought
    assert sought is not None
    assert sought.text == "text 1"
    assert chat.take(asked.History) == []


def test_the_first_new_message_is_fetched_where_it_is_not_here(chat: Chat) -> None:
    conversation = chat.state.current
    conversation.tell_unread(100, 20, 80, 0)
    conversation.forget_numbers()
    chat.tell(msg(100, "text 100"))
    chat.take(asked.History)
    chat.session.reader.jump_to_unread()
    question = chat.one(asked.History)
    assert question.before == 62
    page = [msg(seq, f"text {seq}", from_="ana" if seq == 21 else "bo") for seq in range(1, 62)]
    chat.reply(question, page=page, more=True)
    assert chat.state.excerpt is not None
    sought = chat.state.sought
    assert sought is not None
    assert sought.text == "text 22"


def test_where_nothing_is_new_that_is_told(chat: Chat) -> None:
    chat.session.reader.jump_to_unread()
    assert chat.state.current.lines[-1].text == "Nothing is new in #lobby."
    assert chat.state.sought is None
