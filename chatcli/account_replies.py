"""Replies about accounts, rooms that people run and administration, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chatcli import wire
from chatcli.wire import Object


def day_and_time(t: float) -> str:
    """Return a moment (seconds since the epoch) as a local day and time."""
    return f"{datetime.fromtimestamp(t).astimezone():%d %B %Y %H:%M}"


def _at(of: Object, key: str, never: str = "never") -> str:
    moment = wire.moment(of, key, 0.0)
    return day_and_time(moment) if moment else never


def _registered(reply: Object) -> list[str]:
    hint = wire.text(reply, "hint")
    words = f"You are the account {wire.name(reply, 'account')} from now on."
    return [words, hint] if hint else [words]


def _logged_in(reply: Object) -> list[str]:
    role = wire.text(reply, "role")
    admin = ", an administrator" if role == "admin" else ""
    return [f"You are logged in as {wire.name(reply, 'account')}{admin}."]


def _passwd(reply: Object) -> list[str]:
    return ["Your password is changed."]


def _sessions(reply: Object) -> list[str]:
    lines = ["You are logged in"]
    for each in wire.objects(reply, "sessions"):
        here = ", here" if wire.flag(each, "current") else ""
        state = "" if wire.text(each, "state") == "connected" else ", connection lost"
        address, mode = wire.text(each, "address"), wire.text(each, "mode")
        lines.append(f"  from {address} ({mode}) since {_at(each, 'since')}{state}{here}")
    return lines


def _tokens(reply: Object) -> list[str]:
    tokens = wire.objects(reply, "tokens")
    return [
        f"{wire.text(each, 'label')}: made {_at(each, 'created')}, used {_at(each, 'used')}"
        for each in tokens
    ] or ["You have no tokens."]


def _revoked(reply: Object) -> list[str]:
    return ["That token is worthless now."]


def _role(reply: Object) -> list[str]:
    return [f"{wire.name(reply, 'account')} is {wire.text(reply, 'role')} now."]


def _accounts(reply: Object) -> list[str]:
    lines = []
    for each in wire.objects(reply, "accounts"):
        count = wire.number(each, "sessions") or 0
        state = f"{count} sessions" if count else f"here last {_at(each, 'seen')}"
        name, role = wire.name(each, "name"), wire.text(each, "role")
        lines.append(f"{name} ({role}), registered {_at(each, 'created')}, {state}")
    return lines or ["There is no such account."]


def _bans(reply: Object) -> list[str]:
    room = wire.name(reply, "room")
    lines = []
    for each in wire.objects(reply, "bans"):
        why, until = wire.text(each, "why"), _at(each, "until", "")
        words = f"  {wire.name(each, 'nick')} ({wire.text(each, 'kind')})"
        words += f" by {wire.name(each, 'by')} on {_at(each, 't')}"
        words += f" until {until}" if until else ""
        lines.append(f"{words}: {why}" if why else words)
    return [f"Banned from {room}:", *lines] if lines else [f"Nobody is banned from {room}."]


def _settings(reply: Object) -> list[str]:
    settings = reply.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    retain, slow = wire.number(settings, "retain"), wire.number(settings, "slow") or 0
    values = (
        f"private {'on' if wire.flag(settings, 'private') else 'off'}",
        f"key {'on' if wire.flag(settings, 'key') else 'off'}",
        f"history {wire.text(settings, 'history') or 'on'}",
        f"retain {_duration(retain) if retain else 'forever'}",
        f"slow {slow} s",
    )
    return [f"{wire.name(reply, 'room')}: {', '.join(values)}"]


def _duration(seconds: int) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _ignored(reply: Object) -> list[str]:
    nicks = wire.texts(reply, "ignored")
    return [f"You ignore {', '.join(nicks)}." if nicks else "You ignore nobody."]


def _level(reply: Object) -> list[str]:
    return [f"Notice of {wire.text(reply, 'level')} in {wire.name(reply, 'to')}."]


def _invited(reply: Object) -> list[str]:
    return [f"{wire.name(reply, 'nick')} may enter {wire.name(reply, 'room')}."]


def _knocked(reply: Object) -> list[str]:
    return ["You knocked. Who may let you in was asked."]


def _read(reply: Object) -> list[str]:
    return [f"{wire.name(reply, 'to')} is read up to {wire.number(reply, 'seq') or 0}."]


def _audit(reply: Object) -> list[str]:
    lines = []
    for each in wire.objects(reply, "audit"):
        words = [f"{wire.number(each, 'n') or 0} {_at(each, 't')}", wire.text(each, "who")]
        words += [wire.text(each, key) for key in ("action", "whom", "room")]
        address, why = wire.text(each, "address"), wire.text(each, "why")
        words += [f"from {address}" if address else "", f"({why})" if why else ""]
        lines.append(" ".join(filter(None, words)))
    return lines or ["The audit log is empty."]


def _shutdown(reply: Object) -> list[str]:
    at = _at(reply, "at", "")
    return [f"The server stops on {at}." if at else "The server does not stop."]


def _would_hit(reply: Object) -> list[str]:
    nicks = wire.texts(reply, "nicks")
    return (
        [f"That would hit {', '.join(nicks) if nicks else 'nobody'}."] if "nicks" in reply else []
    )


def _done(reply: Object) -> list[str]:
    return ["Done."]


TELLERS: dict[str, Callable[[Object], list[str]]] = {
    "accounts": _accounts,
    "audit": _audit,
    "ban": _would_hit,
    "bans": _bans,
    "claim": _role,
    "ignore": _ignored,
    "invite": _invited,
    "knock": _knocked,
    "login": _logged_in,
    "notify": _level,
    "passwd": _passwd,
    "read": _read,
    "register": _registered,
    "reload": _done,
    "remove": _done,
    "reset": _done,
    "revoke": _revoked,
    "role": _role,
    "sessions": _sessions,
    "set": _settings,
    "shutdown": _shutdown,
    "tokens": _tokens,
    "unignore": _ignored,
}
