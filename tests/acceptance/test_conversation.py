"""People at nc, telnet and a JSON client talk: the same lines and numbers for each."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pexpect
import pytest

from tests.acceptance.clients import JsonClient, gone
from tests.acceptance.server import PATIENCE, ChatServer
from tests.programs import require_program

ROUNDS = 200


class Person:
    """Somebody at a program in a terminal; ``lines`` are the lines of messages that he saw."""

    def __init__(self, program: str, server: ChatServer, nick: str) -> None:
        command = require_program(program)
        self.program = program
        self.child = pexpect.spawn(
            command, [server.host, str(server.port)], timeout=PATIENCE, echo=False, encoding="utf-8"
        )
        self.lines: list[str] = []
        self.expect("Type words to talk")
        self.type(f"/nick {nick}")
        self.expect(rf"\*\*\* You are {nick}")
        self.type("/mode text seq")
        self.expect(r"\*\*\* Output is text seq")

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self.child.sendline(line)

    def expect(self, pattern: str) -> str:
        """Read on until a line has ``pattern`` in it, and return that line."""
        while True:
            line = self.child.readline().strip()
            assert line, f"{self.child.command} ended; no line with {pattern!r}"
            if line.startswith("["):
                self.lines.append(line)
            if re.search(pattern, line):
                return str(line)

    def close(self) -> None:
        """Leave."""
        self.type("/quit")
        self.expect(r"\*\*\* Goodbye\.")
        if self.program == "nc":
            # It waits for its input to end as well.
            self.child.sendeof()
        self.child.expect(pexpect.EOF)
        self.child.close()


@pytest.fixture
def people(chat: ChatServer) -> Iterator[dict[str, Person]]:
    """Return two at nc and one at telnet."""
    programs = {"ana": "nc", "bo": "nc", "cy": "telnet"}
    here = {nick: Person(program, chat, nick) for nick, program in programs.items()}
    yield here
    for person in here.values():
        person.close()


def told(event: dict[str, object]) -> str:
    """Return a message's event as it reads in a terminal, with its number."""
    return f"[{event['in']} {event['seq']}] <{event['from']}> {event['text']}"


def test_four_people_see_the_same(chat: ChatServer, people: dict[str, Person]) -> None:
    with JsonClient(chat, "dee") as dee:
        for room in ("#ops", "#tea"):
            for person in people.values():
                person.type(f"/join {room}")
                person.expect(rf"You are in {room}\.")
            assert dee.ask("join", room=room)["ok"]
        said: list[str] = []
        for turn in range(5):
            for room in ("#ops", "#tea"):
                for nick, person in people.items():
                    person.type(f"/msg {room} turn {turn} of {nick} in {room}, grüßt")
                    said.append(person.expect(r"Sent as \[").partition("as ")[2])
                reply = dee.ask("msg", to=room, text=f"turn {turn} of dee in {room}, 你好")
                said.append(f"[{room} {reply['seq']}]")
        # Everybody has his own numbers from the acknowledgements, and the others' lines.
        last = [said[index] for index in range(len(said)) if said[index].startswith("[#tea")][-1]
        for person in people.values():
            person.expect(re.escape(last[:-1]))
        dee.settle()
        pages = {room: [told(event) for event in dee.history(room)] for room in ("#ops", "#tea")}
        everything = [line for lines in pages.values() for line in lines]
        assert [line.partition("]")[0] + "]" for line in pages["#ops"]] == [
            f"[#ops {number}]" for number in range(1, 21)
        ]
        assert sorted(said) == sorted(line.partition("]")[0] + "]" for line in everything)
        seen = {nick: person.lines for nick, person in people.items()}
        seen["dee"] = [told(event) for event in dee.events if event["ev"] == "msg"]
        for nick, lines in seen.items():
            for room, page in pages.items():
                mine = [line for line in lines if line.startswith(f"[{room} ")]
                assert mine == [line for line in page if f"<{nick}>" not in line]


