"""Every record is kept, and removed again."""

from __future__ import annotations

from typing import Any

import msgspec

from chatd.core import records as r
from chatd.core.queries import AuditOf
from chatd.store.writing import STATEMENTS
from tests.store.folder import InAFolder
from tests.store.records import T, account, logged, private, room, said

BAN = r.SanctionKept(
    conversation=1, kind="ban", target="u9", nick="eve", who="ana", t=T, until=None, why="spam"
)
MUTE = msgspec.structs.replace(BAN, kind="mute", until=T + 1)
MEMBER = r.MembershipKept(conversation=1, uid="u1", role="owner", since=0)
TOKEN = r.TokenKept(uid="u1", label="bot", digest="abc", created=T, used=None)
ACT = r.Audited(
    t=T, who="ana", uid="u1", action="kick", whom="eve", room="#ops", address="::1", why="spam"
)


def every(kind: type[Any]) -> list[type[Any]]:
    """Return all kinds of a kind."""
    return [one for sub in kind.__subclasses__() for one in (sub, *every(sub))]


def test_each_has_a_statement() -> None:
    apart = {r.AccountForgotten, r.Appended, r.Erased, r.Expired, r.Rewritten}
    assert set(every(r.Record)) == {*STATEMENTS, *apart}


class Rooms(InAFolder):
    """What is kept of a room."""

    async def test_how_it_is_set(self) -> None:
        kept = r.RoomKept(
            conversation=1,
            topic="words",
            private=True,
            secret="hash",
            history="joined",
            retain=86_400_000,
            slow=5,
        )
        await self.keep(room(), r.RoomKept(conversation=1, retain=1), kept)
        assert (await self.reopened()).rooms[0].kept == kept

    async def test_members(self) -> None:
        other = msgspec.structs.replace(MEMBER, uid="u2", role="member", since=7)
        await self.keep(room(), MEMBER, other)
        promoted = msgspec.structs.replace(other, role="moderator")
        await self.keep(promoted, r.MembershipForgotten(1, "u1"))
        assert (await self.reopened()).memberships == (promoted,)

    async def test_sanctions(self) -> None:
        await self.keep(room(), BAN, MUTE)
        longer = msgspec.structs.replace(MUTE, until=T + 5)
        await self.keep(longer, r.SanctionForgotten(1, "ban", "u9"))
        assert (await self.reopened()).sanctions == (longer,)

    async def test_invitations(self) -> None:
        await self.keep(room(), r.InvitationKept(1, "u1", "ana"), r.InvitationKept(1, "u2", "ana"))
        await self.keep(r.InvitationKept(1, "u2", "bo"), r.InvitationForgotten(1, "u1"))
        assert (await self.reopened()).invitations == (r.InvitationKept(1, "u2", "bo"),)

    async def test_pins(self) -> None:
        await self.keep(room(), r.PinKept(1, 5), r.PinKept(1, 3), r.PinKept(1, 5))
        await self.keep(r.PinForgotten(1, 3), r.PinForgotten(1, 4))
        assert (await self.reopened()).pins == (r.PinKept(1, 5),)

    async def test_nothing_of_a_closed_one(self) -> None:
        level, marker = r.LevelKept("u1", 1, "none"), r.MarkerKept("u1", 1, 1)
        await self.keep(room(), MEMBER, BAN, r.InvitationKept(1, "u2", "ana"), r.PinKept(1, 1))
        await self.keep(level, marker, r.RoomKept(conversation=1, closed=True))
        stored = await self.reopened()
        assert stored.rooms + stored.memberships + stored.sanctions + stored.invitations == ()
        assert stored.pins + stored.levels + stored.markers == ()


