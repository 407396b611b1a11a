"""A message that is sent again with the same nonce is not sent again."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Deliver
from chatd.core.events import Said
from chatd.core.records import Appended
from chatd.core.results import Sent
from tests.core.world import World, events, of_kind


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo")
    return made


def message(do: str = "msg", **keys: object) -> str:
    return json.dumps({"do": do, "text": "hi", "nonce": "n1", **keys})


@pytest.mark.parametrize(
    ("do", "keys"),
    [
        ("msg", {}),
        ("me", {}),
        ("msg", {"to": "@bo"}),
        ("reply", {"seq": 1}),
        ("whisper", {"nick": "bo"}),
    ],
)
def test_the_second_time_gives_the_first_answer(
    world: World, do: str, keys: dict[str, object]
) -> None:
    world.say("bo", "one")
    first = world.answer("ana", message(do, **keys, id=1), Sent)
    world.silence()
    world.now += 1000
    effects = world.say("ana", message(do, **keys, id=2))
    (again,) = events(world.heard("ana"), Sent)
    assert again.re == 2
    assert (again.seq, again.t, again.state, again.to) == (
        first.seq,
        first.t,
        first.state,
        first.to,
    )
    assert of_kind(effects, Appended) == []
    assert len(of_kind(effects, Deliver)) == 1
    assert world.heard("bo") == []


def test_another_nonce_is_another_message(world: World) -> None:
    assert world.answer("ana", message(), Sent).seq == 1
    assert world.answer("ana", message(nonce="n2"), Sent).seq == 2


def test_the_same_nonce_of_another_person_is_another_message(world: World) -> None:
    assert world.answer("ana", message(), Sent).seq == 1
    assert world.answer("bo", message(), Sent).seq == 2


def test_a_refused_message_uses_up_no_nonce(world: World) -> None:
    assert world.code("ana", message(text="x" * 5000)) == 320
    assert world.answer("ana", message(), Sent).seq == 1


def test_the_answer_stays_the_first_where_the_other_one_has_left(world: World) -> None:
    first = world.answer("ana", message(to="@bo"), Sent)
    world.say("bo", "/quit")
    assert world.answer("ana", message(to="@bo"), Sent) == first


def test_a_nonce_lives_a_day(world: World) -> None:
    world.say("ana", message())
    world.now += 24 * 3600 * 1000 + 1
    world.say("ana", message(nonce="n2"))
    assert {nonce for _, nonce in world.hub.nonces} == {"n2"}


def test_a_resumed_session_has_its_nonces_still(world: World) -> None:
    world.connect("js", mode="json")
    first = world.answer("js", message(), Sent)
    world.disconnect("js")
    world.connect("js2", mode="json", nick=False)
    world.say("js2", "/resume r.js")
    assert world.answer("js2", message(), Sent) == first


def test_a_message_is_told_once(world: World) -> None:
    for _ in range(5):
        world.say("ana", message())
    assert len(events(world.heard("bo"), Said)) == 1
