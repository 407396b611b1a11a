"""What background the terminal has: it is asked (OSC 11), and its answer is no typed text.

Behind that question goes one that every terminal answers (DA1): when that answer is there, the
other one will not come any more. What is typed meanwhile is kept, and an answer that comes late
is taken out of what is typed, too.
"""

from __future__ import annotations

import re
import select
import time
from collections.abc import Callable

from prompt_toolkit.input import Input
from prompt_toolkit.input.posix_utils import PosixStdinReader
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.output import Output

from chatcli.ui.themes import Rgb

LIMIT = 0.1  # seconds that an answer may take before the first drawing
_QUESTION = "\x1b]11;?\x1b\\\x1b[c"
_ANSWER = re.compile(
    r"\x1b\]11;(?:rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})[^\x07\x1b]*"
    r"|[^\x07\x1b]{0,64})(?:\x07|\x1b\\)"
    r"|(\x1b\[\?[0-9;]{0,64}c)"
)
# The beginning of an answer whose end has not come yet.
_BEGUN = re.compile(r"\x1b(?:\](?:1(?:1(?:;[^\x07\x1b]{0,64}(?:\x1b)?)?)?)?|\[\?[0-9;]{0,64})\Z")


class _Reader(PosixStdinReader):
    """Reads what is typed, and takes the answers out of it.

    ``told`` gets the background; ``done`` is true when there is no answer to wait for.
    """

    def __init__(self, descriptor: int, encoding: str, told: Callable[[Rgb], None]) -> None:
        super().__init__(descriptor, encoding=encoding)
        self.done = False
        self._told = told
        self._held = ""

    def read(self, count: int = 1024) -> str:
        """Return what was typed."""
        text = self._held + super().read(count)
        self._held = ""
        if not self.done:
            text = _ANSWER.sub(self._take, text)
            begun = _BEGUN.search(text)
            if begun is not None:
                text, self._held = text[: begun.start()], begun[0]
        return text

    def _take(self, answer: re.Match[str]) -> str:
        red, green, blue, last = answer.groups()
        if last is not None:
            self.done = True
        elif red is not None:
            self._told((_part(red), _part(green), _part(blue)))
        return ""


def _part(digits: str) -> int:
    """Return a part of a colour, of one to four digits, as a number up to 255."""
    return int(digits, 16) * 255 // int("f" * len(digits), 16)


def ask_ground(input_: Input, output: Output, told: Callable[[Rgb], None]) -> None:
    """Ask the terminal for its background, and wait a moment; ``told`` may be called later, too.

    What cannot be asked, is not.
    """
    if not isinstance(input_, Vt100Input):
        return
    reader = _Reader(input_.fileno(), input_.stdin.encoding, told)
    input_.stdin_reader = reader
    keys = []
    with input_.raw_mode():
        output.write_raw(_QUESTION)
        output.flush()
        until = time.monotonic() + LIMIT
        while not (reader.done or reader.closed):
            rest = until - time.monotonic()
            if rest <= 0 or not select.select([input_.fileno()], [], [], rest)[0]:
                break
            keys += input_.read_keys()
    store_typeahead(input_, keys)
