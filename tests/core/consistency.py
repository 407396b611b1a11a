"""What a hub holds agrees with itself, whatever happens."""

from __future__ import annotations

from chatd.core.hub import Hub
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
        assert user.sessions or user.account is not None
        _check_user(hub, user)
        _check_account(hub, user)
    for room in hub.rooms.values():
        _check_room(hub, room)
    _check_indexes(hub)


def _check_user(hub: Hub, user: User) -> None:
    assert all(hub.sessions[ident] is session for ident, session in user.sessions.items())
    assert all(room.members[user.uid].user is user for room in user.rooms.values())
    for room in user.rooms.values():
        assert 0 <= user.read.get(room.id, 0) <= room.seq, "has read what was not said"
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


def _check_account(hub: Hub, user: User) -> None:
    account = user.account
    if account is None:
        return
    assert hub.accounts[account.name.key] is account
    assert (account.uid, account.name) == (user.uid, user.name)
    resting = hub.resting.get(account.name.key)
    assert resting is None, "an account has a name that rests"
    for uid in account.ignored:
        assert uid not in hub.users or account.uid in hub.users[uid].ignored_by
    for uid in user.ignored_by:
        ignoring = hub.users[uid].account
        assert ignoring is not None
        assert user.uid in ignoring.ignored
    if not user.sessions:
        assert (user.away, user.partner) == (None, None)
        assert user not in hub.matching
        assert not user.typing


def _check_current(hub: Hub, session: Session, user: User) -> None:
    current = session.current
    # Where an administrator had gone to may have ended; he who was one is refused there.
    strange = isinstance(current, Room) and user.uid not in current.members
    if current is None or user.admin or (strange and user.account is not None):
        return
    assert hub.conversations[current.id] is current
    if isinstance(current, Room):
        assert user.uid in current.members, "talks in a room that he is not in"
    else:
        assert current in user.privates.values()


def _check_room(hub: Hub, room: Room) -> None:
    assert hub.conversations[room.id] is room
    assert room.members or room.lobby or room.kept
    for uid, member in room.members.items():
        user = member.user
        assert hub.users[uid] is user, "a member is nobody known"
        assert user.rooms[room.id] is room
        assert 0 <= member.since <= room.seq
        assert uid not in room.invited, "a member is invited"
        assert uid not in room.bans, "a member is banned"
    _check_rules(hub, room)
    told = {ident for user in room.people() for ident in user.attached}
    assert set(room.audience) == told
    assert len(room.audience) == len(told)


def _check_rules(hub: Hub, room: Room) -> None:
    owners = [uid for uid, member in room.members.items() if member.role == "owner"]
    assert len(owners) <= 1
    found = {entry.alarm.conversation for entry in hub.alarms if entry.alarm.kind == "owner"}
    assert not room.ownerless or room.id in found, "nobody runs the room"
    assert all(1 <= seq <= room.seq for seq in room.pins)
    if room.private or room.secret is not None:
        assert room.members, "a room that was not for everybody has not ended"
    due = {entry.alarm.target for entry in hub.alarms if entry.alarm.conversation == room.id}
    for kind in ("ban", "mute"):
        for target, sanction in room.sanctions(kind).items():
            assert (sanction.kind, sanction.target) == (kind, target)
            assert sanction.until is None or target in due, "does not end by itself"
    sweeps = [e for e in hub.alarms if e.alarm.kind == "retain" and e.alarm.conversation == room.id]
    assert bool(sweeps) or room.retain is None


def _check_erased(hub: Hub) -> None:
    for conversation in hub.conversations.values():
        seqs = [logged.seq for logged in conversation.ring]
        assert seqs == list(range(conversation.seq - len(seqs) + 1, conversation.seq + 1))
        erased = {logged.seq for logged in conversation.ring if logged.erased}
        erased |= conversation.erased.keys()
        for logged in conversation.ring:
            if logged.erased or (logged.kind == "edit" and logged.of in erased):
                assert (logged.text, logged.mentions) == ("", ()), "erased, and still there"
        assert not conversation.reactions.keys() & erased
        assert conversation.reactions.keys() <= set(seqs)


def _check_indexes(hub: Hub) -> None:
    _check_erased(hub)
    accounts = {user.account.uid for user in hub.users.values() if user.account is not None}
    assert {account.uid for account in hub.accounts.values()} == accounts
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
            assert any(user.reachable for user in conversation.pair)
