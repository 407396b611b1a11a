"""What was erased is nowhere: neither in a file of the folder nor in the index."""

from __future__ import annotations

import random
import sqlite3
from typing import Any

from twisted.internet.defer import ensureDeferred, gatherResults
from twisted.internet.task import deferLater

from chatd.core.log import Logged
from chatd.core.records import Appended, Erased, Record
from chatd.store import upkeep
from chatd.store.database import connect
from tests.store.folder import InAFolder, reactor
from tests.store.records import logged, once, private, room, said

SECRET = "Zwiebelkuchenrezept"
SHORT, LARGE = SECRET, f"{SECRET} {'x' * 9000} {SECRET}"


def erased(event: Logged) -> Record:
    """Return the record that erases what was viewed or deleted."""
    state = "viewed" if event.kind == "once" else "deleted"
    return Erased(event.conversation, event.seq, state)


class ViewedOnce(InAFolder):
    """A text that was viewed once."""

    async def test_short_and_large(self) -> None:
        for seq, text in enumerate((SHORT, LARGE, SHORT, LARGE), 1):
            await self.keep(*([private()] if seq == 1 else []), once(seq, text, 2))
            assert self.files_with(SECRET) != []
            await self.keep(Erased(2, seq, "viewed" if seq < 3 else "deleted"))
            assert self.files_with(SECRET) == []
            assert await self.event(seq, 2) == logged(
                seq, 2, kind="once", text="", state="viewed" if seq < 3 else "deleted"
            )

    async def test_it_is_gone_when_the_commit_is_done(self) -> None:
        await self.keep(private())
        for seq in range(1, 30):
            await self.keep(once(seq, SECRET, 2), *said(seq, conversation=2 + seq))
            await self.keep(Erased(2, seq, "viewed"), *said(seq + 1, conversation=2 + seq))
            assert self.files_with(SECRET) == []

    async def test_said_and_viewed_in_one_commit(self) -> None:
        await self.keep(private(), once(1, SECRET, 2), Erased(2, 1, "viewed"))
        assert self.files_with(SECRET) == []

    async def test_others_stay(self) -> None:
        await self.keep(private(), once(1, SECRET, 2), once(2, "another", 2))
        await self.keep(Erased(2, 1, "viewed"))
        other = await self.event(2, 2)
        assert other is not None
        assert other.text == "another"
        assert self.files_with(SECRET) == []

    async def test_among_many_conversations_whose_pages_split(self) -> None:
        """Pages that split leave copies behind of what they held; not of these texts."""
        chance = random.Random(1)
        newest = dict.fromkeys(range(1, 21), 0)
        secrets: list[Logged] = []
        for _ in range(40):
            records: list[Record] = []
            for _ in range(150):
                conversation = chance.choice(list(newest))
                newest[conversation] += 1
                size = chance.choice([0, 10, 100, 1000, 3900, 4200, 9000])
                text, kind = "y" * chance.randrange(5, 300), "text"
                if chance.random() < 0.1:
                    text, kind = f"{'x' * size}{SECRET}", "once"
                event = logged(newest[conversation], conversation, text=text, kind=kind)
                records.append(Appended(event))
                secrets += [event] * (kind == "once")
            await self.keep(*records)
        chance.shuffle(secrets)
        for start in range(0, len(secrets), 50):
            await self.keep(*[erased(event) for event in secrets[start : start + 50]])
        assert len(secrets) > 500
        assert self.files_with(SECRET) == []

    async def test_it_is_never_in_the_index(self) -> None:
        await self.keep(private(), *said(1, conversation=2), once(2, SECRET, 2))
        while self.store._index.done < self.store._changed:
            await self.store._indexing.run()
        assert [name for name in self.files_with(SECRET) if name.startswith("search")] == []


