"""How much of what comes in is taken, and from whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core.flood import AddressGate, TokenBucket, address_block

PATIENCE = 5.0


def bucket() -> TokenBucket:
    return TokenBucket(10, 2)


def empty_bucket() -> TokenBucket:
    made = bucket()
    for _ in range(10):
        made.take(1, 0.0, PATIENCE)
    return made


def test_ten_at_once_do_not_wait() -> None:
    made = bucket()
    assert [made.take(1, 0.0, PATIENCE) for _ in range(10)] == [0.0] * 10


def test_then_each_waits_half_a_second_more() -> None:
    made = empty_bucket()
    assert [made.take(1, 0.0, PATIENCE) for _ in range(3)] == [0.5, 1.0, 1.5]


def test_what_would_wait_longer_than_the_patience_takes_nothing() -> None:
    made = empty_bucket()
    waits = [made.take(1, 0.0, PATIENCE) for _ in range(10)]
    assert waits[-1] == PATIENCE
    assert [made.take(1, 0.0, PATIENCE) for _ in range(3)] == [5.5] * 3


def test_two_a_second_never_wait() -> None:
    made = empty_bucket()
    assert [made.take(1, now / 2, PATIENCE) for now in range(1, 50)] == [0.0] * 49


def test_it_fills_to_the_burst_and_no_further() -> None:
    made = empty_bucket()
    assert [made.take(1, 3600.0, PATIENCE) for _ in range(11)] == [0.0] * 10 + [0.5]


def test_a_dear_command_takes_more() -> None:
    made = bucket()
    assert [made.take(5, 0.0, PATIENCE) for _ in range(3)] == [0.0, 0.0, 2.5]


def test_a_clock_set_back_punishes_nobody() -> None:
    made = bucket()
    made.take(1, 1000.0, PATIENCE)
    assert made.take(1, 10.0, PATIENCE) == 0.0
    assert made.take(1, 20.0, PATIENCE) == 0.0


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_no_more_than_burst_and_rate_come_through(pauses: list[float]) -> None:
    made, now, done = bucket(), 0.0, []
    for pause in pauses:
        now += pause
        wait = made.take(1, now, PATIENCE)
        if wait <= PATIENCE:
            done.append(now + wait)
    for start in done:
        within = [at for at in done if start <= at < start + 10]
        assert len(within) <= 10 + 2 * 10 + 1


# Addresses


@pytest.mark.parametrize(
    ("host", "block"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("127.9.9.9", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("local", None),
    ],
)
def test_an_address_counts_by_its_block(host: str, block: str | None) -> None:
    assert address_block(host) == block


def gate() -> AddressGate:
    return AddressGate(16, 30, 600.0)


def test_sixteen_at_once_may_enter() -> None:
    made = gate()
    assert [made.enter("192.0.2.1", 0.0) for _ in range(16)] == [None] * 16
    assert made.enter("192.0.2.1", 0.0) is not None


def test_another_address_is_not_concerned() -> None:
    made = gate()
    for _ in range(17):
        made.enter("192.0.2.1", 0.0)
    assert made.enter("192.0.2.2", 0.0) is None


def test_a_block_of_ipv6_is_one_peer() -> None:
    made = gate()
    for number in range(16):
        assert made.enter(f"2001:db8::{number:x}", 0.0) is None
    assert made.enter("2001:db8::ffff", 0.0) is not None
    assert made.enter("2001:db8:0:1::1", 0.0) is None


def test_who_leaves_makes_room() -> None:
    made = gate()
    for _ in range(16):
        made.enter("192.0.2.1", 0.0)
    made.leave("192.0.2.1")
    assert made.enter("192.0.2.1", 0.0) is None


def test_thirty_new_ones_in_ten_minutes_may_enter() -> None:
    made = gate()
    for number in range(30):
        assert made.enter("192.0.2.1", float(number)) is None
        made.leave("192.0.2.1")
    assert made.enter("192.0.2.1", 100.0) == 500.0
    assert made.enter("192.0.2.1", 600.0) is None


def test_who_was_refused_does_not_count() -> None:
    made = gate()
    for _ in range(100):
        made.enter("192.0.2.1", 0.0)
    made.leave("192.0.2.1")
    assert made.enter("192.0.2.1", 0.0) is None


def test_loopback_is_exempt() -> None:
    made = gate()
    assert {made.enter("::1", 0.0) for _ in range(100)} == {None}


def test_addresses_are_forgotten() -> None:
    made = gate()
    for number in range(250):
        made.enter(f"192.0.2.{number}", 0.0)
        made.leave(f"192.0.2.{number}")
    made.enter("198.51.100.1", 1000.0)
    assert len(made._made) == len(made._open) == 1
