"""Worlds that many tests begin with, and what they ask of them."""

from __future__ import annotations

import json

from chatd.core.effects import Fetch
from chatd.core.events import Refused
from chatd.core.queries import UnreadOf
from chatd.core.records import AccountKept
from chatd.core.results import LoggedIn, SettingsAre, UserList
from tests.core.world import World, events, of_kind


def room_of(*inside: str) -> World:
    """Return #ops, made by the first of those inside; ana, bo, cy are at their own addresses."""
    made = World()
    for number, session in enumerate(("ana", "bo", "cy"), 1):
        made.connect(session, mode="json", address=f"192.0.2.{number}")
    for session in inside:
        made.say(session, "/join #ops")
    made.silence()
    return made


def owner_offline() -> World:
    """Return ana, an account that is offline, with #ops her own; bo and cy see what happens."""
    made = World()
    made.connect("ana")
    made.connect("bo", mode="json")
    made.connect("cy")
    made.register("ana")
    made.say("ana", "/join #ops")
    for session in ("bo", "cy"):
        made.say(session, "/join #ops")
    made.disconnect("ana")
    made.silence()
    return made


def logged_in(world: World, session: str, name: str = "ana") -> LoggedIn:
    """Log a session in; return the answer without its counts."""
    (fetch,) = of_kind(world.login(session, name), Fetch)
    assert fetch.session == session
    assert isinstance(fetch.query, UnreadOf)
    return fetch.query.reply


def members(world: World, room: str = "#ops") -> dict[str, str]:
    """Return the members of a room and what they are called in it."""
    listed = world.answer(next(iter(world.hub.sessions)), f"/who {room}", UserList).users
    return {member.nick: member.role for member in listed}


def set_to(world: World, option: str, value: str, room: str = "#ops") -> SettingsAre:
    """Have ana set a room; return the answer."""
    line = json.dumps({"do": "set", "room": room, "option": option, "value": value})
    return world.answer("ana", line, SettingsAre)


def codes(world: World, session: str) -> list[int]:
    """Return the errors that a session was told."""
    return [told.code for told in events(world.heard(session), Refused)]


def account(world: World, name: str) -> AccountKept:
    """Return the newest record of an account."""
    return [kept for kept in of_kind(world.effects, AccountKept) if kept.name == name][-1]
