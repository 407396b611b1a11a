"""Rooms that people run: who is in, who runs them, what is kept in view. Bans are in sanctions.

Every act is a durable event of the room, and a row of the audit log.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from chatd.core.commands import (
    ROW_OF,
    Command,
    Invite,
    Kick,
    Mod,
    Own,
    Pin,
    Pins,
    Slow,
    Unmod,
    Unpin,
)
from chatd.core.errors import Refusal
from chatd.core.events import Invited, Notice, timestamp
from chatd.core.log import Act, Logged
from chatd.core.messages import message_of
from chatd.core.model import Room, User
from chatd.core.policy import ban_of, because, check_rank, check_room
from chatd.core.queries import PinsOf
from chatd.core.reading import reader
from chatd.core.records import (
    InvitationKept,
    PinForgotten,
    PinKept,
)
from chatd.core.results import Acted, Result
from chatd.core.rooms import WHY, crown, leave_room, moderated

if TYPE_CHECKING:
    from chatd.core.turn import Turn

PINS = 50


class _OfRoom(Protocol):
    room: str | None


def room_of(turn: Turn, command: _OfRoom) -> Room:
    """Return the room of a command that the asker may use there.

    Raises ``Refusal`` 211, 301, 303 or 403.
    """
    room = turn.hub.find_joined(command.room, turn)
    check_room(turn.user, room, ROW_OF[type(command)].name)  # type: ignore[index]
    return room


def act(turn: Turn, room: Room, what: Act, *, of: int | None = None) -> Logged:
    """Put an act of the asker into the room's history and into the audit log."""
    logged = moderated(turn, room, what, of=of)
    whom = what.nick or (str(of) if of else "")
    if what.option is not None:
        whom = f"{what.option} {what.value}".removeprefix(f"{what.action} ")
    why = because(what) if what.until is not None else what.why
    turn.audit(what.action, whom, room.name.shown, why.strip())
    return logged


def acted(room: Room, logged: Logged, nick: str | None = None, until: int | None = None) -> Acted:
    """Return the answer to an act; ``until`` in milliseconds."""
    return Acted(
        room=room.name.shown,
        seq=logged.seq,
        nick=nick,
        until=timestamp(until) if until is not None else None,
    )


def member_of(turn: Turn, room: Room, nick: str) -> User:
    """Return a member of a room. Raises ``Refusal`` 303 or 310."""
    user = turn.hub.find_user(nick)
    if user.uid not in room.members:
        title = room.name.shown
        raise Refusal(303, who=f"{user.nick} is", room=title, then=f"/who {title}")
    return user


# Who is in


def handle_invite(turn: Turn, command: Invite) -> Result:
    """Let a person in; an account that is not here finds the invitation at its login."""
    room = room_of(turn, command)
    user, title = turn.hub.find_user(command.nick), room.name.shown
    if user.uid in room.members:
        raise Refusal(104, problem=f"{user.nick} is in {title}", usage="/who")
    if ban_of(user, room) is not None:
        problem = f"{user.nick} is banned from {title}"
        raise Refusal(104, problem=problem, usage=f"/unban {user.nick} {title}")
    room.invited[user.uid] = turn.user.nick
    turn.open(room)
    if user.account is not None:
        turn.record(InvitationKept(room.id, user.uid, turn.user.nick))
    turn.audit("invite", user.nick, title)
    if user.uid not in turn.user.ignored_by:
        turn.tell(user.attached, Invited(in_=title, by=turn.user.nick))
    return Acted(room=title, seq=room.seq, nick=user.nick)


def handle_kick(turn: Turn, command: Kick) -> Result:
    """Put a member out of a room."""
    room = room_of(turn, command)
    user, why = member_of(turn, room, command.nick), command.why[:WHY]
    check_rank(turn.user, room, "kick", user)
    logged = act(turn, room, Act(action="kick", nick=user.nick, why=why))
    put_out(turn, room, user, why)
    return acted(room, logged, user.nick)


