"""Finding messages by their words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import defer

from chatd.core.queries import Place, SearchFor
from chatd.core.records import Erased, Record, Rewritten
from chatd.store import indexing, searching
from chatd.store.searching import search
from tests.memory import new_database
from tests.store.folder import InAFolder
from tests.store.records import READER, T, logged, once, place, private, room, said


def texts(*texts: str, conversation: int = 1, **changes: Any) -> list[Record]:
    """Return messages with these texts, from number 1 on."""
    made: list[Record] = []
    for seq, text in enumerate(texts, 1):
        made += said(seq, conversation=conversation, text=text, **changes)
    return made


class Searching(InAFolder):
    """Searches of a small chat."""

    async def search(
        self, *terms: str, where: tuple[Place, ...] = (), limit: int = 10, **filters: Any
    ) -> Any:
        """Return the numbers of the hits, and whether there are more."""
        query = SearchFor(where or (place(),), READER, limit, terms=terms, **filters)
        found, more = await self.find(query)
        return [event.seq for event in found], more

    async def test_all_words_in_any_order_and_case(self) -> None:
        await self.keep(room(), *texts("The pager is broken", "broken window", "pager, broken"))
        assert await self.search("broken", "PAGER") == ([1, 3], False)
        assert await self.search("nothing") == ([], False)

    async def test_phrases_and_beginnings(self) -> None:
        await self.keep(room(), *texts("deploy on friday", "on deploy friday", "redeploy now"))
        assert await self.search("deploy on") == ([1], False)
        assert await self.search("dep*") == ([1, 2], False)
        assert await self.search("d*", "friday") == ([1, 2], False)
        assert await self.search("on fri*") == ([1], False)

    async def test_letters_with_and_without_marks(self) -> None:
        await self.keep(room(), *texts("Żółć i café", "ночь"))
        assert await self.search("cafe") == ([1], False)
        assert await self.search("НОЧЬ") == ([2], False)

    async def test_within_what_is_written_without_spaces(self) -> None:
        await self.keep(
            room(), *texts("服务器今天重启了", "서버 재시작", "サーバーを再起動する", "重 启")
        )
        assert await self.search("今天") == ([1], False)
        assert await self.search("重启") == ([1, 4], False)
        assert await self.search("重今") == ([], False)
        assert await self.search("再起*") == ([3], False)
        assert await self.search("서버") == ([2], False)

    async def test_all_that_somebody_said(self) -> None:
        await self.keep(room(), *texts("one", "two"))
        assert await self.search(author="ana") == ([1, 2], False)
        assert await self.search(author="nobody") == ([], False)

    async def test_all_kinds_of_messages_and_nothing_else(self) -> None:
        kinds = ("text", "me", "whisper", "edit", "topic", "mod")
        await self.keep(room(), *[said(n, kind=k, text="word")[0] for n, k in enumerate(kinds, 1)])
        await self.keep(once(7, "word"))
        assert await self.search("word") == ([1, 2, 3], False)

    async def test_what_was_edited_and_erased(self) -> None:
        await self.keep(room(), *texts("one word", "two word", "three word"))
        await self.keep(Rewritten(logged(1, text="other")), Erased(1, 2, "deleted"))
        assert await self.search("word") == ([3], False)
        assert await self.search("one") == ([], False)
        assert await self.search("other") == ([1], False)

    async def test_only_where_one_may_read(self) -> None:
        await self.keep(room(), *texts("word", "word", "word", "word"))
        await self.keep(room(2, "#secret"), *texts("word", "word", conversation=2))
        await self.keep(room(0, "#zero"), *texts("word", conversation=0))
        assert await self.search("word", where=(place(1, after=1, upto=3),)) == ([2, 3], False)

    async def test_the_newest_of_several_places_oldest_first(self) -> None:
        await self.keep(room(), private())
        for seq in range(1, 9):
            await self.keep(*said(seq, text="word", conversation=1 + seq % 2))
        for limit in range(1, 9):
            where = (place(1, 8), place(2, 7))
            found = await self.search("word", where=where, limit=limit)
            assert found == (list(range(9 - limit, 9)), limit < 8)

    async def test_places_that_can_hold_nothing_newer_are_left_out(self) -> None:
        await self.keep(room(), private(), *said(6, 7, 8, text="word"))
        await self.keep(*said(1, 2, text="word", conversation=2))
        walked: list[int] = []
        walk = searching._walk

        def note(*args: Any) -> Any:
            walked.append(args[3].conversation)
            return walk(*args)

        self.patch(searching, "_walk", note)
        where = (place(1, 8), place(2, 2))
        assert await self.search("word", where=where, limit=2) == ([7, 8], True)
        assert walked == [1]
        assert await self.search("word", where=where, limit=3) == ([6, 7, 8], True)
        assert walked == [1, 1, 2]

    async def test_by_author_as_he_was_called_or_is(self) -> None:
        await self.keep(
            room(), *said(1, 2, text="word"), *said(3, text="word", nick="Ana", uid="u5")
        )
        await self.keep(
            *said(4, text="word", nick="bo"), *said(5, text="word", nick="bo", uid="u7")
        )
        assert await self.search("word", author="ana") == ([1, 2, 3], False)
        assert await self.search("word", author="ana", uid="u1") == ([1, 2, 3, 4], False)
        assert await self.search("word", uid="u7") == ([5], False)

    async def test_between_dates(self) -> None:
        await self.keep(room(), *said(*range(1, 21), text="word"))
        assert await self.search("word", since=T + 5, before=T + 9) == ([5, 6, 7, 8], False)
        assert await self.search("word", since=T + 19) == ([19, 20], False)
        assert await self.search("word", before=T + 2) == ([1], False)
        assert await self.search("word", before=T) == ([], False)
        assert await self.search("word", since=T + 30) == ([], False)

    async def test_what_was_committed_before_is_found(self) -> None:
        await self.keep(room())
        for seq in range(1, 30):
            await self.keep(*said(seq, text=f"word{seq}"))
            assert await self.search(f"word{seq}") == ([seq], False)

    async def test_many_at_once(self) -> None:
        await self.keep(room(), *said(*range(1, 50), text="word"))
        asked = [self.search("word", limit=3) for _ in range(20)]
        assert (
            await defer.gatherResults([defer.ensureDeferred(one) for one in asked])
            == [([47, 48, 49], True)] * 20
        )

    async def test_what_takes_too_long_is_cut_off(self) -> None:
        await self.keep(room(), private(), *said(*range(1, 2000), text="word"))
        await self.search("word")
        self.patch(searching, "PATIENCE", 0.0)
        assert await self.search("word") == ([], True)

    async def test_a_failing_index_is_left_alone(self) -> None:
        await self.keep(room(), *said(1, text="word"))
        assert await self.search("word") == ([1], False)

        def fail(*_: Any) -> bool:
            raise OSError("no disk")

        self.patch(indexing, "take", fail)
        await self.keep(*said(2, text="word"))
        assert await self.search("word") == ([1], True)
        assert self.flushLoggedErrors(OSError)


WORDS = ["one", "two", "three", "onerous"]
_CHARACTERS = "\"*^():+-{}NEAROT AND\\' \0\x00;%_é👍"
terms = st.one_of(st.sampled_from(WORDS), st.text(_CHARACTERS, max_size=12), st.text(max_size=8))


@given(st.lists(terms, min_size=1, max_size=4).map(tuple))
def test_nothing_that_is_typed_is_taken_for_a_query_language(terms: tuple[str, ...]) -> None:
    database = new_database()
    search(database, SearchFor((place(),), READER, 5, terms=terms))
    database.close()


@pytest.mark.parametrize(
    ("term", "quoted"),
    [("word", '"word"'), ("two words", '"two words"'), ("wor*", '"wor"*'), ('"*', '""""*')],
)
def test_a_term_is_a_string(term: str, quoted: str) -> None:
    assert searching._quoted(term) == quoted
