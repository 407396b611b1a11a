"""A conversation as the client keeps it: its lines in order, and which numbers it has.

Durable events are numbered 1, 2, 3, ... by the server. The client holds an unbroken run of them,
``oldest`` to ``seen``, and perhaps some ``ahead`` of a hole that history will fill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from chatcli.wire import key_of

LINES_KEPT = 5000
# Lines are cut off in pieces of this size: cutting one at a time would be slow.
_SLACK = 250
SPEAKERS_KEPT = 200
REACTIONS_KEPT = LINES_KEPT  # messages with some, and entries under one

Kind = Literal["text", "me", "whisper", "topic", "quiet", "server", "error"]
Mark = Literal["", "sending", "sent", "stored", "refused"]
MESSAGES = frozenset({"text", "me", "whisper"})


@dataclass(eq=False, kw_only=True, slots=True)
class Line:
    """One line of a conversation; ``t`` in seconds since the epoch.

    ``seq`` is None for what has no number (yet). ``mark`` is how far an own message has got, and
    ``note`` is what there is to say about that.
    """

    kind: Kind
    t: float
    text: str
    who: str = ""
    seq: int | None = None
    own: bool = False
    mark: Mark = ""
    note: str = ""
    mention: bool = False
    edited: bool = False
    reply: int | None = None
    room: str = ""

    @property
    def is_message(self) -> bool:
        """Whether somebody said it."""
        return self.kind in MESSAGES


class Member(NamedTuple):
    """Somebody in a room."""

    nick: str
    role: str


class Reaction(NamedTuple):
    """What somebody did last with an emoji under a message: put it there, or taken it back."""

    seq: int
    nick: str
    on: bool


@dataclass(eq=False, kw_only=True)
class Conversation:
    """A room, by ``#name``, or a private conversation, by ``@nick``."""

    title: str
    joined: bool = False
    topic: str = ""
    lines: list[Line] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    unread: int = 0
    mentions: int = 0
    # The first line that was not read when the conversation was opened.
    unread_from: Line | None = None
    oldest: int | None = None
    seen: int | None = None
    ahead: set[int] = field(default_factory=set)
    # Whether there is nothing before ``oldest``.
    complete: bool = False
    # Nicks, the one who spoke last at the end.
    speakers: dict[str, str] = field(default_factory=dict)
    # Who types, and until when (seconds since the epoch) that is believed.
    typing: dict[str, tuple[str, float]] = field(default_factory=dict)
    # By message, emoji and person: they may come before the message, with an older page.
    reactions: dict[int, dict[tuple[str, str], Reaction]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The title, equal for all ways to write it."""
        return key_of(self.title)

    @property
    def is_room(self) -> bool:
        """Whether it is a room."""
        return self.title.startswith("#")

    # Numbers

    def is_known(self, seq: int) -> bool:
        """Whether the event with that number was here already."""
        if self.seen is None or self.oldest is None:
            return False
        return self.oldest <= seq <= self.seen or seq in self.ahead

    def take(self, seq: int) -> None:
        """Remember that the event with that number is here."""
        if self.seen is None or self.oldest is None:
            self.oldest = self.seen = seq
        elif seq < self.oldest:
            self.oldest = seq
        elif seq > self.seen:
            self.ahead.add(seq)
            self._advance()

    def _advance(self) -> None:
        assert self.seen is not None
        while self.seen + 1 in self.ahead:
            self.seen += 1
            self.ahead.discard(self.seen)

    def begin_at(self, seq: int) -> None:
        """Everything after ``seq`` will be told; where there are no numbers yet."""
        self.seen, self.oldest = seq, seq + 1

    @property
    def has_hole(self) -> bool:
        """Whether something between the events that are here is missing."""
        return bool(self.ahead)

    def skip_to(self, seq: int) -> None:
        """Stop missing what is not after ``seq``."""
        if self.seen is not None and seq > self.seen:
            self.seen = seq
            self.ahead = {number for number in self.ahead if number > seq}
            self._advance()

    def close_hole(self) -> None:
        """Stop missing anything: the server has no more."""
        if self.ahead:
            self.skip_to(max(self.ahead))

    def renumber(self) -> None:
        """The server counts anew: the lines stay, without their numbers."""
        for line in self.lines:
            line.seq = None
            line.reply = None
        self.oldest = self.seen = None
        self.ahead.clear()
        self.reactions.clear()
        self.complete = False

    # Lines

    def find(self, seq: int) -> Line | None:
        """Return the line with that number, looking from the newest on."""
        for line in reversed(self.lines):
            if line.seq == seq:
                return line
        return None

    def place(self, line: Line) -> None:
        """Put a line where its number belongs, one without a number at the end.

        What is still being sent stays below: its number will be higher.
        """
        index = len(self.lines)
        if line.mark != "sending":
            index = self._above_unsent(index)
        if line.seq is not None:
            index = self._by_number(line.seq, index)
        self.lines.insert(index, line)
        self._cut()

    def _above_unsent(self, index: int) -> int:
        while index and self.lines[index - 1].mark == "sending":
            index -= 1
        return index

    def _by_number(self, seq: int, index: int) -> int:
        place = index
        for position in range(index - 1, -1, -1):
            number = self.lines[position].seq
            if number is not None and number < seq:
                break
            if number is not None:
                place = position
        return place

    def place_before(self, lines: Iterable[Line]) -> None:
        """Put lines, oldest first, in front of all others."""
        self.lines[:0] = lines

    def remove(self, line: Line) -> None:
        """Take a line out, if it is there."""
        for index in range(len(self.lines) - 1, -1, -1):
            if self.lines[index] is line:
                del self.lines[index]
                return

    def _cut(self) -> None:
        if len(self.lines) > LINES_KEPT + _SLACK:
            cut = self.lines[:-LINES_KEPT]
            del self.lines[:-LINES_KEPT]
            last = max((line.seq for line in cut if line.seq is not None), default=None)
            if last is not None and self.seen is not None:
                # History can bring them back.
                self.oldest = min(last, self.seen) + 1
                self.complete = False

    # Reactions

    def react(self, of: int, emoji: str, reaction: Reaction) -> None:
        """Remember a reaction, unless a newer one of the same person is known."""
        under = self.reactions.setdefault(of, {})
        entry = (emoji, key_of(reaction.nick))
        if entry not in under or under[entry].seq < reaction.seq:
            under[entry] = reaction
        if len(self.reactions) > REACTIONS_KEPT or len(under) > REACTIONS_KEPT:
            del self.reactions[min(self.reactions)]

    def reactions_to(self, seq: int | None) -> dict[str, list[str]]:
        """Return the nicks by emoji under a message."""
        shown: dict[str, list[str]] = {}
        for (emoji, _), reaction in self.reactions.get(seq or 0, {}).items():
            if reaction.on:
                shown.setdefault(emoji, []).append(reaction.nick)
        return shown

    # People

    def spoke(self, nick: str) -> None:
        """Remember who spoke last; who has spoken does not type any more."""
        key = key_of(nick)
        self.speakers.pop(key, None)
        self.speakers[key] = nick
        self.typing.pop(key, None)
        if len(self.speakers) > SPEAKERS_KEPT:
            del self.speakers[next(iter(self.speakers))]
