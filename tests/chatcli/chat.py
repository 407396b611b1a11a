"""A session whose server is the test: a script of what is sent and what comes."""

from typing import Any

from chatcli.model import State
from chatcli.person import Credentials, Secret
from chatcli.session import Session
from chatd.core import commands as asked
from tests.chatcli.events import NOW, Event, entered, hello, logged_in, stamp


class Chat:
    """A session whose server is the test."""

    def __init__(self, nick: str | None = None, credentials: Credentials | None = None) -> None:
        self.sent: list[Any] = []
        self.given_back: list[str] = []
        self.revealed: list[Secret] = []
        self.known: list[Credentials | None] = []
        self.wrong: list[str] = []
        self.time = NOW
        self.state = State()
        self.session = Session(self.state, self.sent.append, lambda: self.time, self)
        self.session.come_as(nick, credentials)

    # Who sits at the screen

    def give_back(self, typed: str) -> None:
        self.given_back.append(typed)

    def reveal(self, secret: Secret) -> None:
        self.revealed.append(secret)

    def known_as(self, credentials: Credentials | None) -> None:
        self.known.append(credentials)

    def wrong_secret(self, credentials: Credentials) -> None:
        self.wrong.append(credentials.name)

    # The server

    def take(self, kind: type[asked.Command]) -> list[Any]:
        """Return the commands of a kind that were sent, and forget them."""
        found = [command for command in self.sent if isinstance(command, kind)]
        self.sent[:] = [command for command in self.sent if not isinstance(command, kind)]
        return found

    def one(self, kind: type[asked.Command]) -> Any:
        """Return the only command of its kind that was sent."""
        (command,) = self.take(kind)
        return command

    def tell(self, *events: Event) -> None:
        for event in events:
            self.session.received(event)

    def reply(self, command: asked.Command, **result: Any) -> None:
        self.session.received({"re": command.id, "ok": True, **result})

    def refuse(self, command: asked.Command, code: int, **more: Any) -> None:
        words = {"code": code, "name": "NAME", "text": "No.", "try": "/other"}
        self.session.received({"re": command.id, "ok": False, **words, **more})

    def sent_ok(self, command: Any, seq: int, state: str = "delivered") -> None:
        self.reply(command, seq=seq, t=stamp(seq), state=state, to=command.to)

    def begin(self, you: str = "guest-1", seq: int = 0) -> None:
        """Connect for the first time."""
        self.session.connected()
        (first,) = [*self.take(asked.Ping), *self.take(asked.Nick)]
        self.tell(hello(you))
        self.reply(first)
        for nick in self.take(asked.Nick):
            self.reply(nick, nick=nick.name)
        self.reply(self.one(asked.Join), **entered(seq=seq))

    def log_in(self, **more: Any) -> None:
        """Connect for the first time, as the account ana."""
        self.session.connected()
        self.tell(hello("ana", account="ana"))
        self.reply(self.one(asked.Login), **logged_in(**more))

    def marks(self, title: str = "#lobby") -> list[tuple[str, str]]:
        conversation = self.state.find(title)
        assert conversation is not None
        return [(line.text, line.mark) for line in conversation.lines if line.own]
