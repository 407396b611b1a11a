"""The hub: the whole chat as a deterministic state machine.

``Hub.handle`` takes one input of one session at one time and returns what is to be done. It has
no clock, no chance and no input or output of its own: the same inputs in the same order give the
same effects and the same state on any machine. Handlers stand beside it by subject.
"""

from __future__ import annotations

import difflib
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec

from chatd.core import (
    accounts,
    administration,
    alarms,
    editing,
    messages,
    moderation,
    people,
    preferences,
    reading,
    restoring,
    resuming,
    rooms,
    sanctions,
    sessions,
    settings,
    tokens,
)
from chatd.core import help as helping
from chatd.core.commands import Command, Nick
from chatd.core.effects import Audience, Effect, Lookup
from chatd.core.errors import Refusal
from chatd.core.inputs import (
    Configured,
    Connect,
    Disconnect,
    Found,
    HasRead,
    Input,
    Rejected,
    Stored,
    Tick,
    Vouched,
)
from chatd.core.limits import Limits
from chatd.core.model import Account, Conversation, Private, Room, Session, User
from chatd.core.names import Name, nick_name, room_name
from chatd.core.policy import check_command, may_know
from chatd.core.queries import EventOf
from chatd.core.records import NameRested
from chatd.core.results import Result
from chatd.core.turn import CONSOLE_UID, NeedsLookup, Turn


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator chose. ``server`` is the server's name, ``motd`` its words of welcome."""

    server: str = "localhost"
    software: str = "chatd"
    lobby: str = "#lobby"
    motd: str = ""
    limits: Limits = Limits()


Handler = Callable[[Turn, Any], Result | None]

_HANDLERS: dict[type[Command], Handler] = {
    **sessions.HANDLERS,
    **resuming.HANDLERS,
    **rooms.HANDLERS,
    **messages.HANDLERS,
    **people.HANDLERS,
    **helping.HANDLERS,
    **accounts.HANDLERS,
    **administration.HANDLERS,
    **editing.HANDLERS,
    **moderation.HANDLERS,
    **preferences.HANDLERS,
    **reading.HANDLERS,
    **sanctions.HANDLERS,
    **settings.HANDLERS,
    **tokens.HANDLERS,
}
_ALARMS: dict[str, Callable[[Turn, alarms.Alarm], None]] = {
    **accounts.ALARMS,
    **administration.ALARMS,
    **rooms.ALARMS,
    **sanctions.ALARMS,
    **settings.ALARMS,
}


