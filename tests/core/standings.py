"""A room with a person of each standing in it, or outside of it."""

from __future__ import annotations

import json
from typing import Any

from chatd.core.events import Refused, RefusedReply
from tests.core.world import World

# The administrator is called boss: admin is a reserved name.
STANDINGS = ("outside", "banned", "muted", "member", "moderator", "owner", "boss")


def staffed(*, guests: bool = False, private: bool = False) -> World:
    """Return a world with #ops, where each standing is somebody's of that name.

    All are accounts, but for the administrator guests where ``guests``; each has an address of his
    own and has said one message, in the order of ``STANDINGS``; ``target`` is a member who has
    said the next one. The administrator is outside.
    """
    world = World()
    people = ("owner", *(name for name in STANDINGS if name != "owner"), "target")
    for number, name in enumerate(people, 1):
        world.connect(name, mode="json", address=f"192.0.2.{number}")
        if not guests or name == "boss":
            world.register(name)
        world.say(name, "/join #ops")
    for name in (*STANDINGS, "target"):
        world.say(name, "/go #ops")
        world.say(name, f"by {name}")
    for line in ("/mod moderator", "/mute muted", "/ban banned"):
        world.say("owner", line)
    world.say("outside", "/part #ops")
    world.say("boss", "/part #ops")
    world.make_admin("boss")
    if private:
        world.say("owner", "/set private on")
    world.silence()
    return world


def code_of(world: World, session: str, request: str | dict[str, Any]) -> int:
    """Have a session send a line, or an object; return the error's number, 0 for none."""
    world.heard(session)
    world.say(session, request if isinstance(request, str) else json.dumps(request))
    codes = [told.code for told in world.heard(session) if isinstance(told, Refused | RefusedReply)]
    return codes[0] if codes else 0
