"""What is told about people."""

from __future__ import annotations

from collections.abc import Iterable

from chatd.core import events as ev
from chatd.core import results as rs
from chatd.line.render import events
from chatd.line.render.base import Renderings, Style, because, moment, server, wrapped

_MARKED = frozenset({"owner", "moderator", "admin", "muted"})


def named(person: rs.Member, *, roles: bool = True) -> str:
    """Return a person as one reads him in a list."""
    mark = f" ({person.role})" if roles and person.role in _MARKED else ""
    away = f" [away{because(person.text)}]" if person.state == "away" else ""
    return f"{person.nick}{mark}{away}"


def here(people: Iterable[rs.Member]) -> tuple[list[rs.Member], list[rs.Member]]:
    """Return those who are here, and those who are not."""
    people = list(people)
    gone = [person for person in people if person.state == "offline"]
    return [person for person in people if person.state != "offline"], gone


def _user_list(result: rs.UserList, _: Style) -> list[str]:
    where = f" in {result.room}" if result.room else ""
    present, gone = here(result.users)
    names = [named(person, roles=result.room is not None) for person in present]
    lines = wrapped(f"Here{where} ({len(names)}): ", names)
    if gone:
        lines += wrapped(f"Not here ({len(gone)}): ", map(named, gone))
    return lines


def _person(result: rs.Person, _: Style) -> list[str]:
    who = "a guest"
    if result.account is not None:
        who = f"account {result.account}{' (admin)' * (result.role == 'admin')}"
    time = f"here since {moment(result.since)}"
    if result.state == "offline":
        time = f"last here {moment(result.seen)}" if result.seen else "never here since"
    parts = [f"{result.nick} is {who}", f"{result.state}{because(result.text)}", time]
    parts.append(f"in {', '.join(result.rooms) or 'no rooms'}")
    if result.registered:
        parts.append(f"registered {result.registered[:10]}")
    if result.addresses:
        parts.append(f"from {', '.join(result.addresses)}")
    return server(", ".join(parts))


def _ignored_list(result: rs.IgnoredList, _: Style) -> list[str]:
    if not result.ignored:
        return server("You ignore nobody.")
    return wrapped(f"You ignore ({len(result.ignored)}): ", result.ignored)


def _match_state(result: rs.MatchState, style: Style) -> list[str]:
    if result.state == "matched":
        return events.LINES[ev.Matched](ev.Matched(nick=result.nick or ""), style)
    if result.state == "waiting":
        return server("You are paired with the next one who asks; /unmatch ends the waiting.")
    return server("You are in no pair.")


LINES: Renderings = {
    rs.UserList: _user_list,
    rs.Person: _person,
    rs.NickIs: lambda result, _: server(f"You are {result.nick}"),
    rs.State: lambda result, _: server(f"You are {'away' if result.state == 'away' else 'back'}"),
    rs.IgnoredList: _ignored_list,
    rs.MatchState: _match_state,
}
