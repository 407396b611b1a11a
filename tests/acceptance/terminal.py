"""A real terminal, by tmux, with a shell in it that starts chatcli."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from chatcli.ui.text import columns_of
from tests.acceptance.server import environment, until
from tests.programs import require_program

PROMPT = "ready>"
CHATCLI = f"{shlex.quote(sys.executable)} -m chatcli"


class Terminal:
    """A terminal of ``columns`` by ``rows``; everything in it is gone after ``close``."""

    def __init__(self, home: Path, columns: int = 120, rows: int = 30) -> None:
        self._tmux = [require_program("tmux"), "-L", f"chatcli-{uuid4().hex}", "-f", "/dev/null"]
        self._home = home
        size = ["-x", str(columns), "-y", str(rows)]
        # What is remembered of accounts must not come from, or get into, somebody's own home.
        settings = [
            f"XDG_CONFIG_HOME={home / 'settings'}",
            f"XDG_STATE_HOME={home / 'state'}",
            "PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring",
        ]
        shell = ["env", f"PS1={PROMPT}", "TERM=screen-256color", *settings, require_program("sh")]
        self._run("-u", "new-session", "-d", *size, *shell)
        self.see(PROMPT)

    def _run(self, *arguments: str) -> str:
        return subprocess.run(
            [*self._tmux, *arguments],
            cwd=self._home,
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    @property
    def screen(self) -> str:
        """What is to be seen now."""
        return self._run("capture-pane", "-p")

    @property
    def everything(self) -> str:
        """What is to be seen now and what has scrolled away, of both screens."""
        return self._run("capture-pane", "-p", "-S", "-") + self._run(
            "capture-pane", "-p", "-a", "-q"
        )

    @property
    def settings(self) -> Path:
        """The directory where programs in it keep their settings."""
        return self._home / "settings"

    @property
    def kept(self) -> Path:
        """The directory where programs in it keep what lasts."""
        return self._home / "state"

    @property
    def row_of_cursor(self) -> int:
        """The row that the cursor is in, from 0."""
        return int(self._run("display-message", "-p", "#{cursor_y}"))

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._run("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them."""
        self._run("send-keys", *keys)

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal does that tells what was pasted."""
        self._run("set-buffer", "-b", "paste", text)
        self._run("paste-buffer", "-p", "-b", "paste")

    def click(self, text: str) -> None:
        """Click where ``text`` begins on the screen."""
        row, line = next(
            (index, line) for index, line in enumerate(self.screen.split("\n"), 1) if text in line
        )
        column = columns_of(line.partition(text)[0]) + 1
        self.type(f"\x1b[<0;{column};{row}M")
        self.type(f"\x1b[<0;{column};{row}m")

    def turn_wheel(self, *, up: bool) -> None:
        """Turn the mouse's wheel a step, in the middle of the screen."""
        columns, rows = self._run("display-message", "-p", "#{pane_width} #{pane_height}").split()
        self.type(f"\x1b[<{64 if up else 65};{int(columns) // 2};{int(rows) // 2}M")

    @property
    def copied(self) -> str:
        """What was copied in it last; empty where nothing was."""
        buffers = self._run("list-buffers", "-F", "#{buffer_name}")
        return self._run("show-buffer") if buffers else ""

    def record(self) -> Path:
        """Return the file into which all goes from now on that programs write to it."""
        path = self._home / "written"
        self._run("pipe-pane", "-O", f"cat > {shlex.quote(str(path))}")
        return path

    def enter(self, text: str) -> None:
        """Type a text, and Enter."""
        self.type(text)
        self.press("Enter")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def see(self, *texts: str) -> str:
        """Wait until all of ``texts`` are to be seen; return the screen."""

        def found() -> str:
            screen = self.screen
            return screen if all(text in screen for text in texts) else ""

        try:
            return until(found, f"{texts} on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.screen}") from None

    def see_no(self, text: str) -> str:
        """Wait until ``text`` is not to be seen; return the screen."""

        def gone() -> str:
            screen = self.screen
            return "" if text in screen else screen

        return until(gone, f"{text} leaves the screen")

    # chatcli in it

    def log_in(self, port: int, name: str, password: str, *arguments: str) -> None:
        """Start chatcli and log in at its prompt."""
        self.start_chatcli(f"127.0.0.1:{port}", *(arguments or ("--login", name)))
        self.see(f"Password or token of {name}:")
        self.enter(password)
        # A narrow screen has no list of people.
        self.see("#lobby›", f"│ {name}", "●")

    def chat(self, port: int, *arguments: str) -> None:
        """Start chatcli and wait until it is connected."""
        self.start_chatcli(f"127.0.0.1:{port}", *arguments)
        self.see("#lobby›", "●")

    def start_chatcli(self, *arguments: str, program: str = CHATCLI) -> None:
        """Start chatcli as a child of the shell, between two looks at the terminal's settings.

        ``program`` is what runs it, in the shell's words.
        """
        words = " ".join(shlex.quote(word) for word in arguments)
        script = f"stty -g > before; {program} {words} 2> stderr & echo $! > pid; fg"
        # With job control, so that it has the terminal and its number is known.
        self.enter(f"set -m; {script}; echo status=$?; stty -g > after; echo over")

    @property
    def pid(self) -> int:
        """The number of chatcli's process."""
        path = self._home / "pid"
        return int(until(lambda: path.exists() and path.read_text("ascii").strip(), "a pid"))

    def kill(self, number: signal.Signals) -> None:
        """Send chatcli a signal."""
        os.kill(self.pid, number)

    def left(self) -> str:
        """Wait until chatcli has ended; the terminal must be as it was. Return its status."""
        screen = self.see("\nover")
        before, after = ((self._home / name).read_text("ascii") for name in ("before", "after"))
        assert before == after
        assert self._run("display-message", "-p", "#{alternate_on}").strip() == "0"
        assert self._run("display-message", "-p", "#{cursor_flag}").strip() == "1"
        assert self._run("display-message", "-p", "#{mouse_any_flag}").strip() == "0"
        # The command itself stands there, too, perhaps broken at any place.
        (status,) = re.findall(r"^status=(\d+)$", screen, re.MULTILINE)
        return str(status)

    @property
    def stderr(self) -> str:
        """What chatcli wrote to stderr."""
        return (self._home / "stderr").read_text("utf-8")

    def close(self) -> None:
        """End the terminal and all that runs in it."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)
