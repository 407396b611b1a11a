"""What a console shows cannot drive a terminal, and stays readable."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.grammar import clean
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Connect
from chatd.manhole.text import Shown, brief, columns, duration, one_line, table, visible


@given(st.text())
def test_nothing_visible_drives_a_terminal(text: str) -> None:
    shown = visible(text)
    assert clean(shown, lines=True) == shown
    assert "\n" not in one_line(text)
    assert clean(one_line(text)) == one_line(text)


def test_what_would_drive_a_terminal_is_seen() -> None:
    assert visible("a\x1b[2Jb\u202ec\x9b") == "a\\x1b[2Jb\\u202ec\\x9b"
    assert visible("one\r\ntwo\tthree") == "one\ntwo     three"
    assert visible("\ud800") == "\\ud800"
    assert visible("grüß 漢 👩‍🚀") == "grüß 漢 👩‍🚀"
    assert one_line("a\nb") == "a\\nb"


def test_columns_are_those_of_a_terminal() -> None:
    assert [columns(text) for text in ("", "abc", "é", "e\u0301", "漢字")] == [0, 3, 1, 1, 4]


def test_a_table_is_aligned_and_harmless() -> None:
    shown = table(("NICK", "WHAT"), [("漢字", "x"), ("ana\n", "\x1b[2J"), ("bo", "")])
    assert isinstance(shown, Shown)
    assert shown.split("\n") == [
        "NICK   WHAT",
        "漢字   x",
        "ana\\n  \\x1b[2J",
        "bo",
    ]


def test_durations_have_two_units_at_most() -> None:
    assert [duration(seconds) for seconds in (0.7, 61, 3_700, 90_000)] == [
        "0 s",
        "1 min 1 s",
        "1 h 1 min",
        "1 d 1 h",
    ]


def test_a_full_hub_is_shown_briefly_and_soon() -> None:
    hub = Hub(Settings())
    for number in range(400):
        connect = Connect(address="::1", mode="text", token=f"{number}")
        hub.handle(f"s{number}", connect, number)
    begun = perf_counter()
    shown = brief(hub.users)
    assert perf_counter() - begun < 2
    assert len(shown) < 20_000
    assert shown.startswith("{'s0': User(uid='s0', name=Name(shown='guest-1'")


def test_brief_is_repr_for_what_is_small() -> None:
    for value in ("a\x1b", [1, 2], {"a": None}, 3.5, User):
        assert brief(value) == repr(value)


class User:
    """Something that is no dataclass."""
