"""The service: nothing is told before it is on disk, and all in order."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from chatd.core.errors import Refusal
from chatd.core.records import Appended
from tests.fakes import Chat, LineClient, RecordingDoor


def messages(client: LineClient) -> list[tuple[int, str]]:
    """Return number and text of the messages that a JSON client got."""
    return [(event["seq"], event["text"]) for event in client.events() if event.get("ev") == "msg"]


class Durable(TestCase):
    """A disk that takes its time."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.store = self.chat.store
        self.ana, self.bo = self.chat.line("json"), self.chat.line("json")
        for client in (self.ana, self.bo):
            client.say("/ping")
        self.ana.take()
        self.store.slow = True

    def step(self) -> None:
        """Let the disk do the next thing."""
        self.store.step()
        self.chat.turn()

    async def test_nothing_is_told_before_it_is_on_disk(self) -> None:
        self.ana.send(b"hi\n")
        assert self.ana.take() == self.bo.take() == []
        self.step()
        assert messages(self.bo) == [(1, "hi")]
        assert self.ana.events()[0]["seq"] == 1

    async def test_what_comes_meanwhile_is_committed_together(self) -> None:
        for text in (b"one\n", b"two\n", b"three\n"):
            self.ana.send(text)
        assert self.store.waiting == 1
        self.step()
        assert messages(self.bo) == [(1, "one")]
        assert self.store.waiting == 1
        self.step()
        assert messages(self.bo) == [(2, "two"), (3, "three")]

    async def test_lines_of_one_turn_are_committed_together(self) -> None:
        before = len(self.store.commits)
        self.store.slow = False
        self.ana.send(b"one\ntwo\nthree\n")
        (records,) = self.store.commits[before:]
        assert len([record for record in records if isinstance(record, Appended)]) == 3

    async def test_what_needs_no_disk_waits_for_its_turn(self) -> None:
        self.ana.send(b'{"do":"msg","text":"hi","id":1}\n{"do":"ping","id":2}\n')
        self.ana.send(b'{"do":"ping","id":3}\n')
        assert self.ana.take() == []
        self.step()
        assert [event["re"] for event in self.ana.events()] == [1, 2, 3]

    async def test_who_joins_sees_no_hole_and_no_double(self) -> None:
        self.ana.send(b"one\n")
        cy = self.chat.line("json")
        cy.send(b'{"do":"join","room":"#lobby","id":1}\n')
        self.ana.send(b"two\n")
        self.chat.settle()
        _, entered, two = cy.events()
        assert [event["seq"] for event in entered["recent"]] == [1]
        assert (entered["seq"], two["seq"]) == (1, 2)

    async def test_all_readers_get_the_lines_in_the_same_order(self) -> None:
        for number in range(20):
            (self.ana if number % 2 else self.bo).send(f"{number}\n".encode())
        self.chat.settle()
        cy = self.chat.line("json")
        cy.send(b'{"do":"history","id":1}\n')
        self.chat.settle()
        page = cy.events()[-1]["page"]
        assert [event["seq"] for event in page] == list(range(1, 21))
        assert [event["text"] for event in page] == [str(number) for number in range(20)]


