"""The line that is being typed."""

import re
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from chatd.manhole.editing import HISTORY, LONGEST, Editor, paint, styles, window
from chatd.manhole.text import columns

ACTIONS: list[Callable[[Editor], object]] = [
    Editor.left,
    Editor.right,
    Editor.home,
    Editor.end,
    Editor.backspace,
    Editor.delete,
    Editor.cut_to_end,
    Editor.cut_to_start,
    Editor.cut_word,
    Editor.older,
    Editor.newer,
    Editor.take,
    Editor.clear,
    Editor.indent,
]


def edited(text: str, *actions: Callable[[Editor], object]) -> str:
    """Return a line after some keys, with | where the cursor is."""
    editor = Editor()
    editor.insert(text)
    for action in actions:
        action(editor)
    return f"{editor.line[: editor.cursor]}|{editor.line[editor.cursor :]}"


def test_keys_move_and_cut() -> None:
    assert edited("who()", Editor.left) == "who(|)"
    assert edited("who()", Editor.home, Editor.right) == "w|ho()"
    assert edited("who()", Editor.home, Editor.left, Editor.end, Editor.right) == "who()|"
    assert edited("who()", Editor.backspace, Editor.home, Editor.delete) == "|ho("
    assert edited("who()", Editor.left, Editor.left, Editor.cut_to_end) == "who|"
    assert edited("who()", Editor.left, Editor.left, Editor.cut_to_start) == "|()"
    assert edited("say two words  ", Editor.cut_word) == "say two |"
    assert edited("", Editor.backspace, Editor.delete, Editor.cut_word, Editor.indent) == "    |"


def test_history_goes_back_and_forth_and_keeps_what_was_begun() -> None:
    editor = Editor()
    for line in ("who()", "rooms()", "rooms()", "  ", "stats()"):
        editor.insert(line)
        assert editor.take() == line
    editor.insert("begun")
    seen = []
    for action in (*[Editor.older] * 4, *[Editor.newer] * 4):
        action(editor)
        seen.append(editor.line)
    assert seen == [
        *("stats()", "rooms()", "who()", "who()"),
        *("rooms()", "stats()", "begun", "begun"),
    ]


def test_lines_and_history_are_bounded() -> None:
    editor = Editor()
    for number in range(HISTORY + 5):
        editor.insert(str(number))
        editor.take()
    assert len(editor.history) == HISTORY
    assert editor.history[-1] == str(HISTORY + 4)
    editor.insert("x" * (LONGEST + 5))
    editor.insert("y")
    assert editor.line == "x" * LONGEST


@given(st.lists(st.one_of(st.sampled_from(ACTIONS), st.text(max_size=5))))
def test_the_cursor_stays_in_the_line(steps: list[Callable[[Editor], object] | str]) -> None:
    editor = Editor()
    for step in steps:
        if isinstance(step, str):
            editor.insert(step)
        else:
            step(editor)
        assert 0 <= editor.cursor <= len(editor.line)


def test_python_has_colours_also_where_it_is_not_finished() -> None:
    line = "if x: say('#a', 12  # why"
    painted = paint(line, styles("", line))
    assert painted.startswith("\x1b[32mif\x1b[0m x: say(\x1b[35m'#a'\x1b[0m, \x1b[36m12\x1b[0m  ")
    inside = 'two"""+3'
    assert styles('x = """one\n', inside) == [*["35"] * 6, "", "36"]


@given(st.text(alphabet="ab'\"\\#(:)\n\t 1漢", max_size=30), st.text(max_size=40))
def test_colours_change_no_text(before: str, line: str) -> None:
    line = re.sub(r"[\n\r\x1b]", "", line)
    marks = styles(before, line)
    assert len(marks) == len(line)
    assert re.sub(r"\x1b\[\d*m", "", paint(line, marks)) == line


@given(st.text(alphabet="ab漢\u0301", max_size=200), st.integers(0, 200), st.integers(8, 100))
def test_what_is_shown_fits_and_has_the_cursor(line: str, cursor: int, room: int) -> None:
    cursor = min(cursor, len(line))
    start, end = window(line, cursor, room)
    assert 0 <= start <= cursor <= end <= len(line)
    assert columns(line[start:end]) <= room
    if columns(line) <= room:
        assert (start, end) == (0, len(line))
