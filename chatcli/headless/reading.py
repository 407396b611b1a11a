"""``chatcli history`` and ``chatcli tail``: what was said, and what is being said. Pure."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from chatcli import wire
from chatcli.commands import title_of
from chatcli.headless.following import Follower
from chatcli.headless.paging import Pages
from chatcli.headless.printing import Printer
from chatcli.headless.statuses import Status
from chatcli.headless.visit import PATIENCE, Errand, Visit
from chatcli.wire import Object


class History(Errand):
    """Writes a part of a conversation."""

    def __init__(self, visit: Visit, asked: Namespace) -> None:
        self.timeout = asked.timeout or PATIENCE
        self._visit = visit
        self._title = title_of(asked.to)
        self._printer = Printer(visit, as_json=asked.json)
        self._pages = Pages(visit, self._title, asked.count, self._take, self._done)
        self._pages.before, self._pages.after = asked.before, asked.after

    def arrived(self, *, anew: bool) -> None:
        """Read, or read on."""
        self._visit.enter(self._title, lambda _: self._pages.go())

    def _take(self, page: list[Object]) -> None:
        for event in page:
            self._printer.write(event)
        self._visit.world.limit(self.timeout)

    def _done(self) -> None:
        self._visit.end(Status.DONE)


class Tail(Errand):
    """Writes the end of a conversation and, where ``follow``, what comes after it."""

    def __init__(self, visit: Visit, asked: Namespace) -> None:
        self.patient: bool = asked.follow
        self.timeout: float | None = asked.timeout or (None if asked.follow else PATIENCE)
        self._visit = visit
        self._title = title_of(asked.to)
        self._count: int = asked.count
        self._printer = Printer(visit, as_json=asked.json)
        self._follower = Follower(visit, self._title, self._printer.write)
        self._newest = 0

    def arrived(self, *, anew: bool) -> None:
        """Read, or go on."""

        def entered(newest: int) -> None:
            self._newest = newest
            if self._follower.last is None:
                # One is asked for even where none is wanted, to know where the end is.
                count = max(1, self._count)
                Pages(self._visit, self._title, count, self._take, self._done, self._none).go()
            else:
                self._follower.come_back(newest, anew=anew)

        self._visit.enter(self._follower.title, entered)

    def _take(self, events: list[Object]) -> None:
        self._newest = wire.number(events[-1], "seq") or 0
        for event in events if self._count else []:
            self._printer.write(event)

    def _done(self) -> None:
        if self.patient:
            self._follower.begin(self._newest)
        else:
            self._visit.end(Status.DONE)

    def _none(self, reply: Object) -> None:
        """What was said here cannot be read; what will be said can."""
        if self.patient and wire.number(reply, "code") == 340:
            self._done()
        else:
            self._visit.refuse(reply)

    def heard(self, event: Object) -> None:
        """Write what happens in the conversation."""
        if self.patient:
            self._follower.heard(event)

    def seen(self) -> dict[str, int]:
        """Return how far the conversation is written."""
        last = self._follower.last
        return {} if last is None else {self._follower.title: last}


def add_history_arguments(parser: ArgumentParser) -> None:
    """Add what ``history`` takes."""
    parser.add_argument("to", metavar="TO", help="#room, @nick or nick")
    _add_count(parser, 50)
    parser.add_argument("--before", metavar="SEQ", type=number, help="what was before a message")
    parser.add_argument("--after", metavar="SEQ", type=number, help="what came after a message")
    add_json(parser)


def add_tail_arguments(parser: ArgumentParser) -> None:
    """Add what ``tail`` takes."""
    parser.add_argument("to", metavar="TO", help="#room, @nick or nick")
    _add_count(parser, 10)
    parser.add_argument("-f", "--follow", action="store_true", help="go on with what comes")
    add_json(parser)


def _add_count(parser: ArgumentParser, default: int) -> None:
    parser.add_argument(
        "-n",
        dest="count",
        metavar="N",
        type=number,
        default=default,
        help=f"how much at most (default: {default})",
    )


def add_json(parser: ArgumentParser) -> None:
    """Add the option for programs."""
    parser.add_argument("--json", action="store_true", help="a JSON object on each line")


def number(text: str) -> int:
    """Return a number that is not negative. Raises ``ArgumentTypeError``."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ArgumentTypeError(f"{text!r} is no number")
    return int(text)
