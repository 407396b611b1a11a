"""What a person at nc reads: events and results to lines. Pure.

Every line begins with ``***`` (the server), ``!E`` (an error) or ``[conversation]``, also each
further line of a message, so that nobody can forge the server.
"""

from __future__ import annotations

from collections.abc import Callable

from chatd.core.grammar import encode
from chatd.core.results import Telling
from chatd.line.render import accounts, durable, events, people, reading, rooms, sessions
from chatd.line.render.base import FULL, PLAIN, SEQ, Renderings, Style

LINES: Renderings = {
    **durable.LINES,
    **events.LINES,
    **sessions.LINES,
    **rooms.LINES,
    **people.LINES,
    **reading.LINES,
    **accounts.LINES,
}


def _render(told: Telling, style: Style) -> bytes:
    lines = LINES[type(told)](told, style)
    return "".join(f"{line}\n" for line in lines).encode()


def json_line(told: Telling) -> bytes:
    """Return the JSON form, one line."""
    return encode(told) + b"\n"


def text(told: Telling) -> bytes:
    """Return the form of ``/mode text``."""
    return _render(told, PLAIN)


def text_seq(told: Telling) -> bytes:
    """Return the form of ``/mode text seq``."""
    return _render(told, SEQ)


def text_seq_time(told: Telling) -> bytes:
    """Return the form of ``/mode text seq time``."""
    return _render(told, FULL)


RENDERERS: dict[str, Callable[[Telling], bytes]] = {
    "text": text,
    "text seq": text_seq,
    "text seq time": text_seq_time,
    "json": json_line,
}
