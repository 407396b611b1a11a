"""The real command, started as an administrator starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.tree import ROOT

PATIENCE = 120  # seconds


def environment() -> dict[str, str]:
    """Return an environment in which Python finds this tree."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def command(*arguments: str | Path) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "chatd.tools", *map(str, arguments)]


def chatd(*arguments: str | Path, typed: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run a command to its end; whatever it does, it shows no traceback."""
    done = subprocess.run(
        command(*arguments),
        env=environment(),
        input=typed if isinstance(typed, bytes) else typed.encode(),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    stdout, stderr = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in stderr, stderr
    return subprocess.CompletedProcess(done.args, done.returncode, stdout, stderr)


def done(*arguments: str | Path, typed: str | bytes = b"") -> str:
    """Run a command that must succeed, and return what it said."""
    ran = chatd(*arguments, typed=typed)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
    return ran.stdout


def refused(*arguments: str | Path, typed: str | bytes = b"", status: int = 1) -> str:
    """Run a command that must fail, and return its one sentence."""
    ran = chatd(*arguments, typed=typed)
    assert (ran.returncode, ran.stdout) == (status, ""), ran.stdout + ran.stderr
    sentence = ran.stderr.removesuffix("\n")
    assert "\n" not in sentence
    return sentence
