"""Start the terminal client."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from chatcli import keychain
from chatcli.address import DEFAULT_HOST, DEFAULT_PORT, Address, parse_address
from chatcli.person import Credentials
from chatcli.profile import Profiles
from chatd import __version__

if TYPE_CHECKING:
    from chatcli.app import Options

TOKEN = "CHATCLI_TOKEN"  # noqa: S105 the name of a variable

_DESCRIPTION = "A terminal client for chatd, the chat that you host yourself."
_EPILOG = (
    "Who has logged in once is asked for the password the next time; a token in the environment"
    f" variable {TOKEN}, or in the desktop's keyring, is taken instead of it."
    " F1 in the client shows keys and commands; /quit or Ctrl-C leaves."
)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser("chatcli", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument(
        "server",
        metavar="HOST[:PORT]",
        nargs="?",
        type=_address,
        help=(
            "where the chat is (default: where you logged in last, or"
            f" {DEFAULT_HOST}:{DEFAULT_PORT}); IPv6: [::1]:65432"
        ),
    )
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--login", metavar="NAME", help="the account to log in to")
    who.add_argument("--nick", metavar="NAME", help="be a guest of that name")
    who.add_argument("--guest", action="store_true", help="be a guest of any name")
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

    from chatcli.app import run

    task.react(run, [loop, _options(options), log])


def _options(asked: argparse.Namespace) -> Options:
    """Return who one wants to be and where, as far as it is known. Raises ``SystemExit``."""
    from chatcli.app import Options

    profiles = Profiles()
    last = next(iter(profiles.all()), None)
    default = last.address if last is not None else Address(DEFAULT_HOST, DEFAULT_PORT)
    address = asked.server or default
    token = os.environ.pop(TOKEN, "")
    if asked.nick or asked.guest:
        return Options(address, asked.nick, None, None)
    name = asked.login or profiles.name_at(address)
    if name is None:
        if token:
            sys.exit(f"chatcli does not know whose token {TOKEN} is. Try: --login NAME")
        return Options(address, None, None, None)
    kept = keychain.recall(name, address) if not token else None
    secret = token or (kept.token if kept is not None else "")
    return Options(address, None, name, Credentials(name, secret) if secret else None)


def _open_log(path: Path | None) -> TextIO | None:
    if path is None:
        return None
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        sys.exit(f"chatcli cannot write its log: {error}")


if __name__ == "__main__":
    main()
