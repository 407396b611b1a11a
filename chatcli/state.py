"""What the server tells, taken into what the client holds. Pure; nothing of it is believed.

Every function takes the state, an object from the wire and the time in seconds since the epoch;
what must be asked of the server thereupon is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.durable import apply_live, apply_past, line_of
from chatcli.happenings import HANDLERS
from chatcli.line import Line, Member
from chatcli.model import PEOPLE_KEPT, Need, State
from chatcli.wire import Object, key_of

HOLES_KEPT = 10_000

# These may bear a number that is not their own.
_WITHOUT_NUMBER = frozenset(HANDLERS)


def apply(state: State, event: Object, now: float) -> list[Need]:
    """Take in an event; an unknown one is passed over, but its number counts."""
    ev = event.get("ev")
    if not isinstance(ev, str):
        return []
    if wire.number(event, "seq") is not None and ev not in _WITHOUT_NUMBER:
        return _apply_durable(state, event, now)
    handler = HANDLERS.get(ev)
    return handler(state, event, now) if handler else []


def _apply_durable(state: State, event: Object, now: float) -> list[Need]:
    title, seq = wire.name(event, "in"), wire.number(event, "seq")
    if title[:1] not in {"#", "@"} or not title[1:] or seq is None:
        return []
    conversation = state.open(title)
    if conversation.is_known(seq):
        if not _contradicts(conversation, event):
            return []
        conversation.renumber()
    conversation.take(seq, _moment(event))
    if len(conversation.ahead) > HOLES_KEPT:
        conversation.close_hole()
    line = line_of(state, event, now)
    if line is not None:
        _show(state, conversation, line)
    apply_live(state, conversation, event, seq)
    if line is None:
        for witness in state.witnesses:
            witness.done(conversation, event)
    return [Need("fill", title)] if conversation.has_hole else []


def _moment(event: Object) -> float | None:
    t = wire.moment(event, "t", -1.0)
    return None if t < 0 else t


def _contradicts(conversation: Conversation, event: Object) -> bool:
    """Whether an event with a number that is known is not the one that is known."""
    seq, t = wire.number(event, "seq"), _moment(event)
    return seq is not None and t is not None and conversation.is_another(seq, t)


def _show(state: State, conversation: Conversation, line: Line) -> None:
    state.place(conversation, line)
    if not line.is_said:
        return
    conversation.spoke(line.who)
    if conversation is state.current and state.looking and line.seq is not None:
        conversation.mark_read(line.seq)
    conversation.count(line)


# Rooms


def enter(
    state: State, reply: Object, now: float, take: Callable[[Object], object] | None = None
) -> list[Need]:
    """Take in what is told of a room on joining it.

    ``take`` gets the last events of a room that one was in before. Without it they are not
    looked at: what was missed follows by itself.
    """
    title, seq = wire.name(reply, "room"), wire.number(reply, "seq") or 0
    if not title.startswith("#") or not title[1:]:
        return []
    conversation = state.open(title)
    state.past[conversation.key] = seq
    conversation.joined = True
    conversation.topic = wire.text(reply, "topic")[: wire.LONGEST_TOPIC]
    conversation.level = wire.text(reply, "level") or conversation.level
    _take_members(state, conversation, wire.objects(reply, "members"))
    recent = wire.objects(reply, "recent")
    if conversation.seen is not None and (
        seq < conversation.seen or _is_renumbered(conversation, recent)
    ):
        conversation.renumber()
    conversation.pins = set(wire.numbers(reply, "pins"))
    if conversation.seen is None:
        _begin(state, conversation, recent, reply, now)
        return []
    if take is None:
        return []
    for event in recent:
        take(event)
    return [Need("fill", title)] if seq > conversation.seen else []


def _is_renumbered(conversation: Conversation, recent: list[Object]) -> bool:
    """Whether the server counts anew: a known number stands for something else now."""
    known = (event for event in recent if conversation.is_known(wire.number(event, "seq") or 0))
    return any(_contradicts(conversation, event) for event in known)


def _begin(
    state: State, conversation: Conversation, recent: list[Object], reply: Object, now: float
) -> None:
    seq, read = wire.number(reply, "seq") or 0, wire.number(reply, "read")
    first = wire.number(recent[0], "seq") if recent else None
    conversation.begin_at(seq if first is None else max(0, min(first - 1, seq)))
    # Where nothing is told of it, what was said before one came in is no news.
    conversation.read = max(conversation.read, seq if read is None else min(read, seq))
    looking, state.looking = state.looking, False
    for event in recent:
        apply(state, event, now)
    state.looking = looking
    conversation.skip_to(seq)


def _take_members(state: State, conversation: Conversation, members: list[Object]) -> None:
    conversation.members = {}
    conversation.muted.clear()
    state.roster += 1
    for member in members[: min(PEOPLE_KEPT, state.room_for_members)]:
        nick = wire.name(member, "nick")
        role = wire.text(member, "role")
        if nick:
            # Who is muted has a role besides, which is not told.
            if role == "muted":
                conversation.muted.add(key_of(nick))
                role = "member"
            conversation.members[key_of(nick)] = Member(nick, role)
            state.see(nick, wire.text(member, "state", "online"), wire.text(member, "text"))


def take_people(state: State, reply: Object) -> None:
    """Take in the list of everybody."""
    state.people.clear()
    state.roster += 1
    for user in wire.objects(reply, "users"):
        nick = wire.name(user, "nick")
        if nick:
            words = (wire.text(user, key) for key in ("state", "text", "role"))
            state.see(nick, *words)
    state.presence = wire.number(reply, "v")


def take_page(state: State, conversation: Conversation, page: Iterable[Object], now: float) -> int:
    """Take in a page of what came before all that is here; return how much of it was new."""
    conversation.unhide()
    oldest = conversation.oldest
    lines: list[Line] = []
    found = 0
    for event in page:
        seq = wire.number(event, "seq")
        if seq is None or (oldest is not None and seq >= oldest):
            continue
        conversation.take(seq)
        found += 1
        line = line_of(state, event, now)
        if line is not None:
            lines.append(line)
        apply_past(state, conversation, event, seq)
    conversation.place_before(sorted(lines, key=lambda line: line.seq or 0))
    return found


def take_after(state: State, excerpt: Conversation, page: Iterable[Object], now: float) -> int:
    """Take in a page of what came after all that an excerpt has; return how much was new."""
    found = 0
    for event in page:
        seq = wire.number(event, "seq")
        if seq is None or excerpt.seen is None or seq <= excerpt.seen:
            continue
        excerpt.take(seq)
        excerpt.skip_to(seq)
        found += 1
        line = line_of(state, event, now)
        if line is not None:
            excerpt.place(line)
        apply_past(state, excerpt, event, seq)
    return found
