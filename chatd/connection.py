"""The service's side of one connection: what waits to come in, and what waits to go out."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from zope.interface import Attribute, Interface

from chatd.core.commands import (
    ROW_OF,
    Command,
    Confidential,
    Delete,
    Edit,
    Pin,
    Quit,
    React,
    Reply,
    View,
)
from chatd.core.errors import Refusal
from chatd.core.events import Bye, Notice, Presence, TypingSet, refused
from chatd.core.flood import TokenBucket
from chatd.core.inputs import Disconnect, Rejected
from chatd.core.results import Telling

if TYPE_CHECKING:
    from chatd.service import ChatService

Renderer = Callable[[Telling], bytes]
Received = Command | Rejected | Notice
_VOLATILE = (Presence, TypingSet)
# The hub may have to look these up in the store; what follows must not overtake them.
LOOKED_UP = (Delete, Edit, Pin, React, Reply, View)
PART = 64 * 1024  # bytes of a page that are sent at once


class IDoor(Interface):
    """What a door gives to the service for one connection."""

    renderers: Mapping[str, Renderer] = Attribute("By mode: an event to bytes.")
    crowded: bool = Attribute("Whether typing and presence are better dropped.")

    def write(data: bytes) -> None:
        """Send rendered events."""

    def close() -> None:
        """End the connection when everything has gone out."""

    def roomy() -> Deferred[None]:
        """Fire when not much waits to go out, or nothing can go out any more."""

    def stuck() -> None:
        """Give up a reader for whom too much waits."""

    def mode_changed(mode: str) -> None:
        """The session's output is in another mode from now on."""

    def pause_input() -> None:
        """Take no more from the client for now."""

    def resume_input() -> None:
        """Go on taking."""


class _Waiting(NamedTuple):
    due: float
    size: int
    command: Received | Disconnect


class Hole:
    """A place in the output that is still being read from the store; what follows it waits.

    ``turn`` fires when nothing before it is being read any more. To read no sooner, and to fill
    the place only as fast as the client reads, keeps what waits for a client small. ``renderer``
    is the connection's at that place: what changes the mode comes later.
    """

    def __init__(self, connection: Connection) -> None:
        self.turn: Deferred[None] = Deferred()
        self.renderer = connection.renderer
        self.parts: list[bytes] = []
        self.torn = False
        self.closed = False
        self._connection = connection

    async def fill(self, data: bytes) -> None:
        """Put more into the place, as the client takes it."""
        for start in range(0, len(data), PART):
            await self._connection.door.roomy()
            self.torn = start + PART < len(data)
            self.write(data[start : start + PART])

    def write(self, data: bytes) -> None:
        """Put more into the place, at once."""
        self.parts.append(data)
        self._connection.release()

    def close(self) -> None:
        """The place is filled; what follows may go out."""
        self.closed = True
        self._connection.release()


