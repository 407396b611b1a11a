"""A server that no client should have to meet."""

from __future__ import annotations

import json
import socketserver


class Hostile(socketserver.StreamRequestHandler):
    """Takes anybody for a guest, says all that it should not, and then something nice."""

    def handle(self) -> None:
        """Serve a client."""
        for line in self.rfile:
            asked = json.loads(line)
            if asked["do"] == "ping":
                hello = {"ev": "hello", "you": "guest-1", "resume": "r.1", "in": ["#lobby"]}
                self.say(**hello, motd="\x1b[2J\x1b]0;")
            reply = {"re": asked["id"], "ok": True}
            if asked["do"] != "join":
                self.say(**reply, you=[], users={}, rooms=7)
                continue
            members = [{"nick": f"n\x1b[31m{number}"} for number in range(50_000)]
            self.say(**reply, room="#lobby", topic="\x1b[5mx", members=members, seq="x", recent=[1])
            self.misbehave()

    def misbehave(self) -> None:
        """Send what nobody should."""
        self.wfile.write(b"\x1b[?1049l\xff\n*** words\n[]\nnull\n" + b"[" * 100_000 + b"\n")
        for _ in range(20):
            self.wfile.write(b"x" * 500_000)
        self.wfile.write(b"\n")
        for event in (
            "msg",
            "join",
            "nick",
            "presence",
            "typing",
            "topic",
            "react",
            "bye",
            "error",
        ):
            self.say(ev=event)
            self.say(ev=event, seq=True, **{"in": {}, "from": 5}, text=[], nick=None, v="1")
        self.said(1, "\x1b]2;owned\x07\x9b2J\u202eevil")
        self.said(3, "still \u6f22\u5b57 here")
        self.said(9_000_000_000, "far away")

    def said(self, seq: int, text: str) -> None:
        """Say something in the lobby."""
        self.say(ev="msg", seq=seq, text=text, t="never", **{"in": "#lobby", "from": "eve\x1b[2J"})

    def say(self, **words: object) -> None:
        """Send an object."""
        self.wfile.write(json.dumps(words).encode() + b"\n")


class Server(socketserver.ThreadingTCPServer):
    """Serves each client in a thread that ends with the test."""

    daemon_threads = True
    block_on_close = False
