"""Which names are allowed, which are the same, and which only look the same.

Two names are the same when RFC 8265 UsernameCaseMapped, repeated until it changes nothing, makes
them equal. Two names look the same when their skeletons (Unicode UTS #39, section 4) are equal.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from precis_i18n import get_profile

from chatd.core.errors import Refusal

NICK_LENGTH = (2, 32)
ROOM_LENGTH = (1, 63)
FORBIDDEN = frozenset(" ,*?!@:#<>'\";")
FORBIDDEN_FIRST = frozenset("~&+-.")
RESERVED = ("admin", "root", "server")
GUEST = "guest-"

_MAPPED = get_profile("UsernameCaseMapped")
_PRESERVED = get_profile("UsernameCasePreserved")
# UsernameCaseMapped is not idempotent for a handful of characters; RFC 8265 section 3.5 wants
# it repeated. Three rounds settle every known one, more means a name that is up to no good.
_ROUNDS = 4


class Name(NamedTuple):
    """A checked name: as shown, the key that decides sameness, the skeleton that decides looks.

    Of a room, ``shown`` and ``key`` begin with ``#``.
    """

    shown: str
    key: str
    skeleton: str


@cache
def _prototypes() -> dict[int, str]:
    table = {}
    text = resources.files("chatd.core").joinpath("confusables.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            source, target = line.split("\t")
            table[int(source, 16)] = "".join(chr(int(code, 16)) for code in target.split())
    return table


def skeleton(text: str) -> str:
    """Return what ``text`` looks like (UTS #39), without regard to case."""
    decomposed = unicodedata.normalize("NFD", text)
    looks = unicodedata.normalize("NFD", decomposed.translate(_prototypes()))
    return looks.casefold()


def fold(text: str) -> str:
    """Return the key of a name: equal for names that are the same.

    Raises ``UnicodeError`` where PRECIS refuses the name.
    """
    for _ in range(_ROUNDS):
        folded: str = _MAPPED.enforce(text)
        if folded == text:
            return folded
        text = folded
    raise UnicodeError("unstable")


def _problem(text: str, lengths: tuple[int, int]) -> str | None:
    shortest, longest = lengths
    if not shortest <= len(text) <= longest:
        return f"it must have {shortest} to {longest} characters"
    wrong = sorted(FORBIDDEN.intersection(text))
    if wrong:
        shown = "a space" if wrong[0] == " " else wrong[0]
        return f"it has {shown} in it"
    if text[0] in FORBIDDEN_FIRST:
        return f"it begins with {text[0]}"
    return None


def _check(text: str, lengths: tuple[int, int], sigil: str, example: str) -> Name:
    problem = _problem(text, lengths)
    if problem is None:
        try:
            shown: str = _PRESERVED.enforce(text)
            key = fold(text)
            # Mapping widths can bring forth what was looked for above.
            problem = _problem(shown, lengths) or _problem(key, lengths)
        except UnicodeError:
            problem = "it has a character that names cannot have"
    if problem is not None:
        raise Refusal(211, name=sigil + text[:64], problem=problem, example=example)
    return Name(sigil + shown, sigil + key, sigil + skeleton(shown))


@lru_cache(maxsize=4096)
def room_name(text: str) -> Name:
    """Check the name of a room, ``#`` included. Raises ``Refusal`` 211."""
    if not text.startswith("#"):
        raise Refusal(
            211, name=text[:64], problem="a room begins with #", example=f"/join #{text[:63]}"
        )
    return _check(text[1:], ROOM_LENGTH, "#", "/join #ops")


@lru_cache(maxsize=4096)
def nick_name(text: str) -> Name:
    """Check a nick for its form alone. Raises ``Refusal`` 211."""
    return _check(text, NICK_LENGTH, "", "/nick ana")


def free_nick_name(text: str) -> Name:
    """Check a nick that somebody wants to take. Raises ``Refusal`` 211, 212 or 213."""
    name = nick_name(text)
    for word in RESERVED:
        if name.key == word:
            raise Refusal(213, name=name.shown)
        if name.skeleton == skeleton(word):
            raise Refusal(212, name=name.shown, other=word)
    if name.key.startswith(GUEST):
        raise Refusal(213, name=name.shown)
    if name.skeleton.startswith(skeleton(GUEST)):
        raise Refusal(212, name=name.shown, other=f"{GUEST}N")
    return name


def guest_name(number: int) -> Name:
    """Return the name of guest ``number``."""
    shown = f"{GUEST}{number}"
    return Name(shown, shown, skeleton(shown))
