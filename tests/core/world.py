"""A hub as a script: inputs in, what each session was told out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeVar

from chatd.core.commands import Command, Login, Register
from chatd.core.effects import Deliver, Effect
from chatd.core.errors import Refusal
from chatd.core.events import Refused, RefusedReply
from chatd.core.grammar import parse
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Connect, Disconnect, Found, Input, Proof, Tick, Vouched
from chatd.core.limits import Limits
from chatd.core.log import Logged
from chatd.core.queries import Remembered
from chatd.core.results import Telling

START = 1_700_000_000_000  # ms since the epoch
T = TypeVar("T")


def token_of(session: str) -> str:
    """Return the resume token of a session that ``World.connect`` made."""
    return f"r.{session}"


def digest_of(session: str) -> str:
    """Return what stands for the password's hash of an account."""
    return f"digest of {session}"


class World:
    """A hub, its clock in milliseconds, and what every session has been told."""

    def __init__(self, *, hub: Hub | None = None, **limits: Any) -> None:
        self.hub = hub or Hub(Settings(server="test", motd="", limits=Limits(**limits)))
        self.now = START
        self.effects: list[Effect] = []
        self._inbox: defaultdict[str, list[Telling]] = defaultdict(list)

    def give(self, session: str, command: Input) -> list[Effect]:
        """Hand in one input; return the effects, and put what is told into the inboxes."""
        effects = self.hub.handle(session, command, self.now)
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Deliver):
                for reader in effect.audience:
                    if reader != effect.skip:
                        self._inbox[reader].append(effect.event)
        return effects

    def connect(
        self,
        *sessions: str,
        mode: str = "text",
        console: bool = False,
        nick: bool = True,
        address: str = "192.0.2.1",
    ) -> None:
        """Connect sessions; each takes its own name as its nick. Nobody has heard anything yet."""
        for session in sessions:
            token = token_of(session)
            self.give(session, Connect(address=address, mode=mode, token=token, console=console))
            if nick and not console:
                self.say(session, f"/nick {session}")
        self._inbox.clear()

    def say(self, session: str, line: str) -> list[Effect]:
        """Have a session send a line. A line that is no command is a defect of the test."""
        command = parse(line)
        assert command is not None, line
        return self.give(session, command)

    def disconnect(self, session: str, why: str = "left") -> list[Effect]:
        """End a session's connection."""
        return self.give(session, Disconnect(why))

    def tick(self, seconds: float) -> list[Effect]:
        """Let time pass."""
        self.now += int(seconds * 1000)
        return self.give("", Tick())

    def found(
        self, session: str, command: Command, logged: Logged | None, *emoji: str
    ) -> list[Effect]:
        """Answer a look-up; ``emoji`` are the asker's under what was found."""
        return self.give(session, Found(command, Remembered(logged, frozenset(emoji))))

    def vouch(self, session: str, command: Command, **proof: Any) -> list[Effect]:
        """Have a session send a command whose secrets were looked at, with what came out."""
        return self.give(session, Vouched(command, Proof(**proof)))

    def register(self, *sessions: str) -> None:
        """Make accounts of sessions; nobody has heard anything of it."""
        for session in sessions:
            self.vouch(session, Register(password=""), fresh=digest_of(session))
        self._inbox.clear()

    def login(self, session: str, name: str) -> list[Effect]:
        """Log a session in to an account that ``register`` made of the session ``name``."""
        login = Login(name=name, password="")
        return self.vouch(session, login, digest=digest_of(name))

    def make_admin(self, *sessions: str) -> None:
        """Make administrators of sessions that have accounts."""
        for session in sessions:
            user = self.hub.sessions[session].user
            assert user is not None
            assert user.account is not None
            user.account.role = "admin"

    def heard(self, session: str) -> list[Telling]:
        """Return what a session was told since the last time."""
        return self._inbox.pop(session, [])

    def silence(self) -> None:
        """Forget what everybody was told so far."""
        self._inbox.clear()

    def answer(self, session: str, line: str, kind: type[T]) -> T:
        """Have a session send a line; return the one answer of ``kind`` that it got."""
        self.heard(session)
        self.say(session, line)
        (found,) = (told for told in self.heard(session) if isinstance(told, kind))
        return found

    def refusal(self, session: str, line: str) -> tuple[int, str]:
        """Have a session send a line that is refused; return the error's number and sentence."""
        self.heard(session)
        try:
            self.say(session, line)
        except Refusal as bad:
            return bad.code, bad.text
        refused = Refused | RefusedReply
        (found,) = (told for told in self.heard(session) if isinstance(told, refused))
        return found.code, found.text

    def code(self, session: str, line: str) -> int:
        """Return the number of the error that a line is refused with."""
        return self.refusal(session, line)[0]


