"""Taking up an account, and putting it down. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.conversation import LINES_KEPT, Conversation
from chatcli.model import HOME, Need, State
from chatcli.state import enter
from chatcli.wire import Object, key_of

# Private conversations in which nothing is new that are listed, too.
QUIET_LISTED = 20


def log_in(state: State, reply: Object, now: float, take: Callable[[Object], object]) -> list[Need]:
    """Be an account: its rooms and conversations with what is unread, whom it ignores.

    ``take`` gets events of rooms that one was in before.
    """
    nowhere = state.current_key == HOME
    state.you = wire.name(reply, "you") or state.you
    state.account = wire.name(reply, "account") or state.you
    state.role = wire.text(reply, "role") or "user"
    state.roster += 1
    state.ignored = {key_of(nick) for nick in wire.texts(reply, "ignored")}
    needs = _take_unread(state, wire.objects(reply, "conversations"))
    rooms = wire.objects(reply, "rooms")
    for room in rooms:
        needs += enter(state, room, now, take)
    there = {key_of(wire.name(room, "room")) for room in rooms}
    for conversation in state.conversations.values():
        if conversation.joined and conversation.key not in there:
            state.shut_out(conversation, f"{state.you} is not in this room.", now)
    invited = [title for title in wire.texts(reply, "invited") if title.startswith("#")]
    if invited:
        state.tell(f"You are invited to {', '.join(invited)}. Try: /join {invited[0]}", now)
        state.rooms_known.update(dict.fromkeys(invited, ""))
    if nowhere:
        # The first one that was opened is shown so far, and was not looked at.
        first = next((wire.name(room, "room") for room in rooms), "")
        start = key_of(wire.name(reply, "to") or first)
        state.current_key = start if start in state.conversations else state.current_key
    return needs


def _take_unread(state: State, told: list[Object]) -> list[Need]:
    needs: list[Need] = []
    quiet = QUIET_LISTED
    for each in told:
        title, unread = wire.name(each, "to"), wire.number(each, "unread") or 0
        if title[:1] not in {"#", "@"} or not title[1:]:
            continue
        if title.startswith("@") and not unread and state.find(title) is None:
            quiet -= 1
            if quiet < 0:
                continue
        needs += _take_one(state.open(title), each, unread)
    return needs


def _take_one(conversation: Conversation, told: Object, unread: int) -> list[Need]:
    seq = wire.number(told, "seq") or 0
    if conversation.seen is not None and seq < conversation.seen:
        conversation.renumber()
    read, mentions = wire.number(told, "read") or 0, wire.number(told, "mentions") or 0
    conversation.tell_unread(seq, read, unread, mentions)
    conversation.level = wire.text(told, "level") or "all"
    if conversation.is_room:
        # What is said in it comes with the rooms.
        return []
    if conversation.seen is None:
        # What is before is fetched when somebody looks.
        conversation.begin_at(seq)
    if seq > (conversation.seen or 0):
        conversation.skip_to(seq - LINES_KEPT)
        return [Need("fill", conversation.title)]
    return []


def log_out(state: State, reply: Object, now: float) -> None:
    """Be a guest: what the account had is not to be seen any more."""
    state.you = wire.name(reply, "you") or state.you
    state.account, state.role = None, "guest"
    state.ignored.clear()
    state.leave_place(all_=True)
    state.conversations.clear()
    room = reply.get("room")
    if isinstance(room, dict):
        enter(state, room, now)
    state.tell(f"You are a guest now: {state.you}.", now)
