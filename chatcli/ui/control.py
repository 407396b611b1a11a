"""A part of the screen whose rows are made anew for each drawing."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.layout.controls import UIContent, UIControl

from chatcli.ui.text import Row


class RowsControl(UIControl):
    """Shows what ``rows`` returns for a number of columns and a height."""

    def __init__(self, rows: Callable[[int, int], list[Row]]) -> None:
        self._rows = rows

    def create_content(self, width: int, height: int) -> UIContent:
        """Make the rows for a part of the screen of that size."""
        rows = self._rows(width, height) or [[]]
        return UIContent(lambda index: rows[index], line_count=len(rows), show_cursor=False)
