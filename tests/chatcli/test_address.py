"""Where the server is."""

import pytest

from chatcli.address import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("example", Address("example", 65432)),
        ("example:99", Address("example", 99)),
        ("127.0.0.1:65432", Address("127.0.0.1", 65432)),
        ("[::1]:99", Address("::1", 99)),
        ("[::1]", Address("::1", 65432)),
        ("::1", Address("::1", 65432)),
        ("fe80::1%eth0", Address("fe80::1%eth0", 65432)),
    ],
)
def test_what_is_an_address(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["", ":1", "a:b", "a:0", "a:65536", "a b", "[::1", "http://a/"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no"):
        parse_address(text)


def test_an_ipv6_address_is_shown_in_brackets() -> None:
    assert str(Address("::1", 5)) == "[::1]:5"
    assert str(Address("host", 5)) == "host:5"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.7", True),
        ("::1", True),
        ("192.0.2.1", False),
        ("localhost.example", False),
        ("fe80::1%eth0", False),
    ],
)
def test_what_never_leaves_the_computer(host: str, here: bool) -> None:
    assert Address(host, 1).is_here == here
