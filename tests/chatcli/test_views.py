"""Which rows of many lines are seen."""

from hypothesis import given
from hypothesis import strategies as st

from chatcli.line import Line
from chatcli.ui.text import Row
from chatcli.ui.view import View
from tests.chatcli.rows import line, plain


def draw(view: View, lines: list[Line], height: int = 5) -> list[str]:
    rendered: list[int] = []

    def render(index: int) -> list[Row]:
        rendered.append(index)
        return [[("", part)] for part in lines[index].text.split("\n")]

    rows = [plain(row) for row in view.draw(lines, height, render)]
    assert len(set(rendered)) <= 4 * height
    return rows


def numbered(count: int) -> list[Line]:
    return [line(str(number)) for number in range(count)]


def test_a_view_follows_the_end() -> None:
    view, lines = View(), numbered(5000)
    assert draw(view, lines) == ["4995", "4996", "4997", "4998", "4999"]
    lines.append(line("new"))
    assert draw(view, lines)[-1] == "new"
    assert view.below == 0


def test_a_scrolled_view_stays_while_lines_come_at_both_ends() -> None:
    view, lines = View(), numbered(100)
    draw(view, lines)
    view.scroll(4)
    assert draw(view, lines) == ["91", "92", "93", "94", "95"]
    assert view.below == 4
    lines.append(line("new"))
    lines[:0] = numbered(50)
    assert draw(view, lines) == ["91", "92", "93", "94", "95"]
    assert view.below == 5
    view.scroll(-5)
    assert draw(view, lines)[-1] == "new"
    assert view.follows


def test_the_top_stays_full() -> None:
    view, lines = View(), numbered(12)
    draw(view, lines)
    for _ in range(5):
        view.scroll(4)
        rows = draw(view, lines)
    assert rows == ["0", "1", "2", "3", "4"]
    assert view.at_top
    view.scroll(-4)
    assert draw(view, lines) == ["4", "5", "6", "7", "8"]
    assert not view.at_top


def test_a_few_lines_are_all_seen() -> None:
    view = View()
    assert draw(view, numbered(2)) == ["0", "1"]
    assert view.at_top
    view.scroll(10)
    assert draw(view, numbered(2)) == ["0", "1"]
    assert draw(view, []) == []


def test_a_line_higher_than_the_view_can_be_read() -> None:
    view, lines = View(), [line("first"), line("\n".join(map(str, range(12)))), line("last")]
    assert draw(view, lines) == ["8", "9", "10", "11", "last"]
    view.scroll(4)
    assert draw(view, lines) == ["4", "5", "6", "7", "8"]
    view.scroll(4)
    assert draw(view, lines) == ["0", "1", "2", "3", "4"]
    view.scroll(4)
    assert draw(view, lines) == ["first", "0", "1", "2", "3"]


def test_an_anchor_that_was_cut_off_is_the_top() -> None:
    view, lines = View(), numbered(100)
    draw(view, lines)
    for _ in range(10):
        view.scroll(9)
        draw(view, lines)
    del lines[:50]
    assert draw(view, lines)[0] == "50"


def test_a_line_that_is_sought_comes_into_view() -> None:
    view, lines = View(), numbered(100)
    draw(view, lines)
    view.seek(lines[50], 2)
    assert draw(view, lines) == ["48", "49", "50", "51", "52"]
    assert not view.follows
    view.seek(lines[0], 2)
    assert draw(view, lines) == ["0", "1", "2", "3", "4"]


def test_a_view_of_the_past_stays_where_newer_lines_come() -> None:
    view, lines = View(follows_end=False), numbered(10)
    assert draw(view, lines) == ["5", "6", "7", "8", "9"]
    lines += numbered(5)
    assert draw(view, lines) == ["5", "6", "7", "8", "9"]
    assert view.below == 5


@given(
    st.lists(st.integers(1, 7), max_size=12),
    st.integers(1, 6),
    st.lists(st.integers(-9, 9), max_size=12),
)
def test_scrolling_never_shows_less_than_there_is(
    heights: list[int], height: int, steps: list[int]
) -> None:
    lines = [line("\n".join(["x"] * rows)) for rows in heights]
    view = View()
    for step in [0, *steps]:
        view.scroll(step)
        rows = view.draw(
            lines, height, lambda index: [[("", "x")] for _ in lines[index].text.split("\n")]
        )
        assert len(rows) == min(height, sum(heights))
