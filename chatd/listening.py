"""Listening on an endpoint, or saying in a sentence why not."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IReactorCore,
    IStreamServerEndpoint,
)
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from chatd.endpoint import BACKLOG, DualStackEndpoint, bind
from chatd.options import DEFAULT_PORT, StartError


class Listener(Service):
    """Listens on an endpoint while it runs; ``what`` names it for the operator."""

    def __init__(
        self, endpoint: IStreamServerEndpoint, factory: IProtocolFactory, what: str
    ) -> None:
        self._endpoint = endpoint
        self._factory = factory
        self._what = what
        self._port: IListeningPort | None = None

    def privilegedStartService(self) -> None:
        """Listen, while a port below 1024 may still be taken. Raises ``StartError``."""
        failures: list[Failure] = []
        self._endpoint.listen(self._factory).addCallbacks(self._listening, failures.append)
        if failures:
            raise _cannot_listen(self._what, failures[0].value)

    def startService(self) -> None:
        """Listen, if that has not been done yet."""
        if self._port is None:
            self.privilegedStartService()
        super().startService()

    def _listening(self, port: IListeningPort) -> None:
        self._port = port

    def stopService(self) -> Deferred[None] | None:
        """Close the listener; connections live on."""
        super().stopService()
        port, self._port = self._port, None
        return port.stopListening() if port is not None else None


def endpoint(reactor: IReactorCore, description: str | None) -> IStreamServerEndpoint:
    """Return the endpoint of a description, the default one for None. Raises ``StartError``."""
    if description is None:
        return DualStackEndpoint(reactor, DEFAULT_PORT)  # type: ignore[arg-type]
    if description.startswith("tcp") and "backlog=" not in description:
        backlog = f":backlog={BACKLOG}"
    else:
        backlog = ""
    try:
        made: IStreamServerEndpoint = serverFromString(reactor, description + backlog)
    except Exception as error:  # noqa: BLE001  endpoints and their plugins raise anything
        raise StartError(f"{description!r} is not an endpoint: {error}") from None
    return made


def check(descriptions: Iterable[str | None]) -> None:
    """Raise ``StartError`` where one cannot listen on all ``descriptions`` now.

    ``twistd`` forks after the service is made, and what fails afterwards is shown to nobody. So
    this is tried beforehand: all are bound, and given back.
    """
    with ExitStack() as bound:
        for description in descriptions:
            if description is None:
                _check_default(bound)
            else:
                _check_described(description, bound)


def _check_default(bound: ExitStack) -> None:
    try:
        bound.enter_context(bind(DEFAULT_PORT))
    except OSError as error:
        raise _cannot_listen(f"port {DEFAULT_PORT}", error) from None


def _check_described(description: str, bound: ExitStack) -> None:
    failures: list[Failure] = []
    probe = endpoint(_Probe(bound), description)  # type: ignore[arg-type]  # the part it needs
    probe.listen(Factory()).addErrback(failures.append)
    if failures:
        raise _cannot_listen(description, failures[0].value)


class _Probe:
    """The part of a reactor that endpoints listen by; what it binds is given back by ``bound``."""

    def __init__(self, bound: ExitStack) -> None:
        self._bound = bound

    def listenTCP(self, port: int, factory: object, backlog: int = 50, interface: str = "") -> None:
        family = socket.AF_INET6 if ":" in interface else socket.AF_INET
        try:
            probe = self._bound.enter_context(socket.socket(family))
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((interface, port))
            probe.listen(1)
        except (OSError, OverflowError) as error:
            raise CannotListenError(interface, port, error) from None

    def listenUNIX(self, address: str, *args: object, **options: object) -> None:
        directory = os.path.dirname(address) or "."  # noqa: PTH120
        if not os.access(directory, os.W_OK):
            raise CannotListenError(None, address, PermissionError(f"{directory} is not writable"))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_args, **_options: None


def _cannot_listen(what: str, error: BaseException | None) -> StartError:
    cause = error.socketError if isinstance(error, CannotListenError) else error
    reason = getattr(cause, "strerror", None) or str(cause)
    return StartError(f"cannot listen on {what}: {reason}")
