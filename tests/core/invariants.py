"""What must hold of a hub after every step, whatever happens."""

from __future__ import annotations

from chatd.core.commands import Resume
from chatd.core.effects import (
    Appended,
    ConversationOpened,
    Deliver,
    Effect,
    Replay,
    SessionForgotten,
    SessionKept,
)
from chatd.core.events import (
    Durable,
    Hello,
    Joined,
    Parted,
    Presence,
    Resumed,
    RoomEntered,
    RoomLeft,
    Sent,
    Telling,
    TopicIs,
    TypingSet,
)
from chatd.core.hub import Hub
from chatd.core.inputs import Input
from chatd.core.log import Logged, shown
from chatd.core.model import Private, Room, Session, User
from chatd.core.turn import CONSOLE_UID


def check_state(hub: Hub) -> None:
    """Check that everything that is known is known everywhere, and what is gone is nowhere."""
    for ident, session in hub.sessions.items():
        assert session.id == ident
        if session.user is not None:
            assert session.user.sessions[ident] is session
            _check_current(hub, session, session.user)
    for uid, user in hub.users.items():
        assert user.uid == uid
        assert uid != CONSOLE_UID
        assert user.sessions
        _check_user(hub, user)
    for room in hub.rooms.values():
        _check_room(hub, room)
    _check_indexes(hub)


def _check_user(hub: Hub, user: User) -> None:
    assert all(hub.sessions[ident] is session for ident, session in user.sessions.items())
    assert all(room.members[user.uid][0] is user for room in user.rooms.values())
    assert hub.nicks[user.name.key] is user
    assert hub.looks[user.name.skeleton] is user
    for other, private in user.privates.items():
        assert private.other(user).uid == other
        assert hub.conversations[private.id] is private
    for number, conversation in user.typing.items():
        assert hub.conversations[number] is conversation
        if isinstance(conversation, Room):
            assert user.uid in conversation.members, "types in a room that he has left"
    if user.partner is not None:
        assert user.partner.partner is user
        assert hub.users[user.partner.uid] is user.partner


def _check_current(hub: Hub, session: Session, user: User) -> None:
    current = session.current
    if user.uid == CONSOLE_UID or current is None:
        return
    assert hub.conversations[current.id] is current
    if isinstance(current, Room):
        assert user.uid in current.members, "talks in a room that he is not in"
    else:
        assert current in user.privates.values()


def _check_room(hub: Hub, room: Room) -> None:
    assert hub.conversations[room.id] is room
    assert room.members or room.lobby or room.kept
    for uid, (user, _) in room.members.items():
        assert hub.users[uid] is user, "a member is nobody known"
        assert user.rooms[room.id] is room
    told = {ident for user in room.people() for ident in user.attached}
    assert set(room.audience) == told
    assert len(room.audience) == len(told)


def _check_indexes(hub: Hub) -> None:
    assert {user.uid for user in hub.nicks.values()} == set(hub.users)
    assert len(hub.nicks) == len(hub.looks) == len(hub.users)
    for token, session in hub.tokens.items():
        assert session.token == token
        assert hub.sessions[session.id] is session
    lost = {ident for ident, session in hub.sessions.items() if not session.attached}
    assert set(hub.lost) == lost
    listening = {
        ident
        for ident, session in hub.sessions.items()
        if session.attached and session.mode == "json" and session.user is not None
    }
    assert set(hub.listening) == listening
    assert all(hub.users[user.uid] is user for user in hub.matching)
    for number, conversation in hub.conversations.items():
        assert conversation.id == number
        assert len(conversation.ring) <= conversation.seq
        if isinstance(conversation, Private):
            assert any(user.sessions for user in conversation.pair)


def _remembered(hub: Hub) -> dict[str, tuple[object, ...]]:
    """Return what must be known after a restart of each session that can be resumed."""
    found: dict[str, tuple[object, ...]] = {}
    for token, session in hub.tokens.items():
        user = session.user
        assert user is not None
        roles = {room.name: room.role_of(user) for room in user.rooms.values()}
        found[token] = (user.uid, user.name, user.away, user.since, roles)
    return found