class WhileOthersRead(InAFolder):
    """Who reads holds on to the log; the text is gone as soon as he is done."""

    def reader(self) -> sqlite3.Connection:
        """Return a connection that has begun to read."""
        connection = connect(self.path, readonly=True)
        self.addCleanup(connection.close)
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM events").fetchone()
        return connection

    async def test_the_commit_does_not_wait_for_a_reader_that_stays(self) -> None:
        await self.keep(private(), once(1, SECRET, 2))
        reader = self.reader()
        await self.keep(Erased(2, 1, "viewed"))
        assert self.files_with(SECRET) != []
        await self.keep(*said(2, conversation=2))
        reader.execute("COMMIT")
        await self.tidied()
        assert self.files_with(SECRET) == []

    async def test_a_reader_that_stays_while_the_store_is_reopened(self) -> None:
        await self.keep(private(), once(1, SECRET, 2))
        reader = self.reader()
        await self.keep(Erased(2, 1, "viewed"))
        await self.reopened()
        assert self.files_with(SECRET) != []
        reader.execute("COMMIT")
        await self.tidied()
        assert self.files_with(SECRET) == []

    async def test_with_readers_all_the_time(self) -> None:
        await self.keep(private(), once(1, LARGE, 2), *said(*range(2, 500), conversation=2))
        reading = True

        async def read() -> None:
            while reading:
                await self.events(2)

        readers = gatherResults([ensureDeferred(read()) for _ in range(4)])
        await self.keep(Erased(2, 1, "viewed"))
        await self.tidied()
        assert self.files_with(SECRET) == []
        reading = False
        await readers

    async def test_a_log_that_cannot_be_written_back_fails_no_commit(self) -> None:
        await self.keep(private(), once(1, SECRET, 2))

        def fail(*_: Any) -> bool:
            raise sqlite3.OperationalError("disk full")

        self.patch(upkeep, "truncate_log", fail)
        await self.keep(Erased(2, 1, "viewed"))
        known = await self.event(1, 2)
        assert known is not None
        assert known.erased
        assert self.store._upkeep.pending


class Deleted(InAFolder):
    """A message that was deleted, and what was found by its words."""

    async def indexed(self) -> None:
        """Wait for the index."""
        while self.store._index.done < self.store._changed:
            assert await self.store._indexing.run()

    async def test_its_text_is_gone_from_the_database_at_once(self) -> None:
        await self.keep(room(), *said(1, text=SHORT), *said(2, text=LARGE), *said(3))
        await self.keep(Erased(1, 1, "deleted"), Erased(1, 2, "deleted"))
        assert self.files_with(SECRET) == []

    async def test_its_edits_are_gone_as_well(self) -> None:
        await self.keep(room(), *said(1), *said(2, kind="edit", of=1, text=SECRET))
        await self.keep(Erased(1, 1, "deleted"))
        assert self.files_with(SECRET) == []

    async def test_its_words_are_gone_from_the_index_when_it_was_tidied(self) -> None:
        await self.keep(room(), *said(*range(1, 400)))
        await self.indexed()
        await self.keep(*said(400, text=f"{SECRET} word"), *said(401, text="word"))
        await self.indexed()
        assert self.files_with(SECRET.lower()) != []
        await self.keep(Erased(1, 400, "deleted"))
        await self.indexed()
        self.store._index._rested = 0.0
        self.store._indexing.wake()
        for _ in range(1000):
            if not self.files_with(SECRET.lower()):
                break
            await deferLater(reactor, 0.01)
        assert self.files_with(SECRET.lower()) == []
        assert self.files_with(SECRET) == []

    async def test_its_text_is_gone_from_the_index_at_once(self) -> None:
        text = f"{SECRET} or something like that"
        await self.keep(room(), *said(*range(1, 400)), *said(400, text=text))
        await self.indexed()
        assert "search.db-wal" in self.files_with(text)
        await self.keep(Erased(1, 400, "deleted"))
        await self.indexed()
        # As soon as the index has nothing else to do.
        assert await self.store._indexing.run()
        assert self.files_with(text) == []
