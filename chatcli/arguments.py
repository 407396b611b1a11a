"""The command line: options for all, and the commands that need no screen.

``chatcli HOST`` and ``chatcli COMMAND`` both begin with a word, which argparse cannot tell apart:
a first word that is no command is the server. Its longer form, ``--server HOST``, is for a host
that is called like a command.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatcli.address import DEFAULT_HOST, DEFAULT_PORT, Address, parse_address
from chatcli.headless.table import COMMANDS, Row
from chatcli.headless.visit import PATIENCE
from chatcli.identity import TOKEN
from chatd import __version__

SHELLS = ("bash", "zsh", "fish")

_USAGE = "chatcli [HOST[:PORT]] [OPTIONS]\n       chatcli [OPTIONS] COMMAND ..."
_DESCRIPTION = "A terminal client for chatd, the chat that you host yourself."
_EPILOG = (
    "Who has logged in once is asked for the password the next time; a token in the environment"
    f" variable {TOKEN}, or in the desktop's keyring, is taken instead of it."
    " F1 in the client shows keys and commands; /quit or Ctrl-C leaves."
)


class _StoreFile(argparse.Action):
    """Stores a path, which shells complete."""

    def __init__(self, option_strings: list[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, metavar="FILE", type=Path, **options)

    @property
    def complete(self) -> object:
        """What completes it."""
        import shtab

        return shtab.FILE

    def __call__(
        self, parser: object, namespace: argparse.Namespace, values: object, option: object = None
    ) -> None:
        setattr(namespace, self.dest, values)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    return _make_parsers()[0]


def _make_parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser of the whole command line, and those of the commands."""
    parser = argparse.ArgumentParser(
        "chatcli", usage=_USAGE, description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False
    )
    _add_options(parser)
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", prog="chatcli"
    )
    return parser, {row.name: _add_command(commands, row) for row in COMMANDS.values()}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says; ``command`` is None where the screen is meant.

    Raises ``SystemExit`` where it is wrong, or asks for help.
    """
    options = argparse.ArgumentParser("chatcli", usage=_USAGE, add_help=False, allow_abbrev=False)
    _add_options(options)
    asked, rest = options.parse_known_args(arguments)
    first = next((word for word in rest if not word.startswith("-")), None)
    parser, commands = _make_parsers()
    if first is not None and first not in COMMANDS:
        rest.remove(first)
        try:
            asked.server = parse_address(first)
        except ValueError as error:
            parser.error(str(error))
        first = next((word for word in rest if not word.startswith("-")), None)
    if first not in COMMANDS:
        return parser.parse_args(rest, asked)
    rest.remove(first)
    asked.command = first
    # Options may stand between TO and TEXT, which a parser of commands does not see by itself.
    return commands[first].parse_intermixed_args(rest, asked)


def completion_script(shell: str) -> str:
    """Return what completes the command line in one of ``SHELLS``."""
    # Only who installs it waits for it.
    import shtab

    script: str = shtab.complete(make_parser(), shell)
    return script


def _add_options(parser: argparse.ArgumentParser) -> None:
    _add_shared(parser, None)
    parser.add_argument(
        "--linear",
        action="store_true",
        help="lines only, no screen; by itself where TERM is dumb",
    )
    parser.add_argument("--log", action=_StoreFile, help="write a log (default: none)")
    parser.add_argument(
        "--print-completion",
        metavar="SHELL",
        choices=SHELLS,
        help="a script for bash, zsh or fish that completes this",
    )
    parser.add_argument("--version", action="version", version=f"chatcli {__version__}")


def _add_shared(parser: argparse.ArgumentParser, default: object) -> None:
    """Add what may stand before and behind a command."""
    parser.add_argument(
        "--server",
        metavar="HOST[:PORT]",
        type=_address,
        default=default,
        help=(
            "where the chat is (default: where you logged in last, or"
            f" {DEFAULT_HOST}:{DEFAULT_PORT}); IPv6: [::1]:65432"
        ),
    )
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--login", metavar="NAME", default=default, help="the account to log in to")
    who.add_argument("--nick", metavar="NAME", default=default, help="be a guest of that name")
    who.add_argument("--guest", action="store_true", default=default, help="be a guest of any name")
    parser.add_argument(
        "--config",
        action=_StoreFile,
        default=default,
        help="settings (default: chatcli.toml of your own)",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        default=default,
        help=(
            f"how long a command may take (default: {PATIENCE:.0f}; tail -f and wait-for: for ever)"
        ),
    )


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], row: Row
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        row.name,
        help=row.summary,
        description=f"{row.summary.capitalize()}.",
        epilog=row.details,
        allow_abbrev=False,
    )
    row.add_arguments(parser)
    _add_shared(parser, argparse.SUPPRESS)
    return parser


def seconds(text: str) -> float:
    """Return a time in seconds. Raises ``ArgumentTypeError``."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
