"""What happens besides: people come and go, the server speaks, requests are refused."""

from __future__ import annotations

from chatd.core import events as ev
from chatd.line.render.base import Renderings, Style, because, nothing, server


def _welcome(event: ev.Welcome, _: Style) -> list[str]:
    lines = [f"Welcome to {event.server} ({event.software}). You are {event.you}."]
    lines += event.motd.splitlines()
    lines.append("Type words to talk; /nick NAME, /login NAME, /join #room, /who, /help, /quit.")
    return server(*lines)


def _hello(event: ev.Hello, _: Style) -> list[str]:
    return server(f"You are {event.you} on {event.server}.")


# People


def _joined(event: ev.Joined, _: Style) -> list[str]:
    return server(f"{event.nick} joined {event.in_}")


def _parted(event: ev.Parted, _: Style) -> list[str]:
    if event.by is not None:
        return []  # the act of moderation has told it
    why = f" ({event.why})" if event.why else ""
    return server(f"{event.nick} left {event.in_}{why}")


def _presence(event: ev.Presence, _: Style) -> list[str]:
    if event.state == "away":
        return server(f"{event.nick} is away{because(event.text)}")
    return server(f"{event.nick} is {'here' if event.state == 'online' else 'gone'}")


def _matched(event: ev.Matched, _: Style) -> list[str]:
    return server(
        f"You are paired with {event.nick}. Your words go to @{event.nick}; /unmatch ends it."
    )


def _viewed(event: ev.Viewed, _: Style) -> list[str]:
    return server(f"Message {event.seq} in {event.in_} was viewed, and is erased")


def _invited(event: ev.Invited, _: Style) -> list[str]:
    return server(f"{event.by} invites you to {event.in_}: /join {event.in_}")


def _knocked(event: ev.Knocked, _: Style) -> list[str]:
    nick, room = event.nick, event.in_
    return server(f"{nick} knocks at {room}: /invite {nick} {room} lets {nick} in")


# Oneself, by another session


def _ignore_set(event: ev.IgnoreSet, _: Style) -> list[str]:
    return server(f"You {'ignore' if event.on else 'hear'} {event.nick}{' again' * (not event.on)}")


def who_one_is(you: str, account: str | None, role: str) -> str:
    """Return the sentence that tells who one is."""
    if account is None:
        return f"You are {you}, a guest."
    return f"You are {you}, logged in{' as an administrator' * (role == 'admin')}."


def _account_is(event: ev.AccountIs, _: Style) -> list[str]:
    return server(who_one_is(event.you, event.account, event.role))


# The server


def _bye(event: ev.Bye, _: Style) -> list[str]:
    if event.code is None:
        return server(event.text)
    hint = f" Try: again in {event.retry} s" if event.retry else ""
    return [f"!E{event.code} {event.text}{hint}"]


def _refused(event: ev.Refused | ev.RefusedReply, _: Style) -> list[str]:
    return [f"!E{event.code} {event.text} Try: {event.try_}"]


LINES: Renderings = {
    ev.Welcome: _welcome,
    ev.Hello: _hello,
    ev.Joined: _joined,
    ev.Parted: _parted,
    ev.Renamed: lambda event, _: server(f"{event.old} is now {event.nick}"),
    ev.Presence: _presence,
    ev.TypingSet: nothing,
    ev.ReadUpTo: nothing,
    ev.Viewed: _viewed,
    ev.Invited: _invited,
    ev.Knocked: _knocked,
    ev.LevelSet: lambda event, _: server(f"Notice is given of {event.level} in {event.in_}"),
    ev.IgnoreSet: _ignore_set,
    ev.AccountIs: _account_is,
    ev.Matched: _matched,
    ev.Unmatched: lambda event, _: server(f"{event.nick} ended the pair"),
    ev.Notice: lambda event, _: server(event.text),
    ev.Asked: nothing,
    ev.Bye: _bye,
    ev.Refused: _refused,
    ev.RefusedReply: _refused,
}
