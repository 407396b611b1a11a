"""What outlives a restart, as plain values of a hub; and a hub that begins with what was kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chatd.core.effects import Effect
from chatd.core.hub import Hub, Settings
from chatd.core.model import Account, Room, User
from chatd.core.records import Record
from tests.core.world import World
from tests.model import Model

RING = 64


def lasting(hub: Hub) -> dict[str, Any]:
    """Return what must be the same after a restart, in an order of its own."""
    accounts = {user.uid: user for user in hub.users.values() if user.account is not None}
    rooms = {room.id: room for room in hub.rooms.values() if room.kept}
    return {
        "accounts": {user.uid: _account(user, user.account) for user in accounts.values()},
        "memberships": {
            (room.id, uid): (member.role, member.since, member.user.read.get(room.id))
            for room in rooms.values()
            for uid, member in room.members.items()
            if uid in accounts
        },
        "rooms": {room.id: _room(room, accounts) for room in rooms.values()},
        "resting": dict(hub.resting),
        "levels": {
            (user.uid, number): level
            for user in accounts.values()
            for number, level in user.account.levels.items()  # type: ignore[union-attr]
            if number in rooms
        },
    }


def _account(user: User, account: Account | None) -> tuple[Any, ...]:
    assert account is not None
    resumable = any(session.token is not None for session in user.sessions.values())
    tokens = {label: (t.digest, t.created, t.used) for label, t in account.tokens.items()}
    return (
        *(account.name, account.role, account.digest, account.created, account.seen),
        *(user.name, user.away if resumable else None, tokens, dict(account.ignored)),
    )


def _room(room: Room, accounts: dict[str, User]) -> tuple[Any, ...]:
    # A guest who does not come back leaves nothing behind, but a ban.
    mutes = {uid: vars(mute) for uid, mute in room.mutes.items() if uid in accounts}
    bans = {target: vars(ban) for target, ban in room.bans.items()}
    invited = {uid: who for uid, who in room.invited.items() if uid in accounts}
    return (
        *(room.name, room.topic, room.private, room.secret, room.history, room.retain),
        *(room.slow, room.seq, bans, mutes, invited, set(room.pins)),
    )


def restarted(world: World) -> World:
    """Return a world that begins with what the other one made durable."""
    made = World(hub=Hub(Settings(server="test")))
    made.now = world.now
    stored = recorded(world.effects).stored(RING)
    made.effects = [*world.effects, *made.hub.restore(stored, made.now)]
    return made


def recorded(effects: Iterable[Effect], model: Model | None = None) -> Model:
    """Return a model, new or given, that has kept the records among effects."""
    model = model or Model()
    for effect in effects:
        if isinstance(effect, Record):
            model.keep(effect)
    return model
