"""What people are told, whatever happens."""

from __future__ import annotations

from typing import Any

from chatd.core.commands import Resume
from chatd.core.effects import Deliver, Effect, Fetch, Replay, Wake
from chatd.core.events import (
    Durable,
    Hello,
    Joined,
    Parted,
    Presence,
    Refused,
    RefusedReply,
    TypingSet,
)
from chatd.core.hub import Hub
from chatd.core.inputs import Input, Tick
from chatd.core.log import Logged, shown
from chatd.core.model import Session, User
from chatd.core.policy import may_know
from chatd.core.queries import UnreadOf
from chatd.core.records import (
    Appended,
    Audited,
    ConversationOpened,
    SessionForgotten,
    SessionKept,
)
from chatd.core.results import (
    Acted,
    LoggedOut,
    Person,
    Resumed,
    RoomEntered,
    RoomLeft,
    RoomList,
    Sent,
    SettingsAre,
    Telling,
    TopicIs,
)
from chatd.core.turn import CONSOLE_UID
from tests.core.lasting import lasting


def _remembered(hub: Hub) -> dict[str, tuple[object, ...]]:
    """Return what must be known after a restart of each session that can be resumed."""
    found: dict[str, tuple[object, ...]] = {}
    for token, session in hub.tokens.items():
        user = session.user
        assert user is not None
        roles = {room.name: room.role_of(user) for room in user.rooms.values()}
        since = user.since if user.account is None else None
        found[token] = (user.uid, user.name, user.away, since, roles)
    return found


def _changed(before: dict[Any, Any], after: dict[Any, Any]) -> list[tuple[Any, Any, Any]]:
    """Return what differs: key, value before, value after."""
    keys = [*before, *(key for key in after if key not in before)]
    pairs = [(key, before.get(key), after.get(key)) for key in keys]
    return [(key, old, new) for key, old, new in pairs if old != new]


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
        self.left: set[tuple[str, str]] = set()
        self.answered: set[tuple[str, int]] = set()
        self.wake: int | None = None

    def restart(self, hub: Hub) -> None:
        """Go on with another hub, which has been restored."""
        before, after = _remembered(self.hub), _remembered(hub)
        changed = _changed(before, after)
        assert not changed, changed
        was, is_now = lasting(self.hub), lasting(hub)
        for subject, old in was.items():
            changed = _changed(old, is_now[subject])
            assert not changed, (subject, changed)
        self.hub = hub
        self.wake = 0
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
        self._check_acts(effects, command)
        self._check_wake(effects, command)
        self.left = {
            (effect.event.nick, effect.event.in_)
            for effect in effects
            if isinstance(effect, Deliver) and isinstance(effect.event, Parted)
        }
        # What the server does because of an act comes before the answer to the act.
        self.answered = {
            (effect.audience[0], effect.event.seq)
            for effect in effects
            if isinstance(effect, Deliver) and isinstance(effect.event, Acted)
        }
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
            elif isinstance(effect, Fetch) and isinstance(effect.query, UnreadOf):
                for room in effect.query.reply.rooms:
                    self._check_once(self.hub.sessions[effect.session], room)
        assert set(self.kept) == set(self.hub.tokens)

    def _check_acts(self, effects: list[Effect], command: Input) -> None:
        """An act is audited once; what is refused is not done."""
        audited = [effect for effect in effects if isinstance(effect, Audited)]
        appended = [effect.logged for effect in effects if isinstance(effect, Appended)]
        acts = [logged for logged in appended if logged.kind == "mod"]
        by_people = [logged for logged in acts if logged.uid != CONSOLE_UID]
        refused = any(
            isinstance(effect, Deliver) and isinstance(effect.event, Refused | RefusedReply)
            for effect in effects
        )
        if refused:
            assert not audited
            assert not appended
        if isinstance(command, Tick):
            assert all(act.who == "server" for act in audited)
        else:
            assert len(audited) <= 1
            assert len(by_people) <= len(audited)

    def _check_wake(self, effects: list[Effect], command: Input) -> None:
        """Somebody will look at the time when something is due; the service keeps the earliest."""
        if isinstance(command, Tick):
            self.wake = None
        wakes = [effect.at for effect in effects if isinstance(effect, Wake)]
        self.wake = min([*wakes, *([] if self.wake is None else [self.wake])], default=None)
        resume = int(self.hub.limits.resume * 1000)
        due = [entry.at for entry in self.hub.alarms[:1]]
        due += [(session.lost_at or 0) + resume for session in self.hub.lost.values()][:1]
        if due:
            assert self.wake is not None
            assert self.wake <= min(due)

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
                self._check_secrecy(session.user, event)
                self._check_once(session, event)
            self._check_presence(reader, event)

    def _check_may_hear(self, user: User, event: Telling) -> None:
        if not isinstance(event, Durable | Joined | Parted | TypingSet):
            return
        if event.in_.startswith("@"):
            assert event.in_ in {private.title_for(user) for private in user.privates.values()}
        elif (user.nick, event.in_) not in self.left:
            titles = {room.name.shown for room in user.rooms.values()}
            assert event.in_ in titles, f"{user.nick} is told of a room that he is not in: {event}"

    def _check_secrecy(self, user: User, event: Telling) -> None:
        """Nobody outside hears of a private room."""
        titles: set[str] = set()
        if isinstance(event, RoomList):
            titles = {room.room for room in event.rooms}
        elif isinstance(event, Person):
            titles = set(event.rooms)
        elif isinstance(event, Refused | RefusedReply) and "Did you mean" in event.text:
            titles = {event.text.rpartition("Did you mean ")[2].rstrip("?")}
        for room in self.hub.rooms.values():
            if room.name.shown in titles:
                assert may_know(user, room), "hears of a private room"
                assert room.awake

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
        elif isinstance(event, LoggedOut):
            self._check_once(session, event.room or event)
        elif (
            isinstance(event, Joined | Parted)
            and session.user is not None
            and event.nick == session.user.nick
        ):
            self.reached.pop((session.id, self._number(event.in_)), None)
        elif isinstance(event, Durable):
            self._reach(session, event.in_, event.seq)
        elif isinstance(event, Sent):
            self._reach(session, event.to, event.seq, own=True)
        elif isinstance(event, TopicIs | Acted | SettingsAre):
            self._reach(session, event.room, event.seq, own=True)

    def _resumed_at(self, room: RoomEntered) -> int | None:
        """Return after what it goes on, by what the client says; None where that is not known."""
        if room.settings.history != "on":
            return None
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
            awaited = (session.id, seq - 1) in self.answered
            assert seq == before + 1 + awaited, f"{session.id} read {before}, then {seq}"
        unknown = before is None and not own
        if fresh or unknown or (before is not None and seq is not None and seq > before):
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
