"""What the clients are connected to: a chat that says what it is told to, and a local ircd."""

from __future__ import annotations

import json
import random
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
# Only what differs from what was there before is drawn: letters that stand nowhere else are drawn.
MARK = "ЖФЖФЖФЖФ"
NICKS = 200
VOICES = 4  # an ircd lets nobody alone be quick
_WORDS = ("the", "backup", "of", "last", "night", "is", "through", "and", "nobody", "knows", "why",
          "it", "took", "so", "long", "but", "switch", "at", "noon", "will", "show")  # fmt: skip


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def texts(seed: int = 1) -> Iterator[str]:
    """Yield messages of 3 to 30 words."""
    chance = random.Random(seed)
    while True:
        yield " ".join(chance.choices(_WORDS, k=chance.randint(3, 30)))


# The chat


class Chat:
    """A process that serves one chatcli after the other: rooms #lobby and #ops, 200 people."""

    def __init__(self) -> None:
        self.port = free_port()
        self._ours, theirs = Pipe()
        self._process = Process(target=_serve, args=(self.port, theirs), daemon=True)
        self._process.start()
        self._ours.recv()

    def say(self, room: str, count: int, rate: float = 0.0, last: str = "") -> None:
        """Say ``count`` messages, so many a second or as fast as they are read; then ``last``."""
        self._ours.send((room, count, rate, last))

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join()


def _serve(port: int, orders: Connection) -> None:
    listener = socket.create_server((HOST, port))
    orders.send("ready")
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            _Talk(client, orders).run()
        except OSError:
            pass
        finally:
            client.close()


class _Talk:
    def __init__(self, client: socket.socket, orders: Connection) -> None:
        self._client = client
        self._orders = orders
        self._seq = {"#lobby": 0, "#ops": 0}
        self._texts = texts()
        self._begun = b""

    def run(self) -> None:
        self._tell({"ev": "hello", "v": 1, "server": "bench", "you": "ana", "presence": 1,
                    "in": list(self._seq), "resume": "", "limits": {}})  # fmt: skip
        while self._answer(None):
            if self._orders.poll():
                self._say(*self._orders.recv())

    def _answer(self, seconds: float | None) -> bool:
        """Answer what was asked; wait for that, or for an order, at most so many seconds."""
        ready, _, _ = select.select([self._client, self._orders], [], [], seconds)
        if self._client not in ready:
            return True
        data = self._client.recv(65536)
        *lines, self._begun = (self._begun + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            self._tell({"re": asked.get("id"), "ok": True, **self._result(asked)})
        return bool(data)

    def _result(self, asked: dict[str, Any]) -> dict[str, Any]:
        people = [{"nick": "ana"}, *({"nick": f"person{number}"} for number in range(NICKS))]
        people = [{**each, "role": "member", "state": "online"} for each in people]
        room = asked.get("room", "#lobby")
        if asked["do"] == "join":
            seq = self._seq.setdefault(room, 0)
            return {"room": room, "topic": MARK, "members": people, "seq": seq, "recent": []}
        return {"users": people, "v": 1} if asked["do"] == "who" else {"page": [], "more": False}

    def _tell(self, *events: dict[str, Any]) -> None:
        self._client.sendall(b"".join(json.dumps(event).encode() + b"\n" for event in events))

    def _say(self, room: str, count: int, rate: float, last: str) -> None:
        begun, said = time.monotonic(), 0
        while said < count:
            due = int((time.monotonic() - begun) * rate) - said if rate else 500
            due = min(due, count - said)
            self._tell(*(self._event(room, next(self._texts)) for _ in range(due)))
            said += due
            self._answer(0.002 if rate else 0)
        if last:
            self._tell(self._event(room, last))

    def _event(self, room: str, text: str) -> dict[str, Any]:
        seq = self._seq[room] = self._seq[room] + 1
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1_700_000_000 + seq))
        return {"ev": "msg", "in": room, "seq": seq, "from": f"person{seq * 7 % NICKS}",
                "t": f"{at}.000Z", "text": text, "kind": "text"}  # fmt: skip


# The ircd

_CONFIGURATION = """[Global]
Name = irc.example.net
Info = bench
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = hello
[Limits]
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
SyslogFacility = none
[Channel]
Name = #lobby
Topic = {topic}
[Channel]
Name = #ops
Topic = {topic}
"""


class _Voice:
    """Somebody in #lobby and #ops; ``wanted`` is what he will say."""

    def __init__(self, connection: socket.socket, nick: str) -> None:
        self.wanted: list[str] = []
        self._socket = connection
        self._read = connection.makefile("rb")
        self._send(f"NICK {nick}", f"USER {nick} 0 * :somebody", "JOIN #lobby,#ops")
        self.speak()

    def speak(self) -> None:
        """Say it, and wait until the server has passed it on."""
        self._send(*self.wanted, "PING :now")
        self.wanted.clear()
        while b"PONG" not in (line := self._read.readline()):
            if not line:
                raise ConnectionError("ngircd has closed the connection")
            if line.startswith(b"PING"):
                self._send(line.decode().strip().replace("PING", "PONG"))

    def _send(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def close(self) -> None:
        """Go."""
        self._socket.close()


class Irc:
    """A local ngircd, and people in #lobby and #ops who say what they are told to."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        path = home / "ngircd.conf"
        path.write_text(_CONFIGURATION.format(port=self.port, topic=MARK), "utf-8")
        program = shutil.which("ngircd") or "/usr/sbin/ngircd"
        self._process = subprocess.Popen(
            [program, "-n", "-f", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._texts = texts()
        self._voices = [_Voice(self._connect(), f"person{number}") for number in range(VOICES)]

    def _connect(self) -> socket.socket:
        for _ in range(200):
            try:
                return socket.create_connection((HOST, self.port))
            except OSError:
                time.sleep(0.02)
        raise TimeoutError("ngircd does not answer")

    def say(self, room: str, count: int, rate: float, last: str = "") -> None:
        """Say ``count`` messages, so many a second; then ``last``. Returns when they are said."""
        begun, said = time.monotonic(), 0
        while said < count:
            due = min(int((time.monotonic() - begun) * rate) - said, count - said)
            for number in range(due):
                voice = self._voices[number % VOICES]
                voice.wanted.append(f"PRIVMSG {room} :{next(self._texts)}")
            for voice in self._voices:
                voice.speak()
            said += due
            time.sleep(0.005)
        if last:
            self._voices[0].wanted.append(f"PRIVMSG {room} :{last}")
            self._voices[0].speak()

    def close(self) -> None:
        """End both."""
        for voice in self._voices:
            voice.close()
        self._process.terminate()
        self._process.wait()
