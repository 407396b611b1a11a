"""The glue: the only file that knows both Twisted and prompt_toolkit."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
import traceback
from types import FrameType
from typing import NamedTuple, TextIO

from prompt_toolkit.input import create_input
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger, globalLogBeginner, textFileLogObserver
from twisted.python.failure import Failure

from chatcli.accounts import Accounts
from chatcli.address import Address
from chatcli.asking import Ask, questions_for
from chatcli.commands import Do, Leave
from chatcli.configuring import configure, wrong_keys
from chatcli.connection import Connection, endpoint_for
from chatcli.identity import KEYRING
from chatcli.lasting import Lasting
from chatcli.model import State
from chatcli.notices import Watch
from chatcli.person import Credentials, Secret
from chatcli.session import Session
from chatcli.settings_file import SettingsFile
from chatcli.ui.linear import Linear
from chatcli.ui.output import screen_output
from chatcli.ui.panes import Link
from chatcli.ui.screen import Screen
from chatcli.wire import Object, key_of
from chatd.core.commands import Command, Quit
from chatd.core.grammar import encode

TICK = 1.0  # seconds
FAREWELL = 2.0  # seconds that saying goodbye may take


class Options(NamedTuple):
    """What the command line says: where, and who one wants to be.

    ``nick`` is a guest's; ``login`` is an account whose secret is asked for where there are no
    ``credentials``. ``file`` holds the settings. ``linear``: in lines, without a screen.
    """

    address: Address
    nick: str | None
    login: str | None
    credentials: Credentials | None
    file: SettingsFile
    linear: bool = False


class App:
    """One run of the client: hands on what connection, session and screen have for each other."""

    log = Logger()

    def __init__(self, reactor: AsyncioSelectorReactor, options: Options) -> None:
        self._reactor = reactor
        self._address = options.address
        self._file = options.file
        self._state = State(settings=options.file.settings)
        profile = options.file.profile(options.address)
        self._state.places = [key_of(title) for title in profile.order] if profile else []
        self._connection = Connection(reactor, endpoint_for(reactor, options.address), self)
        self._session = Session(self._state, self._send, time.time, self)
        self._session.come_as(options.nick, options.credentials)
        self._accounts = Accounts(self._session, options.address, options.file, self._tell)
        self._lasting = Lasting(self._session, options.address, time.time, self._tell)
        # The account whose secret is asked for before anything else.
        self._login = options.login if options.credentials is None else None
        self._leaving = False
        self._signal = 0
        self._why = ""
        self._gone: Deferred[None] = Deferred()
        self._watch = Watch(self._state, time.time)
        self._state.witnesses.append(self._watch)
        face = Linear if options.linear else Screen
        self.screen: Screen | Linear = face(
            self._state,
            self,
            self._session.reader,
            str(options.address),
            time.time,
            screen_output(sys.__stdout__),
            create_input(sys.__stdin__),
        )
        self._ticking = LoopingCall(self._tick)
        self._lasting.begin(options.login, options.nick)
        for problem in [*self._file.problems, *wrong_keys(self._file)]:
            self._state.tell(problem, time.time(), kind="error")

    # Life

    async def run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Show the screen until it is left. Raises ``SystemExit`` where a signal ended it."""
        loop.set_exception_handler(self._asyncio_failed)
        application = self.screen.application
        running = loop.create_task(application.run_async(set_exception_handler=False))
        self._reactor.addSystemEventTrigger("before", "shutdown", self._shut_down)
        self._reactor.callWhenRunning(self._catch_signals)
        self._ticking.start(TICK).addErrback(self._failed)
        if self._login is None:
            self._connection.start()
        else:
            # Who one is should be known before anybody is told that somebody came.
            self._link(Link("asking"))
            self._ask_login(self._login)
        try:
            await Deferred.fromFuture(running)
        except (EOFError, OSError) as error:
            # The terminal is gone; there is nobody to tell.
            self.log.info("the terminal is gone: {error!r}", error=error)
        finally:
            self.screen.close()
            await self._close()
        if self._signal:
            raise SystemExit(128 + self._signal)

    async def _close(self) -> None:
        self._leaving = True
        if self._ticking.running:
            self._ticking.stop()
        self._lasting.close()
        self._session.reader.flush()
        self._send(Quit())
        stopping = self._connection.stop()
        # A server that reads no more must not keep anybody from leaving.
        stopping.addTimeout(FAREWELL, self._reactor, onTimeoutCancel=lambda _r, _t: None)
        await stopping
        if not self._gone.called:
            self._gone.callback(None)

    def _catch_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._signalled)

    def _signalled(self, number: int, _: FrameType | None) -> None:
        self._signal = number
        self._reactor.callFromThread(self._exit)

    def _shut_down(self) -> Deferred[None]:
        self._exit()
        return self._gone

    def _exit(self, crash: BaseException | None = None) -> None:
        """Leave the screen; the rest follows from that."""
        self._leaving = True
        future = self.screen.application.future
        if future is None or future.done():
            return
        if crash is not None:
            self.screen.application.exit(exception=crash)
        else:
            self.screen.application.exit()

    def _asyncio_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception) and not self._leaving:
            self._exit(error)
        else:
            self.log.warn("asyncio: {context}", context=context)

    def _failed(self, failure: Failure) -> None:
        self._exit(failure.value)

    def _tick(self) -> None:
        self._session.tick()
        self._lasting.keep()
        self._show()

    # What the connection tells

    def connecting(self) -> None:
        """A connection is being made."""
        self._link(Link("connecting"))

    def connected(self) -> None:
        """The connection was made."""
        self._why = ""
        self._session.connected()
        self._link(Link("connected"))

    def waiting(self, seconds: float, why: str) -> None:
        """The next try is in so many seconds."""
        if why and why != self._why:
            self._state.tell(f"No connection: {why}", time.time(), kind="error")
        self._why = why
        self._link(Link("waiting", time.time() + seconds, why))

    def lost(self) -> None:
        """The connection is gone."""
        self._session.lost()
        if self._leaving:
            return
        if self._session.ended:
            self._connection.stop()
            self._link(Link("offline"))
        elif self._session.retry is not None:
            self._connection.wait_at_least(self._session.retry)
        self.screen.redraw()

    def received(self, told: Object) -> None:
        """The server sent an object."""
        try:
            self._session.received(told)
        except Exception as error:  # noqa: BLE001 whatever a server sends must not end the client
            self.log.failure("an object from the server")
            self._session.complain(f"chatcli cannot use it ({type(error).__name__})")
        self._show()

    def _show(self) -> None:
        self.screen.redraw()
        notice = self._watch.due()
        if notice is not None:
            self.screen.notify(notice)

    def complain(self, problem: str) -> None:
        """The server sent something of no use."""
        self._session.complain(problem)
        self.screen.redraw()

    def _link(self, link: Link) -> None:
        self.screen.link = link
        self.screen.redraw()

    def _send(self, command: Command) -> None:
        self._connection.send(encode(command))

    def _tell(self, words: str) -> None:
        self._state.tell(words, time.time())
        self.screen.redraw()

    # What the session tells

    def give_back(self, typed: str) -> None:
        """What was typed was refused."""
        self.screen.give_back(typed)

    def reveal(self, secret: Secret) -> None:
        """Something is to be shown once."""
        self.screen.reveal(secret)

    def known_as(self, credentials: Credentials | None) -> None:
        """One is logged in by these, or has logged out."""
        self._accounts.known_as(credentials)
        self._lasting.known_as(credentials)

    def wrong_secret(self, credentials: Credentials) -> None:
        """The secret of an account is not the right one."""
        if credentials.place == KEYRING:
            self._accounts.forget_token(credentials.name)
        self._lasting.unknown()
        self._ask_login(credentials.name)

    def _ask_login(self, name: str) -> None:
        ask = questions_for(f"/login {name}")
        if ask is not None:
            self._ask(ask)

    def _ask(self, ask: Ask) -> None:
        if not self._address.is_here:
            words = "This connection is not encrypted: others can read what you type now. Esc: no."
            self._state.tell(words, time.time(), kind="error")
        self.screen.ask(ask)

    # What the screen asks

    def submit(self, typed: str) -> None:
        """Do what was typed."""
        action = self._session.submit(typed)
        if isinstance(action, Leave):
            self.leave()
        elif isinstance(action, Ask):
            self._ask(action)
        elif isinstance(action, Do):
            self._do(action.name, action.words)

    def _do(self, name: str, words: str) -> None:
        current = self._state.current
        if name == "clear":
            current.hide()
        elif name == "config":
            self._configure(words)
        elif name == "help":
            self.screen.show_help(words)
        elif name == "reconnect":
            self._connection.restart()
        elif current.is_room and current.joined:
            self.submit(f"/part {current.title}")
        else:
            self._state.close(current.title)

    def _configure(self, words: str) -> None:
        answer = configure(self._file, words)
        former = self._state.settings
        self._state.settings = self._file.settings
        self._state.tell(answer.text, time.time(), kind="error" if answer.wrong else "server")
        self.screen.settings_changed(former)

    def confide(self, ask: Ask, answers: list[str] | None) -> None:
        """Do what secrets were asked for; None where they were not told."""
        if self._login is not None:
            name, self._login = self._login, None
            if answers is not None and answers[0]:
                self._session.come_as(None, Credentials(name, answers[0]))
            else:
                self._lasting.unknown()
            self._connection.start()
        elif answers is not None:
            self._session.confide(ask, answers)
        self.screen.redraw()

    def edit(self, seq: int, text: str) -> None:
        """Change an own message of the current conversation."""
        self._session.edit(seq, text)

    def typed(self, text: str) -> None:
        """The text in the input was changed."""
        self._session.typed(text)

    def view_once(self) -> None:
        """View what can be viewed once."""
        self._session.view_once()

    def learn_rooms(self) -> None:
        """Find out which rooms there are."""
        self._session.learn_rooms()

    def arranged(self) -> None:
        """The conversations were put into another order by hand: keep it."""
        file = self._file
        problem = file.set("order", "hand") if file.settings.order != "hand" else ""
        problem = file.keep(self._address, order=tuple(self._state.places)) or problem
        self._state.settings = file.settings
        if problem:
            self._state.tell(problem, time.time(), kind="error")

    def leave(self) -> None:
        """Leave the chat."""
        self._exit()


async def run(
    reactor: AsyncioSelectorReactor,
    loop: asyncio.AbstractEventLoop,
    options: Options,
    log: TextIO | None,
) -> None:
    """Run the client; ``log`` is where its log goes, nowhere by default."""
    try:
        app = App(reactor, options)
        # What is here now is here to stay: looking through it again and again would be felt.
        gc.freeze()
        gc.enable()
        observers = [textFileLogObserver(log)] if log else []
        # From here on whatever is written to the standard streams would spoil the screen.
        globalLogBeginner.beginLoggingTo(observers, discardBuffer=True)
        await app.run(loop)
    except Exception as error:
        App.log.failure("crashed")
        traceback.print_exception(error, file=sys.__stderr__)
        words = f"chatcli made a mistake and had to end: {type(error).__name__}: {error}\n"
        if sys.__stderr__ is not None:
            sys.__stderr__.write(words)
        raise SystemExit(1) from error
