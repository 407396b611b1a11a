"""What is unread, markers on all sessions, and what waits for somebody offline."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Fetch
from chatd.core.events import ReadUpTo, Said
from chatd.core.inputs import HasRead
from chatd.core.log import Logged
from chatd.core.queries import CatchUpOn, UnreadOf
from chatd.core.records import MarkerKept
from chatd.core.results import LoggedIn, ReadIs, RoomEntered, Sent
from tests.core.lasting import restarted
from tests.core.world import World, events, of_kind


@pytest.fixture
def world() -> World:
    """Return ana, an account, with two JSON sessions, and bo, a guest, in #ops."""
    made = World()
    made.connect("ana", mode="json")
    made.connect("bo")
    made.register("ana")
    for session in ("ana", "bo"):
        made.say(session, "/join #ops")
    made.connect("two", mode="json", nick=False)
    made.login("two", "ana")
    made.silence()
    return made


def place_of(world: World, session: str, name: str = "ana") -> dict[str, tuple[int, int]]:
    """Log in; return behind which number each conversation is unread, and its newest."""
    (fetch,) = of_kind(world.login(session, name), Fetch)
    assert isinstance(fetch.query, UnreadOf)
    return {place.name: (place.after, place.upto) for place in fetch.query.places}


def leave(world: World) -> None:
    """Have ana go offline."""
    for session in ("ana", "two"):
        world.say(session, "/quit")
    world.silence()


# What waits


def test_a_private_message_waits_for_who_is_offline(world: World) -> None:
    leave(world)
    sent = world.answer("bo", "/msg ana are you there", Sent)
    assert (sent.state, sent.seq, sent.to) == ("stored", 1, "@ana")
    world.connect("new", mode="json", nick=False)
    assert place_of(world, "new")["@bo"] == (0, 1)


def test_it_is_delivered_to_who_is_there(world: World) -> None:
    assert world.answer("bo", "/msg ana hi", Sent).state == "delivered"
    for session in ("ana", "two"):
        assert [event.text for event in events(world.heard(session), Said)] == ["hi"]


def test_who_lost_his_connection_reads_nothing_now(world: World) -> None:
    for session in ("ana", "two"):
        world.disconnect(session)
    assert world.answer("bo", "/msg ana hi", Sent).state == "stored"


def test_one_s_own_other_session_is_nobody_else(world: World) -> None:
    world.say("bo", "/quit")
    assert world.answer("ana", "/msg #ops hi", Sent).state == "stored"


@pytest.mark.parametrize("command", ["msg", "once"])
def test_what_waits_may_be_sent_by_accounts_in_any_way(world: World, command: str) -> None:
    leave(world)
    world.register("bo")
    assert world.answer("bo", f"/{command} ana psst", Sent).state == "stored"


def test_rooms_wait_too(world: World) -> None:
    world.say("bo", "one")
    leave(world)
    for text in ("two", "three"):
        world.say("bo", text)
    world.connect("new", mode="json", nick=False)
    assert place_of(world, "new")["#ops"] == (0, 3)


def test_what_was_read_is_not_unread(world: World) -> None:
    world.say("bo", "one")
    world.say("ana", "/read #ops")
    leave(world)
    world.say("bo", "two")
    world.connect("new", mode="json", nick=False)
    assert place_of(world, "new") == {"#ops": (1, 2), "#lobby": (0, 0)}


def test_the_counts_are_put_into_the_answer(world: World) -> None:
    world.say("ana", "/notify #ops mentions")
    leave(world)
    world.say("bo", "ana: one")
    world.connect("new", mode="json", nick=False)
    (fetch,) = of_kind(world.login("new", "ana"), Fetch)
    query = fetch.query
    assert isinstance(query, UnreadOf)
    reply = query.answer({world.hub.rooms["#ops"].id: (1, 1)})
    assert isinstance(reply, LoggedIn)
    found = {u.to: (u.seq, u.read, u.unread, u.mentions, u.level) for u in reply.conversations}
    assert found == {"#ops": (1, 0, 1, 1, "mentions"), "#lobby": (0, 0, 0, 0, None)}


