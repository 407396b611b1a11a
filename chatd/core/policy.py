"""Who may do what. Nothing else in the chat refuses for want of a role or an account."""

from __future__ import annotations

from chatd.core.commands import (
    ROW_OF,
    Away,
    Back,
    Command,
    Join,
    Match,
    Nick,
    Part,
    Resume,
    Typing,
)
from chatd.core.errors import Refusal
from chatd.core.model import Role, Room, User
from chatd.core.turn import CONSOLE_UID

# By action: the roles that may. A member's role in the room counts; an administrator may all.
ROOM_ACTIONS: dict[str, frozenset[Role]] = {
    "topic": frozenset({"moderator", "owner"}),
}
# The console is nobody who is present: it has no nick, no rooms and no presence.
_PRESENT = (Away, Back, Join, Match, Nick, Part, Resume, Typing)
_ROLE_WORDS = {"topic": ("moderators", "set the topic")}


def check_command(user: User, command: Command) -> None:
    """Raise ``Refusal`` 402 or 403 where ``user`` may not use ``command`` at all."""
    row = ROW_OF[type(command)]
    if user.uid == CONSOLE_UID and isinstance(command, _PRESENT):
        raise Refusal(403, role="who is in the chat", action=f"use /{row.name}")
    if user.admin:
        return
    if row.who == "u" and user.account is None:
        raise Refusal(402, command=row.name)
    if row.who == "a":
        raise Refusal(403, role="administrators", action=f"use /{row.name}")


def check_room(user: User, room: Room, action: str) -> None:
    """Raise ``Refusal`` 403 where the role of ``user`` in ``room`` does not allow ``action``."""
    if user.admin:
        return
    role = room.role_of(user) if user.uid in room.members else "guest"
    if role not in ROOM_ACTIONS[action]:
        who, what = _ROLE_WORDS[action]
        raise Refusal(
            403,
            role=who,
            action=f"{what} in {room.name.shown}",
            then=f"/who {room.name.shown}",
        )
