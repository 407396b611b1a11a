"""A program on a terminal of its own, looked at from outside: what it draws, and what it takes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

SIZE = (200, 50)  # columns, rows
QUIET = 0.006  # seconds without output, after which a drawing is done
PATIENCE = 90.0  # seconds
# What a terminal answers to who asks for its background, and for what it can do.
_ANSWERS = {b"\x1b]11;?": b"\x1b]11;rgb:0000/0000/0000\x1b\\", b"\x1b[c": b"\x1b[?62;22c"}


class Program:
    """Runs a program on a pseudo-terminal until it is closed. ``began``: when, by monotonic()."""

    def __init__(self, command: Sequence[str], more: Mapping[str, str], home: Path) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}
        self.began = time.monotonic()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(command[0], list(command), environment)  # noqa: S606
        size = struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)
        self._drawn = bytearray()

    # Its terminal

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._terminal, keys)

    def read(self, seconds: float) -> bytes:
        """Wait at most so many seconds for output, and return it. Raises ``EOFError``."""
        if not select.select([self._terminal], [], [], max(0.0, seconds))[0]:
            return b""
        try:
            data = os.read(self._terminal, 1 << 16)
        except OSError:
            raise EOFError(self._drawn[-2000:].decode(errors="replace")) from None
        for question, answer in _ANSWERS.items():
            if question in data:
                self.press(answer)
        self._drawn += data
        del self._drawn[:-200_000]
        return data

    def see(self, text: str, patience: float = PATIENCE) -> float:
        """Wait until ``text`` is drawn in one piece; return the seconds since the start."""
        wanted, seen = text.encode(), b""
        end = time.monotonic() + patience
        while wanted not in seen:
            if time.monotonic() > end:
                raise TimeoutError(f"{text} never drawn: {self._drawn[-3000:]!r}")
            seen = seen[-len(wanted) :] + self.read(0.1)
        return time.monotonic() - self.began

    def settle(self, quiet: float = QUIET) -> None:
        """Read until nothing is drawn for a while."""
        while self.read(quiet):
            pass

    # What it takes

    def processor(self) -> float:
        """Return the processor time of all its threads, in seconds."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text("ascii").split()[0]) for each in tasks) / 1e9

    def memory(self) -> float:
        """Return its resident memory in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def frame(self, act: Callable[[], None]) -> float:
        """Do something, and return the processor time until all of it is drawn, in seconds."""
        self.settle()
        before = self.processor()
        act()
        self.read(1.0)
        self.settle()
        return self.processor() - before

    def close(self) -> None:
        """End it, and collect it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + 3
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            with suppress(EOFError):
                self.read(0.01)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
        os.close(self._terminal)
