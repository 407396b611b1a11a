"""Reading what was said: what the store is asked for, and for whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatd.core.effects import Fetch
from chatd.core.queries import (
    CatchUpOn,
    HistoryOf,
    MentionsOf,
    PageOf,
    Reader,
    SearchFor,
)
from chatd.core.results import Page
from tests.core.world import START, World, of_kind


@pytest.fixture
def world() -> World:
    """Return ana and bo in #ops, where bo has said five lines."""
    made = World(page=200)
    made.connect("ana", "bo", mode="json")
    for session in ("ana", "bo"):
        made.say(session, "/join #ops")
    for number in range(5):
        made.say("bo", f"line {number}")
    made.silence()
    return made


def asked(world: World, session: str, request: str | dict[str, Any]) -> Any:
    """Have a session ask for something; return what the store is asked."""
    line = request if isinstance(request, str) else json.dumps(request)
    (fetch,) = of_kind(world.say(session, line), Fetch)
    assert fetch.session == session
    return fetch.query


# Pages


def page(world: World, request: str | dict[str, Any]) -> PageOf:
    """Have ana ask for a page."""
    query = asked(world, "ana", request)
    assert isinstance(query, HistoryOf)
    assert query.name == "#ops"
    return query.page


@pytest.mark.parametrize(
    ("request_", "after", "before", "limit", "newest"),
    [
        ("/history", 0, 6, 50, True),
        ("/history #ops 3", 0, 6, 3, True),
        ("/history 999", 0, 6, 200, True),
        ("/history before:3", 0, 3, 50, True),
        ("/history before:99", 0, 6, 50, True),
        ("/history after:2", 2, 6, 50, False),
        ({"do": "history", "after": 1, "before": 4}, 1, 4, 50, True),
        ({"do": "history", "to": "#ops", "limit": 2, "after": 3}, 3, 6, 2, False),
    ],
)
def test_a_page(
    world: World,
    request_: str | dict[str, Any],
    after: int,
    before: int,
    limit: int,
    newest: bool,
) -> None:
    found = page(world, request_)
    assert (found.after, found.before, found.limit, found.newest) == (after, before, limit, newest)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_page_has_a_line_at_least(world: World, limit: int) -> None:
    assert world.code("ana", json.dumps({"do": "history", "limit": limit})) == 104


def test_a_conversation_without_a_word_has_an_empty_page(world: World) -> None:
    assert world.answer("ana", "/history bo", Page) == Page(to="@bo", page=(), more=False)


def test_the_history_with_somebody_who_is_gone_can_be_read(world: World) -> None:
    world.connect("cy")
    world.say("cy", "/msg ana one")
    world.say("cy", "/quit")
    query = asked(world, "ana", "/history cy")
    assert (query.name, query.page.before) == ("@cy", 2)


# Search


def search(world: World, request: str | dict[str, Any], session: str = "ana") -> SearchFor:
    """Have somebody search."""
    query = asked(world, session, request)
    assert isinstance(query, SearchFor)
    return query


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("disk full", ("disk", "full")),
        ('"disk full"', ("disk full",)),
        ('"disk full', ("disk full",)),
        ("hel*", ("hel*",)),
        ("grüße 日本", ("grüße", "日本")),
        ('a "b c" d', ("a", "b c", "d")),
        ("to: nothing", ("to:", "nothing")),
        ("http://x.example/y", ("http://x.example/y",)),
        ("OR AND NOT", ("OR", "AND", "NOT")),
    ],
)
def test_words_and_phrases(world: World, words: str, terms: tuple[str, ...]) -> None:
    assert search(world, {"do": "search", "words": words}).terms == terms


@pytest.mark.parametrize(
    "words", ["", "   ", "***", '""', "in:#ops", " ".join("abcdefghijklmnopq")]
)
def test_there_must_be_some_words_and_not_too_many(world: World, words: str) -> None:
    assert world.code("ana", json.dumps({"do": "search", "words": words})) == 104


def test_a_search_goes_through_all_that_one_is_in(world: World) -> None:
    world.say("ana", "/msg bo psst")
    world.connect("cy")
    world.say("cy", "/join #cats")
    world.say("cy", "not for ana")
    places = search(world, "/search line").places
    assert [place.name for place in places] == ["#ops", "@bo"]
    assert all(place.after == 0 for place in places)


