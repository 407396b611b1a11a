"""chatcli without a terminal: run as scripts run it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.acceptance.server import PATIENCE, ChatServer, environment, until
from tests.programs import require_program


class Ran(NamedTuple):
    """How a program ended."""

    status: int
    output: str
    errors: str


class Scripts:
    """Runs chatcli in the directory ``home``, where its settings are; ``env`` comes on top."""

    def __init__(self, home: Path, chat: ChatServer | None = None) -> None:
        self._home = home
        self.server = ["--server", f"{chat.host}:{chat.port}"] if chat else []
        self.env: dict[str, str] = {}
        self._started: list[subprocess.Popen[bytes]] = []

    def _environment(self) -> dict[str, str]:
        return {
            **environment(),
            "XDG_CONFIG_HOME": str(self._home / "settings"),
            "XDG_STATE_HOME": str(self._home / "state"),
            "XDG_DATA_HOME": str(self._home / "data"),
            "XDG_CACHE_HOME": str(self._home / "cache"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            **self.env,
        }

    def run(self, *words: str, text: str = "") -> Ran:
        """Run chatcli with ``text`` as its input to its end."""
        return self._ran([sys.executable, "-m", "chatcli", *self.server, *words], text)

    def shell(self, script: str) -> Ran:
        """Run a script of bash in which ``chatcli`` is chatcli at the server."""
        words = shlex.join([sys.executable, "-m", "chatcli", *self.server])
        whole = f'chatcli() {{ {words} "$@"; }}\n{script}'
        return self._ran([require_program("bash"), "-c", whole], "")

    def _ran(self, command: list[str], text: str) -> Ran:
        done = subprocess.run(
            command,
            cwd=self._home,
            env=self._environment(),
            input=text.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *words: str) -> Running:
        """Start chatcli, and go on."""
        output = self._home / f"output-{len(self._started)}"
        with output.open("wb") as stdout, output.with_suffix(".errors").open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "chatcli", *self.server, *words],
                cwd=self._home,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
            )
        self._started.append(process)
        return Running(process, output)

    def close(self) -> None:
        """End what still runs."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            if process.stdin is not None:
                process.stdin.close()
            process.wait()


class Running:
    """A chatcli that runs."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def output(self) -> str:
        """What it has put out so far."""
        return self._output.read_text("utf-8")

    @property
    def errors(self) -> str:
        """What it has written to stderr so far."""
        return self._output.with_suffix(".errors").read_text("utf-8")

    def see(self, text: str) -> None:
        """Wait until it has put out ``text``."""
        until(lambda: text in self.output, f"{text!r} in {self.output!r}, {self.errors!r}")

    def type(self, text: str) -> None:
        """Write to its input."""
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def end_input(self) -> None:
        """Close its input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def left(self) -> Ran:
        """Wait until it ends."""
        return Ran(self.process.wait(PATIENCE), self.output, self.errors)
