"""The service: owns sessions, hub and store, and is the only interpreter of effects."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from zope.interface import Interface

from chatd.confiding import Confiding
from chatd.connection import LOOKED_UP, Connection, IDoor, Renderer
from chatd.core.commands import Command, Confidential, RequestId
from chatd.core.effects import (
    Close,
    CodeUsed,
    Deliver,
    Effect,
    Fetch,
    Lookup,
    Reconfigure,
    Replay,
    SetMode,
    Stop,
    Wake,
)
from chatd.core.errors import Refusal
from chatd.core.events import Bye, Presence, TypingSet, refused
from chatd.core.flood import AddressGate, TokenBucket
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Configured, Connect, Found, Input, Tick, Unproved, Vouched
from chatd.core.records import Record
from chatd.pipeline import Pipeline
from chatd.reading import Reading
from chatd.sequencer import Entry, ISequencer
from chatd.store import IStore, StoreError
from chatd.vouching import Authenticator

STOP = 5.0  # seconds that stopping may take to get rid of what is queued
# With one of these it is settled what a connection's input waited for.
_SETTLING = (*LOOKED_UP, Found, Unproved, Vouched)


class IOperator(Interface):
    """What an administrator in the chat can ask of whatever runs the service."""

    def reconfigure(request: RequestId) -> Configured:
        """Read the configuration again, and return what came of it."""

    def stop() -> None:
        """Stop the server."""


class ChatService(Service):
    """The chat of one server; ``wall_clock`` gives seconds since the epoch."""

    log = Logger()

    def __init__(
        self,
        reactor: IReactorTime,
        settings: Settings,
        store: IStore,
        sequencer: ISequencer,
        wall_clock: Callable[[], float],
        authenticator: Authenticator,
        operator: IOperator,
    ) -> None:
        self.settings = settings
        self.limits = settings.limits
        self.hub = Hub(settings)
        self.store = store
        self.sequencer = sequencer
        self.authenticator = authenticator
        self.connections: dict[str, Connection] = {}
        self.stopping = False
        self._operator = operator
        self._looking_up: dict[str, Connection] = {}
        self._confiding = Confiding(self.hub, authenticator, self.submit)
        self._reading = Reading(store, self.connections, self.submit)
        self._farewell = "The server is stopping."
        self._reactor = reactor
        self._wall_clock = wall_clock
        self._gate = AddressGate(
            self.limits.connections,
            self.limits.new_connections,
            self.limits.new_connections_window,
        )
        self._pipeline = Pipeline(reactor, store, self._perform)
        self._wake: IDelayedCall | None = None
        self._boot = ""
        self._numbers = 0
        self._emptied: Deferred[None] | None = None

    # Starting and stopping

    def startService(self) -> None:
        """Open the store and take up what it holds. Raises ``StoreError`` or ``StartError``."""
        now = int(self._wall_clock() * 1000)
        nonce_after = now - int(self.limits.nonce * 1000)
        stored = self.store.open(self.limits.ring, nonce_after)
        now = max(now, stored.newest)
        # Session ids, and with them uids, never come again, also over restarts and clusters.
        self._boot = f"{now:x}{secrets.token_hex(3)}"
        try:
            effects = self.hub.restore(stored, now)
        except (Refusal, ValueError) as error:
            raise StoreError(f"the database holds a name that cannot be: {error}") from None
        self.authenticator.start(self.hub.accounts)
        self.sequencer.start(self._apply, stored.newest)
        self._pipeline.add(effects)
        super().startService()

    async def stop(self) -> None:
        """Say goodbye, get rid of what is queued, and close the store."""
        self.stopping = True
        self._confiding.stop()
        self.sequencer.stop()
        await self._pipeline.finish(STOP)
        bye = Bye(code=503, text=self._farewell, retry=5)
        for connection in list(self.connections.values()):
            connection.tell(bye)
            connection.finish()
        if self.connections:
            self._emptied = Deferred()
            self._emptied.addTimeout(STOP, self._reactor, onTimeoutCancel=lambda _r, _t: None)
            await self._emptied
        if self._wake is not None and self._wake.active():
            self._wake.cancel()
        self.authenticator.stop()
        await self.store.close()

    def stopService(self) -> Deferred[None]:
        """Stop; the Deferred fires when all is closed."""
        super().stopService()
        return Deferred.fromCoroutine(self.stop())

    @property
    def failing(self) -> str | None:
        """A sentence while the store does not take anything, else None."""
        return self._pipeline.failing

    @property
    def backlog(self) -> int:
        """How many effects wait for the disk."""
        return self._pipeline.backlog

    # Connections

    def connect(
        self, door: IDoor, mode: str, host: str, *, console: str | None = None
    ) -> Connection:
        """Begin a session for a connection from ``host``; ``console`` tells whose console it is.

        Raises ``Refusal`` 429 or 503.
        """
        problem = self.unavailable()
        if problem is not None:
            raise Refusal(503, problem=problem)
        is_console = console is not None
        wait = None if is_console else self._gate.enter(host, self.seconds())
        if wait is not None:
            what = "too many connections from your address"
            raise Refusal(429, what=what, wait=max(1, round(wait)))
        self._numbers += 1
        session = f"{self._boot}.{self._numbers}"
        secure = is_console or self.authenticator.secure(host)
        connection = Connection(self, session, door, mode, host=host, secure=secure)
        self.connections[session] = connection
        token = f"r.{secrets.token_urlsafe(24)}"
        self.submit(
            session,
            Connect(
                address=host,
                mode=mode,
                token=token,
                console=is_console,
                label=console,
                secure=secure,
            ),
        )
        return connection

    def disconnected(self, connection: Connection, host: str | None) -> None:
        """The connection is gone; None for a host that was not counted."""
        if self.connections.pop(connection.session, None) is None:
            return
        if host is not None:
            self._gate.leave(host)
        if not self.stopping:
            connection.end_input("connection lost")
        if self._emptied is not None and not self.connections and not self._emptied.called:
            self._emptied.callback(None)

    def unavailable(self) -> str | None:
        """Return a sentence while nothing new can be taken, else None."""
        if self.stopping:
            return "The server is stopping."
        return self.failing

    def new_bucket(self) -> TokenBucket | None:
        """Return the flood control of a new connection; None where there is none."""
        limits = self.limits
        return TokenBucket(limits.burst, limits.rate) if limits.rate > 0 else None

    def seconds(self) -> float:
        """Return the reactor's time."""
        return float(self._reactor.seconds())

    def call_later(self, delay: float, work: Callable[[], None]) -> IDelayedCall:
        """Call ``work`` after ``delay`` seconds."""
        return self._reactor.callLater(max(0.0, delay), work)

    # The pipeline

    def looking_up(self, connection: Connection) -> None:
        """Tell ``connection`` when what must be found out for it is settled."""
        # Also when it is lost by then: its end waits behind what it asked.
        self._looking_up[connection.session] = connection

    def submit(self, session: str, command: Input) -> None:
        """Have an input of a session put in order and applied."""
        self.sequencer.submit(session, command)

    def confide(self, connection: Connection, command: Confidential) -> None:
        """Have a command's secrets looked at, and then what came of it put in order."""
        self._confiding.add(connection, command)

    def _apply(self, entries: list[Entry]) -> None:
        effects: list[Effect] = []
        settled: list[str] = []
        for entry in entries:
            made = self._handle(entry)
            effects += made
            if isinstance(entry.input, _SETTLING) and not any(
                isinstance(effect, Lookup) for effect in made
            ):
                settled.append(entry.session)
            elif isinstance(entry.input, Tick):
                self._confiding.reached(entry.session)
        self._pipeline.add(effects)
        for session in settled:
            connection = self._looking_up.pop(session, None)
            if connection is not None:
                connection.looked_up()

    def _handle(self, entry: Entry) -> list[Effect]:
        try:
            return self.hub.handle(entry.session, entry.input, entry.now)
        except Exception:  # noqa: BLE001  a defect must not end the chat for everybody
            self.log.failure("a handler failed")
            return [Deliver((entry.session,), refused(Refusal(500), _request_of(entry.input)))]

    # Effects

    def _perform(self, effects: list[Effect]) -> None:
        touched: dict[str, Connection] = {}
        for effect in effects:
            try:
                if isinstance(effect, Deliver):
                    self._deliver(effect, touched)
                elif not isinstance(effect, Record):
                    self._PERFORM[type(effect)](self, effect)
            except Exception:  # noqa: BLE001  the others of the batch must get theirs
                self.log.failure("an effect failed")
        for connection in touched.values():
            connection.flush()

    def _deliver(self, effect: Deliver, touched: dict[str, Connection]) -> None:
        event, skip, connections = effect.event, effect.skip, self.connections
        volatile = isinstance(event, Presence | TypingSet)
        rendered: dict[Renderer, bytes] = {}
        for session in effect.audience:
            connection = connections.get(session)
            if connection is None or session == skip:
                continue
            renderer = connection.renderer
            data = rendered.get(renderer)
            if data is None:
                data = rendered[renderer] = renderer(event)
            connection.gather(data, volatile=volatile)
            touched[session] = connection

    def _set_mode(self, effect: SetMode) -> None:
        connection = self.connections.get(effect.session)
        if connection is not None:
            connection.set_mode(effect.mode)

    def _close(self, effect: Close) -> None:
        connection = self.connections.get(effect.session)
        if connection is not None:
            connection.finish()

    def _set_wake(self, effect: Wake) -> None:
        delay = max(0.0, effect.at / 1000 - self._wall_clock()) + 0.001
        if self._wake is not None and self._wake.active():
            if self._wake.getTime() <= self.seconds() + delay:
                return
            self._wake.cancel()
        self._wake = self._reactor.callLater(delay, self.submit, "", Tick())

    def _reconfigure(self, effect: Reconfigure) -> None:
        self.submit(effect.session, self._operator.reconfigure(effect.re))

    def _stop(self, effect: Stop) -> None:
        self._farewell = effect.why
        self._operator.stop()

    def _code_used(self, effect: CodeUsed) -> None:
        self.authenticator.code_used()

    def _fetch(self, effect: Fetch) -> None:
        self._reading.fetch(effect)

    def _replay(self, effect: Replay) -> None:
        self._reading.replay(effect)

    def _lookup(self, effect: Lookup) -> None:
        self._reading.look_up(effect)

    _PERFORM: ClassVar[dict[type, Any]] = {
        Close: _close,
        CodeUsed: _code_used,
        Fetch: _fetch,
        Lookup: _lookup,
        Reconfigure: _reconfigure,
        Replay: _replay,
        SetMode: _set_mode,
        Stop: _stop,
        Wake: _set_wake,
    }


def _request_of(command: Input) -> RequestId:
    if isinstance(command, Found | Vouched):
        command = command.command
    return command.id if isinstance(command, Command) else None
