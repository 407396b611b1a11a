"""What the administrator sees: lines on stdout, bars on stderr."""

from __future__ import annotations

import sys
import time
from typing import Any

from tqdm import tqdm

from chatd.core.grammar import clean

DELAY = 1.0  # seconds until a bar is worth showing


def say(text: str) -> None:
    """Print one line, whatever a name in it holds."""
    print(clean(text), flush=True)  # noqa: T201


def complain(text: str) -> None:
    """Print one line on stderr."""
    print(clean(text), file=sys.stderr, flush=True)  # noqa: T201


class _Bar(tqdm):  # type: ignore[misc]  # it brings no types
    """A bar that is not shown before its time, whatever happens."""

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Draw the bar, if it is worth it by now."""
        is_late = time.monotonic() - self.began >= DELAY
        return bool(super().display(msg, pos)) if is_late else False

    def __init__(self, **options: Any) -> None:
        self.began = time.monotonic()
        super().__init__(**options)


def bar(what: str, total: int | None = None, unit: str = "", *, scaled: bool = False) -> Any:
    """Return a progress bar: on a terminal alone, and only when it takes long."""
    return _Bar(
        desc=clean(what),
        total=total,
        unit=unit,
        unit_scale=scaled,
        disable=None,
        leave=False,
        dynamic_ncols=True,
        file=sys.stderr,
    )


def count(number: int, noun: str) -> str:
    """Return how many there are, in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
