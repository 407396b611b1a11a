"""People: names, presence, who is who, pairs of strangers."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING, Any

import msgspec

from chatd.core.commands import Away, Back, Command, Kill, Match, Nick, Unmatch, Wall, Who, Whois
from chatd.core.effects import Close
from chatd.core.errors import Refusal
from chatd.core.events import (
    Bye,
    Matched,
    MatchState,
    NickIs,
    Notice,
    Person,
    Presence,
    Renamed,
    Result,
    State,
    Told,
    Unmatched,
    UserList,
    timestamp,
)
from chatd.core.messages import tell_typing
from chatd.core.model import Private, User
from chatd.core.names import NICK_LENGTH, Name, free_nick_name, nick_name
from chatd.core.rooms import member, members

if TYPE_CHECKING:
    from chatd.core.hub import Hub
    from chatd.core.turn import Turn


FORMER = 5


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
    """Raise ``Refusal`` 210 or 212 where another than ``user`` has the name, or a similar one."""
    other = hub.nicks.get(name.key)
    if other is not None and other is not user:
        free = _free_names(hub, name)
        raise Refusal(210, name=name.shown, free=", ".join(free), first=free[0])
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
    """Take a name."""
    hub, user = turn.hub, turn.user
    old = user.nick
    name = free_nick_name(command.name.strip())
    check_free(hub, user, name)
    if name.shown == old:
        return NickIs(nick=old)
    take_name(hub, user, name)
    turn.keep_sessions()
    tell_all(turn, user, Renamed(old=old, nick=name.shown))
    return NickIs(nick=name.shown)


# Presence


def tell_all(turn: Turn, user: User, event: Renamed | Presence) -> None:
    """Tell all who keep a list of people, and those at text who share a conversation."""
    hub = turn.hub
    listening = hub.listening
    # Presence goes to its own author, too: its counter must show no hole to anybody.
    skip = turn.session.id if isinstance(event, Renamed) else None
    turn.tell(listening, event, skip)
    near = [sid for room in user.rooms.values() for sid in room.audience]
    near += [sid for private in user.privates.values() for sid in private.other(user).attached]
    reached = set(listening)
    turn.tell(tuple(s for s in dict.fromkeys(near) if s not in reached), event, turn.session.id)


def tell_presence(turn: Turn, user: User) -> None:
    """Tell all who keep a list of people what the presence of ``user`` is now."""
    turn.hub.presence += 1
    event = Presence(v=turn.hub.presence, nick=user.nick, state=user.state, text=user.away or "")
    tell_all(turn, user, event)


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
        tell_presence(turn, user)
    return State(state=user.state, text=away or "")


def stop_typing(turn: Turn, user: User) -> None:
    """Tell the others that ``user`` does not type any more."""
    for conversation in user.typing.values():
        tell_typing(turn, user, conversation, on=False)
    user.typing.clear()


def forget(turn: Turn, user: User) -> None:
    """Forget somebody whose last session is gone, and conversations that nobody can read now."""
    hub = turn.hub
    del hub.users[user.uid]
    if hub.nicks.get(user.name.key) is user:
        del hub.nicks[user.name.key]
    if hub.looks.get(user.name.skeleton) is user:
        del hub.looks[user.name.skeleton]
    forget_privates(hub, user)
    tell_presence(turn, user)


def forget_privates(hub: Hub, user: User) -> None:
    """Forget the private conversations of ``user``, who is gone, with others who are gone."""
    for private in list(user.privates.values()):
        other = private.other(user)
        if not other.sessions:
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
        room = hub.find_room(command.room)
        return UserList(users=members(room), v=hub.presence, room=room.name.shown)
    people = sorted(hub.users.values(), key=lambda user: user.name.key)
    users = tuple(member(user, _role(user)) for user in people)
    return UserList(users=users, v=hub.presence)


def _role(user: User) -> str:
    if user.admin:
        return "admin"
    return "user" if user.account else "guest"


def handle_whois(turn: Turn, command: Whois) -> Result:
    """Tell about a person."""
    user = turn.hub.find_user(command.nick)
    addresses: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    if turn.user.admin:
        addresses = tuple(session.address for session in user.sessions.values())
    return Person(
        nick=user.nick,
        account=user.account,
        state=user.state,
        text=user.away or "",
        rooms=tuple(room.name.shown for room in user.rooms.values()),
        since=timestamp(user.since),
        sessions=len(user.sessions),
        addresses=addresses,
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


# Administration


def handle_wall(turn: Turn, command: Wall) -> Result:
    """Tell everybody something in the name of the server."""
    everybody = turn.hub.everybody()
    turn.tell(everybody, Notice(text=command.text))
    return Told(sessions=len(everybody))


def handle_kill(turn: Turn, command: Kill) -> Result:
    """End all connections of a person."""
    from chatd.core.sessions import end_session

    user = turn.hub.find_user(command.nick)
    why = command.why or "no reason given"
    told = user.attached
    for session in list(user.sessions.values()):
        if session.attached:
            turn.tell((session.id,), Bye(code=403, text=f"You were disconnected: {why}"))
            turn.effects.append(Close(session.id))
        end_session(turn, session, f"disconnected: {why}")
    return Told(sessions=len(told))


HANDLERS: dict[type[Command], Any] = {
    Away: handle_away,
    Back: handle_back,
    Kill: handle_kill,
    Match: handle_match,
    Nick: handle_nick,
    Unmatch: handle_unmatch,
    Wall: handle_wall,
    Who: handle_who,
    Whois: handle_whois,
}
