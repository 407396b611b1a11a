"""Clusters, their columns, and what reaches the terminal."""

import io

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.data_structures import Size

from chatcli.ui.cells import Glyph, cells_of
from chatcli.ui.output import ScreenOutput
from chatcli.ui.text import Row, columns_of, cut, pad, places, wrap

FAMILY, FLAG, HEART, THUMB, KEYCAP = "👨‍👩‍👧", "🇩🇪", "❤️", "👍🏽", "1️⃣"
EACH = [FAMILY, FLAG, HEART, THUMB, KEYCAP, "漢", "각", "e\u0301", "a", "م", "न", " "]
TEXTS = st.lists(st.sampled_from(EACH), max_size=30).map("".join)


@pytest.mark.parametrize("emoji", [FAMILY, FLAG, HEART, THUMB, KEYCAP])
def test_an_emoji_takes_two_columns_however_it_is_made(emoji: str) -> None:
    assert columns_of(emoji) == 2
    assert cut(f"{emoji}{emoji}", 3) == f"{emoji}…"
    assert wrap(f"ab{emoji}", 3) == ["ab", emoji]
    assert columns_of(pad(emoji, 5)) == 5


@given(TEXTS, st.integers(2, 20))
def test_rows_fit_and_hold_whole_clusters(text: str, columns: int) -> None:
    for start, end in places(text, columns):
        assert columns_of(text[start:end]) <= columns
    assert "".join(wrap(text, columns)).replace(" ", "") == text.replace(" ", "")


@given(TEXTS, st.integers(1, 20))
def test_a_row_has_a_cell_for_each_column(text: str, columns: int) -> None:
    cells, _ = cells_of([("", text)], columns)
    assert len(cells) == min(columns, columns_of(text))
    assert sum(cell.width for cell in cells) == len(cells)


def test_words_from_right_to_left_end_before_what_is_beside_them() -> None:
    cells, _ = cells_of([("", "مرحبا "), ("", "│")], 20)
    assert [cell.char for cell in cells[4:]] == ["ا\u200e", " ", "│"]


def test_a_cell_with_another_link_is_another_cell() -> None:
    first, second = (cells_of([("", "a", url)], 9)[0][0] for url in ("http://a", "http://b"))
    assert first.char != second.char
    assert first.char != "a"
    assert first.char == Glyph.make("a", 1, "http://a")


def drawn(row: Row) -> str:
    """Return what reaches a terminal that draws a row's cells."""
    terminal = io.StringIO()
    output = ScreenOutput(terminal, lambda: Size(rows=5, columns=40), term="xterm")
    for cell in cells_of(row, 40)[0]:
        if cell.char:
            output.write(cell.char)
    output.reset_attributes()
    output.flush()
    return terminal.getvalue()


@pytest.mark.parametrize("text", [FAMILY, FLAG, HEART, THUMB, KEYCAP, "e\u0301", "👍漢"])
def test_what_comes_after_a_cluster_stands_in_its_column(text: str) -> None:
    # This terminal, as many do, gives every code point columns of its own.
    screen = pyte.Screen(40, 5)
    pyte.Stream(screen).feed(drawn([("", f"{text}│")]))
    assert screen.buffer[0][columns_of(text)].data == "│"
    assert screen.cursor.x == columns_of(text) + 1


def test_a_link_reaches_the_terminal_once_and_ends() -> None:
    words = drawn([("", "see "), ("", "here", "http://a.example/"), ("", " now")])
    assert "see \x1b]8;;http://a.example/\x1b\\here\x1b]8;;\x1b\\ now" in words
    assert words.count("\x1b]8;;") == 2


def test_a_link_at_the_end_of_a_drawing_ends_there() -> None:
    words = drawn([("", "here", "http://a.example/")])
    assert words.index("\x1b]8;;\x1b\\") > words.index("here")


def test_no_escape_of_a_text_reaches_the_terminal() -> None:
    assert "\x1b]0" not in drawn([("", "\x1b]0;owned\x07"), ("", "\x1b]0;x", "http://a")])


def test_a_word_from_right_to_left_that_is_marked_in_part_stays_whole() -> None:
    cells, _ = cells_of([("", "مر"), ("class:match", "حبا"), ("", " "), ("", "│")], 20)
    assert [cell.char for cell in cells] == [*"مرحب", "ا\u200e", " ", "│"]