def test_after_a_restart_the_same_is_unread(world: World) -> None:
    world.say("bo", "one")
    world.say("ana", "/read #ops")
    leave(world)
    world.say("bo", "two")
    after = restarted(world)
    after.connect("new", mode="json", nick=False)
    assert place_of(after, "new")["#ops"] == (1, 2)


# Markers


def test_a_marker_is_moved_on_all_sessions(world: World) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    world.silence()
    assert world.answer("ana", "/read #ops 1", ReadIs) == ReadIs(to="#ops", seq=1)
    assert world.heard("two") == [ReadUpTo(in_="#ops", seq=1)]
    assert world.heard("bo") == []
    ops = world.hub.rooms["#ops"].id
    assert of_kind(world.effects, MarkerKept)[-1] == MarkerKept("ana", ops, 1)


def test_a_marker_never_goes_back(world: World) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    world.say("ana", "/read #ops")
    world.silence()
    effects = world.say("two", "/read #ops 1")
    assert of_kind(effects, MarkerKept) == []
    assert world.hub.nicks["ana"].read[world.hub.rooms["#ops"].id] == 2


def test_the_answer_is_where_it_stands(world: World) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    world.say("ana", "/read #ops")
    world.silence()
    assert world.answer("two", "/read #ops 1", ReadIs).seq == 2
    assert world.heard("ana") == []


@pytest.mark.parametrize("seq", [-1, 2, 10**15])
def test_what_was_not_said_is_not_read(world: World, seq: int) -> None:
    world.say("bo", "one")
    assert world.code("ana", json.dumps({"do": "read", "to": "#ops", "seq": seq})) == 331


def test_private_conversations_have_markers(world: World) -> None:
    world.say("bo", "/msg ana hi")
    assert world.answer("ana", "/read bo", ReadIs) == ReadIs(to="@bo", seq=1)
    assert ReadUpTo(in_="@bo", seq=1) in world.heard("two")


def test_who_enters_finds_his_marker(world: World) -> None:
    world.say("bo", "one")
    assert world.answer("ana", "/join #ops", RoomEntered).read == 0
    world.say("ana", "/read")
    assert world.answer("ana", "/join #ops", RoomEntered).read == 1


def test_who_joins_has_nothing_unread(world: World) -> None:
    world.say("bo", "/join #cats")
    world.say("bo", "one")
    assert world.answer("ana", "/join #cats", RoomEntered).read == 1


def test_a_guest_has_markers_while_he_is_here(world: World) -> None:
    world.say("ana", "/msg #ops hi")
    assert world.answer("bo", "/read #ops", ReadIs).seq == 1
    assert "bo" not in [kept.uid for kept in of_kind(world.effects, MarkerKept)]


# What was shown is read


def test_what_was_shown_by_catching_up_is_read(world: World) -> None:
    for text in ("one", "two"):
        world.say("bo", text)
    (fetch,) = of_kind(world.say("ana", "/catchup"), Fetch)
    query = fetch.query
    assert isinstance(query, CatchUpOn)
    ops = world.hub.rooms["#ops"]
    assert [(place.name, place.after, place.upto) for place in query.places] == [("#ops", 0, 2)]
    found: list[Logged] = list(ops.ring)
    assert query.markers((found, False)) == ((ops.id, 2),)
    world.silence()
    world.give("ana", HasRead(query.markers((found, False))))
    assert world.heard("two") == [ReadUpTo(in_="#ops", seq=2)]
    assert world.heard("ana") == []


