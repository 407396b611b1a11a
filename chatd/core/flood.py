"""Token buckets and counts: how much of what comes in is taken, from whom, and when."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Iterable

KEYS = 20_000  # whose failures are remembered at most; those who failed longest ago are forgotten


class TokenBucket:
    """A bucket of ``burst`` tokens that fills by ``rate`` a second. Times in seconds."""

    def __init__(self, burst: float, rate: float) -> None:
        self.burst = burst
        self.rate = rate
        self._tokens = burst
        self._at: float | None = None

    def take(self, cost: float, now: float, patience: float) -> float:
        """Take ``cost`` tokens and return how long to wait for them, in seconds.

        Where the wait would be longer than ``patience`` nothing is taken, and the wait is
        returned all the same.
        """
        if self._at is not None:
            # A clock that is set back must not punish anybody.
            gained = max(0.0, now - self._at) * self.rate
            self._tokens = min(self.burst, self._tokens + gained)
        self._at = now
        wait = max(0.0, (cost - self._tokens) / self.rate)
        if wait <= patience:
            self._tokens -= cost
        return wait


def address_block(host: str) -> str | None:
    """Return the block that counts as one peer (IPv4 /32, IPv6 /64); None is exempt (loopback)."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address_block(str(address.ipv4_mapped))
        if address.is_loopback:
            return None
        return str(ipaddress.ip_network((address, 64), strict=False))
    return None if address.is_loopback else str(address)


class AddressGate:
    """How many connections an address may have at once, and may make in a window (seconds)."""

    def __init__(self, at_once: int, new: int, window: float) -> None:
        self._at_once = at_once
        self._new = new
        self._window = window
        self._open: dict[str, int] = {}
        self._made: dict[str, deque[float]] = {}

    def enter(self, host: str, now: float) -> float | None:
        """Count a connection in. Return None if it may stay, else the seconds to wait."""
        block = address_block(host)
        if block is None:
            return None
        made = self._made.setdefault(block, deque())
        self._forget(now)
        if len(made) >= self._new:
            return made[0] + self._window - now
        if self._open.get(block, 0) >= self._at_once:
            return self._window / self._new
        self._made.setdefault(block, made).append(now)
        self._open[block] = self._open.get(block, 0) + 1
        return None

    def leave(self, host: str) -> None:
        """Count a connection out that was let in."""
        block = address_block(host)
        if block is not None and block in self._open:
            self._open[block] -= 1
            if not self._open[block]:
                del self._open[block]

    def _forget(self, now: float) -> None:
        for block, made in list(self._made.items()):
            while made and made[0] <= now - self._window:
                made.popleft()
            if not made:
                del self._made[block]


class TriesGate:
    """How often somebody may fail in a window (seconds), counted by keys: names and addresses.

    With no ``tries`` at all nothing is counted, and one may fail for ever.
    """

    def __init__(self, tries: int, window: float) -> None:
        self._tries = tries
        self._window = window
        # Whoever failed last stands last.
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def wait(self, keys: Iterable[str], now: float) -> float:
        """Return the seconds until one may try again, 0 for now: as long as any key must wait."""
        self._forget(now)
        return max((self._wait_of(key, now) for key in keys), default=0.0)

    def _wait_of(self, key: str, now: float) -> float:
        failures = self._failures.get(key, [])
        if not self._tries or len(failures) < self._tries:
            return 0.0
        return max(0.0, failures[0] + self._window - now)

    def failed(self, keys: Iterable[str], now: float) -> None:
        """Count a failure against each of ``keys``."""
        if not self._tries:
            return
        for key in keys:
            self._failures[key] = [*self._failures.pop(key, []), now][-self._tries :]
        self._forget(now)

    def clear(self, key: str) -> None:
        """Forget the failures of one key."""
        self._failures.pop(key, None)

    def _forget(self, now: float) -> None:
        while self._failures:
            key, failures = next(iter(self._failures.items()))
            if len(self._failures) <= KEYS and failures[-1] + self._window > now:
                break
            del self._failures[key]
