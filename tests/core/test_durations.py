"""How long: what people write, and what they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core.durations import LONGEST, seconds_of, shown_duration
from chatd.core.errors import Refusal


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("30s", 30), ("10m", 600), ("12h", 43200), ("2d", 172800), ("4w", 2419200)),
        *((" 2D ", 172800), (90, 90), ("0010m", 600), (1, 1), (LONGEST, LONGEST)),
    ],
)
def test_a_duration(text: int | str, seconds: int) -> None:
    assert seconds_of(text, "/ban") == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", "10", "m", "10 m", "1.5h", "-1m", "10mm", "1h30m", "١٠m", "10y", "0s", "0m"),
        *("9999999999s", "999999999w", 0, -1, LONGEST + 1, "10m\n10m"),
    ],
)
def test_what_is_none(text: int | str) -> None:
    with pytest.raises(Refusal) as refused:
        seconds_of(text, "/mute NICK [TIME]")
    assert (refused.value.code, refused.value.hint) == (104, "/mute NICK [TIME]")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(30, "30s"), (90, "90s"), (600, "10m"), (86400, "1d"), (604800, "1w"), (0, "0s")],
)
def test_it_is_shown_in_the_largest_unit(seconds: int, shown: str) -> None:
    assert shown_duration(seconds) == shown


@given(st.integers(1, LONGEST))
def test_what_is_shown_can_be_typed(seconds: int) -> None:
    assert seconds_of(shown_duration(seconds), "") == seconds
