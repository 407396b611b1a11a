"""What is around the messages: conversations, people, the status line."""

from __future__ import annotations

from typing import Literal, NamedTuple

from chatcli.conversation import Conversation
from chatcli.model import State
from chatcli.ui.style import nick_style
from chatcli.ui.text import Row, columns_of, cut, pad

_SIGNS = {"online": "●", "away": "◌", "offline": " "}


class Link(NamedTuple):
    """How the connection is; ``until`` (seconds since the epoch) is when the next try comes."""

    state: Literal["connecting", "connected", "waiting", "offline"]
    until: float = 0.0
    why: str = ""


class Scene(NamedTuple):
    """What the status line tells, besides the state of the chat. ``now`` in seconds."""

    address: str
    link: Link
    below: int
    fetching: bool
    wide: bool
    now: float


def conversation_rows(state: State, columns: int, height: int) -> list[Row]:
    """Return the list of conversations, the current one in view."""
    conversations = state.listed()
    current = next((i for i, each in enumerate(conversations) if each is state.current), 0)
    first = max(0, min(current - height // 2, len(conversations) - height))
    shown = conversations[first : first + height]
    return [_conversation_row(each, state, columns) for each in shown]


def _conversation_row(conversation: Conversation, state: State, columns: int) -> Row:
    count = f" {conversation.unread}" if conversation.unread else ""
    count += "!" if conversation.mentions else ""
    style = "class:fresh" if conversation.unread else ""
    style = "class:called" if conversation.mentions else style
    if conversation is state.current:
        style = "class:current"
    title = conversation.title
    if title.startswith("@"):
        sign = _SIGNS.get(state.presence_of(title[1:]).state, " ")
        title = f"{title} {sign}" if sign.strip() else title
    return [(style, f"{pad(title, columns - columns_of(count))}{count}")]


def people_rows(state: State, columns: int, height: int) -> list[Row]:
    """Return the people of the current conversation; what doesn't fit is counted."""
    people = state.members()
    if not people:
        return []
    rows: list[Row] = [[("class:title", cut(_people_title(len(people)), columns))]]
    room = height - 1 if len(people) < height else height - 2
    for member, person in people[: max(0, room)]:
        mark = {"owner": "★", "moderator": "☆", "admin": "★"}.get(member.role, "")
        style = nick_style(member.nick) if person.state == "online" else "class:offline"
        nick = cut(member.nick, columns - 2 - columns_of(mark))
        sign = _SIGNS.get(person.state, " ")
        rows.append([(f"class:{person.state}", f"{sign} "), (style, nick), ("class:mark", mark)])
    if len(people) > room:
        rows.append([("class:quiet", cut(f"… {len(people) - room} more", columns))])
    return rows


def _people_title(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def status_row(state: State, scene: Scene, columns: int) -> Row:
    """Return the status line. Where there is little room, the most important stays."""
    trouble = scene.link.state != "connected"
    left = [_link_text(scene)]
    if scene.below:
        left.append(f"{scene.below} more below")
    if scene.fetching:
        left.append("fetching older lines")
    typing = _typing_text(state.typing(scene.now))
    if typing:
        left.append(typing)
    if not scene.wide:
        left += _elsewhere(state)
    left.append(state.you or "nobody yet")
    left.append(state.current.title)
    text = f" {' │ '.join(left)}"
    topic = _topic(state)
    if topic and columns_of(text) + 8 < columns:
        text += f" │ {topic}"
    style = "class:status.trouble" if trouble else "class:status"
    return [(style, pad(text, columns))]


def _link_text(scene: Scene) -> str:
    link = scene.link
    if link.state == "connected":
        return f"● {scene.address}" if scene.wide else "●"
    if link.state == "connecting":
        return f"○ connecting to {scene.address}" if scene.wide else "○ connecting"
    if link.state == "waiting":
        seconds = max(0, round(link.until - scene.now))
        return f"○ offline, next try in {seconds} s" if scene.wide else f"○ try in {seconds} s"
    return "○ offline: /reconnect"


def _typing_text(nicks: list[str]) -> str:
    if not nicks:
        return ""
    if len(nicks) > 2:
        return f"{len(nicks)} people type…"
    return f"{' and '.join(cut(nick, 16) for nick in nicks)} type{'s' if len(nicks) == 1 else ''}…"


def _elsewhere(state: State) -> list[str]:
    """Return the unread counts of other conversations, where their list is hidden."""
    found = [each for each in state.conversations.values() if each.unread]
    found.sort(key=lambda each: -each.mentions)
    words = [f"{cut(each.title, 12)} {each.unread}{'!' * bool(each.mentions)}" for each in found]
    return [" ".join(words)] if words else []


def _topic(state: State) -> str:
    conversation = state.current
    if conversation.is_room:
        return conversation.topic
    if conversation.title.startswith("@"):
        person = state.presence_of(conversation.title[1:])
        return f"{person.state}: {person.text}" if person.text else person.state
    return ""
