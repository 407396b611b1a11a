"""What comes over the wire is bounded and has the types that were asked for."""

from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli import wire
from chatcli.wire import LineSplitter, NotUnderstood, decode, key_of
from chatd.core.names import fold


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_lines_do_not_depend_on_how_bytes_come(data: bytes, cuts: list[int]) -> None:
    splitter = LineSplitter(longest=30)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    found = [line for start, end in pairwise(places) for line in splitter.feed(data[start:end])]
    *whole, rest = [line if len(line) <= 30 else None for line in data.split(b"\n")]
    assert found == (whole if rest is not None else [*whole, None])


def test_an_endless_line_is_told_once_and_costs_no_memory() -> None:
    splitter = LineSplitter(longest=1000)
    assert splitter.feed(b"x" * 900) == []
    assert splitter.feed(b"x" * 900) == [None]
    for _ in range(1000):
        assert splitter.feed(b"x" * 900) == []
    assert len(splitter._begun) <= 1000
    assert splitter.feed(b"\n{}\n") == [b"{}"]


@pytest.mark.parametrize("line", [b"*** hi", b"[1]", b"7", b"{", b'{"a":"\xff"}', b"[" * 100_000])
def test_what_is_no_object_is_told(line: bytes) -> None:
    with pytest.raises(NotUnderstood) as caught:
        decode(line)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 100


@given(st.binary(max_size=50))
def test_decoding_raises_nothing_else(line: bytes) -> None:
    with suppress(NotUnderstood):
        assert isinstance(decode(line), dict)


def test_texts_cannot_drive_a_terminal() -> None:
    event: dict[str, Any] = {"text": "a\x1b[2Jb\x9bc\u202ed\ne", "in": " #r\x07 "}
    assert wire.text(event, "text") == "a[2Jbcde"
    assert wire.text(event, "text", lines=True) == "a[2Jbcd\ne"
    assert wire.name(event, "in") == "#r"


@pytest.mark.parametrize("value", [None, -1, True, 2**60, 1.5, "1", [], {}])
def test_what_is_no_number(value: Any) -> None:
    assert wire.number({"seq": value}, "seq") is None


def test_wrong_types_give_nothing() -> None:
    event: dict[str, Any] = {"a": 1, "b": "x", "c": [1, {"d": 2}, "e"]}
    assert wire.text(event, "a") == ""
    assert wire.objects(event, "b") == []
    assert wire.objects(event, "c") == [{"d": 2}]
    assert wire.texts(event, "c") == ["e"]
    assert wire.moment(event, "b", 5.0) == 5.0
    assert wire.flag(event, "a") is False


@given(st.text())
def test_every_name_has_a_key_that_stays(title: str) -> None:
    assert isinstance(key_of(title), str)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_short_way_gives_the_same_key(bare: str) -> None:
    with suppress(UnicodeError):
        assert key_of(bare) == fold(bare)


def test_names_that_are_the_same_have_one_key() -> None:
    assert key_of("@Ana") == key_of("@ana")
    assert key_of("#Straße") == key_of("#straße")
    assert key_of("#a") != key_of("@a")