class Failing(TestCase):
    """A disk that fails for a while."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.store = self.chat.store
        self.ana, self.bo = self.chat.line("json"), self.chat.line("json")
        for client in (self.ana, self.bo):
            client.say("/ping")
        self.ana.take()
        self.store.failing = OSError("disk full")
        self.ana.send(b'{"do":"msg","text":"one","id":1}\n')

    def tearDown(self) -> None:
        self.flushLoggedErrors(OSError)

    def recover(self) -> None:
        """Mend the disk, and wait for the next try."""
        self.store.failing = None
        self.chat.clock.pump([0.5] * 10)

    async def test_nobody_is_told_what_is_not_on_disk(self) -> None:
        assert self.ana.take() == self.bo.take() == []

    async def test_new_work_is_refused_at_once(self) -> None:
        self.bo.send(b'{"do":"msg","text":"two","id":5}\n')
        (refused,) = self.bo.events()
        assert (refused["re"], refused["code"], refused["name"]) == (5, 503, "UNAVAILABLE")

    async def test_new_connections_are_turned_away(self) -> None:
        client = self.chat.line()
        assert client.take()[0].startswith("!E503 ")
        assert not client.transport.connected

    async def test_one_may_leave(self) -> None:
        self.bo.send(b"/quit\n")
        assert self.bo.events() == [{"ev": "bye", "text": "Goodbye."}]
        assert not self.bo.transport.connected

    async def test_it_recovers_by_itself(self) -> None:
        self.recover()
        assert self.chat.service.failing is None
        assert messages(self.bo) == [(1, "one")]
        assert self.ana.events()[0]["re"] == 1

    async def test_nothing_is_lost_or_doubled(self) -> None:
        for number in range(5):
            self.bo.send(f'{{"do":"msg","text":"refused","id":{number}}}\n'.encode())
        self.recover()
        self.bo.take()
        self.bo.send(b'{"do":"msg","text":"two","id":9}\n')
        assert [event["seq"] for event in self.bo.events()] == [2]
        assert [event.text for event in self.store.events.values()] == ["one", "two"]
        assert messages(self.ana) == [(2, "two")]

    async def test_it_tries_again_and_again(self) -> None:
        self.chat.clock.pump([1] * 100)
        assert self.chat.service.failing is not None
        self.recover()
        assert messages(self.bo) == [(1, "one")]

    async def test_connections_that_are_lost_meanwhile_are_gone_afterwards(self) -> None:
        client = self.ana
        client.lose()
        self.recover()
        assert len(self.chat.service.hub.lost) == 1
        assert messages(self.bo) == [(1, "one")]

    async def test_stopping_does_not_wait_for_the_disk(self) -> None:
        self.bo.take()
        stopped = self.chat.service.stopService()
        assert stopped.called
        assert self.bo.events()[-1]["ev"] == "bye"
        assert self.store.events == {}
        assert self.chat.clock.getDelayedCalls() == []


class Stopping(TestCase):
    """The end of the server."""

    def setUp(self) -> None:
        self.chat = Chat()
        self.ana, self.bo = self.chat.line(), self.chat.line("json")
        self.bo.say("/ping")
        self.ana.take()

    async def test_everybody_is_told_goodbye(self) -> None:
        self.chat.service.stopService()
        assert self.ana.take() == ["!E503 The server is stopping. Try: again in 5 s"]
        (bye,) = self.bo.events()
        assert (bye["ev"], bye["code"], bye["retry"]) == ("bye", 503, 5)

    async def test_connections_and_store_are_closed(self) -> None:
        stopped = self.chat.service.stopService()
        assert stopped.called
        assert self.chat.store.closed
        assert self.chat.service.connections == {}
        assert self.chat.clock.getDelayedCalls() == []

    async def test_what_was_said_before_is_kept_and_told(self) -> None:
        self.ana.protocol.dataReceived(b"last words\n")
        self.chat.service.stopService()
        assert self.bo.events()[0]["text"] == "last words"
        assert len(self.chat.store.events) == 1

    async def test_it_waits_for_the_disk(self) -> None:
        self.chat.store.slow = True
        self.ana.send(b"last words\n")
        stopped: Deferred[None] = self.chat.service.stopService()
        assert self.bo.take() == []
        self.chat.store.step()
        assert stopped.called
        assert [event["ev"] for event in self.bo.events()] == ["msg", "bye"]

    async def test_it_does_not_wait_for_ever(self) -> None:
        self.chat.store.slow = True
        self.ana.send(b"last words\n")
        stopped = self.chat.service.stopService()
        self.chat.clock.pump([1] * 6)
        assert stopped.called
        assert [event["ev"] for event in self.bo.events()] == ["bye"]

    async def test_nobody_comes_in_any_more(self) -> None:
        self.chat.service.stopping = True
        client = self.chat.line()
        assert client.take()[0].startswith("!E503 ")

    async def test_nothing_new_is_taken(self) -> None:
        self.chat.service.stopping = True
        assert self.ana.say("hi") == ["!E503 The server is stopping. Try: The same again in 5 s"]

    async def test_a_session_can_be_resumed_after_it(self) -> None:
        self.chat.service.stopService()
        assert len(self.chat.store.sessions) == 1


class Administration(TestCase):
    """What an administrator asks of whoever runs the server."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.ana, self.bo = self.chat.line("json"), self.chat.line()
        self.ana.say("/nick ana", "/register x")
        self.chat.service.hub.accounts["ana"].role = "admin"
        self.bo.take()

    def ask(self, line: bytes) -> dict[str, object]:
        """Return the answer to a request with the id 1."""
        self.ana.take()
        self.ana.send(line)
        (answer,) = (event for event in self.ana.events() if event.get("re") == 1)
        return answer

    async def test_the_configuration_is_read_again(self) -> None:
        self.chat.operator.motd = "New words"
        assert self.ask(b'{"do":"reload","id":1}\n')["ok"] is True
        assert "*** New words" in self.chat.line().take()

    async def test_mistakes_in_it_are_told(self) -> None:
        self.chat.operator.problem = "The file is bad"
        assert "The file is bad" in str(self.ask(b'{"do":"reload","id":1}\n')["text"])

    async def test_the_server_is_stopped(self) -> None:
        self.ask(b'{"do":"shutdown","seconds":60,"why":"upgrade","id":1}\n')
        self.chat.clock.pump([1] * 59)
        assert self.chat.operator.stopped == 0
        self.chat.clock.pump([1] * 2)
        assert self.chat.operator.stopped == 1
        self.bo.take()
        self.chat.service.stopService()
        (bye,) = self.bo.take()
        assert "upgrade" in bye
        assert bye.startswith("!E503 ")


class Defects(TestCase):
    """A defect in a handler or in a door must not end the chat."""

    async def test_a_handler_that_fails_is_answered_with_500(self) -> None:
        chat = Chat()
        client = chat.line("json")
        client.say("/ping")
        client.take()
        chat.service.hub.nicks["broken"] = None  # type: ignore[assignment]
        client.send(b'{"do":"whois","nick":"nobody","id":7}\n{"do":"ping","id":8}\n')
        refused, pong = client.events()
        assert (refused["re"], refused["code"], pong["re"]) == (7, 500, 8)
        assert len(self.flushLoggedErrors(AttributeError)) == 1

    async def test_a_door_that_cannot_write_hurts_nobody_else(self) -> None:
        chat = Chat()
        broken, reader = chat.line(), chat.line()
        reader.take()
        broken.protocol.renderers = {}
        connection = next(iter(chat.service.connections.values()))

        def render(_: object) -> bytes:
            raise ZeroDivisionError

        connection.renderer = render
        reader.send(b"hi\n")
        assert reader.say("/ping") != []
        assert len(self.flushLoggedErrors(ZeroDivisionError)) >= 1

    async def test_the_refusal_of_a_connection_is_a_refusal(self) -> None:
        chat = Chat()
        chat.service.stopping = True
        with pytest.raises(Refusal) as refused:
            chat.service.connect(RecordingDoor(), "text", "127.0.0.1")
        assert refused.value.code == 503
