"""What an administrator can call at the prompt."""

from __future__ import annotations

import platform
import resource
import sys
from collections.abc import Callable
from typing import Any

import twisted
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from chatd import __version__
from chatd.core.commands import Command, Kill, ListRooms, Msg, Wall, Who, Whois
from chatd.core.errors import Refusal
from chatd.core.grammar import clean
from chatd.manhole.door import ConsoleDoor, Declined, Told
from chatd.manhole.text import Shown, duration, one_line, table
from chatd.service import ChatService

_NOTES = """\
hub      what the chat knows: hub.users, hub.rooms, hub.sessions. For looking: what is changed
         there goes past the sequencer and the store
service  the service around it: service.connections, service.store

Keys: up and down for what was typed before, left and right, Ctrl-A and E for beginning and end,
Ctrl-K, U and W cut, Ctrl-C gives up the line, or the waiting for an answer, Ctrl-D leaves.
What is typed here runs inside the server: a loop without end stops the chat."""


class Tool:
    """Something to call; its name alone tells how."""

    def __init__(self, usage: str, summary: str, call: Callable[..., Any]) -> None:
        self.name = usage.partition("(")[0]
        self.usage = usage
        self.summary = summary
        self._call = call

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Do it."""
        return self._call(*arguments, **named)

    def __repr__(self) -> str:
        return f"{self.usage}  {self.summary}"


class Tools:
    """All that can be called at one console. ``up`` tells for how many seconds the server runs."""

    def __init__(
        self,
        service: ChatService,
        door: ConsoleDoor,
        up: Callable[[], float],
        leave: Callable[[], None],
    ) -> None:
        self._service = service
        self._door = door
        self._up = up
        self._leave = leave
        self._tools = (
            Tool("help()", "shows this; help(kick) tells about one of them", self._help),
            Tool("who()", 'lists who is here; who("#lobby") who is in a room', self._who),
            Tool("whois(nick)", "tells about a person, addresses included", self._whois),
            Tool("rooms()", 'lists the rooms; rooms("words") those with the words', self._rooms),
            Tool("stats()", "tells how the server is", self._stats),
            Tool('say(to, "text")', 'says something as the server: to "#lobby", "ana"', self._say),
            Tool('wall("text")', "tells everybody something", self._wall),
            Tool(
                'kick(nick, "why")', "ends all connections of a person (as /kill does)", self._kick
            ),
            Tool("exit()", "leaves the console, as Ctrl-D does; the server goes on", self._exit),
        )

    def namespace(self) -> dict[str, object]:
        """Return the names that a console begins with."""
        names: dict[str, object] = {"__name__": "__console__", "__doc__": None}
        names.update({tool.name: tool for tool in self._tools})
        # Python's own quit would close the server's standard input.
        return {**names, "quit": names["exit"], "hub": self._service.hub, "service": self._service}

    # Asking

    def _ask(self, command: Command, show: Callable[[Told], Shown]) -> Deferred[Shown] | Shown:
        try:
            return self._door.ask(command).addCallback(show).addErrback(_declined)
        except Refusal as refusal:
            return Shown(f"{refusal.code} {refusal.name}: {refusal.text}")

    def _who(self, room: str | None = None) -> Deferred[Shown] | Shown:
        command = Who(room=None if room is None else _word("room", room))
        return self._ask(command, _people)

    def _whois(self, nick: str) -> Deferred[Shown] | Shown:
        return self._ask(Whois(nick=_word("nick", nick)), _person)

    def _rooms(self, words: str = "") -> Deferred[Shown] | Shown:
        return self._ask(ListRooms(words=_word("words", words)), _rooms)

    def _say(self, to: str, text: str) -> Deferred[Shown] | Shown:
        command = Msg(to=_word("to", to), text=_word("text", text, lines=True))
        return self._ask(command, _sent)

    def _wall(self, text: str) -> Deferred[Shown] | Shown:
        command = Wall(text=_word("text", text))
        return self._ask(command, lambda told: Shown(f"Told to {_count(told, 'sessions')}."))

    def _kick(self, nick: str, why: str = "") -> Deferred[Shown] | Shown:
        command = Kill(nick=_word("nick", nick), why=_word("why", why))
        ended = f"{one_line(nick)} is disconnected"
        return self._ask(command, lambda told: Shown(f"{ended}: {_count(told, 'sessions')} ended."))

    # Telling

    def _help(self, about: object = None) -> Shown:
        if isinstance(about, Tool):
            return Shown(repr(about))
        if about is not None:
            return Shown("help() tells about what is called here, such as help(kick).")
        width = max(len(tool.usage) for tool in self._tools)
        lines = [f"{tool.usage:{width}}  {tool.summary}" for tool in self._tools]
        return Shown("\n".join([*lines, "", _NOTES]))

    def _stats(self) -> Shown:
        hub, service = self._service.hub, self._service
        usage = resource.getrusage(resource.RUSAGE_SELF)
        awake = sum(bool(room.members) or room.lobby for room in hub.rooms.values())
        events = sum(conversation.seq for conversation in hub.conversations.values())
        rows = (
            ("server", service.settings.server),
            ("version", f"chatd {__version__}, Twisted {twisted.__version__}, Python {_python()}"),
            ("up", duration(self._up())),
            ("people", len(hub.users)),
            ("sessions", f"{len(hub.sessions)}, {len(hub.lost)} of them lost but may resume"),
            ("consoles", sum(bool(s.user and s.user.admin) for s in hub.sessions.values())),
            ("rooms", f"{len(hub.rooms)}, {awake} of them awake"),
            ("messages", f"{events}, reactions and topics included"),
            ("store", service.failing or "works"),
            ("backlog", f"{service.backlog} effects wait for the disk"),
            ("memory", f"{_bytes(usage.ru_maxrss) / 2**20:.0f} MiB at most"),
            ("processor", f"{usage.ru_utime + usage.ru_stime:.1f} s"),
        )
        return Shown(table(("WHAT", "NOW"), rows))

    def _exit(self) -> None:
        self._leave()


def _python() -> str:
    return platform.python_version()


def _bytes(resident: int) -> int:
    """Return the largest resident size in bytes; Linux counts it in KiB, macOS in bytes."""
    return resident if sys.platform == "darwin" else resident * 1024


def _word(name: str, value: object, *, lines: bool = False) -> str:
    """Return an argument. Raises ``TypeError`` for what is no text."""
    if not isinstance(value, str):
        raise TypeError(f'{name} must be a text, such as "ana", not {type(value).__name__}')
    return clean(value, lines=lines)


def _declined(failure: Failure) -> Shown:
    declined = failure.trap(Declined) and failure.value
    return Shown(str(declined))


def _count(told: Told, key: str) -> str:
    number = told[key]
    return f"{number} {key.removesuffix('s') if number == 1 else key}"


# Answers


def _people(told: Told) -> Shown:
    head = ("NICK", "ROLE", "STATE", "AWAY")
    rows = [
        (user["nick"], user["role"], user["state"], user.get("text", "")) for user in told["users"]
    ]
    return table(head, rows) if rows else Shown("Nobody is here.")


def _person(told: Told) -> Shown:
    rows = [(key, _plain(value)) for key, value in told.items() if key not in {"re", "ok"}]
    return table(("WHAT", "NOW"), rows)


def _plain(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else value


def _rooms(told: Told) -> Shown:
    rows = [(room["room"], room["members"], room["topic"]) for room in told["rooms"]]
    return table(("ROOM", "MEMBERS", "TOPIC"), rows) if rows else Shown("There is no such room.")


def _sent(told: Told) -> Shown:
    stored = "" if told["state"] == "delivered" else "; nobody is there to read it now"
    return Shown(f"Said to {one_line(told['to'])} as number {told['seq']}{stored}.")
