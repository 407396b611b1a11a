"""Whether the terminal has the focus, where it tells: who looks elsewhere has read nothing."""

from __future__ import annotations

from contextlib import suppress

from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output

# Keys that no keyboard has stand for what the terminal says.
IN, OUT = Keys.F23, Keys.F24


class Focus:
    """Asks the terminal to tell; ``there`` stays true where it cannot, ``told`` false."""

    def __init__(self, output: Output) -> None:
        self.there = True
        self.told = False
        self._output = output
        self._asked = False
        ANSI_SEQUENCES["\x1b[I"] = IN
        ANSI_SEQUENCES["\x1b[O"] = OUT

    def tell(self, *, there: bool) -> None:
        """The terminal has told."""
        self.there, self.told = there, True

    def ask(self) -> None:
        """Have the terminal tell from now on."""
        if not self._asked:
            self._asked = True
            self._write("h")

    def stop(self) -> None:
        """Have it tell no more."""
        if self._asked:
            self._asked = False
            self._write("l")

    def _write(self, how: str) -> None:
        # A terminal that is gone needs nothing more.
        with suppress(OSError):
            self._output.write_raw(f"\x1b[?1004{how}")
            self._output.flush()
