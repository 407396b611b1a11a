"""Suggestions for what is being typed: a pure function of text, cursor and state."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from chatcli import configuring, emojis
from chatcli.commands import ITS_OWN, LOCAL
from chatcli.model import State
from chatcli.sources import SUGGESTED, nicks, presence, rooms, source_of
from chatd.core.commands import COMMANDS, Argument, CommandRow

# Arguments that are words for people to read.
_TEXTS = frozenset({"TEXT", "WHY"})


class Suggestion(NamedTuple):
    """``text`` replaces what is from ``start`` to the cursor; ``about`` explains it."""

    text: str
    start: int
    about: str = ""


def suggest(text: str, cursor: int, state: State, *, asked: bool = False) -> list[Suggestion]:
    """Return suggestions, the best first. ``asked``: by a key, not by typing alone."""
    before = text[:cursor]
    if before.startswith("/") and not before.startswith("//"):
        found = _in_command(before, state, asked=asked)
    else:
        found = _in_text(before, state, asked=asked)
    return list(islice(found, SUGGESTED))


# Commands


def _in_command(before: str, state: State, *, asked: bool) -> Iterator[Suggestion]:
    name, space, rest = before[1:].partition(" ")
    if not space:
        yield from _commands(name, state)
        return
    if name.lower() == "config":
        start = len(before) - len(rest.rpartition(" ")[2])
        for text, about in configuring.suggest(rest, state.settings):
            yield Suggestion(text, start, about)
        return
    row = COMMANDS.get(name.lower())
    if row is None:
        return
    arguments, word = _arguments_at(row, rest)
    start = len(before) - len(word)
    for argument in arguments:
        source = source_of(row, argument.word, rest)
        if source is not None:
            for text, about in source(word, state):
                yield Suggestion(text, start, about)
        elif argument.word in _TEXTS:
            yield from _in_text(before, state, asked=asked)


def _commands(name: str, state: State) -> Iterator[Suggestion]:
    for row in COMMANDS.values():
        allowed = row.name not in ITS_OWN and (row.who != "a" or state.role == "admin")
        if allowed and row.name.startswith(name.lower()):
            yield Suggestion(f"/{row.name}{' ' if row.words else ''}", 0, row.summary)
    for local in LOCAL.values():
        if local.name.startswith(name.lower()):
            yield Suggestion(f"/{local.name}{' ' if local.words else ''}", 0, local.summary)


def _arguments_at(row: CommandRow, rest: str) -> tuple[list[Argument], str]:
    """Return the arguments that the end of ``rest`` can belong to, and its word so far."""
    rest = rest.lstrip(" ")
    arguments = list(row.arguments)
    while arguments:
        argument = arguments.pop(0)
        word, space, left = rest.partition(" ")
        if argument.rest:
            return [argument], rest if argument.word in {"TOPIC", "MODE"} else word_at(rest)
        if not _may_be(argument, word):
            continue
        if not space:
            possible = [argument] if word else [argument, *arguments]
            return possible[: _open(possible)], word
        rest = left.lstrip(" ")
    return [], ""


def _open(arguments: list[Argument]) -> int:
    """Return how many arguments can come next: as long as they may be left out."""
    return 1 + sum(1 for _ in takewhile(lambda each: each.optional, arguments))


def _may_be(argument: Argument, word: str) -> bool:
    """Whether ``word``, perhaps unfinished, can be an optional argument."""
    if not argument.optional or not word:
        return True
    if argument.word == "#R":
        return word.startswith("#")
    return not (argument.word == "TO" and (word.isdigit() or ":" in word))


def word_at(text: str) -> str:
    """Return the word at the end of ``text``."""
    return "" if text[-1:].isspace() else (text.split() or [""])[-1]


# Words


def _in_text(before: str, state: State, *, asked: bool) -> Iterator[Suggestion]:
    word = word_at(before)
    start = len(before) - len(word)
    if word.startswith("@"):
        for nick in nicks(word[1:], state):
            yield Suggestion(f"@{nick} ", start, presence(nick, state))
    elif word.startswith(":") and (len(word) > 2 or asked):
        for name, character in emojis.matching(word[1:].rstrip(":"), SUGGESTED):
            yield Suggestion(f"{character} ", start, f":{name}:")
    elif word.startswith("#"):
        for room, about in rooms(word, state):
            yield Suggestion(room, start, about)
    elif asked and word:
        for nick in nicks(word, state):
            yield Suggestion(f"{nick} ", start, presence(nick, state))
