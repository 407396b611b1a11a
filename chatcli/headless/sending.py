"""``chatcli send``: one message, acknowledged before it ends. Pure."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from uuid import uuid4

from chatcli import wire
from chatcli.commands import title_of
from chatcli.headless.statuses import Status
from chatcli.headless.visit import PATIENCE, Errand, Visit
from chatcli.requests import Answer
from chatcli.wire import Object
from chatd.core.commands import Msg
from chatd.core.grammar import clean

UNKNOWN = (
    "The connection was lost, and the server has forgotten this guest:"
    " nobody knows whether the message was sent."
)


class Letter:
    """A message on its way: sent again after a lost connection, and said once."""

    def __init__(self, visit: Visit, title: str, text: str) -> None:
        self._visit = visit
        self._title = title
        self._text = text
        self._nonce = uuid4().hex
        self._sent = False

    def send(self, then: Answer, *, anew: bool) -> None:
        """Send it, perhaps again; ``anew``: as somebody else to the server, if one is a guest."""
        if self._sent and anew and self._visit.is_guest:
            # A nonce is remembered by person.
            self._visit.end(Status.NO_CONNECTION, UNKNOWN)
            return
        self._sent = True
        command = Msg(to=self._title, text=self._text, nonce=self._nonce)
        self._visit.ask(command, then)


class Send(Errand):
    """Sends one message."""

    patient = True
    late = "The server did not acknowledge the message in time."

    def __init__(self, visit: Visit, asked: Namespace) -> None:
        self.timeout = asked.timeout or PATIENCE
        self._visit = visit
        self._title = title_of(asked.to)
        self._create: bool = asked.create
        self._verbose: bool = asked.verbose
        self._letter = Letter(visit, self._title, clean(" ".join(asked.text), lines=True))

    def arrived(self, *, anew: bool) -> None:
        """Send the message."""

        def entered(_: int) -> None:
            self._letter.send(self._acknowledged, anew=anew)

        self._visit.enter(self._title, entered, create=self._create)

    def _acknowledged(self, reply: Object) -> None:
        if self._verbose:
            self._visit.world.write(str(wire.number(reply, "seq") or ""))
        self._visit.end(Status.DONE)


def add_arguments(parser: ArgumentParser) -> None:
    """Add what ``send`` takes."""
    parser.add_argument("to", metavar="TO", help="#room, @nick or nick")
    parser.add_argument(
        "text", metavar="TEXT", nargs="*", help="what to say; - or nothing: the input"
    )
    add_create(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="print the message's number")


def add_create(parser: ArgumentParser) -> None:
    """Add the option for a room that may be new."""
    parser.add_argument(
        "--create", action="store_true", help="make the room where there is none, and stay in it"
    )
