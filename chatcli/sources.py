"""What there is to suggest for an argument, by its kind: rooms, people, messages, values. Pure.

A source gets the word so far and the state, and yields what the word could become and what there is
to say about it, the best first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import nsmallest
from itertools import islice

from chatcli import emojis
from chatcli.commands import HELP
from chatcli.line import Line
from chatcli.model import State
from chatcli.wire import key_of
from chatd.core.commands import COMMANDS, CommandRow

SUGGESTED = 50
MESSAGES_SUGGESTED = 10
LOOKED_AT = 1000  # lines, from the newest on

Found = Iterator[tuple[str, str]]
Source = Callable[[str, State], Found]


def source_of(row: CommandRow, word: str, rest: str) -> Source | None:
    """Return the source for the argument ``word``; ``rest`` is all that stands behind the command.

    None where anything can be written.
    """
    if word == "VALUE":
        option = next((each for each in rest.lower().split() if each in _VALUES), "")
        return _VALUES.get(option)
    return _SOURCES_OF.get((row.name, word)) or _SOURCES.get(word)


# People


def presence(nick: str, state: State) -> str:
    """Return whether somebody is here."""
    person = state.presence_of(nick)
    return f"{person.state}: {person.text}" if person.text else person.state


def nicks(
    start: str, state: State, wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[str]:
    """Yield nicks: who spoke last here, who else is here, everybody; oneself never.

    ``wanted`` tells by their keys who is.
    """
    folded, current = _folded(start), state.current
    own = key_of(state.you) if state.you else ""

    def first(keys: Iterable[str]) -> list[str]:
        # There may be thousands: they are not all sorted.
        return nsmallest(SUGGESTED, (key for key in keys if fits(key)))

    def fits(key: str) -> bool:
        return key.startswith(folded) and key != own and wanted(key)

    spoke = current.speakers
    yield from (spoke[key] for key in reversed(spoke) if fits(key))
    for key in first(key for key in current.members if key not in spoke):
        yield current.members[key].nick
    known = (key for key in state.people if key not in current.members and key not in spoke)
    for key in first(known):
        yield state.people[key].nick


def _folded(start: str) -> str:
    return key_of(start) if start else ""


def _people_where(word: str, state: State, wanted: Callable[[str], bool]) -> Found:
    sign = "@" if word.startswith("@") else ""
    for nick in nicks(word.removeprefix("@"), state, wanted):
        yield f"{sign}{nick} ", presence(nick, state)


def _people(word: str, state: State) -> Found:
    return _people_where(word, state, lambda _: True)


def _members(word: str, state: State) -> Found:
    """Yield who is in this room."""
    return _people_where(word, state, lambda key: key in state.current.members)


def _strangers(word: str, state: State) -> Found:
    """Yield who is not in this room."""
    return _people_where(word, state, lambda key: key not in state.current.members)


def _role(*roles: str) -> Source:
    """Return a source of those in this room who have one of these roles."""

    def source(word: str, state: State) -> Found:
        members = state.current.members
        return _people_where(word, state, lambda key: key in members and members[key].role in roles)

    return source


def _muted(word: str, state: State) -> Found:
    return _people_where(word, state, lambda key: key in state.current.muted)


def _names(names: Callable[[State], Iterable[str]], about: str = "") -> Source:
    """Return a source of names that the server has told."""

    def source(word: str, state: State) -> Found:
        for name in sorted(names(state)):
            if _folded(name).startswith(_folded(word)):
                yield f"{name} ", about

    return source


def _accounts(word: str, state: State) -> Found:
    """Yield accounts that the server has told, then people."""
    known = {key_of(name) for name in state.accounts_known}
    yield from _names(lambda _: state.accounts_known, "an account")(word, state)
    yield from _people_where(word, state, lambda key: key not in known)


# Conversations


def rooms(word: str, state: State) -> Found:
    """Yield rooms: those that one is in, and those that the server has told of."""
    mine = {each.title: each.topic for each in state.conversations.values() if each.is_room}
    for title, topic in {**mine, **state.rooms_known, **mine}.items():
        if key_of(title).startswith(_folded(word)):
            yield f"{title} ", topic


def _targets(word: str, state: State) -> Found:
    if not word.startswith("@"):
        yield from rooms(word, state)
    if not word.startswith("#"):
        for nick in nicks(word.removeprefix("@"), state):
            yield f"@{nick} ", presence(nick, state)


# Messages


def _messages(word: str, state: State) -> Found:
    """Yield the numbers of messages, the newest first."""
    return _messages_where(word, state, lambda line: not line.deleted)


def _messages_where(word: str, state: State, wanted: Callable[[Line], bool]) -> Found:
    newest = islice(reversed(state.current.lines), LOOKED_AT)
    lines = (line for line in newest if line.is_message and wanted(line))
    found = (line for line in lines if line.seq is not None and str(line.seq).startswith(word))
    for line in islice(found, MESSAGES_SUGGESTED):
        text = "(ignored)" if line.ignored else " ".join(line.text.split())
        yield f"{line.seq} ", f"{line.who}: {text[:40]}"


def _own_messages(word: str, state: State) -> Found:
    return _messages_where(word, state, lambda line: line.own and not line.deleted)


def _pinned(word: str, state: State) -> Found:
    return _messages_where(word, state, lambda line: line.seq in state.current.pins)


def _once(word: str, state: State) -> Found:
    """Yield the numbers of what can be viewed once."""
    for line in reversed(state.current.lines):
        fresh = line.kind == "once" and not (line.own or line.viewed or line.deleted)
        if fresh and line.seq is not None and str(line.seq).startswith(word):
            yield f"{line.seq} ", f"{line.who}: to be viewed once"


def _limits(word: str, state: State) -> Found:
    """Yield where history begins or ends."""
    key, colon, start = word.partition(":")
    if not colon:
        yield from _of("before:", "after:")(word, state)
    elif key in {"before", "after"}:
        for text, about in _messages(start, state):
            yield f"{key}:{text}", about


def _filters(word: str, state: State) -> Found:
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


# Words


def _emoji(word: str, state: State) -> Found:
    for name, character in emojis.matching(word.strip(":"), SUGGESTED):
        yield character, f":{name}:"


def _topics(word: str, state: State) -> Found:
    bare = word.removeprefix("/").lower()
    for subject in sorted(HELP):
        if subject.startswith(bare):
            yield subject, "a subject"
    for row in COMMANDS.values():
        if row.name.startswith(bare) and row.name not in HELP:
            yield row.name, row.summary


def _of(*words: str) -> Source:
    """Return a source of fixed words."""

    def source(word: str, state: State) -> Found:
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
_VALUES: dict[str, Source] = {
    "private": _of("on", "off"),
    "key": _of("off"),
    "history": _of("on", "joined", "off"),
    "retain": _of("7d", "30d", "365d", "off"),
}
_SOURCES: dict[str, Source] = {
    "#R": rooms,
    "EMOJI": _emoji,
    "LEVEL": _of("all", "mentions", "none"),
    "LIMIT": _limits,
    "N": _of("20", "50", "200"),
    "NAME": _people,
    "NICK": _people,
    "ON": _of("on", "off"),
    "OPTION": _of(*(f"{option} " for option in _VALUES)),
    "ROLE": _of("user", "admin"),
    "SECONDS": _of("0 ", "10 ", "60 "),
    "SEQ": _messages,
    "TIME": _of("10m ", "1h ", "1d ", "7d "),
    "TO": _targets,
    "TOPIC": _topics,
}
# Where the same word means something else.
_SOURCES_OF: dict[tuple[str, str], Source] = {
    ("accounts", "WORDS"): _accounts,
    ("del", "SEQ"): _own_messages,
    ("edit", "SEQ"): _own_messages,
    ("invite", "NICK"): _strangers,
    ("kick", "NICK"): _members,
    ("mod", "NICK"): _role("member", ""),
    ("mute", "NICK"): _members,
    ("nick", "NAME"): _of(),
    ("own", "NICK"): _members,
    ("remove", "NAME"): _accounts,
    ("reset", "NAME"): _accounts,
    ("revoke", "LABEL"): _names(lambda state: state.labels, "a token of yours"),
    ("role", "NAME"): _accounts,
    ("search", "WORDS"): _filters,
    ("shutdown", "SECONDS"): _of("60 ", "300 ", "cancel"),
    ("unban", "NICK"): _names(lambda state: state.current.banned, "banned from here"),
    ("unignore", "NICK"): _names(lambda state: state.ignored, "ignored"),
    ("unmod", "NICK"): _role("moderator"),
    ("unmute", "NICK"): _muted,
    ("unpin", "SEQ"): _pinned,
    ("view", "SEQ"): _once,
    ("whisper", "NICK"): _members,
}
