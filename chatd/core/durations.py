"""How long: ``10m``, ``2d``, or a number of seconds."""

from __future__ import annotations

import re

from chatd.core.errors import Refusal

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
LONGEST = 10 * 365 * 86400
_DURATION = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)


def seconds_of(text: int | str, usage: str) -> int:
    """Return a duration in seconds. Raises ``Refusal`` 104 for what is none."""
    seconds = 0
    if isinstance(text, int):
        seconds = text
    elif match := _DURATION.fullmatch(text.strip().lower()):
        seconds = int(match[1]) * UNITS[match[2]]
    if not 0 < seconds <= LONGEST:
        problem = f"«{str(text)[:32]}» is no time such as 30s, 10m, 12h, 2d or 4w"
        raise Refusal(104, problem=problem, usage=usage)
    return seconds


def shown_duration(seconds: int) -> str:
    """Return seconds in the largest unit that divides them."""
    for unit, size in reversed(UNITS.items()):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
