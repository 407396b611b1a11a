"""What waits to go out to one reader, bounded.

``transport.write`` buffers without end, so a reader who stops reading would take all memory.
Behind this queue he costs at most the hard limit: the transport is asked to take more only when
it has sent what it has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IDelayedCall,
    IPushProducer,
    IReactorTime,
)
from zope.interface import implementer

from chatd.core.limits import Limits

CHUNK = 64 * 1024


@implementer(IPushProducer)
class SendQueue:
    """The way out to one reader, registered with its transport as a producer.

    ``stuck`` is called once when more than ``limits.output_hard`` bytes wait, or when nothing
    has gone out for ``limits.output_stall`` seconds.
    """

    def __init__(
        self,
        transport: Any,
        reactor: IReactorTime,
        limits: Limits,
        stuck: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._reactor = reactor
        self._limits = limits
        self._stuck = stuck
        self._chunks: deque[bytes] = deque()
        self._queued = 0
        self._handed = 0
        self._paused = False
        self._split = False
        self._closing = False
        self._ended = False
        self._stall: IDelayedCall | None = None
        self._linger: IDelayedCall | None = None
        self._waiters: deque[Deferred[None]] = deque()
        transport.registerProducer(self, True)

    @property
    def waiting(self) -> int:
        """How many bytes wait, those that the transport has not got rid of included."""
        return self._queued + self._handed

    @property
    def crowded(self) -> bool:
        """Whether so much waits that typing and presence are better dropped."""
        return self.waiting > self._limits.output_soft

    def roomy(self) -> Deferred[None]:
        """Fire when less than the soft limit waits, or nothing can go out any more."""
        waiter: Deferred[None] = Deferred()
        self._waiters.append(waiter)
        self._wake()
        return waiter

    def _wake(self) -> None:
        while self._waiters and (self._ended or not self.crowded):
            self._waiters.popleft().callback(None)

    def write(self, data: bytes) -> None:
        """Send ``data`` after all that waits."""
        if self._ended or self._closing:
            return
        if not self._paused:
            self._hand(data)
            return
        self._chunks.append(data)
        self._queued += len(data)
        if self.waiting > self._limits.output_hard:
            self._give_up()

    def close(self) -> None:
        """Close the connection when everything has gone out."""
        self._closing = True
        if not self._chunks:
            self._end(self._limits.output_stall)

    def abandon(self, last: bytes) -> None:
        """Drop what waits, say ``last`` if it can be said, and end the connection.

        What was sent in part is sent to its end: ``last`` must not run on from half a line.
        """
        rest = self._chunks[0] if self._split else b""
        self._chunks.clear()
        self._queued = 0
        self._split = False
        if not self._ended:
            self._transport.write(rest + last)
            self._end(self._limits.delay)

    def connection_lost(self) -> None:
        """The connection is gone; forget everything."""
        self._ended = True
        self._chunks.clear()
        self._split = False
        self._queued = self._handed = 0
        self._stop_waiting()
        if self._linger is not None and self._linger.active():
            self._linger.cancel()
        self._wake()

    # IPushProducer: the transport says when it wants more

    def pauseProducing(self) -> None:
        """The transport has enough; wait."""
        self._paused = True
        if self._stall is None and not self._ended:
            self._stall = self._reactor.callLater(self._limits.output_stall, self._stalled)

    def resumeProducing(self) -> None:
        """The transport has sent all that it had; give it more."""
        self._paused = False
        self._handed = 0
        self._stop_waiting()
        while self._chunks and not self._paused:
            data = self._take()
            self._queued -= len(data)
            self._hand(data)
        if self._closing and not self._chunks:
            self._end(self._limits.output_stall)
        self._wake()

    def stopProducing(self) -> None:
        """The connection is gone."""
        self.connection_lost()

    def _take(self) -> bytes:
        """Return some of what waits, of about ``CHUNK`` bytes so that progress can be seen."""
        size, taken = 0, []
        while self._chunks and size < CHUNK:
            chunk = self._chunks.popleft()
            taken.append(chunk[: CHUNK - size])
            self._split = len(chunk) > CHUNK - size
            if self._split:
                self._chunks.appendleft(chunk[CHUNK - size :])
            size += len(taken[-1])
        return b"".join(taken)

    def _hand(self, data: bytes) -> None:
        self._transport.write(data)
        if self._paused:
            self._handed += len(data)

    def _end(self, patience: float) -> None:
        """Close; who has not read the rest after ``patience`` seconds is cut off."""
        if not self._ended:
            self._ended = True
            self._stop_waiting()
            self._linger = self._reactor.callLater(patience, self._abort)
            # A transport with a streaming producer would wait for it before it closes.
            self._transport.unregisterProducer()
            self._transport.loseConnection()

    def _stop_waiting(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _stalled(self) -> None:
        self._stall = None
        self._give_up()

    def _give_up(self) -> None:
        self._stop_waiting()
        self._stuck()

    def _abort(self) -> None:
        if hasattr(self._transport, "abortConnection"):
            self._transport.abortConnection()
