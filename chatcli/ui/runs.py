"""Cells of a row that are drawn at once: a large screen has ten thousand of them.

What prompt_toolkit compares and writes cell by cell, it compares and writes as one where a cell
holds all that has one style. Nothing may be drawn over such a run: its middle would not be seen.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from prompt_toolkit.layout.screen import Char

from chatcli.ui.cells import BEHIND_WIDE, Linked, cells_of, is_agreed
from chatcli.ui.text import Piece

_BLANK = Char(" ", "")


class Run(str):
    """Characters that all terminals give one column each."""

    __slots__ = ()


@lru_cache(maxsize=2048)
def placed(
    row: tuple[Piece, ...], left: int, columns: int, *, whole: bool, last: bool
) -> tuple[dict[int, Char], list[Linked]]:
    """Return a row's cells by their columns, from ``left`` on, and its links.

    ``whole``: what has one style is one cell; ``last``: there is nothing to the right of it. Most
    rows are the same in the next drawing, so they are kept; nobody may change what is returned.
    """
    cells, links = cells_of(list(row), columns)
    if not (whole and last):
        # At the end of a row of the screen blanks would be found in what somebody copies.
        cells += [_BLANK] * (columns - len(cells))
    return (_joined(cells, left) if whole else dict(enumerate(cells, left))), links


def _joined(cells: list[Char], left: int) -> dict[int, Char]:
    found: dict[int, Char] = {}
    for (plain, style), group in groupby(cells, lambda cell: (_is_plain(cell), cell.style)):
        each = list(group)
        if plain and len(each) > 1:
            run = Char(Run("".join(cell.char for cell in each)), style)
            run.width = len(each)
            # What is in the other columns differs from whatever comes there later.
            each = [run, *[BEHIND_WIDE] * (len(each) - 1)]
        found.update(enumerate(each, left))
        left += len(each)
    return found


def _is_plain(cell: Char) -> bool:
    return type(cell.char) is str and len(cell.char) == 1 == cell.width and is_agreed(cell.char)