def of_kind(effects: list[Effect], kind: type[T]) -> list[T]:
    """Return the effects of one kind."""
    return [effect for effect in effects if isinstance(effect, kind)]


def events(told: list[Telling], kind: type[T]) -> list[T]:
    """Return the events of one kind."""
    return [event for event in told if isinstance(event, kind)]


# All that a hub holds, as plain values that can be compared.


def dump(hub: Hub) -> dict[str, Any]:
    """Return the whole state of a hub, orders included."""
    return {
        "settings": hub.settings,
        "sessions": [(key, *_session(value)) for key, value in hub.sessions.items()],
        "users": [(key, *_user(value)) for key, value in hub.users.items()],
        "nicks": [(key, user.uid) for key, user in hub.nicks.items()],
        "looks": [(key, user.uid) for key, user in hub.looks.items()],
        "rooms": [(key, room.id) for key, room in hub.rooms.items()],
        "room_looks": [(key, room.id) for key, room in hub.room_looks.items()],
        "conversations": [(key, *_conversation(value)) for key, value in hub.conversations.items()],
        "tokens": [(key, session.id) for key, session in hub.tokens.items()],
        "lost": [(key, session.id) for key, session in hub.lost.items()],
        "nonces": list(hub.nonces.items()),
        "matching": [user.uid for user in hub.matching],
        "counters": (hub.presence, hub.guests, hub.newest_conversation, hub.alarm_number),
        "accounts": [(key, *_account(value)) for key, value in hub.accounts.items()],
        "resting": list(hub.resting.items()),
        "alarms": list(hub.alarms),
        "stopping": (hub.stops_at, hub.motd),
        "listening": hub.listening,
    }


def _session(session: Any) -> Iterator[Any]:
    for name in ("id", "mode", "address", "since", "token", "plain_token", "label", "lost_at"):
        yield getattr(session, name)
    yield session.user.uid if session.user else None
    yield session.current.id if session.current else None
    yield list(session.seen.items())
    yield list(session.began.items())


def _user(user: Any) -> Iterator[Any]:
    for name in ("uid", "name", "since", "role", "away", "read"):
        yield getattr(user, name)
    yield user.account.uid if user.account else None
    yield sorted(user.ignored_by)
    for name in ("sessions", "rooms", "privates", "typing"):
        yield [(key, getattr(value, "id", None)) for key, value in getattr(user, name).items()]
    yield user.partner.uid if user.partner else None


def _account(account: Any) -> Iterator[Any]:
    for name in ("uid", "name", "role", "digest", "created", "seen", "ignored", "levels"):
        yield getattr(account, name)
    yield [(label, vars(token)) for label, token in account.tokens.items()]


def _conversation(conversation: Any) -> Iterator[Any]:
    for name in ("id", "seq", "kept"):
        yield getattr(conversation, name)
    yield list(conversation.ring)
    yield [(of, sorted(under)) for of, under in conversation.reactions.items()]
    yield list(conversation.erased.items())
    yield [user.uid for user in conversation.people()]
    for name in ("name", "topic", "lobby", "audience", "private", "secret", "history", "retain"):
        yield getattr(conversation, name, None)
    for name in ("slow", "invited", "pins", "spoke"):
        yield getattr(conversation, name, None)
    for name in ("bans", "mutes"):
        yield [(key, vars(value)) for key, value in getattr(conversation, name, {}).items()]
    places = getattr(conversation, "members", {})
    yield [(uid, place.role, place.since) for uid, place in places.items()]
