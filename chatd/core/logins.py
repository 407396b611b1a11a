"""One person by any number of sessions: how a session becomes one of an account's, or no more."""

from __future__ import annotations

from dataclasses import replace

from chatd.core import people
from chatd.core.commands import RequestId
from chatd.core.events import Joined
from chatd.core.model import Conversation, Membership, Private, Role, Room, User
from chatd.core.policy import ban_of
from chatd.core.preferences import ignored_nicks
from chatd.core.queries import UnreadOf
from chatd.core.reading import mark_seen, places, reader
from chatd.core.records import InvitationKept, MarkerKept
from chatd.core.results import LoggedIn
from chatd.core.rooms import disinvite, entered, leave_room, pardon
from chatd.core.sanctions import impose
from chatd.core.sessions import attach, greet, release
from chatd.core.turn import Turn

_RANKS: tuple[Role, ...] = ("member", "moderator", "owner")


def log_in(turn: Turn, user: User, request: RequestId) -> None:
    """Make the asker's session one of the account of ``user``, and answer with what is unread."""
    session, before = turn.session, turn.session.user
    if before is None:
        _enter(turn, user, ())
        greet(turn)
    elif before.account is None:
        near = people.near(before)
        _take_place(turn, before, user)
        _enter(turn, user, near)
        people.tell_rename(turn, before.nick, user.nick, near)
    elif before is not user:
        release(turn, session, "logged in as somebody else", stays=True)
        _enter(turn, user, ())
    _leave_where_banned(turn, user)
    for other in list(user.sessions.values()):
        if other is not session:
            mark_seen(turn, other)
    if session.current is None:
        session.current = _home(turn, user)
    turn.keep_sessions()
    assert user.account is not None
    reply = LoggedIn(
        you=user.nick,
        account=user.nick,
        role=user.role,
        to=session.current.title_for(user) if session.current is not None else None,
        rooms=tuple(entered(turn, room) for room in user.rooms.values()),
        invited=tuple(
            room.name.shown for room in turn.hub.rooms.values() if user.uid in room.invited
        ),
        ignored=ignored_nicks(turn, user.account),
    )
    levels = dict(user.account.levels)
    question = UnreadOf(places(turn, unread=True), reader(user), 0, reply=reply, levels=levels)
    turn.ask(question, request)


def _leave_where_banned(turn: Turn, user: User) -> None:
    """End places in rooms that keep out the network from which ``user`` comes now."""
    for room in list(user.rooms.values()):
        plain = room.members[user.uid].role == "member" and not user.admin
        if plain and ban_of(user, room) is not None:
            leave_room(turn, room, user, "is banned")


def _home(turn: Turn, user: User) -> Conversation | None:
    lobby = turn.hub.lobby
    return lobby if lobby.id in user.rooms else next(iter(user.rooms.values()), None)


def _enter(turn: Turn, user: User, told: tuple[str, ...]) -> None:
    """Make the asker's session one of ``user``; the sessions ``told`` hear of it otherwise."""
    hub, session = turn.hub, turn.session
    was_here = user.present
    attach(hub, session, user)
    if not was_here:
        user.since = turn.now
        people.tell_presence(turn, user, without=told)
    hub.listen(session)


def _take_place(turn: Turn, guest: User, user: User) -> None:
    """Give a guest's rooms to ``user``, and end the guest without a word of leaving."""
    hub, session = turn.hub, turn.session
    people.stop_typing(turn, guest)
    people.unpair(turn, guest)
    current = session.current
    for room in list(guest.rooms.values()):
        if user.uid in room.bans:
            leave_room(turn, room, guest, "is banned")
        else:
            _take_seat(turn, room, guest, user)
    for room in hub.rooms.values():
        _take_invitation(turn, room, guest, user)
    for room in user.rooms.values():
        room.deafen((session.id,))
    del guest.sessions[session.id]
    session.user = None
    people.forget(turn, guest, quietly=True)
    if isinstance(current, Private):
        other = current.other(guest)
        other = user if other is guest else other
        current = user.privates.get(other.uid)
        if current is None and other.reachable:
            current = hub.open_private(user, other)
    if isinstance(current, Room) and current.id not in user.rooms:
        current = None
    session.current = current


def _take_invitation(turn: Turn, room: Room, guest: User, user: User) -> None:
    """Give an invitation of a guest's to ``user``, unless he is in or banned."""
    by = room.invited.pop(guest.uid, None)
    if by is not None and user.uid not in room.members and user.uid not in room.bans:
        room.invited[user.uid] = by
        turn.record(InvitationKept(room.id, user.uid, by))


def _take_seat(turn: Turn, room: Room, guest: User, user: User) -> None:
    """Give a guest's place in a room, and its mute, to ``user``; the higher role of both stays."""
    given, mute = room.members.pop(guest.uid), room.mutes.get(guest.uid)
    pardon(turn, room, "mute", guest.uid)
    room.spoke.pop(guest.uid, None)
    disinvite(turn, room, user.uid)
    del guest.rooms[room.id]
    mine = room.members.get(user.uid)
    if mine is None:
        room.members[user.uid] = Membership(user, given.role, given.since)
        user.rooms[room.id] = room
        user.read[room.id] = guest.read.get(room.id, room.seq)
        room.listen(user.attached)
        # The others in the room see a change of nick; his other sessions, where they are now.
        turn.tell(user.attached, Joined(in_=room.name.shown, nick=user.nick))
        turn.keep_membership(room, user)
        turn.record(MarkerKept(user.uid, room.id, user.read[room.id]))
    elif _RANKS.index(given.role) > _RANKS.index(mine.role):
        mine.role = given.role
        turn.keep_membership(room, user)
    if room.role_of(user) == "owner":
        pardon(turn, room, "mute", user.uid)
    elif mine is None and mute is not None and user.uid not in room.mutes:
        impose(turn, room, replace(mute, target=user.uid, nick=user.nick))
