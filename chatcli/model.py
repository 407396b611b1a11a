"""What the client holds: conversations, people, who one is. Pure; times come in with the call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol

from chatcli.conversation import Conversation
from chatcli.drafts import Drafts
from chatcli.findings import Findings
from chatcli.line import Kind, Line, Member
from chatcli.ordering import by_activity, by_hand, moved
from chatcli.settings import Settings
from chatcli.wire import Object, key_of

CONVERSATIONS_KEPT = 500
PEOPLE_KEPT = 50_000
MEMBERS_KEPT = 100_000  # of all rooms together
ROOMS_KNOWN = 1000
HOME = "server"


class Person(NamedTuple):
    """Somebody who is here.

    ``state`` is online or away, ``text`` why away, ``role`` what he is on the server.
    """

    nick: str
    state: str
    text: str = ""
    role: str = ""


class Witness(Protocol):
    """Who is told at once what comes, besides that the state holds it."""

    def came(self, conversation: Conversation, line: Line) -> None:
        """A line came: something was said, now or in what was missed, or there are words."""

    def done(self, conversation: Conversation, act: Object) -> None:
        """Something was done to a message: it was edited, deleted, or reacted to."""

    def marked(self, conversation: Conversation, line: Line) -> None:
        """An own message has got as far as its mark says."""


class Need(NamedTuple):
    """What must be asked of the server: to fill a hole, for all people, or for a room."""

    what: Literal["fill", "who", "join"]
    title: str = ""


@dataclass(eq=False, kw_only=True)
class State:
    """All that is shown, and what it takes to go on after a lost connection."""

    settings: Settings = field(default_factory=Settings)
    you: str = ""
    account: str | None = None
    role: str = "guest"
    # Keys of those whom one ignores.
    ignored: set[str] = field(default_factory=set)
    server: str = ""
    motd: str = ""
    limits: dict[str, int] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    drafts: Drafts = field(default_factory=Drafts)
    current_key: str = HOME
    # The keys of conversations in an order of one's own.
    places: list[str] = field(default_factory=list)
    # How many times a conversation was left.
    visits: int = 0
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
    witnesses: list[Witness] = field(default_factory=list)
    # Whether what is taken in was sent by itself, and is no answer to a question for the past.
    live: bool = False
    # By conversation, the newest number when one came to the server: up to it all is past.
    past: dict[str, int] = field(default_factory=dict)
    # Rooms that the server listed, by title.
    rooms_known: dict[str, str] = field(default_factory=dict)
    # What else it told, for the completion: labels of one's tokens, and names of accounts.
    labels: list[str] = field(default_factory=list)
    accounts_known: list[str] = field(default_factory=list)

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
        return self.conversations.setdefault(
            HOME, Conversation(title=HOME, kept=self.settings.lines)
        )

    def find(self, title: str) -> Conversation | None:
        """Return a conversation that is open."""
        return self.conversations.get(key_of(title))

    def open(self, title: str) -> Conversation:
        """Return a conversation; it is opened where it is not."""
        key = key_of(title)
        conversation = self.conversations.get(key)
        if conversation is None:
            conversation = Conversation(title=title, kept=self.settings.lines)
            if len(self.conversations) >= CONVERSATIONS_KEPT:
                # It is not kept; so many are nobody's wish.
                return conversation
            self.conversations[key] = conversation
        home = self.conversations.pop(HOME, None)
        if home is not None:
            conversation.place_before(home.lines)
            self.drafts.rename(HOME, key)
            if self.current_key == HOME:
                self.current_key = key
        return conversation

    def listed(self) -> list[Conversation]:
        """Return the conversations in the order of their list."""
        found = self.conversations.values()
        if self.settings.order == "activity":
            return by_activity(found)
        return by_hand(found, self.places)

    def move(self, step: int) -> None:
        """Put the current conversation ``step`` lower; from then on the order is one's own."""
        keys = moved(self.listed(), self.current, step)
        self.places = [*keys, *(key for key in self.places if key not in self.conversations)]
        self.settings = replace(self.settings, order="hand")

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
        self.place(conversation, Line(kind="error", t=now, text=words))

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
                self.visits += 1
                former.visited = self.visits
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

    def leave_list(self) -> None:
        """Let a list go that covers what happens; not where one has jumped from it."""
        if self.findings is not None and not self.findings.covered:
            self.findings = None

    # Lines

    def place(self, conversation: Conversation, line: Line) -> None:
        """Put a line that has come into a conversation."""
        conversation.place(line)
        for witness in self.witnesses:
            witness.came(conversation, line)

    def mark(self, conversation: Conversation, line: Line) -> None:
        """An own message has got as far as its mark says."""
        for witness in self.witnesses:
            witness.marked(conversation, line)

    def is_happening(self, conversation: Conversation, seq: int | None) -> bool:
        """Whether a message with that number, or words without one, come as they are said."""
        return self.live and (seq is None or seq > self.past.get(conversation.key, 0))

    def tell(self, text: str, now: float, *, kind: Kind = "server", title: str = "") -> None:
        """Show words of the server or of the client, in the current conversation by default."""
        conversation = (self.find(title) if title else None) or self.current
        self.place(conversation, Line(kind=kind, t=now, text=text))

    def answer(self, text: str, now: float, *, kind: Kind = "server") -> None:
        """Answer what a person asked, where it is seen: what covers the newest lines goes."""
        self.leave_place(all_=True)
        self.tell(text, now, kind=kind)

    def is_you(self, nick: str) -> bool:
        """Whether ``nick`` is one's own."""
        return bool(self.you) and key_of(nick) == key_of(self.you)

    @property
    def room_for_members(self) -> int:
        """How many more members of rooms are kept."""
        known = sum(len(each.members) for each in self.conversations.values())
        return max(0, MEMBERS_KEPT - known)

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
        typing = self.current.typing.items()
        return [nick for key, (nick, until) in typing if until > now and key not in self.ignored]

    def see(self, nick: str, state: str, why: str = "", role: str = "") -> None:
        """Remember the presence of somebody, and his role on the server where it is told."""
        key = key_of(nick)
        self.roster += 1
        known = self.people.get(key)
        if state not in {"online", "away"}:
            self.people.pop(key, None)
        elif known is not None or len(self.people) < PEOPLE_KEPT:
            self.people[key] = Person(nick, state, why[:200], role or (known.role if known else ""))
