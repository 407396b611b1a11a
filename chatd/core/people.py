"""People: names, presence, who is who, pairs of strangers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import msgspec

from chatd.core.alarms import Alarm, set_alarm
from chatd.core.commands import Away, Back, Command, Match, Nick, Unmatch, Who, Whois
from chatd.core.errors import Refusal
from chatd.core.events import Matched, Presence, Renamed, Unmatched, timestamp
from chatd.core.messages import tell_typing
from chatd.core.model import Private, User
from chatd.core.names import NICK_LENGTH, Name, free_nick_name, nick_name
from chatd.core.policy import may_know
from chatd.core.records import NameFreed, NameRested
from chatd.core.results import MatchState, NickIs, Person, Result, State, UserList
from chatd.core.rooms import member, members

if TYPE_CHECKING:
    from chatd.core.hub import Hub
    from chatd.core.turn import Turn


FORMER = 5
REST = 30 * 86400 * 1000  # ms that a name that was an account's rests


def take_name(hub: Hub, user: User, name: Name) -> None:
    """Give ``user`` a name that nobody else has."""
    if hub.nicks.get(user.name.key) is user:
        del hub.nicks[user.name.key]
    if hub.looks.get(user.name.skeleton) is user:
        del hub.looks[user.name.skeleton]
    if user.nick != name.shown:
        user.former.pop(user.nick, None)
        user.former[user.nick] = None
        if len(user.former) > FORMER:
            del user.former[next(iter(user.former))]
    user.name = name
    hub.nicks[name.key] = user
    hub.looks[name.skeleton] = user


def check_free(hub: Hub, user: User | None, name: Name) -> None:
    """Raise ``Refusal`` 210 or 212 where another than ``user`` has the name, or a similar one.

    213 where it was the name of another account not long ago.
    """
    rested = hub.resting.get(name.key)
    if rested is not None and (user is None or user.account is None or rested.uid != user.uid):
        raise Refusal(213, name=name.shown)
    other = hub.nicks.get(name.key)
    if other is not None and other is not user:
        free = _free_names(hub, name)
        hint = f"/login {other.nick}" if other.account is not None else f"/nick {free[0]}"
        raise Refusal(210, name=name.shown, free=", ".join(free), hint=hint)
    other = hub.looks.get(name.skeleton)
    if other is not None and other is not user:
        raise Refusal(212, name=name.shown, other=other.nick)


def _free_names(hub: Hub, name: Name) -> list[str]:
    """Return three names like ``name`` that nobody has."""
    stem = name.shown[: NICK_LENGTH[1] - 4]
    try:
        nick_name(f"{stem}2")
    except Refusal:
        # Some right-to-left names cannot end in such a digit (RFC 5893).
        stem = "user"
    candidates = (nick_name(f"{stem}{number}") for number in count(2))
    free = (n.shown for n in candidates if n.key not in hub.nicks and n.skeleton not in hub.looks)
    return list(islice(free, 3))


def handle_nick(turn: Turn, command: Nick) -> Result:
    """Take a name; an account takes it for good, and its old one rests."""
    hub, user = turn.hub, turn.user
    name = free_nick_name(command.name.strip())
    check_free(hub, user, name)
    old, account = user.name, user.account
    rename(turn, user, name)
    if name != old and account is not None:
        if hub.resting.pop(name.key, None) is not None:
            turn.record(NameFreed(name.key))
        del hub.accounts[old.key]
        hub.accounts[name.key] = account
        account.name = name
        turn.keep_account(user)
        if name.key != old.key:
            rest_name(turn, old, user.uid)
    return NickIs(nick=name.shown)


def rename(turn: Turn, user: User, name: Name) -> None:
    """Give somebody a name that is free, and tell the others."""
    old = user.nick
    if name.shown == old:
        return
    take_name(turn.hub, user, name)
    turn.keep_sessions()
    tell_rename(turn, old, name.shown, near(user))


def rest_name(turn: Turn, name: Name, uid: str) -> None:
    """Keep a name from others than ``uid`` for a while."""
    rested = NameRested(name.key, name.shown, uid, turn.now + REST)
    turn.hub.resting[name.key] = rested
    turn.record(rested)
    set_alarm(turn, rested.until, Alarm("name", target=name.key))


def tell_rename(turn: Turn, old: str, nick: str, near: tuple[str, ...]) -> None:
    """Tell all who keep a list of people, and those ``near``, of another nick."""
    audience = tuple(dict.fromkeys((*turn.hub.listening, *near)))
    turn.tell(audience, Renamed(old=old, nick=nick), turn.session.id)


# Presence


def near(user: User) -> tuple[str, ...]:
    """Return the connected sessions of those who share a room or a conversation with ``user``."""
    found = [sid for room in user.rooms.values() for sid in room.audience]
    found += [sid for private in user.privates.values() for sid in private.other(user).attached]
    return tuple(dict.fromkeys(found))


def tell_presence(turn: Turn, user: User, without: Iterable[str] = ()) -> None:
    """Tell what the presence of ``user`` is now.

    All who keep a list of people are told, its author too: the counter must show no hole to
    anybody. Those at text are told who share a conversation with him, but not ``without``.
    """
    hub = turn.hub
    hub.presence += 1
    event = Presence(v=hub.presence, nick=user.nick, state=user.state, text=user.away or "")
    listening = hub.listening
    turn.tell(listening, event)
    told = {*listening, *without}
    turn.tell(tuple(s for s in near(user) if s not in told), event, turn.session.id)


def handle_away(turn: Turn, command: Away) -> Result:
    """Say that one is away."""
    limit = turn.hub.limits.away
    size = len(command.text.encode())
    if size > limit:
        raise Refusal(320, size=f"{size} bytes", limit=f"{limit} bytes")
    return _set_away(turn, command.text.strip())


def handle_back(turn: Turn, command: Back) -> Result:
    """Say that one is back."""
    return _set_away(turn, None)


def _set_away(turn: Turn, away: str | None) -> Result:
    user = turn.user
    if user.away != away:
        user.away = away
        turn.keep_sessions()
        if user.account is not None:
            turn.keep_account(user)
        tell_presence(turn, user)
    return State(state=user.state, text=away or "")


def stop_typing(turn: Turn, user: User) -> None:
    """Tell the others that ``user`` does not type any more."""
    for conversation in user.typing.values():
        tell_typing(turn, user, conversation, on=False)
    user.typing.clear()


def went_offline(turn: Turn, user: User) -> None:
    """An account's last session is gone; the account stays where it is."""
    stop_typing(turn, user)
    unpair(turn, user)
    assert user.account is not None
    user.away, user.account.seen = None, turn.now
    turn.keep_account(user)
    tell_presence(turn, user)


