"""``twistd chat``: puts everything together. The one place that knows all parts."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.application.service import IService, MultiService, Service
from twisted.internet.defer import Deferred
from twisted.internet.error import ReactorNotRunning
from twisted.logger import Logger
from zope.interface import implementer

from chatd import __version__, listening
from chatd.core.commands import RequestId
from chatd.core.grammar import clean
from chatd.core.hub import Settings
from chatd.core.inputs import Configured
from chatd.core.limits import Limits
from chatd.data import CLAIM_CODE, DATABASE, HOST_KEY, MANHOLE_KEYS, ClaimCode, DataDirectory
from chatd.detect import DetectorFactory
from chatd.hashing import Hasher
from chatd.line.protocol import ChatLineProtocol
from chatd.manhole import manhole_factory
from chatd.options import DEFAULT_PORT, Options, StartError
from chatd.sequencer.local import LocalSequencer
from chatd.service import ChatService, IOperator
from chatd.store import StoreError
from chatd.store.schema import check as check_database
from chatd.store.sqlite import SQLiteStore
from chatd.vouching import Authenticator

__all__ = ["Options", "makeService"]

log = Logger()


def makeService(options: Options) -> IService:
    """Return the whole server. A mistake ends the program with a sentence and status 1."""
    from twisted.internet import reactor

    try:
        _check(options)
        return _Server(options, reactor)
    except (StartError, StoreError) as error:
        raise SystemExit(f"twistd chat: {error}") from None


def _check(options: Options) -> None:
    """Find out, while it can still be said, what would stop the server from starting."""
    data = DataDirectory(Path(options["data"]))
    data.check()
    check_database(data.path / DATABASE)
    manhole = [] if options["manhole"] == "off" else [options["manhole"]]
    listening.check([*_doors(options), *manhole])


def _doors(options: Options) -> list[str | None]:
    return list(options["listen"]) or [None]


def _settings(options: Options) -> Settings:
    limits = Limits(
        burst=options["burst"],
        rate=options["per-second"],
        password=options["password"],
        tries=options["tries"],
        tries_window=options["tries-window"],
    )
    return Settings(
        server=clean(options["name"]),
        software=f"chatd {__version__}",
        lobby=options["lobby"],
        motd=options.motd(),
        limits=limits,
    )


@implementer(IOperator)
class _Server(MultiService):
    """All services, in the order in which they start; they stop in the opposite one."""

    def __init__(self, options: Options, reactor: Any) -> None:
        super().__init__()
        self._options = options
        self._reactor = reactor
        self._made_in = os.getpid()
        self._data = DataDirectory(Path(options["data"]))
        self.chat = self._make_chat()
        self.chat.setServiceParent(self)
        doors = {"text": self._line_door("text"), "json": self._line_door("json")}
        for description in _doors(options):
            self._listen(description, DetectorFactory(doors, reactor))
        if options["manhole"] != "off":
            keys = Path(options["manhole-keys"] or self._data.path / MANHOLE_KEYS).absolute()
            self._keys = keys
            factory = manhole_factory(self.chat, reactor, keys, self._data.path / HOST_KEY)
            self._listen(options["manhole"], factory)
        _Announcement(self, reactor).setServiceParent(self)

    def _make_chat(self) -> ChatService:
        options, reactor, path = self._options, self._reactor, self._data.path
        settings = _settings(options)
        authenticator = Authenticator(
            Hasher(reactor),
            settings.limits,
            reactor.seconds,
            code=ClaimCode(path / CLAIM_CODE),
            plain=bool(options["plain-passwords"]),
        )
        return ChatService(
            reactor,
            settings,
            SQLiteStore(reactor, path / DATABASE),
            LocalSequencer(reactor, time.time),
            time.time,
            authenticator,
            self,
        )

    def _line_door(self, mode: str) -> Any:
        return lambda host: ChatLineProtocol(self.chat, self._reactor, host, mode)

    def _listen(self, description: str | None, factory: Any) -> None:
        what = description or f"port {DEFAULT_PORT}"
        endpoint = listening.endpoint(self._reactor, description)
        listening.Listener(endpoint, factory, what).setServiceParent(self)

    def privilegedStartService(self) -> None:
        """Bind the ports."""
        self._or_exit(super().privilegedStartService)

    def startService(self) -> None:
        """Take the data directory, then start everything."""
        self._or_exit(self._data.open)
        self._or_exit(super().startService)
        self._reactor.callWhenRunning(self._handle_signals)

    def _or_exit(self, start: Callable[[], None]) -> None:
        """Start something, or say why not where the operator looks: twistd logs stderr by now."""
        try:
            start()
        except (StartError, StoreError) as error:
            log.critical("{error}", error=str(error))
            if os.getpid() != self._made_in:
                # A daemon: only an exception makes twistd tell its parent, which waits for word.
                raise
            print(f"twistd chat: {error}", file=sys.__stderr__)
            raise SystemExit(1) from None

    def _handle_signals(self) -> None:
        # Twisted's own handlers make twistd die of the signal; an orderly end is status 0.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._reactor.callFromThread(self.stop))

    # IOperator

    def stop(self) -> None:
        """Stop the server."""
        with contextlib.suppress(ReactorNotRunning):
            self._reactor.stop()

    def reconfigure(self, request: RequestId) -> Configured:
        """Read the file and the words of welcome again; all else takes a restart."""
        try:
            return Configured(request, motd=self._options.again().motd())
        except StartError as error:
            return Configured(request, problem=clean(str(error)).removesuffix("."))

    def stopService(self) -> Deferred[Any]:
        """Stop everything, then give the data directory back."""
        stopped: Deferred[Any] = super().stopService()
        return stopped.addBoth(self._closed)

    def _closed(self, result: Any) -> Any:
        self._data.close()
        return result

    def joining(self) -> list[str]:
        """Return the lines with which one joins."""
        lines = []
        for description in self._options["listen"] or [f"tcp:{DEFAULT_PORT}"]:
            host, port = _host_and_port(description)
            if port is not None:
                shown = f"[{host}]" if ":" in host else host
                lines += [f"nc {host} {port}", f"telnet {host} {port}"]
                lines.append(f"{_program('chatcli')} {shown}:{port}")
        if self._options["manhole"] != "off":
            lines += self._joining_manhole()
        return lines

    def _joining_manhole(self) -> list[str]:
        host, port = _host_and_port(self._options["manhole"])
        where = f"ssh -p {port} admin@{host}" if port is not None else self._options["manhole"]
        if self._keys.exists():
            return [where]
        key_hint = (
            f"{where}    (the administrators' console; first give it your public key:"
            f" cat ~/.ssh/id_ed25519.pub >> {self._keys}; ssh-keygen -t ed25519 makes one)"
        )
        return [key_hint]


class _Announcement(Service):
    """Says, when all else has started, how to join."""

    def __init__(self, server: _Server, reactor: Any) -> None:
        self._server = server
        self._reactor = reactor

    def startService(self) -> None:
        super().startService()
        # Only then are signals handled: who reads it may stop the server in order.
        self._reactor.callWhenRunning(self._announce)

    def _announce(self) -> None:
        lines = "\n".join(self._server.joining())
        log.info("The chat is open. Join it with:\n{lines}", lines=lines)


def _host_and_port(description: str) -> tuple[str, int | None]:
    """Return where a client on this machine reaches an endpoint; None for what is no TCP port."""
    kind, *parts = description.replace("\\:", "\0").split(":")
    named = dict(part.split("=", 1) for part in parts if "=" in part)
    plain = [part for part in parts if "=" not in part]
    port = named.get("port") or (plain[0] if plain else "")
    if kind not in {"tcp", "tcp4", "tcp6"} or not port.isdigit():
        return "", None
    host = named.get("interface", "").replace("\0", ":")
    return ("localhost" if host in {"", "0.0.0.0", "::"} else host), int(port)  # noqa: S104


def _program(name: str) -> str:
    """Return how to call one of our programs: by its name alone where the shell finds it."""
    beside = Path(sys.argv[0]).absolute().with_name(name)
    return name if shutil.which(name) or not beside.exists() else str(beside)
