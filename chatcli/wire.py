"""What comes over the wire: bytes to lines, lines to objects, objects to values to be trusted.

Nothing here believes the server: lines are bounded, values have the type that was asked for, and
texts hold nothing that could drive a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec

from chatd.core.grammar import clean
from chatd.core.names import fold

Object = Mapping[str, Any]
MessageKind = Literal["text", "me", "whisper"]
LONGEST_LINE = 8 * 1024 * 1024  # bytes: a list of some ten thousand members fits
LONGEST_TEXT = 16 * 1024  # characters; four times what servers take
LONGEST_NAME = 100  # characters
LONGEST_TOPIC = 1000  # characters
LONGEST_LIST = 10_000  # numbers, or texts
LARGEST = 2**53  # what a number in JSON can hold everywhere


class NotUnderstood(ValueError):
    """A line that is no JSON object; the message says what it is, and is safe to show."""


class LineSplitter:
    """Cuts bytes into lines at LF; a line of more than ``longest`` bytes is dropped."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._begun = bytearray()
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes | None]:
        """Return the lines that ``data`` completes, None for one that is dropped from now on."""
        *ends, rest = data.split(b"\n")
        lines: list[bytes | None] = []
        for end in ends:
            self._add(end, lines)
            if not self._dropping:
                lines.append(bytes(self._begun))
            self._begun.clear()
            self._dropping = False
        self._add(rest, lines)
        return lines

    def _add(self, part: bytes, lines: list[bytes | None]) -> None:
        if self._dropping:
            return
        if len(self._begun) + len(part) > self._longest:
            # Its end may never come.
            lines.append(None)
            self._begun.clear()
            self._dropping = True
        else:
            self._begun += part


def decode(line: bytes) -> Object:
    """Return the JSON object that ``line`` is. Raises ``NotUnderstood``."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        start = clean(line[:60].decode("utf-8", "replace")).strip()
        raise NotUnderstood(f"«{start}» is no JSON") from None
    if not isinstance(value, dict):
        raise NotUnderstood(f"a {type(value).__name__} where an object should be")
    return value


# Values


def text(of: Object, key: str, default: str = "", *, lines: bool = False) -> str:
    """Return a text without anything that could drive a terminal."""
    value = of.get(key)
    if not isinstance(value, str):
        return default
    return clean(value[:LONGEST_TEXT], lines=lines)


def name(of: Object, key: str) -> str:
    """Return a nick, a room or a conversation; empty where there is none."""
    return text(of, key)[:LONGEST_NAME].strip()


def number(of: Object, key: str) -> int | None:
    """Return a number that is not negative, None where there is none."""
    value = of.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST:
        return value
    return None


def numbers(of: Object, key: str) -> list[int]:
    """Return the numbers of a list that are not negative."""
    value = of.get(key)
    if not isinstance(value, list):
        return []
    found = (number({key: item}, key) for item in value[:LONGEST_LIST])
    return [item for item in found if item is not None]


def flag(of: Object, key: str) -> bool:
    """Return whether ``key`` is true."""
    return of.get(key) is True


def objects(of: Object, key: str) -> list[Object]:
    """Return the objects of a list; whatever else is in it is left out."""
    value = of.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(of: Object, key: str) -> list[str]:
    """Return the texts of a list."""
    value = of.get(key)
    if not isinstance(value, list):
        return []
    texts = (item for item in value[:LONGEST_LIST] if isinstance(item, str))
    return [clean(item[:LONGEST_TEXT]) for item in texts]


def moment(of: Object, key: str, default: float) -> float:
    """Return a time in seconds since the epoch."""
    value = of.get(key)
    if isinstance(value, str):
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            return default
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        # A year at the edge has no local time in every zone.
        return when.timestamp() if 1970 < when.year < 9000 else default
    return default


@lru_cache(maxsize=16384)
def key_of(title: str) -> str:
    """Return what is equal for two names that are the same; ``#`` and ``@`` are kept."""
    if title.isascii():
        return title.lower()  # as folding does, only slowly
    sigil = title[:1] if title[:1] in {"#", "@"} else ""
    bare = title[len(sigil) :]
    try:
        return sigil + fold(bare)
    except UnicodeError:
        return sigil + bare.casefold()
