"""A visit to the server: one comes, or comes back, and does an errand. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chatcli import wire
from chatcli.happenings import refusal
from chatcli.headless.statuses import Status
from chatcli.person import Credentials
from chatcli.requests import Answer, Requests
from chatcli.wire import Object, key_of
from chatd.core.commands import Command, Join, Login, Nick, Part, Ping, Quit, Resume, Who
from chatd.core.grammar import encode

LINE = 16384  # bytes, until the server says
PATIENCE = 30.0  # seconds that an errand may take where nothing else is said
TRY_AGAIN = 5.0  # seconds, where the server doesn't say
LONGEST_WAIT = 900
LONGEST_REFUSAL = 60  # seconds until something may be asked again; of longer ones one is told
_FOR_NOW = frozenset({429, 503})


class World(Protocol):
    """What is around a visit."""

    def send(self, command: Command) -> None:
        """Put a command on the wire."""

    def write(self, text: str) -> None:
        """Write a line of output."""

    def warn(self, words: str) -> None:
        """Tell something that is no output."""

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something in a while."""

    def limit(self, seconds: float | None) -> None:
        """From now on it may take so long, None for ever."""

    def read(self, take: Callable[[bytes], None]) -> None:
        """Read a piece of the input; it is empty at its end."""

    def end(self, status: Status, words: str) -> None:
        """All is said; ``words`` tell why where it was in vain."""


class Errand:
    """What a visit is for. ``patient``: it is worth waiting for a server that is not there.

    ``timeout`` is how many seconds it may take, None for ever, and ``late`` what to say then.
    """

    patient: bool = False
    timeout: float | None = PATIENCE
    late: str = "The server did not answer in time."

    def arrived(self, *, anew: bool) -> None:
        """One is at the server; ``anew``: as somebody whom it has not seen before."""
        raise NotImplementedError

    def heard(self, event: Object) -> None:
        """Something happened; to many errands it does not matter."""

    def seen(self) -> dict[str, int]:
        """Return how far one has seen conversations; nothing where one looks at none."""
        return {}


