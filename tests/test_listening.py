"""Listening on an endpoint, or saying in a sentence why not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock

from chatd.endpoint import BACKLOG
from chatd.listening import Listener, check, endpoint
from chatd.options import StartError


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this machine in use."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_free_port_can_be_listened_on() -> None:
    check([f"tcp:{free_port()}:interface=127.0.0.1"])


def test_checking_gives_the_port_back() -> None:
    port = free_port()
    check([f"tcp:{port}:interface=127.0.0.1"])
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_port_in_use_is_told(taken: int) -> None:
    with pytest.raises(StartError, match=f"cannot listen on tcp:{taken}.*in use"):
        check([f"tcp:{taken}:interface=127.0.0.1"])


def test_one_port_for_two_doors_is_told() -> None:
    described = f"tcp:{free_port()}:interface=127.0.0.1"
    with pytest.raises(StartError, match="in use"):
        check([described, described])


@pytest.mark.parametrize(
    "description",
    ["", "nonsense", "tcp:", "tcp:x", "tcp:70000", "tcp:-1", "teleport:5", "tcp:1:a=b"],
)
def test_a_wrong_endpoint_is_told(description: str) -> None:
    with pytest.raises(StartError) as error:
        check([description])
    assert "\n" not in str(error.value)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(StartError, match="cannot listen on"):
        check([f"tcp:{free_port()}:interface=192.0.2.1"])


def test_a_socket_in_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot listen on"):
        check([f"unix:{tmp_path}/none/chat"])


def test_a_listener_listens_while_it_runs() -> None:
    reactor = MemoryReactorClock()
    listener = Listener(endpoint(reactor, "tcp:5000"), Factory(), "tcp:5000")
    listener.privilegedStartService()
    listener.startService()
    ((port, _, backlog, _),) = reactor.tcpServers
    assert (port, backlog) == (5000, BACKLOG)
    listener.stopService()
    assert not listener.running


def test_a_backlog_of_ones_own_stays() -> None:
    reactor = MemoryReactorClock()
    endpoint(reactor, "tcp:5000:backlog=7").listen(Factory())
    assert reactor.tcpServers[0][2] == 7


def test_a_listener_that_cannot_listen_says_why(taken: int) -> None:
    from twisted.internet import reactor

    described = f"tcp:{taken}:interface=127.0.0.1"
    listener = Listener(endpoint(reactor, described), Factory(), described)
    with pytest.raises(StartError, match=f"cannot listen on {described}"):
        listener.startService()


def test_stopping_one_that_never_listened_does_no_harm() -> None:
    reactor = MemoryReactorClock()
    listener = Listener(endpoint(reactor, "tcp:5000"), Factory(), "tcp:5000")
    assert listener.stopService() is None
