"""How long a message can be."""

import pytest

from chatcli.limits import excess
from chatd.core import commands as asked
from tests.chatcli.chat import Chat


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n" * 99, ""),
        ("\n" * 100, "101 lines, of at most 100"),
        ("ä" * 2048, ""),
        ("ä" * 2048 + "a", "4,097 bytes, of at most 4,096"),
    ],
)
def test_what_is_too_long(text: str, words: str) -> None:
    assert excess(text, {}) == words


def test_the_server_s_limits_count() -> None:
    assert excess("abc", {"text": 2, "lines": 9}) == "3 bytes, of at most 2"
    assert excess("a\nb", {"text": 9, "lines": 1}) == "2 lines, of at most 1"


@pytest.mark.parametrize("typed", ["{}", "/me {}", "/reply 1 {}", "/msg bo {}", "/edit 1 {}"])
def test_what_is_too_long_is_told_and_comes_back(typed: str) -> None:
    chat = Chat()
    chat.begin()
    chat.sent.clear()
    typed = typed.format("a\n" * 150)
    chat.session.submit(typed)
    assert chat.take(asked.Message) == []
    assert chat.given_back == [typed]
    assert chat.state.current.lines[-1].text.startswith("That is too long for a message: 150 lines")
