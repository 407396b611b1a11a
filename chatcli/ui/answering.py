"""A reply or a reaction in the input: what it answers stands before it, not in it."""

from __future__ import annotations

from typing import Literal

from chatcli.line import Line
from chatcli.model import State
from chatcli.ui.lines import brief

How = Literal["reply", "react"]


class Answering:
    """What is answered in each conversation; in most of them that is nothing."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._answered: dict[str, tuple[How, Line]] = {}

    @property
    def _here(self) -> tuple[How, Line] | None:
        return self._answered.get(self._state.current.key)

    @property
    def reacts(self) -> bool:
        """Whether an emoji is expected."""
        return self._here is not None and self._here[0] == "react"

    @property
    def prefix(self) -> str:
        """The command that belongs before what is typed; empty where nothing is answered."""
        return f"/{self._here[0]} {self._here[1].seq} " if self._here is not None else ""

    @property
    def words(self) -> str:
        """What stands before the input."""
        if self._here is None:
            return ""
        how, line = self._here
        return f"{'emoji for' if how == 'react' else '↪'} {line.who}: {brief(line)}"

    def begin(self, how: How, line: Line) -> None:
        """Answer a message of the current conversation."""
        self._answered[self._state.current.key] = how, line

    def end(self) -> str:
        """Answer nothing any more here; return what the prefix was."""
        prefix = self.prefix
        self._answered.pop(self._state.current.key, None)
        return prefix