def test_two_people_whisper_and_talk_in_private(
    chat: ChatServer, people: dict[str, Person]
) -> None:
    ana, bo, cy = people["ana"], people["bo"], people["cy"]
    with JsonClient(chat, "dee") as dee:
        ana.type("/msg cy psst")
        assert cy.expect("psst") == "[@ana 1] <ana> psst"
        cy.type("/msg @ana what?")
        assert ana.expect("what") == "[@cy 2] <cy> what?"
        ana.type("/whisper cy here, too")
        assert cy.expect("here, too") == "[@ana #lobby 3] <ana> here, too"
        dee.ask("msg", to="@bo", text="one\ntwo")
        assert bo.expect("one") == "[@dee 1] <dee> one"
        assert bo.expect("two") == "[@dee 1] <dee> two"
        bo.type("/go dee")
        bo.expect("Your words go to @dee")
        bo.type("here //I am")
        assert told(dee.find(ev="msg")) == "[@bo 2] <bo> here //I am"
        bo.type("//etc/hosts")
        assert told(dee.find(seq=3)) == "[@bo 3] <bo> /etc/hosts"
        # Nobody else saw any of it.
        for person in (ana, bo, cy):
            person.type("/ping")
            person.expect("pong")
        dee.settle()
        assert [line for line in ana.lines if "psst" in line or "one" in line] == []
        assert [line for line in cy.lines if "@dee" in line] == []
        assert {event["in"] for event in dee.events if event["ev"] == "msg"} == {"@bo"}


def greeting(nick: str) -> list[str]:
    """Return patterns for the lines that a newcomer gets in an empty lobby without history."""
    return [
        rf"\*\*\* Welcome to \S+ \(chatd [0-9.]+\)\. You are {nick}\.",
        r"\*\*\* Type words to talk; .*",
        r"\*\*\* You are in #lobby\.",
        rf"\*\*\* Here \(1\): {nick}",
    ]


@pytest.mark.parametrize(
    ("arguments", "typed", "last"),
    [
        pytest.param([], "hi\n/who\n/quit\n", r"\*\*\* Goodbye\.", id="quit"),
        pytest.param(["-N"], "hi\n/who\n", None, id="half-closed"),
        pytest.param(["-N"], "hi\n/who", None, id="half-closed in a line"),
    ],
)
def test_every_reply_comes_before_the_end(
    chat: ChatServer, arguments: list[str], typed: str, last: str | None
) -> None:
    nc = [require_program("nc"), *arguments, chat.host, str(chat.port)]
    rounds = ROUNDS if last else ROUNDS // 2
    for number in range(1, rounds + 1):
        result = subprocess.run(
            nc, input=typed, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        lines = result.stdout.splitlines()
        earlier = min(number - 1, 20)
        nick = rf"guest-{number}"
        wanted = greeting(nick)
        if earlier:
            wanted.append(r"\*\*\* --- [-0-9]+ \(UTC\)")
            wanted += [
                rf"\[#lobby {seq} [0-9:]+\] <guest-{seq}> hi"
                for seq in range(number - earlier, number)
            ]
        wanted.append(rf"\*\*\* Here \(1\): {nick}")
        wanted += [last] if last else []
        assert len(lines) == len(wanted), lines
        for line, pattern in zip(lines, wanted, strict=True):
            assert re.fullmatch(pattern, line)
    with JsonClient(chat) as client:
        assert client.ask("history")["page"][-1]["seq"] == rounds


def test_a_word_without_an_end_is_said(chat: ChatServer) -> None:
    nc = [require_program("nc"), "-N", chat.host, str(chat.port)]
    with JsonClient(chat, "ana") as ana:
        subprocess.run(nc, input="hi", capture_output=True, text=True, timeout=PATIENCE, check=True)
        assert ana.find(ev="msg")["text"] == "hi"
    gone(chat, others=1)
