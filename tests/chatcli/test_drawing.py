"""Whatever was drawn before, the screen shows what a fresh drawing would."""

import io
from typing import NamedTuple

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.application import Application
from prompt_toolkit.application.current import set_app
from prompt_toolkit.data_structures import Size
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import DummyInput
from prompt_toolkit.layout import (
    ConditionalContainer,
    Float,
    FloatContainer,
    Layout,
    VSplit,
    Window,
)

from chatcli.ui.output import ScreenOutput
from chatcli.ui.pane import Pane
from chatcli.ui.text import Row

COLUMNS, ROWS = 30, 4
_PIECES = st.tuples(
    st.sampled_from(["", "bold", "reverse", "underline"]),
    st.sampled_from(["", " ", "a", "ab", "hello there", "x" * 40, "—–", "   ", "ö b"]),
)
_ROWS = st.lists(st.lists(_PIECES, max_size=4), max_size=ROWS)


class Frame(NamedTuple):
    """What is drawn: two panes, and whether something floats over them."""

    left: list[Row]
    right: list[Row]
    floating: bool


FRAMES = st.lists(st.builds(Frame, _ROWS, _ROWS, st.booleans()), min_size=1, max_size=5)


class Drawing:
    """A screen of two panes, and a terminal that shows it."""

    def __init__(self) -> None:
        self.frame = Frame([], [], floating=False)
        self.sink = io.StringIO()
        self._terminal = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._terminal)
        size = Size(rows=ROWS, columns=COLUMNS)
        self._application: Application[None] = Application(
            layout=Layout(self._make_root()),
            full_screen=True,
            input=DummyInput(),
            output=ScreenOutput(self.sink, lambda: size, term="xterm"),
        )

    def _make_root(self) -> FloatContainer:
        def bare() -> bool:
            return not self.frame.floating

        left = Pane(lambda _columns, _height: self.frame.left, width=12, bare=bare)
        right = Pane(lambda _columns, _height: self.frame.right, bare=bare)
        box = Pane(lambda _columns, _height: [[("", "FLOAT")]])
        floating = ConditionalContainer(box, Condition(lambda: self.frame.floating))
        body = VSplit([left, Window(width=1, char="│"), right])
        return FloatContainer(body, [Float(floating, left=8, top=1, width=9, height=2)])

    def draw(self, frame: Frame) -> list[str]:
        """Draw a frame over the one before; return what the terminal shows."""
        self.frame = frame
        with set_app(self._application):
            self._application.renderer.render(self._application, self._application.layout)
        self._stream.feed(self.sink.getvalue())
        self.sink.seek(0)
        self.sink.truncate()
        shown: list[str] = self._terminal.display
        return shown


@settings(deadline=None, max_examples=25)
@given(FRAMES)
def test_a_drawing_over_another_is_as_a_fresh_one(frames: list[Frame]) -> None:
    drawing = Drawing()
    for frame in frames:
        assert drawing.draw(frame) == Drawing().draw(frame)


def test_what_floats_is_seen_and_leaves_nothing_behind() -> None:
    drawing = Drawing()
    rows: list[Row] = [[("", "a long row of words that goes on")] for _ in range(ROWS)]
    frame = Frame(rows, rows, floating=False)
    before = drawing.draw(frame)
    assert "FLOAT" in drawing.draw(frame._replace(floating=True))[1]
    assert drawing.draw(frame) == before
    assert before[1] == "a long row o│a long row of wor"


def test_a_row_is_one_piece_for_the_terminal() -> None:
    drawing = Drawing()
    rows: list[Row] = [[("", "some words")]]
    drawing.frame = Frame(rows, rows, floating=False)
    with set_app(drawing._application):
        drawing._application.renderer.render(drawing._application, drawing._application.layout)
    written = drawing.sink.getvalue()
    assert "some words  │" in written
    # Nothing follows what is at the right, where somebody could copy it.
    assert "some words " not in written.rpartition("│some words")[2]
    assert "│some words\x1b" in written or "│some words\r" in written
