"""Telnet negotiation, kept out of the chat."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.line.telnet import (
    DO,
    DONT,
    ECHO,
    IAC,
    NAWS,
    SB,
    SE,
    SUBNEGOTIATION_LIMIT,
    TTYPE,
    TTYPE_SEND,
    WILL,
    WONT,
    Telnet,
)

NOP = 241


def fed(*chunks: bytes) -> tuple[bytes, bytes]:
    """Return the text and the answers that chunks come to."""
    telnet = Telnet()
    pairs = [telnet.feed(chunk) for chunk in chunks]
    return b"".join(pair.text for pair in pairs), b"".join(pair.answer for pair in pairs)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hi\n", b"hi\n"),
        (b"hi\r\n", b"hi\r\n"),
        (b"hi\r\0", b"hi\r\n"),
        (b"hi\r\0there\r\0", b"hi\r\nthere\r\n"),
        (b"a\0b", b"a\0b"),
        (b"\0", b"\0"),
        (b"\r\n\0", b"\r\n\0"),
        (bytes((97, IAC, NOP, 98)), b"ab"),
        (bytes((97, IAC, IAC, 98)), b"a\xffb"),
        (bytes((97, IAC, WILL, ECHO, 98)), b"ab"),
        (bytes((97, IAC, SB, ECHO, 1, 2, 3, IAC, SE, 98)), b"ab"),
        (bytes((IAC, SB, NAWS, IAC, IAC, IAC, SE, 98)), b"b"),
        (bytes((IAC, SB, NAWS, IAC, NOP, 1, IAC, SE, 98)), b"b"),
        (bytes((13, IAC, NOP, 0, 98)), b"\r\nb"),
    ],
)
def test_negotiation_is_taken_out_of_the_text(data: bytes, text: bytes) -> None:
    assert fed(data)[0] == text


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ((WILL, NAWS), bytes((IAC, DO, NAWS))),
        ((WILL, TTYPE), bytes((IAC, DO, TTYPE, IAC, SB, TTYPE, TTYPE_SEND, IAC, SE))),
        ((WILL, ECHO), bytes((IAC, DONT, ECHO))),
        ((DO, ECHO), bytes((IAC, WONT, ECHO))),
        ((DO, NAWS), bytes((IAC, WONT, NAWS))),
        ((WONT, ECHO), b""),
        ((DONT, ECHO), b""),
    ],
)
def test_each_request_has_its_answer(asked: tuple[int, int], answer: bytes) -> None:
    assert fed(bytes((IAC, *asked))) == (b"", answer)


@pytest.mark.parametrize("verb", [WILL, WONT, DO, DONT])
def test_nothing_is_answered_twice(verb: int) -> None:
    _, first = fed(bytes((IAC, verb, ECHO)))
    assert fed(bytes((IAC, verb, ECHO)) * 1000)[1] == first


def test_two_servers_of_this_kind_fall_silent() -> None:
    one, other = Telnet(), Telnet()
    data = bytes((IAC, WILL, ECHO, IAC, DO, ECHO, IAC, WILL, NAWS, IAC, WILL, TTYPE))
    for _ in range(10):
        data = one.feed(data).answer
        data = other.feed(data).answer
    assert data == b""


def test_the_server_does_not_speak_first() -> None:
    assert Telnet().feed("Grüße, ÿ\r\n".encode()).answer == b""


def test_the_window_size_is_known() -> None:
    telnet = Telnet()
    telnet.feed(bytes((IAC, SB, NAWS, 0, 132, 1, 2, IAC, SE)))
    assert telnet.size == (132, 258)


def test_a_window_of_255_columns_is_known() -> None:
    telnet = Telnet()
    telnet.feed(bytes((IAC, SB, NAWS, 0, IAC, IAC, 0, 24, IAC, SE)))
    assert telnet.size == (255, 24)


@pytest.mark.parametrize("told", [(), (0,), (0, 80, 0), (0, 80, 0, 24, 0)])
def test_a_window_size_of_another_length_is_ignored(told: tuple[int, ...]) -> None:
    telnet = Telnet()
    telnet.feed(bytes((IAC, SB, NAWS, *told, IAC, SE)))
    assert telnet.size is None


def test_the_terminal_is_known_by_letters_alone() -> None:
    telnet = Telnet()
    telnet.feed(bytes((IAC, SB, TTYPE, 0)) + b"XTERM\x1b[2J\x07" + bytes((IAC, SE)))
    assert telnet.terminal == "XTERM[2J"


def test_a_subnegotiation_without_end_is_bounded() -> None:
    telnet = Telnet()
    telnet.feed(bytes((IAC, SB, TTYPE, 0)))
    for _ in range(100):
        assert telnet.feed(b"x" * 10_000 + bytes((IAC, IAC))) == (b"", b"")
    assert len(telnet._sub) <= SUBNEGOTIATION_LIMIT
    assert telnet.feed(bytes((IAC, SE)) + b"hi\n").text == b"hi\n"


# Echo


@pytest.mark.parametrize("data", [(NOP,), (DO, 3), (WONT, 1), (SB, NAWS), (246,)])
def test_who_has_sent_a_command_speaks_telnet(data: tuple[int, ...]) -> None:
    telnet = Telnet()
    telnet.feed(bytes((IAC, *data)))
    assert telnet.spoken


def test_who_has_sent_none_does_not() -> None:
    telnet = Telnet()
    telnet.feed("Grüße\r\n".encode() + "aÿbÿ\r\n".encode("latin-1") + bytes((IAC, IAC)))
    assert not telnet.spoken


def test_input_is_hidden_and_shown() -> None:
    telnet = Telnet()
    assert telnet.show_input(False) == bytes((IAC, WILL, ECHO))
    assert telnet.show_input(True) == bytes((IAC, WONT, ECHO))


@pytest.mark.parametrize("answer", [DO, DONT])
def test_the_answer_to_our_own_word_is_not_answered(answer: int) -> None:
    telnet = Telnet()
    for shown in (False, True, False, True):
        telnet.show_input(shown)
        assert telnet.feed(bytes((IAC, answer, ECHO)) + b"x") == (b"x", b"")


def test_what_is_no_answer_is_refused_as_before() -> None:
    telnet = Telnet()
    telnet.show_input(False)
    assert telnet.feed(bytes((IAC, DO, ECHO))).answer == b""
    assert telnet.feed(bytes((IAC, DO, ECHO))).answer == bytes((IAC, WONT, ECHO))
    assert telnet.feed(bytes((IAC, DO, ECHO)) * 100).answer == b""
    telnet.show_input(True)
    assert telnet.feed(bytes((IAC, WILL, ECHO))).answer == bytes((IAC, DONT, ECHO))


def test_two_servers_that_hide_their_input_fall_silent() -> None:
    one, other = Telnet(), Telnet()
    data = one.show_input(False) + one.show_input(True)
    other.show_input(False)
    for _ in range(10):
        data = other.feed(data).answer
        data = one.feed(data).answer
    assert data == b""


_bytes = st.lists(
    st.sampled_from([0, 10, 13, 97, NAWS, TTYPE, SE, SB, WILL, WONT, DO, DONT, IAC]), max_size=40
).map(bytes)


@given(_bytes, st.lists(st.integers(0, 40), max_size=5))
def test_it_does_not_matter_where_the_bytes_are_split(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(data)]
    parts = [data[start:end] for start, end in itertools.pairwise(edges)]
    assert fed(*parts) == fed(data)


@given(_bytes)
def test_bytes_one_by_one_give_the_same(data: bytes) -> None:
    assert fed(*(bytes((byte,)) for byte in data)) == fed(data)


@given(st.binary())
def test_answers_are_negotiation_alone(data: bytes) -> None:
    text, answer = fed(data)
    assert Telnet().feed(answer).text == b""
    assert len(text) <= len(data)


@given(_bytes)
def test_a_lone_iac_never_reaches_the_text(data: bytes) -> None:
    assert fed(data)[0].count(IAC) <= data.count(bytes((IAC, IAC)))


@given(st.binary().filter(lambda data: IAC not in data and 0 not in data))
def test_what_is_no_telnet_passes_unchanged(data: bytes) -> None:
    assert fed(data) == (data, b"")
