"""The glue: the only file that knows both Twisted and prompt_toolkit."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
import traceback
from typing import NamedTuple

from prompt_toolkit.input import create_input
from prompt_toolkit.output import create_output
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import ILogObserver, Logger, globalLogBeginner, textFileLogObserver
from twisted.python.failure import Failure

from chatcli.address import Address
from chatcli.commands import Do, Leave
from chatcli.connection import Connection, endpoint_for
from chatcli.model import State
from chatcli.session import Session
from chatcli.ui.panes import Link
from chatcli.ui.screen import Screen
from chatcli.wire import Object
from chatd.core.commands import Command, Quit
from chatd.core.grammar import encode

TICK = 1.0  # seconds


class Options(NamedTuple):
    """What the command line says."""

    address: Address
    nick: str | None
    log: str | None


class App:
    """One run of the client: hands on what connection, session and screen have for each other."""

    log = Logger()

    def __init__(self, reactor: AsyncioSelectorReactor, options: Options) -> None:
        self.crash: BaseException | None = None
        self._reactor = reactor
        self._state = State()
        self._connection = Connection(reactor, endpoint_for(reactor, options.address), self)
        self._session = Session(self._state, self._send, time.time, self._give_back, options.nick)
        self._leaving = False
        self.screen = Screen(
            self._state,
            self,
            str(options.address),
            time.time,
            create_output(sys.__stdout__),
            create_input(sys.__stdin__),
        )
        self._ticking = LoopingCall(self._tick)

    # Life

    async def run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Show the screen until it is left. Raises what made it crash."""
        loop.set_exception_handler(self._asyncio_failed)
        running = loop.create_task(
            self.screen.application.run_async(set_exception_handler=False)
        )
        ended = Deferred.fromFuture(running)
        gone: Deferred[None] = Deferred()
        self._reactor.addSystemEventTrigger("before", "shutdown", self._shut_down, gone)
        ticking = self._ticking.start(TICK)
        ticking.addErrback(self._failed)
        self._connection.start()
        try:
            await ended
        finally:
            self._leaving = True
            if self._ticking.running:
                self._ticking.stop()
            await self._connection.stop()
            gone.callback(None)
        if self.crash is not None:
            raise self.crash
