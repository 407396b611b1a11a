"""Each cell of the policy, tried from outside by those who have that standing in a room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from tests.acceptance.clients import Event, JsonClient
from tests.acceptance.server import ChatServer
from tests.acceptance.test_accounts import registered

STANDINGS = ("outside", "banned", "muted", "member", "moderator", "owner", "admin")
OPS = "#ops"

# What each is answered, in the order of STANDINGS: 0 is done, a number is the error's.
#                       outside banned muted member moder. owner admin
EXPECTED = {
    "history":          (303, 303, 0, 0, 0, 0, 0),
    "search":           (303, 303, 0, 0, 0, 0, 0),
    "read":             (303, 303, 0, 0, 0, 0, 0),
    "msg":              (303, 303, 306, 0, 0, 0, 0),
    "me":               (303, 303, 306, 0, 0, 0, 0),
    "reply":            (303, 303, 306, 0, 0, 0, 0),
    "react":            (303, 303, 306, 0, 0, 0, 0),
    "whisper":          (303, 303, 306, 0, 0, 0, 0),
    "typing":           (303, 303, 306, 0, 0, 0, 0),
    "edit of another":  (303, 303, 306, 330, 0, 0, 0),
    "del of another":   (303, 303, 306, 330, 0, 0, 0),
    "topic":            (303, 303, 403, 403, 0, 0, 0),
    "invite":           (303, 303, 403, 403, 0, 0, 0),
    "kick":             (303, 303, 403, 403, 0, 0, 0),
    "kick a moderator": (303, 303, 403, 403, 403, 0, 0),
    "ban":              (303, 303, 403, 403, 0, 0, 0),
    "ban a moderator":  (303, 303, 403, 403, 403, 0, 0),
    "unban":            (303, 303, 403, 403, 0, 0, 0),
    "bans":             (303, 303, 403, 403, 0, 0, 0),
    "mute":             (303, 303, 403, 403, 0, 0, 0),
    "unmute":           (303, 303, 403, 403, 0, 0, 0),
    "slow":             (303, 303, 403, 403, 0, 0, 0),
    "pin":              (303, 303, 403, 403, 0, 0, 0),
    "unpin":            (303, 303, 403, 403, 0, 0, 0),
    "pins":             (303, 303, 403, 403, 0, 0, 0),
    "mod":              (303, 303, 403, 403, 403, 0, 0),
    "unmod":            (303, 303, 403, 403, 403, 0, 0),
    "own":              (303, 303, 403, 403, 403, 0, 0),
    "set":              (303, 303, 403, 403, 403, 0, 0),
    "join":             (0, 304, 0, 0, 0, 0, 0),
}  # fmt: skip


class House:
    """A room with somebody of each standing, and as many victims as are needed."""

    def __init__(self, server: ChatServer, stack: ExitStack) -> None:
        self.server = server
        self._stack = stack
        self._numbers = count(1)
        # "admin" is a name that nobody can have.
        self.people = {name: self._enter(registered(server, f"{name}s")) for name in STANDINGS}
        code = (server.data / "claim_code").read_text("ascii").strip()
        assert self.people["admin"].ask("claim", code=code)["ok"]
        self.settle()

    def _enter(self, client: JsonClient) -> JsonClient:
        self._stack.enter_context(client)
        return client

    def settle(self) -> None:
        """Give everybody his standing, whatever was done to it."""
        owner, admin = self.people["owner"], self.people["admin"]
        for person in (owner, admin):
            person.ask("join", room=OPS)
        admin.ask("own", room=OPS, nick="owners")
        for name in ("muted", "member", "moderator"):
            admin.ask("unban", room=OPS, nick=f"{name}s")
            self.people[name].ask("join", room=OPS)
            admin.ask("unmod", room=OPS, nick=f"{name}s")
        assert admin.ask("slow", room=OPS, seconds=0)["ok"]
        admin.ask("mod", room=OPS, nick="moderators")
        admin.ask("mute", room=OPS, nick="muteds")
        self.people["outside"].ask("part", room=OPS)
        admin.ask("ban", room=OPS, nick="banneds")

    def victim(self) -> str:
        """Return the nick of a new member who has said nothing yet."""
        name = f"victim{next(self._numbers)}"
        client = self._enter(JsonClient(self.server, name))
        assert client.ask("join", room=OPS)["ok"]
        return name

    def message(self) -> int:
        """Return the number of a message of the owner's."""
        return int(self.people["owner"].ask("msg", to=OPS, text="words")["seq"])


