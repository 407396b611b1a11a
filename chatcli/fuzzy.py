"""How well a few letters stand for a name. Pure."""

from __future__ import annotations

from typing import NamedTuple

# The name itself, its beginning, the beginning of a word in it, a part of it; less than 1: its
# letters, with others between them. What is left over of the name counts less than any of these.
_WHOLE, _BEGINNING, _WORD, _PART = 4.0, 3.0, 2.5, 1.5
_COVERED = 0.4


class Match(NamedTuple):
    """How well letters stand for a name, from 0 to 5, and where in it they are."""

    score: float
    places: tuple[int, ...]


def match(letters: str, name: str) -> Match | None:
    """Return how ``letters`` stand for ``name``, None where they do not occur in that order.

    Both are compared as they are: who wants upper and lower case to be the same folds them.
    """
    if not letters:
        return Match(0.0, ())
    place = name.find(letters)
    if place < 0:
        return _scattered(letters, name)
    while place > 0 and not _begins_word(name, place):
        following = name.find(letters, place + 1)
        if following < 0:
            break
        place = following
    score = _together(letters, name, place) + _COVERED * len(letters) / len(name)
    return Match(score, tuple(range(place, place + len(letters))))


def _together(letters: str, name: str, place: int) -> float:
    if place == 0:
        return _WHOLE if len(letters) == len(name) else _BEGINNING
    return _WORD if _begins_word(name, place) else _PART


def _begins_word(name: str, place: int) -> bool:
    return place == 0 or (name[place].isalnum() and not name[place - 1].isalnum())


def _scattered(letters: str, name: str) -> Match | None:
    plain = _places(letters, name, at_words=False)
    if plain is None:
        return None
    places = _places(letters, name, at_words=True) or plain
    good = sum(
        _begins_word(name, place) or (index > 0 and places[index - 1] == place - 1)
        for index, place in enumerate(places)
    )
    share = good / len(letters)
    return Match(share * (1 - _COVERED) + _COVERED * len(letters) / len(name), tuple(places))


def _places(letters: str, name: str, *, at_words: bool) -> list[int] | None:
    """Return where the letters are; ``at_words``: rather where words begin than early."""
    places: list[int] = []
    start = 0
    for letter in letters:
        place = name.find(letter, start)
        if place < 0:
            return None
        if at_words and place != start:
            place = _at_word(letter, name, place)
        places.append(place)
        start = place + 1
    return places


def _at_word(letter: str, name: str, place: int) -> int:
    """Return where a word begins with ``letter``, from ``place`` on; ``place`` where none does."""
    found = place
    while found >= 0 and not _begins_word(name, found):
        found = name.find(letter, found + 1)
    return place if found < 0 else found
