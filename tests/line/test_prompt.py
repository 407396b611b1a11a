"""Asking for secrets, by itself and over the line door."""

from __future__ import annotations

import pytest
from twisted.trial.unittest import TestCase

from chatd.core.commands import COMMANDS, Command, Confidential, Login, Passwd, Register, Reset
from chatd.core.grammar import SECRETS, SecretMissing, parse
from chatd.line.prompt import CANCELLED, DIFFERENT, Prompt
from chatd.line.telnet import DO, DONT, ECHO, IAC, WILL, WONT
from tests.fakes import Chat, LineClient

HIDE, SHOW = bytes((IAC, WILL, ECHO)), bytes((IAC, WONT, ECHO))
SPEAKS = bytes((IAC, WILL, 31))


def prompt(line: str, *, hidden: bool = False) -> Prompt:
    """Return what asks for the rest of a line."""
    with pytest.raises(SecretMissing) as lacking:
        parse(line)
    return Prompt(lacking.value, hidden=hidden)


def answered(asking: Prompt, *lines: str) -> list[str]:
    """Answer; return what was asked before each answer."""
    asked = []
    for line in lines:
        asked.append(asking.question)
        asking.take(line)
    return asked


@pytest.mark.parametrize(
    ("line", "asked", "command"),
    [
        ("/login ana", ["Password for ana:"], Login(name="ana", password="0")),
        ("/passwd", ["Old password:", "New password:", "Again:"], Passwd(old="0", new="1")),
        ("/passwd x", ["New password:", "Again:"], Passwd(old="x", new="0")),
        ("/register", ["New password:", "Again:"], Register(password="0")),
        ("/reset ana", ["New password for ana:"], Reset(name="ana", password="0")),
    ],
)
def test_each_secret_is_asked_for(line: str, asked: list[str], command: Command) -> None:
    asking = prompt(line, hidden=True)
    given = [str(number) for number in range(len(asked))]
    if asked[-1] == "Again:":
        given[-1] = given[-2]
    assert answered(asking, *given) == asked
    assert asking.command == command
    assert asking.ended is None


def test_where_one_sees_it_one_is_told_and_types_it_once() -> None:
    asking = prompt("/register")
    assert answered(asking, "x") == ["New password (it will be visible):"]
    assert asking.command == Register(password="x")


def test_what_differs_changes_nothing() -> None:
    asking = prompt("/register", hidden=True)
    answered(asking, "x", "y")
    assert (asking.command, asking.ended) == (None, DIFFERENT)


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize("line", ["/login ana", "/passwd", "/register", "/claim", "/unregister"])
def test_an_empty_line_ends_it(line: str, hidden: bool) -> None:
    asking = prompt(line, hidden=hidden)
    answered(asking, "")
    assert (asking.command, asking.ended) == (None, CANCELLED)
    asking = prompt("/register", hidden=True)
    answered(asking, "x", "")
    assert (asking.command, asking.ended) == (None, CANCELLED)


def test_controls_are_taken_out_as_everywhere() -> None:
    asking = prompt("/login ana")
    answered(asking, "a\x1bb")
    assert asking.command == Login(name="ana", password="ab")


def test_every_secret_of_the_table_has_its_question() -> None:
    for row in COMMANDS.values():
        if issubclass(row.struct, Confidential):
            words = ["x" for argument in row.arguments if argument.word not in SECRETS]
            if len(words) < len(row.arguments):
                asked = prompt(" ".join([f"/{row.name}", *words]), hidden=True).question
                assert asked.endswith(":")
                assert len(asked) > len("Code")


