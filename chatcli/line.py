"""One line of a conversation, and who and what belongs to it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Kind = Literal["text", "me", "whisper", "once", "topic", "quiet", "server", "error"]
Mark = Literal["", "sending", "sent", "stored", "refused"]
MESSAGES = frozenset({"text", "me", "whisper"})


# There are many of them, and they hold nothing that could hold them: nobody needs to look through
# them for garbage, which would be felt as a pause.
class Line(msgspec.Struct, eq=False, kw_only=True, gc=False):
    """One line of a conversation; ``t`` in seconds since the epoch.

    ``seq`` is None for what has no number (yet). ``mark`` is how far an own message has got, and
    ``note`` is what there is to say about that. ``ignored``: of somebody whom one ignores. A line
    of kind ``once`` never has the text; it is gone once it is ``viewed``.
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
    deleted: bool = False
    ignored: bool = False
    viewed: bool = False
    reply: int | None = None
    room: str = ""

    @property
    def is_message(self) -> bool:
        """Whether one can answer it."""
        return self.kind in MESSAGES

    @property
    def is_said(self) -> bool:
        """Whether somebody said it: a message, or what can be viewed once."""
        return self.kind in MESSAGES or self.kind == "once"

    def erase(self, text: str) -> None:
        """Forget what was said; ``text`` stands in its place."""
        self.text, self.deleted, self.mention, self.edited = text, True, False, False


class Member(NamedTuple):
    """Somebody in a room."""

    nick: str
    role: str


class Reaction(NamedTuple):
    """What somebody did last with an emoji under a message: put it there, or taken it back."""

    seq: int
    nick: str
    on: bool
