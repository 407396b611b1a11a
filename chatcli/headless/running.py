"""Runs a command that needs no screen, on the plain reactor."""

from __future__ import annotations

import getpass
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from twisted.internet import task
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.posixbase import PosixReactorBase
from twisted.logger import globalLogBeginner

from chatcli.connection import Connection, endpoint_for
from chatcli.headless.input import Input
from chatcli.headless.output import NobodyReads, Output
from chatcli.headless.statuses import Status
from chatcli.headless.table import COMMANDS
from chatcli.headless.visit import Errand, Visit
from chatcli.identity import Identity, NobodyKnown, identify
from chatcli.person import Credentials
from chatcli.settings_file import SettingsFile
from chatcli.wire import Object
from chatd.core.commands import Command
from chatd.core.grammar import encode

FAREWELL = 2.0  # seconds that saying goodbye may take
LOOK = 1.0  # seconds between two looks whether somebody reads the output
LONGEST_TEXT = 1 << 20  # bytes of a message that is read from the input
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_command(asked: Namespace) -> NoReturn:
    """Do what the command line asks for. Raises ``SystemExit`` with a ``Status``."""
    _open_what_is_closed()
    try:
        if asked.command == "send" and asked.text in ([], ["-"]):
            asked.text = [_text_from_input()]
        file = SettingsFile(asked.config)
        for problem in file.problems:
            sys.stderr.write(f"chatcli: {problem}\n")
        identity = _with_secret(identify(asked, os.environ, file))
    except NobodyKnown as error:
        leave(Status.NO_LOGIN, str(error))
    except EOFError:
        leave(Status.NO_LOGIN, "without a password there is no login.")
    task.react(_run, [asked, identity])


def leave(status: int, words: str = "") -> NoReturn:
    """End the program; ``words`` say why where it was in vain."""
    if words:
        sys.stderr.write(f"chatcli: {words}\n")
    sys.exit(status)