def forget(turn: Turn, user: User, *, quietly: bool = False) -> None:
    """Forget somebody who is gone for good, and conversations that nobody can read now."""
    hub = turn.hub
    del hub.users[user.uid]
    if hub.nicks.get(user.name.key) is user:
        del hub.nicks[user.name.key]
    if hub.looks.get(user.name.skeleton) is user:
        del hub.looks[user.name.skeleton]
    forget_privates(hub, user)
    if not quietly:
        tell_presence(turn, user)


def forget_privates(hub: Hub, user: User) -> None:
    """Forget the private conversations of ``user``, who is gone, with others who are gone."""
    for private in list(user.privates.values()):
        other = private.other(user)
        if not other.reachable:
            other.privates.pop(user.uid, None)
            user.privates.pop(other.uid, None)
            hub.conversations.pop(private.id, None)


def remembered(user: User, text: str) -> Private | None:
    """Return the private conversation with somebody who has left and was called ``text``."""
    try:
        key = nick_name(text.removeprefix("@")).key
    except Refusal:
        return None
    for private in user.privates.values():
        if private.kept and private.other(user).name.key == key:
            return private
    return None


# Who is who


def handle_who(turn: Turn, command: Who) -> Result:
    """List who is here, or in a room."""
    hub = turn.hub
    if command.room is not None:
        room = hub.find_room(command.room, turn.user)
        return UserList(users=members(room), v=hub.presence, room=room.name.shown)
    present = (user for user in hub.users.values() if user.present)
    people = sorted(present, key=lambda user: user.name.key)
    users = tuple(member(user, user.role) for user in people)
    return UserList(users=users, v=hub.presence)


def handle_whois(turn: Turn, command: Whois) -> Result:
    """Tell about a person."""
    user, asker = turn.hub.find_user(command.nick), turn.user
    account = user.account
    addresses: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    if asker.admin:
        addresses = tuple(session.address for session in user.sessions.values())
    offline = account is not None and not user.present
    rooms = (room for room in user.rooms.values() if may_know(asker, room))
    return Person(
        nick=user.nick,
        account=account.name.shown if account is not None else None,
        role=user.role,
        state=user.state,
        text=user.away or "",
        rooms=tuple(room.name.shown for room in rooms),
        since=timestamp(user.since),
        sessions=len(user.sessions),
        addresses=addresses,
        registered=timestamp(account.created) if account is not None else None,
        seen=timestamp(account.seen) if offline and account and account.seen else None,
    )


# Pairs of strangers


def handle_match(turn: Turn, command: Match) -> Result:
    """Pair the two who asked."""
    hub, user = turn.hub, turn.user
    if user.partner is not None:
        return MatchState(state="matched", nick=user.partner.nick)
    waiting = [other for other in hub.matching if other is not user]
    if not waiting:
        hub.matching = [user]
        return MatchState(state="waiting")
    partner = waiting[0]
    hub.matching = waiting[1:]
    user.partner, partner.partner = partner, user
    private = user.privates.get(partner.uid) or hub.open_private(user, partner)
    for one in (user, partner):
        for session in one.sessions.values():
            session.current = private
    turn.keep_sessions()
    turn.tell(partner.attached, Matched(nick=user.nick))
    return MatchState(state="matched", nick=partner.nick)


def handle_unmatch(turn: Turn, command: Unmatch) -> Result:
    """End the pair, or the waiting for one."""
    if turn.user.partner is None and turn.user not in turn.hub.matching:
        raise Refusal(310, who="paired with you")
    unpair(turn, turn.user)
    return MatchState(state="none")


def unpair(turn: Turn, user: User) -> None:
    """End the pair or the waiting of ``user``; both are back in the lobby if they are in it."""
    hub, partner = turn.hub, user.partner
    hub.matching = [other for other in hub.matching if other is not user]
    if partner is None:
        return
    user.partner = partner.partner = None
    turn.tell(partner.attached, Unmatched(nick=user.nick))
    private = user.privates.get(partner.uid)
    for one in (user, partner):
        home = hub.lobby if hub.lobby.id in one.rooms else next(iter(one.rooms.values()), None)
        for session in one.sessions.values():
            if session.current is private:
                session.current = home


HANDLERS: dict[type[Command], Any] = {
    Away: handle_away,
    Back: handle_back,
    Match: handle_match,
    Nick: handle_nick,
    Unmatch: handle_unmatch,
    Who: handle_who,
    Whois: handle_whois,
}