class Visit:
    """Comes as a guest (``nick``, or any name) or by ``credentials``, and comes back.

    Once ``end`` was called nothing happens any more.
    """

    def __init__(self, world: World, nick: str | None, credentials: Credentials | None) -> None:
        self.world = world
        self.you = ""
        self.limits: dict[str, int] = {}
        self.errand: Errand | None = None
        self.ended = False
        self.retry: float | None = None
        self._nick = nick
        self._credentials = credentials
        self._requests = Requests(world.send)
        self._token = ""
        self._connections = 0
        self._rooms: set[str] = set()
        self._invited: set[str] = set()
        self._entered = ""

    @property
    def is_guest(self) -> bool:
        """Whether one comes without an account."""
        return self._credentials is None

    # The connection

    def connected(self) -> None:
        """A connection was made."""
        self._connections += 1
        self.retry = None
        if self._token:
            seen = self.errand.seen() if self.errand is not None else {}
            resume = Resume(token=self._token, seen=seen)
            self.ask(resume, lambda _: self._arrive(anew=False), self._not_resumed)
        else:
            self._introduce()

    def lost(self) -> None:
        """The connection is gone."""
        self._connections += 1
        self._requests.lost()

    def received(self, told: Object) -> None:
        """Take in what the server sent."""
        if self.ended:
            return
        if "re" in told:
            self._requests.answer(told)
            return
        ev = told.get("ev")
        if ev == "hello":
            self._greet(told)
        elif ev == "ping":
            self._requests.tell(Ping())
        elif ev == "error":
            self.refuse(told)
        elif ev == "bye":
            self._part_ways(told)
        elif self.errand is not None:
            self._follow_own_name(told)
            self.errand.heard(told)

    def _follow_own_name(self, event: Object) -> None:
        if event.get("ev") == "nick" and key_of(wire.name(event, "old")) == key_of(self.you):
            self.you = wire.name(event, "nick") or self.you

    def _greet(self, hello: Object) -> None:
        self.you = wire.name(hello, "you")
        self._token = wire.text(hello, "resume")
        limits = hello.get("limits")
        told = limits if isinstance(limits, dict) else {}
        numbers = {key: wire.number(told, key) for key in ("line", "text", "lines")}
        self.limits = {key: value for key, value in numbers.items() if value}
        self._rooms = {key_of(title) for title in wire.texts(hello, "in")}

    def _part_ways(self, bye: Object) -> None:
        retry = wire.number(bye, "retry")
        if retry is None and wire.number(bye, "code") != 503:
            self.end(Status.REFUSED, wire.text(bye, "text") or "The server ended the connection.")
        else:
            self.retry = float(min(retry or 0, LONGEST_WAIT))

    # Coming

    def _not_resumed(self, _: Object) -> None:
        self._token = ""
        self._introduce()

    def _introduce(self) -> None:
        if self._credentials is not None:
            known = self._credentials
            login = Login(name=known.name, password=known.secret)
            self.ask(login, self._logged_in, self._not_logged_in)
            return
        first = Nick(name=self._nick) if self._nick else Ping()
        self.ask(first, lambda _: self._arrive(anew=True))

    def _logged_in(self, reply: Object) -> None:
        self.you = wire.name(reply, "you") or self.you
        self._rooms = {key_of(wire.name(room, "room")) for room in wire.objects(reply, "rooms")}
        self._invited = {key_of(title) for title in wire.texts(reply, "invited")}
        self._arrive(anew=True)

    def _not_logged_in(self, reply: Object) -> None:
        known, code = self._credentials, wire.number(reply, "code")
        self.end(Status.NO_LOGIN, (known.why_refused(code) if known else "") or told(reply))

    def _arrive(self, *, anew: bool) -> None:
        if self.errand is not None:
            self.errand.arrived(anew=anew)

    # Asking

    def ask(self, command: Command, then: Answer, failed: Answer | None = None) -> None:
        """Ask the server; ``then`` gets the reply, ``failed`` a refusal, which else is the end.

        What is refused for now is asked again.
        """
        limit = self.limits.get("line", LINE) - 64
        if len(encode(command)) > limit:
            # It would be dropped, and never be answered. The id comes on top.
            words = f"That is longer than the {limit} bytes that the server takes."
            self.end(Status.REFUSED, words)
            return
        connection = self._connections

        def again() -> None:
            if connection == self._connections and not self.ended:
                self.ask(command, then, failed)

        def refused(reply: Object) -> None:
            told_wait = wire.number(reply, "wait")
            wait = TRY_AGAIN if told_wait is None else float(told_wait)
            if wire.number(reply, "code") in _FOR_NOW and wait <= LONGEST_REFUSAL:
                self.world.later(wait, again)
            else:
                (failed or self.refuse)(reply)

        self._requests.ask(command, then, refused)

    def enter(self, title: str, then: Callable[[int], None], *, create: bool = False) -> None:
        """Be in a room, left at the end if one was not in it; ``then`` gets its newest number.

        A room that there is not is made only where ``create``. To be with a person takes nothing.
        """
        if not title.startswith("#"):
            then(0)
            return

        def entered(reply: Object) -> None:
            self._rooms.add(key_of(title))
            then(wire.number(reply, "seq") or 0)

        def join(_: Object) -> None:
            self.ask(Join(room=title), entered)

        known = key_of(title) in self._rooms | self._invited
        if known or create:
            join({})
            return
        self._entered = title
        self.ask(Who(room=title), join)

    # The end

    def refuse(self, reply: Object) -> None:
        """End because the server has refused something."""
        self.end(Status.REFUSED, told(reply))

    def end(self, status: Status, words: str = "") -> None:
        """End the visit."""
        if self.ended:
            return
        self.ended = True
        if self._entered and not self.is_guest:
            self._requests.tell(Part(room=self._entered))
        self._requests.tell(Quit())
        self.world.end(status, words)


def told(reply: Object) -> str:
    """Return a refusal with its number, and what to try."""
    code = wire.number(reply, "code")
    return f"{f'Error {code}: ' if code else ''}{refusal(reply)}"
