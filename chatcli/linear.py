"""A chat as lines that are told once, in their order: what is worth a line, and when. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import HOME, State
from chatcli.plain import plain_act, plain_line
from chatcli.wire import Object

CONTEXT = 5  # lines of a conversation that are told where one goes to it
MOST = 50  # of them, where so many are unread
_DATED = "%Y-%m-%d %H:%M"
_NONE = 2**53  # higher than any number


class Narrator:
    """Tells what comes, by ``tell``, a line or several at a time. A witness of the state.

    ``now`` is the time at which it begins, in seconds since the epoch.
    """

    def __init__(self, state: State, tell: Callable[[str], None], now: float) -> None:
        self._state = state
        self._tell = tell
        self._day = _day_of(now)
        # Keys of conversations that were there before: what comes of their past was missed.
        self._known: set[str] = set()
        # By conversation, the newest number when one came for the first time.
        self._began: dict[str, int] | None = None
        self._shown: Conversation | None = None
        # The lowest number that is here, and that was told since one came here.
        self._oldest = self._told_from = 0
        self._earlier_wanted = False

    # What comes

    def came(self, conversation: Conversation, line: Line) -> None:
        """A line came."""
        if line.kind in {"server", "error"}:
            self._tell(plain_line(conversation.title, line))
        elif line.ignored or not self._is_fresh(conversation, line.seq):
            return
        elif line.kind != "quiet" or self._is_heard(conversation):
            self._say(conversation, line)

    def done(self, conversation: Conversation, act: Object) -> None:
        """Something was done to a message."""
        of = act.get("of")
        line = conversation.find(of) if isinstance(of, int) else None
        words = plain_act(conversation.title, act, line)
        by_you = self._state.is_you(str(act.get("by")))
        if words and not by_you and self._is_fresh(conversation, wire.number(act, "seq")):
            self._tell(words)

    def marked(self, conversation: Conversation, line: Line) -> None:
        """An own message has got on; that it is on the server's disk goes without saying."""
        if line.mark == "stored":
            self._tell(f"{conversation.title} has nobody to read it now; it is kept.")
        elif line.mark == "refused" and conversation is self._state.current:
            self._tell(f"Error: {line.note}")

    def _is_heard(self, conversation: Conversation) -> bool:
        """Whether one wants to hear who comes and goes there."""
        return self._state.settings.comings and conversation is self._state.current

    def _is_fresh(self, conversation: Conversation, seq: int | None) -> bool:
        """Whether something comes now, or was missed since one began; else it is only unread."""
        if self._began is None or (seq or _NONE) <= self._began.get(conversation.key, 0):
            return False
        return self._state.live or conversation.key in self._known

    def _say(self, conversation: Conversation, line: Line) -> None:
        day = _day_of(line.t)
        if day != self._day:
            self._day = day
            self._tell(f"{day:%A, %d %B %Y}")
        self._tell(plain_line(conversation.title, line, _quoted(conversation, line)))

    # What is to be seen

    def recall(self, text: str) -> bool:
        """Tell what is asked for by ``/history`` and is here; return whether there was anything.

        Where there is none, all of what then comes from the server is told.
        """
        word, _, limit = text.strip().partition(" ")
        if word != "/history" or not (limit.isdecimal() or not limit):
            return False
        current = self._state.current
        lines = self._before(current, self._told_from)[-int(limit or MOST) :]
        self._tell_numbered(current, lines)
        self._earlier_wanted = not lines
        return bool(lines)

    def look(self, *, online: bool = True) -> None:
        """Tell what has changed in what a screen would show.

        Until one is ``online`` for the first time, that is what was kept of the last time.
        """
        if self._state.findings is not None:
            self._tell_findings()
        current = self._state.current
        if current.key == HOME:
            return
        if self._began is None and online:
            self._began, self._shown = dict(self._state.past), None
            self._greet()
        if current is not self._shown:
            self._shown = current
            self._introduce(current)
        else:
            self._tell_earlier(current)
        self._oldest = _oldest(current)
        self._known.update(self._state.conversations)

    def _greet(self) -> None:
        state = self._state
        rooms = [each.title for each in state.conversations.values() if each.joined]
        self._tell(f"You are {state.you}{', in ' * bool(rooms)}{', '.join(rooms)}.")
        unread = [each for each in state.listed() if each.fresh]
        if unread:
            words = (
                f"{each.title} {each.fresh}{' (you are called)' * bool(each.calls)}"
                for each in unread
            )
            self._tell(f"Unread: {', '.join(words)}. Try: /go TO, or /catchup")

    def _introduce(self, conversation: Conversation) -> None:
        about = f": {conversation.topic}" if conversation.topic else ""
        self._tell(f"Now in {conversation.title}{about}")
        said = _said(conversation.lines)
        fresh = [line for line in said if (line.seq or 0) > conversation.read]
        lines = fresh[-MOST:] if len(fresh) > CONTEXT else said[-CONTEXT:]
        self._told_from = next((line.seq for line in lines if line.seq is not None), _NONE)
        more = conversation.unread - min(len(fresh), MOST)
        if more > 0 and not conversation.opened:
            self._tell(f"{more} more are unread. Try: /history")
        for line in lines:
            self._say(conversation, line)

    def _tell_earlier(self, conversation: Conversation) -> None:
        """Tell a page of what was said before; of one that nobody asked for, its end."""
        if _oldest(conversation) >= self._oldest:
            return
        earlier = self._before(conversation, self._oldest)
        if self._earlier_wanted:
            self._earlier_wanted = False
            self._tell_numbered(conversation, earlier)
            return
        here = len(_said(conversation.lines)) - len(earlier)
        wanted = max(CONTEXT, conversation.unread) - here
        for line in earlier[-wanted:] if wanted > 0 else []:
            self._told_from = min(self._told_from, line.seq or _NONE)
            self._say(conversation, line)

    def _before(self, conversation: Conversation, seq: int) -> list[Line]:
        lines = _said(conversation.lines)
        return [line for line in lines if line.seq is not None and line.seq < seq]

    def _tell_numbered(self, conversation: Conversation, lines: list[Line]) -> None:
        for line in lines:
            self._told_from = min(self._told_from, line.seq or _NONE)
            self._tell_one(conversation.title, line)

    def _tell_findings(self) -> None:
        findings, self._state.findings = self._state.findings, None
        if findings is None:
            return
        self._tell(f"{findings.heading}:")
        for title, line in findings.hits:
            self._tell_one(title, line)

    def _tell_one(self, title: str, line: Line) -> None:
        """Tell a line of the past, with its number and time."""
        quoted = _quoted(self._state.find(title), line)
        self._tell(plain_line(title, line, quoted, number=True, clock=_DATED))


def _quoted(conversation: Conversation | None, line: Line) -> Line | None:
    if conversation is None or line.reply is None:
        return None
    return conversation.find_quoted(line.reply)


def _said(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.is_said and not line.ignored]


def _oldest(conversation: Conversation) -> int:
    """Return the lowest number that is here; higher than any where there is none."""
    oldest = conversation.oldest
    return _NONE if oldest is None else oldest


def _day_of(t: float) -> date:
    return datetime.fromtimestamp(t).astimezone().date()
