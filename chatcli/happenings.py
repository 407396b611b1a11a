"""Events without a number: people coming, going, typing; words of the server. Pure.

Every handler takes the state, the event and the time in seconds since the epoch, and returns what
must be asked of the server thereupon.
"""

from __future__ import annotations

from collections.abc import Callable

from chatcli import wire
from chatcli.conversation import Conversation
from chatcli.line import Line, Member
from chatcli.model import PEOPLE_KEPT, Need, State
from chatcli.personal import PERSONAL
from chatcli.wire import Object, key_of

TYPING_BELIEVED = 10.0  # seconds, where nobody says that it has ended

Handler = Callable[[State, Object, float], list[Need]]


def handle_hello(state: State, event: Object, now: float) -> list[Need]:
    """Who one is, and what the server is."""
    state.you = wire.name(event, "you") or state.you
    state.account = wire.name(event, "account") or None
    state.role = wire.text(event, "role") or state.role
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
    if conversation is None or not _has_room(state, conversation):
        return []
    state.roster += 1
    conversation.members.setdefault(key_of(nick), Member(nick, "member"))
    if key_of(nick) not in state.people:
        state.see(nick, "online")
    state.place(conversation, Line(kind="quiet", t=now, text=f"→ {nick} joined"))
    return []


def _has_room(state: State, conversation: Conversation) -> bool:
    return len(conversation.members) < PEOPLE_KEPT and state.room_for_members > 0


def handle_part(state: State, event: Object, now: float) -> list[Need]:
    """Somebody left a room; where he was put out, an act of moderation says so."""
    nick, why, by = wire.name(event, "nick"), wire.text(event, "why"), wire.name(event, "by")
    conversation = state.find(wire.name(event, "in"))
    if conversation is None or not nick:
        return []
    if state.is_you(nick):
        _part_oneself(state, conversation, by, why, now)
        return []
    state.roster += 1
    conversation.members.pop(key_of(nick), None)
    conversation.typing.pop(key_of(nick), None)
    if not by:
        reason = f" ({why})" if why and why != "left" else ""
        state.place(conversation, Line(kind="quiet", t=now, text=f"← {nick} left{reason}"))
    return []


def _part_oneself(state: State, conversation: Conversation, by: str, why: str, now: float) -> None:
    title = conversation.title
    if not by:
        state.leave(title, now)
        return
    reason = f" ({why})" if why else ""
    words = f"{by} put you out of {title}{reason}. Try: /join {title}"
    state.shut_out(conversation, words, now)
    if conversation is not state.current:
        state.tell(words, now, kind="error")


def handle_nick(state: State, event: Object, now: float) -> list[Need]:
    """Somebody, perhaps oneself, has another name."""
    old, new = wire.name(event, "old"), wire.name(event, "nick")
    if not old or not new or old == new:
        return []
    if state.is_you(old):
        state.you = new
    state.roster += 1
    merges = _is_somebody(state, new) and key_of(old) != key_of(new)
    person = state.people.pop(key_of(old), None)
    if person is not None:
        known = state.people.get(key_of(new), person)
        state.people[key_of(new)] = known._replace(nick=new)
    for conversation in state.conversations.values():
        _rename_in(state, conversation, old, new, now)
    _rename_private(state, old, new, merges=merges)
    return []


def _is_somebody(state: State, nick: str) -> bool:
    """Whether there is somebody of that name whom one who logs in can turn out to be."""
    key = key_of(nick)
    rooms = state.conversations.values()
    return key in state.people or any(key in conversation.members for conversation in rooms)


def _rename_in(state: State, conversation: Conversation, old: str, new: str, now: float) -> None:
    before, after = key_of(old), key_of(new)
    if conversation.speakers.pop(before, None) is not None:
        conversation.speakers[after] = new
    conversation.typing.pop(before, None)
    member = conversation.members.pop(before, None)
    if member is not None:
        known = conversation.members.get(after, member)
        conversation.members[after] = known._replace(nick=new)
    if member is not None or conversation.key == f"@{before}":
        words = f"{old} is now called {new}"
        state.place(conversation, Line(kind="quiet", t=now, text=words))


def _rename_private(state: State, old: str, new: str, *, merges: bool) -> None:
    conversation = state.conversations.get(key_of(f"@{old}"))
    if conversation is None:
        return
    key = key_of(f"@{new}")
    former = state.conversations.get(key, conversation)
    was_current = state.current in {conversation, former}
    kept, left = (former, conversation) if merges else (conversation, former)
    if left is not kept:
        # One of them goes on: the person's own, or that of who has the name now.
        left.renumber()
        kept.place_before(left.lines)
        kept.lines.sort(key=lambda line: line.t)
    kept.title = f"@{new}"
    state.drafts.rename(key_of(f"@{old}"), key)
    state.conversations = {
        key if each is kept else name: each
        for name, each in state.conversations.items()
        if each is not left or each is kept
    }
    if was_current:
        state.current_key = key


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
    text += "" if text.endswith((".", "!", "?")) else "."
    hint = wire.text(of, "try")
    return f"{text} Try: {hint}" if hint else text


HANDLERS: dict[str, Handler] = {
    "hello": handle_hello,
    "join": handle_join,
    "part": handle_part,
    "nick": handle_nick,
    "presence": handle_presence,
    "typing": handle_typing,
    "notice": handle_words,
    "bye": handle_words,
    "error": handle_error,
    **PERSONAL,
}
