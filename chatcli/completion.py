"""Suggestions for what is being typed: a pure function of text, cursor and state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from chatcli import emojis
from chatcli.commands import ITS_OWN, LOCAL
from chatcli.model import State
from chatcli.wire import key_of
from chatd.core.commands import COMMANDS, Argument, CommandRow

SUGGESTED = 50
MESSAGES_SUGGESTED = 10


class Suggestion(NamedTuple):
    """``text`` replaces what is from ``start`` to the cursor; ``about`` explains it."""

    text: str
    start: int
    about: str = ""


Source = Callable[[str, State], Iterable[tuple[str, str]]]


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
        yield from _commands(name)
        return
    row = COMMANDS.get(name.lower())
    if row is None:
        return
    argument, word = _argument_at(row, rest)
    start = len(before) - len(word)
    source = _SOURCES.get(argument.word) if argument else None
    if source is not None:
        for text, about in source(word, state):
            yield Suggestion(text, start, about)
    elif argument is not None and argument.word == "TEXT":
        yield from _in_text(before, state, asked=asked)


def _commands(name: str) -> Iterator[Suggestion]:
    for row in COMMANDS.values():
        if row.name.startswith(name.lower()) and row.name not in ITS_OWN:
            yield Suggestion(f"/{row.name}{' ' if row.words else ''}", 0, row.summary)
    for local in LOCAL.values():
        if local.name.startswith(name.lower()):
            yield Suggestion(f"/{local.name}", 0, local.summary)


def _argument_at(row: CommandRow, rest: str) -> tuple[Argument | None, str]:
    """Return the argument that the end of ``rest`` belongs to, and its word so far."""
    rest = rest.lstrip(" ")
    arguments = list(row.arguments)
    while arguments:
        argument = arguments.pop(0)
        word, space, left = rest.partition(" ")
        if argument.rest:
            return argument, rest if argument.word in {"TOPIC", "MODE"} else word_at(rest)
        if not _may_be(argument, word):
            continue
        if not space:
            return argument, word
        rest = left.lstrip(" ")
    return None, ""


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
        for nick in _nicks(word[1:], state):
            yield Suggestion(f"@{nick} ", start, _presence(nick, state))
    elif word.startswith(":") and (len(word) > 2 or asked):
        for name, character in emojis.matching(word[1:].rstrip(":"), SUGGESTED):
            yield Suggestion(f"{character} ", start, f":{name}:")
    elif word.startswith("#"):
        for room, about in _rooms(word, state):
            yield Suggestion(room, start, about)
    elif asked and word:
        for nick in _nicks(word, state):
            yield Suggestion(f"{nick} ", start, _presence(nick, state))


def _presence(nick: str, state: State) -> str:
    person = state.presence_of(nick)
    return f"{person.state}: {person.text}" if person.text else person.state


def _nicks(start: str, state: State) -> Iterator[str]:
    """Yield nicks: who spoke last here, who else is here, everybody; oneself never."""
    wanted = key_of(start) if start else ""
    current = state.current
    here = {
        **{key: current.speakers[key] for key in reversed(current.speakers)},
        **{key: current.members[key].nick for key in sorted(current.members)},
        **{key: state.people[key].nick for key in sorted(state.people)},
    }
    for key, nick in here.items():
        if key.startswith(wanted) and not state.is_you(nick):
            yield nick


def _people(word: str, state: State) -> Iterator[tuple[str, str]]:
    bare = word.removeprefix("@")
    for nick in _nicks(bare, state):
        yield f"{'@' if word.startswith('@') else ''}{nick} ", _presence(nick, state)


def _rooms(word: str, state: State) -> Iterator[tuple[str, str]]:
    rooms = {each.title: each.topic for each in state.conversations.values() if each.is_room}
    for title, topic in {**rooms, **state.rooms_known, **rooms}.items():
        if key_of(title).startswith(key_of(word) if word else ""):
            yield f"{title} ", topic


def _targets(word: str, state: State) -> Iterator[tuple[str, str]]:
    if not word.startswith("@"):
        yield from _rooms(word, state)
    if not word.startswith("#"):
        for nick in _nicks(word.removeprefix("@"), state):
            yield f"@{nick} ", _presence(nick, state)


def _messages(word: str, state: State) -> Iterator[tuple[str, str]]:
    """Yield the numbers of messages, the newest first."""
    lines = (line for line in reversed(state.current.lines) if line.is_message)
    found = (line for line in lines if line.seq is not None and str(line.seq).startswith(word))
    for line in islice(found, MESSAGES_SUGGESTED):
        text = " ".join(line.text.split())
        yield f"{line.seq} ", f"{line.who}: {text[:40]}"


def _emoji(word: str, state: State) -> Iterator[tuple[str, str]]:
    for name, character in emojis.matching(word.strip(":"), SUGGESTED):
        yield character, f":{name}:"


def _topics(word: str, state: State) -> Iterator[tuple[str, str]]:
    bare = word.removeprefix("/").lower()
    for row in COMMANDS.values():
        if row.name.startswith(bare):
            yield row.name, row.summary


def _of(*words: str) -> Source:
    """Return a source of fixed words."""

    def source(word: str, state: State) -> Iterator[tuple[str, str]]:
        for each in words:
            if each.startswith(word.lower()):
                yield each, ""

    return source


_SOURCES: dict[str, Source] = {
    "#R": _rooms,
    "EMOJI": _emoji,
    "LIMIT": _of("before:", "after:"),
    "MODE": _of("json", "text", "text seq", "text seq time"),
    "NICK": _people,
    "ON": _of("on", "off"),
    "SEQ": _messages,
    "TO": _targets,
    "TOPIC": _topics,
}
