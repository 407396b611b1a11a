"""Which names are allowed, the same, or look the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core.errors import Refusal
from chatd.core.names import (
    FORBIDDEN,
    FORBIDDEN_FIRST,
    NICK_LENGTH,
    Name,
    fold,
    free_nick_name,
    guest_name,
    nick_name,
    room_name,
)


def code_of_nick(text: str) -> int:
    with pytest.raises(Refusal) as refused:
        free_nick_name(text)
    return refused.value.code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana", "Ana"),
        ("Ａｎａ", "ana"),
        ("jos\u00e9", "jose\u0301"),
        ("ΑΘΗΝΑ", "αθηνα"),
        ("İzmir", "i\u0307zmir"),
    ],
)
def test_names_are_the_same_whatever_their_case_width_and_composition(one: str, other: str) -> None:
    assert nick_name(one).key == nick_name(other).key


def test_a_name_is_shown_as_it_was_written() -> None:
    assert nick_name("AnaLena").shown == "AnaLena"


def test_a_sharp_s_is_no_double_s() -> None:
    assert nick_name("straße").key != nick_name("strasse").key


@pytest.mark.parametrize(
    ("one", "other"),
    [("paypal", "раурal"), ("google", "googIe"), ("modern", "rnodern"), ("b0b", "bOb")],
)
def test_names_that_look_the_same_have_one_skeleton(one: str, other: str) -> None:
    assert nick_name(one).key != nick_name(other).key
    assert nick_name(one).skeleton == nick_name(other).skeleton


@pytest.mark.parametrize("length", [2, 32])
def test_a_nick_may_have_2_to_32_characters(length: int) -> None:
    assert nick_name("n" * length).shown == "n" * length


@pytest.mark.parametrize("length", [0, 1, 33])
def test_a_nick_of_another_length_is_refused(length: int) -> None:
    assert code_of_nick("n" * length) == 211


@pytest.mark.parametrize("length", [1, 63])
def test_a_room_may_have_1_to_63_characters(length: int) -> None:
    assert room_name("#" + "n" * length).shown == "#" + "n" * length


@pytest.mark.parametrize("text", ["", "#", "#" + "n" * 64, "ops", "##ops", "#a b", "#a,b", "#-ops"])
def test_other_rooms_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        room_name(text)
    assert refused.value.code == 211


@pytest.mark.parametrize("wrong", sorted(" ,*?!@:#<>'\";"))
def test_no_name_has_a_forbidden_character(wrong: str) -> None:
    assert wrong in FORBIDDEN
    assert code_of_nick(f"an{wrong}a") == 211


@pytest.mark.parametrize("wrong", sorted("~&+-."))
def test_no_name_begins_with_one_of_these(wrong: str) -> None:
    assert wrong in FORBIDDEN_FIRST
    assert code_of_nick(f"{wrong}ana") == 211
    assert nick_name(f"an{wrong}a").shown == f"an{wrong}a"


@pytest.mark.parametrize(
    "text", ["ana\u200d", "an\u202ea", "an\x00a", "☃☃", "a·b", "an\u00ada", "ٱ1٠"]
)
def test_characters_that_precis_disallows_are_refused(text: str) -> None:
    assert code_of_nick(text) == 211


@pytest.mark.parametrize("text", ["admin", "Root", "SERVER", "ｓｅｒｖｅｒ", "guest-7", "Guest-x"])
def test_reserved_names_are_refused(text: str) -> None:
    assert code_of_nick(text) == 213


@pytest.mark.parametrize("text", ["adrnin", "rооt", "guеst-7", "sеrver"])
def test_what_looks_reserved_is_refused(text: str) -> None:
    assert code_of_nick(text) == 212


def test_a_room_may_have_a_reserved_name() -> None:
    assert room_name("#admin").key == "#admin"


def test_a_refused_name_is_not_repeated_at_length() -> None:
    with pytest.raises(Refusal) as refused:
        nick_name("n" * 5000)
    assert len(refused.value.text) < 200


def test_guests_have_different_names_and_looks() -> None:
    guests = [guest_name(number) for number in range(1, 2000)]
    assert len({guest.key for guest in guests}) == len({g.skeleton for g in guests}) == 1999


def outcome(text: str) -> Name | Refusal:
    try:
        return nick_name(text)
    except Refusal as refusal:
        return refusal


@given(st.text(max_size=40))
def test_a_nick_is_a_name_or_refused_with_211(text: str) -> None:
    name = outcome(text)
    if isinstance(name, Refusal):
        assert name.code == 211
        return
    for form in (name.shown, name.key):
        assert NICK_LENGTH[0] <= len(form) <= NICK_LENGTH[1]
        assert not FORBIDDEN.intersection(form)
        assert form[0] not in FORBIDDEN_FIRST
        assert form.isprintable()
    assert nick_name(name.key).key == name.key


@given(st.text(max_size=20))
def test_folding_is_stable(text: str) -> None:
    try:
        folded = fold(text)
    except UnicodeError:
        return
    assert fold(folded) == folded
