"""After a restart: rooms, and sessions as if all connections had been lost just now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatd.core import names, people
from chatd.core.effects import Effect, SessionKept, Wake
from chatd.core.inputs import Stored, StoredPrivate, StoredRoom
from chatd.core.messages import Answered
from chatd.core.model import Conversation, Session, User
from chatd.core.sessions import resume_ms

if TYPE_CHECKING:
    from chatd.core.hub import Hub


def restore(hub: Hub, stored: Stored, now: int) -> list[Effect]:
    """Take up rooms, and sessions as if all connections had been lost just now."""
    hub.newest_conversation = stored.newest_conversation
    hub.renumber(hub.lobby)
    for room in stored.rooms:
        _restore_room(hub, room)
    for session in stored.sessions:
        _restore_user(hub, session)
    for private in stored.privates:
        _restore_private(hub, private)
    for session in stored.sessions:
        _restore_session(hub, session, now)
    _restore_details(hub, stored)
    return [Wake(now + resume_ms(hub))] if hub.lost else []


def _restore_room(hub: Hub, held: StoredRoom) -> None:
    name = names.room_name(held.name)
    room = hub.rooms.get(name.key)
    if room is None:
        room = hub.open_room(name, held.conversation)
    else:
        hub.renumber(room, held.conversation)
    room.topic, room.seq, room.kept = held.topic, held.seq, True
    room.ring.extend(held.ring)


def _restore_user(hub: Hub, held: SessionKept) -> None:
    if held.uid in hub.users:
        return
    user = User(uid=held.uid, name=_stored_name(hub, held.nick), since=held.since, away=held.away)
    hub.users[user.uid] = user
    people.take_name(hub, user, user.name)
    for shown, role in held.rooms:
        name = names.room_name(shown)
        room = hub.rooms.get(name.key) or hub.open_room(name)
        room.members[user.uid] = (user, role)  # type: ignore[assignment]
        user.rooms[room.id] = room


def _restore_session(hub: Hub, held: SessionKept, now: int) -> None:
    user = hub.users[held.uid]
    session = Session(
        id=f"lost-{held.token}",
        mode=held.mode,
        address="",
        user=user,
        token=held.token,
        lost_at=now,
        current=_find(hub, user, held.current),
        # Whose connection was there to the end has seen everything, by all that is known.
        seen=dict(held.seen) or user.newest,
    )
    user.sessions[session.id] = hub.sessions[session.id] = hub.lost[session.id] = session
    hub.tokens[held.token] = session


def _find(hub: Hub, user: User, address: str | None) -> Conversation | None:
    if address is None:
        return None
    if address.startswith("@"):
        return user.privates.get(address[1:])
    room = hub.rooms.get(address)
    return room if room is not None and room.id in user.rooms else None


def _stored_name(hub: Hub, nick: str) -> names.Name:
    if nick.startswith(names.GUEST):
        number = int(nick.removeprefix(names.GUEST))
        return names.guest_name(number)
    return names.nick_name(nick)


def _restore_private(hub: Hub, held: StoredPrivate) -> None:
    known = {**hub.users, hub.console.uid: hub.console}
    first, second = (known.get(uid) for uid in held.pair)
    if first is None or second is None:
        return
    private = hub.open_private(first, second, held.conversation)
    private.seq, private.kept = held.seq, True
    private.ring.extend(held.ring)


def _restore_details(hub: Hub, stored: Stored) -> None:
    for nonce in stored.nonces:
        conversation = hub.conversations.get(nonce.conversation)
        user = hub.users.get(nonce.uid)
        if conversation is not None and user is not None:
            title = conversation.title_for(user)
            hub.nonces[nonce.uid, nonce.nonce] = Answered(
                t=nonce.t, seq=nonce.seq, state="delivered", to=title
            )
    for number, of, uid, emoji in stored.reactions:
        if number in hub.conversations and uid in hub.users:
            hub.conversations[number].reactions.add((of, uid, emoji))
