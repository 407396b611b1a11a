"""What is around the messages: conversations, people, the status line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from chatcli.conversation import Conversation
from chatcli.line import Member
from chatcli.model import Person, State
from chatcli.ui.style import nick_style
from chatcli.ui.text import Row, columns_of, cut, pad
from chatcli.wire import key_of

_SIGNS = {"online": "●", "away": "◌", "offline": " "}
_HERE = {"online", "away"}
DRAFT = "✎"
ROLES = {"owner": "★", "moderator": "☆", "admin": "◆", "muted": "✕"}


class Link(NamedTuple):
    """How the connection is; ``until`` (seconds since the epoch) is when the next try comes.

    ``asking``: it is not made before a secret was asked for.
    """

    state: Literal["asking", "connecting", "connected", "waiting", "offline"]
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


def conversations_shown(state: State, height: int) -> list[Conversation]:
    """Return the conversations of the list that fit, the current one among them."""
    conversations = state.listed()
    current = next((i for i, each in enumerate(conversations) if each is state.current), 0)
    first = max(0, min(current - height // 2, len(conversations) - height))
    return conversations[first : first + height]


def conversation_rows(state: State, columns: int, height: int) -> list[Row]:
    """Return the list of conversations, the current one in view."""
    shown = conversations_shown(state, height)
    return [_conversation_row(each, state, columns) for each in shown]


def counts(conversation: Conversation) -> str:
    """Return how much is unread, and how much of that calls one."""
    fresh, calls = conversation.fresh, conversation.calls
    count = f" {fresh}" if fresh > calls else ""
    return f"{count} {calls}!" if calls else count


def sign_of(title: str, state: State) -> str:
    """Return the sign of a person's presence; a space for a room."""
    return _SIGNS.get(state.presence_of(title[1:]).state, " ") if title.startswith("@") else " "


def _conversation_row(conversation: Conversation, state: State, columns: int) -> Row:
    fresh, calls = conversation.fresh, conversation.calls
    count = counts(conversation)
    left = conversation.is_room and not conversation.joined
    style = "class:quiet" if left or conversation.level == "none" else ""
    style = "class:fresh" if fresh else style
    style = "class:called" if calls else style
    if conversation is state.current:
        style = "class:current"
    title = conversation.title
    sign = sign_of(title, state)
    title = f"{title} {sign}" if sign.strip() else title
    if conversation is not state.current and state.drafts.is_begun(conversation.key):
        title += f" {DRAFT}"
    return [(style, f"{pad(title, columns - columns_of(count))}{count}")]


def people_rows(state: State, columns: int, height: int, skipped: int = 0) -> list[Row]:
    """Return the people of the current conversation; what doesn't fit is counted.

    Members who are not here come last, apart from the others. ``skipped``: so many people are
    scrolled away.
    """
    return [row for row, _ in _people_shown(state, columns, height, skipped)]


def people_shown(state: State, columns: int, height: int, skipped: int = 0) -> list[str]:
    """Return the nick in each row of the people; empty where there is nobody in it."""
    return [nick for _, nick in _people_shown(state, columns, height, skipped)]


def most_skipped(state: State, height: int) -> int:
    """Return how many people can be scrolled away until the last one is seen."""
    people = state.members()
    here = sum(person.state in _HERE for _, person in people)
    most = 1 + len(people) - height
    # The line above those who are not here takes a row, as long as it is not scrolled away.
    return max(0, most + (most < max(1, here) and here < len(people)))


def _people_shown(state: State, columns: int, height: int, skipped: int) -> list[tuple[Row, str]]:
    people = state.members()
    rows = list(islice(_people_rows(people, state, columns, skipped), height + 1))
    if len(rows) > height > 0:
        shown = rows[: height - 1]
        more = len(people) - skipped - sum(bool(nick) for _, nick in shown)
        rows = [*shown, ([("class:quiet", cut(f"… {more} more", columns))], "")]
    return rows


def _people_rows(
    people: list[tuple[Member, Person]], state: State, columns: int, skipped: int
) -> Iterator[tuple[Row, str]]:
    """Yield rows, and whose they are."""
    here = sum(person.state in _HERE for _, person in people)
    gone = len(people) - here
    if people:
        title = f"{here} here" if gone else _people_title(here)
        yield [("class:title", cut(title, columns))], ""
    for index, each in enumerate(islice(people, skipped, None), skipped):
        if index == here and (skipped < here or not skipped):
            yield [("class:quiet", cut(f"── {gone} offline", columns))], ""
        yield _person_row(each, state, columns), each[0].nick


def _person_row(each: tuple[Member, Person], state: State, columns: int) -> Row:
    member, person = each
    role = "admin" if person.role == "admin" and not member.role else member.role
    if key_of(member.nick) in state.current.muted:
        role = "muted"
    mark = ROLES.get(role, "")
    style = nick_style(member.nick) if person.state == "online" else "class:offline"
    nick = cut(member.nick, columns - 2 - columns_of(mark))
    sign = _SIGNS.get(person.state, " ")
    return [(f"class:{person.state}", f"{sign} "), (style, nick), (f"class:{role}", mark)]


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
    left.append(_yourself(state))
    left.append(state.current.title)
    text = f" {' │ '.join(left)}"
    topic = _topic(state)
    if topic and columns_of(text) + 8 < columns:
        text += f" │ {topic}"
    style = "class:status.trouble" if trouble else "class:status"
    return [(style, pad(text, columns))]


def _yourself(state: State) -> str:
    return f"{state.you}{ROLES['admin']}" if state.role == "admin" else state.you or "nobody yet"


def _link_text(scene: Scene) -> str:
    link = scene.link
    if link.state == "connected":
        return f"● {scene.address}" if scene.wide else "●"
    if link.state == "asking":
        return f"○ {scene.address}"
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
    found = [each for each in state.conversations.values() if each.fresh]
    found.sort(key=lambda each: -each.calls)
    words = [f"{cut(each.title, 12)}{counts(each)}" for each in found]
    return [" ".join(words)] if words else []


def _topic(state: State) -> str:
    conversation = state.current
    if conversation.is_room:
        return conversation.topic
    if conversation.title.startswith("@"):
        person = state.presence_of(conversation.title[1:])
        return f"{person.state}: {person.text}" if person.text else person.state
    return ""
