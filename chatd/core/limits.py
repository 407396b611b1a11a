"""The limits of the protocol, section 8. Each is an option of the operator."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in bytes, times in seconds, unless the name says otherwise."""

    line: int = 4096
    json_line: int = 16384
    text: int = 4096
    text_lines: int = 100
    topic: int = 512
    away: int = 256
    burst: int = 10
    rate: float = 2.0
    delay: float = 5.0
    input_waiting: int = 64 * 1024
    output_soft: int = 256 * 1024
    output_hard: int = 1024 * 1024
    output_stall: float = 30.0
    ping: float = 60.0
    gone: float = 150.0
    resume: float = 120.0
    connections: int = 16
    new_connections: int = 30
    new_connections_window: float = 600.0
    password: int = 1
    tries: int = 5
    tries_window: float = 900.0
    registrations: int = 10
    registrations_window: float = 3600.0
    page: int = 200
    recent: int = 20
    ring: int = 64
    rooms: int = 200
    replay: int = 10_000
    announce: int = 1000
    nonce: float = 24 * 3600.0

    def told(self) -> dict[str, int]:
        """Return what clients are told of the limits in ``hello``."""
        return {
            "line": self.json_line,
            "text": self.text,
            "lines": self.text_lines,
            "topic": self.topic,
            "page": self.page,
            "resume": int(self.resume),
        }
