"""Standard input, read by a thread: making it non-blocking would make it so for its other users."""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

PIECE = 1 << 16  # bytes


class Input:
    """Reads file descriptor ``number``, one piece for each that is wanted.

    ``call`` does something in the thread that wants it.
    """

    def __init__(self, call: Callable[..., object], number: int = 0) -> None:
        self._call = call
        self._number = number
        self._wanted: SimpleQueue[Callable[[bytes], None]] = SimpleQueue()
        # Who has ended must not wait for somebody to type.
        self._thread = Thread(target=self._run, name="input", daemon=True)

    def read(self, take: Callable[[bytes], None]) -> None:
        """Give ``take`` the next piece; an empty one is the end."""
        if not self._thread.is_alive():
            self._thread.start()
        self._wanted.put(take)

    def _run(self) -> None:
        while True:
            take = self._wanted.get()
            try:
                data = os.read(self._number, PIECE)
            except OSError:
                data = b""
            self._call(take, data)
            if not data:
                return