def put_out(turn: Turn, room: Room, user: User, why: str) -> None:
    """End a membership in the name of the asker, and tell where words go now that went there."""
    moved = [s for s in user.sessions.values() if s.current is room]
    leave_room(turn, room, user, why, by=turn.user.nick)
    for session in moved:
        # A client that speaks JSON says where each word goes.
        if session.attached and session.mode != "json":
            current = session.current
            where = current.title_for(user) if current is not None else "nobody"
            turn.tell((session.id,), Notice(text=f"Your words go to {where} now."))
    turn.keep_sessions(user)


def handle_slow(turn: Turn, command: Slow) -> Result:
    """Have members wait between two messages."""
    room = room_of(turn, command)
    if not 0 <= command.seconds <= 86400:
        raise Refusal(104, problem="SECONDS must be 0 to 86400", usage="/slow SECONDS")
    room.slow = command.seconds
    room.spoke.clear()
    turn.keep_room(room)
    return acted(room, act(turn, room, Act(action="slow", option="slow", value=str(room.slow))))


# What is kept in view


def handle_pin(turn: Turn, command: Pin) -> Result:
    """Keep a message in view."""
    room = room_of(turn, command)
    message = message_of(turn, room, command.seq)
    if message.seq in room.pins:
        raise Refusal(104, problem=f"Message {message.seq} is pinned", usage="/pins")
    if len(room.pins) >= PINS:
        raise Refusal(104, problem=f"There are {PINS} pins, the most", usage="/unpin SEQ")
    room.pins[message.seq] = None
    turn.record(PinKept(room.id, message.seq))
    return acted(room, act(turn, room, Act(action="pin"), of=message.seq))


def handle_unpin(turn: Turn, command: Unpin) -> Result:
    """Do not keep a message in view any more."""
    room = room_of(turn, command)
    if command.seq not in room.pins:
        problem = f"Message {command.seq} is not pinned in {room.name.shown}"
        raise Refusal(104, problem=problem, usage="/pins")
    unpin(turn, room, command.seq)
    return acted(room, act(turn, room, Act(action="unpin"), of=command.seq))


def unpin(turn: Turn, room: Room, seq: int) -> None:
    """Take a message out of view."""
    del room.pins[seq]
    turn.record(PinForgotten(room.id, seq))


def handle_pins(turn: Turn, command: Pins) -> Result | None:
    """Show what is kept in view."""
    room = room_of(turn, command)
    pins = tuple(sorted(room.pins))
    turn.ask(PinsOf(room.id, pins, room.name.shown, reader(turn.user)), command.id)
    return None


# Who runs it


def handle_role(turn: Turn, command: Mod | Unmod | Own, *, role: str) -> Result:
    """Make a member a moderator or not, or hand the room over to him."""
    room = room_of(turn, command)
    user = member_of(turn, room, command.nick)
    place = room.members[user.uid]
    if place.role in {role, "owner"}:
        problem = f"{user.nick} is {place.role} of {room.name.shown}"
        raise Refusal(104, problem=problem, usage=ROW_OF[type(command)].usage)
    if role == "owner":
        for other in room.members.values():
            if other.role == "owner":
                other.role = "moderator"
                turn.keep_membership(room, other.user)
        crown(turn, room, user)
    else:
        place.role = role  # type: ignore[assignment]
        turn.keep_membership(room, user)
    action = ROW_OF[type(command)].name
    return acted(room, act(turn, room, Act(action=action, nick=user.nick)), user.nick)


HANDLERS: dict[type[Command], Any] = {
    Invite: handle_invite,
    Kick: handle_kick,
    Mod: partial(handle_role, role="moderator"),
    Own: partial(handle_role, role="owner"),
    Pin: handle_pin,
    Pins: handle_pins,
    Slow: handle_slow,
    Unmod: partial(handle_role, role="member"),
    Unpin: handle_unpin,
}
