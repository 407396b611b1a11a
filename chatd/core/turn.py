"""A turn: one input being applied to the hub, and what is to be done about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatd.core.commands import RequestId
from chatd.core.effects import Close, Deliver, Effect, Fetch, Wake
from chatd.core.errors import Refusal
from chatd.core.events import refused
from chatd.core.inputs import Proof
from chatd.core.log import Logged, shown
from chatd.core.model import Account, Conversation, Private, Room, Session, User
from chatd.core.queries import Question, Remembered
from chatd.core.records import (
    AccountKept,
    Appended,
    Audited,
    ConversationOpened,
    MembershipKept,
    Record,
    RoomKept,
    SessionKept,
)
from chatd.core.results import Telling

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

    def __init__(self, hub: Hub, session: Session, now: int) -> None:
        self.hub = hub
        self.session = session
        self.now = now
        self.remembered: Remembered | None = None
        self.proof: Proof | None = None
        self.effects: list[Effect] = []

    @property
    def user(self) -> User:
        """Who asks. Only after the session was introduced."""
        assert self.session.user is not None
        return self.session.user

    @property
    def account(self) -> Account:
        """The asker's account. Raises ``Refusal`` 402 where there is none."""
        account = self.user.account
        if account is None:
            raise Refusal(402, command="this")
        return account

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

    def ask(self, question: Question, request: RequestId) -> None:
        """Have the session that asks answered from the store."""
        self.effects.append(Fetch(self.session.id, request, question))

    # Keeping

    def record(self, record: Record) -> None:
        """Have something made durable."""
        self.effects.append(record)

    def keep_sessions(self, user: User | None = None) -> None:
        """Have made durable what resuming somebody's sessions needs, the asker's for None."""
        user = user or self.user
        rooms: tuple[tuple[str, str], ...] = ()
        if user.account is None:
            rooms = tuple((room.name.shown, room.role_of(user)) for room in user.rooms.values())
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
                        rooms=rooms,
                        since=session.since,
                        seen=tuple(session.seen.items()),
                        label=session.label,
                    )
                )

    def keep_account(self, user: User) -> None:
        """Have an account made durable."""
        account = user.account
        assert account is not None
        self.record(
            AccountKept(
                uid=account.uid,
                name=account.name.shown,
                role=account.role,
                digest=account.digest,
                created=account.created,
                seen=account.seen,
            )
        )

    def keep_membership(self, room: Room, user: User) -> None:
        """Have a place in a room made durable; a guest's is kept with his sessions."""
        if user.account is None:
            self.keep_sessions(user)
            return
        self.open(room)
        member = room.members[user.uid]
        self.record(
            MembershipKept(conversation=room.id, uid=user.uid, role=member.role, since=member.since)
        )

    def keep_room(self, room: Room, *, closed: bool = False) -> None:
        """Have the settings of a room made durable."""
        self.open(room)
        self.record(
            RoomKept(
                conversation=room.id,
                topic=room.topic,
                private=room.private,
                secret=room.secret,
                history=room.history,
                retain=room.retain,
                slow=room.slow,
                closed=closed,
            )
        )

    def audit(self, action: str, whom: str = "", room: str = "", why: str = "") -> None:
        """Put an act of the asker into the audit log."""
        user = self.user
        self.record(
            Audited(
                t=self.now,
                who=self._console if user.console else user.nick,
                uid=user.uid,
                action=action,
                whom=whom,
                room=room,
                address=self.session.address,
                why=why,
            )
        )

    @property
    def _console(self) -> str:
        """Who does what the server does: somebody at a keyboard, or, without a session, time."""
        if not self.session.id:
            return self.hub.console.nick
        return f"console ({self.session.label})" if self.session.label else "console"

    def log(  # noqa: PLR0913  a durable event has many parts
        self,
        conversation: Conversation,
        kind: str,
        text: str,
        *,
        of: int | None = None,
        room: str | None = None,
        mentions: tuple[str, ...] = (),
        nonce: str | None = None,
        author: User | None = None,
    ) -> Logged:
        """Add a durable event, of the asker for no author, and tell all others in it."""
        author = author or self.user
        self.open(conversation)
        logged = Logged(
            conversation=conversation.id,
            seq=conversation.seq + 1,
            t=self.now,
            kind=kind,
            uid=author.uid,
            nick=author.nick,
            text=text,
            of=of,
            room=room,
            mentions=mentions,
            nonce=nonce,
        )
        conversation.append(logged)
        self.record(Appended(logged))
        # What the server itself does because of the asker is told to him, too.
        skip = self.session.id if author is self.session.user else None
        self._tell_logged(conversation, logged, author.ignored_by, skip)
        return logged

    def open(self, conversation: Conversation) -> None:
        """Have a conversation made durable, if it is not."""
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

    def _tell_logged(
        self, conversation: Conversation, logged: Logged, ignored_by: set[str], skip: str | None
    ) -> None:
        if not isinstance(conversation, Room):
            for user in conversation.people():
                event = shown(logged, conversation.title_for(user), user.uid, user.ignored)
                self.tell(user.attached, event, skip)
            return
        title, audience = conversation.name.shown, conversation.audience
        if not logged.mentions and not ignored_by:
            self.tell(audience, shown(logged, title, ""), skip)
            return
        called = self.sessions_in(conversation, logged.mentions)
        ignoring = self.sessions_in(conversation, ignored_by)
        others = called | ignoring
        self.tell(tuple(s for s in audience if s not in others), shown(logged, title, ""), skip)
        if called - ignoring:
            event = shown(logged, title, logged.mentions[0])
            self.tell(tuple(s for s in audience if s in called - ignoring), event, skip)
        if ignoring:
            event = shown(logged, title, "", {logged.uid})
            self.tell(tuple(s for s in audience if s in ignoring), event, skip)

    @staticmethod
    def sessions_in(room: Room, uids: Iterable[str]) -> set[str]:
        """Return the connected sessions of those members of a room who are among ``uids``."""
        members = room.members
        return {session for uid in uids if uid in members for session in members[uid].user.attached}

    # Looking up

    def look_up(self, conversation: Conversation, seq: int) -> Logged | None:
        """Return an event of a conversation as it reads now, None where there is none.

        Raises ``NeedsLookup`` where only the store can know.
        """
        if not 1 <= seq <= conversation.seq:
            return None
        logged = conversation.logged(seq)
        if logged is not None:
            return logged
        if self.remembered is None:
            raise NeedsLookup(conversation, seq)
        logged = self.remembered.logged
        if logged is not None and seq in conversation.erased:
            # It was read from the store before the erasure got there.
            return logged.erase(conversation.erased[seq])
        return logged

    def emoji_under(self, conversation: Conversation, seq: int) -> set[str]:
        """Return the emoji of the asker under a message that was looked up."""
        if conversation.logged(seq) is not None:
            mine = conversation.reactions.get(seq, set())
            return {emoji for uid, emoji in mine if uid == self.user.uid}
        return set(self.remembered.emoji) if self.remembered is not None else set()
