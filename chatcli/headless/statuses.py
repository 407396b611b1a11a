"""With which status a command ends, as the manual page tells."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """An exit status. What a signal ends has 128 and its number: 130 after Ctrl-C."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NO_CONNECTION = 3
    TIME_OVER = 4
    NO_LOGIN = 5
    MISTAKE = 70
    HUNG_UP = 129
    INTERRUPTED = 130
    NOBODY_READS = 141
    TERMINATED = 143
