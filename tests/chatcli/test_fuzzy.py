"""How well a few letters stand for a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.fuzzy import match


@pytest.mark.parametrize(
    ("letters", "better", "worse"),
    [
        ("ops", "ops", "opsec"),
        ("ops", "opsec", "dev-ops"),
        ("ops", "dev-ops", "laptops"),
        ("ops", "laptops", "o-p-s"),
        ("do", "dev-ops", "dxyo"),
        ("dop", "dev-ops", "diorxp"),
        ("an", "ana", "anabel"),
        ("ap", "chat-app-two", "chatapp-two"),
    ],
)
def test_what_is_meant_comes_before_what_also_has_the_letters(
    letters: str, better: str, worse: str
) -> None:
    first, second = match(letters, better), match(letters, worse)
    assert first is not None
    assert second is not None
    assert first.score > second.score


@pytest.mark.parametrize(
    ("letters", "name", "places"),
    [
        ("ops", "dev-ops", (4, 5, 6)),
        ("do", "dev-ops", (0, 4)),
        ("app", "chatapp-app", (8, 9, 10)),
        ("nb", "on-bird-n", (1, 3)),
        ("", "ops", ()),
    ],
)
def test_where_the_letters_are(letters: str, name: str, places: tuple[int, ...]) -> None:
    found = match(letters, name)
    assert found is not None
    assert found.places == places


@pytest.mark.parametrize(("letters", "name"), [("x", "ops"), ("spo", "ops"), ("opss", "ops")])
def test_letters_that_are_not_there_in_that_order(letters: str, name: str) -> None:
    assert match(letters, name) is None


@given(st.text("ab-", max_size=12), st.data())
def test_letters_of_a_name_are_found_in_it_where_it_says(name: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(name) - 1))) if name else set()
    letters = "".join(name[place] for place in sorted(places))
    found = match(letters, name)
    assert found is not None
    assert "".join(name[place] for place in found.places) == letters
    assert list(found.places) == sorted(set(found.places))
    assert 0 <= found.score <= 5
