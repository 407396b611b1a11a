"""What an administrator can call at the prompt."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Literal

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from chatd.core import commands as do
from chatd.core.errors import Refusal
from chatd.core.grammar import clean
from chatd.manhole import answers
from chatd.manhole.door import ConsoleDoor, Declined, Told
from chatd.manhole.stats import stats
from chatd.manhole.text import Shown, one_line
from chatd.service import ChatService

Answer = Deferred[Shown] | Shown

_NOTES = """\
hub      what the chat knows: hub.users, hub.rooms, hub.sessions. For looking: what is changed
         there goes past the sequencer and the store
service  the service around it: service.connections, service.store

Keys: up and down for what was typed before, left and right, Ctrl-A and E for beginning and end,
Ctrl-K, U and W cut, Ctrl-C gives up the line, or the waiting for an answer, Ctrl-D leaves.
What is typed here runs inside the server: a loop without end stops the chat."""
# Letters and digits that nobody takes for one another, in groups that can be read out: 80 bits.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS = 4


class Tool:
    """Something to call; its name alone tells how."""

    def __init__(self, usage: str, summary: str, call: Callable[..., Any]) -> None:
        self.name = usage.partition("(")[0]
        self.usage = usage
        self.summary = summary
        self._call = call

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Do it."""
        return self._call(*arguments, **named)

    def __repr__(self) -> str:
        return f"{self.usage}  {self.summary}"


