"""What the client holds: conversations, people, who one is. Pure; times come in with the call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from chatcli.conversation import Conversation
from chatcli.findings import Findings
from chatcli.line import Kind, Line, Member
from chatcli.wire import key_of

CONVERSATIONS_KEPT = 500
PEOPLE_KEPT = 50_000
HOME = "server"


class Person(NamedTuple):
    """Somebody who is here.

    ``state`` is online or away, ``text`` why away, ``role`` what he is on the server.
    """

    nick: str
    state: str
    text: str = ""
    role: str = ""


class Need(NamedTuple):
    """What must be asked of the server: to fill a hole, for all people, or for a room."""

    what: Literal["fill", "who", "join"]
    title: str = ""


@dataclass(eq=False, kw_only=True)
class State:
    """All that is shown, and what it takes to go on after a lost connection."""

    you: str = ""
    account: str | None = None
    role: str = "guest"
    # Keys of those whom one ignores.
    ignored: set[str] = field(default_factory=set)
    server: str = ""
    motd: str = ""
    limits: dict[str, int] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    current_key: str = HOME
    # Whether somebody looks at the newest lines of the current conversation.
    looking: bool = True
    # A list of messages, and a place in the past, that cover the current conversation.
    findings: Findings | None = None
    excerpt: Conversation | None = None
    # The line that is to be brought into view.
    sought: Line | None = None
    people: dict[str, Person] = field(default_factory=dict)
    presence: int | None = None
    # Counts what may change who is in the current conversation.
    roster: int = 0
    _listed: tuple[tuple[int, str, str], list[tuple[Member, Person]]] | None = None
    # Rooms that the server listed, by title.
    rooms_known: dict[str, str] = field(default_factory=dict)

    # Conversations

    @property
    def current(self) -> Conversation:
        """The conversation that is shown."""
        conversation = self.conversations.get(self.current_key)
        if conversation is None:
            conversation = next(iter(self.conversations.values()), None) or self._home()
            self.current_key = conversation.key
        return conversation

    def _home(self) -> Conversation:
        # Before the first room there must be a place for what there is to say.
        return self.conversations.setdefault(HOME, Conversation(title=HOME))

    def find(self, title: str) -> Conversation | None:
        """Return a conversation that is open."""
        return self.conversations.get(key_of(title))

    def open(self, title: str) -> Conversation:
        """Return a conversation; it is opened where it is not."""
        key = key_of(title)
        if key not in self.conversations and len(self.conversations) >= CONVERSATIONS_KEPT:
            # It is not kept; so many are nobody's wish.
            return Conversation(title=title)
        conversation = self.conversations.setdefault(key, Conversation(title=title))
        home = self.conversations.pop(HOME, None)
        if home is not None:
            conversation.place_before(home.lines)
            if self.current_key == HOME:
                self.current_key = key
        return conversation

    def listed(self) -> list[Conversation]:
        """Return the conversations in the order of their list: rooms first."""
        return sorted(self.conversations.values(), key=lambda each: not each.is_room)

    def close(self, title: str) -> None:
        """Close a conversation; the next one is shown."""
        closed = self.find(title)
        if closed is None:
            return
        listed = self.listed()
        place = listed.index(closed)
        was_current = closed is self.current
        del self.conversations[closed.key]
        listed.remove(closed)
        if was_current:
            self.go(listed[min(place, len(listed) - 1)].title if listed else self._home().title)

    def leave(self, title: str, now: float) -> None:
        """One is not in a room any more."""
        self.close(title)
        self.tell(f"You left {title}.", now)

    def shut_out(self, conversation: Conversation, words: str, now: float) -> None:
        """One is not in a room any more, against one's will: what was said there can be read."""
        self.roster += 1
        conversation.joined = False
        conversation.members.clear()
        conversation.typing.clear()
        conversation.place(Line(kind="error", t=now, text=words))

    def go(self, title: str) -> None:
        """Show a conversation that is open."""
        key = key_of(title)
        if key not in self.conversations:
            return
        if key != self.current_key:
            self.excerpt = self.sought = self.findings = None
            former = self.conversations.get(self.current_key)
            if former is not None:
                former.clear_mark()
                former.target = None
        self.current_key = key

    def go_by(self, step: int) -> None:
        """Show the conversation that is ``step`` below the current one."""
        listed = self.listed()
        place = listed.index(self.current)
        self.go(listed[(place + step) % len(listed)].title)

    def go_to_news(self) -> None:
        """Show the next conversation with something unread, those that call first."""
        listed = self.listed()
        place = listed.index(self.current)
        others = [*listed[place + 1 :], *listed[:place]]
        found = [each for each in others if each.fresh]
        if found:
            self.go(max(found, key=lambda each: bool(each.calls)).title)

    # Places in the past

    @property
    def shown(self) -> Conversation:
        """What is shown where messages are: the current conversation, or a part of its past."""
        return self.excerpt or self.current

    def seek(self, conversation: Conversation, line: Line) -> None:
        """Bring a line of the current conversation, or of an excerpt from it, into view."""
        self.excerpt = None if conversation is self.current else conversation
        conversation.target = line.seq
        self.sought = line
        if self.findings is not None:
            self.findings.covered = True

    def leave_place(self, *, all_: bool = False) -> None:
        """Go back from a place in the past to the list, from the list to the conversation."""
        self.excerpt = self.sought = None
        self.current.target = None
        if all_ or (self.findings is not None and not self.findings.covered):
            self.findings = None
        elif self.findings is not None:
            self.findings.covered = False

    # Lines

    def tell(self, text: str, now: float, *, kind: Kind = "server", title: str = "") -> None:
        """Show words of the server or of the client, in the current conversation by default."""
        conversation = (self.find(title) if title else None) or self.current
        conversation.place(Line(kind=kind, t=now, text=text))

    def is_you(self, nick: str) -> bool:
        """Whether ``nick`` is one's own."""
        return bool(self.you) and key_of(nick) == key_of(self.you)

    def presence_of(self, nick: str) -> Person:
        """Return what is known of a person."""
        return self.people.get(key_of(nick)) or Person(nick, "offline")

    def members(self) -> list[tuple[Member, Person]]:
        """Return who is in the current conversation: those who are here first, then by name."""
        basis = (self.roster, self.current.key, self.you)
        if self._listed is None or self._listed[0] != basis:
            self._listed = (basis, self._list_members())
        return self._listed[1]

    def _list_members(self) -> list[tuple[Member, Person]]:
        conversation = self.current
        if conversation.is_room:
            people = list(conversation.members.values())
        elif conversation.title.startswith("@"):
            people = [Member(conversation.title[1:], ""), Member(self.you, "")]
        else:
            people = []
        order = {"online": 0, "away": 1}
        found = [(member, self.presence_of(member.nick)) for member in people if member.nick]
        found.sort(key=lambda pair: (order.get(pair[1].state, 2), key_of(pair[0].nick)))
        return found

    def typing(self, now: float) -> list[str]:
        """Return who types in the current conversation."""
        return [nick for nick, until in self.current.typing.values() if until > now]

    def see(self, nick: str, state: str, why: str = "", role: str = "") -> None:
        """Remember the presence of somebody, and his role on the server where it is told."""
        key = key_of(nick)
        self.roster += 1
        known = self.people.get(key)
        if state not in {"online", "away"}:
            self.people.pop(key, None)
        elif known is not None or len(self.people) < PEOPLE_KEPT:
            self.people[key] = Person(nick, state, why, role or (known.role if known else ""))
