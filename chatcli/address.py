"""Where the server is: ``HOST[:PORT]``, with brackets around an IPv6 address."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

DEFAULT_HOST = "localhost"
DEFAULT_PORT = 65432
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::([0-9]{1,5}))?")
_PLAIN = re.compile(r"([^\s:\[\]/]+)(?::([0-9]{1,5}))?")
_BARE_IPV6 = re.compile(r"([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[^\s%]+)?)")


class Address(NamedTuple):
    """A host, without brackets, and a TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether what is sent there never leaves this computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"


def parse_address(text: str) -> Address:
    """Return the address that ``text`` means. Raises ``ValueError`` with a sentence."""
    bare = _BARE_IPV6.fullmatch(text)
    if bare:
        return Address(bare[1], DEFAULT_PORT)
    match = _BRACKETED.fullmatch(text) or _PLAIN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no HOST[:PORT]; an IPv6 address looks like [::1]:65432")
    port = int(match[2]) if match[2] else DEFAULT_PORT
    if not 0 < port < 65536:
        raise ValueError(f"{port} is no port: it must be 1 to 65535")
    return Address(match[1], port)