def test_those_where_something_happened_last_come_first(world: World) -> None:
    world.now += 1000
    world.say("ana", "/msg bo psst")
    assert [place.name for place in search(world, "/search line").places] == ["@bo", "#ops"]


@pytest.mark.parametrize(
    "request_",
    ["/search line in:#ops", {"do": "search", "words": "line", "to": "#OPS"}],
)
def test_a_search_in_one_place(world: World, request_: str | dict[str, Any]) -> None:
    (place,) = search(world, request_).places
    assert (place.name, place.upto) == ("#ops", 5)


def test_a_search_with_one_person(world: World) -> None:
    world.say("ana", "/msg bo psst")
    assert [place.name for place in search(world, "/search psst in:bo").places] == ["@bo"]


@pytest.mark.parametrize(
    ("where", "code"), [("#nowhere", 301), ("#", 211), ("@nobody", 310), ("nobody", 310)]
)
def test_a_search_nowhere(world: World, where: str, code: int) -> None:
    assert world.code("ana", f"/search line in:{where}") == code


@pytest.mark.parametrize("request_", ["/search line from:BO", "/search line from:@bo"])
def test_whose_words(world: World, request_: str) -> None:
    query = search(world, request_)
    assert (query.author, query.uid) == ("bo", "bo")


def test_words_of_somebody_who_is_gone(world: World) -> None:
    query = search(world, {"do": "search", "words": "line", "from": "cy"})
    assert (query.author, query.uid) == ("cy", None)
    assert world.code("ana", "/search line from:a:b") in {310, 104}


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2023-11-14", 1_699_920_000_000),
        ("2023-11-14T12:00:00Z", 1_699_963_200_000),
        ("2023-11-14T12:00:00+02:00", 1_699_956_000_000),
        ("2023-11-14T12:00:00.500Z", 1_699_963_200_500),
    ],
)
def test_dates(world: World, date: str, moment: int) -> None:
    query = search(world, f"/search line before:{date}")
    assert (query.before, query.since) == (moment, None)
    query = search(world, {"do": "search", "words": "line", "after": date})
    assert (query.before, query.since) == (None, moment)


@pytest.mark.parametrize("date", ["yesterday", "2023-13-01", "14.11.2023", "2023-11-14T99:00"])
def test_what_is_no_date(world: World, date: str) -> None:
    assert world.code("ana", f"/search line before:{date}") == 104


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_far_away_dates_do_no_harm(world: World, date: str) -> None:
    world.say("ana", f"/search line before:{date}")


@pytest.mark.parametrize(("limit", "taken"), [(0, 1), (-5, 1), (10, 10), (9999, 200)])
def test_a_search_has_a_limit(world: World, limit: int, taken: int) -> None:
    assert search(world, {"do": "search", "words": "x", "limit": limit}).limit == taken


# Mentions


def test_mentions_are_looked_for_in_all_one_is_in(world: World) -> None:
    query = asked(world, "ana", "/mentions 10")
    assert isinstance(query, MentionsOf)
    assert (query.limit, query.reader.uid) == (10, "ana")
    assert [place.name for place in query.places] == ["#ops"]
    assert world.code("ana", "/mentions 0") == 104


def test_a_mention_of_somebody_offline_is_one(world: World) -> None:
    world.register("ana")
    world.disconnect("ana")
    world.tick(200)
    world.say("bo", "ANA: look at this")
    assert world.hub.rooms["#ops"].ring[-1].mentions == ("ana",)


def test_a_guest_who_left_is_not_mentioned(world: World) -> None:
    world.say("ana", "/quit")
    world.say("bo", "ana: look at this")
    assert world.hub.rooms["#ops"].ring[-1].mentions == ()


# Whom one ignores


def test_the_store_is_told_whom_the_reader_ignores(world: World) -> None:
    world.register("ana")
    world.say("ana", "/ignore bo")
    expected = Reader("ana", frozenset({"bo"}))
    for line in ("/history", "/search line", "/mentions", "/catchup #ops"):
        assert asked(world, "ana", line).reader == expected


# Catching up asks for what is unread; see test_unread


def test_catching_up_in_one_place(world: World) -> None:
    query = asked(world, "ana", "/catchup #ops")
    assert isinstance(query, CatchUpOn)
    (place,) = query.places
    assert (place.name, place.after, place.upto, place.newest) == ("#ops", 0, 5, START)
