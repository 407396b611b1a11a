"""Events about oneself: markers, levels, whom one ignores, pairs, who one is. Pure.

Every handler takes the state, the event and the time in seconds since the epoch, and returns what
must be asked of the server thereupon.
"""

from __future__ import annotations

from chatcli import wire
from chatcli.model import PEOPLE_KEPT, ROOMS_KNOWN, Need, State
from chatcli.wire import Object, key_of


def handle_read(state: State, event: Object, now: float) -> list[Need]:
    """Another session of the same person has read a conversation."""
    conversation, seq = state.find(wire.name(event, "in")), wire.number(event, "seq")
    if conversation is not None and seq is not None:
        conversation.mark_read(seq)
        conversation.marked = max(conversation.marked, seq)
        if not conversation.unread and conversation is not state.current:
            conversation.clear_mark()
    return []


def handle_viewed(state: State, event: Object, now: float) -> list[Need]:
    """What could be viewed once was viewed."""
    conversation, seq = state.find(wire.name(event, "in")), wire.number(event, "seq")
    line = conversation.find(seq) if conversation is not None and seq is not None else None
    if line is not None and line.kind == "once":
        line.viewed = True
    return []


def handle_level(state: State, event: Object, now: float) -> list[Need]:
    """Another session chose of what one wants notice."""
    conversation = state.find(wire.name(event, "in"))
    if conversation is not None:
        conversation.level = wire.text(event, "level") or conversation.level
    return []


def handle_ignore(state: State, event: Object, now: float) -> list[Need]:
    """Another session ignores somebody, or does so no more."""
    ignore(state, wire.name(event, "nick"), on=wire.flag(event, "on"))
    return []


def ignore(state: State, nick: str, *, on: bool) -> None:
    """Hide what somebody has said and will say, or show it again."""
    key = key_of(nick.removeprefix("@"))
    if not key:
        return
    if on and len(state.ignored) >= PEOPLE_KEPT:
        return
    (state.ignored.add if on else state.ignored.discard)(key)
    for conversation in state.conversations.values():
        for line in conversation.lines:
            if line.is_said and key_of(line.who) == key:
                line.ignored = on


def handle_invite(state: State, event: Object, now: float) -> list[Need]:
    """One may enter a room."""
    title, by = wire.name(event, "in"), wire.name(event, "by")
    if title and len(state.rooms_known) < ROOMS_KNOWN:
        state.rooms_known.setdefault(title, "")
    if title:
        state.tell(f"{by or 'The server'} invites you. Try: /join {title}", now)
    return []


def handle_knock(state: State, event: Object, now: float) -> list[Need]:
    """Somebody asks to be let into a room that one runs."""
    title, nick = wire.name(event, "in"), wire.name(event, "nick")
    if title and nick:
        words = f"{nick} asks to be let in. Try: /invite {nick} {title}"
        state.tell(words, now, title=title)
    return []


def handle_account(state: State, event: Object, now: float) -> list[Need]:
    """Who one is has changed, elsewhere."""
    before = state.account, state.role
    old, state.you = state.you, wire.name(event, "you") or state.you
    state.account = wire.name(event, "account") or None
    state.role = wire.text(event, "role") or state.role
    state.roster += 1
    if (state.account, state.role) != before or old != state.you:
        who = f"the account {state.account}" if state.account else "a guest"
        state.tell(f"You are {state.you} now, {who} ({state.role}).", now)
    return []


def handle_matched(state: State, event: Object, now: float) -> list[Need]:
    """One was paired with somebody."""
    nick = wire.name(event, "nick")
    if nick:
        state.open(f"@{nick}")
        state.go(f"@{nick}")
        state.tell(f"You are paired with {nick}. Say hello! /unmatch ends it.", now)
    return []


def handle_unmatched(state: State, event: Object, now: float) -> list[Need]:
    """The other one ended the pair."""
    nick = wire.name(event, "nick")
    state.tell(f"{nick or 'The other one'} ended the pair.", now, title=f"@{nick}")
    return []


PERSONAL = {
    "read": handle_read,
    "viewed": handle_viewed,
    "notify": handle_level,
    "ignore": handle_ignore,
    "invite": handle_invite,
    "knock": handle_knock,
    "account": handle_account,
    "matched": handle_matched,
    "unmatched": handle_unmatched,
}
