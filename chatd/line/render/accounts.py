"""What is told about accounts, and to administrators."""

from __future__ import annotations

from collections.abc import Iterator

from chatd.core import results as rs
from chatd.line.render.base import Renderings, Style, because, count, moment, server, wrapped
from chatd.line.render.events import who_one_is
from chatd.line.render.rooms import room_entered

# Becoming one


def _logged_in(result: rs.LoggedIn, _: Style) -> list[str]:
    lines = server(who_one_is(result.you, result.account, result.role))
    if result.rooms:
        lines += wrapped("You are in ", (room.room for room in result.rooms))
    if result.to is not None:
        lines += server(f"Your words go to {result.to}")
    unread = [one for one in result.conversations if one.unread or one.mentions]
    lines += server(*map(_unread, unread))
    lines += server("/catchup shows them") if unread else server("Nothing is unread.")
    lines += server(*(f"You are invited to {room}: /join {room}" for room in result.invited))
    if result.ignored:
        lines += wrapped("You ignore ", result.ignored)
    return lines


def _unread(conversation: rs.Unread) -> str:
    mentions = f", {conversation.mentions} for you" if conversation.mentions else ""
    return f"{conversation.to}: {conversation.unread} unread{mentions}"


def _registered(result: rs.Registered, _: Style) -> list[str]:
    lines = server(f"{result.account} is yours for good. Next time: /login {result.account}")
    return lines + (server(result.hint) if result.hint else [])


def _logged_out(result: rs.LoggedOut, style: Style) -> list[str]:
    lines = server(f"You are logged out, and {result.you} now.")
    return lines + (room_entered(result.room, style) if result.room is not None else [])


# Being one


def _session_list(result: rs.SessionList, _: Style) -> list[str]:
    return server(*_sessions(result), count(len(result.sessions), "session"))


def _sessions(result: rs.SessionList) -> Iterator[str]:
    for one in result.sessions:
        state = "this one" if one.current else one.state
        yield f"from {one.address}, {one.mode}, since {moment(one.since)}, {state}"


def _token_made(result: rs.TokenMade, _: Style) -> list[str]:
    return server(
        f"The token {result.label} is {result.token}",
        "It is not shown again. It serves in place of the password: /login NAME TOKEN",
    )


def _token_list(result: rs.TokenList, _: Style) -> list[str]:
    lines = [
        f"{token.label}, made {moment(token.created)}, "
        + (f"used {moment(token.used)}" if token.used else "never used")
        for token in result.tokens
    ]
    hint = "; /revoke LABEL makes one worthless" if lines else "; /token LABEL makes one"
    return server(*lines, count(len(lines), "token") + hint)


def _role_is(result: rs.RoleIs, _: Style) -> list[str]:
    what = "an administrator" if result.role == "admin" else "an ordinary user"
    return server(f"{result.account} is {what}")


# Administration


def _account_list(result: rs.AccountList, _: Style) -> list[str]:
    return server(*map(_account, result.accounts), count(len(result.accounts), "account"))


def _account(account: rs.AccountInfo) -> str:
    admin = " (admin)" if account.role == "admin" else ""
    seen = f"last here {moment(account.seen)}" if account.seen else "never here since"
    now = f"here by {count(account.sessions, 'session')}" if account.sessions else seen
    made = f"registered {account.created[:10]}"
    return f"{account.name}{admin}, {made}, {now}, {count(account.tokens, 'token')}"


def _audit_list(result: rs.AuditList, _: Style) -> list[str]:
    return server(*map(_audited, result.audit), count(len(result.audit), "act"))


def _audited(act: rs.AuditEntry) -> str:
    whom = f" {act.whom}" if act.whom else ""
    where = f" in {act.room}" if act.room else ""
    come = f" from {act.address}" if act.address else ""
    return f"{act.n} {moment(act.t)} {act.who}{come}: {act.action}{whom}{where}{because(act.why)}"


def _stopping(result: rs.Stopping, _: Style) -> list[str]:
    if result.at is None:
        return server("The server does not stop.")
    at = f"{result.at[:10]} {result.at[11:19]} UTC"
    return server(f"The server stops at {at}; /shutdown cancel has it go on")


LINES: Renderings = {
    rs.LoggedIn: _logged_in,
    rs.Registered: _registered,
    rs.LoggedOut: _logged_out,
    rs.SessionList: _session_list,
    rs.TokenMade: _token_made,
    rs.TokenList: _token_list,
    rs.RoleIs: _role_is,
    rs.AccountList: _account_list,
    rs.AuditList: _audit_list,
    rs.Stopping: _stopping,
    rs.Told: lambda result, _: server(count(result.sessions, "session") + " reached"),
}
