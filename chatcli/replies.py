"""Replies of the server in the words that a person reads. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.account_replies import TELLERS, day_and_time
from chatcli.wire import Object

LISTED = 200  # lines: a longer list is cut, and says so


def words(name: str, reply: Object) -> list[str]:
    """Return the lines that tell what command ``name`` gave; none where nothing need be said."""
    teller = _TELLERS.get(name)
    lines = teller(reply) if teller else []
    if len(lines) > LISTED:
        return [*lines[:LISTED], f"… and {len(lines) - LISTED} more"]
    return lines


def _help(reply: Object) -> list[str]:
    rows = wire.objects(reply, "commands")
    usages = [wire.text(row, "usage") for row in rows]
    width = min(24, max((len(usage) for usage in usages), default=0))
    lines = [
        f"{usage:{width}}  {wire.text(row, 'summary')}"
        for usage, row in zip(usages, rows, strict=True)
    ]
    return [*lines, *wire.texts(reply, "text")]


def _who(reply: Object) -> list[str]:
    users = wire.objects(reply, "users")
    room = wire.name(reply, "room")
    where = f"in {room}" if room else "on the server"
    lines = [f"{len(users)} {'person' if len(users) == 1 else 'people'} {where}:"]
    for user in users:
        state, why = wire.text(user, "state"), wire.text(user, "text")
        state = f"{state}: {why}" if why else state
        role = wire.text(user, "role")
        lines.append(f"  {wire.name(user, 'nick')} ({', '.join(filter(None, (role, state)))})")
    return lines


def _whois(reply: Object) -> list[str]:
    nick, account = wire.name(reply, "nick"), wire.name(reply, "account")
    state, why = wire.text(reply, "state"), wire.text(reply, "text")
    who = f"account {account}" if account else "a guest"
    who = "administrator" if wire.text(reply, "role") == "admin" else who
    lines = [f"{nick}, {who}, {state}{f': {why}' if why else ''}"]
    rooms = wire.texts(reply, "rooms")
    if rooms:
        lines.append(f"  in {', '.join(rooms)}")
    for key, words in (
        ("since", "here since"),
        ("seen", "here last"),
        ("registered", "registered"),
    ):
        moment = wire.moment(reply, key, 0.0)
        if moment and not (key == "since" and state == "offline"):
            lines.append(f"  {words} {day_and_time(moment)}")
    addresses = wire.texts(reply, "addresses")
    if addresses:
        lines.append(f"  from {', '.join(addresses)}")
    return lines


def _list(reply: Object) -> list[str]:
    rooms = wire.objects(reply, "rooms")
    if not rooms:
        return ["There is no such room."]
    return [
        f"{wire.name(room, 'room')} ({wire.number(room, 'members') or 0})"
        f"  {wire.text(room, 'topic')}".rstrip()
        for room in rooms
    ]


def _topic(reply: Object) -> list[str]:
    topic = wire.text(reply, "topic")
    room = wire.name(reply, "room")
    return [f"{room} is about: {topic}" if topic else f"{room} has no topic."]


def _nick(reply: Object) -> list[str]:
    return [f"You are {wire.name(reply, 'nick')} now."]


def _state(reply: Object) -> list[str]:
    why = wire.text(reply, "text")
    return [f"You are {wire.text(reply, 'state')}{f': {why}' if why else ''} now."]


def _match(reply: Object) -> list[str]:
    told = {
        "waiting": "Waiting for somebody who asks for a pair, too. /unmatch ends that.",
        "none": "You are in no pair now.",
    }
    words = told.get(wire.text(reply, "state"))
    # That one is paired is told where it leads to.
    return [words] if words else []


def _ping(reply: Object) -> list[str]:
    return ["The server is there."]


def _told(reply: Object) -> list[str]:
    count = wire.number(reply, "sessions") or 0
    return [f"{count} connection{' was' if count == 1 else 's were'} reached."]


_TELLERS: dict[str, Callable[[Object], list[str]]] = {
    "away": _state,
    "back": _state,
    "help": _help,
    "kill": _told,
    "list": _list,
    "match": _match,
    "nick": _nick,
    "ping": _ping,
    "topic": _topic,
    "unmatch": _match,
    "wall": _told,
    "who": _who,
    "whois": _whois,
    **TELLERS,
}
