"""Rooms: entering, leaving, listing, topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from chatd.core.commands import Command, Go, Join, Knock, ListRooms, Part, Topic
from chatd.core.errors import Refusal
from chatd.core.events import Joined, Knocked, Parted
from chatd.core.log import Act, Logged, shown
from chatd.core.messages import tell_typing
from chatd.core.model import Membership, Private, Role, Room, User
from chatd.core.names import room_name
from chatd.core.policy import allowed_after, ban_of, because, check_join, check_room, may, may_know
from chatd.core.records import (
    InvitationForgotten,
    MarkerKept,
    MembershipForgotten,
    SanctionForgotten,
)
from chatd.core.results import (
    Confirmed,
    Current,
    Member,
    Result,
    RoomEntered,
    RoomInfo,
    RoomLeft,
    RoomList,
    Settings,
    TopicIs,
)

if TYPE_CHECKING:
    from chatd.core.alarms import Alarm
    from chatd.core.turn import Turn


WHY = 200  # characters that a reason for leaving may have; the rest is cut


def member(user: User, role: str) -> Member:
    """Return a person as a line of a list."""
    return Member(nick=user.nick, role=role, state=user.state, text=user.away or "")


def shown_role(room: Room, user: User) -> str:
    """Return what a member is called in a room: his role, muted, or admin."""
    if user.uid in room.mutes and not user.admin:
        return "muted"
    role = room.members[user.uid].role if user.uid in room.members else "guest"
    return "admin" if user.admin and role != "owner" else role


def members(room: Room) -> tuple[Member, ...]:
    """Return the people of a room by name."""
    people = sorted(room.people(), key=lambda user: user.name.key)
    return tuple(member(user, shown_role(room, user)) for user in people)


def settings_of(room: Room) -> Settings:
    """Return how a room is set."""
    return Settings(
        private=room.private,
        key=room.secret is not None,
        history=room.history,
        retain=room.retain // 1000 if room.retain is not None else None,
        slow=room.slow,
    )


def entered(turn: Turn, room: Room, *, recent: bool = True) -> RoomEntered:
    """Return what is told of a room to who enters it."""
    user = turn.user
    last = _last(turn, room) if recent else []
    title = room.name.shown
    return RoomEntered(
        room=title,
        topic=room.topic,
        members=members(room),
        seq=room.seq,
        read=user.read.get(room.id, 0),
        role=shown_role(room, user),
        level=user.account.levels.get(room.id) if user.account is not None else None,
        pins=tuple(room.pins),
        settings=settings_of(room),
        recent=tuple(shown(logged, title, user.uid, user.ignored) for logged in last),
    )


def _last(turn: Turn, room: Room) -> list[Logged]:
    """Return the newest events that the asker may read."""
    after = allowed_after(turn.user, room)
    if after is None:
        return []
    last = list(room.ring)[-turn.hub.limits.recent :]
    return [logged for logged in last if logged.seq > after]


def seat(turn: Turn, room: Room, user: User) -> None:
    """Make ``user`` a member; whoever comes into an empty room owns it."""
    role: Role = "owner" if not room.members and not room.lobby else "member"
    room.members[user.uid] = Membership(user, role, room.seq)
    room.listen(user.attached)
    user.rooms[room.id] = room
    user.read[room.id] = room.seq
    disinvite(turn, room, user.uid)
    if user.account is not None:
        turn.keep_membership(room, user)
        turn.record(MarkerKept(user.uid, room.id, room.seq))


def disinvite(turn: Turn, room: Room, uid: str) -> None:
    """Forget an invitation, if there is one."""
    if room.invited.pop(uid, None) is not None:
        turn.record(InvitationForgotten(room.id, uid))


def announce(turn: Turn, room: Room, user: User) -> None:
    """Tell the others that ``user`` came in, if the room is not too large for that."""
    large = len(room.members) > turn.hub.limits.announce
    joined = Joined(in_=room.name.shown, nick=user.nick)
    turn.tell(user.attached if large else room.audience, joined, skip=turn.session.id)


def pardon(turn: Turn, room: Room, kind: Literal["ban", "mute"], target: str) -> None:
    """Forget a ban or a mute without a word, if there is one."""
    if room.sanctions(kind).pop(target, None) is not None:
        turn.record(SanctionForgotten(room.id, kind, target))


def crown(turn: Turn, room: Room, user: User) -> None:
    """Make a member the owner; who runs a room is not muted in it."""
    room.members[user.uid].role = "owner"
    pardon(turn, room, "mute", user.uid)
    turn.keep_membership(room, user)


def leave_room(turn: Turn, room: Room, user: User, why: str, by: str | None = None) -> None:
    """End a membership and tell the others; the room sleeps after the last one."""
    hub = turn.hub
    if by is None and user.uid in room.mutes and not user.admin:
        why = ""  # who is muted does not speak by leaving
    if user.typing.pop(room.id, None) is not None:
        tell_typing(turn, user, room, on=False)
    owned = room.members.pop(user.uid).role == "owner"
    del user.rooms[room.id]
    user.read.pop(room.id, None)
    room.deafen(user.sessions)
    for session in user.sessions.values():
        if session.current is room:
            rest = list(user.rooms.values())
            session.current = rest[-1] if rest else None
    room.spoke.pop(user.uid, None)
    if user.account is not None:
        turn.record(MembershipForgotten(room.id, user.uid))
    elif not user.present:
        # A guest who leaves for good leaves nothing behind; one who only parts stays muted.
        pardon(turn, room, "mute", user.uid)
    others = room.audience if len(room.members) <= hub.limits.announce else ()
    parted = Parted(in_=room.name.shown, nick=user.nick, why=why, by=by)
    turn.tell((*others, *user.attached), parted, skip=turn.session.id)
    if owned and room.members and not room.lobby:
        _succeed(turn, room)
    if not room.members and not room.lobby:
        _fall_asleep(turn, room)


def _succeed(turn: Turn, room: Room) -> None:
    """Pass a room without an owner on: to a moderator, an account, or who is there longest."""
    places = list(room.members.values())
    heir = min(places, key=lambda place: (place.role != "moderator", place.user.account is None))
    crown(turn, room, heir.user)
    moderated(turn, room, Act(action="own", nick=heir.user.nick), by_server=True)


def find_owner(turn: Turn, alarm: Alarm) -> None:
    """Pass on a room whose owner did not come back after a restart."""
    room = turn.hub.conversations.get(alarm.conversation)
    if isinstance(room, Room) and room.ownerless:
        _succeed(turn, room)


def _fall_asleep(turn: Turn, room: Room) -> None:
    """An empty room sleeps; one that was not for everybody ends: nobody can wake it to read it."""
    hub = turn.hub
    if not room.kept:
        hub.forget_room(room)
    elif room.private or room.secret is not None:
        turn.keep_room(room, closed=True)
        hub.forget_room(room)


def moderated(
    turn: Turn, room: Room, act: Act, *, of: int | None = None, by_server: bool = False
) -> Logged:
    """Put an act of moderation into a room's history, and tell its members, the asker's too."""
    text = msgspec.json.encode(act).decode()
    author = turn.hub.console if by_server else turn.user
    return turn.log(room, "mod", text, of=of, author=author)


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
    if room is not None:
        check_join(user, room, command.key)
    else:
        similar = hub.room_looks.get(name.skeleton)
        if similar is not None:
            other = similar.name.shown if may_know(user, similar) else "that of another room"
            raise Refusal(212, name=name.shown, other=other)
        room = hub.open_room(name)
    woken = not room.awake
    seat(turn, room, user)
    if woken:
        _wake(turn, room)
    turn.session.current = room
    turn.keep_sessions()
    announce(turn, room, user)
    return entered(turn, room)


def _wake(turn: Turn, room: Room) -> None:
    """Have a room that slept forget how its former people had set it."""
    for sanction in [*room.bans.values(), *room.mutes.values()]:
        pardon(turn, room, sanction.kind, sanction.target)


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
    """List the rooms that one may know of."""
    words = command.words.casefold().split()
    infos = []
    for key in sorted(turn.hub.rooms):
        room = turn.hub.rooms[key]
        text = f"{key} {room.topic}".casefold()
        if may_know(turn.user, room) and all(word in text for word in words):
            infos.append(
                RoomInfo(room.name.shown, room.topic, len(room.members), private=room.private)
            )
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
    turn.keep_room(room)
    turn.audit("topic", room=room.name.shown, why=text)
    return TopicIs(room=room.name.shown, topic=text, seq=room.seq)


def handle_go(turn: Turn, command: Go) -> Result:
    """Change the current conversation."""
    conversation = turn.hub.find_conversation(command.to, turn)
    if isinstance(conversation, Private):
        turn.hub.find_user(command.to)
    turn.session.current = conversation
    turn.keep_sessions()
    return Current(to=conversation.title_for(turn.user), seq=conversation.seq)


def handle_knock(turn: Turn, command: Knock) -> Result:
    """Ask those who can to be let into a room."""
    user, name = turn.user, room_name(command.room)
    room = turn.hub.rooms.get(name.key)
    if room is None or not room.awake:
        raise Refusal(301, room=name.shown)
    title = room.name.shown
    if user.uid in room.members:
        raise Refusal(104, problem=f"You are in {title}", usage=f"/go {title}")
    ban = ban_of(user, room)
    if ban is not None:
        raise Refusal(304, room=title, why=because(ban))
    openers = [
        sid
        for other in room.people()
        if may(other, room, "invite") and other.uid not in user.ignored_by
        for sid in other.attached
    ]
    turn.tell(openers, Knocked(in_=title, nick=user.nick))
    return Confirmed()


HANDLERS: dict[type[Command], Any] = {
    Go: handle_go,
    Join: handle_join,
    Knock: handle_knock,
    ListRooms: handle_list,
    Part: handle_part,
    Topic: handle_topic,
}
ALARMS = {"owner": find_owner}
