"""Accounts: becoming one, being one by several sessions, its secrets, its end.

What a secret was worth is found out before a command gets its place (``inputs.Proof``); here is
decided what follows from it.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from chatd.core import people
from chatd.core.alarms import Alarm
from chatd.core.commands import (
    ROW_OF,
    Claim,
    Command,
    Login,
    Logout,
    Passwd,
    Register,
    Sessions,
    Unregister,
)
from chatd.core.effects import Close, CodeUsed
from chatd.core.errors import Refusal
from chatd.core.events import AccountIs, Bye, Notice, timestamp
from chatd.core.logins import log_in
from chatd.core.model import Account, Session, User
from chatd.core.model import Token as KeptToken
from chatd.core.names import free_nick_name, nick_name
from chatd.core.records import (
    AccountForgotten,
    InvitationKept,
    MarkerKept,
    NameFreed,
    TokenKept,
)
from chatd.core.results import (
    Confirmed,
    LoggedOut,
    Registered,
    Result,
    RoleIs,
    SessionInfo,
    SessionList,
)
from chatd.core.rooms import entered, leave_room, pardon
from chatd.core.sessions import become_guest, end_session, release

if TYPE_CHECKING:
    from chatd.core.hub import Hub
    from chatd.core.inputs import Proof
    from chatd.core.turn import Turn


def proof_of(turn: Turn) -> Proof:
    """Return what is known of a command's secrets. Raises ``Refusal`` 500 where nothing is."""
    if turn.proof is None:
        raise Refusal(500)
    return turn.proof


def bad_login() -> Refusal:
    """Return the refusal of a wrong name or secret; it doesn't tell which."""
    return Refusal(401, problem="That name and password do not fit.", then="/login NAME")


def _check_password(turn: Turn, account: Account, command: Command) -> Proof:
    """Return the proof if the password that it is about is still the account's."""
    proof = proof_of(turn)
    if proof.digest is None or not hmac.compare_digest(proof.digest, account.digest):
        raise Refusal(401, problem="That is not your password.", then=ROW_OF[type(command)].usage)
    return proof


# Becoming one


def handle_register(turn: Turn, command: Register) -> Result:
    """Make an account of a guest, who keeps his rooms and his place."""
    proof, user, hub = proof_of(turn), turn.user, turn.hub
    if user.account is not None:
        raise Refusal(104, problem=f"You are logged in as {user.nick}", usage="/logout")
    name = free_nick_name((command.name or user.nick).strip())
    people.check_free(hub, user, name)
    people.rename(turn, user, name)
    assert proof.fresh is not None
    account = Account(uid=user.uid, name=name, digest=proof.fresh, created=turn.now)
    user.account = hub.accounts[name.key] = account
    turn.keep_account(user)
    for room in user.rooms.values():
        turn.keep_membership(room, user)
    for room in hub.rooms.values():
        if user.uid in room.invited:
            turn.record(InvitationKept(room.id, user.uid, room.invited[user.uid]))
    for conversation in user.conversations:
        read = user.read.setdefault(conversation.id, conversation.seq)
        if conversation.kept:
            turn.record(MarkerKept(user.uid, conversation.id, read))
    turn.keep_sessions()
    return Registered(you=user.nick, account=name.shown, role=user.role, hint=_hint(proof))


def _hint(proof: Proof) -> str:
    return "That password is short; /passwd takes a longer one." if proof.weak else ""


def handle_login(turn: Turn, command: Login) -> Result | None:
    """Become an account: a guest keeps his rooms and his place."""
    proof, hub = proof_of(turn), turn.hub
    try:
        account = hub.accounts.get(nick_name(command.name.strip().removeprefix("@")).key)
    except Refusal:
        account = None
    if account is None or not _fits(account, proof):
        raise bad_login()
    user = hub.users[account.uid]
    if proof.label is not None:
        account.tokens[proof.label].used = turn.now
        keep_token(turn, account, account.tokens[proof.label])
    elif proof.fresh is not None:
        account.digest = proof.fresh
        turn.keep_account(user)
    turn.session.label = proof.label
    log_in(turn, user, command.id)
    return None


def _fits(account: Account, proof: Proof) -> bool:
    """Whether what was proved is still the account's: it may have changed meanwhile."""
    digest = account.digest
    if proof.label is not None:
        token = account.tokens.get(proof.label)
        digest = token.digest if token is not None else ""
    return bool(proof.digest) and hmac.compare_digest(proof.digest or "", digest)


def handle_logout(turn: Turn, command: Logout) -> Result:
    """Become a guest; other sessions of the account go on."""
    if turn.user.account is None:
        raise Refusal(402, command="logout")
    release(turn, turn.session, "logged out", stays=True)
    become_guest(turn, again=True)
    return LoggedOut(you=turn.user.nick, room=entered(turn, turn.hub.lobby))


