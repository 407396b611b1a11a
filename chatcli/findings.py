"""What was found: messages of any conversations in a list, and one of them that is chosen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from chatcli.line import Line


class Hit(NamedTuple):
    """A message that was found, and the conversation that it is in."""

    title: str
    line: Line


@dataclass(eq=False, kw_only=True)
class Findings:
    """A list of messages under a heading.

    ``covered``: one has jumped to a message, and comes back to the list.
    """

    heading: str
    hits: list[Hit]
    chosen: int = 0
    covered: bool = False

    def move(self, step: int) -> None:
        """Choose the hit that is ``step`` below; the list has ends."""
        self.chosen = max(0, min(len(self.hits) - 1, self.chosen + step))

    @property
    def hit(self) -> Hit:
        """The chosen one."""
        return self.hits[self.chosen]
