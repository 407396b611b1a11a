"""Coming to the server and coming back: who one is there, and where. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chatcli import state as telling
from chatcli import wire
from chatcli.account import log_in, log_out
from chatcli.model import CONVERSATIONS_KEPT, Need, State
from chatcli.person import Credentials, Person
from chatcli.requests import Requests
from chatcli.wire import Object
from chatd.core.commands import Join, Login, Nick, Ping, Register, Resume
from chatd.core.names import GUEST

SEEN_BYTES = 8192  # of a resume: the server knows the rest by itself
LOGIN_AGAIN = 5.0  # seconds, where the server doesn't say
_FOR_NOW = frozenset({429, 503})


class Place(Protocol):
    """Whom settling in has something to tell."""

    def apply(self, event: Object) -> None:
        """An event came with a reply."""

    def serve(self, needs: list[Need]) -> None:
        """Something is missing."""

    def refused(self, reply: Object) -> None:
        """Something was refused."""

    def settled(self, *, anew: bool) -> None:
        """One is somebody to the server now; ``anew``: it knows nothing of what one had sent."""


class Settling:
    """Begins and resumes sessions. ``now`` gives seconds since the epoch.

    ``nick`` is the name that a guest wants, ``credentials`` are those of who wants to be an
    account; ``was`` is who one was over the connection before.
    """

    def __init__(
        self,
        state: State,
        requests: Requests,
        now: Callable[[], float],
        place: Place,
        person: Person,
    ) -> None:
        self.credentials: Credentials | None = None
        self.nick: str | None = None
        self.was = ""
        self._was_guest = True
        self._state = state
        self._requests = requests
        self._now = now
        self._place = place
        self._person = person
        # What resumes the session: the one that is settled, and the one that a hello offered.
        self._token = self._offered = ""
        self._rooms: list[str] = []
        self._waiting = 0
        self._login_at: float | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is not settled yet."""
        return self._waiting > 0

    def connected(self) -> None:
        """A connection was made: take up the last session, or begin one."""
        self.was, self._was_guest = self._state.you, self._state.account is None
        self._waiting, self._login_at = 0, None
        if self._token:
            resume = Resume(token=self._token, seen=self._seen())
            self._requests.ask(resume, self._resumed, self._not_resumed)
        elif self.credentials is not None:
            self._log_in(self.credentials)
        else:
            self._introduce()

    def _introduce(self) -> None:
        # Who comes with a name is shown to the others under it from the beginning.
        first = Nick(name=self.nick) if self.nick else Ping()
        self._requests.ask(first, self._settle, self._settle)

    def _seen(self) -> dict[str, int]:
        seen: dict[str, int] = {}
        size = 0
        for conversation in self._state.conversations.values():
            size += len(conversation.title.encode()) + 24
            if conversation.seen is not None and size < SEEN_BYTES:
                seen[conversation.title] = conversation.seen
        return seen

    def tick(self) -> None:
        """Log in again where the server asked to wait."""
        if self._login_at is not None and self._now() >= self._login_at:
            self._login_at = None
            if self.credentials is not None:
                self._log_in(self.credentials, again=True)

    def greet(self, hello: Object) -> None:
        """Take what the server says first."""
        self._offered = wire.text(hello, "resume")
        self._rooms = [title for title in wire.texts(hello, "in") if title.startswith("#")]

    def lost(self) -> None:
        """The connection is gone: until there is another, one is who one will be over that."""
        if self.credentials is not None:
            self._state.you = self._state.account = self.credentials.name

    def _take_session(self) -> None:
        """One is somebody in this session: from now on it is the one to be resumed."""
        self._token = self._offered or self._token

    def forget_session(self) -> None:
        """The server does not want this session back."""
        self._token = ""

    # Resuming

    def _resumed(self, reply: Object) -> None:
        self._take_session()
        state, now = self._state, self._now()
        for private in wire.objects(reply, "privates"):
            state.past[wire.key_of(wire.name(private, "to"))] = wire.number(private, "seq") or 0
        for room in wire.objects(reply, "rooms"):
            self._place.serve(telling.enter(state, room, now))
        state.you = wire.name(reply, "you") or state.you
        there = {wire.key_of(title) for title in wire.texts(reply, "in")}
        for conversation in list(state.conversations.values()):
            if conversation.joined and conversation.key not in there:
                title = conversation.title
                words = f"You are not in {title} any more. Try: /join {title}"
                state.shut_out(conversation, words, now)
        self._place.settled(anew=False)

    def _not_resumed(self, reply: Object) -> None:
        """The server has forgotten: be who one was, and go where one was."""
        self._token = ""
        self._state.past.clear()
        if self.credentials is not None:
            self._log_in(self.credentials)
            return
        self._be_guest_again()
        self._settle(reply)

    def _be_guest_again(self) -> None:
        """Keep one's name, but not the numbers of conversations that were somebody else's."""
        if self.was and not self.was.startswith(GUEST) and self._was_guest:
            self.nick = self.was
        self._state.account, self._state.role = None, "guest"
        for conversation in self._state.conversations.values():
            if not conversation.is_room:
                conversation.renumber()

    # Guests

    def _settle(self, _: Object) -> None:
        """Take the name, and enter the rooms."""
        self._take_session()
        self._waiting = 0
        self._place.settled(anew=True)
        if self.nick and not self._state.is_you(self.nick):
            self._waiting += 1
            self._requests.ask(Nick(name=self.nick), self._named, self._badly_settled)
        conversations = self._state.conversations.values()
        rooms = [each.title for each in conversations if each.joined and not each.old]
        for title in dict.fromkeys([*self._rooms, *rooms]):
            self.join(title)

    def join(self, title: str) -> None:
        """Learn what there is to know of a room, without showing it."""
        if self._waiting >= CONVERSATIONS_KEPT:
            return

        def joined(reply: Object) -> None:
            self._waiting -= 1
            needs = telling.enter(self._state, reply, self._now(), self._place.apply)
            self._place.serve(needs)

        self._waiting += 1
        self._requests.ask(Join(room=title), joined, self._badly_settled)

    def _named(self, reply: Object) -> None:
        self._waiting -= 1
        self.renamed(wire.name(reply, "nick"))

    def renamed(self, nick: str) -> None:
        """One has another name."""
        if nick:
            event = {"ev": "nick", "old": self._state.you, "nick": nick}
            self._place.serve(telling.apply(self._state, event, self._now()))
            if self._state.account is None:
                self.nick = nick

    def _badly_settled(self, reply: Object) -> None:
        self._waiting -= 1
        self._place.refused(reply)

    # Accounts

    def _log_in(self, credentials: Credentials, *, again: bool = False) -> None:
        command = Login(name=credentials.name, password=credentials.secret)

        def refused(reply: Object) -> None:
            self._not_logged_in(credentials, reply, again=again)

        self._requests.ask(command, lambda reply: self._logged_in(credentials, reply), refused)

    def _logged_in(self, credentials: Credentials, reply: Object) -> None:
        self._take_session()
        self.take_login(credentials, reply)
        self._place.settled(anew=False)

    def _not_logged_in(self, credentials: Credentials, reply: Object, *, again: bool) -> None:
        code = wire.number(reply, "code")
        why = credentials.why_refused(code)
        if why:
            self._state.tell(why, self._now(), kind="error")
        else:
            self._place.refused(reply)
        if code in _FOR_NOW:
            wait = wire.number(reply, "wait")
            self._login_at = self._now() + (LOGIN_AGAIN if wait is None else min(wait, 900))
        else:
            self.credentials = None
            self._person.wrong_secret(credentials)
        if not again:
            self._be_guest_again()
            self._introduce()

    def logged_in(self, command: Login | Register, reply: Object) -> None:
        """A person has logged in, or has made an account."""
        name = wire.name(reply, "account") or wire.name(reply, "you")
        credentials = Credentials(name, command.password)
        if isinstance(command, Register):
            state = self._state
            self.renamed(wire.name(reply, "you"))
            state.account, state.role = name, wire.text(reply, "role") or "user"
            self.credentials = credentials
            self._person.known_as(credentials)
        else:
            self.take_login(credentials, reply)

    def take_login(self, credentials: Credentials, reply: Object) -> None:
        """Be an account from now on."""
        needs = log_in(self._state, reply, self._now(), self._place.apply)
        self.credentials = credentials._replace(name=self._state.account or credentials.name)
        self.nick = None
        self._place.serve([*needs, Need("who")])
        self._person.known_as(self.credentials)

    def logged_out(self, reply: Object) -> None:
        """Be a guest from now on."""
        self.credentials = None
        log_out(self._state, reply, self._now())
        self._place.serve([Need("who")])
        self._person.known_as(None)

    def changed_password(self, password: str) -> None:
        """The account has another password."""
        if self.credentials is not None:
            self.credentials = self.credentials._replace(secret=password, place="")