def _open_what_is_closed() -> None:
    """Let no connection get the number of a standard stream that the shell has closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # It gets the lowest number that is free.
            os.open(os.devnull, os.O_RDWR)


def _text_from_input() -> str:
    with open(0, "rb", closefd=False) as file:
        text = file.read(LONGEST_TEXT).decode("utf-8", "replace").rstrip("\n")
    if not text.strip():
        leave(Status.USAGE, "there is nothing to send: the input is empty.")
    return text


def _with_secret(identity: Identity) -> Identity:
    """Ask for a secret that is missing, where somebody can answer. Raises ``NobodyKnown``."""
    name = identity.login
    if name is None or identity.credentials is not None:
        return identity
    if not os.isatty(0):
        raise NobodyKnown(
            f"there is no token for {name}. Try: CHATCLI_TOKEN, a keyring, or --guest"
        )
    if not identity.address.is_here:
        sys.stderr.write("This connection is not encrypted: others can read what you type now.\n")
    secret = getpass.getpass(f"Password or token of {name}: ")
    return identity._replace(credentials=Credentials(name, secret))


async def _run(reactor: PosixReactorBase, asked: Namespace, identity: Identity) -> None:
    # What Twisted logs is for nobody here.
    globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)
    runner = Runner(reactor, asked, identity)
    status = await runner.run()
    if status is not Status.DONE:
        raise SystemExit(int(status))


class Runner:
    """One run of a command: what is around its visit."""

    def __init__(self, reactor: PosixReactorBase, asked: Namespace, identity: Identity) -> None:
        self._reactor = reactor
        self._address = identity.address
        self._connection = Connection(reactor, endpoint_for(reactor, identity.address), self)
        self._visit = Visit(self, identity.nick, identity.credentials)
        self._errand: Errand = COMMANDS[asked.command].errand(self._visit, asked)
        self._visit.errand = self._errand
        self._input = Input(reactor.callFromThread)
        self._output = Output()
        self._looking = task.LoopingCall(self._look)
        self._deadline: IDelayedCall | None = None
        self._why = "there is no answer"
        self._was_there = self._is_there = self._complained = False
        self._done: Deferred[Status] = Deferred()

    async def run(self) -> int:
        """Run it, and return its status."""
        # The reactor has handlers of its own until it runs.
        self._reactor.callWhenRunning(self._catch_signals)
        self.limit(self._errand.timeout)
        self._looking.start(LOOK, now=False)
        self._connection.start()
        status = await self._done
        self._looking.stop()
        self.limit(None)
        stopping = self._connection.stop()
        # A server that reads no more must not keep anybody from leaving.
        stopping.addTimeout(FAREWELL, self._reactor, onTimeoutCancel=lambda _r, _t: None)
        await stopping
        return status

    def _catch_signals(self) -> None:
        for number in _SIGNALS:
            signal.signal(number, self._signalled)

    def _signalled(self, number: int, _: FrameType | None) -> None:
        # Who asks twice, or is stuck in writing, is not asked to wait.
        signal.signal(number, signal.SIG_DFL)
        self._reactor.callFromThread(self._visit.end, Status(128 + number))

    def _look(self) -> None:
        if not self._output.is_read:
            self._visit.end(Status.NOBODY_READS)

    # What the visit asks of the world

    def send(self, command: Command) -> None:
        """Put a command on the wire."""
        self._connection.send(encode(command))

    def write(self, text: str) -> None:
        """Write a line of output."""
        try:
            self._output.write(text)
        except NobodyReads as error:
            self._visit.end(Status.NOBODY_READS, str(error))

    def warn(self, words: str) -> None:
        """Write something that is no output."""
        sys.stderr.write(f"chatcli: {words}\n")

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something in a while."""
        self._reactor.callLater(seconds, do)

    def limit(self, seconds: float | None) -> None:
        """From now on it may take so long, None for ever."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = self._reactor.callLater(seconds, self._late) if seconds else None

    def _late(self) -> None:
        if self._is_there:
            self._visit.end(Status.TIME_OVER, self._errand.late)
        else:
            self._unreachable()

    def _unreachable(self) -> None:
        self._visit.end(Status.NO_CONNECTION, f"No connection to {self._address}: {self._why}.")

    def read(self, take: Callable[[bytes], None]) -> None:
        """Read a piece of the input."""
        self._input.read(take)

    def end(self, status: Status, words: str) -> None:
        """All is said."""
        if words:
            self.warn(words)
        # The connection, which may be about to tell something, is not stopped under its feet.
        self._reactor.callLater(0, self._done.callback, status)

    # What the connection tells

    def connecting(self) -> None:
        """A connection is being made."""

    def connected(self) -> None:
        """The connection was made."""
        self._was_there = self._is_there = True
        self._visit.connected()

    def waiting(self, seconds: float, why: str) -> None:
        """The next try is in so many seconds."""
        why = why.rstrip(".")
        if why and why != self._why and self._errand.patient:
            self.warn(f"No connection to {self._address}: {why}. It is tried again.")
        self._why = why or self._why
        if not self._was_there and not self._errand.patient:
            self._unreachable()

    def lost(self) -> None:
        """The connection is gone."""
        self._is_there = False
        self._visit.lost()
        if self._visit.retry is not None:
            self._connection.wait_at_least(self._visit.retry)

    def received(self, told: Object) -> None:
        """The server sent an object."""
        try:
            self._visit.received(told)
        except Exception as error:  # noqa: BLE001 who waits for the result must be told
            words = f"chatcli made a mistake: {type(error).__name__}: {error}"
            self._visit.end(Status.MISTAKE, words)

    def complain(self, problem: str) -> None:
        """The server sent something of no use."""
        if not self._visit.you:
            words = f"What is at {self._address} is no chat server: {problem}."
            self._visit.end(Status.NO_CONNECTION, words)
        elif not self._complained:
            self._complained = True
            self.warn(f"The server sent something odd: {problem}.")
