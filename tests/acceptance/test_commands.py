"""Every command and every error that it can give, typed and as JSON, on a running server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.acceptance.clients import JsonClient, TextClient
from tests.acceptance.server import ChatServer, until

# In the tests somebody called Bo is here, away. He owns #ops, and nobody else is in it.


class Case(NamedTuple):
    """A command as it is typed, what is read then; as JSON, and what the reply holds."""

    typed: str
    read: str
    keys: dict[str, Any]
    reply: dict[str, Any]


def done(typed: str, read: str, reply: dict[str, Any] | None = None, /, **keys: object) -> Case:
    """Return a command that succeeds."""
    return Case(typed, rf"^\*\*\* {read}", keys, {"ok": True, **(reply or {})})


def refused(typed: str, code: int, name: str, read: str, /, **keys: object) -> Case:
    """Return a command that is refused."""
    return Case(typed, rf"^!E{code} {read}", keys, {"ok": False, "code": code, "name": name})


CASES = {
    "help": done("/help", r"/help \[TOPIC\] +explains", do="help"),
    "help on a command": done("/help /join", r"/join #R \[KEY\] ", do="help", topic="join"),
    "help on an error": done("/help E210", "210 NAME_IN_USE: ", do="help", topic="210"),
    "help on nothing": refused(
        "/help jion", 101, "UNKNOWN_COMMAND", "There is no command /jion.", do="help", topic="jion"
    ),
    "mode": done("/mode text seq", "Output is text seq$", {"mode": "json"}, do="mode", mode="json"),
    "no mode": refused(
        "/mode xml", 104, "BAD_ARGS", "There is no mode «xml»", do="mode", mode="xml"
    ),
    "mode of nothing": refused("/mode", 104, "BAD_ARGS", "/mode needs MODE", do="mode"),
    "ping": done("/ping", "pong 20", do="ping"),
    "ping of what": refused(
        "/ping x", 104, "BAD_ARGS", "/ping does not take «x»", do="ping", id=[]
    ),
    "quit": done("/quit so long", "Goodbye", do="quit", why="so long"),
    "nick": done("/nick Käthe", "You are Käthe$", {"nick": "Käthe"}, do="nick", name="Käthe"),
    "nick in use": refused(
        "/nick BO", 210, "NAME_IN_USE", "The name BO is in use. .*Try: /nick ", do="nick", name="bO"
    ),
    "nick too short": refused("/nick x", 211, "NAME_INVALID", "x cannot be", do="nick", name="x"),
    "nick with a space": refused(
        "/nick a*b", 211, "NAME_INVALID", r"a\*b cannot be a name", do="nick", name="a b"
    ),
    "nick that looks alike": refused(
        "/nick Ьо", 212, "NAME_CONFUSABLE", "The name Ьо looks too much", do="nick", name="B0"
    ),
    "nick of the server": refused(
        "/nick Admin", 213, "NAME_RESERVED", "The name Admin is", do="nick", name="guest-77"
    ),
    "nick of nothing": refused("/nick", 104, "BAD_ARGS", "/nick needs NAME", do="nick"),
    "resume": refused("/resume x", 401, "BAD_LOGIN", "That resume token", do="resume", token="x"),
    "go": done("/go @bo", "Your words go to @Bo$", {"to": "@Bo"}, do="go", to="bo"),
    "go home": done(
        "/go #LOBBY", "Your words go to #lobby$", {"to": "#lobby"}, do="go", to="#lobby"
    ),
    "go where one is not": refused(
        "/go #ops", 303, "NOT_IN_ROOM", "You are not in #ops. Try: /join #ops", do="go", to="#ops"
    ),
    "go nowhere": refused(
        "/go #opps",
        301,
        "NO_SUCH_ROOM",
        r"There is no room #opps\. Did you mean #ops\? Try: /list",
        do="go",
        to="#opps",
    ),
    "go to nobody": refused(
        "/go nobody", 310, "NO_SUCH_TARGET", "There is nobody called", do="go", to="@nobody"
    ),
    "who": done("/who", r"Here \([23]\): .*Bo \[away: lunch\]", do="who"),
    "who in a room": done(
        "/who #ops", r"Here in #ops \(1\): Bo \(owner\)", {"room": "#ops"}, do="who", room="#ops"
    ),
    "who nowhere": refused("/who #no", 301, "NO_SUCH_ROOM", "There is", do="who", room="#no"),
    "whois": done(
        "/whois bo",
        "Bo is a guest, away: lunch, .* in #lobby, #ops",
        {"nick": "Bo"},
        do="whois",
        nick="BO",
    ),
    "whois nobody": refused(
        "/whois bob", 310, "NO_SUCH_TARGET", "There is nobody called bob", do="whois", nick="x"
    ),
    "away": done(
        "/away at lunch", "You are away", {"state": "away", "text": "x"}, do="away", text="x"
    ),
    "away for too long": refused(
        f"/away {'x' * 257}",
        320,
        "TEXT_TOO_LONG",
        "That text has 257 bytes; the limit is 256",
        do="away",
        text="x" * 257,
    ),
    "back": done("/back", "You are back", {"state": "online"}, do="back"),
    "join": done(
        "/join #OPS",
        r"You are in #ops\. Topic: the pager$",
        {"room": "#ops", "topic": "the pager"},
        do="join",
        room="#ops",
    ),
    "join a new one": done("/join #new", "You are in #new", {"seq": 0}, do="join", room="#new"),
    "join what looks alike": refused(
        "/join #0ps", 212, "NAME_CONFUSABLE", "The name #0ps looks", do="join", room="#0ps"
    ),
    "join no name": refused("/join ops", 211, "NAME_INVALID", "ops cannot be", do="join", room="#"),
    "join what": refused("/join", 104, "BAD_ARGS", "/join needs #R", do="join"),
    "part": done("/part", "You left #lobby", {"room": "#lobby"}, do="part", why="bye"),
    "part from where one is not": refused(
        "/part #ops", 303, "NOT_IN_ROOM", "You are not in #ops", do="part", room="#ops"
    ),
    "list": done("/list", r"#lobby \([23]\)", do="list"),
    "list of some": done("/list pag", r"#ops \(1\): the pager", do="list", words="pag"),
    "topic": done("/topic", r"Topic of #lobby: \(none\)", {"topic": ""}, do="topic"),
    "topic of others": refused(
        "/topic #lobby hi", 403, "NEED_ROLE", "Only moderators can", do="topic", text="hi"
    ),
    "topic elsewhere": refused(
        "/topic #ops", 303, "NOT_IN_ROOM", "You are not in #ops", do="topic", room="#ops"
    ),
    "msg": done("/msg bo hi\n/mode text", "Output", {"to": "@Bo"}, do="msg", to="@bo", text="hi"),
    "msg to nobody": refused(
        "/msg bob hi", 310, "NO_SUCH_TARGET", "There is nobody", do="msg", to="bob", text="x"
    ),
    "msg elsewhere": refused(
        "/msg #ops hi", 303, "NOT_IN_ROOM", "You are not", do="msg", to="#ops", text="x"
    ),
    "msg of nothing": refused(
        "/msg bo", 104, "BAD_ARGS", "/msg needs TEXT", do="msg", to="bo", text=" "
    ),
    "msg too long": Case(
        "",  # a typed line cannot be as long as that
        "",
        {"do": "msg", "to": "bo", "text": "ä" * 2049},
        {"ok": False, "code": 320, "name": "TEXT_TOO_LONG"},
    ),
    "msg of too many lines": Case(
        "",  # nor have several lines
        "",
        {"do": "msg", "text": "\n".join("x" * 101)},
        {"ok": False, "code": 320, "text": "That text has 101 lines; the limit is 100 lines."},
    ),
    "me": done("/me waves\n/mode text", "Output", {"to": "#lobby"}, do="me", text="waves"),
    "me what": refused("/me", 104, "BAD_ARGS", "/me needs TEXT", do="me"),
    "reply to nothing": refused(
        "/reply 999 x",
        331,
        "NO_SUCH_MESSAGE",
        "There is no message 999 in #lobby",
        do="reply",
        seq=999,
        text="x",
    ),
    "reply to what": refused("/reply x y", 104, "BAD_ARGS", "SEQ must be a number", do="reply"),
    "react to nothing": refused(
        "/react 999 x",
        331,
        "NO_SUCH_MESSAGE",
        "There is no message 999",
        do="react",
        seq=999,
        emoji="x",
    ),
    "react with a word": refused(
        f"/react 1 {'x' * 33}",
        104,
        "BAD_ARGS",
        "An emoji has 1 to 32",
        do="react",
        seq=1,
        emoji="a b",
    ),
    "typing": done("/typing on\n/mode text", "Output", do="typing", on=True),
    "typing what": refused("/typing so", 104, "BAD_ARGS", "ON must be", do="typing", on="so"),
    "whisper": done(
        "/whisper bo x\n/mode text", "Output", {"to": "@Bo"}, do="whisper", nick="bo", text="x"
    ),
    "whisper to nobody": refused(
        "/whisper bob x", 310, "NO_SUCH_TARGET", "There is nobody", do="whisper", nick="b", text="x"
    ),
    "history": done(
        "/history #lobby 3", ".* events? of #lobby", {"to": "#lobby"}, do="history", limit=3
    ),
    "history of nothing": done(
        "/history before:1",
        "Nothing in #lobby there",
        {"page": [], "more": False},
        do="history",
        before=1,
    ),
    "history of what": refused(
        "/history before:x", 104, "BAD_ARGS", "«before:x» is no number", do="history", limit="x"
    ),
    "history of no length": refused(
        "/history 0", 104, "BAD_ARGS", "LIMIT must be", do="history", limit=0
    ),
    "match": done("/match", "You are paired with the next", {"state": "waiting"}, do="match"),
    "unmatch": refused("/unmatch", 310, "NO_SUCH_TARGET", "There is nobody", do="unmatch"),
    "nothing like it": refused(
        "/jion #ops",
        101,
        "UNKNOWN_COMMAND",
        r"There is no command /jion\. Did you mean /join\? Try: /help",
        do="jion",
    ),
    "wall": refused("/wall x", 403, "NEED_ROLE", "Only administrators", do="wall", text="x"),
    "kill": refused("/kill bo", 403, "NEED_ROLE", "Only administrators", do="kill", nick="bo"),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatServer]:
    """Return a server with somebody there."""
    server = ChatServer(tmp_path_factory.mktemp("chat"), "--rate", "off")
    with server, JsonClient(server, "Bo") as bo:
        assert bo.ask("msg", text="first")["ok"]
        assert bo.ask("join", room="#ops")["ok"]
        assert bo.ask("topic", text="the pager")["ok"]
        assert bo.ask("msg", text="in here")["ok"]
        assert bo.ask("away", text="lunch")["ok"]
        yield server
        assert server.trouble == []


def alone(server: ChatServer) -> None:
    """Wait until only he is there: what the last one did must not disturb the next one."""

    def nobody_else() -> bool:
        with JsonClient(server) as client:
            here = [person["nick"] for person in client.ask("who")["users"]]
            client.ask("quit")
        return len(here) == 2

    until(nobody_else, "the last one is gone")


# What cannot be told from the sign of life that is asked for after the others.
ENDING = {"quit", "ping"}


@pytest.mark.parametrize("what", [what for what, case in CASES.items() if case.typed])
def test_typed(room: ChatServer, what: str) -> None:
    alone(room)
    case = CASES[what]
    with TextClient(room, "me") as me:
        me.settle()
        me.say(case.typed)
        if what in ENDING:
            me.say("/quit")
            seen = [line.decode() for line in me.to_the_end()]
        else:
            seen = me.settle()
    assert re.search(case.read, "\n".join(seen), re.MULTILINE), seen
    assert [line for line in seen if line.startswith("!")] == seen[: not case.reply["ok"]]


@pytest.mark.parametrize("what", CASES)
def test_as_json(room: ChatServer, what: str) -> None:
    alone(room)
    case = CASES[what]
    with JsonClient(room, "me") as me:
        keys = dict(case.keys)
        if keys.get("id") == []:
            # In JSON a command takes what it does not know; what is wrong is the id.
            me.request(**keys)
            assert me.find(ev="error")["code"] == 105
        else:
            reply = me.ask(keys.pop("do"), **keys)
            assert reply.items() >= case.reply.items()
            assert reply["ok"] or reply["try"]
        if what != "quit":
            me.ask("quit")


def test_reply_and_react_go_to_a_message(room: ChatServer) -> None:
    alone(room)
    with TextClient(room, "me") as me, JsonClient(room, "cy") as cy:
        me.say("/mode text seq")
        me.say("/msg #lobby which one?")
        number = int(me.expect("Sent as").partition("#lobby ")[2].rstrip("]"))
        assert cy.ask("reply", to="#lobby", seq=number, text="this one")["seq"] == number + 1
        assert me.expect("this one") == (f"[#lobby {number + 1}] <cy> this one (reply to {number})")
        me.say(f"/react {number + 1} 👍")
        assert cy.find(ev="react", of=number + 1)["emoji"] == "👍"
        assert cy.ask("react", to="#lobby", seq=number, emoji="🎉")["ok"]
        assert "cy puts 🎉 under message" in me.expect("🎉")
        assert cy.ask("react", to="#lobby", seq=number, emoji="🎉")["ok"]
        assert "cy takes back 🎉" in me.expect("takes back")
        cy.ask("quit")


def test_two_who_ask_are_paired(room: ChatServer) -> None:
    alone(room)
    with TextClient(room, "me") as me, JsonClient(room, "cy") as cy:
        me.say("/match")
        me.expect("You are paired with the next one who asks")
        reply = cy.ask("match")
        assert (reply["state"], reply["nick"]) == ("matched", "me")
        me.expect(r"You are paired with cy\. Your words go to @cy; /unmatch ends it\.")
        me.say("hello stranger")
        assert cy.find(ev="msg")["in"] == "@me"
        assert cy.ask("msg", text="hello")["to"] == "@me"
        me.expect(r"\[@cy\] <cy> hello")
        me.say("/unmatch")
        assert cy.find(ev="unmatched")["nick"] == "me"
        assert cy.ask("msg", text="still there?")["to"] == "#lobby"
        cy.ask("quit")


def test_a_nonce_is_answered_once(room: ChatServer) -> None:
    alone(room)
    with JsonClient(room, "me") as me, JsonClient(room, "cy") as cy:
        first = me.ask("msg", to="@cy", text="pay 5", nonce="n-1")
        again = me.ask("msg", to="@cy", text="pay 5", nonce="n-1")
        assert (first["ok"], first["seq"], first["t"]) == (True, again["seq"], again["t"])
        assert [event["text"] for event in cy.settle() if event["ev"] == "msg"] == ["pay 5"]
        me.ask("quit")
        cy.ask("quit")


def test_presence_is_counted_without_holes(room: ChatServer) -> None:
    alone(room)
    with JsonClient(room, "me") as me:
        start = me.ask("who")["v"]
        for number in range(5):
            with JsonClient(room, f"x-{number}") as other:
                other.ask("away", text="lunch")
                other.ask("back")
                other.ask("quit")
        with TextClient(room, "cy") as cy:
            cy.say("/quit")
            cy.to_the_end()
        me.settle()
        counted = [event["v"] for event in me.events if event["ev"] == "presence"]
        newest = me.ask("who")["v"]
        assert [v for v in counted if v > start] == list(range(start + 1, newest + 1))
        me.ask("quit")
