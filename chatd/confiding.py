"""Commands with secrets in them, on their way into the order."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatd.connection import Connection
from chatd.core.commands import Confidential
from chatd.core.errors import Refusal
from chatd.core.hub import Hub
from chatd.core.inputs import Input, Tick, Unproved, Vouched
from chatd.vouching import Asker, Authenticator


class Confiding:
    """Has the secrets of commands looked at, and hands what came of it to ``submit``.

    In a command's place in the order goes the time alone: a secret never gets there. When that
    has come through, all that the session asked before is applied, and it is known who asks.
    """

    log = Logger()

    def __init__(
        self, hub: Hub, authenticator: Authenticator, submit: Callable[[str, Input], None]
    ) -> None:
        self._hub = hub
        self._authenticator = authenticator
        self._submit = submit
        self._waiting: defaultdict[str, deque[tuple[Connection, Confidential]]]
        self._waiting = defaultdict(deque)
        self._stopped = False

    def add(self, connection: Connection, command: Confidential) -> None:
        """Take a command of a connection."""
        self._waiting[connection.session].append((connection, command))
        self._submit(connection.session, Tick())

    def reached(self, session: str) -> None:
        """Look at the next command of a session, if there is one: its place is reached."""
        if session not in self._waiting:
            return
        connection, command = self._waiting[session].popleft()
        if not self._waiting[session]:
            del self._waiting[session]
        held = self._hub.sessions.get(session)
        user = held.user if held is not None else None
        asker = Asker(user, connection.host, connection.secure)
        work = Deferred.fromCoroutine(self._authenticator.vouch(asker, command))
        work.addErrback(self._failed, command)
        work.addCallback(self._vouched, session)

    def stop(self) -> None:
        """Hand in nothing more."""
        self._stopped = True

    def _failed(self, failure: Failure, command: Confidential) -> Unproved:
        if not self._stopped:
            self.log.failure("the secrets of a command could not be looked at", failure=failure)
        return Unproved(Refusal(500), command.id)

    def _vouched(self, found: Vouched | Unproved, session: str) -> None:
        if not self._stopped:
            self._submit(session, found)
