"""Lines, views and panes as rows of a screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.conversation import Conversation
from chatcli.line import Line, Mark, Reaction
from chatcli.ui.lines import decorated, rows_of
from chatcli.ui.style import nick_style
from chatcli.ui.text import columns_of, cut, pad, row_columns, wrap
from tests.chatcli.events import NOW
from tests.chatcli.rows import line, plain

TEXTS = st.text(alphabet=st.sampled_from("ab 漢字é\u0301😄-\n"), max_size=60)


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
    assert rows[2].endswith("👍 1")


def said(**more: object) -> str:
    """Return what a line reads like, behind its nick."""
    (row,) = rows_of(line(**more), conversation(), 80)  # type: ignore[arg-type]
    return plain(row).partition(" │ ")[2]


def test_what_became_of_a_message_is_shown() -> None:
    assert said(edited=True) == "hello (edited)"
    assert said(ignored=True) == "(ignored)"
    assert said(text="(deleted)", deleted=True) == "(deleted)"


def test_what_can_be_viewed_once_says_how() -> None:
    once = Line(kind="once", t=NOW, text="", who="bo", seq=7)
    assert "press F4, or /view 7" in plain(rows_of(once, conversation(), 80)[0])
    once.own = True
    assert plain(rows_of(once, conversation(), 80)[0]).endswith("(to be viewed once)")
    once.viewed = True
    assert plain(rows_of(once, conversation(), 80)[0]).endswith("(it was viewed once, and is gone)")


def test_a_pinned_message_says_so() -> None:
    where = conversation()
    where.pins.add(7)
    assert plain(rows_of(line(), where, 80)[0]).endswith("hello (pinned)")


def test_an_answer_to_what_is_not_here_asks_for_it() -> None:
    where = conversation()
    answer = line(reply=3)
    assert "↪ message 3" in plain(rows_of(answer, where, 80)[0])
    assert where.wanted_quote(set()) == 3
    where.quotes[3] = Line(kind="text", t=NOW, text="what\nelse?", who="cy", seq=3)
    assert "↪ cy: what else?" in plain(rows_of(answer, where, 80)[0])
    assert where.wanted_quote(set()) is None


def test_the_message_that_one_jumped_to_is_marked() -> None:
    where = conversation()
    where.target = 7
    (row,) = rows_of(line(), where, 80)
    assert row[0][0] == "class:target"


def test_code_and_links_have_styles_of_their_own() -> None:
    (row,) = rows_of(line("see `x` at http://a.example/"), conversation(), 80)
    assert [piece[1:] for piece in row[-4:]] == [
        ("see ",),
        ("`x`",),
        (" at ",),
        ("http://a.example/", "http://a.example/"),
    ]
    assert [piece[0].split()[-1:] for piece in row[-3:]] == [["class:code"], [], ["class:link"]]


def test_a_link_that_takes_several_rows_is_one_link() -> None:
    url = f"http://a.example/{'x' * 60}"
    rows = rows_of(line(url), conversation(), 40)
    found = [piece for row in rows for piece in row if len(piece) > 2]
    assert len(found) > 1
    assert {piece[2] for piece in found} == {url}
    assert "".join(piece[1] for piece in found) == url


def test_lines_of_code_keep_their_spaces_behind_a_margin() -> None:
    rows = [plain(row) for row in rows_of(line("```\nif x:\n    y\n```"), conversation(), 80)]
    assert [row.partition(" │ ")[2] for row in rows] == ["▎ if x:", "▎     y"]


def test_reactions_of_whom_one_ignores_are_left_out() -> None:
    where = conversation()
    where.react(7, "👍", Reaction(9, "ana", on=True))
    where.react(7, "👎", Reaction(10, "Cy", on=True))
    rows = rows_of(line(), where, 80, ignored={"cy"})
    assert plain(rows[1]).endswith("👍 1")
    assert len(rows_of(line(), where, 80, ignored={"cy", "ana"})) == 1


def test_the_selected_message_stands_out_over_the_whole_row() -> None:
    where = conversation()
    where.place(line("one\ntwo"))
    _, *rows = decorated(where, 0, 80, selected=where.lines[0])
    assert len(rows) == 2
    for row in rows:
        assert row_columns(row) == 80
        assert all("class:selected" in piece[0] for piece in row)


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