Try = Callable[[House, JsonClient], Event]


def simply(do: str, **keys: Any) -> Try:
    """Return what sends a command that needs nothing beforehand."""
    return lambda _, client: client.ask(do, room=OPS, **keys)


def on_message(do: str, **keys: Any) -> Try:
    """Return what sends a command about a message of somebody else's."""
    return lambda house, client: client.ask(do, room=OPS, seq=house.message(), **keys)


def on_victim(do: str, before: str | None = None, **keys: Any) -> Try:
    """Return what sends a command about a member, to whom ``before`` was done."""

    def attempt(house: House, client: JsonClient) -> Event:
        name = house.victim()
        if before is not None:
            assert house.people["admin"].ask(before, room=OPS, nick=name)["ok"]
        return client.ask(do, room=OPS, nick=name, **keys)

    return attempt


def _unpin(house: House, client: JsonClient) -> Event:
    number = house.message()
    assert house.people["admin"].ask("pin", room=OPS, seq=number)["ok"]
    return client.ask("unpin", room=OPS, seq=number)


def _invite(house: House, client: JsonClient) -> Event:
    name = house.victim()
    assert house.people["admin"].ask("kick", room=OPS, nick=name)["ok"]
    return client.ask("invite", room=OPS, nick=name)


TRIES: dict[str, Try] = {
    "history": simply("history"),
    "search": simply("search", words="words"),
    "read": simply("read"),
    "msg": simply("msg", text="hi"),
    "me": simply("me", text="waves"),
    "reply": on_message("reply", text="yes"),
    "react": on_message("react", emoji="👍"),
    "whisper": on_victim("whisper", text="psst"),
    "typing": simply("typing", on=True),
    "edit of another": lambda house, client: _of_another(house, client, "edit", text="other"),
    "del of another": lambda house, client: _of_another(house, client, "del"),
    "topic": simply("topic", text="new"),
    "invite": _invite,
    "kick": on_victim("kick"),
    "kick a moderator": on_victim("kick", "mod"),
    "ban": on_victim("ban"),
    "ban a moderator": on_victim("ban", "mod"),
    "unban": on_victim("unban", "ban"),
    "bans": simply("bans"),
    "mute": on_victim("mute"),
    "unmute": on_victim("unmute", "mute"),
    "slow": simply("slow", seconds=0),
    "pin": on_message("pin"),
    "unpin": _unpin,
    "pins": simply("pins"),
    "mod": on_victim("mod"),
    "unmod": on_victim("unmod", "mod"),
    "own": on_victim("own"),
    "set": simply("set", option="history", value="on"),
    "join": simply("join"),
}


def _of_another(house: House, client: JsonClient, do: str, **keys: Any) -> Event:
    """Change what a victim said; nobody of those who try said it."""
    name = f"author{next(house._numbers)}"
    with JsonClient(house.server, name) as author:
        assert author.ask("join", room=OPS)["ok"]
        number = author.ask("msg", to=OPS, text="mine")["seq"]
        return client.ask(do, room=OPS, seq=number, **keys)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("policy")
    with ChatServer(home, "--rate", "off") as server, ExitStack() as stack:
        yield House(server, stack)
        assert server.trouble == []


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("action", EXPECTED)
def test_cell(house: House, action: str, standing: str) -> None:
    house.settle()
    reply = TRIES[action](house, house.people[standing])
    assert reply.get("code", 0) == EXPECTED[action][STANDINGS.index(standing)], reply
