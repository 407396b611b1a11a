"""What the server tells, taken into what the client holds. Pure; nothing of it is believed.

Every function takes the state, an object from the wire and the time in seconds since the epoch;
what must be asked of the server thereupon is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatcli import wire
from chatcli.conversation import Conversation, Kind, Line, Member, Reaction
from chatcli.happenings import HANDLERS
from chatcli.model import PEOPLE_KEPT, Need, State
from chatcli.wire import Object, key_of

HOLES_KEPT = 10_000
_KINDS: dict[str, Kind] = {"me": "me", "whisper": "whisper"}

# These may bear a number that is not their own.
_WITHOUT_NUMBER = frozenset(HANDLERS) | {"viewed"}


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
        if not _is_another(conversation, seq, event):
            return []
        conversation.renumber()
    conversation.take(seq)
    if len(conversation.ahead) > HOLES_KEPT:
        conversation.close_hole()
    line = line_of(state, event, now)
    if line is not None:
        _show(state, conversation, line)
    _apply_effect(conversation, event, seq)
    return [Need("fill", title)] if conversation.has_hole else []


def _is_another(conversation: Conversation, seq: int, event: Object) -> bool:
    """Whether a number that is known now stands for something else.

    A name can go from one person to another; the private conversation with it begins anew.
    """
    if conversation.is_room:
        return False
    line = conversation.find(seq)
    return line is not None and abs(line.t - wire.moment(event, "t", line.t)) > 0.01


def line_of(state: State, event: Object, now: float) -> Line | None:
    """Return the line that shows a durable event; None for one that has none of its own."""
    ev, seq, t = event.get("ev"), wire.number(event, "seq"), wire.moment(event, "t", now)
    if ev == "topic":
        text, by = wire.text(event, "text"), wire.name(event, "by")
        words = f"{by} set the topic: {text}" if text else f"{by} cleared the topic"
        return Line(kind="topic", t=t, text=words, seq=seq)
    who = wire.name(event, "from")
    if ev != "msg" or not who:
        return None
    deleted = wire.flag(event, "deleted")
    return Line(
        kind=_KINDS.get(wire.text(event, "kind"), "text"),
        t=t,
        text="(deleted)" if deleted else wire.text(event, "text", lines=True),
        who=who,
        seq=seq,
        own=state.is_you(who),
        mention=wire.flag(event, "mention"),
        edited=wire.flag(event, "edited"),
        reply=wire.number(event, "reply"),
        room=wire.name(event, "room"),
    )


def _show(state: State, conversation: Conversation, line: Line) -> None:
    conversation.place(line)
    if not line.is_message:
        return
    conversation.spoke(line.who)
    if conversation is state.current or line.own:
        return
    if not conversation.unread:
        conversation.unread_from = line
    conversation.unread += 1
    conversation.mentions += line.mention or not conversation.is_room


def _apply_effect(conversation: Conversation, event: Object, seq: int) -> None:
    """Do what an event does besides being shown."""
    ev, by = event.get("ev"), wire.name(event, "by")
    if ev == "topic":
        conversation.topic = wire.text(event, "text")
    of, emoji = wire.number(event, "of"), wire.text(event, "emoji")[:32]
    if ev == "react" and of is not None and emoji and by:
        on = event.get("on") is not False
        conversation.react(of, emoji, Reaction(seq, by, on))


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
    conversation.joined = True
    conversation.topic = wire.text(reply, "topic")
    _take_members(state, conversation, wire.objects(reply, "members"))
    if conversation.seen is not None and seq < conversation.seen:
        conversation.renumber()
    recent = wire.objects(reply, "recent")
    if conversation.seen is None:
        _begin(state, conversation, recent, seq, now)
        return []
    if take is None:
        return []
    for event in recent:
        take(event)
    return [Need("fill", title)] if seq > conversation.seen else []


def _begin(
    state: State, conversation: Conversation, recent: list[Object], seq: int, now: float
) -> None:
    first = wire.number(recent[0], "seq") if recent else None
    conversation.begin_at(seq if first is None else max(0, min(first - 1, seq)))
    unread, mentions = conversation.unread, conversation.mentions
    for event in recent:
        apply(state, event, now)
    # What was said before one came in is no news.
    conversation.unread, conversation.mentions = unread, mentions
    conversation.unread_from = None
    conversation.skip_to(seq)


def _take_members(state: State, conversation: Conversation, members: list[Object]) -> None:
    conversation.members = {}
    state.roster += 1
    for member in members[:PEOPLE_KEPT]:
        nick = wire.name(member, "nick")
        if nick:
            conversation.members[key_of(nick)] = Member(nick, wire.text(member, "role"))
            state.see(nick, wire.text(member, "state", "online"), wire.text(member, "text"))


def take_people(state: State, reply: Object) -> None:
    """Take in the list of everybody."""
    state.people.clear()
    state.roster += 1
    for user in wire.objects(reply, "users"):
        nick = wire.name(user, "nick")
        if nick:
            state.see(nick, wire.text(user, "state"), wire.text(user, "text"))
    state.presence = wire.number(reply, "v")


def take_page(state: State, conversation: Conversation, page: Iterable[Object], now: float) -> int:
    """Take in a page of what came before all that is here; return how much of it was new."""
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
        elif event.get("ev") == "react":
            _apply_effect(conversation, event, seq)
    conversation.place_before(sorted(lines, key=lambda line: line.seq or 0))
    return found
