"""What is typed, shown by characters and backspaces: checked on a terminal that knows no more."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from chatcli.ui.echo import Typed, common_start, printable, strokes

WIDTH = 40
TEXTS = st.text(st.sampled_from("abc 界"), max_size=15)


class Paper:
    """A row of a terminal that writes, and goes back by backspaces."""

    def __init__(self, text: str = "") -> None:
        self.cells: list[str] = []
        self.at = 0
        self.write(text)

    def write(self, text: str) -> None:
        for each in text:
            if each == "\b":
                assert self.at > 0
                self.at -= 1
                continue
            wide = unicodedata.east_asian_width(each) == "W"
            cells = [each, ""] if wide else [each]
            self.cells[self.at : self.at + len(cells)] = cells
            self.at += len(cells)

    @property
    def text(self) -> str:
        return "".join(self.cells).rstrip()


def typed(text: str, cursor: int) -> Typed:
    return Typed(text, min(cursor, len(text)))


@given(TEXTS, TEXTS, st.integers(0, 15), st.integers(0, 15))
def test_any_text_becomes_any_other_in_its_row(old: str, new: str, at: int, to: int) -> None:
    before, after = typed(old, at), typed(new, to)
    paper = Paper(old)
    paper.write("\b" * Paper(old[before.cursor :]).at)
    keys = strokes(before, after, 0, WIDTH)
    assert keys is not None
    paper.write(keys)
    assert paper.text == new.rstrip()
    assert paper.at == Paper(new[: after.cursor]).at


def test_a_character_at_the_end_is_only_written() -> None:
    assert strokes(Typed("hell", 4), Typed("hello", 5), 7, WIDTH) == "o"
    assert strokes(Typed("hello", 5), Typed("hell", 4), 7, WIDTH) == "\b \b"


def test_backspaces_do_not_leave_a_row() -> None:
    long = "x" * 45
    assert strokes(Typed(long, 45), Typed(f"{long}y", 46), 0, WIDTH) == "y"
    assert strokes(Typed(long, 45), Typed(long[:-1], 44), 0, WIDTH) == "\b \b"
    assert strokes(Typed(long[:41], 41), Typed(long[:39], 39), 0, WIDTH) is None
    assert strokes(Typed(long, 45), Typed(long, 0), 0, WIDTH) is None


def test_what_several_code_points_make_up_is_written_anew() -> None:
    family = "👩‍👩‍👧"
    accent = "e\u0301"
    assert strokes(Typed("a", 1), Typed(f"a{family}", 6), 0, WIDTH) == family
    assert strokes(Typed("e", 1), Typed(accent, 2), 0, WIDTH) == "\u0301"
    assert strokes(Typed(accent, 2), Typed("e", 1), 0, WIDTH) is None
    assert strokes(Typed(family, 5), Typed(family[:4], 4), 0, WIDTH) is None
    assert strokes(Typed(family, 5), Typed(family, 0), 0, WIDTH) is None


def test_nothing_that_is_typed_drives_the_terminal() -> None:
    assert printable("a\x1b[2J\nb\x9b") == "a?[2J⏎b?"
    assert printable("👩‍👩‍👧") == "👩‍👩‍👧"


def test_texts_begin_alike() -> None:
    assert common_start(["/join ", "/joke", "/jo"]) == "/jo"
    assert common_start(["same"]) == "same"
    assert common_start([]) == ""
