"""What is older than a room keeps is erased, and its room on the disk is given back."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from typing import Any

from twisted.internet.defer import gatherResults

from chatd.core.queries import EventOf
from chatd.core.records import (
    Appended,
    ConversationOpened,
    Expired,
    PinKept,
    ReactionKept,
    Record,
    RoomKept,
)
from chatd.store import upkeep
from chatd.store.database import connect
from chatd.store.schema import prepare
from chatd.store.upkeep import Upkeep, erase_oldest
from chatd.store.writing import write
from tests.store.folder import InAFolder
from tests.store.records import T, account, kept, logged, once, private, room, said


class Expiring(InAFolder):
    """Retention."""

    async def expire(self, before: int, conversation: int = 1) -> None:
        """Have what was said before a message erased."""
        await self.keep(Expired(conversation, T + before))
        await self.tidied()

    async def seqs(self, conversation: int = 1) -> list[int]:
        """Return the numbers of what is left."""
        return [event.seq for event in await self.events(conversation)]

    async def test_what_is_older_is_erased(self) -> None:
        await self.keep(room(), room(2, "#x"), *said(*range(1, 11)), *said(1, 2, conversation=2))
        await self.expire(8)
        assert (await self.seqs(), await self.seqs(2)) == ([8, 9, 10], [1, 2])
        stored = await self.reopened()
        assert [(found.seq, found.expired) for found in stored.rooms] == [(10, 7), (2, 0)]

    async def test_nothing_that_is_younger(self) -> None:
        await self.keep(room(), *said(1, 2, 3))
        await self.expire(1)
        assert await self.seqs() == [1, 2, 3]
        assert (await self.reopened()).rooms[0].expired == 0

    async def test_numbers_go_on_when_nothing_is_left(self) -> None:
        await self.keep(room(), *said(1, 2, 3))
        await self.expire(1000)
        (found,) = (await self.reopened()).rooms
        assert (found.seq, found.expired, found.ring) == (3, 3, ())
        await self.keep(*said(4))
        (found,) = (await self.reopened()).rooms
        assert (found.seq, found.expired) == (4, 3)

    async def test_so_do_those_of_a_private_conversation(self) -> None:
        await self.keep(private(), *said(1, 2, conversation=2), account(), kept("t", "u2"))
        await self.expire(1000, 2)
        assert (await self.reopened()).privates[0].seq == 2

    async def test_all_that_belongs_to_it(self) -> None:
        await self.keep(room(), room(2, "#x"), *said(1, 2, 3, mentions=("u2", "u3")))
        await self.keep(*said(4, kind="edit", of=1, text="new"), *said(5, kind="edit", of=3))
        await self.keep(*said(1, mentions=("u2",), conversation=2), once(2, "secret", 2))
        await self.keep(*[ReactionKept(1, of, "u2", "👍") for of in (1, 2, 3)])
        await self.keep(ReactionKept(2, 1, "u2", "👍"), PinKept(1, 2), PinKept(1, 3), PinKept(2, 1))
        await self.expire(3)
        third, other = 1 << 32 | 3, 2 << 32 | 1
        assert await self.rows("mentions") == [("u2", third), ("u2", other), ("u3", third)]
        assert await self.rows("reactions") == [(third, "u2", "👍"), (other, "u2", "👍")]
        assert await self.rows("pins") == [(1, 3), (2, 1)]
        assert [event.text for event in await self.events()] == ["line 3", "", "line 5"]
        assert (await self.find(EventOf(2, 2, ""))).logged.text == "secret"
        await self.expire(1000, 2)
        assert await self.rows("secrets") == []

    async def test_in_small_portions(self) -> None:
        sizes: list[int] = []
        erase = upkeep.erase_oldest

        def note(*args: Any) -> int:
            sizes.append(erase(*args))
            return sizes[-1]

        self.patch(upkeep, "erase_oldest", note)
        await self.keep(room(), *said(*range(1, 3000)))
        await self.expire(2500)
        assert sum(sizes) == 2499
        assert len(sizes) > 2
        assert (await self.seqs())[0] == 2500

    async def test_commits_meanwhile(self) -> None:
        await self.keep(room(), room(2, "#x"), *said(*range(1, 3000)))
        await self.keep(Expired(1, T + 3000))
        for seq in range(1, 30):
            await self.keep(*said(seq, conversation=2), *said(3000 + seq, t=T + 9000))
            if seq == 1:
                assert self.store._upkeep.pending
        await self.tidied()
        assert (await self.seqs(2)) == list(range(1, 30))
        assert (await self.seqs()) == list(range(3001, 3030))

    async def test_it_is_said_again_and_for_several(self) -> None:
        rooms = [room(number, f"#{number}") for number in range(1, 6)]
        await self.keep(*rooms)
        for number in range(1, 6):
            await self.keep(*said(*range(1, 10), conversation=number))
        await gatherResults(
            [self.store.commit([Expired(n, T + n + k)]) for n in range(1, 6) for k in (1, 3, 2)]
        )
        await self.tidied()
        assert [(await self.seqs(number))[0] for number in range(1, 6)] == [4, 5, 6, 7, 8]

    async def test_the_file_becomes_smaller(self) -> None:
        await self.keep(room(), *said(*range(1, 4000), text="x" * 300))
        await self.reopened()
        before = self.path.stat().st_size
        assert before > 1_000_000
        await self.expire(3900)
        assert self.path.stat().st_size < before / 4
        assert self.files_with("line") == []
        assert await self.seqs() == list(range(3900, 4000))

    async def test_the_room_that_a_stop_in_the_middle_left_is_given_back(self) -> None:
        await self.keep(room(), *said(*range(1, 4000), text="x" * 300))
        assert self.store._writer is not None
        self.store._writer.execute("DELETE FROM events WHERE id > 0")
        await self.reopened()
        await self.tidied()
        assert self.path.stat().st_size < 300_000

    async def test_a_stop_in_the_middle_leaves_a_whole_database(self) -> None:
        await self.keep(room(), *said(*range(1, 3000)))
        await self.keep(Expired(1, T + 3000))
        (found,) = (await self.reopened()).rooms
        assert found.seq == 2999
        left = await self.seqs()
        assert left == list(range(found.expired + 1, 3000))
        await self.expire(3000)
        assert await self.seqs() == []


def test_a_portion_fits_the_time_it_takes(tmp_path: Any) -> None:
    now, spent = [0.0], 0.0001

    def clock() -> float:
        now[0] += spent
        return now[0]

    prepare(tmp_path / "chat.db")
    with closing(connect(tmp_path / "chat.db")) as database:
        keep(database, room(), *said(*range(1, 1000)))
        work = Upkeep(clock)
        work.committed([Expired(1, T + 1000)], database)
        left = [count(database)]
        while work._expiring:
            work.step(database)
            left.append(count(database))
            # The third portion takes long, and so do those behind it.
            spent = 0.0001 if len(left) < 3 else 0.02
        portions = [before - after for before, after in itertools.pairwise(left)]
        assert portions == [64, 128, 256, 128, 64, 64, 64, 64, 64, 64, 39]


def test_of_a_room_that_was_closed(tmp_path: Any) -> None:
    prepare(tmp_path / "chat.db")
    with closing(connect(tmp_path / "chat.db")) as database:
        again = ConversationOpened(2, "room", "#lobby", "#lobby", T)
        keep(database, room(), *said(1), RoomKept(conversation=1, closed=True), again)
        keep(database, Appended(logged(1, 2)))
        assert erase_oldest(database, 1, T + 5, 10) == 1
        assert erase_oldest(database, 1, T + 5, 10) == 0
        assert count(database) == 1


def keep(database: sqlite3.Connection, *records: Record) -> None:
    """Write records."""
    for record in records:
        write(record, database)


def count(database: sqlite3.Connection) -> int:
    """Return how many events there are."""
    return int(database.execute("SELECT count(*) FROM events").fetchone()[0])
