"""What somebody gets who has entered: a console for each shell, and nothing else."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from twisted.conch.avatar import ConchUser
from twisted.conch.insults.insults import ServerProtocol
from twisted.conch.ssh.channel import SSHChannel
from twisted.conch.ssh.session import parseRequest_pty_req, parseRequest_window_change
from twisted.logger import (
    FilteringLogObserver,
    Logger,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogPublisher,
)

from chatd.core.errors import Refusal
from chatd.manhole.commands import Tools
from chatd.manhole.console import Console
from chatd.manhole.door import ConsoleDoor
from chatd.manhole.keys import Entrant
from chatd.service import ChatService

UNREAD = 1 << 20  # bytes that may wait for a console that does not read

# conch tells of each channel, request and packet; here only of defects.
quiet = Logger(
    "chatd.manhole.conch",
    observer=FilteringLogObserver(
        globalLogPublisher, [LogLevelFilterPredicate(defaultLogLevel=LogLevel.critical)]
    ),
)


class Admin(ConchUser):
    """Somebody who has entered."""

    _log = quiet

    def __init__(self, entrant: Entrant, service: ChatService, up: Callable[[], float]) -> None:
        super().__init__()
        self.entrant = entrant
        self.service = service
        self.up = up
        self.channelLookup = {b"session": Shell}


class Shell(SSHChannel):
    """A session channel, which can become one console, with a session of its own in the chat."""

    name = b"session"
    _log = quiet
    avatar: Admin
    conn: Any  # an ``Entered``, which knows this class

    _width = 80
    _interactive = False
    _console: Console | None = None
    _leaving = False

    # What the client asks

    def request_pty_req(self, data: bytes) -> bool:
        """There is a terminal at the other end."""
        _term, (_rows, width, _x, _y), _modes = parseRequest_pty_req(data)
        self._width = width or self._width
        self._interactive = True
        return True

    def request_window_change(self, data: bytes) -> bool:
        """The terminal has another size."""
        _rows, width, _x, _y = parseRequest_window_change(data)
        if self._console is not None and width:
            self._console.width = width
            self._console.refresh()
        return True

    def request_shell(self, data: bytes) -> bool:
        """Begin the console."""
        if self._console is not None or self.avatar.service.stopping:
            return False
        console = Console(self.leave, self._width, interactive=self._interactive)
        who = self.avatar.entrant.label
        door = ConsoleDoor(self.avatar.service, who, self.conn.host, console.hear, self.end)
        tools = Tools(self.avatar.service, door, self.avatar.up, self.leave)
        self._console, self._door = console, door
        self._terminal = ServerProtocol(lambda: console)
        self._terminal.makeConnection(self)
        console.open(tools.namespace())
        try:
            door.open()
        except Refusal as refusal:
            # While the disk fails an administrator is needed most; commands try again.
            console.hear({"ev": "notice", "text": refusal.text})
        return True

    def dataReceived(self, data: bytes) -> None:
        """Hand keys to the console; what came at once is drawn once."""
        if self._console is not None:
            self._terminal.dataReceived(data)
            self._console.refresh()

    def eofReceived(self) -> None:
        """The client types nothing more."""
        if self._console is not None:
            self._console.end_of_input()
        else:
            self.loseConnection()

    # Going

    def write(self, data: bytes) -> None:
        """Send; give up a client that does not read."""
        if self.localClosed:
            return
        super().write(data)
        if len(self.buf) > UNREAD:
            self.conn.transport.transport.abortConnection()

    def leave(self) -> None:
        """End the shell as one that ended well."""
        if self._leaving or self.localClosed:
            return
        if self._interactive:
            self.write(b"\r\n")
        self._leaving = True
        self.conn.sendRequest(self, b"exit-status", struct.pack(">L", 0))
        self.loseConnection()

    def end(self) -> None:
        """End the shell and the connection below it, whatever the client says to that."""
        self.leave()
        self.conn.transport.transport.loseConnection()

    def closed(self) -> None:
        """The channel is gone."""
        self._leaving = True
        if self._console is not None:
            self._door.leave()
