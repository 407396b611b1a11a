"""``chatcli who``: who is here, in a room or on the server. Pure."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from chatcli import wire
from chatcli.headless.printing import json_line
from chatcli.headless.reading import add_json
from chatcli.headless.statuses import Status
from chatcli.headless.visit import PATIENCE, Errand, Visit
from chatcli.wire import Object, key_of
from chatd.core.commands import Who as AskWho


class Who(Errand):
    """Writes a line for each person; not for the guest who only asks."""

    def __init__(self, visit: Visit, asked: Namespace) -> None:
        self.timeout = asked.timeout or PATIENCE
        self._visit = visit
        self._room: str | None = asked.room
        self._as_json: bool = asked.json

    def arrived(self, *, anew: bool) -> None:
        """Ask."""
        self._visit.ask(AskWho(room=self._room), self._answered)

    def _answered(self, reply: Object) -> None:
        for person in wire.objects(reply, "users"):
            asker = key_of(wire.name(person, "nick")) == key_of(self._visit.you)
            if not (asker and self._visit.is_guest):
                self._visit.world.write(json_line(person) if self._as_json else _line(person))
        self._visit.end(Status.DONE)


def _line(person: Object) -> str:
    """Return nick, role, state and why away, between tabs."""
    fields = (wire.text(person, key) for key in ("nick", "role", "state", "text"))
    return "\t".join(fields).rstrip("\t")


def add_arguments(parser: ArgumentParser) -> None:
    """Add what ``who`` takes."""
    parser.add_argument("room", metavar="#ROOM", nargs="?", help="in which room (default: any)")
    add_json(parser)
