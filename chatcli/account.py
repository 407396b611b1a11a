"""Taking up an account, and putting it down. Pure."""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.model import HOME, Need, State
from chatcli.state import enter
from chatcli.wire import Object, key_of

# Private conversations in which nothing is new that are listed, too.
QUIET_LISTED = 20
# Events that came since the last time, from which on what is here from then is no part of the
# present: it would take long to fetch all, and what was deleted meanwhile must not be shown.
TOO_MANY = 1000


def log_in(state: State, reply: Object, now: float, take: Callable[[Object], object]) -> list[Need]:
    """Be an account: its rooms and conversations with what is unread, whom it ignores.

    ``take`` gets events of rooms that one was in before.
    """
    nowhere = state.current_key == HOME
    former = state.account
    state.you = wire.name(reply, "you") or state.you
    state.account = wire.name(reply, "account") or state.you
    if former is not None and key_of(former) != key_of(state.account):
        _forget_privates(state)
    state.role = wire.text(reply, "role") or "user"
    state.roster += 1
    state.ignored = {key_of(nick) for nick in wire.texts(reply, "ignored")}
    told = wire.objects(reply, "conversations")
    needs = _take_unread(state, told)
    rooms = wire.objects(reply, "rooms")
    for room in rooms:
        needs += enter(state, room, now, take)
    there = {key_of(wire.name(room, "room")) for room in rooms}
    for conversation in state.conversations.values():
        if conversation.joined and conversation.key not in there:
            state.shut_out(conversation, f"{state.you} is not in this room.", now)
    _confirm(state, there | {key_of(wire.name(each, "to")) for each in told}, needs)
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


def _forget_privates(state: State) -> None:
    """Take away what was said in private to somebody else, who one was."""
    for conversation in list(state.conversations.values()):
        if not conversation.is_room:
            state.close(conversation.title)


def _confirm(state: State, there: set[str], needs: list[Need]) -> None:
    """What is here from the last time is as it is now, but for the holes that will be filled."""
    filled = {key_of(need.title) for need in needs}
    for conversation in state.conversations.values():
        if not conversation.old:
            continue
        for line in conversation.lines:
            line.ignored = line.is_said and key_of(line.who) in state.ignored
        if conversation.key not in there:
            # Nobody knows its numbers any more.
            conversation.renumber()
        conversation.old = conversation.key in filled or conversation.has_hole


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
        needs += _take_one(state, state.open(title), each, unread)
    return needs


def _take_one(state: State, conversation: Conversation, told: Object, unread: int) -> list[Need]:
    seq = wire.number(told, "seq") or 0
    state.past[conversation.key] = seq
    if conversation.seen is not None and seq < conversation.seen:
        conversation.renumber()
    elif conversation.old and seq > (conversation.seen or 0) + TOO_MANY:
        conversation.forget()
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
        conversation.skip_to(seq - conversation.kept)
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
