"""Durable events: the lines that show them, and what they do to others. Pure.

Every handler takes the state, the conversation, the event and its number.
"""

from __future__ import annotations

from collections.abc import Callable

from chatcli import moderation, wire
from chatcli.conversation import Conversation
from chatcli.line import Kind, Line, Reaction
from chatcli.model import State
from chatcli.wire import Object, key_of

_KINDS: dict[str, Kind] = {"me": "me", "whisper": "whisper"}
DELETED = "(deleted)"

Handler = Callable[[State, Conversation, Object, int], None]


# Lines


def line_of(state: State, event: Object, now: float) -> Line | None:
    """Return the line that shows a durable event; None for one that has none of its own."""
    ev, seq, t = wire.text(event, "ev"), wire.number(event, "seq"), wire.moment(event, "t", now)
    if ev == "topic":
        return Line(kind="topic", t=t, text=_topic_words(event), seq=seq)
    if ev == "mod":
        return Line(kind="topic", t=t, text=moderation.words(event), seq=seq)
    who = wire.name(event, "from")
    if ev not in {"msg", "once"} or not who:
        return None
    deleted = wire.flag(event, "deleted")
    once = ev == "once"
    return Line(
        kind="once" if once else _KINDS.get(wire.text(event, "kind"), "text"),
        t=t,
        text=DELETED if deleted else "" if once else wire.text(event, "text", lines=True),
        who=who,
        seq=seq,
        own=state.is_you(who),
        mention=wire.flag(event, "mention"),
        edited=wire.flag(event, "edited"),
        deleted=deleted,
        ignored=wire.flag(event, "ignored") or key_of(who) in state.ignored,
        viewed=wire.flag(event, "viewed"),
        reply=wire.number(event, "reply"),
        room=wire.name(event, "room"),
    )


def _topic_words(event: Object) -> str:
    text, by = wire.text(event, "text"), wire.name(event, "by")
    return f"{by} set the topic: {text}" if text else f"{by} cleared the topic"


# What events do to others


def apply_live(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    """Do what an event does besides being shown, where it has just happened."""
    handler = _HANDLERS.get(str(event.get("ev")))
    if handler is not None:
        handler(state, conversation, event, seq)


def apply_past(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    """Do the same for an event of an older page, whose messages read as they do now."""
    if event.get("ev") == "react":
        _react(state, conversation, event, seq)


def _react(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    of, emoji, by = wire.number(event, "of"), wire.text(event, "emoji")[:32], wire.name(event, "by")
    if of is not None and emoji and by:
        on = event.get("on") is not False
        conversation.react(of, emoji, Reaction(seq, by, on))


def _topic(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    conversation.topic = wire.text(event, "text")[: wire.LONGEST_TOPIC]


def _edit(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    of = wire.number(event, "of")
    if of is None or not conversation.is_newest_edit(of, seq):
        return
    text = wire.text(event, "text", lines=True)
    for line in _copies(state, conversation, of):
        if not line.deleted and text:
            line.text, line.edited = text, True
            line.mention = line.mention or wire.flag(event, "mention")


def _delete(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    of, by = wire.number(event, "of"), wire.name(event, "by")
    if of is None:
        return
    conversation.reactions.pop(of, None)
    conversation.pins.discard(of)
    for line in _copies(state, conversation, of):
        own = not by or key_of(by) == key_of(line.who)
        line.erase(DELETED if own else f"(deleted by {by})")


def _mod(state: State, conversation: Conversation, event: Object, seq: int) -> None:
    moderation.apply(state, conversation, event)


def _copies(state: State, conversation: Conversation, seq: int) -> list[Line]:
    """Return the lines of a message wherever they are kept: what is erased must be nowhere."""
    found = [conversation.find(seq), conversation.quotes.get(seq)]
    excerpt = state.excerpt
    if excerpt is not None and excerpt.key == conversation.key:
        found += [excerpt.find(seq), excerpt.quotes.get(seq)]
    if state.findings is not None:
        hits = state.findings.hits
        found += [
            hit.line
            for hit in hits
            if hit.line.seq == seq and key_of(hit.title) == conversation.key
        ]
    return [line for line in found if line is not None]


_HANDLERS: dict[str, Handler] = {
    "delete": _delete,
    "edit": _edit,
    "mod": _mod,
    "react": _react,
    "topic": _topic,
}
