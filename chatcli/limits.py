"""How long a message can be. Pure."""

from __future__ import annotations

from collections.abc import Mapping

TEXT = 4096  # bytes, until the server says
LINES = 100


def excess(text: str, limits: Mapping[str, int]) -> str:
    """Return in words by what ``text`` is too long for one message; empty where it is not.

    ``limits`` are the server's, by its names.
    """
    most_lines, most_bytes = limits.get("lines", LINES), limits.get("text", TEXT)
    lines, size = text.count("\n") + 1, len(text.encode())
    if lines > most_lines:
        return f"{lines:,} lines, of at most {most_lines:,}"
    if size > most_bytes:
        return f"{size:,} bytes, of at most {most_bytes:,}"
    return ""
