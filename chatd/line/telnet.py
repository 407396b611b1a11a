"""Telnet negotiation, kept out of the chat: a bounded state machine (RFC 854, 855, 1073, 1091).

The server never speaks telnet first. Once a client has, window size and terminal type are
accepted, everything else is refused, each option answered once so that no loop can begin. Around
a password the server says that it echoes what is typed (RFC 857), and does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, NAWS, TTYPE = 1, 31, 24
TTYPE_IS, TTYPE_SEND = 0, 1
SUBNEGOTIATION_LIMIT = 256
_ACCEPTED = (NAWS, TTYPE)

# Takes a byte and returns the next state, None to stay.
_State = Callable[[int], Any]


class Filtered(NamedTuple):
    """What a chunk of bytes came to: the client's text, and what telnet wants answered."""

    text: bytes
    answer: bytes


class Telnet:
    """The telnet side of one connection.

    ``size`` is (columns, rows) and ``terminal`` the terminal's type, where the client told them.
    ``spoken`` tells whether it has ever said anything in telnet's own language.
    """

    def __init__(self) -> None:
        self.size: tuple[int, int] | None = None
        self.terminal: str | None = None
        self.spoken = False
        self._unanswered = 0
        self._state: _State = self._data
        self._answered: set[tuple[int, int]] = set()
        self._sub = bytearray()
        self._text = bytearray()
        self._answer = bytearray()
        self._verb = 0
        self._after_cr = False

    def feed(self, data: bytes) -> Filtered:
        """Take what came in; CR NUL, a telnet client's Enter, becomes a line feed."""
        plain = self._state == self._data and IAC not in data
        if plain and not self._after_cr and b"\0" not in data:
            self._after_cr = data.endswith(b"\r")
            return Filtered(data, b"")
        for byte in data:
            self._state = self._state(byte) or self._state
        text, answer = bytes(self._text), bytes(self._answer)
        self._text.clear()
        self._answer.clear()
        return Filtered(text, answer)

    def show_input(self, shown: bool) -> bytes:
        """Return what makes the client's terminal show what is typed, or not.

        Only for a client that has ``spoken``.
        """
        self._unanswered += 1
        return bytes((IAC, WONT if shown else WILL, ECHO))

    # The states

    def _data(self, byte: int) -> _State | None:
        if byte == IAC:
            return self._command
        if byte == 0 and self._after_cr:
            byte = 10
        self._after_cr = byte == 13
        self._text.append(byte)
        return None

    def _command(self, byte: int) -> _State | None:
        # Other bytes after this one are no telnet but text in an encoding that isn't UTF-8.
        self.spoken = self.spoken or SE <= byte < IAC
        if byte in (WILL, WONT, DO, DONT):
            self._verb = byte
            return self._option
        if byte == SB:
            self._sub.clear()
            return self._subnegotiation
        if byte == IAC:
            self._text.append(byte)
        return self._data

    def _option(self, byte: int) -> _State | None:
        if self._unanswered and byte == ECHO and self._verb in (DO, DONT):
            # The answer to our own word; to answer it again would begin a loop.
            self._unanswered -= 1
            return self._data
        key = (self._verb, byte)
        if key not in self._answered and self._verb in (WILL, DO):
            self._answered.add(key)
            if self._verb == DO:
                self._answer += bytes((IAC, WONT, byte))
            elif byte in _ACCEPTED:
                self._answer += bytes((IAC, DO, byte))
                if byte == TTYPE:
                    self._answer += bytes((IAC, SB, TTYPE, TTYPE_SEND, IAC, SE))
            else:
                self._answer += bytes((IAC, DONT, byte))
        return self._data

    def _subnegotiation(self, byte: int) -> _State | None:
        if byte == IAC:
            return self._subnegotiation_command
        if len(self._sub) < SUBNEGOTIATION_LIMIT:
            self._sub.append(byte)
        return None

    def _subnegotiation_command(self, byte: int) -> _State | None:
        if byte == SE:
            self._negotiated()
            return self._data
        if byte == IAC and len(self._sub) < SUBNEGOTIATION_LIMIT:
            self._sub.append(byte)
        return self._subnegotiation

    def _negotiated(self) -> None:
        sub = bytes(self._sub)
        if len(sub) == 5 and sub[0] == NAWS:
            columns, rows = int.from_bytes(sub[1:3], "big"), int.from_bytes(sub[3:5], "big")
            self.size = (columns, rows)
        elif sub[:2] == bytes((TTYPE, TTYPE_IS)):
            letters = bytes(byte for byte in sub[2:42] if 33 <= byte < 127)
            self.terminal = letters.decode("ascii")
