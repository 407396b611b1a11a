"""A chat with a server over any number of connections. Pure: it knows no socket and no screen.

Whoever owns the connection calls ``connected``, ``received``, ``lost`` and, once a second,
``tick``; whoever owns the screen calls ``submit``, ``typed`` and what ``reader`` offers.
"""

from __future__ import annotations

from collections.abc import Callable

from chatcli import emojis, wire
from chatcli import state as telling
from chatcli.asking import Ask, command_of
from chatcli.bounds import keep_within
from chatcli.commands import Action, Nothing, Send, Show, Wrong, understand
from chatcli.errands import Errands
from chatcli.limits import excess
from chatcli.line import Line
from chatcli.model import Need, State
from chatcli.outbox import Outbox
from chatcli.person import Credentials, Person
from chatcli.reader import Reader
from chatcli.requests import Requests
from chatcli.settling import Settling
from chatcli.typing_notices import TypingNotices
from chatcli.wire import Object
from chatd.core.commands import CatchUp, Command, Edit, Login, Message, Ping, Revoke, Token, Who
from chatd.core.grammar import clean, encode

WHO_EVERY = 5.0  # seconds between questions for all people
LINE = 16384  # bytes, until the server says
LONGEST_RETRY = 300  # seconds
BOUNDED_EVERY = 1000  # events after which what is kept is cut to size, or a second


