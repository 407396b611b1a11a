"""A command's output as messages."""

from hypothesis import given
from hypothesis import strategies as st

from chatcli.headless.folding import Folder


def folded(*pieces: bytes, text: int = 4096, lines: int = 100) -> list[str]:
    folder = Folder({"text": text, "lines": lines})
    full = [message for piece in pieces for message in folder.feed(piece)]
    return [*full, *folder.end()]


def test_lines_go_into_one_message() -> None:
    assert folded(b"one\ntw", b"o\n\n  three") == ["one\ntwo\n\n  three"]


def test_empty_lines_around_it_do_not_count() -> None:
    assert folded(b"\n\n one\n\n") == [" one"]
    assert folded(b"\n \n\t\n") == []
    assert folded() == []


def test_a_message_has_no_more_lines_than_the_server_takes() -> None:
    assert folded(b"1\n2\n3\n4\n5\n", lines=2) == ["1\n2", "3\n4", "5"]


def test_a_message_has_no_more_bytes_than_the_server_takes() -> None:
    assert folded("ää\nöö\nü\n".encode(), text=9) == ["ää\nöö", "ü"]
    assert folded("ää\nöö\nü\n".encode(), text=8) == ["ää", "öö\nü"]


def test_a_long_line_is_cut_between_characters() -> None:
    assert folded("ä€x🎉yy".encode(), text=5) == ["ä€", "x🎉", "yy"]


def test_an_endless_line_comes_in_parts_before_it_ends() -> None:
    folder = Folder({"text": 100})
    full = [message for _ in range(100) for message in folder.feed(b"x" * 50)]
    assert len(full) > 40
    assert set(full) == {"x" * 100}


def test_a_character_may_come_in_two_pieces() -> None:
    assert folded(b"\xc3", b"\xa4\n") == ["ä"]
    assert folded(b"a\xff\n\xc3") == ["a\ufffd\n\ufffd"]


def test_colours_and_other_escapes_are_left_out() -> None:
    assert folded(b"\x1b[1;31mred\x1b[0m \x1b]8;;http://a\x1b\\link\x1b]8;;\x07 \x1b(Bx\x00") == [
        "red link x"
    ]


def test_of_a_progress_bar_its_last_state_is_left() -> None:
    assert folded(b" 10%\r 50%\r100%\r\nDone\r\n") == ["100%\nDone"]


def test_tabs_are_columns() -> None:
    assert folded(b"a\tb") == ["a       b"]


def test_what_waits_can_be_had_before_the_end() -> None:
    folder = Folder({})
    assert folder.feed(b"one\ntw") == []
    assert (folder.waits, folder.flush(), folder.waits) == (True, ["one"], False)
    assert folder.feed(b"o\n") == []
    assert folder.end() == ["two"]


@given(st.lists(st.binary(max_size=60), max_size=20), st.integers(4, 40), st.integers(1, 5))
def test_no_message_is_too_large_whatever_comes(pieces: list[bytes], text: int, lines: int) -> None:
    for message in folded(*pieces, text=text, lines=lines):
        assert message.strip()
        assert len(message.encode()) <= text
        assert message.count("\n") < lines


@given(st.lists(st.text("abcä€🎉 ", max_size=30), max_size=30), st.integers(1, 7))
def test_nothing_is_lost(texts: list[str], step: int) -> None:
    data = "\n".join(texts).encode()
    pieces = [data[start : start + step] for start in range(0, len(data), step)]
    messages = folded(*pieces, text=20, lines=3)
    said = "".join("".join(message.split()) for message in messages)
    assert said == "".join("".join(text.split()) for text in texts)
