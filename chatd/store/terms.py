"""What the search index holds of a message, in words that FTS5 finds.

A uid and a folded nick may hold any character, and FTS5 would take them apart; in hexadecimal each
is one word. In scripts that are written without spaces FTS5 would take a whole sentence for one
word; so each of their characters is one, and what somebody looks for is a phrase of them.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from functools import lru_cache

from chatd.core import names

# Kana, Han and their variants.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


def teach(database: sqlite3.Connection) -> None:
    """Give SQL on this connection the functions ``author(uid, nick)`` and ``separated(text)``."""
    database.create_function("author", 2, _words, deterministic=True)
    database.create_function("separated", 1, separated, deterministic=True)


def separated(text: str) -> str:
    """Return a text with spaces around characters that are words of their own."""
    return text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text)


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
