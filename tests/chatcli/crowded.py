"""Servers whose rooms are full, and who say more than anybody can read."""

from __future__ import annotations

import json
import random
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

MEMBERS = 5000
KINDS = ("msg", "react", "edit", "mod", "msg", "join", "presence", "typing", "ignore", "nick",
         "msg", "invite", "ping", "xyzzy", "delete", "topic")  # fmt: skip


class Crowded(socketserver.StreamRequestHandler):
    """Has a lobby of 5,000 members, in which people talk until ``server.silent`` is set."""

    server: CrowdedServer

    def handle(self) -> None:
        """Serve a client."""
        self.talking: threading.Thread | None = None
        for line in self.rfile:
            asked = json.loads(line)
            if asked["do"] in {"ping", "nick"} and self.talking is None:
                self.say({"ev": "hello", "you": "ana", "in": ["#lobby"], "presence": 1})
            people = [{"nick": f"n{number:04}", "state": "online"} for number in range(MEMBERS)]
            reply = {"re": asked.get("id"), "ok": True, "room": "#lobby", "seq": 0, "recent": []}
            self.say({**reply, "members": people, "users": people, "v": 1})
            if asked["do"] == "join" and self.talking is None:
                self.talking = threading.Thread(target=self.talk, daemon=True)
                self.talking.start()

    def talk(self) -> None:
        """Say something every few milliseconds, and let people come and go."""
        seq = 0
        while not self.server.silent.wait(0.004):
            seq += 1
            words = " ".join("word" * (each % 3 + 1) for each in range(seq % 40 + 1))
            said = {"ev": "msg", "in": "#lobby", "seq": seq, "from": f"n{seq % 50:04}"}
            moved = {"ev": ("join", "part")[seq % 2], "in": "#lobby", "nick": f"m{seq // 2 % 9}"}
            self.say({**said, "text": f"{seq} {words} \u6f22\u5b57", "kind": "text"}, moved)
        seq += 1
        last = {"ev": "msg", "in": "#lobby", "seq": seq, "from": "n0001", "text": "silence now"}
        self.say({**last, "kind": "text"})

    def say(self, *events: Mapping[str, object]) -> None:
        """Send objects."""
        try:
            self.wfile.write("".join(f"{json.dumps(event)}\n" for event in events).encode())
        except OSError:
            self.server.silent.set()


class Flooding(Crowded):
    """Sends a flood of everything, of a thousand conversations, as fast as it is taken."""

    def talk(self) -> None:
        """Flood."""
        chance, seq = random.Random(1), 0
        while not self.server.silent.is_set():
            self.say(*(self.event(seq + each, chance) for each in range(500)))
            seq += 500
        self.say({"ev": "msg", "in": "#lobby", "seq": seq, "from": "eve", "text": "it is over"})

    def event(self, seq: int, chance: random.Random) -> dict[str, object]:
        """Return some event."""
        who = f"e{chance.randrange(10**6)}"
        title = chance.choice(["#lobby", f"@{who}", f"@e{chance.randrange(1000)}"])
        return {
            "ev": KINDS[seq % len(KINDS)], "in": title, "seq": seq + 1, "from": who, "nick": who,
            "by": who, "of": chance.randrange(2**53), "emoji": "\u2605", "old": "n0001", "v": seq,
            "state": "online", "on": True, "action": "pin", "kind": "text",
            "text": f"\x1b[2J\x1b]0;owned\x07 {seq} {'long ' * chance.randrange(200)}",
        }  # fmt: skip


class CrowdedServer(socketserver.ThreadingTCPServer):
    """Serves each client in a thread that ends with the test; ``silent`` ends the talking."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[Crowded]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.silent = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def serving(handler: type[Crowded]) -> Iterator[CrowdedServer]:
    """Give a server that serves, by ``handler``, until it is left."""
    with CrowdedServer(handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.silent.set()
            server.shutdown()
