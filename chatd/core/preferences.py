"""What an account wishes: whom it ignores, of what it wants notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.commands import Command, Ignore, Notify, Unignore
from chatd.core.errors import Refusal
from chatd.core.events import IgnoreSet, LevelSet
from chatd.core.model import Account
from chatd.core.records import IgnoreForgotten, IgnoreKept, LevelKept
from chatd.core.results import IgnoredList, LevelIs, Result

if TYPE_CHECKING:
    from chatd.core.turn import Turn

IGNORED = 500


def handle_ignore(turn: Turn, command: Ignore) -> Result:
    """Hear nothing more of a person: private messages are refused, those in rooms are marked."""
    account, other = turn.account, turn.hub.find_user(command.nick)
    if other is turn.user:
        raise Refusal(104, problem="You cannot ignore yourself", usage="/ignore NICK")
    if len(account.ignored) >= IGNORED:
        raise Refusal(104, problem=f"You ignore {IGNORED}, the most", usage="/unignore NICK")
    account.ignored[other.uid] = other.nick
    other.ignored_by.add(account.uid)
    turn.record(IgnoreKept(account.uid, other.uid, other.nick))
    return _told(turn, account, other.nick, on=True)


def handle_unignore(turn: Turn, command: Unignore) -> Result:
    """Hear a person again."""
    account, users = turn.account, turn.hub.users
    wanted = command.nick.removeprefix("@").casefold()
    for uid, nick in account.ignored.items():
        now = users[uid].nick if uid in users else nick
        if wanted in {nick.casefold(), now.casefold()}:
            break
    else:
        raise Refusal(310, who=f"called {command.nick[:64]} among the ignored")
    del account.ignored[uid]
    if uid in users:
        users[uid].ignored_by.discard(account.uid)
    turn.record(IgnoreForgotten(account.uid, uid))
    return _told(turn, account, now, on=False)


def _told(turn: Turn, account: Account, nick: str, *, on: bool) -> IgnoredList:
    """Tell one's other sessions, and answer with all that are ignored."""
    turn.tell(turn.user.attached, IgnoreSet(nick=nick, on=on), turn.session.id)
    return IgnoredList(ignored=ignored_nicks(turn, account))


def ignored_nicks(turn: Turn, account: Account) -> tuple[str, ...]:
    """Return whom an account ignores, by their nicks of now where they are here."""
    users = turn.hub.users
    return tuple(users[uid].nick if uid in users else nick for uid, nick in account.ignored.items())


def handle_notify(turn: Turn, command: Notify) -> Result:
    """Choose of what in a conversation one's clients give notice."""
    account = turn.account
    conversation = turn.hub.find_conversation(command.to, turn)
    title = conversation.title_for(turn.user)
    account.levels[conversation.id] = command.level
    turn.open(conversation)
    turn.record(LevelKept(account.uid, conversation.id, command.level))
    event = LevelSet(in_=title, level=command.level)
    turn.tell(turn.user.attached, event, turn.session.id)
    return LevelIs(to=title, level=command.level)


HANDLERS: dict[type[Command], Any] = {
    Ignore: handle_ignore,
    Notify: handle_notify,
    Unignore: handle_unignore,
}
