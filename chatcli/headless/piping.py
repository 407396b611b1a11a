"""``chatcli pipe``: what a command puts out, folded into messages. Pure."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import deque

from chatcli.commands import title_of
from chatcli.headless.folding import Folder
from chatcli.headless.sending import Letter, add_create
from chatcli.headless.statuses import Status
from chatcli.headless.visit import PATIENCE, Errand, Visit
from chatcli.wire import Object

EVERY = 5.0  # seconds that a line waits at most for more


class Pipe(Errand):
    """Sends the input: in one message, where it ends soon and fits, else in several, in order."""

    patient = True
    late = "The server did not acknowledge what was piped in time."

    def __init__(self, visit: Visit, asked: Namespace) -> None:
        self.timeout = asked.timeout or PATIENCE
        self._visit = visit
        self._title = title_of(asked.to)
        self._create: bool = asked.create
        self._folder: Folder | None = None
        self._letters: deque[Letter] = deque()
        self._flying = self._there = self._timing = self._reading = self._over = False

    def arrived(self, *, anew: bool) -> None:
        """Begin to read, or go on."""

        def entered(_: int) -> None:
            self._there = True
            if self._folder is None:
                self._folder = Folder(self._visit.limits)
                self._read_on(self._folder)
            self._send(anew=anew)

        self._there = self._flying = False
        self._visit.enter(self._title, entered, create=self._create)

    # The input

    def _read_on(self, folder: Folder) -> None:
        def take(data: bytes) -> None:
            self._reading, self._over = False, not data
            self._queue(folder.feed(data) if data else folder.end())
            self._set_timer(folder)
            self._read_on(folder)

        # Who writes faster than the server takes it has to wait.
        if not (self._reading or self._over or self._letters):
            self._reading = True
            self._visit.world.read(take)

    def _set_timer(self, folder: Folder) -> None:
        def due() -> None:
            self._timing = False
            self._queue(folder.flush())

        if folder.waits and not self._timing:
            self._timing = True
            self._visit.world.later(EVERY, due)

    # The messages

    def _queue(self, texts: list[str]) -> None:
        self._letters.extend(Letter(self._visit, self._title, text) for text in texts)
        self._send(anew=False)

    def _send(self, *, anew: bool) -> None:
        if not self._there or self._flying:
            return
        if self._letters:
            self._flying = True
            self._visit.world.limit(self.timeout)
            self._letters[0].send(self._acknowledged, anew=anew)
        elif self._over:
            self._visit.end(Status.DONE)
        else:
            # However long the command thinks.
            self._visit.world.limit(None)

    def _acknowledged(self, _: Object) -> None:
        self._flying = False
        self._letters.popleft()
        if self._folder is not None:
            self._read_on(self._folder)
        self._send(anew=False)


def add_arguments(parser: ArgumentParser) -> None:
    """Add what ``pipe`` takes."""
    parser.add_argument("to", metavar="TO", help="#room, @nick or nick")
    add_create(parser)
