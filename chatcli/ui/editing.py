"""Editing one's own last messages in the input."""

from __future__ import annotations

from prompt_toolkit.buffer import Buffer

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import State


class Editing:
    """Which message the input holds, if it holds one."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._conversation: Conversation | None = None
        self._line: Line | None = None
        self._text = ""

    @property
    def line(self) -> Line | None:
        """The message that is edited; none after going to another conversation."""
        return self._line if self._conversation is self._state.current else None

    def is_untouched(self, text: str) -> bool:
        """Whether the input is empty, or holds a message as it was."""
        return text == (self._text if self.line is not None else "")

    def next(self, step: int) -> Line | None:
        """Return the own message that is ``step`` older (or newer, where negative)."""
        own = [line for line in reversed(self._state.current.lines) if _can_edit(line)]
        place = own.index(self.line) + step if self.line in own else 0
        return own[place] if 0 <= place < len(own) else None

    def begin(self, line: Line | None, buffer: Buffer) -> None:
        """Put a message into the input; None empties it."""
        self._conversation, self._line = self._state.current, line
        self._text = line.text if line is not None else ""
        buffer.text = self._text
        buffer.cursor_position = len(self._text)

    def as_typed(self, text: str) -> str:
        """Return what the input holds as a command, where it is a message that is edited."""
        if self._line is None:
            return text
        return "" if text == self._text else f"/edit {self._line.seq} {text}"

    def end(self) -> Line | None:
        """Return the message that was edited, and edit no more."""
        line, self._line = self.line, None
        self._conversation = None
        return line


def _can_edit(line: Line) -> bool:
    return line.own and line.is_message and line.seq is not None and not line.deleted
