"""What was said as plain lines."""

from datetime import datetime

import pytest

from chatcli.line import Line
from chatcli.plain import QUOTED, plain_act, plain_line

NOON = datetime(2026, 3, 3, 12, 1).astimezone().timestamp()


def line(text: str = "hi", **more: object) -> Line:
    values: dict[str, object] = {"kind": "text", "t": NOON, "text": text, "who": "ana", "seq": 7}
    return Line(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (line(), "#ops ana: hi"),
        (line("waves", kind="me"), "#ops * ana waves"),
        (line("psst", kind="whisper", room="#ops"), "#ops ana whispers in #ops: psst"),
        (line("hi", edited=True), "#ops ana: hi (edited)"),
        (line("(deleted)", deleted=True), "#ops ana: (deleted)"),
        (line("bad", ignored=True), "#ops ana: (ignored)"),
        (line("", kind="once"), "#ops ana: (to be viewed once: /view 7 #ops)"),
        (line("", kind="once", own=True), "#ops ana: (to be viewed once)"),
        (line("", kind="once", viewed=True), "#ops ana: (it was viewed once, and is gone)"),
        (line("bo set the topic: x", kind="topic", who=""), "#ops bo set the topic: x"),
        (line("→ bo joined", kind="quiet", who=""), "#ops bo joined"),
        (line("← bo left (bye)", kind="quiet", who=""), "#ops bo left (bye)"),
        (line("1 person\n  bo", kind="server", who=""), "1 person\n  bo"),
        (line("No.", kind="error", who=""), "Error: No."),
    ],
)
def test_a_line_in_words(said: Line, words: str) -> None:
    assert plain_line("#ops", said) == words


def test_each_row_of_a_text_says_whose_it_is() -> None:
    forged = line("look:\n#ops bo: I quit\nError: none")
    assert plain_line("#ops", forged).split("\n") == [
        "#ops ana: look:",
        "#ops ana: #ops bo: I quit",
        "#ops ana: Error: none",
    ]


def test_a_reply_says_to_what() -> None:
    to = line("shall we\n meet?", who="bo", seq=3)
    assert plain_line("#ops", line("yes", reply=3), to) == (
        "#ops ana replies to bo «shall we meet?»: yes"
    )
    assert plain_line("#ops", line("yes", reply=3)) == "#ops ana replies to message 3: yes"
    long = plain_line("#ops", line("yes", reply=3), line("x" * 99, who="bo", seq=3))
    assert f"«{'x' * (QUOTED - 1)}…»" in long


def test_a_quotation_gives_nothing_away() -> None:
    hidden = line("bad", who="bo", seq=3, ignored=True)
    assert "bad" not in plain_line("#ops", line("yes", reply=3), hidden)
    once = line("", kind="once", who="bo", seq=3)
    assert "«to be viewed once»" in plain_line("#ops", line("yes", reply=3), once)


def test_numbers_and_times_where_they_are_wanted() -> None:
    assert plain_line("#ops", line(), number=True) == "#ops 7 ana: hi"
    assert plain_line("#ops", line(), clock="%H:%M") == "#ops 12:01 ana: hi"
    dated = plain_line("#ops", line("a\nb"), number=True, clock="%Y-%m-%d %H:%M")
    assert dated == "#ops 7 2026-03-03 12:01 ana: a\n#ops 7 2026-03-03 12:01 ana: b"
    assert plain_line("#ops", line(seq=None), number=True) == "#ops ana: hi"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ({"ev": "react", "emoji": "👍"}, "#ops bo reacts 👍 to ana «hi»"),
        ({"ev": "react", "emoji": "👍", "on": False}, "#ops bo takes back 👍 from ana «hi»"),
        (
            {"ev": "edit", "text": "ho\nhe"},
            "#ops bo edits message 7: ho\n#ops bo edits message 7: he",
        ),
        ({"ev": "delete"}, "#ops bo deletes message 7"),
        ({"ev": "surprise"}, ""),
    ],
)
def test_what_was_done_to_a_message(act: dict[str, object], words: str) -> None:
    assert plain_act("#ops", {**act, "by": "bo", "of": 7}, line()) == words


def test_what_was_done_to_a_message_that_is_not_here_or_is_ignored() -> None:
    act = {"ev": "react", "emoji": "👍", "by": "bo", "of": 7}
    assert plain_act("#ops", act, None) == "#ops bo reacts 👍 to message 7"
    assert plain_act("#ops", act, line(ignored=True)) == ""
    assert plain_act("#ops", {"ev": "delete", "by": "bo"}, line()) == ""