# Being one


def handle_passwd(turn: Turn, command: Passwd) -> Result:
    """Change the password; tokens and sessions stay."""
    account = turn.account
    proof = _check_password(turn, account, command)
    assert proof.fresh is not None
    account.digest = proof.fresh
    turn.keep_account(turn.user)
    others = turn.user.attached
    notice = Notice(text="Your password was changed, by another session of yours.")
    turn.tell(others, notice, turn.session.id)
    return Confirmed()


def handle_sessions(turn: Turn, command: Sessions) -> Result:
    """List where one is logged in."""
    infos = tuple(
        SessionInfo(
            address=session.address,
            mode=session.mode,
            since=timestamp(session.since),
            state="connected" if session.attached else "lost",
            current=session is turn.session,
        )
        for session in turn.user.sessions.values()
    )
    return SessionList(sessions=infos)


def keep_token(turn: Turn, account: Account, token: KeptToken) -> None:
    """Have a token made durable."""
    turn.record(
        TokenKept(
            uid=account.uid,
            label=token.label,
            digest=token.digest,
            created=token.created,
            used=token.used,
        )
    )


def end_sessions(turn: Turn, user: User, why: str, sessions: list[Session]) -> None:
    """End sessions of an account, other than the one that asks, and their connections."""
    for session in sessions:
        if session is turn.session:
            continue
        if session.attached:
            turn.tell((session.id,), Bye(code=401, text=why))
            turn.effects.append(Close(session.id))
        end_session(turn, session, why)


# Administrators


def handle_claim(turn: Turn, command: Claim) -> Result:
    """Become administrator of a server that has none."""
    account, proof = turn.account, proof_of(turn)
    claimed = any(other.role == "admin" for other in turn.hub.accounts.values())
    if claimed or not proof.ok:
        raise Refusal(401, problem="That is not the one-time code.", then="the server's log")
    account.role = "admin"
    turn.keep_account(turn.user)
    turn.audit("claim", account.name.shown)
    turn.effects.append(CodeUsed())
    tell_account(turn, turn.user)
    return RoleIs(account=account.name.shown, role="admin")


def tell_account(turn: Turn, user: User) -> None:
    """Tell the other sessions of an account who it is now."""
    account = user.account
    assert account is not None
    event = AccountIs(you=user.nick, account=account.name.shown, role=user.role)
    turn.tell(user.attached, event, turn.session.id)


# The end


def handle_unregister(turn: Turn, command: Unregister) -> Result:
    """Delete one's account; what was said stays."""
    account = turn.account
    _check_password(turn, account, command)
    _check_last_admin(turn.hub, account)
    user, session = turn.user, turn.session
    others = [other for other in user.sessions.values() if other is not session]
    end_sessions(turn, user, "Your account was deleted.", others)
    turn.audit("unregister", account.name.shown)
    release(turn, session, "deleted the account", stays=True)
    delete_account(turn, user)
    become_guest(turn, again=True)
    return LoggedOut(you=turn.user.nick, room=entered(turn, turn.hub.lobby))


def _check_last_admin(hub: Hub, account: Account) -> None:
    admins = [other for other in hub.accounts.values() if other.role == "admin"]
    if admins == [account]:
        problem = "You are the only administrator"
        raise Refusal(104, problem=problem, usage="/role NAME admin")


def delete_account(turn: Turn, user: User) -> None:
    """Delete an account whose sessions have ended; its name rests."""
    hub, account = turn.hub, user.account
    assert account is not None
    for room in list(user.rooms.values()):
        leave_room(turn, room, user, "deleted the account")
    for room in hub.rooms.values():
        room.invited.pop(user.uid, None)
        pardon(turn, room, "ban", user.uid)
        pardon(turn, room, "mute", user.uid)
    for other in hub.users.values():
        other.ignored_by.discard(user.uid)
    people.rest_name(turn, account.name, user.uid)
    del hub.accounts[account.name.key]
    user.account = None
    turn.record(AccountForgotten(user.uid))
    people.forget(turn, user, quietly=True)


def free_name(turn: Turn, alarm: Alarm) -> None:
    """Let anybody have a name that has rested."""
    rested = turn.hub.resting.get(alarm.target)
    if rested is not None and rested.until <= turn.now:
        del turn.hub.resting[alarm.target]
        turn.record(NameFreed(alarm.target))


HANDLERS: dict[type[Command], Any] = {
    Claim: handle_claim,
    Login: handle_login,
    Logout: handle_logout,
    Passwd: handle_passwd,
    Register: handle_register,
    Sessions: handle_sessions,
    Unregister: handle_unregister,
}
ALARMS = {"name": free_name}
