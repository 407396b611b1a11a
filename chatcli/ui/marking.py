"""Marks of what is looked for, in rows of the screen."""

from __future__ import annotations

import re
from typing import Any

from chatcli.ui.text import Row

# Parts of a row that are not what was said; ``[`` begins what is not shown at all.
_AROUND = ("class:time", "class:nick", "class:rule", "class:number", "class:target", "[")


def mark(rows: list[Row], pattern: re.Pattern[str]) -> list[Row]:
    """Return rows with all that was looked for marked; not in what is around the texts."""
    return [[part for piece in row for part in _marked(piece, pattern)] for row in rows]


def _marked(piece: Any, pattern: re.Pattern[str]) -> Row:
    style, text, *rest = piece
    if style.startswith(_AROUND) or not pattern.search(text):
        return [piece]
    parts: list[Any] = []
    end = 0
    for found in pattern.finditer(text):
        if found.start() > end:
            parts.append((style, text[end : found.start()], *rest))
        parts.append((f"{style} class:found", found[0], *rest))
        end = found.end()
    if end < len(text):
        parts.append((style, text[end:], *rest))
    return parts
