"""A real server with a manhole, and OpenSSH's client to enter it."""

from __future__ import annotations

import re
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pexpect

from tests.acceptance.conftest import StartChat
from tests.acceptance.server import HOST, ChatServer, free_port
from tests.programs import require_program

PROMPT = ">>> "
STYLE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Manhole:
    """A server with a manhole, keys for it, and the ways in."""

    def __init__(self, home: Path, start_chat: StartChat, stack: ExitStack) -> None:
        self.ssh = require_program("ssh")
        self._keygen = require_program("ssh-keygen")
        self._stack = stack
        self.home = home
        self.port = free_port()
        self.keys = home / "admin_keys"
        self.keys.write_bytes(b"# administrators\n\nnonsense\n" + self.key("right"))
        self.chat: ChatServer = start_chat(
            *("--manhole", f"tcp:{self.port}:interface={HOST}"),
            *("--manhole-keys", str(self.keys), "--rate", "off"),
        )

    def key(self, name: str, *kind: str) -> bytes:
        """Make a key, and return its public half."""
        path = self.home / name
        arguments: list[str | Path] = [
            "-q",
            "-N",
            "",
            "-C",
            f"{name}@laptop",
            "-f",
            path,
            *(kind or ("-t", "ed25519")),
        ]
        subprocess.run([self._keygen, *arguments], check=True)
        return path.with_name(f"{name}.pub").read_bytes()

    def command(self, *options: str, key: str = "right", user: str = "eva") -> list[str]:
        """Return a command line of ssh that asks nobody anything."""
        settings = (
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "IdentitiesOnly=yes",
            "LogLevel=ERROR",
        )
        flags = [word for setting in settings for word in ("-o", setting)]
        place = ["-p", str(self.port), "-i", str(self.home / key)]
        return [self.ssh, "-F", "none", *place, *flags, *options, f"{user}@{HOST}"]

    def run(
        self, *options: str, key: str = "right", user: str = "eva", typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run ssh to its end."""
        command = self.command(*options, key=key, user=user)
        return subprocess.run(
            command, input=typed, capture_output=True, text=True, timeout=30, check=False
        )

    def enter(self, *options: str, key: str = "right", user: str = "eva") -> Console:
        """Return a console at its prompt."""
        program, *arguments = self.command("-tt", *options, key=key, user=user)
        terminal = pexpect.spawn(
            program, arguments, timeout=30, encoding="utf-8", dimensions=(24, 100)
        )
        self._stack.callback(terminal.close, force=True)
        return Console(terminal)

    def guest(self, nick: str) -> Guest:
        """Return somebody in the chat."""
        return self._stack.enter_context(Guest(self.chat, nick))


class Console:
    """An open console."""

    def __init__(self, terminal: pexpect.spawn[str]) -> None:
        self.terminal = terminal
        terminal.expect_exact(PROMPT)
        self.greeting = str(terminal.before)
        self._asked = 0

    def ask(self, line: str) -> str:
        """Type a line and return what it gave, without colours."""
        self._asked += 1
        self.terminal.send(f"{line}\rprint('asked', {self._asked})\r")
        self.terminal.expect_exact(f"\r\nasked {self._asked}\r\n")
        _line, _, shown = STYLE.sub("", self.terminal.before).replace("\r", "").partition("\n")
        return shown.partition(PROMPT)[0]

    def type(self, keys: str, shown: str) -> None:
        """Press keys, and wait for a line that they give."""
        self.terminal.send(keys)
        self.terminal.expect_exact(f"\r\n{shown}\r\n")

    def leave(self) -> None:
        """Press Ctrl-D, which ends it well."""
        self.terminal.send("\x04")
        assert self.end() == 0

    def end(self) -> int:
        """Wait for the end, and return ssh's exit status."""
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        return int(self.terminal.exitstatus)


class Guest:
    """Somebody who talks by the line protocol, as over nc."""

    def __init__(self, chat: ChatServer, nick: str) -> None:
        self._socket = socket.create_connection(chat.address, timeout=30)
        self._seen = b""
        self.say(f"/nick {nick}")
        self.sees(f"You are {nick}")

    def __enter__(self) -> Guest:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def say(self, line: str) -> None:
        """Send a line."""
        self._socket.sendall(f"{line}\n".encode())

    def sees(self, text: str) -> None:
        """Wait for a text."""
        while text.encode() not in self._seen:
            data = self._socket.recv(65_536)
            assert data, f"the connection ended without {text!r}: {self._seen!r}"
            self._seen += data

    def is_gone(self) -> bool:
        """Wait for the end of the connection."""
        while self._socket.recv(65_536):
            pass
        return True
