"""What the server tells, taken into what the client holds. Pure; nothing of it is believed.

Every function takes the state, an object from the wire and the time in seconds since the epoch;
what must be asked of the server thereupon is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatcli import wire
from chatcli.conversation import Conversation, Line, Member, Reaction
from chatcli.model import PEOPLE_KEPT, Need, State
from chatcli.wire import Object, key_of

TYPING_BELIEVED = 10.0  # seconds, where nobody says that it has ended
HOLES_KEPT = 10_000
_KINDS = {"text": "text", "me": "me", "whisper": "whisper"}

Handler = Callable[[State, Object, float], list[Need]]


def apply(state: State, event: Object, now: float) -> list[Need]:
    """Take in an event; an unknown one is passed over, but its number counts."""
    ev = event.get("ev")
    if not isinstance(ev, str):
        return []
    if wire.number(event, "seq") is not None and ev not in _WITHOUT_NUMBER:
        return _apply_durable(state, event, now)
    handler = _HANDLERS.get(ev)
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
    kind = wire.text(event, "kind")
    return Line(
        kind=kind if kind == "me" or kind == "whisper" else "text",
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


def enter(state: State, reply: Object, now: float, *, replayed: bool = False) -> list[Need]:
    """Take in what is told of a room on joining it.

    Where ``replayed``, what was missed follows by itself.
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
    if replayed:
        return []
    for event in recent:
        apply(state, event, now)
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
    for member in members[:PEOPLE_KEPT]:
        nick = wire.name(member, "nick")
        if nick:
            conversation.members[key_of(nick)] = Member(nick, wire.text(member, "role"))
            state.see(nick, wire.text(member, "state", "online"), wire.text(member, "text"))


def take_people(state: State, reply: Object) -> None:
    """Take in the list of everybody."""
    state.people.clear()
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


# Events without a number


def handle_hello(state: State, event: Object, now: float) -> list[Need]:
    """Who one is, and what the server is."""
    state.you = wire.name(event, "you") or state.you
    state.server = wire.text(event, "server")[:100]
    limits = event.get("limits")
    limits = limits if isinstance(limits, dict) else {}
    numbers = {key: wire.number(limits, key) for key in ("line", "text", "lines", "page")}
    state.limits = {key: value for key, value in numbers.items() if value}
    motd = wire.text(event, "motd", lines=True).strip()
    if motd and motd != state.motd:
        state.motd = motd
        state.tell(motd, now)
    return []


def handle_join(state: State, event: Object, now: float) -> list[Need]:
    """Somebody entered a room; oneself, where another session of the same person did."""
    title, nick = wire.name(event, "in"), wire.name(event, "nick")
    if not title.startswith("#") or not nick:
        return []
    conversation = state.find(title)
    if state.is_you(nick):
        known = conversation is not None and conversation.joined
        return [] if known else [Need("join", title)]
    if conversation is None or len(conversation.members) >= PEOPLE_KEPT:
        return []
    conversation.members.setdefault(key_of(nick), Member(nick, "member"))
    if key_of(nick) not in state.people:
        state.see(nick, "online")
    conversation.place(Line(kind="quiet", t=now, text=f"→ {nick} joined"))
    return []


def handle_part(state: State, event: Object, now: float) -> list[Need]:
    """Somebody left a room."""
    nick, why = wire.name(event, "nick"), wire.text(event, "why")
    conversation = state.find(wire.name(event, "in"))
    if conversation is None or not nick:
        return []
    if state.is_you(nick):
        leave(state, conversation.title, now)
        return []
    conversation.members.pop(key_of(nick), None)
    conversation.typing.pop(key_of(nick), None)
    reason = f" ({why})" if why and why != "left" else ""
    conversation.place(Line(kind="quiet", t=now, text=f"← {nick} left{reason}"))
    return []


def leave(state: State, title: str, now: float) -> None:
    """One is not in a room any more."""
    state.close(title)
    state.tell(f"You left {title}.", now)


