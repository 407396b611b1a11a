"""A store of dictionaries: what a hub must begin with, said another way than by SQL."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec

from chatd.core import records as r
from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.log import Logged
from chatd.core.turn import CONSOLE_UID

# What replaces what is kept under the same key, and what removes it.
KEPT: dict[type[r.Record], tuple[str, tuple[str, ...]]] = {
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
FORGOTTEN: dict[type[r.Record], type[r.Record]] = {
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
OWN = ("accounts", "tokens", "memberships", "markers", "levels", "ignores", "invitations")


class Model:
    """What was kept."""

    def __init__(self) -> None:
        self.opened: dict[int, r.ConversationOpened] = {}
        self.events: dict[tuple[int, int], Logged] = {}
        self.newest: dict[int, int] = {}
        self.expired: dict[int, int] = {}
        self.audit: list[r.Audited] = []
        self.kept: dict[str, dict[Any, Any]] = {name: {} for name, _ in KEPT.values()}

    def keep(self, record: r.Record) -> None:
        """Keep a record."""
        kind = FORGOTTEN.get(type(record), type(record))
        if kind in KEPT:
            name, fields = KEPT[kind]
            key = attrgetter(*fields)(record)
            if kind is type(record):
                self.kept[name][key] = record
            else:
                self.kept[name].pop(key, None)
        else:
            getattr(self, f"_{type(record).__name__.lower()}")(record)

    def _conversationopened(self, record: r.ConversationOpened) -> None:
        self.opened[record.conversation] = record

    def _appended(self, record: r.Appended) -> None:
        self.events[record.logged.conversation, record.logged.seq] = record.logged
        self.newest[record.logged.conversation] = record.logged.seq

    def _rewritten(self, record: r.Rewritten) -> None:
        edited = msgspec.structs.replace(record.logged, state="edited")
        if (edited.conversation, edited.seq) in self.events:
            self.events[edited.conversation, edited.seq] = edited

    def _erased(self, record: r.Erased) -> None:
        place = (record.conversation, record.seq)
        if place in self.events:
            self.events[place] = self.events[place].erase(record.state)
        for key in [key for key in self.kept["reactions"] if key[:2] == place]:
            del self.kept["reactions"][key]
        for number, event in self.events.items():
            if event.kind == "edit" and (event.conversation, event.of) == place:
                self.events[number] = msgspec.structs.replace(event, text="", mentions=())

    def _expired(self, record: r.Expired) -> None:
        number = record.conversation
        for event in self._of(number):
            if event.t >= record.before:
                break
            del self.events[number, event.seq]
            self.expired[number] = event.seq
        gone = self.expired.get(number, 0)
        for name, field in (("pins", "seq"), ("reactions", "of")):
            self.kept[name] = {
                key: kept
                for key, kept in self.kept[name].items()
                if kept.conversation != number or getattr(kept, field) > gone
            }

    def _audited(self, record: r.Audited) -> None:
        self.audit.append(record)

    def _accountforgotten(self, record: r.AccountForgotten) -> None:
        for name in OWN:
            kept = self.kept[name]
            self.kept[name] = {key: one for key, one in kept.items() if one.uid != record.uid}

    # What a hub begins with

    def stored(self, ring: int, nonce_after: int = 0) -> Stored:
        """Return what a hub begins with; nonces are those of events after ``nonce_after``, ms."""
        known = {CONSOLE_UID} | {kept.uid for kept in self.kept["sessions"].values()}
        known |= {kept.uid for kept in self.kept["accounts"].values()}
        rooms = tuple(self._room(number, ring) for number in self._of_kind("room"))
        rings = {(event.conversation, event.seq) for room in rooms for event in room.ring}
        reactions = self._in_order("reactions", "conversation", "of", "uid", "emoji")
        gone = self._gone(known)
        return Stored(
            gone=tuple(sorted(dict(gone.values()).items())),
            rooms=rooms,
            privates=tuple(
                StoredPrivate(
                    conversation=number, pair=self._pair(number), seq=self._seq(number), ring=()
                )
                for number in self._of_kind("private")
                if known.issuperset(self._pair(number)) or number in gone
            ),
            sessions=self._in_order("sessions", "since", "token"),
            nonces=self._nonces(known, nonce_after),
            newest_conversation=max(self.opened, default=0),
            newest=max((event.t for event in self.events.values()), default=0),
            reactions=tuple(one for one in reactions if (one.conversation, one.of) in rings),
            accounts=self._in_order("accounts", "uid"),
            tokens=self._in_order("tokens", "uid", "label"),
            resting=self._in_order("resting", "key"),
            memberships=self._open("memberships", "conversation", "uid"),
            sanctions=self._open("sanctions", "conversation", "kind", "target"),
            invitations=self._open("invitations", "conversation", "uid"),
            pins=self._open("pins", "conversation", "seq"),
            markers=self._open("markers", "uid", "conversation"),
            levels=self._open("levels", "uid", "conversation"),
            ignores=self._in_order("ignores", "uid", "other"),
        )

    def _gone(self, known: set[str]) -> dict[int, tuple[str, str]]:
        """Return, by private conversation, who is gone but said something to an account."""
        gone = {}
        for number in self._of_kind("private"):
            unknown = set(self._pair(number)) - known
            if unknown and self.kept["accounts"].keys() & set(self._pair(number)):
                (uid,) = unknown
                said = [event.nick for event in self._of(number) if event.uid == uid]
                if said:
                    gone[number] = (uid, said[-1])
        return gone

    def _is_closed(self, number: int) -> bool:
        kept = self.kept["rooms"].get(number)
        return kept is not None and bool(kept.closed)

    def _of_kind(self, kind: str) -> list[int]:
        found = [number for number, opened in self.opened.items() if opened.kind == kind]
        return sorted(number for number in found if not self._is_closed(number))

    def _of(self, number: int) -> list[Logged]:
        found = [event for event in self.events.values() if event.conversation == number]
        return sorted(found, key=attrgetter("seq"))

    def _seq(self, number: int) -> int:
        return self.newest.get(number, 0)

    def _pair(self, number: int) -> tuple[str, str]:
        return self.opened[number].key, self.opened[number].name

    def _room(self, number: int, ring: int) -> StoredRoom:
        return StoredRoom(
            conversation=number,
            name=self.opened[number].name,
            kept=self.kept["rooms"].get(number, r.RoomKept(conversation=number)),
            seq=self._seq(number),
            ring=tuple(self._of(number)[-ring:]),
            expired=self.expired.get(number, 0),
        )

    def _nonces(self, known: set[str], after: int) -> tuple[StoredNonce, ...]:
        events = sorted(self.events.values(), key=attrgetter("t", "conversation", "seq"))
        return tuple(
            StoredNonce(uid=e.uid, nonce=e.nonce, conversation=e.conversation, seq=e.seq, t=e.t)
            for e in events
            if e.nonce is not None and e.uid in known and e.t > after
        )

    def _in_order(self, name: str, *fields: str) -> tuple[Any, ...]:
        return tuple(sorted(self.kept[name].values(), key=attrgetter(*fields)))

    def _open(self, name: str, *fields: str) -> tuple[Any, ...]:
        kept = self._in_order(name, *fields)
        return tuple(one for one in kept if not self._is_closed(one.conversation))
