"""The line door: bytes to commands, events to bytes."""

from __future__ import annotations

import itertools
import json

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.trial.unittest import TestCase
from zope.interface.verify import verifyObject

from chatd.connection import IDoor
from chatd.line.telnet import DO, DONT, IAC, SB, WILL, WONT
from tests.fakes import Chat


def said(lines: list[str]) -> list[str]:
    """Return what was said in the lobby by what one of its readers got."""
    return [line.partition("> ")[2] for line in lines if line.startswith("[#lobby]")]


class Lines(TestCase):
    """What a line is."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.ana = self.chat.line()
        self.bo = self.chat.line()
        self.ana.take()

    def heard(self, data: bytes) -> list[str]:
        """Have bo send bytes; return what ana hears him say."""
        self.ana.take()
        self.bo.send(data)
        return said(self.ana.take())

    async def test_it_is_a_door(self) -> None:
        assert verifyObject(IDoor, self.bo.protocol)
        assert verifyObject(IHalfCloseableProtocol, self.bo.protocol)

    async def test_a_line_ends_in_lf(self) -> None:
        assert self.heard(b"one\ntwo\n") == ["one", "two"]

    async def test_a_cr_before_the_lf_is_dropped(self) -> None:
        assert self.heard(b"one\r\ntwo\r\n") == ["one", "two"]

    async def test_telnets_cr_nul_ends_a_line(self) -> None:
        assert self.heard(b"one\r\0two\r\0") == ["one", "two"]

    async def test_half_a_line_waits_for_the_rest(self) -> None:
        assert self.heard(b"on") == []
        assert self.heard(b"e\nt") == ["one"]

    async def test_a_character_may_be_split(self) -> None:
        assert self.heard("Grü".encode()[:-1]) == []
        assert self.heard("ü\n".encode()[1:]) == ["Grü"]

    async def test_empty_lines_mean_nothing(self) -> None:
        self.bo.take()
        assert self.heard(b"\n\r\n   \n\r\0") == []
        assert self.bo.take() == []

    async def test_ones_own_line_is_not_echoed(self) -> None:
        assert self.bo.say("hi") == []

    async def test_invalid_utf8_is_refused_and_the_connection_goes_on(self) -> None:
        self.bo.take()
        assert self.heard(b"one\nt\xfe\xc3wo\nthree\n") == ["one", "three"]
        assert [line[:5] for line in self.bo.take()] == ["!E103"]

    async def test_negotiation_never_reaches_a_line(self) -> None:
        assert self.heard(b"o" + bytes((IAC, WILL, 1)) + b"ne\n") == ["one"]

    async def test_negotiation_is_answered(self) -> None:
        self.bo.transport.clear()
        self.bo.send(bytes((IAC, WILL, 1, IAC, DO, 1)))
        assert self.bo.transport.value() == bytes((IAC, DONT, 1, IAC, WONT, 1))

    async def test_who_speaks_telnet_gets_its_line_ends(self) -> None:
        self.bo.send(bytes((IAC, WILL, 1)))
        self.bo.transport.clear()
        self.bo.send(b"/away\r\n")
        self.ana.send(b"/away\r\n")
        assert self.bo.transport.value().startswith(b"*** You are away\r\n")
        assert b"\r" not in self.ana.transport.value()

    async def test_a_subnegotiation_without_end_takes_no_memory(self) -> None:
        self.bo.send(bytes((IAC, SB, 31)))
        for _ in range(100):
            self.bo.send(b"x" * 65536)
        assert len(self.bo.protocol._buffer) == 0

    async def test_controls_are_cleaned_away(self) -> None:
        assert self.heard("a\x1b[2Jb\u202ec\x07\n".encode()) == ["a[2Jbc"]


class LongLines(TestCase):
    """Lines over the limit."""

    def setUp(self) -> None:
        self.chat = Chat(rate=0.0)
        self.ana = self.chat.line()
        self.bo = self.chat.line()
        self.bo.take()
        self.ana.take()

    def check(self, *chunks: bytes, refused: int = 1, heard: tuple[str, ...] = ()) -> None:
        for chunk in chunks:
            self.bo.send(chunk)
        codes = [line[:5] for line in self.bo.take()]
        assert codes == ["!E102"] * refused
        assert said(self.ana.take()) == list(heard)

    async def test_4096_bytes_are_taken(self) -> None:
        text = "x" * 4096
        self.check(text.encode() + b"\n", refused=0, heard=(text,))

    async def test_4096_bytes_and_a_cr_are_taken(self) -> None:
        text = "x" * 4096
        self.check(text.encode() + b"\r\n", refused=0, heard=(text,))

    async def test_4097_bytes_are_refused(self) -> None:
        self.check(b"x" * 4097 + b"\n")

    async def test_a_long_line_between_others_in_one_chunk(self) -> None:
        self.check(b"one\n" + b"x" * 9000 + b"\ntwo\n", heard=("one", "two"))

    async def test_several_long_lines_in_one_chunk(self) -> None:
        long = b"x" * 5000 + b"\n"
        self.check(long + b"one\n" + long + long + b"two\n", refused=3, heard=("one", "two"))

    async def test_ten_megabytes_in_pieces_are_refused_once(self) -> None:
        pieces = [b"x" * 65536] * 160
        self.check(*pieces, b"x\ntwo\n", heard=("two",))

    async def test_a_long_line_takes_no_memory(self) -> None:
        for _ in range(160):
            self.bo.send(b"x" * 65536)
            assert len(self.bo.protocol._buffer) <= 65536

    async def test_a_long_line_without_an_end_is_refused_at_the_end(self) -> None:
        self.bo.send(b"x" * 9000)
        self.bo.finish()
        assert self.bo.take()[0].startswith("!E102")

    async def test_what_follows_a_long_line_is_not_taken_for_telnet_again(self) -> None:
        chunk = b"x" * 9000 + b"\nhello\n" + bytes((IAC,))
        self.check(chunk, bytes((WONT, 1)) + b"there\n", heard=("hello", "there"))

    async def test_json_may_be_longer(self) -> None:
        client = self.chat.line("json")
        line = json.dumps({"do": "msg", "text": "é" * 2048}, ensure_ascii=True)
        client.send(line.encode() + b"\n")
        assert client.events()[-1]["ok"] is True

    async def test_json_of_more_than_16384_bytes_is_refused(self) -> None:
        client = self.chat.line("json")
        line = '{"do":"ping","x":"%s"}'
        client.send((line % ("x" * (16384 - len(line) + 2))).encode() + b"\n")
        assert "ok" in client.events()[-1]
        client.send((line % ("x" * (16385 - len(line) + 2))).encode() + b"\n")
        assert client.events()[-1]["code"] == 102

    async def test_the_limit_changes_with_the_mode(self) -> None:
        self.bo.say("/mode json")
        self.bo.send(json.dumps({"do": "ping", "x": "x" * 10_000}).encode() + b"\n")
        assert self.bo.events()[-1]["ok"] is True


class Ends(TestCase):
    """Half-close, and connections that are lost."""

    def setUp(self) -> None:
        self.chat = Chat()

    async def test_a_half_closed_client_gets_every_reply(self) -> None:
        client = self.chat.line()
        client.take()
        client.send(b"hi\n/who\n/ping\n")
        client.finish()
        assert [line[:8] for line in client.take()] == ["*** Here", "*** pong"]
        assert not client.transport.connected

    async def test_replies_that_wait_for_their_turn_come_before_the_end(self) -> None:
        client = self.chat.line()
        client.take()
        client.send(b"/ping\n" * 15)
        client.finish()
        assert client.transport.connected
        self.chat.clock.pump([0.5] * 6)
        assert len(client.take()) == 15
        assert not client.transport.connected

    async def test_a_page_that_is_being_read_comes_before_the_end(self) -> None:
        client = self.chat.line()
        client.say("hi")
        self.chat.store.slow = True
        client.send(b"/history\n")
        client.finish()
        assert client.transport.connected
        self.chat.settle()
        assert "<guest-1> hi" in client.take()[1]
        assert not client.transport.connected

    async def test_a_last_line_without_lf_counts(self) -> None:
        reader, client = self.chat.line(), self.chat.line()
        reader.take()
        client.send(b"one\ntwo")
        client.finish()
        assert said(reader.take()) == ["one", "two"]

    async def test_a_lost_connection_takes_its_session_along(self) -> None:
        client = self.chat.line()
        client.lose()
        assert self.chat.service.hub.sessions == {}
        assert self.chat.service.connections == {}

    async def test_nothing_ticks_on_for_a_lost_connection(self) -> None:
        client = self.chat.line()
        client.lose()
        assert self.chat.clock.getDelayedCalls() == []

    async def test_quit_says_goodbye_and_closes(self) -> None:
        client = self.chat.line()
        assert client.say("/quit") == ["*** Goodbye."]
        assert not client.transport.connected

    async def test_a_client_that_takes_nothing_any_more_is_aborted(self) -> None:
        client = self.chat.line()
        client.protocol.writeConnectionLost()
        assert not client.transport.connected


class Modes(TestCase):
    """Output in another form."""

    def setUp(self) -> None:
        self.chat = Chat()
        self.ana = self.chat.line()
        self.bo = self.chat.line()
        self.ana.take()

    async def test_a_mode_changes_all_that_follows(self) -> None:
        shown = self.ana.say("/mode json", "/ping")
        assert [json.loads(line).get("mode") for line in shown][:1] == ["json"]
        self.bo.send(b"hi\n")
        assert self.ana.events()[-1]["text"] == "hi"

    async def test_and_back(self) -> None:
        self.ana.say("/mode json")
        assert self.ana.say("/mode text seq time") == ["*** Output is text seq time"]
        self.bo.send(b"hi\n")
        assert self.ana.take() == ["[#lobby 1 22:13] <guest-2> hi"]

    async def test_json_is_taken_in_every_mode(self) -> None:
        self.ana.send(b'{"do":"msg","text":"one\\ntwo"}\n')
        assert self.bo.take()[-2:] == ["[#lobby] <guest-1> one", "[#lobby] <guest-1> two"]

    async def test_typed_commands_are_taken_in_json_mode(self) -> None:
        client = self.chat.line("json")
        client.send(b"/ping\n")
        assert client.events()[-1]["ok"] is True


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_no_bytes_hurt_the_others(chunks: list[bytes]) -> None:
    chat = Chat(rate=0.0)
    reader, client = chat.line(), chat.line()
    for chunk in chunks:
        client.send(chunk)
    client.finish()
    assert all(line.startswith(("*** ", "!E", "[#", "[@")) for line in reader.take())
    assert reader.transport.connected
    assert len(chat.service.hub.users) == 1


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_it_does_not_matter_how_bytes_arrive(data: bytes, cuts: list[int]) -> None:
    whole, parts = Chat(rate=0.0), Chat(rate=0.0)
    one, other = whole.line(), parts.line()
    one.send(data)
    edges = [0, *sorted(cuts), len(data)]
    for start, end in itertools.pairwise(edges):
        other.send(data[start:end])
    assert one.transport.value() == other.transport.value()
