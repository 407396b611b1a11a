"""The part of the screen where messages are: a conversation, its past, a list, or the help."""

from __future__ import annotations

from collections.abc import Callable

from chatcli.conversation import Conversation
from chatcli.model import State
from chatcli.ui.findings import findings_rows
from chatcli.ui.help import help_lines
from chatcli.ui.lines import decorated, rule
from chatcli.ui.text import Row, wrap
from chatcli.ui.view import View

_PAST = "this is the past; Esc: back"


class Messages:
    """Draws that part. ``numbers`` says whether lines are shown with their numbers."""

    def __init__(self, state: State, numbers: Callable[[], bool]) -> None:
        self._state = state
        self._numbers = numbers
        self._live = View()
        self._past = View(follows_end=False)
        self._help_view = View()
        self._help = help_lines()
        self._shown: Conversation | None = None
        self.help_open = False
        self.height = 10

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
        return self._conversation_rows(self._state.current, columns, height)

    def _conversation_rows(self, shown: Conversation, columns: int, height: int) -> list[Row]:
        if shown is not self._shown:
            self._shown = shown
            self.view.bottom()
        if self._state.sought is not None:
            self.view.seek(self._state.sought, height // 2)
            self._state.sought = None
        numbers = self._numbers()

        def render(index: int) -> list[Row]:
            return decorated(shown, index, columns, numbers=numbers)

        rows = self.view.draw(shown.lines, height, render)
        return [*([[]] * (height - len(rows))), *rows]

    def _help_rows(self, columns: int, height: int) -> list[Row]:
        def render(index: int) -> list[Row]:
            return [[("", text)] for text in wrap(self._help[index].text, columns)]

        return self._help_view.draw(self._help, height, render)

    # Moving

    def toggle_help(self) -> None:
        """Show the help from its beginning, or no more."""
        self.help_open = not self.help_open
        self._help_view.top()

    def bottom(self) -> None:
        """Go to the newest lines."""
        self._live.bottom()

    def scroll(self, rows: int) -> None:
        """Go up by so many rows, or down where negative."""
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
