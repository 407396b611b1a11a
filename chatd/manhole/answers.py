"""What a console shows of what the chat answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatd.manhole.door import Told
from chatd.manhole.text import Shown, one_line, table


def counted(told: Told, key: str) -> str:
    """Return a number of the answer with its noun."""
    number = told[key]
    return f"{number} {key.removesuffix('s') if number == 1 else key}"


def listed(
    key: str, empty: str, *columns: tuple[str, Callable[[Told], object]]
) -> Callable[[Told], Shown]:
    """Return what shows the list ``key`` of an answer as a table, or ``empty``."""

    def show(told: Told) -> Shown:
        rows = [[cell(one) for _, cell in columns] for one in told[key]]
        return table([head for head, _ in columns], rows) if rows else Shown(empty)

    return show


def _at(key: str) -> Callable[[Told], object]:
    return lambda one: one.get(key, "")


def _time(key: str) -> Callable[[Told], object]:
    return lambda one: moment(one.get(key))


def moment(t: str | None) -> str:
    """Return a time by RFC 3339 as it is read best; nothing for None."""
    return t[:16].replace("T", " ") if t else ""


people = listed(
    *("users", "Nobody is here."),
    ("NICK", _at("nick")),
    ("ROLE", _at("role")),
    ("STATE", _at("state")),
    ("AWAY", _at("text")),
)
rooms = listed(
    *("rooms", "There is no such room."),
    ("ROOM", _at("room")),
    ("MEMBERS", _at("members")),
    ("TOPIC", _at("topic")),
)
accounts = listed(
    *("accounts", "There is no such account."),
    ("NAME", _at("name")),
    ("ROLE", _at("role")),
    ("REGISTERED", _time("created")),
    ("LAST HERE", _time("seen")),
    ("SESSIONS", _at("sessions")),
    ("TOKENS", _at("tokens")),
)
bans = listed(
    *("bans", "Nobody is banned there."),
    ("WHO", _at("nick")),
    ("KIND", _at("kind")),
    ("BY", _at("by")),
    ("SINCE", _time("t")),
    ("UNTIL", _time("until")),
    ("WHY", _at("why")),
)
audit = listed(
    *("audit", "Nothing was done yet."),
    ("N", _at("n")),
    ("WHEN (UTC)", _time("t")),
    ("WHO", _at("who")),
    ("FROM", _at("address")),
    ("WHAT", _at("action")),
    ("WHOM", _at("whom")),
    ("WHERE", _at("room")),
    ("WHY", _at("why")),
)


def person(told: Told) -> Shown:
    """Show all that there is to know of a person."""
    rows = [(key, _plain(value)) for key, value in told.items() if key not in {"re", "ok"}]
    return table(("WHAT", "NOW"), rows)


def _plain(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else value


def sent(told: Told) -> Shown:
    """Tell where something was said."""
    stored = "" if told["state"] == "delivered" else "; nobody is there to read it now"
    return Shown(f"Said to {one_line(told['to'])} as number {told['seq']}{stored}.")


def banned(told: Told) -> Shown:
    """Tell who is banned now, or whom it would hit."""
    room = one_line(told["room"])
    if "nicks" in told:
        return Shown(f"That would hit {_names(told['nicks'])} in {room}.")
    until = f" until {moment(told['until'])} UTC" if told["until"] else ""
    return Shown(f"{one_line(told['nick'])} is banned from {room}{until}.")


def _names(nicks: Iterable[str]) -> str:
    return ", ".join(map(one_line, nicks)) or "nobody"


def unbanned(told: Told) -> Shown:
    """Tell who is banned no more."""
    return Shown(f"{one_line(told['nick'])} is not banned from {one_line(told['room'])} any more.")


def role(told: Told) -> Shown:
    """Tell what an account is now."""
    return Shown(f"{one_line(told['account'])} is {told['role']} now.")


def stopping(told: Told) -> Shown:
    """Tell when the server stops, if it does."""
    if told["at"] is None:
        return Shown("The server goes on.")
    return Shown(f'The server stops at {told["at"]}; shutdown("cancel") has it go on.')
