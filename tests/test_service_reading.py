"""What the service reads from the store for somebody keeps its place among what he is told."""

from __future__ import annotations

import json

from twisted.trial.unittest import TestCase

from tests.fakes import Chat
from tests.test_service import messages


class Lookups(TestCase):
    """Old messages are looked up in the store; nothing overtakes that."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0, ring=3)
        self.store = self.chat.store
        self.ana, self.bo = self.chat.line("json"), self.chat.line("json")
        self.bo.say("/ping")
        self.ana.say(*[f"line {number}" for number in range(10)])
        self.bo.take()
        self.ana.take()

    async def test_an_old_message_can_be_answered(self) -> None:
        self.bo.send(b'{"do":"reply","seq":2,"text":"yes","id":1}\n')
        assert self.bo.events() == [
            {
                "re": 1,
                "ok": True,
                "seq": 11,
                "t": "2023-11-14T22:13:20.000Z",
                "state": "delivered",
                "to": "#lobby",
            }
        ]
        (event,) = self.ana.events()
        assert (event["reply"], event["mention"]) == (2, True)

    async def test_what_follows_does_not_overtake_it(self) -> None:
        self.store.slow = True
        self.bo.send(b'{"do":"reply","seq":2,"text":"first","id":1}\n')
        self.bo.send(b'{"do":"msg","text":"second","id":2}\n')
        self.chat.settle()
        assert [event["re"] for event in self.bo.events()] == [1, 2]
        assert messages(self.ana) == [(11, "first"), (12, "second")]

    async def test_a_store_that_cannot_be_read_refuses_it(self) -> None:
        self.store.unreadable = OSError("no disk")
        self.bo.send(b'{"do":"reply","seq":2,"text":"yes","id":1}\n{"do":"ping","id":2}\n')
        assert [event["ok"] for event in self.bo.events()] == [False, True]
        assert len(self.flushLoggedErrors(OSError)) == 1

    async def test_who_goes_meanwhile_is_gone(self) -> None:
        cy = self.chat.line()
        self.store.slow = True
        cy.send(b"/reply 2 yes\n")
        cy.lose()
        self.chat.settle()
        assert len(self.chat.service.hub.users) == 2
        assert messages(self.bo)[-1] == (11, "yes")

    async def test_who_half_closes_meanwhile_gets_his_answer(self) -> None:
        self.store.slow = True
        self.bo.send(b'{"do":"reply","seq":2,"text":"yes","id":1}\n')
        self.bo.finish()
        self.chat.settle()
        assert self.bo.events()[0]["re"] == 1
        assert not self.bo.transport.connected


class Pages(TestCase):
    """Pages are read from the store, and keep their place."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.store = self.chat.store
        self.ana, self.bo = self.chat.line("json"), self.chat.line("json")
        self.bo.say("/ping")
        self.ana.say(*[str(number) for number in range(1, 11)])
        self.bo.take()

    def page(self, **keys: object) -> tuple[list[int], bool]:
        """Have bo ask for a page; return its numbers, and whether there is more."""
        self.bo.take()
        self.bo.send(json.dumps({"do": "history", "id": 1, **keys}).encode() + b"\n")
        (reply,) = self.bo.events()
        return [event["seq"] for event in reply["page"]], reply["more"]

    async def test_the_newest_ones(self) -> None:
        assert self.page() == (list(range(1, 11)), False)
        assert self.page(limit=3) == ([8, 9, 10], True)

    async def test_those_before(self) -> None:
        assert self.page(before=4) == ([1, 2, 3], False)
        assert self.page(before=9, limit=2) == ([7, 8], True)

    async def test_those_after(self) -> None:
        assert self.page(after=8) == ([9, 10], False)
        assert self.page(after=2, limit=2) == ([3, 4], True)

    async def test_those_between(self) -> None:
        assert self.page(after=3, before=6) == ([4, 5], False)

    async def test_none(self) -> None:
        for key, seq in (
            ("before", 1),
            ("before", 0),
            ("before", -5),
            ("after", 10),
            ("after", 10**30),
        ):
            assert self.page(**{key: seq}) == ([], False)

    async def test_a_page_keeps_its_place_before_what_is_said_meanwhile(self) -> None:
        self.store.slow = True
        self.bo.send(b'{"do":"history","limit":1,"id":1}\n')
        self.store.slow = False
        self.ana.send(b"eleven\n")
        assert self.bo.take() == []
        self.store.step()
        self.chat.turn()
        page, eleven = self.bo.events()
        assert [event["seq"] for event in page["page"]] == [10]
        assert eleven["seq"] == 11

    async def test_a_page_is_shown_in_the_mode_it_was_asked_in(self) -> None:
        cy = self.chat.line()
        cy.take()
        self.store.slow = True
        cy.send(b"/history 1\n/mode json\n")
        self.chat.settle()
        shown = cy.take()
        assert shown[0].startswith("*** ---")
        assert json.loads(shown[-1])["ev"] == "hello"

    async def test_a_store_that_cannot_be_read_refuses_it(self) -> None:
        self.store.unreadable = OSError("no disk")
        self.bo.send(b'{"do":"history","id":1}\n{"do":"ping","id":2}\n')
        refused, pong = self.bo.events()
        assert (refused["re"], refused["code"]) == (1, 503)
        assert pong["re"] == 2
        assert len(self.flushLoggedErrors(OSError)) == 1

    async def test_a_client_that_is_lost_meanwhile_hurts_nobody(self) -> None:
        self.store.slow = True
        self.bo.send(b'{"do":"history","id":1}\n')
        self.bo.lose()
        self.store.step()
        self.chat.turn()
        self.chat.clock.advance(1)
        assert len(self.chat.service.hub.lost) == 1


