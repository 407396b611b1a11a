"""The store in an SQLite database."""

from __future__ import annotations

import sqlite3
import stat

import pytest
from twisted.internet import defer
from zope.interface.verify import verifyObject

from chatd.core.inputs import Stored, StoredNonce, StoredPrivate, StoredRoom
from chatd.core.queries import PageOf
from chatd.core.records import Appended, ConversationOpened, Record, RoomKept, SessionForgotten
from chatd.core.turn import CONSOLE_UID
from chatd.store import IStore
from chatd.store.sqlite import SQLiteStore
from tests.store.folder import InAFolder, reactor
from tests.store.records import T, account, kept, logged, private, room, said


class Keeping(InAFolder):
    """What is committed is there after the next start."""

    async def test_it_is_a_store(self) -> None:
        assert verifyObject(IStore, self.store)

    async def test_a_new_one_holds_nothing(self) -> None:
        assert self.stored == Stored()

    async def test_its_files_are_its_owners_alone(self) -> None:
        await self.keep(room(), *said(1))
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in self.path.parent.iterdir()
        }
        assert set(modes.values()) == {0o600}
        assert "chat.db-wal" in modes

    async def test_a_commit_is_on_disk_when_it_returns(self) -> None:
        await self.keep(room(), *said(1))
        assert self.store._writer is not None
        pragma = self.store._writer.execute
        assert pragma("PRAGMA journal_mode").fetchone() == ("wal",)
        assert pragma("PRAGMA synchronous").fetchone() == (2,)
        other = sqlite3.connect(self.path)
        assert other.execute("SELECT count(*) FROM events").fetchone() == (1,)
        other.close()

    async def test_rooms_topics_and_newest_events(self) -> None:
        words = RoomKept(conversation=1, topic="words")
        await self.keep(room(), *said(1, 2, 3, 4, 5), words)
        await self.keep(room(7, "#Ops"))
        stored = await self.reopened()
        assert stored.rooms == (
            StoredRoom(
                conversation=1,
                name="#lobby",
                kept=words,
                seq=5,
                ring=(logged(3), logged(4), logged(5)),
            ),
            StoredRoom(conversation=7, name="#Ops", kept=RoomKept(conversation=7), seq=0, ring=()),
        )
        assert stored.newest_conversation == 7

    async def test_every_part_of_an_event(self) -> None:
        event = logged(
            1,
            kind="whisper",
            text="zwei\nZeilen 👍\x7f",
            of=7,
            room="#lobby",
            mentions=("u2", "u3"),
            nonce="n'1",
        )
        await self.keep(room(), Appended(event))
        assert await self.event(1) == event
        assert (await self.reopened()).rooms[0].ring == (event,)

    async def test_sessions(self) -> None:
        await self.keep(kept(), kept("t2", "u2", away="lunch", current="@u1", nick="bo"))
        await self.keep(kept(nick="anna"), kept("t3", "u3"))
        await self.keep(SessionForgotten("t3"), SessionForgotten("never"))
        assert (await self.reopened()).sessions == (
            kept(nick="anna"),
            kept("t2", "u2", away="lunch", current="@u1", nick="bo"),
        )

    async def test_private_conversations_of_those_who_can_come_back(self) -> None:
        others = [private(3, ("u1", "gone")), private(4, ("gone", "u2"))]
        await self.keep(private(), *said(1, 2, conversation=2), *others)
        await self.keep(private(5, (CONSOLE_UID, "u2")), private(6, ("u2", "u2")))
        await self.keep(account(), kept("t2", "u2"))
        assert (await self.reopened()).privates == (
            StoredPrivate(conversation=2, pair=("u1", "u2"), seq=2, ring=()),
            StoredPrivate(conversation=5, pair=(CONSOLE_UID, "u2"), seq=0, ring=()),
            StoredPrivate(conversation=6, pair=("u2", "u2"), seq=0, ring=()),
        )

    async def test_nonces_of_those_who_can_come_back(self) -> None:
        await self.keep(room(), *said(1), *said(2, nonce="n"), *said(3, nonce="n", uid="gone"))
        await self.keep(kept(), account("u2"), *said(4, nonce="n", uid="u2"))
        assert (await self.reopened()).nonces == (
            StoredNonce(uid="u1", nonce="n", conversation=1, seq=2, t=T + 2),
            StoredNonce(uid="u2", nonce="n", conversation=1, seq=4, t=T + 4),
        )

    async def test_nonces_of_yesterday_are_forgotten(self) -> None:
        await self.keep(room(), *said(1, 2, nonce="n"), kept())
        await self.store.close()
        self.store = SQLiteStore(reactor, self.path)
        self.addCleanup(self.store.close)
        assert [nonce.seq for nonce in self.store.open(3, T + 1).nonces] == [2]

    async def test_a_closed_room_is_gone_and_its_name_is_free(self) -> None:
        await self.keep(room(), *said(1), RoomKept(conversation=1, closed=True))
        again = ConversationOpened(2, "room", "#lobby", "#Lobby", T)
        await self.keep(again, *said(1, conversation=2))
        stored = await self.reopened()
        assert [(found.conversation, found.name) for found in stored.rooms] == [(2, "#Lobby")]
        assert stored.newest_conversation == 2


