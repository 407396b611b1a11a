"""The durable events of a conversation, as they are kept, and as a reader sees them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from chatd.core.events import (
    Deleted,
    Durable,
    Edited,
    Moderated,
    OnceSaid,
    Reacted,
    Said,
    TopicSet,
    timestamp,
)

MESSAGE_KINDS = frozenset({"text", "me", "whisper"})
SEARCHED_KINDS = MESSAGE_KINDS
# What is made of messages.
REMARK_KINDS = frozenset({"delete", "edit", "react", "unreact"})
# Messages too, though neither answered nor found: what counts as unread.
UNREAD_KINDS = MESSAGE_KINDS | {"once"}


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What there is to tell of a ``mod`` event; ``until`` in milliseconds since the epoch."""

    action: str
    nick: str | None = None
    until: int | None = None
    why: str = ""
    option: str | None = None
    value: str | None = None


class Logged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One durable event: the source of every rendering of it, live, replayed or in a page.

    ``t`` in milliseconds since the epoch; ``uid`` is the author's, ``of`` the message that it
    refers to, ``mentions`` the uids of those who are called by it. ``kind`` is one of
    ``MESSAGE_KINDS``, or once, react, unreact, topic, edit, delete or mod. The text of a mod is
    an ``Act`` as JSON. ``state``: None as it was written, ``edited``, ``deleted`` or ``viewed``;
    the last two have no text any more.
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
    state: str | None = None

    @property
    def is_message(self) -> bool:
        """Whether one can reply and react to it."""
        return self.kind in MESSAGE_KINDS and self.state != "deleted"

    @property
    def erased(self) -> bool:
        """Whether its text is gone."""
        return self.state in {"deleted", "viewed"}

    def erase(self, state: str) -> Logged:
        """Return the event without its text, ``deleted`` or ``viewed``."""
        return msgspec.structs.replace(self, text="", mentions=(), state=state)


def shown(logged: Logged, in_: str, reader: str, ignored: Collection[str] = frozenset()) -> Durable:
    """Return the event that the person with uid ``reader`` sees in the conversation ``in_``.

    ``ignored`` are the uids of those whom he does not wish to see.
    """
    common: dict[str, Any] = {"in_": in_, "seq": logged.seq, "t": timestamp(logged.t)}
    if logged.kind in MESSAGE_KINDS:
        return Said(
            **common,
            from_=logged.nick,
            text=None if logged.erased else logged.text,
            kind=logged.kind,
            reply=logged.of,
            room=logged.room,
            mention=reader in logged.mentions,
            edited=logged.state == "edited",
            deleted=logged.state == "deleted",
            ignored=logged.uid in ignored,
        )
    if logged.kind in REMARK_KINDS:
        common["ignored"] = logged.uid in ignored
    return _SHOWN[logged.kind](logged, reader, common)


def _reacted(logged: Logged, reader: str, common: dict[str, Any]) -> Durable:
    on = logged.kind == "react"
    return Reacted(**common, by=logged.nick, of=logged.of or 0, emoji=logged.text, on=on)


def _edited(logged: Logged, reader: str, common: dict[str, Any]) -> Durable:
    mention = reader in logged.mentions
    return Edited(**common, by=logged.nick, of=logged.of or 0, text=logged.text, mention=mention)


def _deleted(logged: Logged, reader: str, common: dict[str, Any]) -> Durable:
    return Deleted(**common, by=logged.nick, of=logged.of or 0)


def _once(logged: Logged, reader: str, common: dict[str, Any]) -> Durable:
    viewed, deleted = logged.state == "viewed", logged.state == "deleted"
    return OnceSaid(**common, from_=logged.nick, viewed=viewed, deleted=deleted)


def _topic(logged: Logged, reader: str, common: dict[str, Any]) -> Durable:
    return TopicSet(**common, by=logged.nick, text=logged.text)


def _moderated(logged: Logged, reader: str, common: dict[str, Any]) -> Durable:
    act = msgspec.json.decode(logged.text, type=Act)
    return Moderated(
        **common,
        by=logged.nick,
        of=logged.of,
        action=act.action,
        nick=act.nick,
        until=timestamp(act.until) if act.until is not None else None,
        why=act.why,
        option=act.option,
        value=act.value,
    )


_SHOWN = {
    "delete": _deleted,
    "edit": _edited,
    "mod": _moderated,
    "once": _once,
    "react": _reacted,
    "topic": _topic,
    "unreact": _reacted,
}
