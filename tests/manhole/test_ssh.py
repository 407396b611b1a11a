"""What strangers at the console's port get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from twisted.internet.testing import MemoryReactorClock, StringTransport

from chatd.manhole import manhole_factory
from chatd.manhole.ssh import LOGIN, ManholeFactory


@pytest.fixture
def reactor() -> Any:
    """Return a reactor that runs only when it is told to."""
    return MemoryReactorClock()


@pytest.fixture
def factory(tmp_path: Path, reactor: Any) -> ManholeFactory:
    """Return a factory. It asks the chat nothing before somebody has entered."""
    service: Any = None
    made = manhole_factory(service, reactor, tmp_path / "keys", tmp_path / "data" / "host_key")
    assert isinstance(made, ManholeFactory)
    return made


def connect(factory: ManholeFactory) -> tuple[Any, StringTransport]:
    """Return a connection and what is at its other end."""
    protocol, transport = factory.buildProtocol(None), StringTransport()
    protocol.makeConnection(transport)
    return protocol, transport


def test_the_host_key_is_made_when_the_server_runs(
    factory: ManholeFactory, reactor: Any, tmp_path: Path
) -> None:
    factory.doStart()
    assert not (tmp_path / "data").exists()
    (tmp_path / "data").mkdir()
    reactor.run()
    made = (tmp_path / "data" / "host_key").read_bytes()
    connect(factory)
    assert (tmp_path / "data" / "host_key").read_bytes() == made


def test_without_a_host_key_there_is_no_connection(factory: ManholeFactory, tmp_path: Path) -> None:
    factory.doStart()
    assert factory.buildProtocol(None) is None
    (tmp_path / "data").mkdir()
    assert factory.buildProtocol(None) is not None


def test_only_methods_of_today_are_offered(factory: ManholeFactory, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    _, transport = connect(factory)
    hello = transport.value()
    assert hello.startswith(b"SSH-2.0-chatd\r\n")
    for offered in (b"curve25519-sha256", b"ssh-ed25519", b"aes256-ctr", b"hmac-sha2-256"):
        assert offered in hello
    for old in (b"sha1", b"md5", b"cbc", b"3des", b"group", b"ssh-rsa", b"ssh-dss", b"zlib"):
        assert old not in hello


def ended(transport: StringTransport) -> bool:
    """Tell whether the server has closed a connection."""
    return bool(transport.disconnecting)


@pytest.mark.parametrize(
    "junk",
    [
        b"GET / HTTP/1.1\r\n\r\n" + b"x" * 5000,
        b"SSH-1.0-old\r\n",
        b"SSH-\r\n" + b"\x00" * 64,
        b"SSH-2.0-x\r\n" + b"\xff" * 64,
        b"SSH-2.0-x\r\n\x00\x00\x00\x0c\x0a\x14" + b"\x00" * 10,
        b"SSH-2.0-x\r\n\x00\x00\x00\x0c\x0a\x05" + b"\xff" * 10,
    ],
)
def test_junk_ends_the_connection(factory: ManholeFactory, tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "data").mkdir()
    protocol, transport = connect(factory)
    protocol.dataReceived(junk)
    assert ended(transport)


def test_who_does_not_enter_in_time_is_gone(
    factory: ManholeFactory, reactor: Any, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    protocol, transport = connect(factory)
    reactor.advance(LOGIN - 1)
    assert not ended(transport)
    reactor.advance(1)
    assert ended(transport)
    protocol.connectionLost()
    other, _ = connect(factory)
    other.connectionLost()
    assert reactor.getDelayedCalls() == []