class Tools:
    """All that can be called at one console. ``up`` tells for how many seconds the server runs."""

    def __init__(
        self,
        service: ChatService,
        door: ConsoleDoor,
        up: Callable[[], float],
        leave: Callable[[], None],
    ) -> None:
        self._service = service
        self._door = door
        self._up = up
        self._leave = leave
        self._tools = (
            Tool("help()", "shows this; help(kill) tells about one of them", self._help),
            Tool("who()", 'lists who is here; who("#lobby") who is in a room', self._who),
            Tool("whois(nick)", "tells about a person, addresses included", self._whois),
            Tool("rooms()", 'lists the rooms; rooms("words") those with the words', self._rooms),
            Tool("stats()", "tells how the server is", self._stats),
            Tool('say(to, "text")', 'says something as the server: to "#lobby", "ana"', self._say),
            Tool('wall("text")', "tells everybody something", self._wall),
            Tool('kill(nick, "why")', "ends all connections of a person", self._kill),
            Tool(
                "ban(who, room)",
                'keeps a nick or a network out; time="2d", why="...", dry_run=True tells whom',
                self._ban,
            ),
            Tool("unban(who, room)", "lets in again", self._unban),
            Tool("bans(room)", "lists who is banned", self._bans),
            Tool(
                "accounts()", 'lists the accounts; accounts("an") those with that', self._accounts
            ),
            Tool(
                "grant(name)", 'makes an administrator; grant(name, "user") undoes it', self._grant
            ),
            Tool(
                "reset_password(name)",
                "ends an account's sessions and tokens, shows its new password once",
                self._reset_password,
            ),
            Tool('remove(name, "why")', "deletes an account; its name rests", self._remove),
            Tool("audit()", "tells who did what to whom; audit(50) the last 50 acts", self._audit),
            Tool(
                'shutdown(60, "why")',
                'stops the server in 60 s; shutdown("cancel") has it go on',
                self._shutdown,
            ),
            Tool("exit()", "leaves the console, as Ctrl-D does; the server goes on", self._exit),
        )

    def namespace(self) -> dict[str, object]:
        """Return the names that a console begins with."""
        names: dict[str, object] = {"__name__": "__console__", "__doc__": None}
        names.update({tool.name: tool for tool in self._tools})
        # Python's own quit would close the server's standard input.
        return {**names, "quit": names["exit"], "hub": self._service.hub, "service": self._service}

    def _ask(self, command: do.Command, show: Callable[[Told], Shown]) -> Answer:
        try:
            return self._door.ask(command).addCallback(show).addErrback(_declined)
        except Refusal as refusal:
            return Shown(f"{refusal.code} {refusal.name}: {refusal.text}")

    # People and rooms

    def _who(self, room: str | None = None) -> Answer:
        command = do.Who(room=None if room is None else _word("room", room))
        return self._ask(command, answers.people)

    def _whois(self, nick: str) -> Answer:
        return self._ask(do.Whois(nick=_word("nick", nick)), answers.person)

    def _rooms(self, words: str = "") -> Answer:
        return self._ask(do.ListRooms(words=_word("words", words)), answers.rooms)

    def _say(self, to: str, text: str) -> Answer:
        command = do.Msg(to=_word("to", to), text=_word("text", text, lines=True))
        return self._ask(command, answers.sent)

    def _wall(self, text: str) -> Answer:
        command = do.Wall(text=_word("text", text))
        return self._ask(
            command, lambda told: Shown(f"Told to {answers.counted(told, 'sessions')}.")
        )

    def _kill(self, nick: str, why: str = "") -> Answer:
        command = do.Kill(nick=_word("nick", nick), why=_word("why", why))
        ended = f"{one_line(nick)} is disconnected"
        return self._ask(
            command, lambda told: Shown(f"{ended}: {answers.counted(told, 'sessions')} ended.")
        )

    def _ban(
        self,
        who: str,
        room: str,
        time: int | str | None = None,
        why: str = "",
        dry_run: bool = False,
    ) -> Answer:
        command = do.Ban(
            nick=_word("who", who),
            room=_word("room", room),
            time=time if time is None or isinstance(time, int) else _word("time", time),
            why=_word("why", why),
            dry_run=bool(dry_run),
        )
        return self._ask(command, answers.banned)

    def _unban(self, who: str, room: str) -> Answer:
        command = do.Unban(nick=_word("who", who), room=_word("room", room))
        return self._ask(command, answers.unbanned)

    def _bans(self, room: str) -> Answer:
        return self._ask(do.Bans(room=_word("room", room)), answers.bans)

    # Accounts

    def _accounts(self, words: str = "") -> Answer:
        return self._ask(do.Accounts(words=_word("words", words)), answers.accounts)

    def _grant(self, name: str, role: Literal["user", "admin"] = "admin") -> Answer:
        if role not in {"user", "admin"}:
            return Shown('The roles are "user" and "admin".')
        return self._ask(do.SetRole(name=_word("name", name), role=role), answers.role)

    def _reset_password(self, name: str, password: str | None = None) -> Answer:
        new = _new_password() if password is None else _word("password", password)
        command = do.Reset(name=_word("name", name), password=new)
        shown = f" is {new}, which is not shown again" if password is None else " is another now"
        return self._ask(
            command,
            lambda _: Shown(
                f"The password of {one_line(name)}{shown}. Its sessions and tokens have ended."
            ),
        )

    def _remove(self, name: str, why: str = "") -> Answer:
        command = do.Remove(name=_word("name", name), why=_word("why", why))
        return self._ask(command, lambda _: Shown(f"The account {one_line(name)} is deleted."))

    # The server

    def _audit(self, n: int = 20) -> Answer:
        if not isinstance(n, int):
            raise TypeError(f"n must be a number, such as 50, not {type(n).__name__}")
        return self._ask(do.Audit(n=n), answers.audit)

    def _shutdown(self, seconds: int | str, why: str = "") -> Answer:
        if isinstance(seconds, int):
            command = do.Shutdown(seconds=seconds, why=_word("why", why))
        elif seconds == "cancel":
            command = do.Shutdown(why=seconds)
        else:
            raise TypeError('seconds must be a number, such as 60, or "cancel"')
        return self._ask(command, answers.stopping)

    def _help(self, about: object = None) -> Shown:
        if isinstance(about, Tool):
            return Shown(repr(about))
        if about is not None:
            return Shown("help() tells about what is called here, such as help(kill).")
        width = max(len(tool.usage) for tool in self._tools)
        lines = [f"{tool.usage:{width}}  {tool.summary}" for tool in self._tools]
        return Shown("\n".join([*lines, "", _NOTES]))

    def _stats(self) -> Shown:
        return stats(self._service, self._up())

    def _exit(self) -> None:
        self._leave()


def _new_password() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
    return "-".join(groups)


def _word(name: str, value: object, *, lines: bool = False) -> str:
    """Return an argument. Raises ``TypeError`` for what is no text."""
    if not isinstance(value, str):
        raise TypeError(f'{name} must be a text, such as "ana", not {type(value).__name__}')
    return clean(value, lines=lines)


def _declined(failure: Failure) -> Shown:
    declined = failure.trap(Declined) and failure.value
    return Shown(str(declined))
