"""What a person at nc reads: events and results to lines. Pure.

Every line begins with ``***`` (the server), ``!E`` (an error) or ``[conversation]``, also each
further line of a message, so that nobody can forge the server.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from chatd.core import events as ev
from chatd.core.grammar import encode

WIDTH = 76
NAMES = 50  # how many of a room are shown to who enters it


class Style(NamedTuple):
    """How much of a message's prefix is shown."""

    seq: bool = False
    time: bool = False


PLAIN, SEQ, FULL = Style(), Style(seq=True), Style(seq=True, time=True)


def json_line(told: ev.Telling) -> bytes:
    """Return the JSON form, one line."""
    return encode(told) + b"\n"


def text(told: ev.Telling) -> bytes:
    """Return the form of ``/mode text``."""
    return _render(told, PLAIN)


def text_seq(told: ev.Telling) -> bytes:
    """Return the form of ``/mode text seq``."""
    return _render(told, SEQ)


def text_seq_time(told: ev.Telling) -> bytes:
    """Return the form of ``/mode text seq time``."""
    return _render(told, FULL)


RENDERERS: dict[str, Callable[[ev.Telling], bytes]] = {
    "text": text,
    "text seq": text_seq,
    "text seq time": text_seq_time,
    "json": json_line,
}


def _render(told: ev.Telling, style: Style) -> bytes:
    lines = _LINES[type(told)](told, style)
    return "".join(f"{line}\n" for line in lines).encode()


def _server(*lines: str) -> list[str]:
    return [f"*** {line}" for line in lines]


def _wrapped(head: str, items: Iterable[str]) -> list[str]:
    full = head + ", ".join(items)
    return _server(*textwrap.wrap(full, WIDTH, break_long_words=False, break_on_hyphens=False))


# Durable events


def _prefix(event: ev.Durable, style: Style, also: str | None = None) -> str:
    parts = [event.in_]
    if also:
        parts.append(also)
    if style.seq:
        parts.append(str(event.seq))
    if style.time:
        parts.append(event.t[11:16])
    return f"[{' '.join(parts)}]"


def _said(event: ev.Said, style: Style) -> list[str]:
    prefix = _prefix(event, style, event.room)
    if event.deleted:
        return [f"{prefix} <{event.from_}> (deleted)"]
    head = f"* {event.from_}" if event.kind == "me" else f"<{event.from_}>"
    lines = [f"{prefix} {head} {line}" for line in (event.text or "").split("\n")]
    if event.reply is not None:
        lines[-1] += f" (reply to {event.reply})"
    if event.edited:
        lines[-1] += " (edited)"
    return lines


def _reacted(event: ev.Reacted, style: Style) -> list[str]:
    verb = "puts" if event.on else "takes back"
    where = _prefix(event, style) if style.seq else event.in_
    return _server(f"{event.by} {verb} {event.emoji} under message {event.of} in {where}")


def _topic_set(event: ev.TopicSet, style: Style) -> list[str]:
    where = _prefix(event, style) if style.seq else event.in_
    if not event.text:
        return _server(f"{event.by} cleared the topic of {where}")
    return _server(f"{event.by} set the topic of {where}: {event.text}")


def _history_lines(events: Iterable[ev.Durable]) -> list[str]:
    """Return events with number and time, and a line for each new day."""
    lines, day = [], None
    for event in events:
        if event.t[:10] != day:
            day = event.t[:10]
            lines += _server(f"--- {day} (UTC)")
        lines += _LINES[type(event)](event, FULL)
    return lines


# Other events


def _welcome(event: ev.Welcome, _: Style) -> list[str]:
    lines = [f"Welcome to {event.server} ({event.software}). You are {event.you}."]
    lines += event.motd.splitlines()
    lines.append("Type words to talk; /nick NAME, /join #room, /who, /help, /quit.")
    return _server(*lines)


def _hello(event: ev.Hello, _: Style) -> list[str]:
    return _server(f"You are {event.you} on {event.server}.")


def _joined(event: ev.Joined, _: Style) -> list[str]:
    return _server(f"{event.nick} joined {event.in_}")


def _parted(event: ev.Parted, _: Style) -> list[str]:
    why = f" ({event.why})" if event.why else ""
    return _server(f"{event.nick} left {event.in_}{why}")


def _presence(event: ev.Presence, _: Style) -> list[str]:
    if event.state == "away":
        return _server(f"{event.nick} is away{f': {event.text}' if event.text else ''}")
    # That somebody came or went is told by the rooms; what is left is that he is back.
    return []


def _typing(event: ev.TypingSet, _: Style) -> list[str]:
    return []


def _matched(event: ev.Matched, _: Style) -> list[str]:
    return _server(
        f"You are paired with {event.nick}. Your words go to @{event.nick}; /unmatch ends it."
    )


def _bye(event: ev.Bye, _: Style) -> list[str]:
    if event.code is None:
        return _server(event.text)
    hint = f" Try: again in {event.retry} s" if event.retry else ""
    return [f"!E{event.code} {event.text}{hint}"]


def _refused(event: ev.Refused | ev.RefusedReply, _: Style) -> list[str]:
    return [f"!E{event.code} {event.text} Try: {event.try_}"]


# Results


