"""Acts of moderation: in words, and what they change in a room. Pure."""

from __future__ import annotations

from datetime import datetime

from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.line import Member
from chatcli.model import State
from chatcli.remarks import PINS_KEPT
from chatcli.wire import Object, key_of

# By action; ``{nick}`` whom it concerns, ``{of}`` the message, ``{value}`` what was set.
_WORDS = {
    "kick": "{by} put {nick} out",
    "ban": "{by} banned {nick}",
    "unban": "{by} lifted the ban of {nick}",
    "mute": "{by} muted {nick}",
    "unmute": "{by} lets {nick} speak again",
    "pin": "{by} pinned message {of}",
    "unpin": "{by} unpinned message {of}",
    "mod": "{by} made {nick} a moderator",
    "unmod": "{by} made {nick} a member again",
    "own": "{by} handed the room over to {nick}",
    "set": "{by} set {option}: {value}",
}
_ROLES = {"mod": "moderator", "unmod": "member", "own": "owner"}


def words(event: Object) -> str:
    """Return what somebody did, in words."""
    action = wire.text(event, "action")
    values = {key: wire.text(event, key) for key in ("option", "value")}
    values["nick"], values["of"] = wire.name(event, "nick"), str(wire.number(event, "of") or "?")
    by = wire.name(event, "by")
    values["by"] = by if by not in {"", "server"} else "The server"
    if action == "slow":
        return _slow_words(values)
    text = _WORDS.get(action, "{by} did something new: {action}")
    said = text.format(action=action or "?", **values).rstrip(": ")
    until, why = wire.moment(event, "until", 0.0), wire.text(event, "why")
    if until:
        said += f" until {datetime.fromtimestamp(until).astimezone():%d %B %H:%M}"
    return f"{said} ({why})" if why else said


def _slow_words(values: dict[str, str]) -> str:
    seconds = values["value"]
    if seconds in {"", "0"}:
        return f"{values['by']} ended the slow mode"
    return f"{values['by']} slowed the room down: {seconds} s between messages"


def apply(state: State, conversation: Conversation, event: Object) -> None:
    """Take in what an act changes."""
    action, nick, of = (
        wire.text(event, "action"),
        wire.name(event, "nick"),
        wire.number(event, "of"),
    )
    state.roster += 1
    if of is not None and action == "pin" and len(conversation.pins) < PINS_KEPT:
        conversation.pins.add(of)
    elif of is not None and action == "unpin":
        conversation.pins.discard(of)
    if not nick:
        return
    if action in {"mute", "unmute"}:
        (conversation.muted.add if action == "mute" else conversation.muted.discard)(key_of(nick))
    elif action in {"kick", "ban"}:
        conversation.members.pop(key_of(nick), None)
    elif action in _ROLES:
        _give_role(conversation, nick, _ROLES[action])


def _give_role(conversation: Conversation, nick: str, role: str) -> None:
    members = conversation.members
    if role == "owner":
        for key, member in members.items():
            if member.role == "owner":
                members[key] = member._replace(role="moderator")
    if key_of(nick) in members:
        members[key_of(nick)] = Member(members[key_of(nick)].nick, role)
