"""What a person asks the server for, other than messages, and what the replies do. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chatcli import replies, wire
from chatcli import state as telling
from chatcli.happenings import handle_matched, refusal
from chatcli.history import Historian
from chatcli.model import State
from chatcli.requests import Requests
from chatcli.wire import Object
from chatd.core.commands import (
    ROW_OF,
    Command,
    History,
    Join,
    ListRooms,
    Match,
    Nick,
    Part,
    React,
    Topic,
    Who,
)

ROOMS_KNOWN = 1000
ROOMS_EVERY = 30.0  # seconds between two quiet questions which rooms there are
_SILENT = (Join, Part, React)


class Errands:
    """Runs errands. ``renamed`` is called with the name that one has taken."""

    def __init__(
        self,
        state: State,
        requests: Requests,
        history: Historian,
        now: Callable[[], float],
        renamed: Callable[[str], None],
    ) -> None:
        self._state = state
        self._requests = requests
        self._history = history
        self._now = now
        self._renamed = renamed
        self._running: list[Command] = []
        self._rooms_at = -ROOMS_EVERY

    @property
    def entering(self) -> bool:
        """Whether another conversation is about to be shown."""
        return any(isinstance(command, Join | Match) for command in self._running)

    def run(self, command: Command) -> None:
        """Ask for something; the reply is shown where one is."""
        if isinstance(command, History) and self._is_older(command):
            return

        def done(reply: Object) -> None:
            self._running.remove(command)
            self._done(command, reply)

        def refused(reply: Object) -> None:
            self._running.remove(command)
            self.refused(reply)

        self._running.append(command)
        self._requests.ask(command, done, refused)

    def learn_rooms(self) -> None:
        """Ask which rooms there are, for the completion of their names, now and then."""
        now = self._now()
        if now < self._rooms_at + ROOMS_EVERY:
            return
        self._rooms_at = now
        command = ListRooms()
        self._requests.ask(command, lambda reply: self._take(command, reply), lambda _: None)

    def _is_older(self, command: History) -> bool:
        """Whether that is what scrolling up does: then the page belongs above the rest."""
        conversation = self._state.find(command.to or "")
        if conversation is None or command.before is not None or command.after is not None:
            return False
        if not self._history.fetch_older(conversation, command.limit):
            self._state.tell("That is all there is.", self._now())
        return True

    def refused(self, reply: Object) -> None:
        """Tell why something was not done."""
        self._state.tell(refusal(reply), self._now(), kind="error")

    def lost(self) -> None:
        """The connection is gone; tell what will not be answered."""
        for command in self._running:
            name = ROW_OF[type(command)].name
            words = f"/{name} got no answer: the connection was lost."
            self._state.tell(words, self._now(), kind="error")
        self._running.clear()

    def _done(self, command: Command, reply: Object) -> None:
        self._take(command, reply)
        if isinstance(command, _SILENT) or (
            isinstance(command, Topic) and command.text is not None
        ):
            return
        if isinstance(command, History):
            lines = _page(reply)
        else:
            lines = replies.words(ROW_OF[type(command)].name, reply)
        if lines:
            self._state.tell("\n".join(lines), self._now())

    def _take(self, command: Command, reply: Object) -> None:
        """Take in what a reply says of rooms and people."""
        if isinstance(command, Join):
            telling.enter(self._state, reply, self._now())
            self._state.go(wire.name(reply, "room"))
        elif isinstance(command, Part):
            self._state.leave(wire.name(reply, "room"), self._now())
        elif isinstance(command, Nick):
            self._renamed(wire.name(reply, "nick"))
        elif isinstance(command, Who) and command.room is None:
            telling.take_people(self._state, reply)
        elif isinstance(command, ListRooms):
            self._state.rooms_known.clear()
            for room in wire.objects(reply, "rooms")[:ROOMS_KNOWN]:
                self._state.rooms_known[wire.name(room, "room")] = wire.text(room, "topic")
        elif isinstance(command, Match) and wire.text(reply, "state") == "matched":
            handle_matched(self._state, reply, self._now())
        elif isinstance(command, React):
            self._reacted(command, reply)
        elif isinstance(command, Topic) and command.text is not None:
            self._set_topic(reply)

    def _reacted(self, command: React, reply: Object) -> None:
        """One's own reaction is not told again: take it in, on or off as it was not before."""
        conversation = self._state.find(wire.name(reply, "to"))
        if conversation is None:
            return
        you = self._state.you
        there = conversation.reactions_to(command.seq).get(command.emoji, [])
        event = {"ev": "react", "by": you, "of": command.seq, "emoji": command.emoji}
        self._apply_own(reply, {**event, "in": conversation.title, "on": you not in there})

    def _set_topic(self, reply: Object) -> None:
        event = {"ev": "topic", "by": self._state.you, "text": wire.text(reply, "topic")}
        self._apply_own(reply, {**event, "in": wire.name(reply, "room")})

    def _apply_own(self, reply: Object, event: Object) -> None:
        numbered = {key: reply[key] for key in ("seq", "t") if key in reply}
        for need in telling.apply(self._state, {**event, **numbered}, self._now()):
            self._history.fill(need.title)


def _page(reply: Object) -> list[str]:
    """Return a page of history in words, with the numbers by which one can answer."""
    lines = []
    for event in wire.objects(reply, "page"):
        if event.get("ev") == "msg":
            at = datetime.fromtimestamp(wire.moment(event, "t", 0.0)).astimezone()
            text = wire.text(event, "text", lines=True)
            number = wire.number(event, "seq")
            lines.append(f"{number} {at:%d %b %H:%M} <{wire.name(event, 'from')}> {text}")
    return lines or ["There is nothing."]
