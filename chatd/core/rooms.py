"""Rooms: entering, leaving, listing, topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.commands import Command, Go, Join, ListRooms, Part, Topic
from chatd.core.effects import TopicKept
from chatd.core.errors import Refusal
from chatd.core.events import (
    Current,
    Joined,
    Member,
    Parted,
    Result,
    RoomEntered,
    RoomInfo,
    RoomLeft,
    RoomList,
    TopicIs,
)
from chatd.core.log import shown
from chatd.core.messages import tell_typing
from chatd.core.model import Private, Role, Room, User
from chatd.core.names import room_name
from chatd.core.policy import check_room

if TYPE_CHECKING:
    from chatd.core.turn import Turn


WHY = 200  # characters that a reason for leaving may have; the rest is cut


def member(user: User, role: str) -> Member:
    """Return a person as a line of a list."""
    return Member(nick=user.nick, role=role, state=user.state, text=user.away or "")


def members(room: Room) -> tuple[Member, ...]:
    """Return the people of a room by name."""
    people = sorted(room.members.values(), key=lambda entry: entry[0].name.key)
    return tuple(member(user, role) for user, role in people)


def entered(turn: Turn, room: Room, *, recent: bool = True) -> RoomEntered:
    """Return what is told of a room to who enters it."""
    user = turn.user
    last = list(room.ring)[-turn.hub.limits.recent :] if recent else []
    return RoomEntered(
        room=room.name.shown,
        topic=room.topic,
        members=members(room),
        seq=room.seq,
        read=room.seq,
        recent=tuple(shown(logged, room.name.shown, user.uid) for logged in last),
    )


def seat(turn: Turn, room: Room, user: User) -> None:
    """Make ``user`` a member; whoever comes into an empty room owns it."""
    role: Role = "owner" if not room.members and not room.lobby else "member"
    room.members[user.uid] = (user, role)
    room.listen(user.attached)
    user.rooms[room.id] = room


def announce(turn: Turn, room: Room, user: User) -> None:
    """Tell the others that ``user`` came in, if the room is not too large for that."""
    if len(room.members) <= turn.hub.limits.announce:
        joined = Joined(in_=room.name.shown, nick=user.nick)
        turn.tell(room.audience, joined, skip=turn.session.id)


def leave_room(turn: Turn, room: Room, user: User, why: str) -> None:
    """End a membership and tell the others; the room sleeps after the last one."""
    hub = turn.hub
    if user.typing.pop(room.id, None) is not None:
        tell_typing(turn, user, room, on=False)
    del room.members[user.uid], user.rooms[room.id]
    room.deafen(user.sessions)
    room.reactions = {entry for entry in room.reactions if entry[1] != user.uid or user.sessions}
    for session in user.sessions.values():
        if session.current is room:
            rest = list(user.rooms.values())
            session.current = rest[-1] if rest else None
    if len(room.members) <= hub.limits.announce:
        parted = Parted(in_=room.name.shown, nick=user.nick, why=why)
        turn.tell((*room.audience, *user.attached), parted, skip=turn.session.id)
    if not room.members and not room.lobby and not room.kept:
        hub.forget_room(room)


def handle_join(turn: Turn, command: Join) -> Result:
    """Enter a room; the first one in makes and owns it."""
    hub, user = turn.hub, turn.user
    name = room_name(command.room)
    room = hub.rooms.get(name.key)
    if room is not None and user.uid in room.members:
        turn.session.current = room
        return entered(turn, room)
    if len(user.rooms) >= hub.limits.rooms:
        problem = f"You are in {len(user.rooms)} rooms, the most there can be"
        raise Refusal(104, problem=problem, usage="/part #R")
    if room is None:
        similar = hub.room_looks.get(name.skeleton)
        if similar is not None:
            raise Refusal(212, name=name.shown, other=similar.name.shown)
        room = hub.open_room(name)
    seat(turn, room, user)
    turn.session.current = room
    turn.keep_sessions()
    announce(turn, room, user)
    return entered(turn, room)


def handle_part(turn: Turn, command: Part) -> Result:
    """Leave a room."""
    room = turn.hub.find_joined(command.room, turn)
    if turn.user.uid not in room.members:
        raise Refusal(303, who="You are", room=room.name.shown, then="/list")
    title = room.name.shown
    leave_room(turn, room, turn.user, command.why[:WHY])
    turn.keep_sessions()
    current = turn.session.current
    return RoomLeft(room=title, to=current.title_for(turn.user) if current else None)


def handle_list(turn: Turn, command: ListRooms) -> Result:
    """List the rooms that are awake."""
    words = command.words.casefold().split()
    infos = []
    for key in sorted(turn.hub.rooms):
        room = turn.hub.rooms[key]
        text = f"{key} {room.topic}".casefold()
        if (room.members or room.lobby) and all(word in text for word in words):
            infos.append(RoomInfo(room.name.shown, room.topic, len(room.members)))
    return RoomList(rooms=tuple(infos))


def handle_topic(turn: Turn, command: Topic) -> Result:
    """Show or set what a room is about."""
    room = turn.hub.find_joined(command.room, turn)
    if command.text is None:
        return TopicIs(room=room.name.shown, topic=room.topic, seq=room.seq)
    check_room(turn.user, room, "topic")
    limit = turn.hub.limits.topic
    text = command.text.strip()
    if len(text.encode()) > limit:
        raise Refusal(320, size=f"{len(text.encode())} bytes", limit=f"{limit} bytes")
    turn.log(room, "topic", text)
    room.topic = text
    turn.record(TopicKept(room.id, text))
    return TopicIs(room=room.name.shown, topic=text, seq=room.seq)


def handle_go(turn: Turn, command: Go) -> Result:
    """Change the current conversation."""
    conversation = turn.hub.find_conversation(command.to, turn)
    if isinstance(conversation, Private):
        turn.hub.find_user(command.to)
    turn.session.current = conversation
    turn.keep_sessions()
    return Current(to=conversation.title_for(turn.user), seq=conversation.seq)


HANDLERS: dict[type[Command], Any] = {
    Go: handle_go,
    Join: handle_join,
    ListRooms: handle_list,
    Part: handle_part,
    Topic: handle_topic,
}
