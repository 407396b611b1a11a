"""Rows of the screen as the cells that prompt_toolkit draws, a cluster in each.

By itself it gives every code point a cell of its own, which tears families of emoji and flags
apart, and takes up other columns than the terminal does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from prompt_toolkit.layout.screen import Char
from wcwidth import iter_graphemes

from chatcli.ui.text import LEFT_TO_RIGHT, Piece, Row, cluster_columns, is_right_to_left


class Glyph(str):
    """What stands in a cell that must be drawn with care: so many columns, and a link perhaps."""

    __slots__ = ("columns", "url")
    columns: int
    url: str

    @classmethod
    def make(cls, text: str, columns: int, url: str) -> Glyph:
        """Return the glyph of a cluster."""
        glyph = cls(text)
        glyph.columns, glyph.url = columns, url
        return glyph

    def _key(self, other: object) -> bool:
        return str.__eq__(self, str(other)) and self.url == getattr(other, "url", "")

    def __eq__(self, other: object) -> bool:
        """Whether the same is drawn: with another link it is not."""
        return self._key(other)

    def __ne__(self, other: object) -> bool:
        """Whether something else is drawn."""
        return not self._key(other)

    def __hash__(self) -> int:
        return hash((str(self), self.url))


class Linked(NamedTuple):
    """The columns of a row, from ``start`` to before ``end``, that a link takes."""

    start: int
    end: int
    url: str


# What stands in the columns of a wide cluster but the first: it differs from everything.
BEHIND_WIDE = Char("", "")


def is_agreed(text: str) -> bool:
    """Whether all terminals give ``text``, a cell's content, the same columns."""
    if len(text) != 1:
        return text.isascii()
    return text < "\u2300" or "\u2500" <= text < "\u25a0" or "\u2e80" <= text < "\U00010000"


@lru_cache(maxsize=65536)
def _cell(cluster: str, style: str) -> Char:
    """Return the cell of a cluster without a link."""
    columns = cluster_columns(cluster)
    if is_agreed(cluster):
        return Char(cluster, style)
    return _drawn_with_care(cluster, columns, style, "")


def _drawn_with_care(cluster: str, columns: int, style: str, url: str) -> Char:
    cell = Char(Glyph.make(cluster, columns, url), style)
    cell.width = columns
    return cell


def cells_of(row: Row, columns: int) -> tuple[list[Char], list[Linked]]:
    """Return the cells of a row in at most so many columns, and the links in it."""
    cells: list[Char] = []
    links: list[Linked] = []
    for index, piece in enumerate(row):
        start = len(cells)
        _add(cells, piece, row[index + 1][1] if index + 1 < len(row) else "")
        if len(piece) > 2 and start < columns:
            links.append(Linked(start, min(len(cells), columns), piece[2]))
    if len(cells) > columns:
        del cells[columns:]
        if cells and cells[-1].width > 1:
            # Half of it is beyond the edge.
            cells[-1] = _cell(" ", cells[-1].style)
    return cells, links


def _add(cells: list[Char], piece: Piece, following: str) -> None:
    style, text = piece[0], piece[1]
    url = piece[2] if len(piece) > 2 else ""
    if text.isascii() and not url:
        cells += [_cell(character, style) for character in text]
        return
    for cluster in _clusters(text, following):
        columns = cluster_columns(cluster)
        if not columns:
            continue
        cells.append(
            _drawn_with_care(cluster, columns, style, url) if url else _cell(cluster, style)
        )
        cells += [BEHIND_WIDE] * (columns - 1)


def _clusters(text: str, following: str) -> list[str]:
    clusters = list(iter_graphemes(text))
    # A word that is marked in part is one word: nothing may come between its letters.
    if is_right_to_left(text) and not (
        is_right_to_left(text[-1]) and is_right_to_left(following[:1])
    ):
        # Else a terminal that turns such words around would turn what is beside them, too.
        last = next((i for i in range(len(clusters) - 1, -1, -1) if clusters[i].strip()), None)
        if last is not None:
            clusters[last] += LEFT_TO_RIGHT
    return clusters
