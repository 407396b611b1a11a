"""Messages on their way: none is lost, none is doubled, and they stay in order. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import msgspec

from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.happenings import refusal
from chatcli.line import Kind, Line
from chatcli.model import State
from chatcli.requests import Requests
from chatcli.wire import Object, key_of
from chatd.core.commands import Me, Message, Once, Reply, Whisper

# Conversations: the server's flood control would delay, and then refuse, what is more.
IN_FLIGHT = 5
TRY_AGAIN = 5.0  # seconds, where the server doesn't say
_FOR_NOW = frozenset({429, 503})


@dataclass(eq=False, kw_only=True)
class Unsent:
    """A message that the server has not acknowledged.

    ``typed`` is how it was written, ``place`` the key of the conversation where. ``account`` is the
    key of who has written it, empty for a guest.
    ``flying``: it was sent and is not answered; ``tried``: over an earlier connection, in vain.
    """

    title: str
    command: Message
    line: Line
    typed: str
    place: str
    account: str
    flying: bool = False
    tried: bool = False


class Outbox:
    """Sends messages, and again after a connection was lost.

    ``give_back`` is called with what was typed where the server refuses it; ``fill`` with a
    conversation that has a hole; ``now`` gives seconds since the epoch.
    """

    def __init__(
        self,
        state: State,
        requests: Requests,
        now: Callable[[], float],
        give_back: Callable[[str], None],
        fill: Callable[[str], None],
    ) -> None:
        self.waiting: list[Unsent] = []
        self._state = state
        self._requests = requests
        self._now = now
        self._give_back = give_back
        self._fill = fill
        self._not_before = 0.0

    def post(self, command: Message, title: str, typed: str) -> None:
        """Take a message; ``pump`` sends it."""
        command.nonce = uuid4().hex
        unsent = Unsent(
            title=title,
            command=command,
            line=line_for(command, self._state.you, self._now()),
            typed=typed,
            place=self._state.current.key,
            account=self._account,
        )
        conversation = self._state.open(title)
        if conversation is self._state.current and self._state.looking:
            conversation.clear_mark()
        self.wait(unsent)

    def wait(self, unsent: Unsent) -> None:
        """Let a message wait behind the others, and show it."""
        self._state.open(unsent.title).place(unsent.line)
        self.waiting.append(unsent)

    @property
    def _account(self) -> str:
        return key_of(self._state.account or "")

    def pump(self) -> None:
        """Send what may go out now: of each conversation one, so that none overtakes another.

        What was written as an account does not go out as somebody else.
        """
        if self._now() < self._not_before:
            return
        busy = {key_of(unsent.title) for unsent in self.waiting if unsent.flying}
        for unsent in list(self.waiting):
            key = key_of(unsent.title)
            mine = unsent.account in {"", self._account}
            if mine and key not in busy and len(busy) < IN_FLIGHT:
                busy.add(key)
                self._send(unsent)

    def _send(self, unsent: Unsent) -> None:
        def sent(reply: Object) -> None:
            self._sent(unsent, reply)

        def refused(reply: Object) -> None:
            self._refused(unsent, reply)

        unsent.flying = True
        self._requests.ask(unsent.command, sent, refused)

    def lost(self) -> None:
        """The connection is gone: what was not acknowledged must go out again."""
        self._not_before = 0.0
        for unsent in self.waiting:
            unsent.tried = unsent.tried or unsent.flying
            unsent.flying = False

    def adopt(self, event: Object) -> bool:
        """Take an own message that the server tells for one whose acknowledgement was lost.

        Only where one is somebody else to the server now, so that the nonce is not known to it.
        """
        title, text = wire.name(event, "in"), wire.text(event, "text", lines=True)
        for unsent in self.waiting:
            same = key_of(unsent.title) == key_of(title) and unsent.line.text == text
            if same and unsent.tried and not unsent.flying:
                self._sent(unsent, {**event, "to": title})
                return True
        return False

    def _sent(self, unsent: Unsent, reply: Object) -> None:
        self.waiting.remove(unsent)
        line = unsent.line
        conversation = self._state.open(wire.name(reply, "to") or unsent.title)
        self._state.open(unsent.title).remove(line)
        line.mark = "stored" if reply.get("state") == "stored" else "sent"
        line.note = ""
        line.t = wire.moment(reply, "t", line.t)
        seq = wire.number(reply, "seq")
        if seq is not None and _is_told(conversation, seq, line):
            return
        line.seq = seq
        if seq is not None:
            conversation.take(seq, line.t)
        conversation.place(line)
        conversation.spoke(line.who)
        self._state.mark(conversation, line)
        if conversation.has_hole:
            self._fill(conversation.title)
        self.pump()

    def _refused(self, unsent: Unsent, reply: Object) -> None:
        line = unsent.line
        line.note = refusal(reply)
        if wire.number(reply, "code") in _FOR_NOW:
            unsent.flying = False
            wait = wire.number(reply, "wait")
            self._not_before = self._now() + (TRY_AGAIN if wait is None else min(wait, 60))
            return
        self.waiting.remove(unsent)
        line.mark = "refused"
        self._state.mark(self._state.open(unsent.title), line)
        if self._state.find(unsent.title) is not self._state.current:
            self._state.tell(line.note, self._now(), kind="error")
        if unsent.place == self._state.current.key:
            self._give_back(unsent.typed)
        else:
            self._state.drafts.give_back(unsent.place, unsent.typed)
        self.pump()


def line_for(command: Message, you: str, t: float) -> Line:
    """Return the line that shows a message of ``you``, written at ``t``, until it is sent."""
    kind = _kind(command)
    return Line(
        kind=kind,
        t=t,
        text="" if kind == "once" else msgspec.structs.asdict(command)["text"],
        who=you,
        own=True,
        mark="sending",
        reply=command.seq if isinstance(command, Reply) else None,
        room=(command.room or "") if isinstance(command, Whisper) else "",
    )


def _kind(command: Message) -> Kind:
    if isinstance(command, Me):
        return "me"
    if isinstance(command, Once):
        return "once"
    return "whisper" if isinstance(command, Whisper) else "text"


def _is_told(conversation: Conversation, seq: int, line: Line) -> bool:
    """Whether the message with that number is shown already, told after a lost connection."""
    if not conversation.is_known(seq):
        return False
    if conversation.is_another(seq, line.t):
        conversation.renumber()
        return False
    other = conversation.find(seq)
    if other is not None:
        other.mark = line.mark
    return other is not None
