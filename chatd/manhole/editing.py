"""The line that is being typed: its text, its cursor, the lines before it. Pure."""

from __future__ import annotations

import io
import keyword
import token
import tokenize
from contextlib import suppress

from chatd.manhole.text import columns

LONGEST = 16_384  # characters of one line; what is beyond them is not taken
HISTORY = 1_000  # lines

_INDENT = " " * 4
# By kind of token: the parameters of "select graphic rendition" (ECMA-48).
_STYLES = {
    token.STRING: "35",
    token.NUMBER: "36",
    token.COMMENT: "2",
}
_KEYWORD = "32"


class Editor:
    """One line and its history. What a key does is a method; a method never fails."""

    def __init__(self) -> None:
        self.line = ""
        self.cursor = 0
        self.history: list[str] = []
        self._place = 0
        self._draft = ""

    def insert(self, text: str) -> None:
        """Put ``text`` where the cursor is."""
        text = text[: LONGEST - len(self.line)]
        self.line = self.line[: self.cursor] + text + self.line[self.cursor :]
        self.cursor += len(text)

    def indent(self) -> None:
        """Put in what Python indents by."""
        self.insert(_INDENT)

    def left(self) -> None:
        """Go one character back."""
        self.cursor = max(0, self.cursor - 1)

    def right(self) -> None:
        """Go one character on."""
        self.cursor = min(len(self.line), self.cursor + 1)

    def home(self) -> None:
        """Go to the beginning."""
        self.cursor = 0

    def end(self) -> None:
        """Go to the end."""
        self.cursor = len(self.line)

    def backspace(self) -> None:
        """Take away the character before the cursor."""
        if self.cursor:
            self._cut(self.cursor - 1, self.cursor)

    def delete(self) -> None:
        """Take away the character under the cursor."""
        self._cut(self.cursor, self.cursor + 1)

    def cut_to_end(self) -> None:
        """Take away what follows the cursor."""
        self._cut(self.cursor, len(self.line))

    def cut_to_start(self) -> None:
        """Take away what comes before the cursor."""
        self._cut(0, self.cursor)

    def cut_word(self) -> None:
        """Take away the word before the cursor."""
        before = self.line[: self.cursor].rstrip()
        self._cut(before.rfind(" ") + 1, self.cursor)

    def _cut(self, start: int, end: int) -> None:
        self.line = self.line[:start] + self.line[end:]
        self.cursor = start

    def older(self) -> None:
        """Go to the line before in the history."""
        self._go(self._place - 1)

    def newer(self) -> None:
        """Go to the line after in the history, at last to the one that was being typed."""
        self._go(self._place + 1)

    def _go(self, place: int) -> None:
        if not 0 <= place <= len(self.history):
            return
        if self._place == len(self.history):
            self._draft = self.line
        self._place = place
        self.line = self.history[place] if place < len(self.history) else self._draft
        self.cursor = len(self.line)

    def take(self) -> str:
        """Return the line, and begin a new one."""
        line = self.line
        if line.strip() and self.history[-1:] != [line]:
            self.history.append(line)
            del self.history[:-HISTORY]
        self.clear()
        return line

    def clear(self) -> None:
        """Begin a new line; the old one is forgotten."""
        self.line, self.cursor, self._draft = "", 0, ""
        self._place = len(self.history)


def styles(before: str, line: str) -> list[str]:
    """Return the style of each character of ``line``, which follows the source ``before``."""
    found = [""] * len(line)
    row = before.count("\n") + 1
    # What is being typed is seldom whole: what was understood of it is coloured.
    with suppress(tokenize.TokenError, SyntaxError):
        for part in tokenize.generate_tokens(io.StringIO(f"{before}{line}\n").readline):
            style = _KEYWORD if keyword.iskeyword(part.string) else _STYLES.get(part.type, "")
            if style and part.start[0] <= row <= part.end[0]:
                start = part.start[1] if part.start[0] == row else 0
                end = part.end[1] if part.end[0] == row else len(line)
                found[start:end] = [style] * len(line[start:end])
    return found


def paint(line: str, marks: list[str]) -> str:
    """Return ``line`` with the control sequences that give each character its style."""
    parts, now = [], ""
    for one, style in zip(line, marks, strict=True):
        if style != now:
            parts.append(f"\x1b[{style}m" if not now or style else "\x1b[0m")
            now = style
        parts.append(one)
    return "".join(parts) + ("\x1b[0m" if now else "")


def window(line: str, cursor: int, room: int) -> tuple[int, int]:
    """Return from where to where a line is shown that may be wider than ``room`` columns.

    The cursor is in it, at most two thirds along where there is more on both sides.
    """
    if columns(line) <= room:
        return 0, len(line)
    start = cursor
    left = room * 2 // 3
    while start > 0 and (left := left - columns(line[start - 1])) >= 0:
        start -= 1
    end, left = start, room
    while end < len(line) and (left := left - columns(line[end])) >= 0:
        end += 1
    return start, end
