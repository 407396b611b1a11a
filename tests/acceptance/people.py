"""Two people with accounts: ana, who sits at chatcli, and bo, who is a program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.clients import JsonClient
from tests.acceptance.conftest import Open
from tests.acceptance.server import ChatServer
from tests.acceptance.terminal import Terminal

PASSWORD = "correct horse battery"


def registered(chat: ChatServer, nick: str) -> JsonClient:
    """Return a client that has made an account."""
    client = JsonClient(chat, nick)
    assert client.ask("register", password=PASSWORD)["ok"]
    return client


@contextmanager
def two_accounts(chat: ChatServer) -> Iterator[JsonClient]:
    """Yield bo; ana has an account, and has left."""
    with registered(chat, "ana") as ana:
        assert ana.ask("quit")["ok"]
    with registered(chat, "bo") as bo:
        yield bo


def ana_at(terminal: Open, chat: ChatServer, columns: int = 120, rows: int = 30) -> Terminal:
    """Return a terminal in which ana is logged in."""
    ana: Terminal = terminal(columns, rows)
    ana.log_in(chat.port, "ana", PASSWORD)
    return ana


def say(client: JsonClient, text: str, to: str = "#lobby") -> int:
    """Say something and return its number."""
    reply = client.ask("msg", to=to, text=text)
    assert reply["ok"], reply
    return int(reply["seq"])