class Asking(TestCase):
    """Over the door."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.bo = self.chat.line()
        self.ana = self.chat.line()
        self.ana.say("/nick ana", "/register right", "/logout")
        self.ana.take()
        self.bo.take()

    def heard(self) -> list[str]:
        """Return what bo heard others say."""
        return [line for line in self.bo.take() if line.startswith("[")]

    async def test_a_password_is_asked_for(self) -> None:
        assert self.ana.say("/login ana") == ["*** Password for ana (it will be visible):"]
        assert any("You are ana" in line for line in self.ana.say("right"))
        assert self.heard() == []

    async def test_it_works_pipelined(self) -> None:
        shown = self.ana.say("/login ana", "right", "hi")
        assert shown[0] == "*** Password for ana (it will be visible):"
        assert self.heard() == ["[#lobby] <ana> hi"]

    async def test_whatever_the_next_line_is_it_is_the_secret(self) -> None:
        for secret in ("/quit", "//x", '{"do":"ping"}', "  ", "wrong"):
            assert self.ana.say("/login ana", secret)[-1].startswith(("!E401", "!E429")), secret
        assert self.heard() == []

    async def test_an_empty_line_ends_it(self) -> None:
        assert self.ana.say("/login ana", "")[1:] == ["*** Nothing was done."]
        assert self.ana.say("\r")[1:] == []
        self.ana.say("hi")
        assert self.heard()[0].endswith("hi")

    async def test_what_is_no_utf8_ends_it(self) -> None:
        self.ana.say("/login ana")
        self.ana.send(b"\xfe\n")
        assert self.ana.take()[0].startswith("!E103")
        self.ana.say("hi")
        assert self.heard()[0].endswith("hi")

    async def test_what_is_too_long_ends_it(self) -> None:
        self.ana.say("/login ana")
        self.ana.send(b"x" * 9000 + b"\n")
        assert self.ana.take()[0].startswith("!E102")
        self.ana.say("hi")
        assert self.heard()[0].endswith("hi")

    async def test_the_end_of_input_may_end_the_line(self) -> None:
        self.ana.send(b"/login ana\nright")
        self.ana.finish()
        assert any("You are ana" in line for line in self.ana.take())

    async def test_in_json_mode_nothing_is_asked(self) -> None:
        client = self.chat.line("json")
        client.send(b"/login ana\n")
        assert client.events()[-1]["code"] == 104
        client.send(b'{"do":"ping","id":1}\n')
        assert client.events()[-1]["re"] == 1

    async def test_asking_is_charged(self) -> None:
        chat = Chat(burst=3, rate=1.0, delay=1.0)
        client = chat.line()
        client.say("/login ana", "", "/login ana", "", "/login ana", "")
        chat.clock.advance(1)
        assert len([line for line in client.take() if line.startswith("!E429")]) == 2


class Insecure(TestCase):
    """Over a connection that others can listen to."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.bo = self.chat.line()
        self.ana = self.chat.line(host="192.0.2.1")
        self.ana.take()
        self.bo.take()

    async def test_nothing_is_asked(self) -> None:
        assert [line[:5] for line in self.ana.say("/login ana")] == ["!E404"]
        self.ana.say("hi")
        assert self.bo.take() == ["[#lobby] <guest-2> hi"]

    async def test_a_secret_that_was_sent_along_is_told_to_nobody(self) -> None:
        shown = self.ana.say("/login ana", "secret", "/passwd", "secret", "secret", "hi")
        assert [line[:5] for line in shown] == ["!E404", "!E404"]
        assert self.bo.take() == ["[#lobby] <guest-2> hi"]

    async def test_also_at_the_end_of_input(self) -> None:
        self.ana.send(b"/login ana\nsecret")
        self.ana.finish()
        assert not any("secret" in line for line in self.bo.take())


class Echo(TestCase):
    """Over telnet one does not see what one types."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.ana = self.chat.line()
        self.ana.send(SPEAKS + b"/nick ana\n")
        self.ana.transport.clear()

    def sent(self, data: bytes) -> bytes:
        """Have ana send bytes; return what comes back."""
        self.ana.send(data)
        answer = bytes(self.ana.transport.value())
        self.ana.transport.clear()
        return answer

    async def test_it_is_off_around_secrets(self) -> None:
        assert self.sent(b"/register\r\n") == HIDE + b"*** New password:\r\n"
        assert self.sent(bytes((IAC, DO, ECHO))) == b""
        assert self.sent(b"x\r\0") == b"*** Again:\r\n"
        assert self.sent(b"x\r\n").startswith(SHOW + b"*** ana")
        assert self.sent(bytes((IAC, DONT, ECHO))) == b""
        assert "ana" in self.chat.service.hub.accounts

    async def test_it_is_on_again_however_it_ends(self) -> None:
        for end in (b"\r\n", b"\xfe\n", b"x" * 5000 + b"\n", b"x\ny\n"):
            assert HIDE in self.sent(b"/register\r\n")
            assert SHOW in self.sent(end), end

    async def test_who_speaks_no_telnet_gets_none(self) -> None:
        client: LineClient = self.chat.line()
        client.say("/nick bo", "/register", "x", "/login bo", "")
        assert IAC not in bytes(client.transport.value())
