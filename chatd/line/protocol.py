"""The line door: bytes to commands, events to bytes, for one connection."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IDelayedCall,
    IHalfCloseableProtocol,
    IReactorTime,
    ITCPTransport,
)
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.connection import Connection, IDoor, Received
from chatd.core.errors import Refusal
from chatd.core.events import Asked, Bye, Notice, refused
from chatd.core.grammar import BadRequest, SecretMissing, parse
from chatd.core.inputs import Rejected
from chatd.core.policy import check_secret
from chatd.line.prompt import Prompt
from chatd.line.render import RENDERERS
from chatd.line.telnet import Telnet
from chatd.sendqueue import SendQueue
from chatd.service import ChatService


@implementer(IDoor, IHalfCloseableProtocol)
class ChatLineProtocol(LineReceiver):
    """One connection that speaks the line protocol, in text mode or in JSON mode at first."""

    delimiter = b"\n"
    renderers = RENDERERS
    transport: ITCPTransport

    def __init__(self, service: ChatService, reactor: IReactorTime, host: str, mode: str) -> None:
        self._service = service
        self._reactor = reactor
        self._host = host
        self._mode = mode
        self._telnet = Telnet()
        self._prompt: Prompt | None = None
        self._dropped = 0
        self._exceeded: bytes | None = None
        self._heard = 0.0
        self._watch: IDelayedCall | None = None
        self._connection: Connection | None = None
        self._set_limit()

    # The connection

    def connectionMade(self) -> None:
        """Begin the session."""
        self._queue = SendQueue(
            self.transport,
            self._reactor,
            self._service.limits,
            self.stuck,
        )
        try:
            self._connection = self._service.connect(self, self._mode, self._host)
        except Refusal as refusal:
            self._turn_away(refusal)
            return
        self._heard = self._reactor.seconds()
        self._keep_alive()

    def _turn_away(self, refusal: Refusal) -> None:
        render = self.renderers[self._mode]
        if self._mode == "json":
            retry = refusal.wait or 5
            self._queue.write(render(Bye(code=refusal.code, text=refusal.text, retry=retry)))
        else:
            self._queue.write(render(refused(refusal, None)))
        self._queue.close()

    def readConnectionLost(self) -> None:
        """The client has sent its last byte; it still gets every reply."""
        if self._connection is None:
            return
        rest = self.clearLineBuffer()
        if not self.line_mode:
            self._refuse_long()
        elif rest:
            self.lineReceived(rest)
        self._connection.end_input("")

    def writeConnectionLost(self) -> None:
        """The client takes nothing any more."""
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure | None = None) -> None:
        """The connection is gone."""
        self._queue.connection_lost()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._connection is not None:
            self._service.disconnected(self._connection, self._host)

    # In

    def dataReceived(self, data: bytes) -> None:
        """Take bytes: telnet's out, then lines."""
        self._heard = self._reactor.seconds()
        text, answer = self._telnet.feed(data)
        if answer:
            self._queue.write(answer)
        super().dataReceived(text)
        while self._exceeded is not None:
            # LineReceiver hands over all that it holds; what follows the long line goes on.
            rest, self._exceeded = self._exceeded, None
            super().dataReceived(rest)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Drop a line that is too long, to its end."""
        self.setRawMode()
        self._exceeded = line

    def rawDataReceived(self, data: bytes) -> None:
        """Drop the rest of a line that is too long."""
        _, end, rest = data.partition(self.delimiter)
        if end:
            self._refuse_long()
            self.setLineMode()
            # Not by our own dataReceived: it is free of telnet already.
            super().dataReceived(rest)

    def _refuse_long(self) -> None:
        limit = self.MAX_LENGTH - 1
        self._end_prompt()
        self._receive(Rejected(Refusal(102, limit=limit)), limit)

    def lineReceived(self, line: bytes) -> None:
        """Take a line."""
        line = line.removesuffix(b"\r")
        if len(line) >= self.MAX_LENGTH:
            self._refuse_long()
            return
        try:
            self._take(line.decode("utf-8"), len(line))
        except UnicodeDecodeError:
            self._end_prompt()
            self._receive(Rejected(Refusal(103)), len(line))

    def _take(self, line: str, size: int) -> None:
        if self._dropped:
            self._dropped -= 1
        elif self._prompt is not None:
            self._answered(self._prompt, line, size)
        else:
            self._parse(line, size)

    def _parse(self, line: str, size: int) -> None:
        try:
            command = parse(line)
        except SecretMissing as lacking:
            self._ask_for(lacking, size)
        except BadRequest as bad:
            self._receive(Rejected(bad, bad.request), size)
        else:
            if command is not None:
                self._receive(command, size)

    def _receive(self, command: Received, size: int) -> None:
        if self._connection is not None:
            self._connection.receive(command, size)

    # Secrets

    def _ask_for(self, lacking: SecretMissing, size: int) -> None:
        """Ask a person for what is better not typed in plain sight."""
        if self._mode == "json" or self._connection is None:
            self._receive(Rejected(lacking), size)
            return
        try:
            check_secret(secure=self._connection.secure)
        except Refusal as refusal:
            # Whoever sent the secret along must not have said it to everybody.
            self._dropped = len(lacking.missing) if self._buffer else 0
            self._receive(Rejected(refusal), size)
            return
        self._prompt = Prompt(lacking, hidden=self._telnet.spoken)
        self._show_input(False)
        self._receive(Notice(text=self._prompt.question), size)

    def _answered(self, prompt: Prompt, line: str, size: int) -> None:
        prompt.take(line)
        if prompt.command is not None:
            self._end_prompt()
            self._receive(prompt.command, size)
        elif prompt.ended is not None:
            self._end_prompt()
            self._receive(Notice(text=prompt.ended), size)
        else:
            self._receive(Notice(text=prompt.question), size)

    def _end_prompt(self) -> None:
        if self._prompt is not None:
            self._show_input(True)
        self._prompt = None

    def _show_input(self, shown: bool) -> None:
        if self._telnet.spoken:
            self._queue.write(self._telnet.show_input(shown))

    # IDoor

    @property
    def crowded(self) -> bool:
        """Whether typing and presence are better dropped."""
        return self._queue.crowded

    def write(self, data: bytes) -> None:
        """Send rendered events."""
        if self._telnet.spoken:
            # A terminal that doesn't echo doesn't go back to the left by itself, either.
            data = data.replace(b"\n", b"\r\n")
        self._queue.write(data)

    def close(self) -> None:
        """End the connection when everything has gone out."""
        self._queue.close()

    def roomy(self) -> Deferred[None]:
        """Fire when not much waits to go out."""
        return self._queue.roomy()

    def stuck(self) -> None:
        """Give up a reader who does not read."""
        end = b""
        if self._connection is not None:
            self._connection.end_input("read too slowly")
            end = b"\n" if self._connection.torn else b""
        text = "You read too slowly; the connection is closed."
        self._queue.abandon(end + self.renderers[self._mode](Bye(code=503, text=text, retry=5)))

    def mode_changed(self, mode: str) -> None:
        """The session's output is in another mode from now on."""
        self._mode = mode
        self._set_limit()

    def pause_input(self) -> None:
        """Take no more from the client for now."""
        self.pauseProducing()

    def resume_input(self) -> None:
        """Go on taking."""
        self.resumeProducing()

    def _set_limit(self) -> None:
        limits = self._service.limits
        # One more for the CR that may come before the LF.
        self.MAX_LENGTH = 1 + (limits.json_line if self._mode == "json" else limits.line)

    # Keepalive

    def _keep_alive(self) -> None:
        """Ask a silent JSON client for a sign of life, and drop one that gives none.

        In text mode TCP's own keepalive does that.
        """
        limits = self._service.limits
        silent = self._reactor.seconds() - self._heard
        wait = limits.ping - silent
        if wait <= 0:
            wait = limits.ping
            if self._mode == "json":
                if silent >= limits.gone:
                    self._watch = None
                    self.transport.abortConnection()
                    return
                self._queue.write(self.renderers["json"](Asked()))
                wait = min(limits.ping, limits.gone - silent)
        self._watch = self._reactor.callLater(max(1.0, wait), self._keep_alive)
