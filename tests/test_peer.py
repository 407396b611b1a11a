"""Who is at the other end of a connection."""

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

from chatd.peer import shown_host


@pytest.mark.parametrize(
    ("host", "shown"),
    [("::ffff:192.0.2.1", "192.0.2.1"), ("::1", "::1"), ("2001:db8:0::1", "2001:db8::1")],
)
def test_a_mapped_ipv4_peer_is_shown_as_ipv4(host: str, shown: str) -> None:
    assert shown_host(IPv6Address("TCP", host, 1)) == shown


def test_other_peers_are_shown_as_they_are() -> None:
    assert shown_host(IPv4Address("TCP", "127.0.0.1", 1)) == "127.0.0.1"
    assert shown_host(UNIXAddress(b"/run/chat")) == "local"
    assert shown_host(None) == "local"
