"""The administrators' acts, from the chat or from the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.accounts import delete_account, end_sessions, proof_of, tell_account
from chatd.core.alarms import Alarm, set_alarm
from chatd.core.commands import (
    Accounts,
    Audit,
    Command,
    Kill,
    Reload,
    Remove,
    Reset,
    SetRole,
    Shutdown,
    Wall,
)
from chatd.core.effects import Close, CodeUsed, Reconfigure, Stop
from chatd.core.errors import Refusal
from chatd.core.events import Bye, Notice, timestamp
from chatd.core.messages import check_text
from chatd.core.names import nick_name
from chatd.core.queries import AuditOf
from chatd.core.records import TokenForgotten
from chatd.core.results import (
    AccountInfo,
    AccountList,
    Confirmed,
    Result,
    RoleIs,
    Stopping,
    Told,
)
from chatd.core.rooms import WHY
from chatd.core.sessions import end_session

if TYPE_CHECKING:
    from chatd.core.inputs import Configured
    from chatd.core.model import Account, User
    from chatd.core.turn import Turn

LAST_CALL = 10_000  # ms before the server stops that everybody is told again
_CANCEL = frozenset({"cancel", "off", "abort", "never"})


# Everybody


def handle_wall(turn: Turn, command: Wall) -> Result:
    """Tell everybody something in the name of the server."""
    text, everybody = check_text(turn, command.text, "/wall TEXT"), turn.hub.everybody()
    turn.tell(everybody, Notice(text=text))
    turn.audit("wall", why=text)
    return Told(sessions=len(everybody))


def handle_kill(turn: Turn, command: Kill) -> Result:
    """End all connections of a person."""
    user = turn.hub.find_user(command.nick)
    why = command.why[:WHY] or "no reason given"
    told = user.attached
    turn.audit("kill", user.nick, why=why)
    for session in list(user.sessions.values()):
        if session.attached:
            turn.tell((session.id,), Bye(code=403, text=f"You were disconnected: {why}"))
            turn.effects.append(Close(session.id))
        end_session(turn, session, f"disconnected: {why}")
    return Told(sessions=len(told))


# Accounts


def _account(turn: Turn, name: str) -> tuple[Account, User]:
    """Return the account called ``name``. Raises ``Refusal`` 310."""
    try:
        account = turn.hub.accounts.get(nick_name(name.strip().removeprefix("@")).key)
    except Refusal:
        account = None
    if account is None:
        raise Refusal(310, who=f"with an account {name[:64]}")
    return account, turn.hub.users[account.uid]


def handle_accounts(turn: Turn, command: Accounts) -> Result:
    """List the accounts."""
    words = command.words.casefold().split()
    infos = []
    for key, account in sorted(turn.hub.accounts.items()):
        if all(word in key for word in words):
            infos.append(
                AccountInfo(
                    name=account.name.shown,
                    role=account.role,
                    created=timestamp(account.created),
                    seen=timestamp(account.seen) if account.seen is not None else None,
                    sessions=len(turn.hub.users[account.uid].sessions),
                    tokens=len(account.tokens),
                )
            )
    return AccountList(accounts=tuple(infos))


def handle_role(turn: Turn, command: SetRole) -> Result:
    """Make an account administrator, or an ordinary user."""
    account, user = _account(turn, command.name)
    admins = [other for other in turn.hub.accounts.values() if other.role == "admin"]
    if admins == [account] and command.role != "admin" and not turn.user.console:
        problem = f"{account.name.shown} is the only administrator"
        raise Refusal(104, problem=problem, usage="/role NAME admin")
    account.role = command.role
    turn.audit("role", account.name.shown, why=command.role)
    turn.keep_account(user)
    tell_account(turn, user)
    if account.role == "admin":
        turn.effects.append(CodeUsed())
    return RoleIs(account=account.name.shown, role=command.role)


def handle_reset(turn: Turn, command: Reset) -> Result:
    """Give an account another password; its sessions and tokens end."""
    account, user = _account(turn, command.name)
    proof = proof_of(turn)
    assert proof.fresh is not None
    account.digest = proof.fresh
    for label in list(account.tokens):
        del account.tokens[label]
        turn.record(TokenForgotten(account.uid, label))
    turn.audit("reset", account.name.shown)
    why = "An administrator has given your account another password."
    end_sessions(turn, user, why, list(user.sessions.values()))
    turn.keep_account(user)
    return Confirmed()


def handle_remove(turn: Turn, command: Remove) -> Result:
    """Delete an account; what was said stays, its name rests."""
    account, user = _account(turn, command.name)
    if user is turn.user:
        raise Refusal(104, problem="That is your own account", usage="/unregister")
    turn.audit("remove", account.name.shown, why=command.why[:WHY])
    end_sessions(turn, user, "Your account was deleted.", list(user.sessions.values()))
    delete_account(turn, user)
    return Confirmed()


# The server


def handle_audit(turn: Turn, command: Audit) -> Result | None:
    """Show the newest acts."""
    if command.n < 1:
        raise Refusal(104, problem="N must be 1 or more", usage="/audit [N]")
    turn.ask(AuditOf(min(command.n, turn.hub.limits.page)), command.id)
    return None


def handle_reload(turn: Turn, command: Reload) -> Result | None:
    """Read the configuration again; the answer comes when it was read."""
    turn.audit("reload")
    turn.effects.append(Reconfigure(turn.session.id, command.id))
    return None


def configured(turn: Turn, command: Configured) -> None:
    """Take what was read of the configuration."""
    if command.problem is not None:
        refusal = Refusal(104, problem=command.problem, usage="/reload")
        turn.refuse(refusal, command.request)
        return
    turn.hub.motd = command.motd or ""
    turn.answer(Confirmed(re=command.request))


def handle_shutdown(turn: Turn, command: Shutdown) -> Result:
    """Stop the server in a while, or, by the word cancel, don't."""
    hub, why = turn.hub, command.why.strip()[:WHY]
    if command.seconds is None and why.lower() in _CANCEL:
        if hub.stops_at is None:
            raise Refusal(104, problem="The server is not going to stop", usage="/shutdown 60 WHY")
        hub.stops_at = None
        turn.tell(hub.everybody(), Notice(text="The server does not stop after all."))
        turn.audit("shutdown", why="cancel")
        return Stopping(at=None)
    seconds = command.seconds or 0
    if not 0 <= seconds <= 7 * 86400:
        raise Refusal(104, problem="SECONDS must be 0 to 604800", usage="/shutdown [SECONDS] [WHY]")
    hub.stops_at = turn.now + seconds * 1000
    turn.audit("shutdown", why=f"{seconds} s{f': {why}' if why else ''}")
    _tell_stop(turn, seconds, why)
    if seconds * 1000 > LAST_CALL:
        set_alarm(turn, hub.stops_at - LAST_CALL, Alarm("warn", hub.stops_at, why))
    set_alarm(turn, hub.stops_at, Alarm("stop", hub.stops_at, why))
    return Stopping(at=timestamp(hub.stops_at))


def _tell_stop(turn: Turn, seconds: int, why: str) -> None:
    when = f"in {seconds} s" if seconds else "now"
    text = f"The server stops {when}{f': {why}' if why else ''}."
    turn.tell(turn.hub.everybody(), Notice(text=text))


def warn(turn: Turn, alarm: Alarm) -> None:
    """Tell everybody again that the server stops, if it still does."""
    if turn.hub.stops_at == alarm.conversation:
        _tell_stop(turn, LAST_CALL // 1000, alarm.target)


def stop(turn: Turn, alarm: Alarm) -> None:
    """Stop the server, if it still is to stop."""
    if turn.hub.stops_at == alarm.conversation:
        why = f": {alarm.target}" if alarm.target else ""
        turn.effects.append(Stop(f"The server is stopping{why}."))


HANDLERS: dict[type[Command], Any] = {
    Accounts: handle_accounts,
    Audit: handle_audit,
    Kill: handle_kill,
    Reload: handle_reload,
    Remove: handle_remove,
    Reset: handle_reset,
    SetRole: handle_role,
    Shutdown: handle_shutdown,
    Wall: handle_wall,
}
ALARMS = {"stop": stop, "warn": warn}
