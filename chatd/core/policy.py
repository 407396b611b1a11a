"""Who may do what. Nothing else in the chat refuses for want of a role, an account or a right.

``TABLE`` says for each action what each standing in a room may: ``+`` may, ``.`` may not. A person
outside of a room has no standing but ``outside``; ``muted`` and ``banned`` come before any role but
the administrator's.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from typing import Literal

from chatd.core.commands import (
    ROW_OF,
    Away,
    Back,
    Claim,
    Command,
    Ignore,
    Join,
    Login,
    Logout,
    Match,
    Nick,
    Notify,
    Part,
    Passwd,
    Register,
    Resume,
    Revoke,
    Sessions,
    Token,
    Tokens,
    Typing,
    Unignore,
    Unregister,
)
from chatd.core.errors import Refusal
from chatd.core.events import timestamp
from chatd.core.flood import address_block
from chatd.core.log import Act
from chatd.core.model import Room, Sanction, Session, User

Standing = Literal["outside", "banned", "muted", "member", "moderator", "owner", "admin"]
STANDINGS: tuple[Standing, ...] = (
    "outside",
    "banned",
    "muted",
    "member",
    "moderator",
    "owner",
    "admin",
)

# The columns are STANDINGS: outside, banned, muted, member, moderator, owner, admin.
_TABLE = """
    read          .  .  +  +  +  +  +    history, search, who is in a private room
    speak         .  .  .  +  +  +  +    msg, me, reply, react, whisper, typing
    rewrite own   .  .  .  +  +  +  +    edit and del of one's own messages
    rewrite       .  .  .  .  +  +  +    edit and del of others' messages
    hurry         .  .  .  .  +  +  +    speaking without waiting in a slow room
    topic         .  .  .  .  +  +  +
    invite        .  .  .  .  +  +  +
    kick          .  .  .  .  +  +  +
    ban           .  .  .  .  +  +  +
    unban         .  .  .  .  +  +  +
    bans          .  .  .  .  +  +  +
    mute          .  .  .  .  +  +  +
    unmute        .  .  .  .  +  +  +
    slow          .  .  .  .  +  +  +
    pin           .  .  .  .  +  +  +
    unpin         .  .  .  .  +  +  +
    pins          .  .  .  .  +  +  +
    mod           .  .  .  .  .  +  +
    unmod         .  .  .  .  .  +  +
    own           .  .  .  .  .  +  +
    set           .  .  .  .  .  +  +
