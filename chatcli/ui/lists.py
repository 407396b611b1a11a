"""The lists beside the messages, as panes that take the mouse."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import ConditionalContainer, Dimension, VSplit, Window
from prompt_toolkit.layout.containers import Container

from chatcli.model import State
from chatcli.ui.mouse import ROWS_A_TURN, ListMouse, people_titles
from chatcli.ui.pane import Pane
from chatcli.ui.panes import conversation_rows, conversations_shown, most_skipped, people_rows
from chatcli.ui.text import Row

WIDE = 80  # columns, from which there is room for the lists
ROOMY = 100  # columns, from which they are broader
COLUMNS = (14, 18)  # of a list


class Lists:
    """Conversations to the left of the messages, people to the right, where there is room.

    ``columns`` tells how many the screen has. ``wanted``: somebody wants to see them.
    """

    def __init__(self, state: State, columns: Callable[[], int]) -> None:
        self.wanted = state.settings.panes
        self._state = state
        self._columns = columns
        # The columns and the height of the people, and the height of the conversations.
        self._people = (0, 0)
        self._height = 0
        # How many people are scrolled away, and in which conversation.
        self._skipped = 0
        self._scrolled = state.current

    @property
    def shown(self) -> bool:
        """Whether they are on the screen."""
        return self.wanted and self._columns() >= WIDE

    def toggle(self) -> None:
        """Hide them, or show them again."""
        self.wanted = not self.wanted

    def around(
        self,
        middle: Container,
        visit: Callable[[str], None],
        visit_by: Callable[[int], None],
        height: Callable[[], Dimension],
        bare: Callable[[], bool],
    ) -> VSplit:
        """Return ``middle`` between the lists."""
        shown = Condition(lambda: self.shown)
        line = ConditionalContainer(Window(width=1, char="│", style="class:rule"), shown)
        left = Pane(
            self._left_rows,
            width=self._width,
            mouse=ListMouse(self._conversation_titles, visit, visit_by),
            bare=bare,
        )
        right = Pane(
            self._right_rows,
            width=self._width,
            mouse=ListMouse(self._people_titles, visit, self._scroll_people),
            bare=bare,
        )
        sides = ConditionalContainer(left, shown), ConditionalContainer(right, shown)
        return VSplit([sides[0], line, middle, line, sides[1]], height=height)

    def middle(self) -> Dimension:
        """Return what is left for the messages; that it is told exactly spares a long search."""
        taken = 2 * (self._width().preferred + 1) if self.shown else 0
        return Dimension.exact(max(0, self._columns() - taken))

    def _width(self) -> Dimension:
        return Dimension.exact(COLUMNS[self._columns() >= ROOMY])

    def _left_rows(self, columns: int, height: int) -> list[Row]:
        self._height = height
        return conversation_rows(self._state, columns, height)

    def _right_rows(self, columns: int, height: int) -> list[Row]:
        self._people = columns, height
        if self._state.current is not self._scrolled:
            self._scrolled, self._skipped = self._state.current, 0
        if self._skipped:
            self._skipped = min(self._skipped, most_skipped(self._state, height))
        return people_rows(self._state, columns, height, self._skipped)

    def _scroll_people(self, steps: int) -> None:
        self._skipped = max(0, self._skipped + steps * ROWS_A_TURN)

    def _conversation_titles(self) -> list[str]:
        return [each.title for each in conversations_shown(self._state, self._height)]

    def _people_titles(self) -> list[str]:
        return people_titles(self._state, *self._people, self._skipped)
