"""Lines, views and panes as rows of a screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.commands import ITS_OWN
from chatcli.conversation import Conversation, Line, Mark, Reaction
from chatcli.model import State
from chatcli.state import apply, enter
from chatcli.ui.help import help_lines
from chatcli.ui.lines import rows_of
from chatcli.ui.panes import Link, Scene, conversation_rows, people_rows, status_row
from chatcli.ui.style import nick_style
from chatcli.ui.text import Row, columns_of, cut, pad, row_columns, wrap
from chatcli.ui.view import View
from chatd.core.commands import COMMANDS
from tests.chatcli.events import NOW, entered, hello, msg

TEXTS = st.text(alphabet=st.sampled_from("ab 漢字é\u0301😄-\n"), max_size=60)


def plain(row: Row) -> str:
    return "".join(piece[1] for piece in row)


# Texts


@given(TEXTS, st.integers(2, 30), st.integers(2, 30))
def test_wrapped_rows_fit_and_lose_nothing(text: str, columns: int, first: int) -> None:
    rows = wrap(text, columns, min(first, columns))
    assert all(columns_of(row) <= columns for row in rows)
    assert columns_of(rows[0]) <= first
    kept = "".join(rows).replace(" ", "")
    assert kept == text.replace(" ", "").replace("\n", "")


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]
    assert wrap("the quick brown fox", 10, first=5) == ["the", "quick", "brown fox"]
    assert wrap("incomprehensible", 6) == ["incomp", "rehens", "ible"]
    assert wrap("漢字漢字", 5) == ["漢字", "漢字"]
    assert wrap("a\n\nb", 5) == ["a", "", "b"]


@given(TEXTS.map(lambda text: text.replace("\n", "")), st.integers(0, 20))
def test_cut_and_padded_texts_have_their_width(text: str, columns: int) -> None:
    assert columns_of(cut(text, columns)) <= columns
    assert columns_of(pad(text, columns)) == columns
    assert columns_of(pad(text, columns, right=True)) == columns


# Lines


def conversation() -> Conversation:
    return Conversation(title="#lobby")


def line(text: str = "hello", mark: Mark = "", **more: object) -> Line:
    return Line(kind="text", t=NOW, text=text, who="bo", seq=7, mark=mark, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mark", "shown"),
    [("sending", "…"), ("sent", "✓"), ("stored", "✓ stored"), ("refused", "✗"), ("", "hello")],
)
def test_marks(mark: Mark, shown: str) -> None:
    (row,) = rows_of(line(mark=mark), conversation(), 80)
    assert plain(row).endswith(f"hello {shown}".replace("hello hello", "hello"))


def test_a_refused_line_says_why() -> None:
    rows = rows_of(line(mark="refused", note="No. Try: /other"), conversation(), 80)
    assert plain(rows[1]).endswith("│ No. Try: /other")


def test_rows_below_the_first_are_indented() -> None:
    rows = [plain(row) for row in rows_of(line("one\ntwo"), conversation(), 80)]
    assert rows[0].index("one") == rows[1].index("two")
    narrow = [plain(row) for row in rows_of(line("one\ntwo"), conversation(), 40)]
    assert narrow[1] == "  two"


def test_reactions_replies_and_numbers() -> None:
    where = conversation()
    where.place(Line(kind="text", t=NOW, text="what?", who="cy", seq=3))
    where.react(7, "👍", Reaction(9, "ana", on=True))
    rows = [plain(row) for row in rows_of(line(reply=3), where, 80, numbers=True)]
    assert "↪ cy: what?" in rows[0]
    assert " 7 " in rows[1]
    assert rows[2].endswith("👍 ana")


@given(
    TEXTS,
    st.sampled_from(["text", "me", "whisper", "topic", "quiet", "server", "error"]),
    st.sampled_from(["", "sending", "sent", "stored", "refused"]),
    st.integers(20, 120),
    st.booleans(),
)
def test_no_row_is_too_wide(text: str, kind: str, mark: Mark, columns: int, numbers: bool) -> None:
    each = Line(
        kind=kind,  # type: ignore[arg-type]
        t=NOW,
        text=text,
        who="漢字漢字漢字漢字",
        mark=mark,
        note=text,
        reply=3,
        room="#ops" if kind == "whisper" else "",
    )
    for row in rows_of(each, conversation(), columns, numbers=numbers):
        assert row_columns(row) <= columns


def test_a_nick_keeps_its_colour_whatever_its_case() -> None:
    assert nick_style("Ana") == nick_style("ana")


# Views


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


# Panes


def crowded() -> State:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered("#ops"), NOW)
    enter(state, entered("#lobby"), NOW)
    state.go("#lobby")
    apply(state, msg(1, in_="#ops", mention=True), NOW)
    apply(state, msg(1, in_="@bo"), NOW)
    return state


def test_conversations_show_counts_and_presence() -> None:
    rows = [plain(row) for row in conversation_rows(crowded(), 14, 10)]
    assert rows == ["#ops        1!", "#lobby        ", "@bo ◌       1!"]


def test_a_list_too_long_keeps_the_current_one_in_view() -> None:
    state = crowded()
    for number in range(30):
        enter(state, entered(f"#r{number}"), NOW)
    state.go("#r20")
    assert any("#r20" in plain(row) for row in conversation_rows(state, 14, 5))


def test_people_are_counted_where_they_do_not_fit() -> None:
    state = crowded()
    for number in range(5000):
        apply(state, {"ev": "join", "in": "#lobby", "nick": f"n{number}"}, NOW)
    rows = [plain(row) for row in people_rows(state, 14, 6)]
    assert rows[0] == "5002 people"
    assert rows[-1] == "… 4998 more"
    assert len(rows) == 6


def scene(link: Link, *, wide: bool = True, below: int = 0) -> Scene:
    return Scene("host:1", link, below, fetching=False, wide=wide, now=NOW)


def test_the_status_line_tells_of_the_connection() -> None:
    state = crowded()
    connected = plain(status_row(state, scene(Link("connected"), below=3), 80))
    assert "● host:1 │ 3 more below │ ana │ #lobby │ all" in connected
    waiting = plain(status_row(state, scene(Link("waiting", NOW + 4.2)), 80))
    assert "offline, next try in 4 s" in waiting
    assert "connecting to host:1" in plain(status_row(state, scene(Link("connecting")), 80))
    assert "/reconnect" in plain(status_row(state, scene(Link("offline")), 80))


def test_the_narrow_status_line_tells_of_other_conversations() -> None:
    row = status_row(crowded(), scene(Link("connected"), wide=False), 40)
    assert "#ops 1! @bo 1!" in plain(row)
    assert row_columns(row) == 40


def test_the_status_line_tells_who_types() -> None:
    state = crowded()
    for nick in ("bo", "cy", "漢字"):
        apply(state, {"ev": "typing", "in": "#lobby", "from": nick, "on": True}, NOW)
    assert "3 people type…" in plain(status_row(state, scene(Link("connected")), 80))


@given(st.integers(10, 200))
def test_the_status_line_has_its_width(columns: int) -> None:
    row = status_row(crowded(), scene(Link("connected"), below=7, wide=columns > 79), columns)
    assert row_columns(row) == columns


def test_the_help_names_every_command() -> None:
    text = "\n".join(each.text for each in help_lines())
    for row in COMMANDS.values():
        assert (row.usage in text) == (row.who != "a" and row.name not in ITS_OWN)