"""


def _parse(table: str) -> dict[str, frozenset[Standing]]:
    actions = {}
    for line in table.strip().splitlines():
        action, cells = line.strip()[:14].strip(), line.strip()[14:].split()[: len(STANDINGS)]
        pairs = zip(STANDINGS, cells, strict=True)
        actions[action] = frozenset(standing for standing, cell in pairs if cell == "+")
    return actions


TABLE = _parse(_TABLE)

# How a refusal calls an action that is not called by its command.
_WORDS = {
    "topic": "set the topic",
    "rewrite": "change what others said",
    "bans": "see the bans",
    "pins": "list the pins",
    "set": "change the settings",
    "own": "hand over the room",
    "slow": "slow down the room",
    "mod": "make moderators",
    "unmod": "unmake moderators",
}
# The console is nobody who is present: it has no nick, no rooms, no presence and no account.
_PRESENT = (
    *(Away, Back, Join, Match, Nick, Part, Resume, Typing),
    *(Claim, Ignore, Login, Logout, Notify, Passwd, Register, Revoke, Sessions, Token, Tokens),
    *(Unignore, Unregister),
)
_RANK: dict[str, int] = {name: rank for rank, name in enumerate(STANDINGS)}


def standing(user: User, room: Room) -> Standing:
    """Return what ``user`` is in ``room``."""
    if user.admin:
        return "admin"
    if user.uid not in room.members:
        return "banned" if ban_of(user, room) is not None else "outside"
    return "muted" if user.uid in room.mutes else room.role_of(user)


def check_command(user: User, command: Command) -> None:
    """Raise ``Refusal`` 402 or 403 where ``user`` may not use ``command`` at all."""
    row = ROW_OF[type(command)]
    if user.console and isinstance(command, _PRESENT):
        raise Refusal(403, role="who is in the chat", action=f"use /{row.name}")
    if user.admin:
        return
    if row.who == "u" and user.account is None:
        raise Refusal(402, command=row.name)
    if row.who == "a":
        raise Refusal(403, role="administrators", action=f"use /{row.name}")


def check_secret(*, secure: bool) -> None:
    """Raise ``Refusal`` 404 where a password may not be sent."""
    if not secure:
        raise Refusal(404)


def may(user: User, room: Room, action: str) -> bool:
    """Whether the standing of ``user`` in ``room`` allows ``action``."""
    return standing(user, room) in TABLE[action]


def may_know(user: User, room: Room) -> bool:
    """Whether ``user`` may know that there is a room."""
    return room.awake and (not room.private or user.uid in room.members or user.admin)


def because(sanction: Sanction | Act) -> str:
    """Return until when and why, as it follows the words muted or banned."""
    until = ""
    if sanction.until is not None:
        until = f" until {timestamp(sanction.until)[:16].replace('T', ' ')} UTC"
    return f"{until}: {sanction.why}" if sanction.why else until


def check_room(user: User, room: Room, action: str) -> None:
    """Raise ``Refusal`` 303, 306 or 403 where ``user`` may not do ``action`` in ``room``."""
    what = standing(user, room)
    allowed = TABLE[action]
    if what in allowed:
        return
    title = room.name.shown
    if what in {"outside", "banned"} and "member" in allowed:
        raise Refusal(303, who="You are", room=title, then=f"/join {title}")
    if what == "muted" and "member" in allowed:
        raise Refusal(306, room=title, why=because(room.mutes[user.uid]))
    role = "moderators" if "moderator" in allowed else "the owner"
    action = _WORDS.get(action, action)
    raise Refusal(403, role=role, action=f"{action} in {title}", then=f"/who {title}")


def _rank(user: User, room: Room) -> int:
    """Return the rank of ``user``, who keeps it while he is muted."""
    what = standing(user, room)
    role = room.role_of(user) if user.uid in room.members else what
    return max(_RANK[what], _RANK[role])


def outranks(user: User, room: Room, target: User) -> bool:
    """Whether ``target`` is below ``user`` in ``room``; an administrator is below nobody."""
    return _RANK[standing(user, room)] > _rank(target, room)


def check_rank(user: User, room: Room, action: str, target: User) -> None:
    """Raise ``Refusal`` 403 where ``target`` is not below ``user``, who is no administrator."""
    if user.admin or outranks(user, room, target):
        return
    above = "administrators" if _rank(target, room) >= _RANK["owner"] else "the owner"
    raise Refusal(
        403,
        role=above,
        action=f"{action} {target.nick} in {room.name.shown}",
        then=f"/who {room.name.shown}",
    )


def allowed_after(user: User, room: Room) -> int | None:
    """Return the ``seq`` after which ``user`` may read a room's history; None: not at all."""
    if room.history == "on" or user.admin:
        return 0
    if room.history == "joined" and user.uid in room.members:
        return room.members[user.uid].since
    return None


# Coming in


def hashed_key(room: Room, key: str) -> str:
    """Return what is kept of a room's key."""
    return hashlib.sha256(f"{room.name.key} {key}".encode()).hexdigest()


def ban_of(user: User, room: Room) -> Sanction | None:
    """Return the ban that keeps ``user`` out, by his uid or by the address of a session."""
    if user.uid in room.bans:
        return room.bans[user.uid]
    found = network_among(user, room.bans)
    return room.bans[found] if found is not None else None


def network_among(user: User, targets: Iterable[str]) -> str | None:
    """Return the network among ``targets`` that a session of ``user`` is in."""
    networks = [target for target in targets if "/" in target]
    addresses = [_address(session) for session in user.sessions.values()] if networks else []
    for target in networks:
        network = ipaddress.ip_network(target)
        if any(address is not None and address in network for address in addresses):
            return target
    return None


def _address(session: Session) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return where a session comes from, None for the console and for one that was lost."""
    try:
        return ipaddress.ip_address(session.address.partition("%")[0])
    except ValueError:
        return None


def network_of(address: str) -> str | None:
    """Return the network by which a guest is banned; None for the loopback, which all share."""
    block = address_block(address)
    if block is None:
        return None
    return str(ipaddress.ip_network(block))


def check_join(user: User, room: Room, key: str) -> None:
    """Raise ``Refusal`` 302, 304 or 305 where ``user`` may not enter ``room`` by ``key``."""
    if user.admin:
        return
    title = room.name.shown
    ban = ban_of(user, room)
    if ban is not None:
        raise Refusal(304, room=title, why=because(ban))
    if user.uid in room.invited:
        return
    if room.secret is not None and (key or not room.private):
        if not hmac.compare_digest(room.secret, hashed_key(room, key)):
            raise Refusal(305, room=title)
        return
    if room.private:
        raise Refusal(302, room=title)
