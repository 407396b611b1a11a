"""Who may do what. Nothing else in the chat refuses for want of a role or an account."""

from __future__ import annotations

from chatd.core.commands import ROW_OF, Command
from chatd.core.errors import Refusal
from chatd.core.model import Role, Room, User

# By action: the roles that may. A member's role in the room counts; an administrator may all.
ROOM_ACTIONS: dict[str, frozenset[Role]] = {
    "topic": frozenset({"moderator", "owner"}),
}
_ROLE_WORDS = {"topic": ("moderators", "set the topic")}


def check_command(user: User, command: Command) -> None:
    """Raise ``Refusal`` 402 or 403 where ``user`` may not use ``command`` at all."""
    row = ROW_OF[type(command)]
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
