"""What outlives a restart: as plain values of a hub, and made of records as a store does."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import msgspec

from chatd.core import records as r
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.log import Logged
from chatd.core.model import Account, Room, User
from tests.core.world import World

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
    fold = Fold()
    fold.keep(world.effects)
    made = World(hub=Hub(Settings(server="test")))
    made.now = world.now
    made.effects = [*world.effects, *made.hub.restore(fold.stored(RING), made.now)]
    return made


# What replaces what is kept under the same key, and what removes it.
_KEPT: dict[type[r.Record], tuple[str, tuple[str, ...]]] = {
    r.RoomKept: ("rooms", ("conversation",)),
    r.SessionKept: ("sessions", ("token",)),
    r.AccountKept: ("accounts", ("uid",)),
    r.TokenKept: ("tokens", ("uid", "label")),
    r.NameRested: ("resting", ("key",)),
    r.MembershipKept: ("memberships", ("conversation", "uid")),
    r.SanctionKept: ("sanctions", ("conversation", "kind", "target")),
    r.InvitationKept: ("invitations", ("conversation", "uid")),
    r.PinKept: ("pins", ("conversation", "seq")),
    r.MarkerKept: ("markers", ("uid", "conversation")),
    r.LevelKept: ("levels", ("uid", "conversation")),
    r.IgnoreKept: ("ignores", ("uid", "other")),
    r.ReactionKept: ("reactions", ("conversation", "of", "uid", "emoji")),
}
_FORGOTTEN: dict[type[r.Record], type[r.Record]] = {
    r.SessionForgotten: r.SessionKept,
    r.TokenForgotten: r.TokenKept,
    r.NameFreed: r.NameRested,
    r.MembershipForgotten: r.MembershipKept,
    r.SanctionForgotten: r.SanctionKept,
    r.InvitationForgotten: r.InvitationKept,
    r.PinForgotten: r.PinKept,
    r.IgnoreForgotten: r.IgnoreKept,
    r.ReactionForgotten: r.ReactionKept,
}
# What is an account's own, and goes with it.
_OWN = ("tokens", "memberships", "markers", "levels", "ignores", "invitations")


class Fold:
    """Records become what a hub begins with, as in a store, but at once."""

    def __init__(self) -> None:
        self.opened: dict[int, r.ConversationOpened] = {}
        self.events: dict[int, dict[int, Logged]] = {}
        self.newest: dict[int, int] = {}
        self.kept: dict[str, dict[Any, Any]] = {name: {} for name, _ in _KEPT.values()}
        self.audited: list[r.Audited] = []

    def keep(self, effects: Iterable[Any]) -> None:
        """Take up the records among the effects of one input."""
        for effect in effects:
            if isinstance(effect, r.Record):
                self._keep(effect)

    def _keep(self, record: r.Record) -> None:
        kind = _FORGOTTEN.get(type(record), type(record))
        if kind in _KEPT:
            table, fields = _KEPT[kind]
            key = attrgetter(*fields)(record)
            if kind is type(record):
                self.kept[table][key] = record
            else:
                self.kept[table].pop(key, None)
        else:
            getattr(self, f"_{type(record).__name__.lower()}")(record)

    def _conversationopened(self, record: r.ConversationOpened) -> None:
        self.opened[record.conversation] = record
        self.events[record.conversation] = {}
        self.newest[record.conversation] = 0

    def _appended(self, record: r.Appended) -> None:
        self.events[record.logged.conversation][record.logged.seq] = record.logged
        self.newest[record.logged.conversation] = record.logged.seq

    def _rewritten(self, record: r.Rewritten) -> None:
        events = self.events[record.logged.conversation]
        if record.logged.seq in events:
            events[record.logged.seq] = record.logged

    def _erased(self, record: r.Erased) -> None:
        events = self.events[record.conversation]
        for seq, event in events.items():
            if seq == record.seq:
                events[seq] = event.erase(record.state)
            elif event.kind == "edit" and event.of == record.seq:
                events[seq] = msgspec.structs.replace(event, text="", mentions=())
        self._drop("reactions", lambda kept: _under(kept) == (record.conversation, record.seq))

    def _expired(self, record: r.Expired) -> None:
        events = self.events[record.conversation]
        gone = 0
        while events and (first := next(iter(events.values()))).t < record.before:
            gone = first.seq
            del events[gone]
        number = record.conversation
        self._drop("pins", lambda kept: kept.conversation == number and kept.seq <= gone)
        self._drop("reactions", lambda kept: kept.conversation == number and kept.of <= gone)

    def _accountforgotten(self, record: r.AccountForgotten) -> None:
        for table in ("accounts", *_OWN):
            self._drop(table, lambda kept: kept.uid == record.uid)

    def _audited(self, record: r.Audited) -> None:
        self.audited.append(record)

    def _drop(self, table: str, gone: Any) -> None:
        self.kept[table] = {k: kept for k, kept in self.kept[table].items() if not gone(kept)}

    # What a hub begins with

    def stored(self, ring: int, nonce_after: int = 0) -> Stored:
        """Return it."""
        rest: dict[str, Any] = {
            name: tuple(kept.values()) for name, kept in self.kept.items() if name != "rooms"
        }
        closed = {number for number, kept in self.kept["rooms"].items() if kept.closed}
        return Stored(
            rooms=tuple(
                self._room(opened, ring)
                for number, opened in self.opened.items()
                if opened.kind == "room" and number not in closed
            ),
            privates=tuple(
                StoredPrivate(
                    conversation=number,
                    pair=(opened.key, opened.name),
                    seq=self.newest[number],
                    ring=(),
                )
                for number, opened in self.opened.items()
                if opened.kind == "private"
            ),
            nonces=self._nonces(nonce_after),
            newest_conversation=max(self.opened, default=0),
            **rest,
        )

    def _room(self, opened: r.ConversationOpened, ring: int) -> StoredRoom:
        number = opened.conversation
        events = tuple(self.events[number].values())
        kept = self.kept["rooms"].get(number, r.RoomKept(conversation=number))
        return StoredRoom(
            conversation=number,
            name=opened.name,
            kept=kept,
            seq=self.newest[number],
            ring=events[-ring:],
        )

    def _nonces(self, after: int) -> tuple[StoredNonce, ...]:
        return tuple(
            StoredNonce(uid=e.uid, nonce=e.nonce, conversation=e.conversation, seq=e.seq, t=e.t)
            for events in self.events.values()
            for e in events.values()
            if e.nonce is not None and e.t > after
        )


def _under(reaction: r.ReactionKept) -> tuple[int, int]:
    return reaction.conversation, reaction.of
