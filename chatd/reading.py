"""What is read from the store for sessions; it keeps its place among what they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatd.connection import Connection, Hole
from chatd.core.commands import RequestId
from chatd.core.effects import Fetch, Lookup, Replay
from chatd.core.errors import Refusal
from chatd.core.events import refused
from chatd.core.inputs import Found, HasRead, Input
from chatd.core.log import shown
from chatd.core.queries import PageOf, Remembered
from chatd.store import IStore

REPLAY_PAGE = 200


class Reading:
    """Reads from ``store`` for ``connections``, and hands what the hub must know to ``submit``."""

    log = Logger()

    def __init__(
        self,
        store: IStore,
        connections: Mapping[str, Connection],
        submit: Callable[[str, Input], None],
    ) -> None:
        self._store = store
        self._connections = connections
        self._submit = submit

    def look_up(self, effect: Lookup) -> None:
        """Hand in a command again, with the event that it is about."""

        def found(remembered: Remembered) -> None:
            self._submit(effect.session, Found(effect.command, remembered))

        def failed(failure: Failure) -> None:
            self.log.failure("a look-up failed", failure=failure)
            self._submit(effect.session, Found(effect.command, Remembered(None)))

        self._store.find(effect.query).addCallbacks(found, failed)

    def fetch(self, effect: Fetch) -> None:
        """Answer a session with what is found."""
        connection = self._connections.get(effect.session)
        if connection is not None:
            hole = connection.hold()
            work = Deferred.fromCoroutine(self._answer(effect, connection, hole))
            work.addErrback(self._unread, hole, effect.re)

    async def _answer(self, effect: Fetch, connection: Connection, hole: Hole) -> None:
        await hole.turn
        await connection.door.roomy()
        found = await self._store.find(effect.query)
        result = effect.query.answer(found)
        result.re = effect.re
        await hole.fill(hole.renderer(result))
        markers = effect.query.markers(found)
        if markers and effect.session in self._connections:
            # Before the place is filled: what the client asks next finds it read.
            self._submit(effect.session, HasRead(markers))
        hole.close()

    def replay(self, effect: Replay) -> None:
        """Tell a session what it missed."""
        connection = self._connections.get(effect.session)
        if connection is not None:
            hole = connection.hold()
            work = Deferred.fromCoroutine(self._read_missed(effect, connection, hole))
            work.addErrback(self._unread, hole, None)

    async def _read_missed(self, effect: Replay, connection: Connection, hole: Hole) -> None:
        await hole.turn
        after, before = effect.after, effect.upto + 1
        while after < effect.upto:
            await connection.door.roomy()
            query = PageOf(effect.conversation, after, before, REPLAY_PAGE, newest=False)
            events, _ = await self._store.find(query)
            if not events:
                break
            after = events[-1].seq
            told = (shown(event, effect.name, effect.reader, effect.ignored) for event in events)
            await hole.fill(b"".join(hole.renderer(event) for event in told))
        hole.close()

    def _unread(self, failure: Failure, hole: Hole, request: RequestId) -> None:
        self.log.failure("reading from the store failed", failure=failure)
        refusal = Refusal(503, problem="The server cannot read its disk just now.")
        hole.write(hole.renderer(refused(refusal, request)))
        hole.close()
