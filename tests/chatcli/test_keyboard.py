"""Keys as people write them, and what they are bound to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.key_binding import KeyBindings

from chatcli.keyboard import KEYS, Problem, bound, parse, shown


@pytest.mark.parametrize(
    ("text", "presses", "written"),
    [
        ("Ctrl-K", ("c-k",), "Ctrl-K"),
        ("c-k", ("c-k",), "Ctrl-K"),
        ("control-K", ("c-k",), "Ctrl-K"),
        ("Alt-A", ("escape", "a"), "Alt-A"),
        ("escape a", ("escape", "a"), "Alt-A"),
        ("m-A", ("escape", "a"), "Alt-A"),
        ("Alt-Shift-a", ("escape", "A"), "Alt-Shift-A"),
        ("Alt-Down", ("escape", "down"), "Alt-Down"),
        ("Alt--", ("escape", "-"), "Alt--"),
        ("Ctrl-Shift-Left", ("c-s-left",), "Ctrl-Shift-Left"),
        ("shift-tab", ("s-tab",), "Shift-Tab"),
        ("Ctrl-I", ("tab",), "Tab"),
        ("f4", ("f4",), "F4"),
        ("PgUp", ("pageup",), "PageUp"),
        ("Ctrl-X Ctrl-F", ("c-x", "c-f"), "Ctrl-X Ctrl-F"),
        ("Ctrl-X b", ("c-x", "b"), "Ctrl-X b"),
    ],
)
def test_keys_are_written_in_several_ways(
    text: str, presses: tuple[str, ...], written: str
) -> None:
    assert parse(text) == presses
    assert shown(presses) == written
    assert parse(written) == presses
    # prompt_toolkit must know them.
    KeyBindings().add(*presses)(lambda _: None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no key in it"),
        ("Ctrl-Foo", "is no key that a terminal knows"),
        ("hyper-x", "'hyper-x' is no key"),
        ("-", "has a meaning that cannot be changed"),
        ("-x", "'-x' is no key"),
        ("Ctrl-", "'Ctrl-' is no key"),
        ("a", "a has a meaning that cannot be changed"),
        ("Enter", "Enter has a meaning that cannot be changed"),
        ("Ctrl-M", "Enter has a meaning that cannot be changed"),
        ("Esc", "Esc has a meaning that cannot be changed"),
    ],
)
def test_what_is_no_key_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^.*{why}$"):
        parse(text)


@given(st.text(max_size=20))
def test_whatever_is_written_is_a_key_or_is_refused(text: str) -> None:
    try:
        presses = parse(text)
    except ValueError:
        return
    assert parse(shown(presses)) == presses
    KeyBindings().add(*presses)(lambda _: None)


def test_the_table_has_no_key_twice() -> None:
    keys, problems = bound({})
    assert problems == []
    assert list(keys) == [row.name for row in KEYS]
    # As a word each, so that they can be typed behind a command, and need no quotes in the file.
    assert all(row.name.replace("-", "").isalpha() for row in KEYS)


def test_keys_are_set_added_and_taken_away() -> None:
    keys, problems = bound({"help": ("Ctrl-]", "F5", "c-]"), "once": (), "reply": ("y",)})
    assert problems == []
    assert keys["help"] == (("c-]",), ("f5",))
    assert keys["once"] == ()
    assert keys["reply"] == (("y",),)


def test_keys_of_others_can_be_exchanged() -> None:
    keys, problems = bound({"next": ("Ctrl-P",), "previous": ("Ctrl-N",)})
    assert problems == []
    assert (keys["next"], keys["previous"]) == ((("c-p",),), (("c-n",),))


def test_what_is_wrong_leaves_the_keys_of_the_table() -> None:
    table, _ = bound({})
    keys, problems = bound({"next": ("Ctrl-P",), "help": ("F5", "x"), "nonsense": ("F6",)})
    assert keys == table
    assert problems == [
        Problem("help", "x has a meaning that cannot be changed"),
        Problem("nonsense", "there is no such name in the help"),
        Problem("next", "Ctrl-P is that of 'previous' already"),
    ]


def test_of_two_that_want_one_key_the_other_keeps_it() -> None:
    keys, problems = bound({"help": ("F5",), "once": ("F5",)})
    assert [each.name for each in problems] == ["help"]
    assert (keys["help"], keys["once"]) == ((("f1",),), (("f5",),))
