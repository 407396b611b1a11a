"""``chatd passwd``: another password for an account whose owner has lost his."""

from __future__ import annotations

import argparse
import getpass
import sqlite3
import sys

from argon2 import PasswordHasher

from chatd.auth import account_key
from chatd.core.grammar import clean
from chatd.core.names import fold
from chatd.tools import ToolError
from chatd.tools.access import audit, changing, database_in, holding
from chatd.tools.output import count, say
from chatd.vouching import LONGEST, SHORT, same_password

_RUNNING = (
    "; while it runs, use reset_password() in its console, or /reset NAME PASSWORD in the chat"
)


def run(options: argparse.Namespace) -> int:
    """Set the password; the account's tokens and sessions end."""
    path = database_in(options.data)
    with holding(options.data, _RUNNING):
        with changing(path) as database:
            uid, name = _find(database, options.name)
        password = _ask(name)
        digest = PasswordHasher().hash(same_password(password))
        with changing(path) as database:
            database.execute("UPDATE accounts SET digest = ? WHERE uid = ?", (digest, uid))
            tokens = database.execute("DELETE FROM tokens WHERE uid = ?", (uid,)).rowcount
            sessions = database.execute("DELETE FROM sessions WHERE uid = ?", (uid,)).rowcount
            audit(database, "passwd", whom=name)
    ended = f"{count(tokens, 'token')} and {count(sessions, 'session')} ended"
    short = "; it is short" if len(password) < SHORT else ""
    say(f"{name} has another password{short}; {ended}")
    return 0


def _find(database: sqlite3.Connection, text: str) -> tuple[str, str]:
    """Return uid and name of the account that is called so. Raises ``ToolError``."""
    key = account_key(text)
    for uid, name in database.execute("SELECT uid, name FROM accounts ORDER BY name"):
        if fold(name) == key:
            return uid, name
    raise ToolError(f"there is no account {text}")


def _ask(name: str) -> str:
    """Return a password, typed twice, or the first line of what comes in. Raises ``ToolError``."""
    password = _typed(name) if sys.stdin.isatty() else _first_line()
    if not password.strip():
        raise ToolError("the password is empty; nothing was changed")
    if len(password.encode()) > LONGEST:
        raise ToolError(f"the password is longer than {LONGEST} bytes; nothing was changed")
    if clean(password) != password or password.strip() != password:
        raise ToolError(
            "the password has control characters, or spaces around it, that nobody could type;"
            " nothing was changed"
        )
    return password


def _typed(name: str) -> str:
    try:
        password = getpass.getpass(f"New password for {clean(name)}: ")
        again = getpass.getpass("The same again: ")
    except EOFError:
        raise ToolError("no password was given; nothing was changed") from None
    if again != password:
        raise ToolError("that was not the same twice; nothing was changed")
    return password


def _first_line() -> str:
    try:
        return sys.stdin.buffer.readline(LONGEST + 2).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ToolError("the password is not UTF-8; nothing was changed") from None
