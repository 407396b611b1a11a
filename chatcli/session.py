"""A chat with a server over any number of connections. Pure: it knows no socket and no screen.

Whoever owns the connection calls ``connected``, ``received``, ``lost`` and, once a second,
``tick``; whoever owns the screen calls ``submit``, ``typed`` and ``fetch_older``.
"""

from __future__ import annotations

from collections.abc import Callable

from chatcli import state as telling
from chatcli import wire
from chatcli.commands import Action, Nothing, Send, Show, Wrong, understand
from chatcli.errands import Errands
from chatcli.history import Historian
from chatcli.model import Need, State
from chatcli.outbox import Outbox
from chatcli.requests import Requests
from chatcli.typing_notices import TypingNotices
from chatcli.wire import Object
from chatd.core.commands import Command, Join, Message, Nick, Ping, Resume, Who
from chatd.core.grammar import encode
from chatd.core.names import GUEST

WHO_EVERY = 5.0  # seconds between questions for all people
SEEN_BYTES = 8192  # of a resume: the server knows the rest by itself
LINE = 16384  # bytes, until the server says
LONGEST_RETRY = 300  # seconds


class Session:
    """One person's chat.

    ``send`` puts a command on the wire, ``give_back`` gets what was typed and refused, ``now``
    gives seconds since the epoch. ``ended`` tells that the server does not want one back, and
    ``retry`` in how many seconds it does.
    """

    def __init__(
        self,
        state: State,
        send: Callable[[Command], None],
        now: Callable[[], float],
        give_back: Callable[[str], None],
        nick: str | None = None,
    ) -> None:
        self.state = state
        self.online = False
        self.ended = False
        self.retry: float | None = None
        self._now = now
        self._give_back = give_back
        self._nick = nick
        self._token = ""
        self._up = False
        self._was = ""
        self._rooms: list[str] = []
        self._adopting = False
        self._settling = 0
        self._who_at = 0.0
        self._who_wanted = False
        self._held: list[str] = []
        self._requests = Requests(send)
        self._typing = TypingNotices(self._requests, now)
        self._history = Historian(state, self._requests, now, self._apply)
        self._errands = Errands(state, self._requests, self._history, now, self._renamed)
        self._outbox = Outbox(state, self._requests, now, give_back, self._history.fill)

    # The connection

    def connected(self) -> None:
        """A connection was made: take up the last session, or begin one."""
        self._up = True
        self.ended, self.retry = False, None
        self._was = self.state.you
        if self._token:
            resume = Resume(token=self._token, seen=self._seen())
            self._requests.ask(resume, self._resumed, self._not_resumed)
        else:
            # Who comes with a name is shown to the others under it from the beginning.
            first = Nick(name=self._nick) if self._nick else Ping()
            self._requests.ask(first, self._settle, self._settle)

    def _seen(self) -> dict[str, int]:
        seen: dict[str, int] = {}
        size = 0
        for conversation in self.state.conversations.values():
            size += len(conversation.title.encode()) + 24
            if conversation.seen is not None and size < SEEN_BYTES:
                seen[conversation.title] = conversation.seen
        return seen

    def lost(self) -> None:
        """The connection is gone."""
        self._up = self.online = self._who_wanted = False
        self._outbox.lost()
        self._history.lost()
        self._typing.sent()
        self._requests.lost()
        self._errands.lost()
        held, self._held = self._held, []
        if held:
            self._give_back("\n".join(held))

    def complain(self, problem: str) -> None:
        """Tell that the server sent something that is of no use."""
        words = f"The server sent something odd: {problem}. It was passed over."
        self.state.tell(words, self._now(), kind="error")

    def received(self, told: Object) -> None:
        """Take in what the server sent."""
        if "re" in told:
            self._requests.answer(told)
        else:
            self._apply(told)
        while self._held and not self._errands.entering:
            self.submit(self._held.pop(0))
        self._pump()

    def tick(self) -> None:
        """Do what is due. Once a second is often enough."""
        if not self._up:
            return
        self._history.tick()
        self._typing.tick()
        if self.online and self._who_wanted and self._now() >= self._who_at:
            self._ask_who()
        self._pump()

    def _ask_who(self) -> None:
        self._who_wanted, self._who_at = False, self._now() + WHO_EVERY

        def take(reply: Object) -> None:
            telling.take_people(self.state, reply)

        self._requests.ask(Who(), take, _nothing)

    def _pump(self) -> None:
        if self._adopting and not self._settling and not self._history.busy:
            self._adopting = False
        if self.online and not self._adopting:
            self._outbox.pump()

    # Events

    def _apply(self, event: Object) -> None:
        ev = event.get("ev")
        if ev == "ping":
            self._requests.tell(Ping())
        elif not (ev == "msg" and self._adopting and self._adopts(event)):
            self._serve(telling.apply(self.state, event, self._now()))
        if ev == "hello":
            self._greet(event)
        elif ev == "bye":
            self._part_ways(event)

    def _serve(self, needs: list[Need]) -> None:
        for need in needs:
            if need.what == "fill":
                self._history.fill(need.title)
            elif need.what == "join":
                self._join(need.title)
            else:
                self._who_wanted = True

    def _adopts(self, event: Object) -> bool:
        """Whether an event is a message of one's own whose acknowledgement was lost."""
        conversation = self.state.find(wire.name(event, "in"))
        seq = wire.number(event, "seq")
        if conversation is None or seq is None or conversation.is_known(seq):
            return False
        own = wire.key_of(wire.name(event, "from")) == wire.key_of(self._was)
        return own and self._outbox.adopt(event)

    def _greet(self, hello: Object) -> None:
        self._token = wire.text(hello, "resume")
        self._rooms = [title for title in wire.texts(hello, "in") if title.startswith("#")]
        if wire.number(hello, "presence") != self.state.presence:
            self._who_wanted = True

    def _part_ways(self, bye: Object) -> None:
        retry = wire.number(bye, "retry")
        self.retry = None if retry is None else float(min(retry, LONGEST_RETRY))
        self.ended = retry is None and wire.number(bye, "code") != 503
        if self.ended:
            self._token = ""

    # Settling in

    def _resumed(self, reply: Object) -> None:
        for room in wire.objects(reply, "rooms"):
            self._serve(telling.enter(self.state, room, self._now()))
        self.state.you = wire.name(reply, "you") or self.state.you
        there = {wire.key_of(title) for title in wire.texts(reply, "in")}
        for conversation in list(self.state.conversations.values()):
            if conversation.joined and conversation.key not in there:
                self.state.leave(conversation.title, self._now())
        self.online = True

    def _not_resumed(self, reply: Object) -> None:
        """The server has forgotten: be somebody new, and go where one was."""
        if self._was and not self._was.startswith(GUEST):
            self._nick = self._was
        for conversation in self.state.conversations.values():
            if not conversation.is_room:
                conversation.renumber()
        self._settle(reply)

    def _settle(self, _: Object) -> None:
        """Take the name, and enter the rooms."""
        self._adopting = bool(self._outbox.waiting)
        self._settling = 0
        self._who_wanted = self.online = True
        if self._nick and not self.state.is_you(self._nick):
            self._settling += 1
            self._requests.ask(Nick(name=self._nick), self._named, self._badly_settled)
        rooms = [each.title for each in self.state.conversations.values() if each.joined]
        for title in dict.fromkeys([*self._rooms, *rooms]):
            self._join(title)

    def _join(self, title: str) -> None:
        def joined(reply: Object) -> None:
            self._settling -= 1
            self._serve(telling.enter(self.state, reply, self._now(), self._apply))

        self._settling += 1
        self._requests.ask(Join(room=title), joined, self._badly_settled)

    def _named(self, reply: Object) -> None:
        self._settling -= 1
        self._renamed(wire.name(reply, "nick"))

    def _renamed(self, nick: str) -> None:
        if nick:
            event = {"ev": "nick", "old": self.state.you, "nick": nick}
            self._serve(telling.apply(self.state, event, self._now()))
            self._nick = nick

    def _badly_settled(self, reply: Object) -> None:
        self._settling -= 1
        self._errands.refused(reply)

    # The person

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
            hint = f" Try: {action.hint}" if action.hint else ""
            self.state.tell(f"{action.text}{hint}", self._now(), kind="error")
            self._give_back(typed)
        return action

    def _send(self, action: Send, typed: str) -> Action:
        command = action.command
        # A longer line would be dropped, and never be answered. Its id and nonce come on top.
        limit = self.state.limits.get("line", LINE) - 128
        if len(encode(command)) > limit:
            return Wrong(f"That is longer than the {limit} bytes that the server takes.", "")
        if isinstance(command, Message):
            self._typing.sent()
            self._outbox.post(command, action.title, typed)
            self._pump()
        elif self.online:
            self._errands.run(command)
        else:
            return Wrong("There is no connection.", "the same again in a moment")
        return action

    def show(self, title: str) -> None:
        """Show a conversation; what was said in a private one before is fetched."""
        conversation = self.state.open(title)
        self.state.go(title)
        if conversation.oldest is None and not conversation.is_room:
            self.fetch_older()

    def fetch_older(self) -> bool:
        """Ask for what was said before; returns whether something was asked."""
        return self.online and self._history.fetch_older(self.state.current)

    @property
    def fetching(self) -> bool:
        """Whether what was said before is on its way."""
        return self._history.is_fetching(self.state.current)

    def typed(self, text: str) -> None:
        """The text in the input was changed."""
        title = self.state.current.title
        if self.online and text.startswith("/join "):
            self._errands.learn_rooms()
        if not self.online or title[:1] not in {"#", "@"}:
            return
        if text and (text[0] != "/" or text.startswith(("//", "/me "))):
            self._typing.typed(title)
        else:
            self._typing.stopped()


def _nothing(_: Object) -> None:
    """It may fail; it will be asked again."""
