"""What is found of several conversations; searching has tests of its own."""

from __future__ import annotations

import itertools
from typing import Any

from chatd.core.queries import (
    CatchUpOn,
    Found,
    HistoryOf,
    MentionsOf,
    PageOf,
    PinsOf,
    Reader,
    UnreadOf,
)
from chatd.core.records import Erased, Record
from chatd.store import reading
from tests.store.folder import InAFolder
from tests.store.records import READER, T, once, place, private, room, said

REPLY: Any = None


def seqs(found: Found) -> tuple[list[tuple[int, int]], bool]:
    """Return where the events are, and whether there are more."""
    events, more = found
    return [(event.conversation, event.seq) for event in events], more


def calling(*seqs: int, conversation: int = 1, **changes: Any) -> list[Record]:
    """Return messages that mention the reader."""
    return said(*seqs, conversation=conversation, mentions=("u3", READER.uid), **changes)


class Mentions(InAFolder):
    """The newest messages that mention one."""

    async def mentions(self, *places: Any, limit: int = 10) -> Any:
        """Return where they are."""
        return seqs(await self.find(MentionsOf(places, READER, limit)))

    async def test_of_several_places_by_time(self) -> None:
        await self.keep(room(), private(), *calling(1, 3), *said(2), *calling(2, conversation=2))
        found = await self.mentions(place(1), place(2))
        assert found == ([(1, 1), (2, 2), (1, 3)], False)

    async def test_the_newest_of_more(self) -> None:
        await self.keep(room(), private(), *calling(1, 3, 5), *calling(2, 4, conversation=2))
        found = await self.mentions(place(1, 5), place(2, 4), limit=3)
        assert found == ([(1, 3), (2, 4), (1, 5)], True)

    async def test_only_where_one_may_read(self) -> None:
        await self.keep(room(), *calling(1, 2, 3, 4))
        assert await self.mentions(place(1, after=1, upto=3)) == ([(1, 2), (1, 3)], False)
        assert await self.mentions() == ([], False)

    async def test_neither_erased_nor_others(self) -> None:
        await self.keep(room(), *calling(1, 2), *said(3, mentions=("u3",)))
        await self.keep(Erased(1, 2, "deleted"))
        assert await self.mentions(place()) == ([(1, 1)], False)


class Unread(InAFolder):
    """How much is unread."""

    async def unread(self, *places: Any, reader: Reader = READER) -> Any:
        """Return the counts."""
        return await self.find(UnreadOf(places, reader, 0, reply=REPLY, levels={}))

    async def test_messages_and_mentions_of_others(self) -> None:
        await self.keep(
            room(), private(), *said(1, 2), *calling(3), *said(4, kind="me"), once(5, "x")
        )
        await self.keep(*said(6, kind="topic"), *said(7, kind="edit", of=1), *said(8, uid="u2"))
        await self.keep(*calling(9, uid="u2"), *calling(10, kind="whisper"))
        counts = await self.unread(place(1), place(2))
        assert counts == {1: (6, 2), 2: (0, 0)}

    async def test_not_the_erased(self) -> None:
        await self.keep(room(), *calling(1, 2), once(3, "x"), once(4, "x"))
        await self.keep(Erased(1, 1, "deleted"), Erased(1, 3, "viewed"))
        assert await self.unread(place()) == {1: (2, 1)}

    async def test_from_the_marker_on(self) -> None:
        await self.keep(room(), *calling(1, 2, 3, 4, 5))
        assert await self.unread(place(1, after=2, upto=4)) == {1: (2, 2)}

    async def test_not_of_those_who_are_ignored(self) -> None:
        await self.keep(room(), *calling(1), *calling(2, uid="u9"))
        reader = Reader(READER.uid, frozenset({"u9", "u8"}))
        assert await self.unread(place(), reader=reader) == {1: (1, 1)}

    async def test_no_more_than_a_bound_is_looked_at(self) -> None:
        self.patch(reading, "MOST_UNREAD", 4)
        await self.keep(room(), *calling(1, 2, 3, 4, 5), *said(6, kind="topic"))
        assert await self.unread(place()) == {1: (3, 4)}


class CatchingUp(InAFolder):
    """The oldest events of each place, place by place."""

    async def caught(self, *places: Any, limit: int) -> Any:
        """Return where they are."""
        return seqs(await self.find(CatchUpOn(places, READER, limit)))

    async def test_place_by_place(self) -> None:
        await self.keep(room(), private(), *said(1, 2, 3), *said(1, 2, 3, conversation=2))
        where = (place(2, after=1), place(1, upto=2))
        whole = [(2, 2), (2, 3), (1, 1), (1, 2)]
        assert await self.caught(*where, limit=10) == (whole, False)
        assert await self.caught(*where, limit=4) == (whole, False)
        for limit in range(1, 4):
            assert await self.caught(*where, limit=limit) == (whole[:limit], True)

    async def test_every_event(self) -> None:
        kinds = ("text", "edit", "topic", "react", "mod")
        events = [said(seq, kind=kind) for seq, kind in enumerate(kinds, 1)]
        await self.keep(room(), *itertools.chain(*events), Erased(1, 1, "deleted"))
        found, _ = await self.find(CatchUpOn((place(),), READER, 10))
        assert [event.kind for event in found] == list(kinds)


class OfOneConversation(InAFolder):
    """History and pins."""

    async def test_history_is_a_page(self) -> None:
        await self.keep(room(), *said(1, 2, 3))
        page = PageOf(1, 0, 4, 2, newest=True)
        found = await self.find(HistoryOf(page, "#lobby", READER))
        assert found == await self.find(page)
        assert seqs(found) == ([(1, 2), (1, 3)], True)

    async def test_pins_oldest_first(self) -> None:
        await self.keep(room(), room(2, "#x"), *said(1, 2, 3), *said(1, 2, conversation=2))
        found = await self.find(PinsOf(1, (3, 1, 9), "#lobby", READER))
        assert [(event.conversation, event.seq) for event in found] == [(1, 1), (1, 3)]

    async def test_a_page_never_tells_what_is_to_be_viewed_once(self) -> None:
        await self.keep(private(), once(1, "secret", 2))
        (event,) = await self.events(2)
        assert (event.kind, event.text, event.t) == ("once", "", T + 1)
        known = await self.event(1, 2)
        assert known is not None
        assert known.text == "secret"
