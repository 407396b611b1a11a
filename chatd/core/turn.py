"""A turn: one input being applied to the hub, and what is to be done about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatd.core.commands import RequestId
from chatd.core.effects import (
    Appended,
    Close,
    ConversationOpened,
    Deliver,
    Effect,
    Record,
    SessionKept,
    Wake,
)
from chatd.core.errors import Refusal
from chatd.core.events import Telling, refused
from chatd.core.inputs import Found
from chatd.core.log import Logged, shown
from chatd.core.model import Conversation, Private, Room, Session, User

if TYPE_CHECKING:
    from chatd.core.hub import Hub

CONSOLE_UID = "console"


def hashed(token: str) -> str:
    """Return what is kept of a resume token: who reads the disk cannot resume with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _address(conversation: Conversation | None, user: User) -> str | None:
    """Return a conversation's lasting address: a room's key, or @ and the other's uid."""
    if isinstance(conversation, Room):
        return conversation.name.key
    return f"@{conversation.other(user).uid}" if isinstance(conversation, Private) else None


class NeedsLookup(Exception):
    """A handler cannot decide without event ``seq`` of ``conversation`` from the store."""

    def __init__(self, conversation: Conversation, seq: int) -> None:
        super().__init__(conversation.id, seq)
        self.conversation = conversation
        self.seq = seq


class Turn:
    """One input being applied: who asks, when (ms), and the effects so far."""

    def __init__(self, hub: Hub, session: Session, now: int, found: Found | None = None) -> None:
        self.hub = hub
        self.session = session
        self.now = now
        self.found = found
        self.effects: list[Effect] = []

    @property
    def user(self) -> User:
        """Who asks. Only after the session was introduced."""
        assert self.session.user is not None
        return self.session.user

    # Telling

    def tell(self, audience: Iterable[str], event: Telling, skip: str | None = None) -> None:
        """Tell sessions something."""
        audience = audience if isinstance(audience, tuple) else tuple(audience)
        if audience and audience != (skip,):
            self.effects.append(Deliver(audience, event, skip))

    def answer(self, told: Telling) -> None:
        """Tell the session that asks."""
        self.effects.append(Deliver((self.session.id,), told))

    def refuse(self, refusal: Refusal, request: RequestId) -> None:
        """Tell the session that asks why not."""
        self.answer(refused(refusal, request))

    def close(self) -> None:
        """End the connection of the session that asks, after all that was told to it."""
        self.effects.append(Close(self.session.id))

    def wake(self, at: int) -> None:
        """Have time looked at again at ``at`` (ms)."""
        self.effects.append(Wake(at))

    # Keeping

    def record(self, record: Record) -> None:
        """Have something made durable."""
        self.effects.append(record)

    def keep_sessions(self) -> None:
        """Have made durable what resuming the asker's sessions needs."""
        user = self.user
        for session in user.sessions.values():
            if session.token is not None:
                self.record(
                    SessionKept(
                        token=session.token,
                        uid=user.uid,
                        nick=user.nick,
                        mode=session.mode,
                        away=user.away,
                        current=_address(session.current, user),
                        rooms=tuple((r.name.shown, r.role_of(user)) for r in user.rooms.values()),
                        since=user.since,
                        seen=tuple(session.seen.items()),
                    )
                )

    def log(
        self,
        conversation: Conversation,
        kind: str,
        text: str,
        *,
        of: int | None = None,
        room: str | None = None,
        mentions: tuple[str, ...] = (),
        nonce: str | None = None,
    ) -> Logged:
        """Add a durable event to a conversation and tell it to all others in it."""
        self._open(conversation)
        conversation.seq += 1
        logged = Logged(
            conversation=conversation.id,
            seq=conversation.seq,
            t=self.now,
            kind=kind,
            uid=self.user.uid,
            nick=self.user.nick,
            text=text,
            of=of,
            room=room,
            mentions=mentions,
            nonce=nonce,
        )
        conversation.ring.append(logged)
        self.record(Appended(logged))
        self._tell_logged(conversation, logged)
        return logged

    def _open(self, conversation: Conversation) -> None:
        if conversation.kept:
            return
        conversation.kept = True
        if isinstance(conversation, Room):
            name = conversation.name
            opened = ConversationOpened(conversation.id, "room", name.key, name.shown, self.now)
        else:
            pair = sorted([user.uid for user in conversation.people()] * 2)
            first, second = pair[0], pair[-1]
            opened = ConversationOpened(conversation.id, "private", first, second, self.now)
        self.record(opened)

    def _tell_logged(self, conversation: Conversation, logged: Logged) -> None:
        skip = self.session.id
        if not isinstance(conversation, Room):
            for user in conversation.people():
                event = shown(logged, conversation.title_for(user), user.uid)
                self.tell(user.attached, event, skip)
            return
        title, audience = conversation.name.shown, conversation.audience
        if not logged.mentions:
            self.tell(audience, shown(logged, title, ""), skip)
            return
        called = {
            sid
            for uid in logged.mentions
            if uid in conversation.members
            for sid in conversation.members[uid][0].attached
        }
        self.tell(tuple(s for s in audience if s not in called), shown(logged, title, ""), skip)
        event = shown(logged, title, logged.mentions[0])
        self.tell(tuple(s for s in audience if s in called), event, skip)

    # Looking up

    def look_up(self, conversation: Conversation, seq: int) -> Logged | None:
        """Return an event of a conversation, None where there is none.

        Raises ``NeedsLookup`` where only the store can know.
        """
        if not 1 <= seq <= conversation.seq:
            return None
        logged = conversation.logged(seq)
        if logged is not None:
            return logged
        if self.found is None:
            raise NeedsLookup(conversation, seq)
        return self.found.logged