class Session:
    """One person's chat.

    ``send`` puts a command on the wire, ``now`` gives seconds since the epoch. ``ended`` tells
    that the server does not want one back, and ``retry`` in how many seconds it does.
    """

    def __init__(
        self,
        state: State,
        send: Callable[[Command], None],
        now: Callable[[], float],
        person: Person,
    ) -> None:
        self.state = state
        self.online = False
        self.ended = False
        self.retry: float | None = None
        self._now = now
        self._person = person
        self._up = False
        self._adopting = False
        self._taken = 0
        self._complaint: Line | None = None
        self._odd = 0
        self._who_at = 0.0
        self._who_wanted = False
        self._held: list[str] = []
        self._requests = Requests(send)
        self._typing = TypingNotices(self._requests, now)
        self.reader = Reader(state, self._requests, now, self.apply)
        history = self.reader.history
        self.outbox = Outbox(state, self._requests, now, person.give_back, history.fill)
        self.settling = Settling(state, self._requests, now, self, person)
        self._errands = Errands(state, self._requests, history, now, self.settling, person)

    # The connection

    def connected(self) -> None:
        """A connection was made: take up the last session, or begin one."""
        self._up = True
        self.ended, self.retry = False, None
        self.settling.connected()

    def lost(self) -> None:
        """The connection is gone."""
        self._up = self.online = self._who_wanted = False
        self.outbox.lost()
        self.reader.lost()
        self._typing.sent()
        self._requests.lost()
        self._errands.lost()
        self.settling.lost()
        held, self._held = self._held, []
        if held:
            self._person.give_back("\n".join(held))

    def complain(self, problem: str) -> None:
        """Tell that the server sent something that is of no use."""
        words = f"The server sent something odd: {problem}. It was passed over"
        lines = self.state.current.lines
        if lines and lines[-1] is self._complaint:
            # So many can come that nothing else would be seen.
            self._odd += 1
            lines[-1].text = f"{words}, as {self._odd} before."
            return
        self.state.tell(f"{words}.", self._now(), kind="error")
        self._complaint, self._odd = self.state.current.lines[-1], 0

    def received(self, told: Object) -> None:
        """Take in what the server sent."""
        self.state.live = "re" not in told
        if self.state.live:
            self.apply(told)
        else:
            self._requests.answer(told)
        while self._held and not self._errands.entering:
            self.submit(self._held.pop(0))
        self._pump()
        self._taken += 1
        if self._taken >= BOUNDED_EVERY:
            self._bound()

    def _bound(self) -> None:
        self._taken = 0
        keep_within(self.state)

    def tick(self) -> None:
        """Do what is due. Once a second is often enough."""
        if self._taken:
            self._bound()
        if not self._up:
            return
        self.reader.tick()
        self._typing.tick()
        self.settling.tick()
        if self.online and self._who_wanted and self._now() >= self._who_at:
            self._ask_who()
        self._pump()

    def _ask_who(self) -> None:
        self._who_wanted, self._who_at = False, self._now() + WHO_EVERY

        def take(reply: Object) -> None:
            telling.take_people(self.state, reply)

        self._requests.ask(Who(), take, _nothing)

    def _pump(self) -> None:
        if self._adopting and not self.settling.waiting and not self.reader.history.busy:
            self._adopting = False
        if self.online and not self._adopting:
            self.outbox.pump()

    # Events

    def apply(self, event: Object) -> None:
        """Take in an event."""
        ev = event.get("ev")
        if ev == "ping":
            self._requests.tell(Ping())
        elif not (ev == "msg" and self._adopting and self._adopts(event)):
            self.serve(telling.apply(self.state, event, self._now()))
        if ev == "hello":
            self.settling.greet(event)
            if wire.number(event, "presence") != self.state.presence:
                self._who_wanted = True
        elif ev == "bye":
            self._part_ways(event)

    def serve(self, needs: list[Need]) -> None:
        """Ask for what is missing."""
        for need in needs:
            if need.what == "fill":
                self.reader.history.fill(need.title)
            elif need.what == "join":
                self.settling.join(need.title)
            else:
                self._who_wanted = True

    def _adopts(self, event: Object) -> bool:
        """Whether an event is a message of one's own whose acknowledgement was lost."""
        conversation = self.state.find(wire.name(event, "in"))
        seq = wire.number(event, "seq")
        if conversation is None or seq is None or conversation.is_known(seq):
            return False
        own = wire.key_of(wire.name(event, "from")) == wire.key_of(self.settling.was)
        return own and self.outbox.adopt(event)

    def _part_ways(self, bye: Object) -> None:
        retry = wire.number(bye, "retry")
        self.retry = None if retry is None else float(min(retry, LONGEST_RETRY))
        self.ended = retry is None and wire.number(bye, "code") != 503
        if self.ended:
            self.settling.forget_session()

    def settled(self, *, anew: bool) -> None:
        """One is somebody to the server now; ``anew``: it knows nothing of what one had sent."""
        self._adopting = anew and bool(self.outbox.waiting)
        self._who_wanted |= anew
        self.online = self.reader.online = True

    def refused(self, reply: Object) -> None:
        """Something was refused."""
        self._errands.refused(reply)

    # The person

    def come_as(self, nick: str | None, credentials: Credentials | None) -> None:
        """Be a guest of that name, or an account, from the next connection on."""
        self.settling.nick, self.settling.credentials = nick, credentials

    def submit(self, typed: str) -> Action:
        """Do what was typed; what only the screen can do is returned to it."""
        action = understand(typed, self.state)
        if self._errands.entering and isinstance(action, Send | Show):
            # It is meant for where one will be.
            self._held.append(typed)
            return Nothing()
        if isinstance(action, Send):
            action = self._send(action, typed)
        elif isinstance(action, Show):
            self.show(action.title)
        if isinstance(action, Wrong):
            self._complain(action)
            self._person.give_back(typed)
        return action

    def _complain(self, wrong: Wrong) -> None:
        hint = f" Try: {wrong.hint}" if wrong.hint else ""
        self.state.answer(f"{wrong.text}{hint}", self._now(), kind="error")

    def confide(self, ask: Ask, answers: list[str]) -> None:
        """Do what secrets were asked for."""
        try:
            command = command_of(ask, answers)
        except ValueError as problem:
            self._complain(Wrong(str(problem), f"/{ask.name}"))
            return
        action = self._send(Send(command, self.state.current.title), "")
        if isinstance(action, Wrong):
            self._complain(action)

    def edit(self, seq: int, text: str) -> None:
        """Change an own message of the current conversation."""
        self._typing.stopped()
        title = self.state.current.title
        command = Edit(to=title, seq=seq, text=emojis.translate(clean(text, lines=True)))
        action = self._send(Send(command, title), f"/edit {seq} {text}")
        if isinstance(action, Wrong):
            self._complain(action)
            self._person.give_back(f"/edit {seq} {text}")

    def _send(self, action: Send, typed: str) -> Action:
        command = action.command
        # A longer line would be dropped, and never be answered. Its id and nonce come on top.
        limit = self.state.limits.get("line", LINE) - 128
        if len(encode(command)) > limit:
            return Wrong(f"That is longer than the {limit} bytes that the server takes.", "")
        too_long = excess(getattr(command, "text", None) or "", self.state.limits)
        if isinstance(command, Message) and too_long:
            return Wrong(f"That is too long for a message: {too_long}.", "")
        if isinstance(command, Message) and not isinstance(command, Edit):
            self.state.leave_place(all_=True)
            self._typing.sent()
            self.outbox.post(command, action.title, typed)
            self._pump()
        elif self.online or (self._up and isinstance(command, Login)):
            if isinstance(command, CatchUp):
                # What was read just now is no news.
                self.reader.flush()
            self._errands.run(command, typed)
        else:
            return Wrong("There is no connection.", "the same again in a moment")
        return action

    def show(self, title: str) -> None:
        """Show a conversation; what was said in it before is fetched where it is not here."""
        self.state.open(title)
        self.state.go(title)
        self.state.leave_place(all_=True)
        self.reader.look_in()

    def view_once(self) -> None:
        """View the newest message here that can be viewed once, and was not."""
        title = self.state.current.title
        for line in reversed(self.state.current.lines):
            if line.kind == "once" and line.seq and not (line.own or line.viewed or line.deleted):
                self.submit(f"/view {line.seq}")
                return
        self.state.tell(f"There is nothing in {title} to view once.", self._now())

    def learn_rooms(self) -> None:
        """Find out which rooms there are, for those who look for one."""
        if self.online:
            self._errands.learning.learn("join")

    def make_token(self, label: str, then: Callable[[str], None]) -> None:
        """Have a token made, quietly."""

        def made(reply: Object) -> None:
            then(wire.text(reply, "token"))

        self._requests.ask(Token(label=label), made, _nothing)

    def revoke(self, label: str) -> None:
        """Make a token worthless, quietly."""
        self._requests.tell(Revoke(label=label))

    def typed(self, text: str) -> None:
        """The text in the input was changed."""
        title = self.state.current.title
        if self.online and text.startswith("/") and " " in text:
            self._errands.learning.learn(text[1:].partition(" ")[0])
        if not self.online or title[:1] not in {"#", "@"}:
            return
        if text and (text[0] != "/" or text.startswith(("//", "/me "))):
            self._typing.typed(title)
        else:
            self._typing.stopped()


def _nothing(_: Object) -> None:
    """It may fail; it will be asked again."""
