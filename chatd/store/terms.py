"""Who said something, as words of the search index.

A uid and a folded nick may hold any character, and FTS5 would take them apart; in hexadecimal each
is one word.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from functools import lru_cache

from chatd.core import names


def teach(database: sqlite3.Connection) -> None:
    """Give SQL on this connection the function ``author(uid, nick)``."""
    database.create_function("author", 2, _words, deterministic=True)


@lru_cache(maxsize=4096)
def _words(uid: str, nick: str) -> str:
    # A nick of former rules is found as it is.
    with suppress(UnicodeError):
        nick = names.fold(nick)
    return f"{uid_word(uid)} {nick_word(nick)}"


def uid_word(uid: str) -> str:
    """Return the word for a uid."""
    return f"u{uid.encode().hex()}"


def nick_word(key: str) -> str:
    """Return the word for a folded nick."""
    return f"n{key.encode().hex()}"
