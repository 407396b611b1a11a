"""What was typed, and what is to be done about it. Pure; the grammar is the server's own."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from chatcli import emojis
from chatcli.model import State
from chatd.core.commands import (
    COMMANDS,
    ROW_OF,
    Command,
    Go,
    Join,
    Me,
    Message,
    Msg,
    Part,
    Quit,
    React,
    Reply,
    Whisper,
    Who,
)
from chatd.core.errors import Refusal
from chatd.core.grammar import clean, parse


class LocalCommand(NamedTuple):
    """A command that the server never hears of."""

    name: str
    summary: str


LOCAL = {
    row.name: row
    for row in (
        LocalCommand("clear", "empties the window of this conversation"),
        LocalCommand("close", "closes this conversation; a room is left"),
        LocalCommand("reconnect", "connects now, without waiting"),
    )
}


# What chatcli says to the server by itself, in its own way.
ITS_OWN = frozenset({"mode", "resume"})


class Nothing(NamedTuple):
    """Nothing was typed."""


class Send(NamedTuple):
    """Send ``command``; ``title`` is the conversation that it is about."""

    command: Command
    title: str


class Show(NamedTuple):
    """Show a conversation, opened where it is a person's."""

    title: str


class Leave(NamedTuple):
    """Leave the chat."""

    why: str


class Do(NamedTuple):
    """Do something that only the client knows."""

    name: str


class Wrong(NamedTuple):
    """It cannot be done: why, and what to try."""

    text: str
    hint: str


Action = Nothing | Send | Show | Leave | Do | Wrong


def understand(typed: str, state: State) -> Action:
    """Return what is to be done about what was typed."""
    text = clean(typed, lines=True).strip("\n")
    if not text.strip():
        return Nothing()
    if text.startswith("/") and not text.startswith("//"):
        name = text[1:].split(maxsplit=1)[0].lower() if text[1:].strip() else ""
        if name in LOCAL:
            return Do(name)
        text = " ".join(text.split("\n")) if not _takes_lines(name) else text
    try:
        command = _parse(text)
    except Refusal as refusal:
        return Wrong(refusal.text, refusal.hint)
    return _act(command, state) if command is not None else Nothing()


def _takes_lines(name: str) -> bool:
    row = COMMANDS.get(name)
    return row is not None and issubclass(row.struct, Message)


def _parse(text: str) -> Command | None:
    """Parse what was typed; a text may have several lines."""
    first, feed, rest = text.partition("\n")
    if not feed:
        return parse(text)
    if not text.startswith("/"):
        return Msg(text=text)
    if text.startswith("//"):
        return Msg(text=text[1:])
    command = parse(first)
    if isinstance(command, Msg | Me | Reply | Whisper):
        command.text += f"\n{rest}"
    return command


def _act(command: Command, state: State) -> Action:
    if isinstance(command, Quit):
        return Leave(command.why)
    name = ROW_OF[type(command)].name
    if name in ITS_OWN:
        return Wrong(f"chatcli does that by itself: /{name} is not for you.", "F1")
    if isinstance(command, Go):
        return _go(command.to, state)
    command.id = None
    _translate(command)
    return _address(command, state)


def _go(to: str, state: State) -> Action:
    title = title_of(to)
    if title.startswith("#") and state.find(title) is None:
        return Wrong(f"You are not in {title}.", f"/join {title}")
    return Show(title)


def title_of(to: str) -> str:
    """Return the conversation that ``TO`` means: a bare nick is a person."""
    return to if to[:1] in {"#", "@"} else f"@{to}"


def _translate(command: Command) -> None:
    if isinstance(command, Msg | Me | Reply | Whisper):
        command.text = emojis.translate(command.text)
    elif isinstance(command, React):
        bare = command.emoji.strip(":")
        code = emojis.translate(f":{bare}:")
        command.emoji = command.emoji if code == f":{bare}:" else code


def _address(command: Command, state: State) -> Action:
    """Say which conversation is meant: the server need not know which one is shown."""
    values = msgspec.structs.asdict(command)
    title = state.current.title
    if "to" in values:
        title = title_of(values["to"]) if values["to"] else title
        if title[:1] not in {"#", "@"}:
            return Wrong("There is no conversation yet.", "/join #lobby")
        if title.startswith("#") and state.find(title) is None and isinstance(command, Message):
            return Wrong(f"You are not in {title}.", f"/join {title}")
        command = msgspec.structs.replace(command, to=title)
    elif "room" in values and not isinstance(command, Join | Who):
        return _address_room(command, values["room"], state)
    return Send(command, title)


def _address_room(command: Command, room: str | None, state: State) -> Action:
    current = state.current
    row = ROW_OF[type(command)]
    if room is None and not current.is_room:
        if isinstance(command, Part):
            return Do("close")
        return Wrong(f"/{row.name} is about a room, and {current.title} is none.", row.usage)
    title = room or current.title
    command = msgspec.structs.replace(command, room=title)
    return Send(command, f"@{command.nick}" if isinstance(command, Whisper) else title)
