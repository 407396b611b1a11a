"""The console's session in the chat, and what can be called."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from chatd.core.commands import Nick, Ping, Whois
from chatd.core.effects import Record
from chatd.core.errors import Refusal
from chatd.core.hub import Settings
from chatd.core.inputs import Stored
from chatd.core.limits import Limits
from chatd.core.log import Logged
from chatd.manhole.commands import Tools
from chatd.manhole.door import ConsoleDoor, Declined, Told
from chatd.manhole.text import Shown
from chatd.sequencer.local import LocalSequencer
from chatd.service import ChatService
from chatd.store import IStore


@implementer(IStore)
class Memory:
    """A store that keeps nothing, and fails when it is told to."""

    failing = False

    def open(self, ring: int, nonce_after: int) -> Stored:
        return Stored()

    def commit(self, records: Sequence[Record]) -> Deferred[None]:
        return fail(OSError("disk full")) if self.failing else succeed(None)

    def page(
        self, conversation: int, after: int, before: int, limit: int, newest: bool
    ) -> Deferred[tuple[list[Logged], bool]]:
        return succeed(([], False))

    def event(self, conversation: int, seq: int) -> Deferred[Logged | None]:
        return succeed(None)

    def close(self) -> Deferred[None]:
        return succeed(None)


class Case(SynchronousTestCase):
    """A running chat, and a console in it."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.store = Memory()
        settings = Settings(limits=Limits(burst=1, rate=0.01))
        sequencer = LocalSequencer(self.clock, self.clock.seconds)
        self.service = ChatService(self.clock, settings, self.store, sequencer, self.clock.seconds)
        self.service.startService()
        self.heard: list[Told] = []
        self.ended = 0
        self.left = 0
        self.door = ConsoleDoor(self.service, "127.0.0.1", self.heard.append, self._end)
        tools = Tools(self.service, self.door, lambda: 75.0, self._leave)
        self.names = tools.namespace()

    def _end(self) -> None:
        self.ended += 1
        self.door.leave()

    def _leave(self) -> None:
        self.left += 1

    def guest(self) -> ConsoleDoor:
        """Return the door of a guest."""
        door = ConsoleDoor(self.service, "192.0.2.1", lambda _: None, lambda: None)
        door._connection = self.service.connect(door, "json", "192.0.2.1")
        return door

    def call(self, name: str, *arguments: object) -> str:
        """Return what a call shows."""
        tool = self.names[name]
        assert callable(tool)
        answer = tool(*arguments)
        self.clock.advance(0)
        shown = self.successResultOf(answer) if isinstance(answer, Deferred) else answer
        assert isinstance(shown, Shown)
        return shown


class Door(Case):
    def test_answers_find_who_asked(self) -> None:
        first, second = self.door.ask(Ping()), self.door.ask(Whois(nick="nobody"))
        self.clock.advance(0)
        assert self.successResultOf(first)["re"] == 1
        assert str(self.failureResultOf(second, Declined).value).startswith("310 NO_SUCH_TARGET: ")

    def test_an_administrator_is_not_held_back(self) -> None:
        answers = [self.door.ask(Ping()) for _ in range(50)]
        self.clock.advance(0)
        for answer in answers:
            self.successResultOf(answer)

    def test_a_console_is_one_session(self) -> None:
        other = ConsoleDoor(self.service, "127.0.0.1", lambda _: None, lambda: None)
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


class Calls(Case):
    def test_help_lists_what_there_is(self) -> None:
        lines = self.call("help").splitlines()
        for name in ("help", "who", "rooms", "stats", "say", "kick", "hub", "service"):
            assert any(line.startswith(name) for line in lines), name
        kick = self.names["kick"]
        assert self.call("help", kick) == repr(kick)
        assert self.call("help", 5).startswith("help() tells about")

    def test_people_and_rooms_are_tables(self) -> None:
        assert self.call("who") == "Nobody is here."
        assert self.call("rooms").splitlines()[1].split() == ["#lobby", "0"]
        assert self.call("rooms", "nothing") == "There is no such room."
        guest = self.guest()
        guest.ask(Nick(name="ana"))
        self.clock.advance(0)
        assert self.call("who").splitlines()[1].split() == ["ana", "guest", "online"]
        assert self.call("who", "#lobby").splitlines()[1].split() == ["ana", "member", "online"]
        assert "192.0.2.1" in self.call("whois", "ana")
        assert self.call("who", "#nowhere").startswith("301 NO_SUCH_ROOM: ")

    def test_saying_goes_through_the_chat(self) -> None:
        heard: list[Told] = []
        guest = self.guest()
        guest._heard = heard.append
        guest.ask(Nick(name="ana"))
        self.clock.advance(0)
        assert self.call("say", "#lobby", "hi\x1b") == "Said to #lobby as number 1."
        assert self.call("say", "ana", "psst") == "Said to @ana as number 1."
        assert self.call("wall", "all") == "Told to 1 session."
        said = [told for told in heard if told["ev"] in {"msg", "notice"}]
        assert [told["text"] for told in said] == ["hi", "psst", "all"]
        assert {told.get("from", "server") for told in said} == {"server"}
        assert self.call("kick", "ana", "bye") == "ana is disconnected: 1 session ended."
        assert heard[-1]["text"] == "You were disconnected: bye"
        assert self.call("kick", "ana").startswith("310 NO_SUCH_TARGET: ")
        self.clock.advance(0)
        missing = "Said to #lobby as number 2; nobody is there to read it now."
        assert self.call("say", "#lobby", "hi") == missing

    def test_only_texts_are_taken(self) -> None:
        with pytest.raises(TypeError, match='nick must be a text, such as "ana", not int'):
            self.call("kick", 5)

    def test_stats_tell_how_the_server_is(self) -> None:
        self.door.open()
        self.clock.advance(0)
        rows = dict(line.split(None, 1) for line in self.call("stats").splitlines())
        assert rows["up"] == "1 min 15 s"
        assert rows["sessions"].startswith("1, ")
        assert rows["consoles"] == "1"
        assert rows["store"] == "works"
        assert rows["memory"].endswith("MiB at most")

    def test_while_the_disk_fails_one_can_still_look(self) -> None:
        self.store.failing = True
        guest = self.guest()
        guest.ask(Nick(name="ana"))
        self.clock.advance(0)
        assert self.service.failing
        assert self.service.failing in self.call("stats")
        assert self.call("who") == f"503 UNAVAILABLE: {self.service.failing}"
        self.store.failing = False
        self.clock.advance(10)
        assert self.call("who").splitlines()[1].split()[0] == "ana"

    def test_exit_leaves_the_console_alone(self) -> None:
        for name in ("exit", "quit"):
            leave = self.names[name]
            assert callable(leave)
            leave()
        assert self.left == 2
        assert "Ctrl-D" in repr(self.names["quit"])
