"""A world without a network: what a command sends, writes, reads and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from chatcli.arguments import parse
from chatcli.headless.statuses import Status
from chatcli.headless.table import COMMANDS
from chatcli.headless.visit import Visit
from chatcli.person import Credentials
from chatcli.wire import Object
from chatd.core.commands import Command
from chatd.core.grammar import encode

HELLO = {"ev": "hello", "you": "guest-7", "resume": "r.1", "in": ["#lobby"], "limits": {}}
ANA = Credentials("ana", "t.secret")


class World:
    """Runs a command line. ``sent`` are the commands on the wire that no test has looked at."""

    def __init__(self, *words: str, credentials: Credentials | None = None) -> None:
        asked = parse(words)
        self.sent: list[dict[str, Any]] = []
        self.output: list[str] = []
        self.warnings: list[str] = []
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.limits: list[float | None] = []
        self.wanted: Callable[[bytes], None] | None = None
        self.ended: tuple[Status, str] | None = None
        self.visit = Visit(self, asked.nick, credentials)
        self.errand = COMMANDS[asked.command].errand(self.visit, asked)
        self.visit.errand = self.errand

    # What the visit asks

    def send(self, command: Command) -> None:
        self.sent.append(msgspec.json.decode(encode(command)))

    def write(self, text: str) -> None:
        self.output.append(text)

    def warn(self, words: str) -> None:
        self.warnings.append(words)

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self.timers.append((seconds, do))

    def limit(self, seconds: float | None) -> None:
        self.limits.append(seconds)

    def read(self, take: Callable[[bytes], None]) -> None:
        assert self.wanted is None
        self.wanted = take

    def end(self, status: Status, words: str) -> None:
        assert self.ended is None
        self.ended = (status, words)

    # What a test does

    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None

    def take(self, do: str, **keys: object) -> dict[str, Any]:
        """Return the command that was sent next, which is ``do`` with these keys."""
        command = self.sent.pop(0)
        assert command["do"] == do, (command, self.sent)
        assert {key: command.get(key) for key in keys} == keys
        return command

    def reply(self, do: str, answer: Object | None = None, **keys: object) -> dict[str, Any]:
        """Answer the command that was sent next; return it."""
        command = self.take(do, **keys)
        self.visit.received({"re": command["id"], "ok": True, **(answer or {})})
        return command

    def refuse(self, do: str, code: int, **details: object) -> None:
        """Refuse the command that was sent next."""
        command = self.take(do)
        refusal = {"re": command["id"], "ok": False, "code": code, "text": "No.", **details}
        self.visit.received(refusal)

    def event(self, ev: str, **keys: object) -> None:
        """Tell an event."""
        self.visit.received({"ev": ev, **{key.rstrip("_"): value for key, value in keys.items()}})

    def say(self, seq: int, text: str, to: str = "#lobby") -> None:
        """Have bo say something."""
        self.visit.received(said(seq, text, to))

    def arrive(self) -> None:
        """Connect as a guest."""
        self.visit.connected()
        command = self.sent.pop(0)
        self.visit.received(HELLO)
        self.visit.received({"re": command["id"], "ok": True})

    def resume(self, seen: dict[str, int] | None = None) -> None:
        """Lose the connection, and take it up again."""
        self.visit.lost()
        self.sent.clear()
        self.visit.connected()
        command = self.sent.pop(0)
        assert (command["do"], command["token"]) == ("resume", "r.1")
        assert seen is None or command.get("seen", {}) == seen
        self.visit.received({**HELLO, "resume": "r.1"})
        self.visit.received({"re": command["id"], "ok": True})

    def come_anew(self) -> None:
        """Lose the connection, and be forgotten by the server."""
        self.visit.lost()
        self.sent.clear()
        self.visit.connected()
        self.refuse("resume", 401)
        command = self.sent.pop(0)
        self.visit.received({**HELLO, "you": "guest-8"})
        self.visit.received({"re": command["id"], "ok": True})

    def feed(self, data: bytes) -> None:
        """Give a piece of input to who wants it."""
        assert self.wanted is not None
        take, self.wanted = self.wanted, None
        take(data)


def said(seq: int, text: str, to: str = "#lobby") -> dict[str, Any]:
    """Return a message of bo's."""
    moment = "2026-11-21T12:01:00.000Z"
    return {"ev": "msg", "in": to, "seq": seq, "from": "bo", "t": moment, "text": text}
