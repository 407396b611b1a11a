"""Start the terminal client."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from chatcli.address import DEFAULT_HOST, DEFAULT_PORT, Address, parse_address
from chatd import __version__

_DESCRIPTION = "A terminal client for chatd, the chat that you host yourself."
_EPILOG = "F1 in the client shows keys and commands; /quit or Ctrl-C leaves."


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser("chatcli", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument(
        "server",
        metavar="HOST[:PORT]",
        nargs="?",
        type=_address,
        default=Address(DEFAULT_HOST, DEFAULT_PORT),
        help=f"where the chat is (default: {DEFAULT_HOST}:{DEFAULT_PORT}); IPv6: [::1]:65432",
    )
    parser.add_argument("--nick", metavar="NAME", help="the name to take (default: guest-N)")
    parser.add_argument("--log", metavar="FILE", type=Path, help="write a log (default: none)")
    parser.add_argument("--version", action="version", version=f"chatcli {__version__}")
    return parser


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the client. Raises ``SystemExit`` with its exit status."""
    options = make_parser().parse_args(arguments)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.exit("chatcli needs a terminal for its input and output. Try: nc HOST PORT")
    log = _open_log(options.log)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    from twisted.internet import asyncioreactor, task

    # Before anything imports the reactor: there is one for a process.
    asyncioreactor.install(loop)

    from chatcli.app import Options, run

    task.react(run, [loop, Options(options.server, options.nick), log])


def _open_log(path: Path | None) -> TextIO | None:
    if path is None:
        return None
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        sys.exit(f"chatcli cannot write its log: {error}")


if __name__ == "__main__":
    main()
