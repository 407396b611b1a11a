"""The part of the screen where messages are: a conversation, its past, a list, or the help."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import State
from chatcli.ui.findings import findings_rows
from chatcli.ui.help import help_lines, help_rows
from chatcli.ui.lines import decorated, rule
from chatcli.ui.marking import mark
from chatcli.ui.selection import Selection
from chatcli.ui.text import Row
from chatcli.ui.view import View

_PAST = "this is the past; Esc: back"
_OLD = "as it was the last time"


class Messages:
    """Draws that part. ``numbers`` says whether lines are shown with their numbers.

    ``marked`` is what is looked for in the lines.
    """

    def __init__(self, state: State, numbers: Callable[[], bool], selection: Selection) -> None:
        self._state = state
        self._selection = selection
        # The lines that the rows of the last drawing belong to.
        self._placed: list[Line | None] = []
        # The selected message is kept in view, until somebody scrolls away from it.
        self._followed: Line | None = None
        self._follows = False
        self._selected_rows = 0
        self._numbers = numbers
        self._live = View()
        self._past = View(follows_end=False)
        self._help_view = View()
        self._help = help_lines(state.settings.keys)
        self._shown: Conversation | None = None
        self._staying = False
        self.help_open = False
        self.height = 10
        self.marked: re.Pattern[str] | None = None

    @property
    def view(self) -> View:
        """The window on the lines that are shown."""
        return self._live if self._state.excerpt is None else self._past

    @property
    def listing(self) -> bool:
        """Whether a list is shown."""
        findings = self._state.findings
        return findings is not None and not findings.covered and not self.help_open

    @property
    def at_newest(self) -> bool:
        """Whether the newest lines of the current conversation are in view."""
        covered = self.help_open or self.listing or self._state.excerpt is not None
        return not covered and self._live.follows

    def rows(self, columns: int, height: int) -> list[Row]:
        """Return what is to be seen."""
        self.height = height
        if self.help_open:
            return self._help_rows(columns, height)
        if self.listing and self._state.findings is not None:
            return findings_rows(self._state.findings, columns, height)
        if self._state.excerpt is not None:
            past = self._conversation_rows(self._state.excerpt, columns, height - 1)
            return [*past, rule(_PAST, columns, "class:quiet")]
        current = self._state.current
        if current.old:
            rows = self._conversation_rows(current, columns, height - 1)
            return [*rows, rule(_OLD, columns, "class:quiet")]
        return self._conversation_rows(current, columns, height)

    def _conversation_rows(self, shown: Conversation, columns: int, height: int) -> list[Row]:
        if shown is not self._shown:
            self._shown = shown
            self.view.bottom()
        if self._state.sought is not None:
            self.view.seek(self._state.sought, 0 if self._staying else height // 2)
            self._state.sought, self._staying = None, False
        rows = self._drawn(shown, columns, height)
        if self._is_following(shown, height):
            rows = self._drawn(shown, columns, height)
        above = height - len(rows)
        self._placed[:0] = [None] * above
        return [*([[]] * above), *self._with_marks(rows)]

    def _drawn(self, shown: Conversation, columns: int, height: int) -> list[Row]:
        numbers, selected = self._numbers(), self._selection.line
        ignored = self._state.ignored
        made: list[tuple[Line, list[Row]]] = []

        def render(index: int) -> list[Row]:
            rows = decorated(
                shown, index, columns, numbers=numbers, ignored=ignored, selected=selected
            )
            made.append((shown.lines[index], rows))
            return rows

        rows = self.view.draw(shown.lines, height, render)
        of = {id(row): line for line, its in made for row in its}
        self._placed = [of.get(id(row)) for row in rows]
        self._selected_rows = max((len(its) for line, its in made if line is selected), default=0)
        return rows

    def _is_following(self, shown: Conversation, height: int) -> bool:
        """Whether the view had to move so that the whole of the selected message is in it."""
        selected = self._selection.line
        if selected is not self._followed:
            self._followed, self._follows = selected, True
        if selected is None or not self._follows:
            return False
        in_view = sum(line is selected for line in self._placed)
        if in_view and in_view >= min(self._selected_rows, height):
            return False
        first = next((line for line in self._placed if line is not None), None)
        order = [line for line in shown.lines if line is selected or line is first]
        is_above = bool(order) and order[0] is selected
        # Where it is not in view, how high it is comes out with the next drawing.
        below = height - max(1, self._selected_rows) if is_above else 0
        self.view.seek(selected, max(0, below))
        return True

    def line_at(self, row: int) -> Line | None:
        """Return the line that the last drawing has in a row, counted from 0 at the top."""
        covered = self.help_open or self.listing
        return self._placed[row] if not covered and 0 <= row < len(self._placed) else None

    def _with_marks(self, rows: list[Row]) -> list[Row]:
        return mark(rows, self.marked) if self.marked is not None else rows

    def _help_rows(self, columns: int, height: int) -> list[Row]:
        def render(index: int) -> list[Row]:
            return help_rows(self._help[index].text, columns)

        return self._with_marks(self._help_view.draw(self._help, height, render))

    # Moving

    @property
    def lines(self) -> Sequence[Line]:
        """The lines that can be looked through."""
        return self._help if self.help_open else self._state.shown.lines

    @property
    def lowest(self) -> Line | None:
        """The lowest line in view, None where that is the newest one."""
        return self.view.anchor

    def seek(self, line: Line) -> None:
        """Bring a line into view."""
        if self.help_open:
            self._help_view.seek(line, self.height // 2)
        else:
            self._state.seek(self._state.shown, line)

    def stay_at(self, line: Line | None) -> None:
        """Have a line be the lowest one in view, None for the newest."""
        self._state.sought, self._staying = line, line is not None
        if line is None:
            self.bottom()

    def toggle_help(self) -> None:
        """Show the help from its beginning, or no more."""
        if self.help_open:
            self.help_open = False
        else:
            self.show_help()

    def show_help(self, subject: str = "") -> None:
        """Show the help, of one subject or of all."""
        state = self._state
        self.help_open = True
        self._help = help_lines(state.settings.keys, subject, admin=state.role == "admin")
        self._help_view.top()

    def bottom(self) -> None:
        """Go to the newest lines."""
        self._live.bottom()

    def scroll(self, rows: int) -> None:
        """Go up by so many rows, or down where negative."""
        self._follows = False
        if self.help_open:
            self._help_view.scroll(rows)
        elif self.listing and self._state.findings is not None:
            self._state.findings.move(-rows)
        else:
            self.view.scroll(rows)

    @property
    def at_top(self) -> bool:
        """Whether the oldest line that is here is in view."""
        return not self.help_open and not self.listing and self.view.at_top

    @property
    def at_end(self) -> bool:
        """Whether the last line of a place in the past is in view."""
        return self._state.excerpt is not None and not self.listing and not self.view.below
