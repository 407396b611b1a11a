"""What the mouse does, by the part of the screen that it is in."""

from __future__ import annotations

from collections.abc import Callable

from chatcli.model import State
from chatcli.ui.messages import Messages
from chatcli.ui.panes import people_shown
from chatcli.ui.selection import Selection

ROWS_A_TURN = 3  # of the wheel


class MessagesMouse:
    """Selects the message that is clicked. ``scroll`` gets rows, up, or down where negative."""

    def __init__(
        self,
        messages: Messages,
        selection: Selection,
        scroll: Callable[[int], None],
        open_link: Callable[[str], None],
    ) -> None:
        self._messages = messages
        self._selection = selection
        self._scroll = scroll
        self._open_link = open_link

    def clicked(self, row: int) -> None:
        """Select the message, or no more the one that is selected."""
        line = self._messages.line_at(row)
        if line is None or line is self._selection.line:
            self._selection.clear()
        else:
            self._selection.select(line)

    def linked(self, url: str) -> None:
        """Open the link."""
        self._open_link(url)

    def turned(self, steps: int) -> None:
        """Scroll."""
        self._scroll(steps * ROWS_A_TURN)


class ListMouse:
    """Shows the conversation that is clicked in a list; ``titles`` are those of its rows.

    ``visit`` shows one; ``turn`` gets how many steps the wheel was turned down, or up where
    negative.
    """

    def __init__(
        self,
        titles: Callable[[], list[str]],
        visit: Callable[[str], None],
        turn: Callable[[int], None],
    ) -> None:
        self._titles = titles
        self._visit = visit
        self._turn = turn

    def clicked(self, row: int) -> None:
        """Show the conversation."""
        titles = self._titles()
        if row < len(titles) and titles[row]:
            self._visit(titles[row])

    def linked(self, url: str) -> None:
        """There are no links in a list."""

    def turned(self, steps: int) -> None:
        """Show what is above or below."""
        self._turn(-steps)


def people_titles(state: State, columns: int, height: int, skipped: int) -> list[str]:
    """Return the private conversations with those in the rows of the people."""
    nicks = people_shown(state, columns, height, skipped)
    return ["" if not nick or state.is_you(nick) else f"@{nick}" for nick in nicks]
