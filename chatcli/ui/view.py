"""Which rows of many lines are seen. Only those that are get rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatcli.line import Line
from chatcli.ui.text import Row

Render = Callable[[int], list[Row]]


class View:
    """A window on a list of lines that grows at both ends.

    It follows the end, or stays where it was scrolled to: then ``_anchor`` is the lowest line in
    it, and ``_hidden`` says how many rows of that are below its edge. Where it is made not to, it
    never begins to follow the end.
    """

    def __init__(self, *, follows_end: bool = True) -> None:
        self._follows_end = follows_end
        self.below = 0
        self.at_top = False
        self._anchor: Line | None = None
        # Where the anchor was found the last time: it is rarely elsewhere.
        self._at = 0
        self._hidden = 0
        self._steps = 0
        self._to_top = False

    @property
    def follows(self) -> bool:
        """Whether the end is in view."""
        return self._anchor is None

    @property
    def anchor(self) -> Line | None:
        """The lowest line in view, None where that is the end."""
        return self._anchor

    def scroll(self, rows: int) -> None:
        """Go up by so many rows with the next drawing, or down where negative."""
        self._steps += rows

    def bottom(self) -> None:
        """Go to the end."""
        self._anchor, self._hidden, self._steps, self._to_top = None, 0, 0, False

    def seek(self, line: Line, below: int) -> None:
        """Have a line in view with the next drawing, with so many rows below it."""
        self._anchor, self._hidden, self._steps, self._to_top = line, 0, -below, False

    def top(self) -> None:
        """Go to the beginning with the next drawing."""
        self._to_top = True

    def draw(self, lines: Sequence[Line], height: int, render: Render) -> list[Row]:
        """Return the rows in view, at most ``height``; ``render`` gives those of a line."""
        index = self._index(lines)
        index, hidden = self._stepped(lines, index, render)
        rows, top = self._up(index, hidden, height, render)
        if len(rows) < height and (index < len(lines) - 1 or hidden):
            rows, index, hidden = self._from_top(lines, height, render)
            top = True
        self._settle(lines, index, hidden)
        self.at_top = top
        return rows

    def _index(self, lines: Sequence[Line]) -> int:
        if self._anchor is not None:
            if self._at < len(lines) and lines[self._at] is self._anchor:
                return self._at
            for index in range(len(lines) - 1, -1, -1):
                if lines[index] is self._anchor:
                    return index
            # It was cut off, as the oldest are.
            self._hidden = 0
            return 0
        return len(lines) - 1

    def _stepped(self, lines: Sequence[Line], index: int, render: Render) -> tuple[int, int]:
        steps, self._steps = self._steps, 0
        hidden = self._hidden + steps
        if self._to_top:
            self._to_top = False
            return 0, 10**6
        while index > 0 and hidden > 0 and hidden >= (size := len(render(index))):
            hidden -= size
            index -= 1
        while hidden < 0 and index < len(lines) - 1:
            index += 1
            hidden += len(render(index))
        return index, max(0, hidden)

    @staticmethod
    def _up(index: int, hidden: int, height: int, render: Render) -> tuple[list[Row], bool]:
        """Return the rows that end where ``hidden`` rows of line ``index`` are left out."""
        rows: list[Row] = []
        while index >= 0 and len(rows) < height:
            here = render(index)
            here = here[: max(0, len(here) - hidden)]
            hidden = 0
            rows[:0] = here
            index -= 1
        return rows[-height:] if height else [], index < 0 and len(rows) <= height

    @staticmethod
    def _from_top(lines: Sequence[Line], height: int, render: Render) -> tuple[list[Row], int, int]:
        rows: list[Row] = []
        for index in range(len(lines)):
            rows += render(index)
            if len(rows) >= height:
                return rows[:height], index, len(rows) - height
        return rows, len(lines) - 1, 0

    def _settle(self, lines: Sequence[Line], index: int, hidden: int) -> None:
        at_end = index >= len(lines) - 1 and not hidden
        if at_end and (self._follows_end or not lines):
            self._anchor, self._hidden, self.below = None, 0, 0
            return
        self._anchor, self._hidden, self._at = lines[index], hidden, index
        self.below = len(lines) - 1 - index + (1 if hidden else 0)
