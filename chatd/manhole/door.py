"""The console's session in the chat: what it asks goes the way of every command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, succeed
from zope.interface import implementer

from chatd.connection import Connection, IDoor
from chatd.core.commands import Command, Confidential
from chatd.core.errors import Refusal
from chatd.core.grammar import encode
from chatd.core.results import Telling
from chatd.service import ChatService

Told = dict[str, Any]


class Declined(Exception):
    """The chat did not do what was asked; the text is what it said."""


def _render(told: Telling) -> bytes:
    return encode(told) + b"\n"


@implementer(IDoor)
class ConsoleDoor:
    """The session of one console of ``who``, somebody at ``host``.

    ``heard`` gets the events that nobody asked for; ``ended`` is called when the server ends the
    session.
    """

    renderers = {"json": _render}  # noqa: RUF012  the interface's own shape
    crowded = False

    def __init__(
        self,
        service: ChatService,
        who: str,
        host: str,
        heard: Callable[[Told], None],
        ended: Callable[[], None],
    ) -> None:
        self._service = service
        self._who = who
        self._host = host
        self._heard = heard
        self._ended = ended
        self._connection: Connection | None = None
        self._asked: dict[int, Deferred[Told]] = {}
        self._numbers = 0

    def open(self) -> None:
        """Begin the session, if there is none yet. Raises ``Refusal`` 503."""
        if self._connection is None:
            self._connection = self._service.connect(self, "json", self._host, console=self._who)

    def ask(self, command: Command) -> Deferred[Told]:
        """Return what the chat answers; fails with ``Declined``. Raises ``Refusal`` 503."""
        self.open()
        problem = self._service.unavailable()
        if problem is not None:
            raise Refusal(503, problem=problem)
        assert self._connection is not None
        self._numbers += 1
        answer: Deferred[Told] = Deferred()
        self._asked[self._numbers] = answer
        # Straight to the sequencer: an administrator is not held back by flood control.
        numbered = msgspec.structs.replace(command, id=self._numbers)
        if isinstance(numbered, Confidential):
            self._service.confide(self._connection, numbered)
        else:
            self._service.submit(self._connection.session, numbered)
        return answer

    def leave(self) -> None:
        """The console is gone: end the session."""
        connection, self._connection = self._connection, None
        self._asked.clear()
        if connection is not None:
            self._service.disconnected(connection, None)

    # IDoor

    def write(self, data: bytes) -> None:
        """Take events: answers go to who asked, the rest is heard."""
        for line in data.splitlines():
            told: Told = msgspec.json.decode(line)
            answer = self._asked.pop(told.get("re", 0), None)
            if answer is None:
                self._heard(told)
            elif told["ok"]:
                answer.callback(told)
            else:
                answer.errback(Declined(f"{told['code']} {told['name']}: {told['text']}"))

    def close(self) -> None:
        """The server ends the session."""
        self._ended()

    def roomy(self) -> Deferred[None]:
        """Tell at once: the console is asked for one page at a time."""
        return succeed(None)

    def stuck(self) -> None:
        """Give up a console that does not read."""
        self._ended()

    def mode_changed(self, mode: str) -> None:
        """Not for the console, which has no such command."""

    def pause_input(self) -> None:
        """Not for the console, whose commands do not wait."""

    def resume_input(self) -> None:
        """Not for the console either."""
