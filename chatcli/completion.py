"""Suggestions for what is being typed: a pure function of text, cursor and state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from chatcli import emojis
from chatcli.commands import ITS_OWN, LOCAL
from chatcli.line import Line
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
        yield from _commands(name, state)
        return
    row = COMMANDS.get(name.lower())
    if row is None:
        return
    arguments, word = _arguments_at(row, rest)
    start = len(before) - len(word)
    for argument in arguments:
        source = _source(row, argument, rest)
        if source is not None:
            for text, about in source(word, state):
                yield Suggestion(text, start, about)
        elif argument.word == "TEXT":
            yield from _in_text(before, state, asked=asked)


def _commands(name: str, state: State) -> Iterator[Suggestion]:
    for row in COMMANDS.values():
        allowed = row.name not in ITS_OWN and (row.who != "a" or state.role == "admin")
        if allowed and row.name.startswith(name.lower()):
            yield Suggestion(f"/{row.name}{' ' if row.words else ''}", 0, row.summary)
    for local in LOCAL.values():
        if local.name.startswith(name.lower()):
            yield Suggestion(f"/{local.name}", 0, local.summary)


def _source(row: CommandRow, argument: Argument, rest: str) -> Source | None:
    """Return what suggests an argument; ``rest`` is all that stands behind the command."""
    if argument.word == "VALUE":
        option = next((word for word in rest.lower().split() if word in _VALUES), "")
        return _VALUES.get(option)
    return _SOURCES_OF.get((row.name, argument.word)) or _SOURCES.get(argument.word)


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
    return _messages_where(word, state, lambda line: not line.deleted)


def _messages_where(
    word: str, state: State, wanted: Callable[[Line], bool]
) -> Iterator[tuple[str, str]]:
    lines = (line for line in reversed(state.current.lines) if line.is_message and wanted(line))
    found = (line for line in lines if line.seq is not None and str(line.seq).startswith(word))
    for line in islice(found, MESSAGES_SUGGESTED):
        text = "(ignored)" if line.ignored else " ".join(line.text.split())
        yield f"{line.seq} ", f"{line.who}: {text[:40]}"


def _own_messages(word: str, state: State) -> Iterator[tuple[str, str]]:
    return _messages_where(word, state, lambda line: line.own and not line.deleted)


def _once(word: str, state: State) -> Iterator[tuple[str, str]]:
    """Yield the numbers of what can be viewed once."""
    for line in reversed(state.current.lines):
        fresh = line.kind == "once" and not (line.own or line.viewed or line.deleted)
        if fresh and line.seq is not None and str(line.seq).startswith(word):
            yield f"{line.seq} ", f"{line.who}: to be viewed once"


def _pinned(word: str, state: State) -> Iterator[tuple[str, str]]:
    return _messages_where(word, state, lambda line: line.seq in state.current.pins)


def _filters(word: str, state: State) -> Iterator[tuple[str, str]]:
    """Yield what narrows a search, and what may follow it."""
    key, colon, start = word.partition(":")
    sources: dict[str, Source] = {"in": _targets, "from": _people}
    if colon and key in sources:
        for text, about in sources[key](start, state):
            yield f"{key}:{text}", about
    elif word and not colon:
        for name, about in _FILTERS.items():
            if name.startswith(word.lower()):
                yield name, about


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


_FILTERS = {
    "in:": "#room or @nick",
    "from:": "nick",
    "before:": "2026-11-21",
    "after:": "2026-11-21",
}
_TIMES = ("10m ", "1h ", "1d ", "7d ")
_SECONDS = ("0 ", "10 ", "60 ")
_VALUES: dict[str, Source] = {
    "private": _of("on", "off"),
    "key": _of("off"),
    "history": _of("on", "joined", "off"),
    "retain": _of("7d", "30d", "365d", "off"),
}
_SOURCES: dict[str, Source] = {
    "#R": _rooms,
    "EMOJI": _emoji,
    "LEVEL": _of("all", "mentions", "none"),
    "LIMIT": _of("before:", "after:"),
    "MODE": _of("json", "text", "text seq", "text seq time"),
    "NAME": _people,
    "NICK": _people,
    "ON": _of("on", "off"),
    "OPTION": _of(*(f"{option} " for option in _VALUES)),
    "ROLE": _of("user", "admin"),
    "SECONDS": _of(*_SECONDS),
    "SEQ": _messages,
    "TIME": _of(*_TIMES),
    "TO": _targets,
    "TOPIC": _topics,
}
# Where the same word means something else.
_SOURCES_OF: dict[tuple[str, str], Source] = {
    ("del", "SEQ"): _own_messages,
    ("edit", "SEQ"): _own_messages,
    ("nick", "NAME"): _of(),
    ("search", "WORDS"): _filters,
    ("unpin", "SEQ"): _pinned,
    ("view", "SEQ"): _once,
}
