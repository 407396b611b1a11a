"""A server that is killed under traffic loses nothing that it acknowledged or showed."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

from tests.acceptance.clients import Event, JsonClient, resumed
from tests.acceptance.server import ChatServer, until

ROUNDS = int(os.environ.get("CHATD_CRASHES", "20"))
ROOMS = ("#lobby", "#ops")
WATCHER = "watcher"
TALKERS = ("talker-1", "talker-2", "talker-3")
AT_ONCE = 8  # messages that a talker sends before he reads


class Person:
    """A client that takes up its session after each crash, and all that it was ever shown."""

    def __init__(self, server: ChatServer, nick: str) -> None:
        self.nick = nick
        self.client = JsonClient(server, nick)
        self.token = self.client.token
        assert self.client.ask("join", room="#ops")["ok"]
        self.shown: list[Event] = []

    def collect(self) -> None:
        """Put what the connection brought to the rest."""
        self.shown += [event for event in self.client.events if event["ev"] == "msg"]
        self.client.events.clear()

    def read_on(self) -> None:
        """Read until the server is gone."""
        with suppress(OSError):
            while self.client.next() is not None:
                pass

    def come_back(self, server: ChatServer) -> None:
        """Take the session up, and see that it is the old one."""
        self.client.close()
        self.collect()
        self.client, reply = resumed(server, self.token, self.seen())
        assert reply["ok"], reply
        assert (reply["you"], sorted(reply["in"])) == (self.nick, sorted(ROOMS))
        assert self.client.token == self.token

    def seen(self) -> dict[str, int]:
        """Return the newest number of each conversation, 0 where nothing has come yet."""
        newest = dict.fromkeys((*ROOMS, *(f"@{nick}" for nick in TALKERS)), 0)
        for event in self.shown:
            newest[event["in"]] = max(event["seq"], newest.get(event["in"], 0))
        return newest


class Talker(Person):
    """Somebody who sends numbered messages, each with a nonce, to rooms and to the watcher."""

    def __init__(self, server: ChatServer, nick: str) -> None:
        super().__init__(server, nick)
        self._numbers = count(1)
        self.sent: dict[str, tuple[str, str]] = {}
        self.acknowledged: dict[str, int] = {}

    def talk(self) -> None:
        """Send messages until the server is gone."""
        with suppress(OSError, AssertionError):
            while True:
                asked = {}
                for _ in range(AT_ONCE):
                    number = next(self._numbers)
                    nonce = f"{self.nick}-{number}"
                    to = (*ROOMS, f"@{WATCHER}")[number % 3]
                    self.sent[nonce] = (to, f"{number} of {self.nick}")
                    asked[self._send(nonce)] = nonce
                for ident, nonce in asked.items():
                    self.acknowledged[nonce] = self.client.reply(ident)["seq"]

    def _send(self, nonce: str) -> int:
        to, text = self.sent[nonce]
        return self.client.request("msg", to=to, text=text, nonce=nonce)

    def send_again(self) -> None:
        """Send again what was not acknowledged, and some that was."""
        for nonce in list(self.sent)[-4 * AT_ONCE :]:
            reply = self.client.reply(self._send(nonce))
            assert reply["ok"], reply
            assert self.acknowledged.setdefault(nonce, reply["seq"]) == reply["seq"]
        assert self.acknowledged.keys() == self.sent.keys()


def crash(server: ChatServer, watcher: Person, talkers: list[Talker], after: int) -> None:
    """Kill the server when ``after`` more messages were acknowledged, and start it again."""
    before = sum(len(talker.acknowledged) for talker in talkers)
    threads = [threading.Thread(target=talker.talk) for talker in talkers]
    threads.append(threading.Thread(target=watcher.read_on))
    for thread in threads:
        thread.start()
    try:
        until(
            lambda: sum(len(talker.acknowledged) for talker in talkers) >= before + after,
            "messages are acknowledged",
        )
    finally:
        server.kill()
        for thread in threads:
            thread.join()
    server.restart()


def conversations(watcher: Person, talkers: list[Talker]) -> Iterator[tuple[str, list[Event]]]:
    """Yield the watcher's conversations and what is kept of them."""
    for name in (*ROOMS, *(f"@{talker.nick}" for talker in talkers)):
        yield name, watcher.client.history(name)


