"""What is remembered about messages besides their lines: reactions, edits, pins, quotations.

All of it is by the message's number, for it may come before the message, with an older page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from chatcli.line import Line, Reaction
from chatcli.wire import key_of

KEPT = 5000  # reactions, edits, and messages that are answered
PINS_KEPT = 500


@dataclass(eq=False, kw_only=True)
class Remarks:
    """What there is about the messages of one conversation."""

    # By message, emoji and person.
    reactions: dict[int, dict[tuple[str, str], Reaction]] = field(default_factory=dict)
    # How many there are, at most.
    _entries: int = 0
    # The number of the newest edit of a message.
    edits: dict[int, int] = field(default_factory=dict)
    pins: set[int] = field(default_factory=set)
    # Messages that are not here, but are answered by one that is; None while not even asked for.
    quotes: dict[int, Line | None] = field(default_factory=dict)

    def react(self, of: int, emoji: str, reaction: Reaction) -> None:
        """Remember a reaction, unless a newer one of the same person is known."""
        under = self.reactions.setdefault(of, {})
        entry = (emoji, key_of(reaction.nick))
        if entry not in under:
            self._entries += 1
        if entry not in under or under[entry].seq < reaction.seq:
            under[entry] = reaction
        if self._entries > KEPT:
            self._entries -= len(self.reactions.pop(min(self.reactions)))

    def reactions_to(self, seq: int | None) -> dict[str, list[str]]:
        """Return the nicks by emoji under a message."""
        shown: dict[str, list[str]] = {}
        for (emoji, _), reaction in self.reactions.get(seq or 0, {}).items():
            if reaction.on:
                shown.setdefault(emoji, []).append(reaction.nick)
        return shown

    def is_newest_edit(self, of: int, seq: int) -> bool:
        """Remember edit ``seq`` of message ``of``; whether there is none after it."""
        if seq <= self.edits.get(of, 0):
            return False
        self.edits[of] = seq
        if len(self.edits) > KEPT:
            del self.edits[next(iter(self.edits))]
        return True

    def want_quote(self, seq: int) -> None:
        """A message that is answered in view is not here; ``wanted_quote`` says so."""
        if len(self.quotes) < KEPT:
            self.quotes.setdefault(seq, None)

    def wanted_quote(self, asked: set[int]) -> int | None:
        """Return the number of a message that is wanted and was not ``asked`` for."""
        wanted = (seq for seq, line in self.quotes.items() if line is None and seq not in asked)
        return next(wanted, None)

    @property
    def remarked(self) -> int:
        """How much is remembered."""
        return self._entries + len(self.edits) + len(self.quotes)

    def forget_remarks(self) -> None:
        """Remember nothing, but for the pins, about any message."""
        self.reactions.clear()
        self._entries = 0
        self.edits.clear()
        self.quotes.clear()
