"""After a restart."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Wake
from chatd.core.events import Said, timestamp
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Stored
from chatd.core.records import ConversationOpened, ReactionKept, Record
from chatd.core.results import ReactionSent, Resumed, RoomEntered, Sent, TopicIs
from tests.core.consistency import check_state
from tests.core.test_resuming import replayed, resume
from tests.core.world import START, World, events, of_kind
from tests.memory import MemoryStore


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", mode="json")
    made.connect("bo")
    made.say("ana", "/join #Ops")
    made.say("bo", "/join #ops")
    return made


def restart(world: World, lobby: str = "#lobby") -> World:
    """Return a world that begins with what the other one made durable."""
    store = MemoryStore()
    store._commit([effect for effect in world.effects if isinstance(effect, Record)])
    hub = Hub(Settings(server="test", lobby=lobby))
    made = World(hub=hub)
    made.now = world.now + 1000
    made.effects = [*world.effects, *hub.restore(store.open(64, 0), made.now)]
    check_state(hub)
    return made


def test_an_empty_store_changes_nothing() -> None:
    hub = Hub(Settings())
    assert hub.restore(Stored(), START) == []
    check_state(hub)


def test_rooms_keep_topic_number_and_last_words(world: World) -> None:
    world.say("ana", "one")
    world.say("ana", "/topic words")
    after = restart(world)
    after.connect("cy")
    entered = after.answer("cy", "/join #ops", RoomEntered)
    assert (entered.room, entered.topic, entered.seq) == ("#Ops", "words", 2)
    assert [event.seq for event in entered.recent] == [1, 2]
    assert after.answer("cy", "three", Sent).seq == 3


def test_the_lobby_goes_on(world: World) -> None:
    world.say("bo", "/msg #lobby one")
    after = restart(world)
    after.connect("cy")
    assert after.answer("cy", "two", Sent).seq == 2


def test_another_lobby_may_be_chosen(world: World) -> None:
    world.say("bo", "/msg #lobby one")
    after = restart(world, lobby="#foyer")
    after.connect("cy")
    assert after.answer("cy", "hi", Sent) == Sent(
        seq=1, t=_time(after), state="stored", to="#foyer"
    )
    after.say("cy", "/join #lobby")
    assert after.answer("cy", "two", Sent).seq == 2


def test_a_room_may_become_the_lobby(world: World) -> None:
    world.say("ana", "one")
    after = restart(world, lobby="#ops")
    after.connect("cy")
    assert after.answer("cy", "two", Sent).seq == 2


def _time(world: World) -> str:
    return timestamp(world.now)


def test_a_lost_session_can_be_resumed(world: World) -> None:
    world.say("ana", "/away lunch")
    after = restart(world)
    told = resume(after)
    (resumed,) = events(told, Resumed)
    assert (resumed.you, resumed.in_, resumed.to) == ("ana", ("#lobby", "#Ops"), "#Ops")
    assert after.hub.nicks["ana"].away == "lunch"


def test_who_owned_a_room_owns_it_still(world: World) -> None:
    world.say("ana", "one")
    after = restart(world)
    resume(after)
    assert after.answer("new", "/topic mine", TopicIs).topic == "mine"


def test_what_was_missed_before_the_restart_is_replayed(world: World) -> None:
    world.say("bo", "one")
    world.say("bo", "two")
    after = restart(world)
    assert replayed(resume(after, seen={"#ops": 1})) == [("#Ops", 2)]


def test_what_was_missed_while_lost_is_replayed_without_seen(world: World) -> None:
    world.say("bo", "one")
    world.disconnect("ana")
    world.say("bo", "two")
    assert replayed(resume(restart(world))) == [("#Ops", 2)]


def test_a_private_conversation_goes_on(world: World) -> None:
    world.connect("cy", mode="json")
    world.say("cy", "/msg ana one")
    world.say("ana", "/go cy")
    after = restart(world)
    told = resume(after, seen={"@cy": 1})
    (resumed,) = events(told, Resumed)
    assert resumed.to == "@cy"
    assert replayed(told) == []
    assert after.answer("new", "two", Sent).seq == 2


def test_text_sessions_are_gone(world: World) -> None:
    assert "bo" not in restart(world).hub.nicks


def test_whoever_quit_is_gone(world: World) -> None:
    world.say("ana", "/quit")
    assert restart(world).hub.users == {}


def test_who_does_not_come_back_in_time_is_gone(world: World) -> None:
    after = restart(world)
    assert after.effects[-1] == Wake(after.now + 120_000)
    after.tick(119)
    assert "ana" in after.hub.nicks
    after.tick(1)
    assert after.hub.users == {}
    check_state(after.hub)


def test_names_of_the_lost_are_taken(world: World) -> None:
    world.connect("js", mode="json", nick=False)
    world.say("js", "/ping")
    after = restart(world)
    after.connect("x", nick=False)
    nicks = [user.nick for user in after.hub.users.values()]
    assert len(nicks) == len(set(nicks)) == 3


def test_a_nonce_gives_the_first_answer_still(world: World) -> None:
    line = json.dumps({"do": "msg", "text": "hi", "nonce": "n1"})
    first = world.answer("ana", line, Sent)
    after = restart(world)
    resume(after)
    effects = after.say("new", line)
    (again,) = events(after.heard("new"), Sent)
    assert (again.seq, again.t, again.to) == (first.seq, first.t, first.to)
    assert not any(isinstance(effect, Record) for effect in effects)


def test_conversations_get_numbers_that_were_never_used(world: World) -> None:
    world.say("ana", "one")
    world.say("ana", "/msg bo one")
    after = restart(world)
    after.connect("cy")
    after.say("cy", "/join #new")
    after.say("cy", "hi")
    after.say("cy", "/msg ana hi")
    opened = [record.conversation for record in of_kind(after.effects, ConversationOpened)]
    assert len(opened) == len(set(opened)) == 4


def test_a_room_where_nothing_was_said_is_restored_with_its_members(world: World) -> None:
    after = restart(world)
    resume(after)
    assert after.hub.rooms["#ops"].people()[0].nick == "ana"
    assert after.answer("new", "one", Sent) == Sent(
        seq=1, t=_time(after), state="stored", to="#Ops"
    )


def test_a_reaction_can_be_taken_back(world: World) -> None:
    world.say("bo", "one")
    assert world.answer("ana", "/react 1 👍", ReactionSent).on
    stored = Stored(
        rooms=_stored(world).rooms,
        sessions=_stored(world).sessions,
        newest_conversation=2,
        reactions=(ReactionKept(2, 1, "ana", "👍"), ReactionKept(2, 1, "gone", "👍")),
    )
    after = World(hub=Hub(Settings()))
    after.hub.restore(stored, START)
    resume(after)
    assert not after.answer("new", "/react 1 👍", ReactionSent).on


def _stored(world: World) -> Stored:
    store = MemoryStore()
    store._commit([effect for effect in world.effects if isinstance(effect, Record)])
    return store.open(64, 0)


def test_what_the_console_said_to_somebody_goes_on(world: World) -> None:
    world.connect("console", console=True)
    world.say("console", "/msg ana one")
    after = restart(world)
    after.connect("console", console=True)
    assert after.answer("console", "/msg ana two", Sent).seq == 2


def test_the_author_of_old_words_stays_who_he_was(world: World) -> None:
    world.say("bo", "one")
    after = restart(world)
    after.connect("bo")
    (said,) = events(resume(after, seen={"#ops": 0}), Said)
    assert said.from_ == "bo"