def check(watcher: Person, talkers: list[Talker]) -> None:
    """Compare what was acknowledged and shown, to whom ever, with what is kept."""
    kept: dict[tuple[str, str], int] = {}
    for name, events in conversations(watcher, talkers):
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert [event for event in watcher.shown if event["in"] == name] == events
        for event in events:
            to = name if name.startswith("#") else f"@{WATCHER}"
            assert (to, event["text"]) not in kept, event
            kept[to, event["text"]] = event["seq"]
    sent = {
        talker.sent[nonce]: seq for talker in talkers for nonce, seq in talker.acknowledged.items()
    }
    assert kept == sent
    for talker in talkers:
        others = [
            (event["in"], event["text"])
            for event in talker.shown
            if event["in"] in ROOMS and event["from"] != talker.nick
        ]
        assert len(set(others)) == len(others)
        assert set(others) == {
            (to, text)
            for to, text in kept
            if to in ROOMS and not text.endswith(f" of {talker.nick}")
        }


def test_nothing_is_lost_or_doubled_or_shown_too_early(chat: ChatServer) -> None:
    watcher = Person(chat, WATCHER)
    talkers = [Talker(chat, nick) for nick in TALKERS]
    chance = random.Random(ROUNDS)
    try:
        for _ in range(ROUNDS):
            crash(chat, watcher, talkers, after=chance.randrange(1, 120))
            for person in (watcher, *talkers):
                person.come_back(chat)
            for talker in talkers:
                talker.send_again()
            for person in (*talkers, watcher):
                person.client.settle()
                person.collect()
            check(watcher, talkers)
    finally:
        for person in (watcher, *talkers):
            person.client.close()


def test_who_and_where_one_is_outlives_a_crash(chat: ChatServer) -> None:
    ana, bo = JsonClient(chat, "Ana"), JsonClient(chat, "bo")
    with ana, bo:
        for client in (ana, bo):
            assert client.ask("join", room="#ops")["ok"]
        assert ana.ask("topic", room="#ops", text="the pager")["ok"]
        number = bo.ask("msg", to="#ops", text="hi")["seq"]
        assert ana.ask("react", to="#ops", seq=number, emoji="👍")["on"] is True
        assert ana.ask("away", text="lunch")["ok"]
        assert ana.ask("msg", to="@bo", text="psst")["ok"]
        chat.kill()
    chat.restart()
    ana, reply = resumed(chat, ana.token)
    with ana:
        assert (reply["you"], reply["to"]) == ("Ana", "#ops")
        member = {"nick": "Ana", "role": "owner", "state": "away", "text": "lunch"}
        ops = next(room for room in reply["rooms"] if room["room"] == "#ops")
        assert (ops["topic"], member in ops["members"]) == ("the pager", True)
        # Nobody took the place of the one who is not back yet.
        with JsonClient(chat) as cy:
            assert cy.ask("nick", name="BO")["code"] == 210
        assert ana.ask("topic", room="#ops", text="the other pager")["ok"]
        assert ana.ask("react", to="#ops", seq=number, emoji="👍")["on"] is False
        assert [event["text"] for event in ana.history("@bo")] == ["psst"]
        bo, reply = resumed(chat, bo.token, {"#ops": number, "@Ana": 0})
        with bo:
            kinds = [event["ev"] for event in bo.settle() if "seq" in event]
            assert kinds == ["react", "topic", "react", "msg"]
            assert ana.ask("msg", to="@bo", text="again")["state"] == "delivered"
            assert bo.find(ev="msg", in_="@Ana", text="again")["seq"] == 2


def test_a_token_that_is_unknown_restores_nothing(chat: ChatServer) -> None:
    client, reply = resumed(chat, "r.nobody")
    with client:
        assert (reply["ok"], reply["code"]) == (False, 401)
        assert client.ask("who")["ok"]
