"""The durable events of a conversation, as they are kept, and as a reader sees them."""

from __future__ import annotations

import msgspec

from chatd.core.events import Durable, Reacted, Said, TopicSet, timestamp

MESSAGE_KINDS = frozenset({"text", "me", "whisper"})


class Logged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One durable event: the source of every rendering of it, live, replayed or in a page.

    ``t`` in milliseconds since the epoch; ``uid`` is the author's, ``of`` the message that a
    reaction or a reply refers to, ``mentions`` the uids of those who are called by it. ``kind``
    is one of ``MESSAGE_KINDS``, or react, unreact or topic.
    """

    conversation: int
    seq: int
    t: int
    kind: str
    uid: str
    nick: str
    text: str
    of: int | None = None
    room: str | None = None
    mentions: tuple[str, ...] = ()
    nonce: str | None = None

    @property
    def is_message(self) -> bool:
        """Whether one can reply and react to it."""
        return self.kind in MESSAGE_KINDS


def shown(logged: Logged, in_: str, reader: str) -> Durable:
    """Return the event that the person with uid ``reader`` sees in the conversation ``in_``."""
    t = timestamp(logged.t)
    if logged.kind == "topic":
        return TopicSet(in_=in_, seq=logged.seq, t=t, by=logged.nick, text=logged.text)
    if logged.is_message:
        return Said(
            in_=in_,
            seq=logged.seq,
            t=t,
            from_=logged.nick,
            text=logged.text,
            kind=logged.kind,
            reply=logged.of,
            room=logged.room,
            mention=reader in logged.mentions,
        )
    return Reacted(
        in_=in_,
        seq=logged.seq,
        t=t,
        by=logged.nick,
        of=logged.of or 0,
        emoji=logged.text,
        on=logged.kind == "react",
    )
