"""Where a few typed letters could lead: conversations, people, rooms that are known. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from itertools import chain, islice
from typing import NamedTuple

from chatcli.conversation import Conversation
from chatcli.fuzzy import match
from chatcli.model import State
from chatcli.wire import key_of

FOUND = 50
# What is open, what calls, what is unread, what was left last; against the scores of ``fuzzy``.
_OPEN, _CALLS, _UNREAD, _RECENT = 0.3, 0.6, 0.5, 0.4
_HERE = 0.1
_CURRENT = -1.0
_FADES = 10  # conversations that were shown since


class Goal(NamedTuple):
    """A conversation, a person or a room; ``places`` are the letters of its title that match."""

    title: str
    places: tuple[int, ...]
    is_open: bool


def goals(typed: str, state: State) -> list[Goal]:
    """Return where ``typed`` could lead, the best first; the last ones left where it is empty."""
    letters = "".join(typed.split())
    letters = key_of(letters) if letters else ""
    best = nlargest(FOUND, _scored(letters, state), key=lambda each: each[0])
    return [goal for _, goal in best]


def _scored(letters: str, state: State) -> Iterator[tuple[float, Goal]]:
    for key, conversation in state.conversations.items():
        goal = _goal(letters, key, conversation.title, is_open=True)
        if goal is not None:
            yield goal[0] + _weight(conversation, state), goal[1]
    for title in state.rooms_known:
        goal = _goal(letters, key_of(title), title) if state.find(title) is None else None
        if goal is not None:
            yield goal
    yield from _people(letters, state)


def _people(letters: str, state: State) -> Iterator[tuple[float, Goal]]:
    """Yield those with whom there is no conversation: who is here, and who belongs here.

    There may be thousands: nothing is made of those who do not match.
    """
    if letters.startswith("#"):
        return
    bare, members, people = letters.removeprefix("@"), state.current.members, state.people
    here = ((key, person.nick) for key, person in people.items())
    others = ((key, each.nick) for key, each in members.items() if key not in people)
    for key, nick in islice(chain(here, others), None if bare else FOUND):
        found = match(bare, key)
        if found is None or f"@{key}" in state.conversations or state.is_you(nick):
            continue
        places = tuple(place + 1 for place in found.places) if len(key) == len(nick) else ()
        yield found.score + _HERE * (key in people), Goal(f"@{nick}", places, is_open=False)


def _goal(
    letters: str, key: str, title: str, *, is_open: bool = False
) -> tuple[float, Goal] | None:
    # The sign belongs to the name only for who types it.
    sign = 1 if key[:1] in {"#", "@"} and letters[:1] != key[0] else 0
    found = match(letters, key[sign:])
    if found is None:
        return None
    # Folding can change how many letters there are: then nobody knows where they went.
    same = len(key) == len(title)
    places = tuple(place + sign for place in found.places) if same else ()
    return found.score, Goal(title, places, is_open)


def _weight(conversation: Conversation, state: State) -> float:
    if conversation is state.current:
        return _CURRENT
    since = state.visits - conversation.visited
    recent = max(0.0, 1 - since / _FADES) if conversation.visited else 0.0
    unread = _CALLS * bool(conversation.calls) + _UNREAD * bool(conversation.fresh)
    return _OPEN + unread + _RECENT * recent
