"""A part of the screen whose rows are made anew for each drawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from prompt_toolkit.application.current import get_app
from prompt_toolkit.layout.containers import Container
from prompt_toolkit.layout.dimension import AnyDimension, Dimension, to_dimension
from prompt_toolkit.layout.mouse_handlers import MouseHandlers
from prompt_toolkit.layout.screen import Screen, WritePosition
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType

from chatcli.ui.cells import Linked
from chatcli.ui.runs import placed
from chatcli.ui.text import Row


class Mouse(Protocol):
    """What the mouse does in a pane. Rows are counted from 0 at its top."""

    def clicked(self, row: int) -> None:
        """Somebody clicked a row."""

    def linked(self, url: str) -> None:
        """Somebody clicked a link."""

    def turned(self, steps: int) -> None:
        """Somebody turned the wheel: so many steps up, or down where negative."""


class _Drawn(NamedTuple):
    left: int
    top: int
    links: dict[int, list[Linked]]


class Pane(Container):
    """Shows what ``rows`` returns for a number of columns and a height.

    ``bare`` tells whether nothing is drawn over it: then it is drawn faster.
    """

    def __init__(
        self,
        rows: Callable[[int, int], list[Row]],
        *,
        width: AnyDimension = None,
        height: AnyDimension = None,
        mouse: Mouse | None = None,
        bare: Callable[[], bool] | None = None,
    ) -> None:
        self._bare = bare
        self._rows = rows
        self._width = width
        self._height = height
        self._mouse = mouse
        self._drawn = _Drawn(0, 0, {})

    def reset(self) -> None:
        """There is nothing to be forgotten."""

    def preferred_width(self, max_available_width: int) -> Dimension:
        """Return the width that it was made with."""
        return to_dimension(self._width)

    def preferred_height(self, width: int, max_available_height: int) -> Dimension:
        """Return the height that it was made with."""
        return to_dimension(self._height)

    def get_children(self) -> list[Container]:
        """There are none."""
        return []

    def write_to_screen(
        self,
        screen: Screen,
        mouse_handlers: MouseHandlers,
        write_position: WritePosition,
        parent_style: str,
        erase_bg: bool,
        z_index: int | None,
    ) -> None:
        """Draw the rows; what floats is drawn after what is below it."""
        if z_index:
            screen.draw_with_z_index(z_index, lambda: self._draw(screen, write_position))
        else:
            self._draw(screen, write_position)
        if self._mouse is not None:
            at = write_position
            right, bottom = at.xpos + at.width, at.ypos + at.height
            mouse_handlers.set_mouse_handler_for_range(
                at.xpos, right, at.ypos, bottom, self._pointed
            )

    def _draw(self, screen: Screen, at: WritePosition) -> None:
        links: dict[int, list[Linked]] = {}
        rows = self._rows(at.width, at.height)[: at.height]
        whole = self._bare is not None and self._bare()
        last = at.xpos + at.width >= get_app().output.get_size().columns
        for index, row in enumerate(rows):
            cells, links[index] = placed(tuple(row), at.xpos, at.width, whole=whole, last=last)
            screen.data_buffer[at.ypos + index].update(cells)
        screen.height = max(screen.height, at.ypos + at.height)
        self._drawn = _Drawn(at.xpos, at.ypos, links)

    def _pointed(self, event: MouseEvent) -> object:
        mouse, drawn = self._mouse, self._drawn
        column, row = event.position.x - drawn.left, event.position.y - drawn.top
        if mouse is None:
            return NotImplemented  # prompt_toolkit draws nothing anew then
        if event.event_type == MouseEventType.SCROLL_UP:
            mouse.turned(1)
        elif event.event_type == MouseEventType.SCROLL_DOWN:
            mouse.turned(-1)
        elif event.event_type == MouseEventType.MOUSE_UP and event.button == MouseButton.LEFT:
            links = drawn.links.get(row, [])
            url = next((each.url for each in links if each.start <= column < each.end), "")
            if url:
                mouse.linked(url)
            else:
                mouse.clicked(row)
        else:
            return NotImplemented
        return None
