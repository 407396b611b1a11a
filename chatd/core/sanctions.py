"""Bans and mutes: imposed on a person or a network, for a while or for good, and lifted."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Literal

from chatd.core.alarms import Alarm, set_alarm
from chatd.core.commands import ROW_OF, Ban, Bans, Command, Mute, Unban, Unmute
from chatd.core.durations import seconds_of
from chatd.core.errors import Refusal
from chatd.core.events import timestamp
from chatd.core.log import Act
from chatd.core.model import Room, Sanction
from chatd.core.moderation import act, acted, member_of, put_out, room_of
from chatd.core.policy import check_rank, network_among, network_of, outranks
from chatd.core.records import SanctionForgotten, SanctionKept
from chatd.core.results import BanList, Result, SanctionInfo, WouldHit
from chatd.core.rooms import WHY, disinvite

if TYPE_CHECKING:
    from chatd.core.turn import Turn


_MAPPED = 96  # bits before an IPv4 address in an IPv6 one

# Bans


def handle_ban(turn: Turn, command: Ban) -> Result:
    """Keep a person or a network out; a guest by his address too, if it is not the loopback.

    Of those who are there by chance from the same network, none goes whom the asker could not ban.
    """
    room = room_of(turn, command)
    targets, nick = _targets(turn, room, command.nick)
    hit = [
        user
        for user in room.people()
        if user.uid in targets
        or (network_among(user, targets) is not None and outranks(turn.user, room, user))
    ]
    if command.dry_run:
        if "/" in nick and nick in targets and not turn.user.admin:
            # Asked again and again, it would tell the address of each member.
            raise Refusal(403, role="administrators", action="ask whom a network hits")
        return WouldHit(room=room.name.shown, nicks=tuple(user.nick for user in hit))
    why, until = command.why[:WHY], _until(turn, command)
    logged = act(turn, room, Act(action="ban", nick=nick, until=until, why=why))
    for target in targets:
        _impose(turn, room, "ban", target, nick, until, why)
        disinvite(turn, room, target)
    for user in hit:
        put_out(turn, room, user, why)
    return acted(room, logged, nick, until)


def _targets(turn: Turn, room: Room, text: str) -> tuple[list[str], str]:
    """Return what to ban, and how it is shown. Raises ``Refusal`` 303, 310 or 403."""
    try:
        user = turn.hub.find_user(text)
    except Refusal:
        network = _network(text)
        if network is None:
            raise
        return [network], network
    check_rank(turn.user, room, "ban", user)
    targets = [user.uid]
    if user.account is None:
        networks = {network_of(session.address) for session in user.sessions.values()}
        targets += sorted(network for network in networks if network is not None)
    return targets, user.nick


def _network(text: str) -> str | None:
    """Return a network as it is kept, a single IPv6 address as the /64 that is one peer's."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if "/" not in text:
        return network_of(text) or str(network)
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= _MAPPED:
        # A peer by IPv4 is known by its IPv4 address, whatever socket it came by.
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return str(ipaddress.ip_network((mapped, network.prefixlen - _MAPPED)))
    return str(network)


def handle_unban(turn: Turn, command: Unban) -> Result:
    """Let in again: by nick, or by network."""
    room = room_of(turn, command)
    wanted = {command.nick.removeprefix("@").casefold(), _network(command.nick)}
    user = turn.hub.nicks.get(command.nick.removeprefix("@").lower())
    found = [
        ban
        for ban in room.bans.values()
        if ban.nick.casefold() in wanted
        or ban.target in wanted
        or (user is not None and ban.target == user.uid)
    ]
    if not found:
        raise Refusal(310, who=f"called {command.nick[:64]} among the banned")
    return _lift(turn, room, found)


