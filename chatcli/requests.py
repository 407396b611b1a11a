"""Requests that wait for their replies. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chatcli import wire
from chatcli.wire import Object
from chatd.core.commands import Command

Answer = Callable[[Object], None]


class Asked(NamedTuple):
    """What is to be done with the reply to a request."""

    then: Answer
    failed: Answer


class Requests:
    """Gives requests their ids and replies to who asked. ``send`` puts a command on the wire."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        self._send = send
        self._asked: dict[int, Asked] = {}
        self._newest = 0

    def ask(self, command: Command, then: Answer, failed: Answer) -> None:
        """Send a request; ``then`` or ``failed`` is called with the reply."""
        self._newest += 1
        command.id = self._newest
        self._asked[self._newest] = Asked(then, failed)
        self._send(command)

    def tell(self, command: Command) -> None:
        """Send a request whose reply nobody needs."""
        self._newest += 1
        command.id = self._newest
        self._send(command)

    def answer(self, reply: Object) -> None:
        """Hand a reply to who asked; one that nobody asked for is passed over."""
        number = wire.number(reply, "re")
        asked = self._asked.pop(number, None) if number is not None else None
        if asked is not None:
            (asked.then if wire.flag(reply, "ok") else asked.failed)(reply)

    def lost(self) -> None:
        """The connection is gone: nothing will be answered."""
        self._asked.clear()
