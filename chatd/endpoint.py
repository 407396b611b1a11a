"""The default way to listen: one socket for IPv6 and IPv4."""

from __future__ import annotations

import errno
import socket

from twisted.internet import defer
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IReactorSocket,
    IStreamServerEndpoint,
)
from zope.interface import implementer

# A short accept queue loses connections in a storm, and clients try again only after seconds.
BACKLOG = 4096
_NO_IPV6 = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})


def bind(port: int) -> socket.socket:
    """Return a listening socket on ``port`` for IPv6 and IPv4, IPv4 alone where there is no IPv6.

    Raises ``OSError``.
    """
    try:
        return socket.create_server(
            ("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG
        )
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_IPV6:
            raise
        return socket.create_server(("", port), backlog=BACKLOG)


@implementer(IStreamServerEndpoint)
class DualStackEndpoint:
    """Listens on ``port`` of all addresses."""

    def __init__(self, reactor: IReactorSocket, port: int) -> None:
        self._reactor = reactor
        self._port = port

    def listen(self, protocolFactory: IProtocolFactory) -> defer.Deferred[IListeningPort]:
        """Begin to listen."""
        return defer.execute(self._listen, protocolFactory)

    def _listen(self, factory: IProtocolFactory) -> IListeningPort:
        with bind(self._port) as listening:
            listening.setblocking(False)
            return self._reactor.adoptStreamPort(
                listening.fileno(),
                listening.family,
                factory,  # type: ignore[arg-type]  # the interface asks for less
            )
