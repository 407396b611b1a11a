"""A conversation as the client keeps it: its lines in order, and what of it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatcli.line import Line, Member
from chatcli.numbering import Numbering
from chatcli.remarks import Remarks
from chatcli.settings import Settings
from chatcli.wire import key_of

# Lines are cut off in pieces of this size: cutting one at a time would be slow.
_SLACK = 250
SPEAKERS_KEPT = 200


@dataclass(eq=False, kw_only=True)
class Conversation(Numbering, Remarks):
    """A room, by ``#name``, or a private conversation, by ``@nick``.

    ``joined``: one is in the room. ``level`` is of what one wants notice: all, mentions or none.
    ``kept`` are so many lines, the newest.
    """

    title: str
    joined: bool = False
    topic: str = ""
    level: str = "all"
    kept: int = Settings.lines
    lines: list[Line] = field(default_factory=list)
    # Lines before those, out of sight since the window was emptied.
    hidden: list[Line] = field(default_factory=list)
    # It is as it was the last time, and the server has not told how it is now.
    old: bool = False
    members: dict[str, Member] = field(default_factory=dict)
    # Keys of members who may not speak.
    muted: set[str] = field(default_factory=set)
    # Who is banned, once that was told.
    banned: list[str] = field(default_factory=list)
    # The newest number that was read, and up to which one the counts are the server's.
    read: int = 0
    told: int = 0
    # The marker that the server knows.
    marked: int = 0
    unread: int = 0
    mentions: int = 0
    # The mark above what was not read when it came: after which number, and on which line.
    unread_after: int | None = None
    unread_from: Line | None = None
    # Whether history was asked for.
    opened: bool = False
    # The number of the message that one has jumped to.
    target: int | None = None
    # When something was said last (seconds since the epoch), as far as it is known here.
    active: float = 0.0
    # Grows with each conversation that is left: which was left last.
    visited: int = 0
    # Nicks, the one who spoke last at the end.
    speakers: dict[str, str] = field(default_factory=dict)
    # Who types, and until when (seconds since the epoch) that is believed.
    typing: dict[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The title, equal for all ways to write it."""
        return key_of(self.title)

    @property
    def is_room(self) -> bool:
        """Whether it is a room."""
        return self.title.startswith("#")

    @property
    def newest(self) -> int:
        """The highest number that is known of."""
        return max(self.told, self.seen or 0, max(self.ahead, default=0))

    def is_another(self, seq: int, t: float) -> bool:
        """Whether a number that was here now stands for something else, said at ``t``.

        A database can be deleted or be put back, a name can go from one person to another: then
        the numbers begin anew.
        """
        line = self.find(seq)
        if line is not None and line.is_said:
            return abs(line.t - t) > 0.01
        return self.is_too_late(seq, t)

    def renumber(self) -> None:
        """The server counts anew: the lines stay, without their numbers."""
        for line in [*self.hidden, *self.lines]:
            line.seq = None
            line.reply = None
        self.forget_numbers()
        self.forget_remarks()
        self.pins.clear()
        self.read = self.told = self.marked = self.unread = self.mentions = 0
        self.unread_after = None
        self.opened = False

    # Lines

    def find(self, seq: int) -> Line | None:
        """Return the line with that number."""
        if self.oldest is not None and seq < self.oldest:
            return None
        index = self._by_number(seq, len(self.lines))
        line = self.lines[index] if index < len(self.lines) else None
        if line is None or line.seq != seq:
            line = next((each for each in self.hidden if each.seq == seq), None)
        return line

    def find_quoted(self, seq: int) -> Line | None:
        """Return a message that is here, or was fetched because it is answered here."""
        return self.find(seq) or self.quotes.get(seq)

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
        self._note(line)
        self._cut()

    def _above_unsent(self, index: int) -> int:
        while index and self.lines[index - 1].mark == "sending":
            index -= 1
        return index

    def _by_number(self, seq: int, index: int) -> int:
        """Return the place of the first line with that number or a higher one, else ``index``.

        Numbers grow from line to line; between them are lines without one.
        """
        low, high = 0, index
        while low < high:
            middle = probe = (low + high) // 2
            while probe > low and self.lines[probe].seq is None:
                probe -= 1
            number = self.lines[probe].seq
            if number is None or number < seq:
                low = middle + 1
            else:
                high = index = probe
        return index

    def place_before(self, lines: Iterable[Line]) -> None:
        """Put lines, oldest first, in front of all others."""
        lines = list(lines)
        self.lines[:0] = lines
        for line in lines:
            self._note(line)

    def _note(self, line: Line) -> None:
        if line.is_said and not line.ignored:
            self.active = max(self.active, line.t)
        self._mark_unread(line)

    def hide(self) -> None:
        """Empty the window, but for what is being sent; ``unhide`` brings the rest back."""
        self.hidden += [line for line in self.lines if line.seq is not None]
        self.lines = [line for line in self.lines if line.mark == "sending"]

    def unhide(self) -> bool:
        """Bring back what was hidden. Returns whether anything was."""
        hidden, self.hidden = self.hidden, []
        self.place_before(hidden)
        return bool(hidden)

    def forget(self) -> None:
        """Forget what was said, and its numbers; what is not sent stays."""
        self.hide()
        self.renumber()
        self.hidden = []

    def remove(self, line: Line) -> None:
        """Take a line out, if it is there."""
        for index in range(len(self.lines) - 1, -1, -1):
            if self.lines[index] is line:
                del self.lines[index]
                return

    def _cut(self) -> None:
        if len(self.lines) > self.kept + _SLACK:
            self.cut(self.kept)

    def cut(self, kept: int) -> None:
        """Forget all but the newest ``kept`` lines; history can bring the others back."""
        many = max(0, len(self.lines) - kept)
        gone, self.hidden = [*self.hidden, *self.lines[:many]], []
        del self.lines[:many]
        last = max((line.seq for line in gone if line.seq is not None), default=None)
        if last is not None and self.seen is not None:
            self.oldest = min(last, self.seen) + 1
            self.complete = False

    # What was read

    @property
    def fresh(self) -> int:
        """How many unread messages one wants notice of."""
        return {"all": self.unread, "mentions": self.mentions}.get(self.level, 0)

    @property
    def calls(self) -> int:
        """How many of them call one."""
        return 0 if self.level == "none" else self.mentions

    @staticmethod
    def is_news(line: Line) -> bool:
        """Whether a line is one that counts as unread."""
        return line.is_said and not (line.own or line.ignored or line.deleted)

    def count(self, line: Line) -> None:
        """Count a line that has come, if it is news."""
        if line.seq is None or line.seq <= max(self.read, self.told) or not self.is_news(line):
            return
        self.unread += 1
        self.mentions += line.mention or not self.is_room
        self.mark_unread()

    def tell_unread(self, seq: int, read: int, unread: int, mentions: int) -> None:
        """Take what the server counts, up to its newest number ``seq``."""
        self.told, self.marked, self.read = seq, read, max(self.read, read)
        if self.read >= seq:
            unread = mentions = 0
        self.unread, self.mentions = unread, mentions if self.is_room else unread
        if unread:
            self.mark_unread()

    def mark_unread(self) -> None:
        """Draw the mark above what is not read, where there is none."""
        if self.unread_after is not None:
            return
        self.unread_after, self.unread_from = self.read, None
        for line in reversed(self.lines):
            if line.seq is not None and line.seq <= self.read:
                break
            self._mark_unread(line)

    def _mark_unread(self, line: Line) -> None:
        if self.unread_after is None or line.seq is None or not self.is_news(line):
            return
        first = self.unread_from.seq if self.unread_from is not None else None
        if line.seq > self.unread_after and (first is None or line.seq < first):
            self.unread_from = line

    def clear_mark(self) -> None:
        """Take the mark away."""
        self.unread_after = self.unread_from = None

    def mark_read(self, seq: int) -> None:
        """Remember that all is read up to ``seq``."""
        if seq <= self.read:
            return
        self.read = seq
        if seq >= self.newest:
            self.unread = self.mentions = 0
        elif self.oldest is not None and self.oldest <= seq + 1:
            self._recount()
        else:
            self.unread = min(self.unread, self.newest - seq)
            self.mentions = min(self.mentions, self.unread)

    def _recount(self) -> None:
        news = [line for line in self.lines if (line.seq or 0) > self.read and self.is_news(line)]
        self.unread = len(news)
        self.mentions = sum(line.mention or not self.is_room for line in news)

    # People

    def spoke(self, nick: str) -> None:
        """Remember who spoke last; who has spoken does not type any more."""
        key = key_of(nick)
        self.speakers.pop(key, None)
        self.speakers[key] = nick
        self.typing.pop(key, None)
        if len(self.speakers) > SPEAKERS_KEPT:
            del self.speakers[next(iter(self.speakers))]