class Hub:
    """All people, sessions and conversations, and the rules between them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.limits = settings.limits
        self.sessions: dict[str, Session] = {}
        self.users: dict[str, User] = {}
        self.nicks: dict[str, User] = {}
        self.looks: dict[str, User] = {}
        self.rooms: dict[str, Room] = {}
        self.room_looks: dict[str, Room] = {}
        self.conversations: dict[int, Conversation] = {}
        self.accounts: dict[str, Account] = {}
        self.resting: dict[str, NameRested] = {}
        self.alarms: list[alarms.Entry] = []
        self.alarm_number = 0
        self.stops_at: int | None = None
        self.motd = settings.motd
        self.tokens: dict[str, Session] = {}
        self.lost: dict[str, Session] = {}
        self.nonces: dict[tuple[str, str], messages.Answered] = {}
        self.matching: list[User] = []
        self.presence = 0
        self.guests = 0
        self.newest_conversation = 0
        self._listeners: dict[str, Session] = {}
        self._listening: Audience | None = None
        self.lobby = self.open_room(room_name(settings.lobby))
        self.lobby.lobby = True
        # All consoles are this one, who is in no list: what he said to somebody goes on in the
        # same conversation from another console, and after a restart.
        name = Name("server", "server", "server")
        self.console = User(uid=CONSOLE_UID, name=name, since=0, console=True)

    # What comes in

    def handle(self, session_id: str, command: Input, now: int) -> list[Effect]:
        """Apply one input of one session at ``now`` (ms) and return what is to be done."""
        if isinstance(command, Tick):
            return [*sessions.expire(self, now), *alarms.ring(self, now, _ALARMS)]
        if isinstance(command, Connect):
            return sessions.connect(self, session_id, command, now)
        session = self.sessions.get(session_id)
        if session is None:
            return []
        turn = Turn(self, session, now)
        self._take(turn, command)
        return turn.effects

    def _take(self, turn: Turn, command: Input) -> None:
        if isinstance(command, Disconnect):
            sessions.disconnect(turn, command.why)
        elif isinstance(command, Rejected):
            sessions.introduce(turn)
            turn.refuse(command.refusal, command.request)
        elif isinstance(command, HasRead):
            reading.has_read(turn, command)
        elif isinstance(command, Configured):
            administration.configured(turn, command)
        elif isinstance(command, Found):
            turn.remembered = command.remembered
            self._apply(turn, command.command)
        elif isinstance(command, Vouched):
            turn.proof = command.proof
            self._apply(turn, command.command)
        elif isinstance(command, Command):
            self._apply(turn, command)

    def _apply(self, turn: Turn, command: Command) -> None:
        try:
            if not sessions.may_stay_new(command):
                # Who begins with a name is shown to the others under it, never as a guest.
                sessions.introduce(turn, command.name if isinstance(command, Nick) else None)
            if turn.session.user is not None:
                check_command(turn.session.user, command)
            result = _HANDLERS[type(command)](turn, command)
        except Refusal as refusal:
            sessions.introduce(turn)
            turn.refuse(refusal, command.id)
        except NeedsLookup as need:
            turn.effects.append(self._lookup(turn, command, need))
        else:
            if result is not None:
                result.re = command.id
                turn.answer(result)

    @staticmethod
    def _lookup(turn: Turn, command: Command, need: NeedsLookup) -> Lookup:
        """Return the look-up; the command comes again with its conversation's name in it."""
        title = need.conversation.title_for(turn.user)
        key = "to" if "to" in command.__struct_fields__ else "room"
        again = msgspec.structs.replace(command, **{key: title})
        query = EventOf(need.conversation.id, need.seq, turn.user.uid)
        return Lookup(turn.session.id, query, again)

    def restore(self, stored: Stored, now: int) -> list[Effect]:
        """Take up what the store holds. Before anything else is handled."""
        return restoring.restore(self, stored, now)

    # Who listens

    def listen(self, session: Session) -> None:
        """Have a session told of everybody's presence, if it reads JSON."""
        if session.mode == "json" and session.user is not None and session.attached:
            self._listeners[session.id] = session
        else:
            self._listeners.pop(session.id, None)
        self._listening = None

    def deafen(self, session: Session) -> None:
        """Do not tell a session any more, neither of people nor of rooms."""
        if self._listeners.pop(session.id, None) is not None:
            self._listening = None
        self.deafen_rooms(session)

    @staticmethod
    def deafen_rooms(session: Session) -> None:
        """Tell a session nothing more of the rooms of its person."""
        if session.user is not None:
            for room in session.user.rooms.values():
                room.deafen((session.id,))

    @property
    def listening(self) -> Audience:
        """The sessions that are told of everybody's presence."""
        if self._listening is None:
            self._listening = tuple(self._listeners)
        return self._listening

    def everybody(self) -> Audience:
        """All connected sessions of people."""
        return tuple(sid for user in self.users.values() for sid in user.attached)

    # Conversations

    def open_room(self, name: Name, number: int | None = None) -> Room:
        """Return a new room."""
        room = Room(id=self._number(number), name=name, ring=deque(maxlen=self.limits.ring))
        self.rooms[name.key] = room
        self.room_looks[name.skeleton] = room
        self.conversations[room.id] = room
        return room

    def open_private(self, first: User, second: User, number: int | None = None) -> Private:
        """Return a new private conversation."""
        private = Private(
            id=self._number(number), pair=(first, second), ring=deque(maxlen=self.limits.ring)
        )
        first.privates[second.uid] = private
        second.privates[first.uid] = private
        self.conversations[private.id] = private
        return private

    def forget_room(self, room: Room) -> None:
        """Forget a room in which nothing durable ever happened."""
        del self.rooms[room.name.key], self.conversations[room.id]
        self.room_looks.pop(room.name.skeleton, None)

    def renumber(self, room: Room, number: int | None = None) -> None:
        """Give a room another number, the next one for None; before anything happened in it."""
        if self.conversations.get(room.id) is room:
            del self.conversations[room.id]
        room.id = self._number(number)
        self.conversations[room.id] = room

    def _number(self, number: int | None) -> int:
        if number is None:
            self.newest_conversation += 1
            return self.newest_conversation
        self.newest_conversation = max(self.newest_conversation, number)
        return number

    # Finding things by what people call them

    def find_room(self, text: str, user: User) -> Room:
        """Return the room called ``text`` if ``user`` may know of it.

        Raises ``Refusal`` 211 or 301.
        """
        name = room_name(text)
        room = self.rooms.get(name.key)
        if room is None or not may_know(user, room):
            known = [r.name.shown for r in self.rooms.values() if may_know(user, r)]
            raise Refusal(301, room=name.shown, guess=_guess(name.shown, known))
        return room

    def _current(self, turn: Turn) -> Conversation:
        current = turn.session.current
        # A room that ended is still where an administrator who was not in it had gone to.
        if current is None or self.conversations.get(current.id) is not current:
            raise _nowhere()
        return current

    def find_joined(self, text: str | None, turn: Turn) -> Room:
        """Return the room, the current one for None, that the asker is in.

        Raises ``Refusal`` 211, 301 or 303.
        """
        room = self._current(turn) if text is None else self.find_room(text, turn.user)
        if not isinstance(room, Room):
            raise Refusal(303, who="You are", room="a room now", then="/go #lobby")
        if turn.user.uid not in room.members and not turn.user.admin:
            raise not_in(room)
        return room

    def find_user(self, text: str) -> User:
        """Return the person called ``text``, with or without @. Raises ``Refusal`` 310."""
        nick = text.removeprefix("@")
        try:
            user = self.nicks.get(nick_name(nick).key)
        except Refusal:
            user = None
        if user is None:
            names = [u.nick for u in self.nicks.values()]
            raise Refusal(310, who=f"called {nick[:64]}", guess=_guess(nick, names))
        return user

    def find_conversation(self, text: str | None, turn: Turn) -> Conversation:
        """Return the conversation called ``text``, the current one for None.

        Raises ``Refusal`` 211, 301, 303 or 310.
        """
        if text is None:
            return self._current(turn)
        if text.startswith("#"):
            return self.find_joined(text, turn)
        try:
            other = self.find_user(text)
        except Refusal:
            # What was said with somebody who is gone can still be read.
            private = people.remembered(turn.user, text)
            if private is None:
                raise
            return private
        return turn.user.privates.get(other.uid) or self.open_private(turn.user, other)


def _guess(text: str, among: list[str]) -> str:
    # Comparing is slow, so only what begins alike and is about as long is compared.
    alike = (name for name in among if name[:2] == text[:2] and abs(len(name) - len(text)) <= 2)
    near = difflib.get_close_matches(text, list(islice(alike, 50)), 1)
    return f" Did you mean {near[0]}?" if near else ""


def _nowhere() -> Refusal:
    return Refusal(303, who="You are", room="any room", then="/join #lobby")


def not_in(room: Room) -> Refusal:
    """Return the refusal for who is not in ``room``."""
    return Refusal(303, who="You are", room=room.name.shown, then=f"/join {room.name.shown}")