def handle_nick(state: State, event: Object, now: float) -> list[Need]:
    """Somebody, perhaps oneself, has another name."""
    old, new = wire.name(event, "old"), wire.name(event, "nick")
    if not old or not new:
        return []
    if state.is_you(old):
        state.you = new
    person = state.people.pop(key_of(old), None)
    if person is not None:
        state.people[key_of(new)] = person._replace(nick=new)
    for conversation in state.conversations.values():
        _rename_in(conversation, old, new, now)
    return _rename_private(state, old, new)


def _rename_in(conversation: Conversation, old: str, new: str, now: float) -> None:
    before, after = key_of(old), key_of(new)
    for names in (conversation.speakers,):
        if names.pop(before, None) is not None:
            names[after] = new
    conversation.typing.pop(before, None)
    member = conversation.members.pop(before, None)
    if member is not None:
        conversation.members[after] = member._replace(nick=new)
    if member is not None or conversation.key == f"@{before}":
        conversation.place(Line(kind="quiet", t=now, text=f"{old} is now called {new}"))


def _rename_private(state: State, old: str, new: str) -> list[Need]:
    conversation = state.conversations.get(key_of(f"@{old}"))
    if conversation is None:
        return []
    key = key_of(f"@{new}")
    former = state.conversations.get(key)
    if former is not None and former is not conversation:
        # It was with somebody else, who once had that name.
        former.renumber()
        conversation.place_before(former.lines)
    was_current = conversation is state.current
    conversation.title = f"@{new}"
    state.conversations = {
        key if each is conversation else name: each
        for name, each in state.conversations.items()
        if each is not former or each is conversation
    }
    if was_current:
        state.current_key = key
    return []


def handle_presence(state: State, event: Object, now: float) -> list[Need]:
    """Somebody came, went, is away or back."""
    nick, v = wire.name(event, "nick"), wire.number(event, "v")
    if not nick or v is None or (state.presence is not None and v <= state.presence):
        return []
    hole = state.presence is not None and v > state.presence + 1
    state.presence = v
    state.see(nick, wire.text(event, "state"), wire.text(event, "text"))
    return [Need("who")] if hole else []


def handle_typing(state: State, event: Object, now: float) -> list[Need]:
    """Somebody types, or has stopped."""
    nick = wire.name(event, "from")
    conversation = state.find(wire.name(event, "in"))
    if conversation is None or not nick or state.is_you(nick):
        return []
    conversation.typing.pop(key_of(nick), None)
    if wire.flag(event, "on") and len(conversation.typing) < 100:
        conversation.typing[key_of(nick)] = (nick, now + TYPING_BELIEVED)
    return []


def handle_read(state: State, event: Object, now: float) -> list[Need]:
    """Another session of the same person has read a conversation."""
    conversation, seq = state.find(wire.name(event, "in")), wire.number(event, "seq")
    if conversation is not None and seq is not None and seq >= (conversation.seen or 0):
        conversation.unread = conversation.mentions = 0
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


def handle_words(state: State, event: Object, now: float) -> list[Need]:
    """Words of the server."""
    text = wire.text(event, "text", lines=True)
    if text:
        state.tell(text, now)
    return []


def handle_error(state: State, event: Object, now: float) -> list[Need]:
    """Something was refused that had no id."""
    state.tell(refusal(event), now, kind="error")
    return []


def refusal(of: Object) -> str:
    """Return why something was refused, and what to try."""
    text = wire.text(of, "text") or "The server refused that."
    hint = wire.text(of, "try")
    return f"{text} Try: {hint}" if hint else text


_HANDLERS: dict[str, Handler] = {
    "hello": handle_hello,
    "join": handle_join,
    "part": handle_part,
    "nick": handle_nick,
    "presence": handle_presence,
    "typing": handle_typing,
    "read": handle_read,
    "matched": handle_matched,
    "unmatched": handle_unmatched,
    "notice": handle_words,
    "bye": handle_words,
    "error": handle_error,
}
# These may bear a number that is not their own.
_WITHOUT_NUMBER = frozenset(_HANDLERS) | {"viewed"}
