"""After a restart: rooms and accounts, and sessions as if all had been lost just now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chatd.core import alarms, names, people, settings
from chatd.core.effects import Effect, Wake
from chatd.core.inputs import Stored, StoredPrivate, StoredRoom
from chatd.core.messages import Answered
from chatd.core.model import (
    Account,
    Conversation,
    Membership,
    Room,
    Sanction,
    Session,
    Token,
    User,
)
from chatd.core.records import AccountKept, SanctionKept, SessionKept
from chatd.core.sessions import resume_ms
from chatd.core.turn import Turn

if TYPE_CHECKING:
    from chatd.core.hub import Hub


def restore(hub: Hub, stored: Stored, now: int) -> list[Effect]:
    """Take up rooms and accounts, and sessions as if all connections had been lost just now."""
    hub.newest_conversation = stored.newest_conversation
    hub.renumber(hub.lobby)
    turn = alarms.clockwork(hub, now)
    for room in stored.rooms:
        _restore_room(hub, room)
    for account in stored.accounts:
        _restore_account(hub, account)
    for session in stored.sessions:
        _restore_guest(hub, session)
    gone = {uid: User(uid=uid, name=_stored_name(hub, nick), since=0) for uid, nick in stored.gone}
    known = {**gone, **hub.users, hub.console.uid: hub.console}
    for private in stored.privates:
        _restore_private(hub, private, known)
    _restore_places(hub, stored)
    _restore_wishes(hub, stored)
    for session in stored.sessions:
        _restore_session(hub, session, now)
    _restore_rules(turn, stored)
    _restore_details(hub, stored)
    for other in hub.rooms.values():
        if other.retain is not None:
            settings.sweep_later(turn, other, now)
        if other.ownerless:
            alarms.set_alarm(turn, now, alarms.Alarm("owner", other.id))
    wakes: list[Effect] = [Wake(now + resume_ms(hub))] if hub.lost else []
    return [*wakes, *turn.effects]


def _restore_room(hub: Hub, held: StoredRoom) -> None:
    name = names.room_name(held.name)
    room = hub.rooms.get(name.key)
    if room is None:
        room = hub.open_room(name, held.conversation)
    else:
        hub.renumber(room, held.conversation)
    kept = held.kept
    room.topic, room.seq, room.kept = kept.topic, held.seq, True
    room.private, room.secret, room.history = kept.private, kept.secret, kept.history
    room.retain, room.slow = kept.retain, kept.slow
    room.ring.extend(held.ring)


# People


def _restore_account(hub: Hub, held: AccountKept) -> None:
    account = Account(
        uid=held.uid,
        name=names.nick_name(held.name),
        role="admin" if held.role == "admin" else "user",
        digest=held.digest,
        created=held.created,
        seen=held.seen,
    )
    hub.accounts[account.name.key] = account
    user = User(uid=held.uid, name=account.name, since=held.seen or held.created, account=account)
    hub.users[user.uid] = user
    people.take_name(hub, user, user.name)


def _restore_guest(hub: Hub, held: SessionKept) -> None:
    if held.uid in hub.users:
        return
    user = User(uid=held.uid, name=_stored_name(hub, held.nick), since=held.since)
    hub.users[user.uid] = user
    people.take_name(hub, user, user.name)
    for shown, role in held.rooms:
        name = names.room_name(shown)
        room = hub.rooms.get(name.key) or hub.open_room(name)
        _seat(room, user, role, 0)


def _seat(room: Room, user: User, role: Any, since: int) -> None:
    room.members[user.uid] = Membership(user, role, since)
    user.rooms[room.id] = room


def _restore_session(hub: Hub, held: SessionKept, now: int) -> None:
    user = hub.users[held.uid]
    session = Session(
        id=f"lost-{held.token}",
        mode=held.mode,
        address="",
        since=held.since,
        user=user,
        token=held.token,
        label=held.label,
        lost_at=now,
        current=_find(hub, user, held.current),
        # Whose connection was there to the end has seen everything, by all that is known.
        seen=dict(held.seen) or user.newest,
    )
    # Who was away by a session that nobody can resume is so no more.
    user.away = held.away
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


def _restore_private(hub: Hub, held: StoredPrivate, known: Mapping[str, User]) -> None:
    first, second = (known.get(uid) for uid in held.pair)
    if first is None or second is None:
        return
    private = hub.open_private(first, second, held.conversation)
    private.seq, private.kept = held.seq, True
    private.ring.extend(held.ring)


# What they are to each other


def _restore_places(hub: Hub, stored: Stored) -> None:
    """Take up who is in which room, and what he has read there."""
    for place in stored.memberships:
        room, user = hub.conversations.get(place.conversation), hub.users.get(place.uid)
        if isinstance(room, Room) and user is not None:
            _seat(room, user, place.role, place.since)
            user.read[room.id] = place.since
    for marker in stored.markers:
        if marker.uid in hub.users:
            hub.users[marker.uid].read[marker.conversation] = marker.seq


def _restore_wishes(hub: Hub, stored: Stored) -> None:
    accounts = {account.uid: account for account in hub.accounts.values()}
    for level in stored.levels:
        if level.uid in accounts:
            accounts[level.uid].levels[level.conversation] = level.level
    for ignore in stored.ignores:
        if ignore.uid in accounts:
            accounts[ignore.uid].ignored[ignore.other] = ignore.nick
            if ignore.other in hub.users:
                hub.users[ignore.other].ignored_by.add(ignore.uid)
    for token in stored.tokens:
        if token.uid in accounts:
            accounts[token.uid].tokens[token.label] = Token(
                label=token.label, digest=token.digest, created=token.created, used=token.used
            )


def _restore_rules(turn: Turn, stored: Stored) -> None:
    """Take up bans, mutes, invitations, pins and resting names, with what ends by itself."""
    hub = turn.hub
    for sanction in stored.sanctions:
        _restore_sanction(turn, sanction)
    for invitation in stored.invitations:
        room = hub.conversations.get(invitation.conversation)
        if isinstance(room, Room):
            room.invited[invitation.uid] = invitation.who
    for pin in stored.pins:
        room = hub.conversations.get(pin.conversation)
        if isinstance(room, Room):
            room.pins[pin.seq] = None
    for name in stored.resting:
        hub.resting[name.key] = name
        alarms.set_alarm(turn, name.until, alarms.Alarm("name", target=name.key))


def _restore_sanction(turn: Turn, held: SanctionKept) -> None:
    room = turn.hub.conversations.get(held.conversation)
    if not isinstance(room, Room):
        return
    room.sanctions(held.kind)[held.target] = Sanction(
        kind=held.kind,
        target=held.target,
        nick=held.nick,
        who=held.who,
        t=held.t,
        until=held.until,
        why=held.why,
    )
    if held.until is not None:
        alarms.set_alarm(turn, held.until, alarms.Alarm(held.kind, room.id, held.target))


def _restore_details(hub: Hub, stored: Stored) -> None:
    for nonce in stored.nonces:
        conversation = hub.conversations.get(nonce.conversation)
        user = hub.users.get(nonce.uid)
        if conversation is not None and user is not None:
            title = conversation.title_for(user)
            hub.nonces[nonce.uid, nonce.nonce] = Answered(
                t=nonce.t, seq=nonce.seq, state="delivered", to=title
            )
    for reaction in stored.reactions:
        conversation = hub.conversations.get(reaction.conversation)
        if conversation is not None and conversation.logged(reaction.of) is not None:
            under = conversation.reactions.setdefault(reaction.of, set())
            under.add((reaction.uid, reaction.emoji))
