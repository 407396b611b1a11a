"""Pages of history, one after the other. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.headless.visit import Visit
from chatcli.requests import Answer
from chatcli.wire import Object
from chatd.core.commands import History

PAGE = 200


class Pages:
    """Reads ``count`` events of a conversation: the newest, those before, or those after a ``seq``.

    ``take`` gets events in their order, all at once or page by page; ``done`` is called after
    the last. ``failed`` gets a refusal, which else is the end.
    """

    def __init__(
        self,
        visit: Visit,
        title: str,
        count: int,
        take: Callable[[list[Object]], None],
        done: Callable[[], None],
        failed: Answer | None = None,
    ) -> None:
        self._visit = visit
        self._title = title
        self._left = count
        self._take = take
        self._done = done
        self._failed = failed
        self._kept: list[list[Object]] = []
        self.before: int | None = None
        self.after: int | None = None

    def go(self) -> None:
        """Read, or read on where a connection was lost."""
        command = History(
            to=self._title, limit=min(self._left, PAGE), before=self.before, after=self.after
        )
        self._visit.ask(command, self._took, self._failed)

    def _took(self, reply: Object) -> None:
        page = [each for each in wire.objects(reply, "page") if wire.number(each, "seq")]
        forward = self.after is not None and self.before is None
        self._left -= len(page)
        if page and forward:
            self._take(page)
            self.after = wire.number(page[-1], "seq")
        elif page:
            self._kept.insert(0, page)
            self.before = wire.number(page[0], "seq")
        if page and self._left > 0 and wire.flag(reply, "more"):
            self.go()
            return
        if self._kept:
            self._take([event for kept in self._kept for event in kept])
        self._done()
