"""Makes ``docs/screen.svg``, the README's picture, of a real conversation on a real server.

``.venv/bin/python docs/screen.py`` in the repository; needs tmux and nc, and the extra ``test``.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

SIZE = (100, 34)
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
TMUX = ("tmux", "-L", f"chatd-screen-{time.time_ns()}", "-f", "/dev/null")
# Without the fonts that rich would have a viewer fetch from elsewhere.
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def tmux(*words: str) -> str:
    """Run a tmux command and return what it printed."""
    done = subprocess.run([*TMUX, *words], check=True, capture_output=True, text=True)
    return done.stdout


def until(pane: str, pattern: str) -> None:
    """Wait until a pane shows ``pattern``. Raises ``TimeoutError`` after 10 seconds."""
    end = time.monotonic() + 10
    while not re.search(pattern, tmux("capture-pane", "-p", "-t", pane)):
        if time.monotonic() > end:
            raise TimeoutError(f"never showed {pattern}:\n{tmux('capture-pane', '-p', '-t', pane)}")
        time.sleep(0.05)


def say(pane: str, text: str, seen_in: str, pattern: str) -> None:
    """Type a line into a pane and wait until another one shows it."""
    tmux("send-keys", "-t", pane, "-l", text)
    tmux("send-keys", "-t", pane, "Enter")
    until(seen_in, pattern)


def talk(port: int, home: Path) -> None:
    """Have ana at chatcli and bo at nc talk; what chatcli keeps is in ``home``."""
    chatcli, nc = ":0.0", ":0.1"
    width, height = map(str, SIZE)
    own = [f"XDG_{each}_HOME={home}" for each in ("CONFIG", "STATE", "DATA", "CACHE")]
    command = ["env", *own, str(BIN / "chatcli"), f"localhost:{port}", "--nick", "ana"]
    tmux("new-session", "-d", "-x", width, "-y", height, *command)
    until(chatcli, "● ana")
    tmux("split-window", "-v", "-l", "12", f"nc localhost {port}")
    until(nc, "Welcome")
    say(nc, "/nick bo", nc, "You are bo")
    say(chatcli, "/join #ops", chatcli, "#ops")
    say(nc, "/join #ops", nc, "You are in #ops")
    say(nc, "the backup of last night is through, all green", chatcli, "of last night")
    say(chatcli, "great :tada: then I upgrade the switch at noon", nc, "upgrade the switch")
    say(nc, "@ana tell me when, I watch the racks", chatcli, "tell me when")
    say(nc, "first `df -h /var`, see https://chat.example/wiki/switch", chatcli, "wiki")
    say(chatcli, "/reply 4 it has 80 % left", nc, "80 %")
    say(nc, "/react 5 👍", chatcli, "👍 1")
    say(chatcli, "/msg bo have you got the key?", nc, "the key")
    say(nc, "/msg ana on my desk", chatcli, "@bo")
    say(nc, "/who #ops", nc, r"Here in #ops")


def main() -> None:
    """Make the picture."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    data = Path(tempfile.mkdtemp())
    listen = f"tcp:{port}:interface=127.0.0.1"
    options = ["--listen", listen, "--manhole", "off", "--name", "chat.example", "--rate", "off"]
    server = subprocess.Popen(
        [BIN / "twistd", "-n", "--pidfile=", "chat", *options], cwd=data, stdout=subprocess.DEVNULL
    )
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        talk(port, data)
        panes = [tmux("capture-pane", "-e", "-p", "-t", pane) for pane in (":0.0", ":0.1")]
    finally:
        subprocess.run([*TMUX, "kill-server"], check=False, capture_output=True)
        server.send_signal(signal.SIGTERM)
        server.wait()
        shutil.rmtree(data)
    console = Console(record=True, width=SIZE[0], file=Path("/dev/null").open("w"))  # noqa: SIM115
    divider = f"\x1b[2m{'─' * SIZE[0]}\x1b[0m\n$ nc localhost 65432\n"
    screen = panes[0].replace(str(port), "65432") + divider + panes[1].strip("\n")
    console.print(Text.from_ansi(screen), soft_wrap=True)
    svg = console.export_svg(title="chatcli, and nc", code_format=SVG)
    (HERE / "screen.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
