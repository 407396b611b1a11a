"""The console's session in the chat."""

from __future__ import annotations

import pytest

from chatd.core.commands import Ping, Reset, Whois
from chatd.core.errors import Refusal
from chatd.manhole.door import ConsoleDoor, Declined
from tests.manhole.chat import Case


class Door(Case):
    def test_answers_find_who_asked(self) -> None:
        first, second = self.door.ask(Ping()), self.door.ask(Whois(nick="nobody"))
        self.clock.advance(0)
        assert self.successResultOf(first)["re"] == 1
        assert str(self.failureResultOf(second, Declined).value).startswith("310 NO_SUCH_TARGET: ")

    def test_what_has_a_secret_in_it_is_answered_too(self) -> None:
        answer = self.door.ask(Reset(name="nobody", password="a secret"))
        self.clock.pump([0, 0, 0])
        assert str(self.failureResultOf(answer, Declined).value).startswith("310 NO_SUCH_TARGET: ")

    def test_an_administrator_is_not_held_back(self) -> None:
        answers = [self.door.ask(Ping()) for _ in range(50)]
        self.clock.advance(0)
        for answer in answers:
            self.successResultOf(answer)

    def test_a_console_is_one_session(self) -> None:
        other = ConsoleDoor(self.service, "ana@desk", "127.0.0.1", lambda _: None, lambda: None)
        for door in (self.door, self.door, other):
            door.open()
        self.clock.advance(0)
        assert len(self.service.hub.sessions) == 2
        self.door.leave()
        self.door.leave()
        self.clock.advance(0)
        assert len(self.service.hub.sessions) == len(self.service.connections) == 1

    def test_the_end_of_the_server_is_heard(self) -> None:
        self.door.open()
        self.clock.advance(0)
        stopped = self.service.stopService()
        self.successResultOf(stopped)
        assert [told["ev"] for told in self.heard] == ["bye"]
        assert self.ended == 1
        with pytest.raises(Refusal):
            self.door.ask(Ping())
