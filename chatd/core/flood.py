"""Token buckets and counts by address: how much of what comes in is taken, and when."""

from __future__ import annotations

import ipaddress
from collections import deque


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
