"""``chatcli wait-for``: waits for a message that matches. Pure."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from chatcli import wire
from chatcli.commands import title_of
from chatcli.headless.following import Follower
from chatcli.headless.paging import Pages
from chatcli.headless.printing import Printer
from chatcli.headless.reading import add_json, number
from chatcli.headless.statuses import Status
from chatcli.headless.visit import Errand, Visit
from chatcli.wire import Object


class WaitFor(Errand):
    """Waits for a message whose text matches, and writes it."""

    patient = True
    late = "No message that matches came in time."

    def __init__(self, visit: Visit, asked: Namespace) -> None:
        self.timeout: float | None = asked.timeout
        self._visit = visit
        self._wanted: re.Pattern[str] = asked.regex
        self._after: int | None = asked.after
        self._printer = Printer(visit, as_json=asked.json)
        self._follower = Follower(visit, title_of(asked.to), self._take)
        self._newest = 0

    def arrived(self, *, anew: bool) -> None:
        """Begin to wait, or go on."""

        def entered(newest: int) -> None:
            if self._follower.last is not None:
                self._follower.come_back(newest, anew=anew)
            elif self._after is not None:
                self._follower.begin(self._after)
            elif self._follower.title.startswith("#"):
                self._follower.begin(newest)
            else:
                # Of a private conversation only its history tells where its end is.
                Pages(self._visit, self._follower.title, 1, self._see, self._begin).go()

        self._visit.enter(self._follower.title, entered)

    def _see(self, events: list[Object]) -> None:
        self._newest = wire.number(events[-1], "seq") or 0

    def _begin(self) -> None:
        self._follower.begin(self._newest)

    def _take(self, event: Object) -> None:
        if event.get("ev") != "msg" or wire.flag(event, "ignored"):
            return
        if self._wanted.search(wire.text(event, "text", lines=True)):
            self._printer.write(event)
            self._visit.end(Status.DONE)

    def heard(self, event: Object) -> None:
        """Look at what is said."""
        self._follower.heard(event)

    def seen(self) -> dict[str, int]:
        """Return how far the conversation was looked at."""
        last = self._follower.last
        return {} if last is None else {self._follower.title: last}


def add_arguments(parser: ArgumentParser) -> None:
    """Add what ``wait-for`` takes."""
    parser.add_argument("to", metavar="TO", help="#room, @nick or nick")
    parser.add_argument(
        "regex", metavar="REGEX", type=_pattern, help="what its text must match, as Python's re"
    )
    parser.add_argument(
        "--after", metavar="SEQ", type=number, help="look at what came since a message, too"
    )
    add_json(parser)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None
