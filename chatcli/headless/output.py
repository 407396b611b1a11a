"""Standard output: plain lines in UTF-8, and who reads them."""

from __future__ import annotations

import os
import select


class NobodyReads(Exception):
    """Nobody gets the output any more; the message says why where that is unusual."""


class Output:
    """Writes lines to file descriptor ``number``. A line is out before the next is taken."""

    def __init__(self, number: int = 1) -> None:
        self._number = number
        self._poll = select.poll()
        self._poll.register(self._number, 0)

    def write(self, text: str) -> None:
        """Write a line. Raises ``NobodyReads``."""
        data = memoryview(f"{text}\n".encode("utf-8", "replace"))
        try:
            while data:
                data = data[self._write(data) :]
        except BrokenPipeError:
            raise NobodyReads from None
        except OSError as error:
            raise NobodyReads(f"The output cannot be written: {error.strerror}.") from None

    def _write(self, data: memoryview) -> int:
        try:
            return os.write(self._number, data)
        except BlockingIOError:
            # Another user of the same pipe has made it so.
            select.select([], [self._number], [])
            return 0

    @property
    def is_read(self) -> bool:
        """Whether there is somebody who could read what comes."""
        return not any(event & (select.POLLERR | select.POLLHUP) for _, event in self._poll.poll(0))