class People(InAFolder):
    """What is kept of people."""

    async def test_accounts(self) -> None:
        await self.keep(account(), account("u2", "bo"))
        changed = account("u2", "Bo", role="admin", digest="new", seen=T + 1)
        await self.keep(changed)
        assert (await self.reopened()).accounts == (account(), changed)

    async def test_a_deleted_account_leaves_nothing_of_its_own(self) -> None:
        for uid, name in (("u1", "ana"), ("u2", "bo")):
            await self.keep(
                account(uid, name),
                msgspec.structs.replace(TOKEN, uid=uid),
                msgspec.structs.replace(MEMBER, uid=uid),
                r.InvitationKept(1, uid, "cy"),
                r.MarkerKept(uid, 1, 5),
                r.LevelKept(uid, 1, "all"),
                r.IgnoreKept(uid, "u3", "cy"),
            )
        await self.keep(room(), *said(1), BAN, r.AccountForgotten("u1"))
        stored = await self.reopened()
        assert [kept.uid for kept in stored.accounts] == ["u2"]
        for field in ("tokens", "memberships", "invitations", "markers", "levels", "ignores"):
            assert [kept.uid for kept in getattr(stored, field)] == ["u2"], field
        assert stored.sanctions == (BAN,)
        assert stored.rooms[0].ring == (logged(1),)

    async def test_tokens(self) -> None:
        used = msgspec.structs.replace(TOKEN, used=T + 1)
        other = msgspec.structs.replace(TOKEN, label="old")
        await self.keep(TOKEN, other, used, r.TokenForgotten("u1", "old"))
        assert (await self.reopened()).tokens == (used,)

    async def test_names_that_rest(self) -> None:
        rests = r.NameRested("ana", "Ana", "u1", T + 1)
        await self.keep(rests, r.NameRested("bo", "bo", "u2", T + 1), r.NameFreed("bo"))
        assert (await self.reopened()).resting == (rests,)

    async def test_markers_and_levels(self) -> None:
        await self.keep(r.MarkerKept("u1", 1, 5), r.MarkerKept("u1", 1, 7))
        await self.keep(r.LevelKept("u1", 1, "none"), r.LevelKept("u1", 1, "mentions"))
        stored = await self.reopened()
        assert stored.markers == (r.MarkerKept("u1", 1, 7),)
        assert stored.levels == (r.LevelKept("u1", 1, "mentions"),)

    async def test_whom_one_ignores(self) -> None:
        await self.keep(r.IgnoreKept("u1", "u2", "bo"), r.IgnoreKept("u1", "u3", "cy"))
        await self.keep(r.IgnoreForgotten("u1", "u3"))
        assert (await self.reopened()).ignores == (r.IgnoreKept("u1", "u2", "bo"),)

    async def test_two_accounts_of_one_name_are_refused(self) -> None:
        await self.keep(account())
        with self.assertRaises(Exception):  # noqa: B017, PT027  whatever the store calls it
            await self.keep(account("u2"))
        assert (await self.reopened()).accounts == (account(),)

    async def test_acts_are_only_added(self) -> None:
        await self.keep(ACT, msgspec.structs.replace(ACT, action="ban"))
        await self.reopened()
        found = await self.find(AuditOf(10))
        assert found == [(1, ACT), (2, msgspec.structs.replace(ACT, action="ban"))]
        assert self.store._writer is not None
        for statement in ("DELETE FROM audit", "UPDATE audit SET who = 'nobody'"):
            with self.assertRaisesRegex(Exception, "only added to"):  # noqa: PT027
                self.store._writer.execute(statement)

    async def test_the_newest_acts(self) -> None:
        await self.keep(*[msgspec.structs.replace(ACT, why=str(n)) for n in range(5)])
        assert [(n, act.why) for n, act in await self.find(AuditOf(2))] == [(4, "3"), (5, "4")]


class Messages(InAFolder):
    """What changes a message."""

    async def test_reactions(self) -> None:
        await self.keep(room(), *said(1, 2, 3, 4, 5), private(), *said(1, conversation=2))
        for of, uid, emoji in ((1, "u1", "🎉"), (3, "u1", "👍"), (4, "u2", "👍"), (4, "u1", "👍")):
            await self.keep(r.ReactionKept(1, of, uid, emoji))
        await self.keep(r.ReactionKept(2, 1, "u1", "👍"), r.ReactionForgotten(1, 4, "u2", "👍"))
        assert (await self.remembered(1, uid="u1")).emoji == {"🎉"}
        assert (await self.remembered(4, uid="u2")).emoji == set()
        # Only those under what is in a room's ring.
        kept = (r.ReactionKept(1, 3, "u1", "👍"), r.ReactionKept(1, 4, "u1", "👍"))
        assert (await self.reopened()).reactions == kept

    async def test_an_edit(self) -> None:
        await self.keep(room(), *said(1, mentions=("u2", "u3")))
        new = logged(1, text="other words", mentions=("u3", "u4"))
        await self.keep(r.Rewritten(new))
        assert await self.event(1) == msgspec.structs.replace(new, state="edited")
        assert sorted(await self.rows("mentions")) == [("u3", 1 << 32 | 1), ("u4", 1 << 32 | 1)]

    async def test_a_deletion(self) -> None:
        await self.keep(room(), *said(1, 2, mentions=("u2",), nonce="n"), r.PinKept(1, 1))
        await self.keep(r.ReactionKept(1, 1, "u1", "👍"), r.ReactionKept(1, 2, "u1", "👍"))
        await self.keep(*said(3, 4, kind="edit", of=1, mentions=("u2",)))
        await self.keep(*said(5, kind="edit", of=2), room(2, "#x"))
        await self.keep(*said(1, 2, conversation=2, kind="edit", of=1))
        await self.keep(r.Erased(1, 1, "deleted"))
        erased = logged(1, mentions=("u2",), nonce="n").erase("deleted")
        assert [event.text for event in await self.events()] == ["", "line 2", "", "", "line 5"]
        assert await self.event(1) == erased
        assert await self.event(3) == logged(3, kind="edit", of=1, text="")
        assert [event.text for event in await self.events(2)] == ["line 1", "line 2"]
        assert await self.rows("reactions") == [(1 << 32 | 2, "u1", "👍")]
        assert await self.rows("mentions") == [("u2", 1 << 32 | 2)]
        assert (await self.reopened()).rooms[0].ring[0] == logged(3, kind="edit", of=1, text="")

    async def test_other_events_call_nobody(self) -> None:
        await self.keep(room(), *said(1, 2, kind="edit", mentions=("u2",)))
        assert await self.rows("mentions") == []
