"""Who is at the other end of a connection."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from twisted.internet.interfaces import IAddress


def shown_host(address: IAddress | None) -> str:
    """Return the host of a peer, IPv4 as IPv4, also on a socket that takes both."""
    host = str(getattr(address, "host", "local"))
    try:
        parsed = ip_address(host)
    except ValueError:
        return host
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)
