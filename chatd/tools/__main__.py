"""The command line of ``chatd``."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

import msgspec

from chatd import __version__
from chatd.core.errors import Refusal
from chatd.options import DEFAULT_PORT, StartError
from chatd.store import StoreError
from chatd.tools import ToolError, backup, doctor, exporting, importing, passwd, verify
from chatd.tools.output import complain

_DESCRIPTION = "Care for the data of a chat server; twistd chat runs the server itself."
_EPILOG = "Exit status: 0 done, 1 failed or a problem found, 2 a mistake on the command line."
INTERRUPTED = 130


class _Tool(NamedTuple):
    """A command: what it does, for the help, its arguments, and the function that does it."""

    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _export(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--room", metavar="#R", help="one room, without passwords")
    what.add_argument("--all", action="store_true", help="everything (default)")
    parser.add_argument(
        "--format",
        choices=["jsonl", "html", "both"],
        default="jsonl",
        help="JSON Lines, pages to read in a browser, or both (default: jsonl)",
    )
    parser.add_argument("--force", action="store_true", help="replace OUT, if it is a file")
    parser.add_argument("out", metavar="OUT", type=Path, help="a file; for pages, a new directory")


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="as_", metavar="#R", help="give the room another name")
    parser.add_argument("file", metavar="FILE", type=Path, help="what chatd export has written")


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="replace FILE")
    parser.add_argument("file", metavar="FILE", type=Path, help="where the copy goes")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="what chatd backup has written")


def _passwd(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the account")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        help=f"where the server listens (default: {DEFAULT_PORT})",
    )


TOOLS = {
    "export": _Tool("write what was said to a file", _export, exporting.run),
    "import": _Tool("take in such a file, while no server runs", _import, importing.run),
    "backup": _Tool("copy the database, also while a server runs", _backup, backup.back_up),
    "restore": _Tool("put such a copy in place, while no server runs", _restore, backup.restore),
    "verify": _Tool("look for damage, also while a server runs", lambda _: None, verify.run),
    "passwd": _Tool("give an account another password, while no server runs", _passwd, passwd.run),
    "doctor": _Tool("look for what may become a problem", _doctor, doctor.run),
}


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser("chatd", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"chatd {__version__}")
    _add_data(parser, Path("chatd-data"))
    commands = parser.add_subparsers(metavar="COMMAND", required=True, dest="command")
    for name, tool in TOOLS.items():
        about = f"{tool.summary[0].upper()}{tool.summary[1:]}."
        command = commands.add_parser(name, help=tool.summary, description=about)
        # Taken before the command's name and after it.
        _add_data(command, argparse.SUPPRESS)
        tool.arguments(command)
    return parser


def _add_data(parser: argparse.ArgumentParser, default: Path | str) -> None:
    about = "the server's data directory (default: chatd-data)"
    parser.add_argument("--data", metavar="DIR", type=Path, default=default, help=about)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command. Raises ``SystemExit`` with its exit status."""
    # Nothing that is made here is for others, not even for a moment.
    os.umask(0o077)
    options = make_parser().parse_args(arguments)
    sys.exit(_run(options))


def _run(options: argparse.Namespace) -> int:
    try:
        return TOOLS[options.command].run(options)
    except KeyboardInterrupt:
        complain(f"chatd {options.command}: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Who reads our output has seen enough; nothing is left to be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ToolError, StartError, StoreError) as error:
        problem = str(error)
    except Refusal as refusal:
        problem = refusal.text
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    except sqlite3.OperationalError as error:
        problem = f"{error}: is there room, and may you write there?"
    except (sqlite3.Error, msgspec.MsgspecError) as error:
        problem = f"the database in {options.data} is damaged ({error}); chatd verify tells more"
    complain(f"chatd {options.command}: {problem}")
    return 1


if __name__ == "__main__":
    main()