class CatchUps(TestCase):
    """What was shown is read."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.ana, self.bo = self.chat.line("json"), self.chat.line("json")
        self.ana.say("/nick ana", "/register x")
        self.bo.say("one", "two")
        self.ana.take()

    def markers(self) -> list[int]:
        """Return up to where ana has read, by all that is on disk."""
        return [marker.seq for marker in self.chat.store.open(0, 0).markers]

    async def test_it_is_marked_when_it_was_shown(self) -> None:
        self.ana.send(b'{"do":"catchup","id":1}\n')
        (answer,) = (event for event in self.ana.events() if event.get("re") == 1)
        assert [event["seq"] for event in answer["page"]] == [1, 2]
        assert self.markers() == [2]

    async def test_what_is_asked_meanwhile_finds_it_read(self) -> None:
        self.chat.store.slow = True
        self.ana.send(b'{"do":"catchup","id":1}\n')
        self.ana.send(b'{"do":"catchup","id":2}\n')
        self.chat.settle()
        answers = [event for event in self.ana.events() if "re" in event]
        assert [len(answer["page"]) for answer in answers] == [2, 0]

    async def test_who_was_gone_by_then_has_read_nothing(self) -> None:
        self.chat.store.slow = True
        self.ana.send(b'{"do":"catchup","id":1}\n')
        self.ana.lose()
        self.chat.settle()
        assert 2 not in self.markers()


class Resume(TestCase):
    """Over connections, and over restarts."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0, ring=5)
        self.bo = self.chat.line()
        self.ana = self.chat.line("json")
        self.ana.send(b'{"do":"nick","name":"ana"}\n')
        self.token = self.ana.events()[0]["resume"]

    def resume(self, **seen: int) -> list[dict[str, object]]:
        """Resume over a new connection; return what it is told."""
        client = self.chat.line("json")
        told = {"#" + room: seq for room, seq in seen.items()}
        line = json.dumps({"do": "resume", "token": self.token, "seen": told})
        client.send(line.encode() + b"\n")
        self.client = client
        return client.events()

    async def test_everything_missed_comes_once_and_in_order(self) -> None:
        self.bo.say("one")
        self.ana.lose()
        self.bo.say(*[str(number) for number in range(2, 501)])
        told = self.resume(lobby=1)
        self.bo.say("live")
        numbers = [event["seq"] for event in [*told, *self.client.events()] if "seq" in event]
        assert numbers == list(range(2, 502))

    async def test_what_is_said_during_the_replay_follows_it(self) -> None:
        self.ana.lose()
        self.bo.say(*[str(number) for number in range(1, 11)])
        self.chat.store.slow = True
        self.resume(lobby=0)
        self.bo.send(b"11\n")
        self.chat.settle()
        assert [seq for seq, _ in messages(self.client)] == list(range(1, 12))

    async def test_after_two_minutes_it_is_too_late(self) -> None:
        self.ana.lose()
        self.chat.clock.pump([1] * 121)
        assert self.resume()[-1]["code"] == 401

    async def test_the_connection_before_is_closed(self) -> None:
        self.resume()
        assert self.ana.events()[-1]["ev"] == "bye"
        assert not self.ana.transport.connected
        assert len(self.chat.service.hub.users) == 2

    async def test_after_a_restart_too(self) -> None:
        self.bo.say("one", "two")
        self.chat.service.stopService()
        self.chat.clock.advance(1)
        self.chat.start()
        told = self.resume(lobby=1)
        assert told[0]["you"] == "ana"
        assert [event["text"] for event in told if event.get("ev") == "msg"] == ["two"]

    async def test_after_a_restart_it_is_too_late_in_two_minutes(self) -> None:
        self.chat.service.stopService()
        self.chat.clock.advance(1)
        self.chat.start()
        self.chat.clock.pump([1] * 121)
        assert self.chat.service.hub.users == {}
        assert self.chat.store.sessions == {}
