"""A server that is killed during every kind of write keeps each that it acknowledged, whole."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

from tests.acceptance.clients import Event
from tests.acceptance.server import ChatServer, until
from tests.acceptance.test_accounts import PASSWORD, logged_in, registered

ROUNDS = int(os.environ.get("CHATD_CRASHES", "12"))
OPS = "#ops"

# What an act is about, and what holds after it.
Outcome = tuple[tuple[str, Any], object]


class Owner:
    """Somebody who runs a room, and what must hold by all that was acknowledged.

    ``holds`` is what was acknowledged; ``pending`` is what was asked last without an answer: it
    may hold or not.
    """

    def __init__(self, server: ChatServer) -> None:
        self.client = registered(server, "owner")
        self.holds: dict[tuple[str, Any], object] = {}
        self.pending: Outcome | None = None
        self.done = 0
        self.numbers = count(1)
        self.chance = random.Random(7)
        self.messages: list[int] = []

    def ask(self, outcome: Outcome, do: str, **keys: Any) -> Event:
        """Send a command, and note what holds once it is acknowledged."""
        self.pending = outcome
        reply = self.client.ask(do, **keys)
        assert reply["ok"], (do, keys, reply)
        self.holds[outcome[0]] = outcome[1]
        self.pending = None
        self.done += 1
        return reply

    def work(self) -> None:
        """Do one thing after the other until the server is gone."""
        with suppress(OSError, AssertionError):
            while True:
                self.chance.choice(_ACTS)(self)


def _say(owner: Owner) -> None:
    text = f"words {next(owner.numbers)}"
    reply = owner.ask((("said", text), True), "msg", to=OPS, text=text, nonce=text)
    owner.messages.append(reply["seq"])


def _toggle(kind: str, on: str, off: str, subjects: list[str]) -> Callable[[Owner], None]:
    """Return an act that does something to one of ``subjects``, or undoes it."""

    def act(owner: Owner) -> None:
        subject = owner.chance.choice(subjects)
        held = bool(owner.holds.get((kind, subject)))
        do = off if held else on
        owner.ask(((kind, subject), not held), do, room=OPS, nick=subject)

    return act


def _topic(owner: Owner) -> None:
    text = f"topic {next(owner.numbers)}"
    owner.ask((("topic", OPS), text), "topic", room=OPS, text=text)


def _setting(owner: Owner) -> None:
    value = owner.chance.choice(["on", "joined"])
    owner.ask((("history", OPS), value), "set", room=OPS, option="history", value=value)


def _pin(owner: Owner) -> None:
    if owner.messages:
        seq = owner.chance.choice(owner.messages[-20:])
        held = bool(owner.holds.get(("pin", seq)))
        owner.ask((("pin", seq), not held), "unpin" if held else "pin", room=OPS, seq=seq)


def _edit(owner: Owner) -> None:
    if owner.messages:
        seq, text = owner.messages[-1], f"edited {next(owner.numbers)}"
        owner.ask((("text", seq), text), "edit", to=OPS, seq=seq, text=text)


def _delete(owner: Owner) -> None:
    if owner.messages:
        seq = owner.messages.pop()
        owner.holds.pop(("pin", seq), None)
        owner.ask((("text", seq), None), "del", to=OPS, seq=seq)


def _token(owner: Owner) -> None:
    held = bool(owner.holds.get(("token", "bot")))
    owner.ask((("token", "bot"), not held), "revoke" if held else "token", label="bot")


def _read(owner: Owner) -> None:
    if owner.messages:
        seq = owner.messages[-1]
        owner.ask((("read", OPS), seq), "read", to=OPS, seq=seq)


def _notify(owner: Owner) -> None:
    level = owner.chance.choice(["all", "mentions", "none"])
    owner.ask((("level", OPS), level), "notify", to=OPS, level=level)


def _ignore(owner: Owner) -> None:
    held = bool(owner.holds.get(("ignore", "cy")))
    owner.ask((("ignore", "cy"), not held), "unignore" if held else "ignore", nick="cy")


_ACTS: list[Callable[[Owner], None]] = [
    _say,
    _say,
    _topic,
    _setting,
    _pin,
    _edit,
    _delete,
    _token,
    _read,
    _notify,
    _ignore,
    _toggle("ban", "ban", "unban", ["dan"]),
    _toggle("mute", "mute", "unmute", ["bo", "cy"]),
    _toggle("mod", "mod", "unmod", ["bo"]),
]


def state(server: ChatServer, owner: Owner) -> dict[tuple[str, Any], object]:
    """Log in again, and return what the server says of all that ``owner`` acted upon."""
    owner.client.close()
    owner.client = logged_in(server, "owner")
    ask = owner.client.ask
    reply = ask("login", name="owner", password=PASSWORD)
    (room,) = (room for room in reply["rooms"] if room["room"] == OPS)
    (unread,) = (one for one in reply["conversations"] if one["to"] == OPS)
    banned = {ban["nick"] for ban in ask("bans", room=OPS)["bans"]}
    roles = {member["nick"]: member["role"] for member in room["members"]}
    events = owner.client.history(OPS)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    found: dict[tuple[str, Any], object] = {
        ("topic", OPS): room["topic"],
        ("history", OPS): room["settings"].get("history", "on"),
        ("read", OPS): unread["read"],
        ("level", OPS): unread.get("level"),
        ("ignore", "cy"): "cy" in reply["ignored"],
        ("ban", "dan"): "dan" in banned,
        ("token", "bot"): [token["label"] for token in ask("tokens")["tokens"]] == ["bot"],
        ("mod", "bo"): _is_moderator(events),
        **{("mute", nick): roles.get(nick) == "muted" for nick in ("bo", "cy")},
    }
    for event in events:
        if event["ev"] == "msg":
            found["text", event["seq"]] = event.get("text")
            found["pin", event["seq"]] = event["seq"] in room.get("pins", [])
    return found


def _is_moderator(events: list[Event]) -> bool:
    acts = [event for event in events if event["ev"] == "mod" and event.get("nick") == "bo"]
    acts = [event for event in acts if event["action"] in {"mod", "unmod"}]
    return bool(acts) and acts[-1]["action"] == "mod"


def check(server: ChatServer, owner: Owner) -> None:
    """Compare what holds with what was acknowledged, and learn what became of the rest."""
    found = state(server, owner)
    said = [event["text"] for event in owner.client.history(OPS) if "text" in event]
    pending = {owner.pending[0]} if owner.pending is not None else set()
    for key, value in owner.holds.items():
        if key in pending or key[0] == "said":
            continue
        if key[0] == "read":
            # A marker never goes back, also where it was acknowledged in another order.
            assert isinstance(value, int)
            assert int(str(found[key])) >= value
        else:
            assert found[key] == value, (key, value, found[key])
    for key in pending:
        if key in found:
            owner.holds[key] = found[key]
        if key[0] == "text" and found[key] is None and key[1] in owner.messages:
            owner.messages.remove(key[1])
    texts = [text for text in said if text.startswith("words")]
    assert len(set(texts)) == len(texts)
    owner.pending = None


def test_every_kind_of_write_survives_a_kill(chat: ChatServer) -> None:
    others = [registered(chat, nick) for nick in ("bo", "cy", "dan")]
    owner = Owner(chat)
    for client in (owner.client, *others):
        assert client.ask("join", room=OPS)["ok"]
    for client in others:
        client.close()
    chance = random.Random(ROUNDS)
    try:
        for _ in range(ROUNDS):
            before, more = owner.done, chance.randrange(1, 80)
            worker = threading.Thread(target=owner.work)
            worker.start()
            try:
                until(lambda: owner.done >= before + more, "acts are acknowledged")  # noqa: B023
            finally:
                chat.kill()
                worker.join()
            chat.restart()
            check(chat, owner)
    finally:
        owner.client.close()
    kinds = {kind for kind, _ in owner.holds}
    assert kinds >= {"said", "topic", "text", "pin", "ban", "mute", "mod", "token", "read"}
