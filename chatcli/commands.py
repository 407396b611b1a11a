"""What was typed, and what is to be done about it. Pure; the grammar is the server's own."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from chatcli import emojis
from chatcli.asking import Ask, questions_for
from chatcli.model import State
from chatd.core.commands import (
    COMMANDS,
    ROW_OF,
    CatchUp,
    Command,
    Edit,
    Go,
    Help,
    Join,
    Knock,
    Me,
    Message,
    Msg,
    Once,
    Part,
    Quit,
    React,
    Reply,
    Search,
    Whisper,
    Who,
)
from chatd.core.errors import Refusal
from chatd.core.grammar import clean, parse
from chatd.core.help import SUBJECTS


class LocalCommand(NamedTuple):
    """A command that the server never hears of; ``words`` may follow its name."""

    name: str
    summary: str
    words: str = ""

    @property
    def usage(self) -> str:
        """The command as it is typed."""
        return f"/{self.name} {self.words}".rstrip()


LOCAL = {
    row.name: row
    for row in (
        LocalCommand("clear", "empties the window of this conversation"),
        LocalCommand("close", "closes this conversation; a room is left"),
        LocalCommand("config", "shows settings, and changes one", "[KEY [VALUE]]"),
        LocalCommand("reconnect", "connects now, without waiting"),
    )
}


# What there is help about, besides commands and errors: of that the client knows itself.
HELP = frozenset({"keys", "chatcli", "marks", *SUBJECTS.values()})
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
    """Do something that only the client knows; ``words`` stand behind its name."""

    name: str
    words: str = ""


class Wrong(NamedTuple):
    """It cannot be done: why, and what to try."""

    text: str
    hint: str


Action = Nothing | Send | Show | Leave | Do | Ask | Wrong
# They mean everything where no conversation is named.
_EVERYWHERE = (CatchUp, Search)
# Their texts may have several lines, and emoji.
_TEXTS = Msg | Me | Reply | Whisper | Edit | Once


def understand(typed: str, state: State) -> Action:
    """Return what is to be done about what was typed."""
    text = clean(typed, lines=True).strip("\n")
    if not text.strip():
        return Nothing()
    if text.startswith("/") and not text.startswith("//"):
        name = text[1:].split(maxsplit=1)[0].lower() if text[1:].strip() else ""
        if name in LOCAL:
            return Do(name, text[1:].lstrip()[len(name) :].strip())
        ask = questions_for(text)
        if ask is not None:
            return ask
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
    if isinstance(command, _TEXTS):
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
    if isinstance(command, Help) and (topic := command.topic.strip().lower()) in {"", *HELP}:
        return Do("help", topic)
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
    if isinstance(command, _TEXTS):
        command.text = emojis.translate(command.text)
    elif isinstance(command, React):
        bare = command.emoji.strip(":")
        code = emojis.translate(f":{bare}:")
        command.emoji = command.emoji if code == f":{bare}:" else code


def _address(command: Command, state: State) -> Action:
    """Say which conversation is meant: the server need not know which one is shown."""
    values = msgspec.structs.asdict(command)
    title = state.current.title
    if isinstance(command, Once):
        return Send(command, title_of(command.nick))
    if "to" in values and not (isinstance(command, _EVERYWHERE) and values["to"] is None):
        title = title_of(values["to"]) if values["to"] else title
        wrong = _not_there(command, title, state)
        command = msgspec.structs.replace(command, to=title)
        return wrong or Send(command, title)
    if "room" in values and not isinstance(command, Join | Knock | Who):
        return _address_room(command, values["room"], state)
    return Send(command, title)


def _not_there(command: Command, title: str, state: State) -> Wrong | None:
    """Return what is wrong where one can say nothing in a conversation."""
    if title[:1] not in {"#", "@"}:
        return Wrong("There is no conversation yet.", "/join #lobby")
    if title.startswith("#") and isinstance(command, Message):
        room = state.find(title)
        if room is None or not room.joined:
            return Wrong(f"You are not in {title}.", f"/join {title}")
    return None


def _address_room(command: Command, room: str | None, state: State) -> Action:
    current = state.current
    row = ROW_OF[type(command)]
    if isinstance(command, Part) and room is None and not (current.is_room and current.joined):
        return Do("close")
    if room is None and not current.is_room:
        return Wrong(f"/{row.name} is about a room, and {current.title} is none.", row.usage)
    title = room or current.title
    command = msgspec.structs.replace(command, room=title)
    return Send(command, f"@{command.nick}" if isinstance(command, Whisper) else title)