class Connection:
    """One session as the service sees it.

    Input waits in line for its tokens; output is gathered, and leaves once a batch. ``host`` is
    where the client is, and over a ``secure`` connection it may send passwords.
    """

    def __init__(
        self,
        service: ChatService,
        session: str,
        door: IDoor,
        mode: str,
        *,
        host: str,
        secure: bool,
    ) -> None:
        self.session = session
        self.door = door
        self.host = host
        self.secure = secure
        self.renderer: Renderer = door.renderers[mode]
        self._service = service
        self._bucket: TokenBucket | None = service.new_bucket()
        self._input: deque[_Waiting] = deque()
        self._input_size = 0
        self._paused = False
        self._looking_up = False
        self._ended = False
        self._timer: IDelayedCall | None = None
        self._gathered: list[bytes] = []
        self._held: deque[bytes | Hole] = deque()
        self._held_size = 0
        self._stuck = False
        self._finish = False

    # In

    def receive(self, command: Received, size: int) -> None:
        """Take a command of ``size`` bytes, what was wrong with one, or what a door says to it."""
        if self._ended:
            return
        problem = self._service.unavailable()
        if problem is not None and isinstance(command, Quit):
            self.tell(Bye(text="Goodbye."))
            self.end_input(command.why)
            self.finish()
            return
        if problem is not None:
            self._refuse(command, Refusal(503, problem=problem))
            return
        self._queue(self._charged(command), size)

    def end_input(self, why: str) -> None:
        """The client has sent its last byte; what came before it still counts."""
        if self._ended:
            return
        self._ended = True
        due = self._input[-1].due if self._input else 0.0
        self._input.append(_Waiting(due, 0, Disconnect(why)))
        self._submit_due()

    def _charged(self, command: Received) -> tuple[float, Received]:
        now = self._service.seconds()
        if self._bucket is None:
            return now, command
        patience = self._service.limits.delay
        wait = self._bucket.take(_cost(command), now, patience)
        if wait <= patience:
            return now + wait, command
        # The refusal keeps its place behind what waits; by then less is left to wait for.
        last = max(now, self._input[-1].due if self._input else now)
        seconds = max(1, math.ceil(wait - (last - now)))
        refusal = Refusal(429, what="a command was dropped", wait=seconds)
        return last, Rejected(refusal, _request_of(command))

    def _queue(self, charged: tuple[float, Received], size: int) -> None:
        due, command = charged
        self._input.append(_Waiting(due, size, command))
        self._input_size += size
        self._submit_due()
        if not self._paused and self._input_size > self._service.limits.input_waiting:
            self._paused = True
            self.door.pause_input()

    def looked_up(self) -> None:
        """What had to be looked up, or found out about a secret, is settled; go on."""
        self._looking_up = False
        self._submit_due()

    @property
    def _waits(self) -> bool:
        """Whether input waits for something other than time: a look-up, or a page to be read."""
        return self._looking_up or bool(self._held)

    def _submit_due(self) -> None:
        now = self._service.seconds()
        while self._input and not self._waits and self._input[0].due <= now:
            waiting = self._input.popleft()
            self._input_size -= waiting.size
            self._submit(waiting.command)
        if self._input and not self._waits and self._timer is None:
            self._timer = self._service.call_later(self._input[0].due - now, self._timer_due)
        if self._paused and self._input_size <= self._service.limits.input_waiting // 2:
            self._paused = False
            self.door.resume_input()

    def _submit(self, command: Received | Disconnect) -> None:
        if isinstance(command, Notice):
            self.tell(command)
            self.flush()
            return
        if isinstance(command, (*LOOKED_UP, Confidential)):
            self._looking_up = True
            self._service.looking_up(self)
        if isinstance(command, Confidential):
            self._service.confide(self, command)
        else:
            self._service.submit(self.session, command)

    def _timer_due(self) -> None:
        self._timer = None
        self._submit_due()

    def _refuse(self, command: Received, refusal: Refusal) -> None:
        self.tell(refused(refusal, _request_of(command)))
        self.flush()

    # Out

    def tell(self, told: Telling) -> None:
        """Gather an event for this session alone."""
        self.gather(self.renderer(told), volatile=isinstance(told, _VOLATILE))

    def gather(self, data: bytes, *, volatile: bool = False) -> None:
        """Gather rendered events; ``flush`` sends them."""
        if not data or self._stuck or (volatile and self.door.crowded):
            return
        if self._held:
            self._held.append(data)
            self._held_size += len(data)
            if self._held_size > self._service.limits.output_hard:
                self._stuck = True
                self.door.stuck()
        else:
            self._gathered.append(data)

    def flush(self) -> None:
        """Send what was gathered in one piece."""
        if self._gathered:
            data = b"".join(self._gathered)
            self._gathered.clear()
            self.door.write(data)
        if self._finish and not self._held:
            self.door.close()

    def hold(self) -> Hole:
        """Keep a place in the output; what is gathered from now on waits for it."""
        hole = Hole(self)
        self._held.append(hole)
        if len(self._held) == 1:
            hole.turn.callback(None)
        return hole

    def release(self) -> None:
        """Send what waits for no place any more."""
        while self._held:
            first = self._held[0]
            if isinstance(first, Hole):
                self._gathered += first.parts
                first.parts.clear()
                if not first.closed:
                    if not first.turn.called:
                        first.turn.callback(None)
                    break
            else:
                self._gathered.append(first)
                self._held_size -= len(first)
            self._held.popleft()
        self.flush()
        self._submit_due()

    @property
    def torn(self) -> bool:
        """Whether the last that went out is part of something, such as half a page."""
        first = self._held[0] if self._held else None
        return isinstance(first, Hole) and first.torn

    def set_mode(self, mode: str) -> None:
        """Render in another mode from now on."""
        self.renderer = self.door.renderers[mode]
        self.door.mode_changed(mode)

    def finish(self) -> None:
        """End the connection after all that was told."""
        self._finish = True
        self.flush()


def _cost(command: Received) -> int:
    return ROW_OF[type(command)].cost if isinstance(command, Command) else 1


def _request_of(command: Received) -> int | str | None:
    if isinstance(command, Notice):
        return None
    return command.id if isinstance(command, Command) else command.request
