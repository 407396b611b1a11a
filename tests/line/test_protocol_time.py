"""The line door's clocks: input that comes too fast, and clients that are silent."""

from __future__ import annotations

import json

from twisted.trial.unittest import TestCase

from tests.fakes import Chat, LineClient


def _padded(number: int) -> str:
    return json.dumps({"do": "ping", "id": number, "x": "x" * 14_000})


class Flood(TestCase):
    """More input than can be taken."""

    def setUp(self) -> None:
        self.chat = Chat()

    async def test_ten_at_once_are_taken_at_once(self) -> None:
        client = self.chat.line()
        assert len(client.say(*["/ping"] * 12)) == 10

    async def test_the_others_are_delayed(self) -> None:
        client = self.chat.line()
        client.say(*["/ping"] * 12)
        self.chat.clock.advance(0.5)
        assert len(client.take()) == 1
        self.chat.clock.advance(0.5)
        assert len(client.take()) == 1

    async def test_what_would_wait_longer_than_five_seconds_is_refused(self) -> None:
        client = self.chat.line()
        client.say(*["/ping"] * 25)
        self.chat.clock.pump([0.5] * 12)
        shown = client.take()
        assert [line[:5] for line in shown] == ["*** p"] * 10 + ["!E429"] * 5

    async def test_a_refusal_bears_id_and_wait(self) -> None:
        client = self.chat.line("json")
        client.say(*[f'{{"do":"ping","id":{number}}}' for number in range(21)])
        self.chat.clock.pump([0.5] * 12)
        last = client.events()[-1]
        assert (last["re"], last["code"], last["wait"]) == (20, 429, 1)

    async def test_input_is_paused_over_64_kib(self) -> None:
        client = self.chat.line("json")
        client.send((_padded(0) + "\n").encode() * 16)
        assert client.transport.producerState == "paused"
        self.chat.clock.pump([0.5] * 12)
        assert client.transport.producerState == "producing"

    async def test_what_was_paused_is_not_lost(self) -> None:
        client = self.chat.line("json")
        client.send("".join(f"{_padded(number)}\n" for number in range(40)).encode())
        client.take()
        self.chat.clock.pump([0.5] * 60)
        assert [event["re"] for event in client.events()] == list(range(10, 40))
        assert client.transport.producerState == "producing"

    async def test_a_client_that_is_turned_away_is_told_why(self) -> None:
        clients = [self.chat.line(host="192.0.2.1") for _ in range(17)]
        (line,) = clients[-1].take()
        assert line.startswith("!E429 ")
        assert not clients[-1].transport.connected

    async def test_a_json_client_that_is_turned_away_gets_a_bye(self) -> None:
        for _ in range(16):
            self.chat.line(host="192.0.2.1")
        (event,) = self.chat.line("json", host="192.0.2.1").events()
        assert (event["ev"], event["code"]) == ("bye", 429)
        assert event["retry"] > 0

    async def test_who_was_turned_away_may_go_on_sending(self) -> None:
        for _ in range(16):
            self.chat.line(host="192.0.2.1")
        client = self.chat.line(host="192.0.2.1")
        client.send(b"hello?\n")
        client.finish()
        client.lose()

    async def test_a_place_is_free_again_when_somebody_goes(self) -> None:
        clients = [self.chat.line(host="192.0.2.1") for _ in range(16)]
        clients[0].lose()
        assert self.chat.line(host="192.0.2.1").transport.connected


class KeepAlive(TestCase):
    """Silent clients."""

    def setUp(self) -> None:
        self.chat = Chat()

    def json_client(self) -> LineClient:
        client = self.chat.line("json")
        client.say('{"do":"ping"}')
        return client

    async def test_a_silent_json_client_is_asked_after_a_minute(self) -> None:
        client = self.json_client()
        self.chat.clock.advance(59)
        assert client.events() == []
        self.chat.clock.advance(1)
        assert client.events() == [{"ev": "ping"}]

    async def test_it_is_gone_after_150_seconds(self) -> None:
        client = self.json_client()
        self.chat.clock.pump([1] * 149)
        assert client.transport.connected
        self.chat.clock.pump([1] * 2)
        assert not client.transport.connected

    async def test_any_byte_is_a_sign_of_life(self) -> None:
        client = self.json_client()
        for _ in range(10):
            self.chat.clock.pump([1] * 100)
            client.send(b"\n")
        assert client.transport.connected

    async def test_it_may_resume_then(self) -> None:
        client = self.json_client()
        self.chat.clock.pump([1] * 151)
        assert not client.transport.connected
        assert len(self.chat.service.hub.lost) == 1

    async def test_a_text_client_may_be_silent(self) -> None:
        client = self.chat.line()
        client.take()
        self.chat.clock.pump([1] * 1000)
        assert client.transport.connected
        assert client.take() == []

    async def test_a_silent_text_client_costs_next_to_nothing(self) -> None:
        self.chat.line()
        wakings = 0
        for _ in range(600):
            before = self.chat.clock.getDelayedCalls()
            self.chat.clock.advance(1)
            wakings += before != self.chat.clock.getDelayedCalls()
        assert wakings <= 11

    async def test_a_text_client_that_changes_to_json_is_asked(self) -> None:
        client = self.chat.line()
        client.say("/mode json")
        self.chat.clock.pump([1] * 130)
        assert {"ev": "ping"} in client.events()
