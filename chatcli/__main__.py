"""Start the terminal client."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from chatcli.arguments import completion_script, parse
from chatcli.identity import NobodyKnown, identify
from chatcli.settings_file import SettingsFile

if TYPE_CHECKING:
    from chatcli.app import Options


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the client. Raises ``SystemExit`` with its exit status."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.print_completion:
        print(completion_script(options.print_completion))
        sys.exit()
    if options.command is not None:
        _run_command(options)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.exit(
            "chatcli needs a terminal for its input and output. Without one, see: chatcli --help"
        )
    # What is made on the way to the first drawing stays: looking for garbage in it is vain.
    gc.disable()
    log = _open_log(options.log)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    from twisted.internet import asyncioreactor, task

    # Before anything imports the reactor: there is one for a process.
    asyncioreactor.install(loop)

    from chatcli.app import run

    task.react(run, [loop, _options(options), log])


def _run_command(asked: argparse.Namespace) -> NoReturn:
    """Do what needs no screen. Raises ``SystemExit`` with its exit status."""
    try:
        from chatcli.headless.running import run_command

        run_command(asked)
    except KeyboardInterrupt:
        # Before there is a reactor that could end it.
        sys.exit(128 + signal.SIGINT)


def _options(asked: argparse.Namespace) -> Options:
    """Return who one wants to be and where, as far as it is known. Raises ``SystemExit``."""
    from chatcli.app import Options
    from chatcli.ui.linear import is_dumb

    file = SettingsFile(asked.config)
    try:
        linear = asked.linear or is_dumb()
        return Options(*identify(asked, os.environ, file), file, linear=linear)
    except NobodyKnown as error:
        sys.exit(str(error))


def _open_log(path: Path | None) -> TextIO | None:
    if path is None:
        return None
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        sys.exit(f"chatcli cannot write its log: {error}")


if __name__ == "__main__":
    main()
