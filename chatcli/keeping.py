"""What of a chat is kept on disk, and what of that has changed. Pure.

Everything is an item with a name, so that a file of items needs to know nothing of the chat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nlargest
from itertools import islice
from typing import Literal, NamedTuple

import msgspec

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import State

KEPT = 100  # conversations, those in which something was said last
AT_ONCE = 4  # conversations that are compared with what was kept, each time
ItemKind = Literal["conversation", "line", "draft", "unsent", "place"]


# Of what kind an item is, of which conversation (its key), and which of them: a plain tuple, since
# there are many.
Name = tuple[ItemKind, str, int]
Items = dict[Name, bytes]
PLACE: Name = ("place", "", 0)


class Changes(NamedTuple):
    """What is to be written: new bytes by name, and which names are no more.

    ``anew``: there is nothing else besides.
    """

    items: Items
    gone: list[Name]
    anew: bool = False


class KeptConversation(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What is kept of a conversation besides its lines; the reactions as react() takes them."""

    title: str
    place: int
    oldest: int
    seen: int
    joined: bool = False
    topic: str = ""
    level: str = "all"
    read: int = 0
    told: int = 0
    marked: int = 0
    unread: int = 0
    mentions: int = 0
    unread_after: int | None = None
    complete: bool = False
    timed: int = 0
    latest: float = 0.0
    reactions: list[tuple[int, str, int, str, bool]] = []
    edits: dict[int, int] = {}
    pins: list[int] = []


class KeptUnsent(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A message that is not acknowledged; ``command`` as it goes to the server.

    ``typed`` is how it was written, ``place`` the key of the conversation where, ``t`` when, in
    seconds since the epoch.
    """

    title: str
    command: str
    typed: str
    place: str
    t: float


_encode = msgspec.msgpack.Encoder().encode


class Keeper:
    """Compares the chat with what is kept. ``unsent`` gives the messages that wait."""

    def __init__(self, state: State, unsent: Callable[[], Iterable[KeptUnsent]]) -> None:
        self._state = state
        self._unsent = unsent
        self._kept: dict[str, dict[Name, int]] = {}
        self._stamps: dict[str, tuple[object, ...]] = {}
        self._anew = True
        self._turn = 0

    def know(self, items: Items) -> None:
        """These are kept already."""
        self._anew = False
        for name, body in items.items():
            kind, key, _ = name
            group = key if kind in {"conversation", "line"} else kind
            self._kept.setdefault(group, {})[name] = hash(body)

    def forget(self) -> None:
        """Nothing is known of what is kept: all is to be written anew."""
        self._kept.clear()
        self._stamps.clear()
        self._anew = True

    def changes(self, *, conversations: bool, all_: bool = False) -> Changes:
        """Return what has changed; of a few conversations, where not of ``all_`` of them."""
        changes = Changes({}, [], self._anew)
        self._anew = False
        self._compare("draft", self._drafts(), changes)
        self._compare("unsent", self._waiting(), changes)
        if conversations:
            self._compare("place", self._places(), changes)
            self._compare_conversations(changes, all_=all_)
        return changes

    def _compare(self, group: str, items: Items, changes: Changes) -> None:
        known = self._kept.get(group, {})
        now = {name: hash(body) for name, body in items.items()}
        changes.items.update((name, items[name]) for name in now if known.get(name) != now[name])
        changes.gone.extend(name for name in known if name not in now)
        if now:
            self._kept[group] = now
        else:
            self._kept.pop(group, None)

    def _drafts(self) -> Items:
        return {
            ("draft", key, number): text.encode()
            for key, texts in self._state.drafts.for_disk().items()
            for number, text in enumerate(texts)
        }

    def _waiting(self) -> Items:
        return {
            ("unsent", "", number): _encode(unsent) for number, unsent in enumerate(self._unsent())
        }

    def _places(self) -> Items:
        return {PLACE: self._state.current_key.encode()}

    # Conversations

    def _compare_conversations(self, changes: Changes, *, all_: bool) -> None:
        kept = {each.key: each for each in self._latest()}
        for key in [key for key in self._kept if key[:1] in {"#", "@"} and key not in kept]:
            self._compare(key, {}, changes)
            self._stamps.pop(key, None)
        places = {key: place for place, key in enumerate(kept)}
        stamps = {key: (places[key], *_stamp(each)) for key, each in kept.items()}
        keys = self._turned(list(kept))
        changed = [key for key in keys if all_ or stamps[key] != self._stamps.get(key)]
        # Of what changes a line alone its conversation does not tell: each is looked at in turn.
        for key in {*keys[:1], *changed[: None if all_ else AT_ONCE]}:
            self._stamps[key] = stamps[key]
            items = _items_of(kept[key], places[key], self._state.settings.cache)
            self._compare(key, items, changes)

    def _latest(self) -> list[Conversation]:
        found = [each for each in self._state.conversations.values() if is_kept(each)]
        if len(found) > KEPT:
            latest = set(nlargest(KEPT, (each.active for each in found)))
            found = [each for each in found if each.active in latest][:KEPT]
        return found

    def _turned(self, keys: list[str]) -> list[str]:
        """Return them beginning with another one each time."""
        self._turn += 1
        start = self._turn % max(1, len(keys))
        return [*keys[start:], *keys[:start]]


def is_kept(conversation: Conversation) -> bool:
    """Whether a conversation is one whose messages may be kept: not a room that one has left."""
    private = conversation.title.startswith("@")
    return (private or conversation.joined) and conversation.seen is not None


def _stamp(conversation: Conversation) -> tuple[object, ...]:
    """Return what changes with nearly everything that is done to a conversation."""
    here = conversation
    counts = (here.read, here.told, here.marked, here.unread, here.mentions, here.unread_after)
    return (here.oldest, here.seen, len(here.lines), here.title, here.topic, here.level, *counts)


def _items_of(conversation: Conversation, place: int, many: int) -> Items:
    lines = _newest(conversation, many)
    oldest = conversation.oldest or 0
    if len(lines) == many and lines[0].seq is not None:
        oldest = max(oldest, lines[0].seq)
    kept = _summary(conversation, place, oldest)
    key = conversation.key
    items: Items = {("line", key, line.seq or 0): _encode(line) for line in lines}
    return {("conversation", key, 0): _encode(kept), **items}


def _newest(conversation: Conversation, many: int) -> list[Line]:
    """Return the newest lines with a number, without those that are ahead of a hole."""
    seen = conversation.seen or 0
    lines = (
        line
        for part in (conversation.lines, conversation.hidden)
        for line in reversed(part)
        if line.seq is not None and line.seq <= seen
    )
    return list(islice(lines, many))[::-1]


def _summary(conversation: Conversation, place: int, oldest: int) -> KeptConversation:
    here = conversation
    return KeptConversation(
        title=here.title,
        place=place,
        oldest=oldest,
        seen=here.seen or 0,
        joined=here.joined,
        topic=here.topic,
        level=here.level,
        read=here.read,
        told=here.told,
        marked=here.marked,
        unread=here.unread,
        mentions=here.mentions,
        unread_after=here.unread_after,
        complete=here.complete and oldest == here.oldest,
        timed=min(here.timed, here.seen or 0),
        latest=here.latest,
        reactions=[
            (of, emoji, each.seq, each.nick, each.on)
            for of, under in here.reactions.items()
            if of >= oldest
            for (emoji, _), each in under.items()
        ],
        edits={of: seq for of, seq in here.edits.items() if of >= oldest},
        pins=sorted(here.pins),
    )
