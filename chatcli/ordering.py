"""The order of conversations in their list. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from chatcli.conversation import Conversation


def by_activity(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Return them by when something was said last, muted ones after all others.

    What is unread and not here yet was said just now, for all that is known; where nothing was said
    yet, rooms come before people.
    """
    return sorted(
        conversations, key=lambda each: (each.level == "none", -_last(each), not each.is_room)
    )


def _last(conversation: Conversation) -> float:
    return conversation.active or (inf if conversation.unread else 0.0)


def by_hand(conversations: Iterable[Conversation], order: Sequence[str]) -> list[Conversation]:
    """Return them in an order of one's own, by their keys; after that what has no place in it."""
    places = {key: place for place, key in enumerate(order)}
    return sorted(
        conversations, key=lambda each: (places.get(each.key, len(places)), not each.is_room)
    )


def moved(listed: Sequence[Conversation], moving: Conversation, step: int) -> list[str]:
    """Return the keys of a list in which one conversation went ``step`` down; it has ends."""
    keys = [each.key for each in listed]
    place = keys.index(moving.key)
    keys.insert(max(0, min(len(keys) - 1, place + step)), keys.pop(place))
    return keys
