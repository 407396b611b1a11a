"""Looking for words in lines that are here, as one types them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatcli.line import Line

_LAST_WORD = re.compile(r"\w$")


class Finding:
    """Which lines have the words in them, and one of these that is chosen."""

    def __init__(self) -> None:
        self.pattern: re.Pattern[str] | None = None
        self.hits: list[Line] = []
        self.chosen = 0
        # What was chosen last, also while nothing is found.
        self._held: Line | None = None

    @property
    def line(self) -> Line | None:
        """The chosen line."""
        return self.hits[self.chosen] if self.hits else None

    def look(self, words: str, lines: Sequence[Line]) -> None:
        """Look for words; what was chosen stays so where it can, else it is the newest."""
        self._held = self.line or self._held
        self.pattern = re.compile(re.escape(words), re.IGNORECASE) if words.strip() else None
        self.hits = [line for line in lines if self._is_in(line)]
        self.chosen = max(0, len(self.hits) - 1)
        for place, line in enumerate(self.hits):
            if line is self._held:
                self.chosen = place

    def _is_in(self, line: Line) -> bool:
        hidden = line.ignored or line.deleted or line.kind == "once"
        return self.pattern is not None and not hidden and bool(self.pattern.search(line.text))

    def step(self, step: int) -> None:
        """Choose the hit ``step`` below; behind the last one comes the first."""
        if self.hits:
            self.chosen = (self.chosen + step) % len(self.hits)

    def forget(self) -> None:
        """Look for nothing."""
        self.pattern, self.hits, self.chosen, self._held = None, [], 0, None


def search_for(words: str, title: str | None) -> str:
    """Return the command that has the server search, in one conversation or everywhere.

    The last word may be the beginning of one, as what is found while it is typed.
    """
    words = " ".join(words.split())
    if '"' not in words and ":" not in words and _LAST_WORD.search(words):
        words += "*"
    return f"/search {words} in:{title}" if title else f"/search {words}"
