"""What reaches beyond the screen: the clipboard, and a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from base64 import b64encode
from contextlib import suppress

from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.output import Output

LARGEST_COPY = 74_000  # bytes: more is refused by many terminals
_PATIENCE = 5.0  # seconds that tmux has for taking a copy


class Outside:
    """Copies and opens things. Neither waits, neither raises."""

    def copy(self, text: str) -> bool:
        """Put a text into the clipboard, by the terminal; False where it is too long."""
        data = text.encode()
        if len(data) > LARGEST_COPY:
            return False
        _ask_terminal(get_app().output, data)
        if "TMUX" in os.environ:
            # By itself, tmux takes no copy from a program in it.
            _beside(["tmux", "load-buffer", "-w", "-"], data)
        return True

    def open(self, url: str) -> bool:
        """Open an address in the browser; False where there is none."""
        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            return False
        if _is_in_terminal(browser):
            # It has the terminal to itself; chatcli comes back after it.
            run_in_terminal(lambda: browser.open(url), in_executor=True)
        else:
            # What it writes, and how long it takes, must not be seen here.
            _beside([sys.executable, "-m", "webbrowser", url], None)
        return True


def _beside(arguments: list[str], data: bytes | None) -> None:
    loop = get_app().loop
    if loop is not None:
        loop.run_in_executor(None, _run, arguments, data)


def _ask_terminal(output: Output, data: bytes) -> None:
    # A terminal that is gone needs nothing more.
    with suppress(OSError):
        output.write_raw(f"\x1b]52;c;{b64encode(data).decode('ascii')}\x07")
        output.flush()


def _run(arguments: list[str], data: bytes | None) -> None:
    # Where there is no such program, nothing is lost.
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 without a shell, and what is opened is a link's address
            arguments,
            input=b"" if data is None else data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=_PATIENCE if data is not None else None,
            check=False,
        )


def _is_in_terminal(browser: webbrowser.BaseBrowser) -> bool:
    """Whether a browser runs in the terminal, as w3m does."""
    background = isinstance(browser, webbrowser.BackgroundBrowser)
    return isinstance(browser, webbrowser.GenericBrowser) and not background
