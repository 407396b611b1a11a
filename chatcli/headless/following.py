"""What happens in one conversation, in order, each thing once. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.headless.statuses import Status
from chatcli.headless.visit import Visit
from chatcli.wire import Object, key_of
from chatd.core.commands import History

PAGE = 200
HELD = 5000  # events that wait for those before them; what is more is asked for again


class Follower:
    """Gives ``take`` the durable events of a conversation from a number on.

    It asks for what is missing: in a hole, and after a lost connection.
    """

    def __init__(self, visit: Visit, title: str, take: Callable[[Object], None]) -> None:
        self.title = title
        self.last: int | None = None
        self._visit = visit
        self._take = take
        self._asking = False
        self._ahead: dict[int, Object] = {}

    def begin(self, last: int) -> None:
        """Follow what comes after number ``last``."""
        self.last = last
        self.catch_up()

    def come_back(self, newest: int, *, anew: bool) -> None:
        """Go on after a lost connection; ``newest`` is the number that the room has come to."""
        another = newest < (self.last or 0) if self.title.startswith("#") else self._visit.is_guest
        if anew and another:
            # Its numbers begin again: of a room by the same name, or of one's own as a new guest.
            self.last = 0
        self._ahead.clear()
        self.catch_up()

    def catch_up(self) -> None:
        """Ask for what came after the last one."""
        self._asking = True
        command = History(to=self.title, after=self.last, limit=PAGE)
        self._visit.ask(command, self._took, self._no_history)

    def heard(self, event: Object) -> None:
        """Take in an event, of whatever conversation."""
        if event.get("ev") == "nick":
            self._renamed(event)
        if key_of(wire.name(event, "in")) != key_of(self.title):
            return
        seq = wire.number(event, "seq")
        if seq is None:
            self._parted(event)
        elif self.last is None or self._asking or seq > self.last + 1:
            if len(self._ahead) < HELD:
                self._ahead[seq] = event
            if self.last is not None and not self._asking:
                self.catch_up()
        else:
            self._tell(event)

    def _renamed(self, event: Object) -> None:
        if key_of(f"@{wire.name(event, 'old')}") == key_of(self.title):
            self.title = f"@{wire.name(event, 'nick')}"

    def _parted(self, event: Object) -> None:
        if event.get("ev") == "part" and key_of(wire.name(event, "nick")) == key_of(
            self._visit.you
        ):
            by = wire.name(event, "by")
            words = f"{by} put you out of {self.title}." if by else f"You left {self.title}."
            self._visit.end(Status.REFUSED, words)

    def _took(self, reply: Object) -> None:
        before = self.last
        # A person can be asked for by a former name.
        self.title = wire.name(reply, "to") or self.title
        for event in wire.objects(reply, "page"):
            self._tell({**event, "in": self.title})
        if wire.flag(reply, "more") and self.last != before:
            self.catch_up()
        else:
            self._release()

    def _no_history(self, reply: Object) -> None:
        if wire.number(reply, "code") == 340:
            self._release()
        else:
            self._visit.refuse(reply)

    def _release(self) -> None:
        """Tell what has waited; what is missing still cannot be read."""
        self._asking = False
        for seq in sorted(self._ahead):
            self._tell(self._ahead.pop(seq))

    def _tell(self, event: Object) -> None:
        seq = wire.number(event, "seq") or 0
        if not self._visit.ended and seq > (self.last or 0):
            self.last = seq
            self._take(event)
