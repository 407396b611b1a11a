"""How much of what comes in is taken, and from whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core.flood import KEYS, AddressGate, TokenBucket, TriesGate, address_block

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


# Tries


def tried(times: int, at: float = 0.0, key: str = "ana") -> TriesGate:
    """Return a gate of five tries in 15 minutes, of which some are used up."""
    made = TriesGate(5, 900)
    for _ in range(times):
        made.failed([key], at)
    return made


def test_five_tries_may_fail() -> None:
    assert [tried(times).wait(["ana"], 0.0) for times in range(6)] == [0.0] * 5 + [900.0]


def test_after_a_while_one_may_try_again() -> None:
    made = tried(1)
    for _ in range(4):
        made.failed(["ana"], 100.0)
    assert made.wait(["ana"], 899.0) == 1.0
    assert made.wait(["ana"], 900.0) == 0.0
    # The window slides: of the five, four are a hundred seconds younger.
    made.failed(["ana"], 900.0)
    assert made.wait(["ana"], 900.0) == 100.0


def test_each_key_counts_alone_and_the_longest_wait_counts() -> None:
    made = tried(5)
    for _ in range(5):
        made.failed(["from 192.0.2.1"], 100.0)
    assert made.wait(["bo"], 100.0) == 0.0
    assert made.wait(["bo", "ana"], 100.0) == 800.0
    assert made.wait(["from 192.0.2.1", "ana"], 100.0) == 900.0
    assert made.wait([], 100.0) == 0.0


def test_one_failure_counts_against_all_keys() -> None:
    made = tried(0)
    for _ in range(5):
        made.failed(["ana", "from 192.0.2.1"], 0.0)
    assert made.wait(["ana"], 0.0) == made.wait(["from 192.0.2.1"], 0.0) == 900.0


def test_a_key_may_be_cleared() -> None:
    made = tried(5)
    made.failed(["bo"], 0.0)
    made.clear("ana")
    made.clear("nobody")
    assert made.wait(["ana"], 0.0) == 0.0
    assert list(made._failures) == ["bo"]


def test_without_a_limit_nothing_is_counted() -> None:
    made = TriesGate(0, 900)
    for _ in range(100):
        made.failed(["ana"], 0.0)
    assert made.wait(["ana"], 0.0) == 0.0
    assert len(made._failures) == 0


def test_a_single_try_may_be_the_limit() -> None:
    made = TriesGate(1, 60)
    assert made.wait(["ana"], 0.0) == 0.0
    made.failed(["ana"], 0.0)
    assert made.wait(["ana"], 20.0) == 40.0


def test_old_failures_are_forgotten() -> None:
    made = tried(5)
    made.failed(["bo"], 500.0)
    made.wait([], 900.0)
    assert list(made._failures) == ["bo"]


def test_the_memory_is_bounded() -> None:
    made = tried(5)
    for number in range(KEYS + 100):
        made.failed([f"guess {number}"], 1.0)
    assert len(made._failures) == KEYS
    assert all(len(failures) <= 5 for failures in made._failures.values())


@given(st.lists(st.floats(0, 400), min_size=1, max_size=40))
def test_no_more_than_five_fail_in_any_window(pauses: list[float]) -> None:
    made, now, failed = tried(0), 0.0, []
    for pause in pauses:
        now += pause
        if made.wait(["ana"], now) == 0.0:
            made.failed(["ana"], now)
            failed.append(now)
    for start in failed:
        assert sum(start <= when < start + 900 for when in failed) <= 5
