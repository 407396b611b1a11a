"""What is asked of the server quietly, so that it can be suggested to who types. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.model import ROOMS_KNOWN, State
from chatcli.requests import Requests
from chatcli.wire import Object
from chatd.core.commands import Accounts, Bans, Command, ListRooms, Tokens

EVERY = 30.0  # seconds between two of the same questions
NAMES_KNOWN = 1000
TOPIC = 200  # characters of it that are shown beside a room


class Learning:
    """Asks, now and then, for what can stand behind a command. ``now`` gives seconds."""

    def __init__(self, state: State, requests: Requests, now: Callable[[], float]) -> None:
        self._state = state
        self._requests = requests
        self._now = now
        self._asked: dict[str, float] = {}

    def learn(self, name: str) -> None:
        """Ask for what can stand behind the command ``name``; nobody is told of a refusal."""
        command = self._question(name.lower())
        if command is None:
            return
        asked, now = repr(command), self._now()
        if now >= self._asked.get(asked, now):
            self._asked[asked] = now + EVERY
            self._requests.ask(command, lambda reply: self.take(command, reply), lambda _: None)

    def _question(self, name: str) -> Command | None:
        state = self._state
        if name in {"join", "knock"}:
            return ListRooms()
        if name == "revoke" and state.account is not None:
            return Tokens()
        if name == "unban" and state.current.is_room:
            return Bans(room=state.current.title)
        if name in {"role", "reset", "remove"} and state.role == "admin":
            return Accounts()
        return None

    def take(self, command: Command, reply: Object) -> None:
        """Keep what the server told."""
        state = self._state
        if isinstance(command, ListRooms):
            state.rooms_known.clear()
            for room in wire.objects(reply, "rooms")[:ROOMS_KNOWN]:
                state.rooms_known[wire.name(room, "room")] = wire.text(room, "topic")[:TOPIC]
        elif isinstance(command, Tokens):
            state.labels = _names(reply, "tokens", "label")
        elif isinstance(command, Accounts):
            state.accounts_known = _names(reply, "accounts", "name")
        elif isinstance(command, Bans):
            conversation = state.find(wire.name(reply, "room"))
            if conversation is not None:
                conversation.banned = _names(reply, "bans", "nick")


def _names(reply: Object, key: str, name: str) -> list[str]:
    found = (wire.name(each, name) for each in wire.objects(reply, key)[:NAMES_KNOWN])
    return [each for each in found if each]
