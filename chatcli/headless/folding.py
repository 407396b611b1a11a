"""A command's output folded into messages. Pure."""

from __future__ import annotations

import codecs
import re

from chatd.core.grammar import clean

BYTES = 4096  # of a message, until the server says
LINES = 100
# Colours and the like: a control sequence, an operating system command, or another escape.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_TAB = 8  # columns


class Folder:
    """Cuts bytes into lines, and puts as many into each message as fit."""

    def __init__(self, limits: dict[str, int]) -> None:
        self._bytes = limits.get("text", BYTES)
        self._lines = limits.get("lines", LINES)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._folded: list[str] = []
        self._size = 0

    @property
    def waits(self) -> bool:
        """Whether there is a line that is in no message yet."""
        return bool(self._folded)

    def feed(self, data: bytes) -> list[str]:
        """Return the messages that are full."""
        *lines, self._rest = (self._rest + self._decoder.decode(data)).split("\n")
        full = [message for line in lines for message in self._add(line)]
        while len(self._rest) > 4 * self._bytes:
            # An endless line must not fill the memory.
            full += self._add(self._rest[: self._bytes])
            self._rest = self._rest[self._bytes :]
        return full

    def flush(self) -> list[str]:
        """Return the message of the whole lines that wait, if there is one."""
        message = "\n".join(self._folded).strip("\n")
        self._folded, self._size = [], 0
        return [message] if message.strip() else []

    def end(self) -> list[str]:
        """Return what is left at the end of the input."""
        rest = self._rest + self._decoder.decode(b"", final=True)
        self._rest = ""
        return [*(self._add(rest) if rest else []), *self.flush()]

    def _add(self, line: str) -> list[str]:
        full: list[str] = []
        for part in _parts(_plain(line), self._bytes):
            size = len(part.encode()) + 1
            if self._size + size > self._bytes + 1 or len(self._folded) >= self._lines:
                full += self.flush()
            self._folded.append(part)
            self._size += size
        return full


def _plain(line: str) -> str:
    """Return a line as a terminal would show it at last, without its colours."""
    shown = _ESCAPES.sub("", line).rstrip("\r").rpartition("\r")[2]
    return clean(shown.expandtabs(_TAB)).rstrip()


def _parts(line: str, most: int) -> list[str]:
    """Cut a line into parts of at most ``most`` bytes, between characters."""
    parts = [""]
    size = 0
    for character in line if len(line) * 4 > most else ():
        width = len(character.encode())
        if size + width > most:
            parts.append("")
            size = 0
        parts[-1] += character
        size += width
    return parts if size else [line]
