"""Clients that tests speak with: bare sockets, JSON, and programs in a terminal."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from typing import Any, Self

from tests.acceptance.server import PATIENCE, ChatServer, until

Event = dict[str, Any]
RESET = struct.pack("ii", 1, 0)


class Wire:
    """A connection by lines; whatever is waited for must come within ``PATIENCE`` seconds."""

    def __init__(self, server: ChatServer, *, buffer: int | None = None) -> None:
        family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
        self.socket = socket.socket(family)
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(PATIENCE)
        self.received = b""
        self._rest = b""
        try:
            self.socket.connect(server.address)
        except OSError:
            self.socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(data)

    def line(self) -> bytes | None:
        """Return the next line without its end, None at the end of the connection."""
        while b"\n" not in self._rest:
            data = self.socket.recv(1 << 16)
            if not data:
                rest, self._rest = self._rest, b""
                return rest or None
            self.received += data
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def to_the_end(self) -> list[bytes]:
        """Return all lines until the server closes."""
        lines = []
        while (line := self.line()) is not None:
            lines.append(line)
        return lines

    def finish(self) -> None:
        """Send no more, and go on reading."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Break the connection off as a crashing machine does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()

    def close(self) -> None:
        """Close."""
        self.socket.close()


class TextClient(Wire):
    """Somebody at a bare text connection."""

    def __init__(self, server: ChatServer, nick: str, *, buffer: int | None = None) -> None:
        super().__init__(server, buffer=buffer)
        self.seen: list[str] = []
        self.say(f"/nick {nick}")
        self.expect(rf"\*\*\* You are {nick}$")

    def say(self, text: str) -> None:
        """Type a line."""
        self.send(f"{text}\n".encode())

    def expect(self, pattern: str) -> str:
        """Read until a line has ``pattern`` in it, and return that line."""
        wanted = re.compile(pattern)
        while True:
            line = self.line()
            assert line is not None, f"the server closed; no line with {pattern!r}: {self.seen}"
            self.seen.append(line.decode())
            if wanted.search(self.seen[-1]):
                return self.seen[-1]

    def settle(self) -> list[str]:
        """Return what came since the last time, up to a sign of life asked for now."""
        self.say("/ping")
        self.expect(r"^\*\*\* pong ")
        seen, self.seen = self.seen[:-1], []
        return seen


class JsonClient(Wire):
    """A program that speaks JSON.

    ``events`` are all events that came, in their order; ``replies`` those not asked for yet, by id.
    """

    def __init__(
        self, server: ChatServer, nick: str | None = None, *, buffer: int | None = None
    ) -> None:
        super().__init__(server, buffer=buffer)
        self.events: list[Event] = []
        self.replies: dict[object, Event] = {}
        self._read = 0
        self._ids = 0
        if nick is not None:
            assert self.ask("nick", name=nick)["ok"]

    @property
    def token(self) -> str:
        """What the session can be resumed with."""
        return str(self.find(ev="hello")["resume"])

    def request(self, do: str, **keys: object) -> int:
        """Send a command and return its id."""
        self._ids += 1
        keys = {key.rstrip("_"): value for key, value in keys.items()}
        self.send(json.dumps({"do": do, "id": self._ids, **keys}).encode() + b"\n")
        return self._ids

    def reply(self, ident: object) -> Event:
        """Return the reply to a request; what comes before it is among the events."""
        while ident not in self.replies:
            assert self.next() is not None, "the server closed"
        return self.replies.pop(ident)

    def ask(self, do: str, **keys: object) -> Event:
        """Send a command and return the reply."""
        return self.reply(self.request(do, **keys))

    def next(self) -> Event | None:
        """Return the next object, None at the end of the connection."""
        line = self.line()
        if line is None:
            return None
        told: Event = json.loads(line)
        if "ev" in told:
            self.events.append(told)
        else:
            self.replies[told["re"]] = told
        return told

    def find(self, **keys: object) -> Event:
        """Return the first event, of those that came or of the next ones, that has ``keys``."""
        wanted = {key.rstrip("_"): value for key, value in keys.items()}
        index = 0
        while True:
            while index < len(self.events):
                event = self.events[index]
                if all(event.get(key) == value for key, value in wanted.items()):
                    return event
                index += 1
            assert self.next() is not None, f"the server closed; no event {wanted}: {self.events}"

    def settle(self) -> list[Event]:
        """Return the events since the last time, up to a sign of life asked for now."""
        assert self.ask("ping")["ok"]
        fresh = self.events[self._read :]
        self._read = len(self.events)
        return fresh

    def history(self, to: str) -> list[Event]:
        """Return everything that was said in a conversation, oldest first, by pages."""
        page = self.ask("history", to=to, limit=200)
        events: list[Event] = page["page"]
        while page["more"]:
            page = self.ask("history", to=to, limit=200, before=events[0]["seq"])
            events = page["page"] + events
        return events


def resumed(
    server: ChatServer, token: str, seen: dict[str, int] | None = None
) -> tuple[JsonClient, Event]:
    """Return a new connection that took up a lost one, and the reply."""
    client = JsonClient(server)
    reply = client.ask("resume", token=token, seen=seen or {})
    return client, reply


def still_answers(server: ChatServer) -> None:
    """Assert that the server serves a new client."""
    with JsonClient(server) as client:
        assert client.ask("ping")["ok"]


def gone(server: ChatServer, others: int = 0) -> None:
    """Wait until nobody but ``others``, and who asks, is here."""

    def alone() -> bool:
        with JsonClient(server) as client:
            here = len(client.ask("who")["users"])
            client.ask("quit")
            return here == others + 1

    until(alone, "everybody else is gone")


def promptly(started: float, limit: float) -> None:
    """Assert that no more than ``limit`` seconds passed since ``started`` (monotonic)."""
    assert time.monotonic() - started < limit