def test_what_is_left_stays_unread(world: World) -> None:
    for number in range(5):
        world.say("bo", f"line {number}")
    (fetch,) = of_kind(world.say("ana", json.dumps({"do": "catchup", "limit": 2})), Fetch)
    query = fetch.query
    assert isinstance(query, CatchUpOn)
    assert query.limit == 2
    ops = world.hub.rooms["#ops"]
    world.give("ana", HasRead(query.markers((list(ops.ring)[:2], True))))
    (fetch,) = of_kind(world.say("ana", "/catchup"), Fetch)
    assert isinstance(fetch.query, CatchUpOn)
    assert [(place.after, place.upto) for place in fetch.query.places] == [(2, 5)]


def test_catching_up_with_nothing_unread(world: World) -> None:
    (fetch,) = of_kind(world.say("ana", "/catchup"), Fetch)
    assert isinstance(fetch.query, CatchUpOn)
    assert fetch.query.places == ()


def test_where_one_is_no_more_nothing_is_marked(world: World) -> None:
    world.say("bo", "one")
    ops = world.hub.rooms["#ops"].id
    world.say("ana", "/part #ops")
    world.silence()
    assert of_kind(world.give("ana", HasRead(((ops, 1), (999, 5)))), MarkerKept) == []
    assert world.heard("two") == []


def test_what_comes_after_its_session_is_gone_does_no_harm(world: World) -> None:
    world.say("bo", "one")
    world.say("ana", "/quit")
    assert world.give("ana", HasRead(((world.hub.rooms["#ops"].id, 1),))) == []


# Sessions at text show everything as it comes


@pytest.fixture
def text(world: World) -> World:
    """Return ana with one session, at text."""
    leave(world)
    world.connect("three", nick=False)
    world.login("three", "ana")
    world.silence()
    return world


@pytest.mark.parametrize("end", ["quit", "lost"])
def test_what_a_text_session_showed_is_read(text: World, end: str) -> None:
    text.say("bo", "one")
    text.say("bo", "/msg ana psst")
    if end == "quit":
        text.say("three", "/quit")
    else:
        text.disconnect("three")
    text.say("bo", "two")
    text.connect("new", mode="json", nick=False)
    places = place_of(text, "new")
    assert (places["#ops"], places["@bo"]) == ((1, 2), (1, 1))


def test_what_waited_before_it_began_stays_unread(world: World) -> None:
    leave(world)
    world.say("bo", "while ana was gone")
    world.connect("three", nick=False)
    world.login("three", "ana")
    world.say("bo", "seen live")
    world.say("three", "/quit")
    world.connect("new", mode="json", nick=False)
    assert place_of(world, "new")["#ops"] == (0, 2)


def test_unless_it_was_asked_for(world: World) -> None:
    leave(world)
    world.say("bo", "while ana was gone")
    world.connect("three", nick=False)
    world.login("three", "ana")
    world.give("three", HasRead(((world.hub.rooms["#ops"].id, 1),)))
    world.say("bo", "seen live")
    world.say("three", "/quit")
    world.connect("new", mode="json", nick=False)
    assert place_of(world, "new")["#ops"] == (2, 2)


def test_a_json_session_marks_nothing_by_itself(world: World) -> None:
    world.say("bo", "one")
    leave(world)
    world.connect("new", mode="json", nick=False)
    assert place_of(world, "new")["#ops"] == (0, 1)


def test_what_was_shown_before_the_mode_changed_is_read(text: World) -> None:
    text.say("bo", "one")
    text.say("three", "/mode json")
    text.say("bo", "two")
    text.say("three", "/quit")
    text.connect("new", mode="json", nick=False)
    assert place_of(text, "new")["#ops"] == (1, 2)


def test_what_is_shown_elsewhere_is_no_news_to_who_logs_in(text: World) -> None:
    text.say("bo", "one")
    text.connect("new", mode="json", nick=False)
    assert place_of(text, "new")["#ops"] == (1, 1)


def test_whoever_logs_out_has_read_what_was_shown(text: World) -> None:
    text.say("bo", "one")
    text.say("three", "/logout")
    text.connect("new", mode="json", nick=False)
    assert place_of(text, "new")["#ops"] == (1, 1)