def _member(person: ev.Member, *, roles: bool) -> str:
    mark = f" ({person.role})" if roles and person.role in {"owner", "moderator", "admin"} else ""
    away = f" [away{f': {person.text}' if person.text else ''}]" if person.state == "away" else ""
    return f"{person.nick}{mark}{away}"


def _sent(result: ev.Sent, style: Style) -> list[str]:
    if style.seq:
        return _server(f"Sent as [{result.to} {result.seq}]")
    if result.state == "stored" and result.to.startswith("@"):
        return _server(f"{result.to[1:]} is not connected just now; your message is kept.")
    return []


def _room_entered(result: ev.RoomEntered, _: Style) -> list[str]:
    lines = _server(f"You are in {result.room}." + (f" Topic: {result.topic}" * bool(result.topic)))
    names = [_member(person, roles=True) for person in result.members[:NAMES]]
    if len(result.members) > NAMES:
        names.append(f"... /who {result.room} lists all")
    lines += _wrapped(f"Here ({len(result.members)}): ", names)
    return lines + _history_lines(result.recent)


def _room_left(result: ev.RoomLeft, _: Style) -> list[str]:
    where = f"your words go to {result.to}" if result.to else "/join #room to talk again"
    return _server(f"You left {result.room}; {where}")


def _room_list(result: ev.RoomList, _: Style) -> list[str]:
    lines = [
        f"{info.room} ({info.members}){f': {info.topic}' if info.topic else ''}"
        for info in result.rooms
    ]
    return _server(*lines, _count(len(lines), "room"))


def _topic_is(result: ev.TopicIs, _: Style) -> list[str]:
    return _server(f"Topic of {result.room}: {result.topic or '(none)'}")


def _user_list(result: ev.UserList, _: Style) -> list[str]:
    names = [_member(person, roles=result.room is not None) for person in result.users]
    where = f" in {result.room}" if result.room else ""
    return _wrapped(f"Here{where} ({len(names)}): ", names)


def _person(result: ev.Person, _: Style) -> list[str]:
    who = "a guest" if result.account is None else f"account {result.account}"
    state = result.state + (f": {result.text}" if result.text else "")
    since = f"{result.since[:10]} {result.since[11:16]} UTC"
    rooms = ", ".join(result.rooms) or "no rooms"
    come = f", from {', '.join(result.addresses)}" if result.addresses else ""
    return _server(f"{result.nick} is {who}, {state}, here since {since}, in {rooms}{come}")


def _match_state(result: ev.MatchState, style: Style) -> list[str]:
    if result.state == "matched":
        return _matched(ev.Matched(nick=result.nick or ""), style)
    if result.state == "waiting":
        return _server("You are paired with the next one who asks; /unmatch ends the waiting.")
    return _server("You are in no pair.")


def _help_text(result: ev.HelpText, _: Style) -> list[str]:
    width = max((len(line.usage) for line in result.commands), default=0)
    lines = [f"{line.usage:<{width}}  {line.summary}" for line in result.commands]
    return _server(*lines, *result.text)


def _page(result: ev.Page, _: Style) -> list[str]:
    lines = _history_lines(result.page)
    if not result.page:
        return _server(f"Nothing in {result.to} there.")
    first, last = result.page[0].seq, result.page[-1].seq
    more = f"; /history before:{first} or after:{last} shows more" if result.more else ""
    return lines + _server(_count(len(result.page), "event") + f" of {result.to}{more}")


def _resumed(result: ev.Resumed, style: Style) -> list[str]:
    lines = _server(f"You are {result.you} again.")
    for room in result.rooms:
        lines += _room_entered(room, style)
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_LINES: dict[type, Callable[[Any, Style], list[str]]] = {
    ev.Said: _said,
    ev.Reacted: _reacted,
    ev.TopicSet: _topic_set,
    ev.Welcome: _welcome,
    ev.Hello: _hello,
    ev.Joined: _joined,
    ev.Parted: _parted,
    ev.Renamed: lambda event, _: _server(f"{event.old} is now {event.nick}"),
    ev.Presence: _presence,
    ev.TypingSet: _typing,
    ev.Matched: _matched,
    ev.Unmatched: lambda event, _: _server(f"{event.nick} ended the pair"),
    ev.Notice: lambda event, _: _server(event.text),
    ev.Asked: lambda _event, _style: [],
    ev.Bye: _bye,
    ev.Refused: _refused,
    ev.RefusedReply: _refused,
    ev.Done: lambda _result, _style: [],
    ev.Sent: _sent,
    ev.ReactionSent: _sent,
    ev.RoomEntered: _room_entered,
    ev.RoomLeft: _room_left,
    ev.RoomList: _room_list,
    ev.TopicIs: _topic_is,
    ev.UserList: _user_list,
    ev.Person: _person,
    ev.NickIs: lambda result, _: _server(f"You are {result.nick}"),
    ev.ModeIs: lambda result, _: _server(f"Output is {result.mode}"),
    ev.Current: lambda result, _: _server(f"Your words go to {result.to}"),
    ev.State: lambda result, _: _server(
        "You are away" if result.state == "away" else "You are back"
    ),
    ev.Pong: lambda result, _: _server(f"pong {result.t}"),
    ev.MatchState: _match_state,
    ev.HelpText: _help_text,
    ev.Page: _page,
    ev.Resumed: _resumed,
    ev.Told: lambda result, _: _server(_count(result.sessions, "session") + " reached"),
}
