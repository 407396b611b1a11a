"""A store in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from twisted.internet import reactor as installed
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from chatd.core.inputs import Stored
from chatd.core.log import Logged
from chatd.core.queries import EventOf, PageOf, Query, Remembered
from chatd.core.records import Record
from chatd.store.sqlite import SQLiteStore

reactor: Any = installed  # its type says less than it can do
RING = 3
ALL = 100_000


class InAFolder(TestCase):
    """Tests of a store that is closed at the end of each."""

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "chat.db"
        self.store = self.opened()

    def opened(self) -> SQLiteStore:
        """Return a store of the same file, open; ``stored`` is what was in it."""
        store = SQLiteStore(reactor, self.path)
        self.stored = store.open(RING, 0)
        self.addCleanup(store.close)
        return store

    async def reopened(self) -> Stored:
        """Close the store and open it again; return what was in it."""
        await self.store.close()
        self.store = self.opened()
        return self.stored

    async def keep(self, *records: Record) -> None:
        """Commit records."""
        await self.store.commit(records)

    async def find(self, query: Query) -> Any:
        """Return what a query finds."""
        return await self.store.find(query)

    async def remembered(self, seq: int, conversation: int = 1, uid: str = "") -> Remembered:
        """Return what is stored of an event."""
        found: Remembered = await self.find(EventOf(conversation, seq, uid))
        return found

    async def event(self, seq: int, conversation: int = 1) -> Logged | None:
        """Return a stored event."""
        return (await self.remembered(seq, conversation)).logged

    async def events(self, conversation: int = 1) -> list[Logged]:
        """Return all events of a conversation."""
        found: list[Logged]
        found, _ = await self.find(PageOf(conversation, 0, ALL, ALL, newest=True))
        return found

    async def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Return the rows of a table."""
        assert self.store._writer is not None
        return self.store._writer.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608

    async def tidied(self) -> None:
        """Wait until nothing is left to do between commits."""
        while self.store._upkeep.pending:
            await deferLater(reactor, 0.01)

    def files_with(self, text: str) -> list[str]:
        """Return the files of the folder in which a text stands."""
        # The log before the file: what is moved meanwhile is in one of them.
        files = sorted(self.path.parent.iterdir(), reverse=True)
        return sorted(path.name for path in files if text.encode() in path.read_bytes())
