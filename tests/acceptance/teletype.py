"""A terminal of which every byte is kept: what a program wrote, and what is to be seen of it."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from typing import Any

import pexpect
import pyte

from tests.acceptance.server import PATIENCE, environment, until

Screen = Any  # pyte brings no types
ESCAPE = b"\x1b"


class Teletype:
    """chatcli in a terminal of ``columns`` by ``rows``, with ``TERM`` as it is given.

    ``within``: the program, if any, that starts it.
    ``echo``: whether the terminal shows by itself what is typed, until a program changes that.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        term: str = "dumb",
        columns: int = 80,
        rows: int = 24,
        echo: bool = True,
        env: dict[str, str] | None = None,
        within: tuple[str, ...] = (),
    ) -> None:
        home.mkdir(exist_ok=True)
        self._home, self._arguments, self._term = home, arguments, term
        places = ("CONFIG", "CACHE", "DATA", "STATE")
        self.settings = home / "CONFIG" / "chatcli"
        command = [*within, sys.executable, "-m", "chatcli", *arguments]
        self._child = pexpect.spawn(
            command[0],
            command[1:],
            env={
                **{key: value for key, value in environment().items() if key != "TMUX"},
                **{f"XDG_{place}_HOME": str(home / place) for place in places},
                "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
                "TERM": term,
                **(env or {}),
            },
            cwd=str(home),
            dimensions=(rows, columns),
            echo=echo,
            timeout=PATIENCE,
        )
        self.everything = b""
        self._screen: Screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    def again(self) -> Teletype:
        """Start chatcli once more, with all that it has kept."""
        return Teletype(self._home, *self._arguments, term=self._term)

    def _read(self) -> None:
        try:
            data = self._child.read_nonblocking(1 << 16, timeout=0.05)
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            return
        self.everything += data
        self._stream.feed(data)

    @property
    def text(self) -> str:
        """All that was written so far."""
        self._read()
        return self.everything.decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def screen(self) -> list[str]:
        """What is to be seen, row by row."""
        self._read()
        return [row.rstrip() for row in self._screen.display]

    def see(self, *texts: str) -> str:
        """Wait until all of ``texts`` were written; return all that was."""

        def found() -> str:
            text = self.text
            return text if all(each in text for each in texts) else ""

        try:
            return until(found, f"{texts} written")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text}") from None

    def see_bytes(self, wanted: bytes) -> None:
        """Wait until some bytes were written."""

        def found() -> bool:
            self._read()
            return wanted in self.everything

        try:
            until(found, f"{wanted!r} written")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.everything!r}") from None

    def see_row(self, row: str) -> list[str]:
        """Wait until a row of the screen reads like that; return all rows."""

        def found() -> list[str]:
            rows = self.screen
            return rows if row in rows else []

        try:
            return until(found, f"the row {row!r}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.screen}") from None

    def forget(self) -> None:
        """Forget what was written so far."""
        self._read()
        self.everything = b""

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._child.send(text)

    def enter(self, text: str) -> None:
        """Type a text, and Enter."""
        self._child.send(f"{text}\r")

    def kill(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._child.kill(number)

    def left(self) -> int:
        """Wait until the program has ended; return its status."""

        def ended() -> bool:
            self._read()
            return not self._child.isalive()

        until(ended, "chatcli ends")
        self._read()
        return int(self._child.exitstatus if self._child.exitstatus is not None else -1)

    @property
    def rows(self) -> list[str]:
        """The lines that were written, without what was typed at a prompt."""
        return [row for row in self.text.split("\n") if row and not re.match(r"\S+> ", row)]

    def close(self) -> None:
        """End it, whatever it does."""
        self._child.close(force=True)
