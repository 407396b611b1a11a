"""The service: owns sessions, hub and store, and is the only interpreter of effects."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatd.connection import Connection, Hole, IDoor, Renderer
from chatd.core.commands import React, Reply, RequestId
from chatd.core.effects import (
    Close,
    Deliver,
    Effect,
    Fetch,
    Lookup,
    Record,
    Replay,
    SetMode,
    Wake,
)
from chatd.core.errors import Refusal
from chatd.core.events import Bye, Page, Presence, TypingSet, refused
from chatd.core.flood import AddressGate, TokenBucket
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Connect, Found, Input, Tick
from chatd.core.log import Logged, shown
from chatd.pipeline import Pipeline
from chatd.sequencer import Entry, ISequencer
from chatd.store import IStore, StoreError

STOP = 5.0  # seconds that stopping may take to get rid of what is queued
REPLAY_PAGE = 200


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
    ) -> None:
        self.settings = settings
        self.limits = settings.limits
        self.hub = Hub(settings)
        self.store = store
        self.sequencer = sequencer
        self.connections: dict[str, Connection] = {}
        self._looking_up: dict[str, Connection] = {}
        self.stopping = False
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
        """Open the store and take up what it holds. Raises ``StoreError``."""
        now = int(self._wall_clock() * 1000)
        nonce_after = now - int(self.limits.nonce * 1000)
        stored = self.store.open(self.limits.ring, nonce_after)
        # Session ids, and with them uids, never come again, also over restarts and clusters.
        self._boot = f"{now:x}{secrets.token_hex(3)}"
        try:
            effects = self.hub.restore(stored, now)
        except (Refusal, ValueError) as error:
            raise StoreError(f"the database holds a name that cannot be: {error}") from None
        self.sequencer.start(self._apply)
        self._perform(effects)
        super().startService()

    async def stop(self) -> None:
        """Say goodbye, get rid of what is queued, and close the store."""
        self.stopping = True
        self.sequencer.stop()
        await self._pipeline.finish(STOP)
        bye = Bye(code=503, text="The server is stopping.", retry=5)
        for connection in list(self.connections.values()):
            connection.tell(bye)
            connection.finish()
        if self.connections:
            self._emptied = Deferred()
            self._emptied.addTimeout(STOP, self._reactor, onTimeoutCancel=lambda _r, _t: None)
            await self._emptied
        if self._wake is not None and self._wake.active():
            self._wake.cancel()
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

    def connect(self, door: IDoor, mode: str, host: str, *, console: bool = False) -> Connection:
        """Begin a session for a connection from ``host``.

        Raises ``Refusal`` 429 or 503.
        """
        problem = self.unavailable()
        if problem is not None:
            raise Refusal(503, problem=problem)
        wait = None if console else self._gate.enter(host, self.seconds())
        if wait is not None:
            what = "too many connections from your address"
            raise Refusal(429, what=what, wait=max(1, round(wait)))
        self._numbers += 1
        session = f"{self._boot}.{self._numbers}"
        connection = Connection(self, session, door, mode)
        self.connections[session] = connection
        token = f"r.{secrets.token_urlsafe(24)}"
        self.submit(session, Connect(address=host, mode=mode, token=token, console=console))
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
        """Tell ``connection`` when what the hub may have to look up for it is settled."""
        # Also when it is lost by then: its end waits behind what it asked.
        self._looking_up[connection.session] = connection

    def submit(self, session: str, command: Input) -> None:
        """Have an input of a session put in order and applied."""
        self.sequencer.submit(session, command)

    def _apply(self, entries: list[Entry]) -> None:
        effects: list[Effect] = []
        settled: list[str] = []
        for entry in entries:
            made = self._handle(entry)
            effects += made
            if isinstance(entry.input, React | Reply | Found) and not any(
                isinstance(effect, Lookup) for effect in made
            ):
                settled.append(entry.session)
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
            request = getattr(entry.input, "id", None)
            return [Deliver((entry.session,), refused(Refusal(500), request))]

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

    def _lookup(self, effect: Lookup) -> None:
        def found(logged: Logged | None) -> None:
            self.submit(effect.session, Found(effect.command, logged))

        def failed(failure: Failure) -> None:
            self.log.failure("a look-up failed", failure=failure)
            self.submit(effect.session, Found(effect.command, None))

        self.store.event(effect.conversation, effect.seq).addCallbacks(found, failed)

    def _fetch(self, effect: Fetch) -> None:
        connection = self.connections.get(effect.session)
        if connection is not None:
            hole = connection.hold()
            work = Deferred.fromCoroutine(self._read_page(effect, connection, hole))
            work.addErrback(self._unread, hole, effect.re)

    async def _read_page(self, effect: Fetch, connection: Connection, hole: Hole) -> None:
        end = effect.upto + 1
        before = end if effect.before is None else min(effect.before, end)
        newest = effect.after is None or effect.before is not None
        await hole.turn
        await connection.door.roomy()
        logged, more = await self.store.page(
            effect.conversation, effect.after or 0, before, effect.limit, newest
        )
        events = tuple(shown(event, effect.name, effect.reader) for event in logged)
        page = Page(re=effect.re, to=effect.name, page=events, more=more)
        await hole.fill(hole.renderer(page))
        hole.close()

    def _replay(self, effect: Replay) -> None:
        connection = self.connections.get(effect.session)
        if connection is not None:
            hole = connection.hold()
            work = Deferred.fromCoroutine(self._read_missed(effect, connection, hole))
            work.addErrback(self._unread, hole, None)

    async def _read_missed(self, effect: Replay, connection: Connection, hole: Hole) -> None:
        await hole.turn
        after = effect.after
        while after < effect.upto:
            await connection.door.roomy()
            events, _ = await self.store.page(
                effect.conversation, after, effect.upto + 1, REPLAY_PAGE, False
            )
            if not events:
                break
            after = events[-1].seq
            renderer, name, reader = hole.renderer, effect.name, effect.reader
            await hole.fill(b"".join(renderer(shown(event, name, reader)) for event in events))
        hole.close()

    def _unread(self, failure: Failure, hole: Hole, request: RequestId) -> None:
        self.log.failure("reading from the store failed", failure=failure)
        refusal = Refusal(503, problem="The server cannot read its disk just now.")
        hole.write(hole.renderer(refused(refusal, request)))
        hole.close()

    _PERFORM: ClassVar[dict[type, Any]] = {
        Close: _close,
        Fetch: _fetch,
        Lookup: _lookup,
        Replay: _replay,
        SetMode: _set_mode,
        Wake: _set_wake,
    }
