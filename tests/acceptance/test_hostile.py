"""Whatever bytes come in: the server answers others, and logs no defect."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import ExitStack, suppress

import pytest

from tests.acceptance.clients import JsonClient, TextClient, Wire, gone, still_answers
from tests.acceptance.server import ChatServer, until

SEED = 20
MIB = 1 << 20
IAC = b"\xff"
PIECES = (
    b"\xff",
    b"\xff\xff",
    b"\xff\xfa",
    b"\xff\xf0",
    b"\xff\xfb\x1f",
    b"\xff\xfd\x01",
    b"\xff\xfa\x18\x00xterm\xff\xf0",
    b"\xff\xf4",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\0",
    b"\0",
    b"\x1b[2J",
    b"\xc2\x9b31m",
    b"\xe2\x80\xae",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x91\x8d",
    b"{",
    b'{"do":"msg","text":"',
    b'\\u0000\\ud83d\\u001b"}\n',
    b'"id":1e999,',
    b"[" * 500,
    b"/",
    b"/join #x\n",
    b"/history ",
    b"/mode json\n",
    b"/mode text seq time\n",
    b"/nick \xf0\x9f\x91\x8d\n",
    b"//",
    b"@",
    b"#" * 70,
    b"9" * 400,
    b" ",
    b"\t",
)


def nonsense(chance: random.Random) -> bytes:
    """Return what nobody would type."""
    length = chance.randrange(1, 40)
    mixed = [
        chance.choice(PIECES) if chance.random() < 0.8 else chance.randbytes(chance.randrange(1, 9))
        for _ in range(length)
    ]
    return b"".join(mixed)


def raw_controls(data: bytes) -> set[int]:
    """Return the controls in ``data`` that could drive a terminal."""
    text = data.decode("utf-8")
    return {ord(letter) for letter in text if letter != "\n" and ord(letter) in CONTROLS}


CONTROLS = frozenset(
    [*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def test_nonsense_is_survived(chat: ChatServer) -> None:
    chance = random.Random(SEED)
    with TextClient(chat, "witness") as witness:
        for number in range(300):
            with Wire(chat) as wire, suppress(ConnectionError):
                wire.send(nonsense(chance))
                if number % 3 == 0:
                    wire.send(chance.randbytes(chance.randrange(2000)))
                if number % 5 == 0:
                    wire.reset()
                elif number % 5 == 1:
                    wire.finish()
                    wire.to_the_end()
        still_answers(chat)
        witness.settle()
        # What the others said reached a bystander only in the lines of the protocol.
        assert raw_controls(witness.received) == set()
        for line in witness.received.decode().splitlines():
            assert line.startswith(("*** ", "!E", "[#")), line


def outcome(chat: ChatServer, data: bytes) -> list[str]:
    """Return what the server answers to ``data``, without the welcome."""
    with Wire(chat) as wire:
        wire.send(data)
        wire.finish()
        lines = [line.decode() for line in wire.to_the_end()]
    return [line for line in lines if not line.startswith("***") and '"hello"' not in line]


TOO_LONG = "!E102 That line is longer than 4096 bytes and was dropped. Try: Send it in parts"
BAD_UTF8 = "!E103 That line is not valid UTF-8 and was dropped. Try: Set your terminal to UTF-8"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        pytest.param(b"x" * 4096 + b"\n", [], id="longest line"),
        pytest.param(b"x" * 4096 + b"\r\n", [], id="longest line and CR"),
        pytest.param(b"x" * 4097 + b"\n", [TOO_LONG], id="too long"),
        pytest.param(b"x" * 10 * MIB + b"\n/foo\n", [TOO_LONG, "!E101 "], id="10 MB"),
        pytest.param(b"\xff" * 2 * MIB + b"\n", [TOO_LONG], id="IAC IAC"),
        pytest.param((b"y" * 5000 + b"\n") * 3, [TOO_LONG] * 3, id="three too long"),
        pytest.param(b"caf\xe9\n\xc3\n/foo\n", [BAD_UTF8, BAD_UTF8, "!E101 "], id="bad UTF-8"),
        pytest.param(b"\xed\xa0\x80\n", [BAD_UTF8], id="surrogate"),
        pytest.param(b"\xc0\xaf\n", [BAD_UTF8], id="overlong"),
        pytest.param(b"\0\0\n\0\n", [], id="null bytes"),
        pytest.param(b"/foo\r\0/bar\r\0", ["!E101 ", "!E101 "], id="telnet's Enter"),
        pytest.param(b"hi " + IAC + b"\xfa" + b"z" * MIB, [], id="subnegotiation without end"),
        pytest.param(
            IAC + b"\xfa" + b"z" * MIB + IAC + b"\xf0/foo\n", ["!E101 "], id="long subnegotiation"
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_told(
    chat: ChatServer, data: bytes, wanted: list[str]
) -> None:
    before = chat.memory
    lines = [line for line in outcome(chat, data) if line.startswith("!E")]
    assert len(lines) == len(wanted), lines
    for line, start in zip(lines, wanted, strict=True):
        assert line.startswith(start)
    assert chat.memory - before < 8 * MIB
    still_answers(chat)


JSON_WRONG = {
    "not an end": b'{"do":"ping"',
    "deep": b'{"do":' + b"[" * 7000 + b"]" * 7000 + b"}",
    "deep objects": b'{"a":' * 2500 + b"1" + b"}" * 2500,
    "no command": b'{"text":"hi"}',
    "number as a command": b'{"do":7}',
    "huge id": b'{"do":"ping","id":' + b"9" * 5000 + b"}",
    "fraction as id": b'{"do":"ping","id":1.5}',
    "true as id": b'{"do":"ping","id":true}',
    "long id": b'{"do":"ping","id":"' + b"x" * 65 + b'"}',
    "half a surrogate": b'{"do":"msg","text":"\\ud83d"}',
    "number as text": b'{"do":"msg","text":5}',
    "text as number": b'{"do":"history","limit":"many"}',
    "huge number": b'{"do":"history","before":' + b"9" * 5000 + b"}",
    "infinite": b'{"do":"history","before":1e999}',
    "list as a room": b'{"do":"join","room":["#a"]}',
    "object as seen": b'{"do":"resume","token":"x","seen":[1]}',
    "nonce of nothing": b'{"do":"msg","text":"hi","nonce":""}',
    "long nonce": b'{"do":"msg","text":"hi","nonce":"' + b"x" * 65 + b'"}',
    "bad UTF-8": b'{"do":"msg","text":"\xff\xff"}',
    "too long": b'{"do":"msg","text":"' + b"x" * 16385 + b'"}',
    "a byte order mark": b'{\xef\xbb\xbf"do":"ping"}',
}


@pytest.mark.parametrize("what", JSON_WRONG)
def test_what_is_wrong_with_json_is_told(chat: ChatServer, what: str) -> None:
    with JsonClient(chat, "ana") as ana:
        ana.send(JSON_WRONG[what] + b"\n")
        told = ana.find(ev="error")
        assert told["code"] in {102, 103, 104, 105, 401}
        # The connection lives on.
        assert ana.ask("ping")["ok"]


def test_numbers_of_any_size_are_answered(chat: ChatServer) -> None:
    with JsonClient(chat, "ana") as ana:
        assert ana.ask("msg", text="hi")["seq"] == 1
        for number in (-(1 << 70), -1, 0, 1 << 31, 1 << 32, 1 << 63, 1 << 64, 1 << 70):
            assert ana.ask("reply", seq=number, text="hi")["code"] == 331
            assert ana.ask("react", seq=number, emoji="x")["code"] == 331
            for key in ("before", "after"):
                page = ana.ask("history", **{key: number})
                everything = (number < 1) == (key == "after")
                assert [event["seq"] for event in page["page"]] == [1] * everything
        ana.send(b'{"do":"ping","id":' + b"7" * 300 + b"}\n")
        assert ana.reply(int("7" * 300))["ok"]


def test_half_a_line_waits_and_costs_nothing(chat: ChatServer) -> None:
    with JsonClient(chat, "ana") as ana, Wire(chat) as wire:
        for letter in b"/nick bo\nhal":
            wire.send(bytes([letter]))
        until(lambda: any(one["nick"] == "bo" for one in ana.ask("who")["users"]), "bo is here")
        assert [event for event in ana.settle() if event["ev"] == "msg"] == []
        wire.send(b"lo\n")
        assert ana.find(ev="msg")["text"] == "hallo"


def in_turn(chat: ChatServer, endings: Iterable[str]) -> None:
    """Connect and disconnect, once for each ending."""
    for ending in endings:
        wire = Wire(chat)
        if ending == "reset in a line":
            wire.send(b"hel")
        elif ending == "reset after a question":
            wire.send(b"/who\n/history\n")
        elif ending == "half-closed":
            wire.finish()
        if ending.startswith("reset"):
            wire.reset()
        else:
            wire.close()


def test_a_thousand_come_and_go(chat: ChatServer) -> None:
    endings = ("closed", "reset", "reset in a line", "reset after a question", "half-closed")
    with JsonClient(chat, "witness") as witness:
        in_turn(chat, endings * 20)
        gone(chat, others=1)
        memory = chat.memory
        in_turn(chat, endings * 200)
        gone(chat, others=1)
        assert chat.memory - memory < 8 * MIB
        assert witness.ask("ping")["ok"]


def test_many_at_once(chat: ChatServer) -> None:
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(chat)) for _ in range(400)]
        for number, wire in enumerate(wires):
            wire.send(f"/nick n{number}\n".encode())
        for number, wire in enumerate(wires):
            while f"You are n{number}" not in (wire.line() or b"").decode():
                pass
        with JsonClient(chat) as client:
            assert len(client.ask("who")["users"]) == 401
            client.ask("quit")
    gone(chat)


def test_other_protocols_are_told_that_they_are_not_spoken_here(chat: ChatServer) -> None:
    for first, word in (
        (b"GET / HTTP/1.1\r\nHost: chat\r\n\r\n", b"web page"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"TLS"),
        (b"SSH-2.0-OpenSSH_9\r\n", b"SSH"),
        (b"CAP LS 302\r\n", b"IRC"),
        (b"nick ana\r\n", b"IRC"),
    ):
        with Wire(chat) as wire:
            wire.send(first)
            lines = wire.to_the_end()
            assert len(lines) == 1
            assert word in lines[0]
            assert lines[0].endswith(b" is not available on this server.") or word == b"SSH"
    with JsonClient(chat) as client:
        assert len(client.ask("who")["users"]) == 1


def test_a_silent_client_is_greeted_within_a_moment(chat: ChatServer) -> None:
    with Wire(chat) as wire:
        line = wire.line()
        assert line is not None
        assert line.startswith(b"*** Welcome to ")
        until(lambda: b"Here (1): guest-1" in (wire.line() or b""), "the whole greeting")