class Watcher:
    """Sees all effects, and checks what readers get of them."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.logged: dict[tuple[int, int], Logged] = {}
        self.newest: dict[int, int] = {}
        self.kept: dict[str, SessionKept] = {}
        self.presence: dict[str, int] = {}
        self.reached: dict[tuple[str, int], int | None] = {}
        self.opened: set[int] = set()
        self.seen: dict[str, int] = {}

    def restart(self, hub: Hub) -> None:
        """Go on with another hub, which has been restored."""
        before, after = _remembered(self.hub), _remembered(hub)
        assert after == before
        self.hub = hub
        self.presence.clear()
        self.reached.clear()
        assert set(self.kept) == set(hub.tokens)
        for number, seq in self.newest.items():
            assert number not in hub.conversations or hub.conversations[number].seq == seq

    def watch(self, effects: list[Effect], command: Input) -> None:
        """Check the effects of one input."""
        self.seen = command.seen if isinstance(command, Resume) else {}
        resuming = isinstance(command, Resume)
        new: set[tuple[int, int]] = set()
        for effect in effects:
            if isinstance(effect, ConversationOpened):
                assert effect.conversation not in self.opened
                self.opened.add(effect.conversation)
            elif isinstance(effect, Appended):
                new.add(self._append(effect.logged))
            elif isinstance(effect, SessionKept):
                self.kept[effect.token] = effect
            elif isinstance(effect, SessionForgotten):
                self.kept.pop(effect.token, None)
            elif isinstance(effect, Deliver):
                self._deliver(effect, new, resuming)
            elif isinstance(effect, Replay):
                self._replay(effect)
        assert set(self.kept) == set(self.hub.tokens)

    def _append(self, logged: Logged) -> tuple[int, int]:
        assert logged.conversation in self.opened
        assert logged.seq == self.newest.get(logged.conversation, 0) + 1, "a hole"
        self.newest[logged.conversation] = logged.seq
        self.logged[logged.conversation, logged.seq] = logged
        return logged.conversation, logged.seq

    def _deliver(self, effect: Deliver, new: set[tuple[int, int]], resuming: bool) -> None:
        readers = [session for session in effect.audience if session != effect.skip]
        assert len(set(effect.audience)) == len(effect.audience), "told twice"
        event = effect.event
        if isinstance(event, Durable) and not resuming:
            assert any(seq == event.seq for _, seq in new), "told before it is on disk"
        for reader in readers:
            session = self.hub.sessions.get(reader)
            if session is not None and session.user is not None:
                self._check_may_hear(session.user, event)
                self._check_once(session, event)
            self._check_presence(reader, event)

    def _check_may_hear(self, user: User, event: Telling) -> None:
        if not isinstance(event, Durable | Joined | Parted | TypingSet):
            return
        if event.in_.startswith("@"):
            assert event.in_ in {private.title_for(user) for private in user.privates.values()}
        elif not (isinstance(event, Parted) and event.nick == user.nick):
            assert event.in_ in {room.name.shown for room in user.rooms.values()}

    def _check_presence(self, reader: str, event: Telling) -> None:
        if isinstance(event, Hello):
            self.presence[reader] = event.presence
        elif isinstance(event, Presence) and reader in self.presence:
            if reader in self.hub.listening:
                assert event.v == self.presence[reader] + 1, "a hole in the presence"
            self.presence[reader] = event.v

    def _check_once(self, session: Session, event: Telling) -> None:
        if isinstance(event, RoomEntered):
            self._reach(session, event.room, event.seq, fresh=True)
        elif isinstance(event, Resumed):
            for room in event.rooms:
                self._reach(session, room.room, self._resumed_at(room), fresh=True)
        elif isinstance(event, RoomLeft):
            self.reached.pop((session.id, self._number(event.room)), None)
        elif isinstance(event, Durable):
            self._reach(session, event.in_, event.seq)
        elif isinstance(event, Sent):
            self._reach(session, event.to, event.seq, own=True)
        elif isinstance(event, TopicIs):
            self._reach(session, event.room, event.seq, own=True)

    def _resumed_at(self, room: RoomEntered) -> int | None:
        """Return after what it goes on, by what the client says; None where that is not known."""
        seen = self.seen.get(room.room, -1)
        return seen if max(0, room.seq - self.hub.limits.replay) <= seen <= room.seq else None

    def _number(self, title: str) -> int:
        numbers = [room.id for room in self.hub.rooms.values() if room.name.shown == title]
        return numbers[0] if numbers else 0

    def _reach(
        self,
        session: Session,
        title: str,
        seq: int | None,
        *,
        fresh: bool = False,
        own: bool = False,
    ) -> None:
        number = self._number(title)
        if session.user is None or number not in session.user.rooms:
            return
        key = (session.id, number)
        before = self.reached.get(key)
        # An answer may be a repeated one (a nonce), or tell what is known already.
        if not fresh and before is not None and seq is not None and not (own and seq <= before):
            assert seq == before + 1, f"{session.id} read {before}, then {seq}"
        if fresh or before is None or (seq is not None and seq > before):
            self.reached[key] = seq

    def _replay(self, effect: Replay) -> None:
        session = self.hub.sessions[effect.session]
        for seq in range(max(1, effect.after + 1), effect.upto + 1):
            logged = self.logged[effect.conversation, seq]
            self._check_once(session, shown(logged, effect.name, effect.reader))

    def check_reached(self) -> None:
        """Check that every connected member has got everything there is."""
        for session in self.hub.sessions.values():
            if session.user is None or not session.attached:
                continue
            for room in session.user.rooms.values():
                reached = self.reached.get((session.id, room.id))
                assert reached in {None, room.seq}, f"{session.id} misses the end of {room.name}"
