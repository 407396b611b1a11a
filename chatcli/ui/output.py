"""What goes to the terminal: columns that hold whatever it makes of a cluster, and links."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

from prompt_toolkit.output import ColorDepth, DummyOutput, Output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Attrs
from prompt_toolkit.utils import get_cwidth

from chatcli.ui.cells import Glyph, is_agreed
from chatcli.ui.runs import Run


class ScreenOutput(Vt100_Output):
    """Draws cells one by one.

    Terminals differ in how wide they draw a family of emoji, or a flag. Around such a cluster the
    cursor is put where it belongs, so that whatever comes after it stands in its column.
    """

    _link = ""
    # What is painted where something is erased; None: nothing.
    ground: Callable[[], tuple[Attrs, ColorDepth] | None] = staticmethod(lambda: None)

    def erase_screen(self) -> None:
        """Erase everything."""
        self._paint(super().erase_screen)

    def erase_down(self) -> None:
        """Erase all from the cursor on."""
        self._paint(super().erase_down)

    def erase_end_of_line(self) -> None:
        """Erase the rest of the line."""
        self._paint(super().erase_end_of_line)

    def _paint(self, erase: Callable[[], None]) -> None:
        """Erase with a ground: terminals give what is erased the one that is set just then."""
        ground = self.ground()
        if ground is not None:
            self.set_attributes(*ground)
        erase()
        if ground is not None:
            self.reset_attributes()

    def write(self, data: str) -> None:
        """Write the content of a cell, or what moves the cursor."""
        self._go_to_link(data.url if isinstance(data, Glyph) else "")
        if data.isascii() or isinstance(data, Run) or is_agreed(data):
            super().write(data)
        else:
            self._write_with_care(data)

    def _write_with_care(self, text: str) -> None:
        columns = text.columns if isinstance(text, Glyph) else get_cwidth(text)
        # Wiped first, for a terminal that draws it narrower. It is saved twice because some
        # forget the place with the first return to it.
        self.write_raw(f"\x1b7{' ' * columns}\x1b8\x1b7")
        super().write(text)
        self.write_raw(f"\x1b8\x1b[{columns}C" if columns else "\x1b8")

    def _go_to_link(self, url: str) -> None:
        if url != self._link:
            self._link = url
            # The same address in several rows is one link. It has no control characters.
            self.write_raw(f"\x1b]8;;{url}\x1b\\")

    def reset_attributes(self) -> None:
        """Write without colours, and no link, from here on."""
        self._go_to_link("")
        super().reset_attributes()

    def enable_mouse_support(self) -> None:
        """Have the terminal tell of buttons and the wheel, not of every movement."""
        self.write_raw("\x1b[?1000h\x1b[?1006h")

    def disable_mouse_support(self) -> None:
        """Have it tell no more."""
        self.write_raw("\x1b[?1006l\x1b[?1000l")


def screen_output(terminal: TextIO | None) -> Output:
    """Return what draws on a terminal."""
    if terminal is None:
        return DummyOutput()
    return ScreenOutput.from_pty(terminal, term=os.environ.get("TERM"))
