"""``chatcli send`` and how one comes and goes."""

import pytest

from chatcli.headless.statuses import Status
from tests.chatcli.headless.world import ANA, HELLO, World


def test_a_message_is_sent_and_acknowledged() -> None:
    world = World("send", "#lobby", "hi\nyou")
    world.arrive()
    world.reply("join", {"seq": 3}, room="#lobby")
    message = world.take("msg", to="#lobby", text="hi\nyou")
    assert world.goes_on()
    world.visit.received({"re": message["id"], "ok": True, "seq": 4})
    assert (world.ended, world.output) == ((Status.DONE, ""), [])
    world.take("quit")


def test_its_number_is_written_where_it_is_asked_for() -> None:
    world = World("send", "-v", "bo", "hi")
    world.arrive()
    world.reply("msg", {"seq": 4}, to="@bo")
    assert world.output == ["4"]


def test_it_goes_out_again_with_the_same_nonce() -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    first = world.take("msg")
    world.resume()
    again = world.take("msg")
    assert first["nonce"] == again["nonce"]
    # What was asked over the lost connection is not answered over this one.
    world.visit.received({"re": first["id"], "ok": True, "seq": 4})
    assert world.goes_on()
    world.visit.received({"re": again["id"], "ok": True, "seq": 4})
    assert world.ended == (Status.DONE, "")


def test_a_guest_who_was_forgotten_does_not_say_it_twice() -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    world.take("msg")
    world.come_anew()
    assert world.ended is not None
    assert world.ended[0] is Status.NO_CONNECTION
    assert "nobody knows whether" in world.ended[1]


def test_an_account_that_comes_anew_sends_again() -> None:
    world = World("send", "bo", "hi", credentials=ANA)
    world.visit.connected()
    world.reply("login", {"you": "ana"}, name="ana", password="t.secret")
    nonce = world.take("msg")["nonce"]
    world.visit.lost()
    world.visit.connected()
    world.reply("login", {"you": "ana"})
    world.reply("msg", {"seq": 4}, nonce=nonce)
    assert world.ended == (Status.DONE, "")


def test_a_refusal_is_told_with_its_number_and_what_to_try() -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    world.refuse("msg", 310, text="There is nobody bo here.", **{"try": "/who"})
    assert world.ended == (Status.REFUSED, "Error 310: There is nobody bo here. Try: /who")


@pytest.mark.parametrize("code", [429, 503])
def test_what_is_refused_for_now_is_asked_again(code: int) -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    world.refuse("msg", code, wait=7)
    assert (world.ended, world.sent) == (None, [])
    ((seconds, again),) = world.timers
    assert seconds == 7
    again()
    world.reply("msg", {"seq": 1})
    assert world.ended == (Status.DONE, "")


def test_what_was_to_be_asked_again_is_not_where_the_connection_was_lost_meanwhile() -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    world.refuse("msg", 429, wait=7)
    world.resume()
    world.take("msg")
    world.timers[0][1]()
    assert world.sent == []


def test_a_wrong_token_is_a_failed_login() -> None:
    world = World("send", "bo", "hi", credentials=ANA)
    world.visit.connected()
    world.refuse("login", 401)
    assert world.ended == (Status.NO_LOGIN, "Error 401: No.")


def test_who_must_wait_long_for_a_login_is_told() -> None:
    world = World("send", "bo", "hi", credentials=ANA)
    world.visit.connected()
    world.refuse("login", 429, wait=890)
    assert world.ended == (Status.NO_LOGIN, "Error 429: No.")
    assert world.timers == []


def test_a_guest_can_have_a_name() -> None:
    world = World("send", "--nick", "backup", "bo", "hi")
    world.visit.connected()
    world.take("nick", name="backup")


def test_a_room_that_is_not_there_is_not_made_by_mistake() -> None:
    world = World("send", "#opps", "hi")
    world.arrive()
    world.refuse("who", 301)
    assert world.ended is not None
    assert world.ended[0] is Status.REFUSED


def test_a_room_is_made_where_that_is_wanted() -> None:
    world = World("send", "#new", "hi", "--create", credentials=ANA)
    world.visit.connected()
    world.reply("login", {"you": "ana"})
    world.reply("join", {"seq": 0}, room="#new")
    world.reply("msg", {"seq": 1})
    world.take("quit")


def test_an_account_leaves_a_room_that_it_was_not_in() -> None:
    world = World("send", "#ops", "hi", credentials=ANA)
    world.visit.connected()
    world.reply("login", {"you": "ana", "rooms": [{"room": "#lobby"}]})
    world.reply("who", room="#ops")
    world.reply("join", {"seq": 0}, room="#ops")
    world.reply("msg", {"seq": 1})
    world.take("part", room="#ops")
    world.take("quit")


@pytest.mark.parametrize("known", ["rooms", "invited"])
def test_an_account_stays_where_it_was_or_was_invited(known: str) -> None:
    world = World("send", "#ops", "hi", credentials=ANA)
    world.visit.connected()
    places = {"rooms": [{"room": "#Ops"}], "invited": ["#Ops"]}
    world.reply("login", {"you": "ana", known: places[known]})
    world.reply("join", {"seq": 0}, room="#ops")
    world.reply("msg", {"seq": 1})
    world.take("quit")


def test_a_text_that_the_server_would_drop_is_not_sent() -> None:
    world = World("send", "bo", "x" * 17_000)
    world.arrive()
    assert world.ended is not None
    assert world.ended[0] is Status.REFUSED
    world.take("quit")


def test_a_bye_for_good_is_the_end_and_another_is_not() -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    world.event("bye", code=503, text="Back soon.", retry=5)
    assert (world.ended, world.visit.retry) == (None, 5.0)
    world.event("bye", code=403, text="You are banned.")
    assert world.ended == (Status.REFUSED, "You are banned.")


def test_a_ping_is_answered() -> None:
    world = World("send", "bo", "hi")
    world.arrive()
    world.take("msg")
    world.event("ping")
    world.take("ping")


def test_nonsense_is_passed_over() -> None:
    world = World("tail", "-f", "#lobby")
    world.arrive()
    for told in ({}, {"ev": 7}, {"re": "x"}, {"ev": "hello", "limits": 7, "in": {"a": 1}}):
        world.visit.received(told)
    world.visit.received(HELLO)
    assert world.goes_on()