class Failing(InAFolder):
    """A commit is all or nothing."""

    async def refused(self, *records: Record) -> None:
        """Check that a commit fails."""
        with pytest.raises(sqlite3.Error):
            await self.store.commit(records)

    async def test_one_bad_record_keeps_all_others_out(self) -> None:
        await self.keep(room(), *said(1))
        await self.refused(*said(2), kept(), *said(1))
        assert await self.event(2) is None
        assert (await self.reopened()).sessions == ()

    async def test_the_next_commit_is_not_concerned(self) -> None:
        await self.keep(room(), *said(1))
        await self.refused(*said(1))
        await self.keep(*said(2))
        assert await self.event(2) == logged(2)

    async def test_a_failing_disk_keeps_nothing_and_the_same_works_later(self) -> None:
        await self.keep(room())
        self.run_sql(
            "CREATE TRIGGER full BEFORE INSERT ON events WHEN new.id & 4294967295 = 2"
            " BEGIN SELECT raise(ABORT, 'disk full'); END"
        )
        await self.refused(*said(1, 2))
        assert await self.event(1) is None
        self.run_sql("DROP TRIGGER full")
        await self.keep(*said(1, 2))
        assert await self.event(2) == logged(2)

    def run_sql(self, statement: str) -> None:
        """Change the database from outside."""
        other = sqlite3.connect(self.path)
        other.execute(statement)
        other.commit()
        other.close()

    async def test_commits_are_made_in_the_order_they_were_asked_for(self) -> None:
        commits = [self.store.commit([room()])]
        commits += [self.store.commit(said(seq)) for seq in range(1, 21)]
        await defer.gatherResults(commits)
        assert [event.seq for event in await self.events()] == list(range(1, 21))

    async def test_closing_finishes_what_is_under_way(self) -> None:
        commits = [self.store.commit([room()]), self.store.commit(said(1, 2))]
        await self.store.close()
        await defer.gatherResults(commits)
        self.store = self.opened()
        assert self.stored.rooms[0].seq == 2

    async def test_closing_twice_does_no_harm(self) -> None:
        await self.store.close()
        await self.store.close()


class Reading(InAFolder):
    """Pages."""

    async def page(
        self, after: int = 0, before: int = 1000, limit: int = 3, *, newest: bool = True
    ) -> tuple[list[int], bool]:
        """Return the numbers on a page of ten messages, and whether there is more."""
        await self.store.commit([room(), room(2, "#ops"), room(0, "#x")])
        await self.store.commit(said(*range(1, 11)))
        await self.store.commit([*said(1, 2, conversation=2), *said(1, 2, conversation=0)])
        page, more = await self.find(PageOf(1, after, before, limit, newest=newest))
        assert page == [logged(event.seq) for event in page]
        return [event.seq for event in page], more

    async def test_the_newest(self) -> None:
        assert await self.page() == ([8, 9, 10], True)

    async def test_all(self) -> None:
        assert await self.page(limit=10) == (list(range(1, 11)), False)

    async def test_those_before(self) -> None:
        assert await self.page(before=4) == ([1, 2, 3], False)

    async def test_those_just_before_with_more(self) -> None:
        assert await self.page(before=5) == ([2, 3, 4], True)

    async def test_those_after(self) -> None:
        assert await self.page(after=7, newest=False) == ([8, 9, 10], False)

    async def test_those_just_after_with_more(self) -> None:
        assert await self.page(after=2, newest=False) == ([3, 4, 5], True)

    async def test_none_before_the_first(self) -> None:
        assert await self.page(before=1) == ([], False)

    async def test_none_after_the_last(self) -> None:
        assert await self.page(after=10) == ([], False)

    async def test_numbers_out_of_bounds(self) -> None:
        assert await self.page(-(10**30), 10**30, 100) == (list(range(1, 11)), False)
        page, more = await self.find(PageOf(1, 10**30, 10**40, 5, newest=False))
        assert (page, more) == ([], False)

    async def test_one_event(self) -> None:
        await self.page()
        assert await self.event(5) == logged(5)

    async def test_no_event(self) -> None:
        await self.page()
        found = [
            await self.event(0),
            await self.event(11),
            await self.event(1, 9),
            await self.event(2**40),
        ]
        assert found == [None] * 4
