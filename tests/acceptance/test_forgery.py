"""Nothing that people write looks like the server, or drives a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.acceptance.clients import JsonClient, TextClient
from tests.acceptance.server import ChatServer

EVIL = (
    "\x1b[2J\x1b]0;x\x07",
    "\x9b31m\x90q\x9c",
    "\u202e\u2066\u2067\u202d\u2069\u200f",
    "\n*** forged",
    "\r*** forged",
    "\x0b*** forged",
    "\x0c*** forged",
    "\x85*** forged",
    "\u2028*** forged",
    "\u2029*** forged",
    "\n!E403 forged",
    "\n[#lobby] <root> forged",
    "\r\n\r\n*** forged\x00",
    "\x08\x08\x08\x7f",
)
LINE = re.compile(r"\*\*\* |!E[0-9]{3} |\[[#@]")
FORGED = re.compile(r"(\*\*\*|!E[0-9]{3}|\[#lobby\] <root>) *forged")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def commands(evil: str) -> Iterator[dict[str, object]]:
    """Yield every command that takes words of people, with evil ones."""
    said = f"say{evil}"
    yield {"do": "nick", "name": f"mallory{evil}"}
    yield {"do": "nick", "name": evil}
    yield {"do": "join", "room": f"#room{evil}"}
    yield {"do": "join", "room": "#ops", "key": evil}
    yield {"do": "topic", "room": "#ops", "text": said}
    yield {"do": "topic", "room": "#ops"}
    yield {"do": "msg", "to": "#lobby", "text": said}
    yield {"do": "msg", "to": "#ops", "text": said}
    yield {"do": "msg", "to": "@witness", "text": said}
    yield {"do": "msg", "to": f"@witness{evil}", "text": said}
    yield {"do": "me", "to": "#lobby", "text": said}
    yield {"do": "reply", "to": "#lobby", "seq": 1, "text": said}
    yield {"do": "react", "to": "#lobby", "seq": 1, "emoji": f"x{evil}"[:8]}
    yield {"do": "react", "to": "#lobby", "seq": 1, "emoji": evil[:8]}
    yield {"do": "whisper", "room": "#lobby", "nick": "witness", "text": said}
    yield {"do": "whisper", "room": "#lobby", "nick": evil, "text": said}
    yield {"do": "away", "text": said}
    yield {"do": "whois", "nick": "mallory"}
    yield {"do": "back"}
    yield {"do": "go", "to": said}
    yield {"do": "go", "to": "#lobby"}
    yield {"do": "mode", "mode": said}
    yield {"do": "help", "topic": said}
    yield {"do": "list", "words": said}
    yield {"do": said}
    yield {"do": "ping", "id": said[:64]}
    yield {"do": "msg", "nonce": said[:64], "text": "nonce"}
    yield {"do": "resume", "token": said, "seen": {said: 1}}
    yield {"do": "wall", "text": said}
    yield {"do": "kill", "nick": "witness", "why": said}
    yield {"do": "audit"}
    yield from of_accounts(evil)
    yield from of_moderation(evil)
    yield {"do": "part", "room": "#ops", "why": said}


def of_accounts(evil: str) -> Iterator[dict[str, object]]:
    """Yield those about accounts and by accounts; a password that is missing is asked for."""
    said = f"say{evil}"
    yield {"do": "register", "password": f"long{evil}"}
    yield {"do": "login", "name": said, "password": f"long{evil}"}
    yield {"do": "token", "label": said[:32]}
    yield {"do": "tokens"}
    yield {"do": "revoke", "label": said}
    yield {"do": "once", "nick": "witness", "text": said}
    yield {"do": "view", "seq": 1, "to": f"@witness{evil}"}
    yield {"do": "search", "words": said}
    yield {"do": "search", "words": f"say before:{evil}"}
    yield {"do": "notify", "to": "#ops", "level": evil}
    yield {"do": "ignore", "nick": said}


def of_moderation(evil: str) -> Iterator[dict[str, object]]:
    """Yield those of who runs a room; kicking seeing out of it comes last."""
    said = f"say{evil}"
    yield {"do": "edit", "to": "#ops", "seq": 1, "text": said}
    yield {"do": "set", "room": "#ops", "option": said, "value": said}
    yield {"do": "set", "room": "#ops", "option": "retain", "value": said}
    yield {"do": "invite", "nick": f"nobody{evil}", "room": "#ops"}
    yield {"do": "knock", "room": f"#den{evil}"}
    yield {"do": "mute", "nick": "seeing", "room": "#ops", "time": said, "why": said}
    yield {"do": "mute", "nick": "seeing", "room": "#ops", "time": "10m", "why": said}
    yield {"do": "unmute", "nick": "seeing", "room": "#ops"}
    yield {"do": "ban", "nick": "192.0.2.0/24", "room": "#ops", "time": "1d", "why": said}
    yield {"do": "bans", "room": "#ops"}
    yield {"do": "kick", "nick": "seeing", "room": "#ops", "why": said}


def check(client: TextClient | JsonClient) -> None:
    """Look through all that a client ever received."""
    received = client.received.decode()
    assert CONTROL.findall(received) == []
    if isinstance(client, JsonClient):
        for line in received.splitlines():
            assert "forged" not in json.loads(line).get("from", "")
        return
    for line in received.splitlines():
        assert LINE.match(line), line
        assert not FORGED.match(line), line


@pytest.mark.parametrize("typed", [False, True], ids=["as JSON", "typed"])
@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_words_stay_words(chat: ChatServer, evil: str, typed: bool) -> None:
    with ExitStack() as stack:
        # He makes the room, so that he may set its topic; in text mode, to see his own answers.
        mallory = stack.enter_context(TextClient(chat, "mallory"))
        mallory.say("/join #ops")
        mallory.settle()
        witness = stack.enter_context(TextClient(chat, "witness"))
        seeing = stack.enter_context(TextClient(chat, "seeing"))
        seeing.say("/mode text seq time")
        program = stack.enter_context(JsonClient(chat, "program"))
        for client in (witness, seeing):
            client.say("/join #ops")
        assert program.ask("join", room="#ops")["ok"]
        seeing.settle()
        witness.say("/go #lobby")
        witness.say("first")
        witness.settle()
        for command in commands(evil):
            if typed:
                words = [str(value) for value in command.values()]
                mallory.send(f"/{' '.join(words)}\n".encode())
            else:
                mallory.send(json.dumps(command).encode() + b"\n")
            mallory.settle()
        for client in (witness, seeing, mallory):
            for line in ("/who", "/who #ops", "/topic #ops", "/list", "/history #lobby 200"):
                client.say(line)
            client.say("/history #ops 200")
            client.settle()
        program.history("#lobby")
        mallory.send(json.dumps({"do": "quit", "why": f"bye{evil}"}).encode() + b"\n")
        mallory.to_the_end()
        for text in (witness, seeing):
            text.settle()
            check(text)
        program.settle()
        check(program)
        check(mallory)
        # It did get through, as words.
        assert "say" in witness.received.decode()


def test_a_message_of_lines_bears_its_prefix_on_each(chat: ChatServer) -> None:
    with TextClient(chat, "ana") as ana, JsonClient(chat, "bo") as bo:
        assert bo.ask("msg", text="one\n*** two\n\nfour")["ok"]
        assert ana.settle()[-4:] == [
            "[#lobby] <bo> one",
            "[#lobby] <bo> *** two",
            "[#lobby] <bo> ",
            "[#lobby] <bo> four",
        ]
