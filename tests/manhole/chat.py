"""A running chat but for network and disk, and a console in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from argon2 import PasswordHasher
from twisted.internet.defer import Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from chatd.core.commands import Nick, RequestId
from chatd.core.hub import Settings
from chatd.core.inputs import Configured, Stored
from chatd.core.limits import Limits
from chatd.core.queries import AuditOf, Query, UnreadOf
from chatd.core.records import Audited, Record
from chatd.hashing import Hasher
from chatd.manhole.commands import Tools
from chatd.manhole.door import ConsoleDoor, Declined, Told
from chatd.manhole.text import Shown
from chatd.sequencer.local import LocalSequencer
from chatd.service import ChatService, IOperator
from chatd.store import IStore
from chatd.vouching import Authenticator
from tests.fakes import ImmediateReactor, InlinePool


@implementer(IStore)
class Memory:
    """A store that keeps the audit log, and fails when it is told to."""

    failing = False

    def __init__(self) -> None:
        self.audit: list[Audited] = []

    def open(self, ring: int, nonce_after: int) -> Stored:
        """Return that there is nothing."""
        return Stored()

    def commit(self, records: Sequence[Record]) -> Deferred[None]:
        """Keep records."""
        if self.failing:
            return fail(OSError("disk full"))
        self.audit += [record for record in records if isinstance(record, Audited)]
        return succeed(None)

    def find(self, query: Query) -> Deferred[Any]:
        """Return what there is of the audit log, and nothing of all else."""
        if isinstance(query, AuditOf):
            return succeed(list(enumerate(self.audit, 1))[-query.limit :])
        return succeed({} if isinstance(query, UnreadOf) else ([], False))

    def close(self) -> Deferred[None]:
        """Close it."""
        return succeed(None)


@implementer(IOperator)
class Operator:
    """Whoever runs the service; ``stopped`` when it was to stop."""

    stopped = False

    def reconfigure(self, request: RequestId) -> Configured:
        """Find nothing new."""
        return Configured(request=request)

    def stop(self) -> None:
        """Remember it."""
        self.stopped = True


class Case(SynchronousTestCase):
    """A running chat, and a console in it."""

    def setUp(self) -> None:
        self.clock, self.store, self.operator = ImmediateReactor(), Memory(), Operator()
        limits = Limits(burst=1, rate=0.01)
        sequencer = LocalSequencer(self.clock, self.clock.seconds)
        argon = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        hasher = Hasher(self.clock, argon, InlinePool())
        self.service = ChatService(
            self.clock,
            Settings(limits=limits),
            self.store,
            sequencer,
            self.clock.seconds,
            Authenticator(hasher, limits, self.clock.seconds),
            self.operator,
        )
        self.service.startService()
        self.heard: list[Told] = []
        self.ended = 0
        self.left = 0
        self.door = ConsoleDoor(self.service, "ana@desk", "127.0.0.1", self.heard.append, self._end)
        tools = Tools(self.service, self.door, lambda: 75.0, self._leave)
        self.names = tools.namespace()

    def _end(self) -> None:
        self.ended += 1
        self.door.leave()

    def _leave(self) -> None:
        self.left += 1

    def guest(self, nick: str, address: str = "127.0.0.1") -> Guest:
        """Return somebody in the chat."""
        return Guest(self, nick, address)

    def call(self, name: str, *arguments: object, **named: object) -> str:
        """Return what a call shows."""
        tool = self.names[name]
        assert callable(tool)
        answer = tool(*arguments, **named)
        self.clock.pump([0, 0, 0])
        shown = self.successResultOf(answer) if isinstance(answer, Deferred) else answer
        assert isinstance(shown, Shown)
        return shown


class Guest:
    """Somebody in the chat, by a door like the console's; ``heard`` is what he was told."""

    def __init__(self, case: Case, nick: str, address: str) -> None:
        self._case = case
        self.heard: list[Told] = []
        self.door = ConsoleDoor(case.service, "ana@desk", address, self.heard.append, lambda: None)
        self.door._connection = case.service.connect(self.door, "json", address)
        self.ask(Nick(name=nick))

    def ask(self, command: Any) -> Told:
        """Return the answer to a command."""
        return self._case.successResultOf(self._asked(command))

    def refused(self, command: Any) -> str:
        """Return why a command is refused."""
        return str(self._case.failureResultOf(self._asked(command), Declined).value)

    def _asked(self, command: Any) -> Deferred[Told]:
        answer = self.door.ask(command)
        self._case.clock.pump([0, 0, 0])
        return answer
