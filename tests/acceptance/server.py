"""The real server, started as an operator starts it, and the means to stop it in every way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tests.tree import ROOT

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds; what takes longer has failed
TWISTD = Path(sys.executable).with_name("twistd")
TROUBLE = re.compile(r"Traceback|Unhandled|a handler failed|an effect failed|a batch failed")
READY = "The chat is open."
T = TypeVar("T")


def until(found: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Return what ``found`` returns once it is true; fail after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while not (result := found()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience} s in vain: {what}")
        time.sleep(0.01)
    return result


def free_port(host: str = HOST) -> int:
    """Return a port that nobody listens on just now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """Return an environment in which twistd finds this tree, and says things in English."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


class ChatServer:
    """A ``twistd chat`` of our own, in the directory ``home``, on a free port of the loopback.

    ``options`` follow ``chat``; ``--listen``, ``--data`` and ``--manhole off`` are given where
    they are not among them. As a context manager it starts, and at the end it is gone, whatever
    happened; its port and data directory stay the same when it is started again.
    """

    def __init__(self, home: Path, *options: str, daemon: bool = False) -> None:
        self.home = home
        self.host = HOST
        self.port = free_port()
        self.daemon = daemon
        self.data = home / "data"
        self.options = list(options)
        for name, value in (
            ("--listen", f"tcp:{self.port}:interface={HOST}"),
            ("--data", str(self.data)),
            ("--manhole", "off"),
        ):
            if name not in options:
                self.options += [name, value]
        self.pidfile = home / "twistd.pid"
        self._process: subprocess.Popen[bytes] | None = None

    # Starting

    @property
    def command(self) -> list[str]:
        """The command line."""
        if self.daemon:
            return [str(TWISTD), "chat", *self.options]
        return [str(TWISTD), "-n", "--pidfile=", "chat", *self.options]

    def launch(self) -> None:
        """Start the program, and wait for nothing."""
        with (
            (self.home / "stdout").open("ab") as stdout,
            (self.home / "stderr").open("ab") as stderr,
        ):
            self._process = subprocess.Popen(
                self.command,
                cwd=self.home,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    def start(self) -> Self:
        """Start the server and wait until it takes connections."""
        seen = self.log.count(READY)
        self.launch()

        def ready() -> bool:
            if self.ended:
                raise AssertionError(f"the server ended:\n{self.log}\n{self.stderr}")
            return self.log.count(READY) > seen

        until(ready, "the server opens")
        return self

    @property
    def ended(self) -> bool:
        """Whether it has ended; of a daemon, whether its launcher ended badly."""
        assert self._process is not None
        status = self._process.poll()
        return status is not None and (not self.daemon or status != 0)

    # Looking

    @property
    def pid(self) -> int:
        """The number of its process."""
        if self.daemon:
            return int(self.pidfile.read_text("ascii"))
        assert self._process is not None
        return self._process.pid

    @property
    def address(self) -> tuple[str, int]:
        """Where to connect."""
        return self.host, self.port

    @property
    def log(self) -> str:
        """All that it has logged so far."""
        return _text(self.home / ("twistd.log" if self.daemon else "stdout"))

    @property
    def stderr(self) -> str:
        """What it has written to stderr so far."""
        return _text(self.home / "stderr")

    @property
    def trouble(self) -> list[str]:
        """The lines of log and stderr that show a defect."""
        lines = f"{self.log}\n{self.stderr}".splitlines()
        return [line for line in lines if TROUBLE.search(line)]

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024

    @property
    def listening(self) -> bool:
        """Whether the port takes connections; asks the kernel, so that no guest is counted."""
        entry = re.compile(rf"^\s*\d+: [0-9A-F]+:{self.port:04X} [0-9A-F]+:0000 0A ", re.MULTILINE)
        tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        return any(entry.search(_text(table)) for table in tables)

    # Stopping

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self, patience: float = PATIENCE) -> int:
        """Return its exit status when it has ended; not for a daemon, which is no child of ours."""
        assert self._process is not None
        return self._process.wait(patience)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit status (0 for a daemon, whose status nobody gets)."""
        if not self.daemon:
            self.send_signal(number)
            return self.wait()
        pid = self.pid
        self.send_signal(number)
        until(lambda: not _alive(pid), "the daemon ends")
        return 0

    def kill(self) -> None:
        """End it at once (SIGKILL), as a power failure would."""
        pid = self.pid
        self.send_signal(signal.SIGKILL)
        if self.daemon:
            until(lambda: not _alive(pid), "the daemon is gone")
            self.pidfile.unlink()
        else:
            self.wait()

    def restart(self) -> Self:
        """Start it again on the same port and data."""
        return self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Make sure that it is gone."""
        if self.daemon and self.pidfile.exists():
            with suppress(ProcessLookupError):
                self.kill()
        if self._process is not None:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()


def run_twistd(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run twistd with ``arguments`` to its end, for what should not start at all."""
    return subprocess.run(
        [str(TWISTD), *arguments],
        cwd=home,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie has ended, even where nobody collects it.
    status = _text(Path(f"/proc/{pid}/stat"))
    return bool(status) and status.rpartition(")")[2].split()[0] != "Z"