def handle_bans(turn: Turn, command: Bans) -> Result:
    """List who is banned; the address that goes with a guest is not shown."""
    room = room_of(turn, command)
    infos: list[SanctionInfo] = []
    accounts = {account.uid for account in turn.hub.accounts.values()}
    for ban in room.bans.values():
        kind: Literal["account", "guest", "address"] = "guest"
        if "/" in ban.target:
            kind = "address"
            if ban.nick != ban.target and any(b.nick == ban.nick for b in infos):
                continue
        elif ban.target in accounts:
            kind = "account"
        infos.append(
            SanctionInfo(
                nick=ban.nick,
                kind=kind,
                by=ban.who,
                t=timestamp(ban.t),
                until=timestamp(ban.until) if ban.until is not None else None,
                why=ban.why,
            )
        )
    return BanList(room=room.name.shown, bans=tuple(infos))


# Mutes


def handle_mute(turn: Turn, command: Mute) -> Result:
    """Have a member be silent."""
    room = room_of(turn, command)
    user, why = member_of(turn, room, command.nick), command.why[:WHY]
    check_rank(turn.user, room, "mute", user)
    until = _until(turn, command)
    _impose(turn, room, "mute", user.uid, user.nick, until, why)
    logged = act(turn, room, Act(action="mute", nick=user.nick, until=until, why=why))
    return acted(room, logged, user.nick, until)


def handle_unmute(turn: Turn, command: Unmute) -> Result:
    """Have a member speak again."""
    room = room_of(turn, command)
    user = turn.hub.find_user(command.nick)
    check_rank(turn.user, room, "unmute", user)
    if user.uid not in room.mutes:
        problem = f"{user.nick} is not muted in {room.name.shown}"
        raise Refusal(104, problem=problem, usage="/unmute NICK")
    return _lift(turn, room, [room.mutes[user.uid]])


# Both


def _until(turn: Turn, command: Ban | Mute) -> int | None:
    if command.time is None or command.time == "":
        return None
    return turn.now + seconds_of(command.time, ROW_OF[type(command)].usage) * 1000


def _impose(
    turn: Turn,
    room: Room,
    kind: Literal["ban", "mute"],
    target: str,
    nick: str,
    until: int | None,
    why: str,
) -> None:
    sanction = Sanction(
        kind=kind, target=target, nick=nick, who=turn.user.nick, t=turn.now, until=until, why=why
    )
    turn.open(room)
    impose(turn, room, sanction)


def impose(turn: Turn, room: Room, sanction: Sanction) -> None:
    """Put a ban or a mute into force, and have it end in time."""
    kind, target, until = sanction.kind, sanction.target, sanction.until
    room.sanctions(kind)[target] = sanction
    turn.record(
        SanctionKept(
            conversation=room.id,
            kind=kind,
            target=target,
            nick=sanction.nick,
            who=sanction.who,
            t=sanction.t,
            until=until,
            why=sanction.why,
        )
    )
    if until is not None:
        set_alarm(turn, until, Alarm(kind, room.id, target))


def _lift(turn: Turn, room: Room, sanctions: list[Sanction], why: str = "") -> Result:
    """Lift the bans or mutes of one person, and tell of it once."""
    for sanction in sanctions:
        del room.sanctions(sanction.kind)[sanction.target]
        turn.record(SanctionForgotten(room.id, sanction.kind, sanction.target))
    first = sanctions[0]
    logged = act(turn, room, Act(action=f"un{first.kind}", nick=first.nick, why=why))
    return acted(room, logged, first.nick)


def expire(turn: Turn, alarm: Alarm) -> None:
    """End a ban or a mute whose time is over, with what was imposed together with it."""
    room = turn.hub.conversations.get(alarm.conversation)
    if not isinstance(room, Room):
        return
    sanctions = room.sanctions(alarm.kind)
    due = sanctions.get(alarm.target)
    if due is None or due.until is None or due.until > turn.now:
        return
    together = [
        s for s in sanctions.values() if (s.t, s.nick, s.until) == (due.t, due.nick, due.until)
    ]
    _lift(turn, room, together, "time is over")


HANDLERS: dict[type[Command], Any] = {
    Ban: handle_ban,
    Bans: handle_bans,
    Mute: handle_mute,
    Unban: handle_unban,
    Unmute: handle_unmute,
}
ALARMS = {"ban": expire, "mute": expire}
