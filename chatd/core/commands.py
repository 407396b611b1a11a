"""What a client can ask, and the one command table: arguments, who may, what it does.

The arguments of a row are written as users read them (``[TO] SEQ TEXT``); the same words drive
the parser, the JSON keys (in lower case; ``#R`` is ``room``) and the help. Words in brackets may
be left out. ``TEXT``, ``WHY``, ``WORDS``, ``TOPIC`` and ``MODE`` take the rest of the line.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

RequestId = int | str | None


class Command(msgspec.Struct, tag_field="do", kw_only=True, omit_defaults=True):
    """Something a session asks; ``id`` comes back in the reply as ``re``."""

    id: RequestId = None


class Help(Command, tag="help", kw_only=True):
    """Ask what can be asked."""

    topic: str = ""


class Mode(Command, tag="mode", kw_only=True):
    """Choose what the output looks like."""

    mode: str


class Ping(Command, tag="ping", kw_only=True):
    """Ask for a sign of life."""


class Quit(Command, tag="quit", kw_only=True):
    """Leave for good."""

    why: str = ""


class Nick(Command, tag="nick", kw_only=True):
    """Take a name."""

    name: str


class Resume(Command, tag="resume", kw_only=True):
    """Take up a lost connection; ``seen`` maps conversations to the last ``seq`` that arrived."""

    token: str
    seen: dict[str, int] = msgspec.field(default_factory=dict)


class Go(Command, tag="go", kw_only=True):
    """Change the current conversation."""

    to: str


class Who(Command, tag="who", kw_only=True):
    """Ask who is here, in a room or on the server."""

    room: str | None = None


class Whois(Command, tag="whois", kw_only=True):
    """Ask about a person."""

    nick: str


class Away(Command, tag="away", kw_only=True):
    """Say that one is away."""

    text: str = ""


class Back(Command, tag="back", kw_only=True):
    """Say that one is back."""


class Join(Command, tag="join", kw_only=True):
    """Enter a room, or make it."""

    room: str
    key: str = ""


class Part(Command, tag="part", kw_only=True):
    """Leave a room."""

    room: str | None = None
    why: str = ""


class ListRooms(Command, tag="list", kw_only=True):
    """Ask which rooms there are; all of ``words`` must occur in name or topic."""

    words: str = ""


class Topic(Command, tag="topic", kw_only=True):
    """Read or set what a room is about; an empty ``text`` clears it."""

    room: str | None = None
    text: str | None = None


class Message(Command, kw_only=True):
    """A command that puts a message into a conversation, the current one where ``to`` is None.

    The same ``nonce`` from the same person within 24 hours gives the first answer again.
    """

    nonce: str | None = None


class Msg(Message, tag="msg", kw_only=True):
    """Say something."""

    to: str | None = None
    text: str


class Me(Message, tag="me", kw_only=True):
    """Do something."""

    to: str | None = None
    text: str


class Reply(Message, tag="reply", kw_only=True):
    """Answer a message."""

    to: str | None = None
    seq: int
    text: str


class Whisper(Message, tag="whisper", kw_only=True):
    """Say something to one member of a room alone."""

    room: str | None = None
    nick: str
    text: str


class React(Command, tag="react", kw_only=True):
    """Put an emoji under a message, or take it back."""

    to: str | None = None
    seq: int
    emoji: str


class Typing(Command, tag="typing", kw_only=True):
    """Tell that one is typing, or has stopped."""

    to: str | None = None
    on: bool


class History(Command, tag="history", kw_only=True):
    """Read what was said: the newest, or what came before or after a message."""

    to: str | None = None
    limit: int = 50
    before: int | None = None
    after: int | None = None


class Match(Command, tag="match", kw_only=True):
    """Be paired with somebody who asks for it, too."""


class Unmatch(Command, tag="unmatch", kw_only=True):
    """End that."""


class Wall(Command, tag="wall", kw_only=True):
    """Tell everybody something in the name of the server."""

    text: str


class Kill(Command, tag="kill", kw_only=True):
    """End all connections of a person."""

    nick: str
    why: str = ""


Role = Literal["g", "u", "m", "o", "a"]


class Argument(NamedTuple):
    """One argument of a command: its JSON key, the word in the help, whether it may be missing."""

    key: str
    word: str
    optional: bool

    @property
    def rest(self) -> bool:
        """Whether it takes the rest of the line."""
        return self.word in {"TEXT", "WHY", "WORDS", "TOPIC", "MODE"}


class CommandRow(NamedTuple):
    """One row of the command table."""

    name: str
    struct: type[Command]
    words: str
    who: Role
    summary: str
    cost: int = 1

    @property
    def usage(self) -> str:
        """The command as one types it."""
        return f"/{self.name} {self.words}".rstrip()

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The arguments in their order."""
        return tuple(
            Argument(
                key="room" if (bare := word.strip("[]")) == "#R" else bare.lower(),
                word=bare,
                optional=word.startswith("["),
            )
            for word in self.words.split()
        )


_ROWS = (
    CommandRow("help", Help, "[TOPIC]", "g", "explains a command or an error"),
    CommandRow("join", Join, "#R [KEY]", "g", "enters a room, or makes it"),
    CommandRow("part", Part, "[#R] [WHY]", "g", "leaves a room"),
    CommandRow("list", ListRooms, "[WORDS]", "g", "lists the rooms"),
    CommandRow("topic", Topic, "[#R] [TEXT]", "g", "shows or sets what a room is about"),
    CommandRow("go", Go, "TO", "g", "changes where your words go: #room or @nick"),
    CommandRow("msg", Msg, "TO TEXT", "g", "says something in a room or to a person"),
    CommandRow("me", Me, "TEXT", "g", "does something: * ana waves"),
    CommandRow("reply", Reply, "SEQ TEXT", "g", "answers a message by its number"),
    CommandRow("react", React, "SEQ EMOJI", "g", "puts an emoji under a message; again: takes it"),
    CommandRow("whisper", Whisper, "NICK TEXT", "g", "tells one member of this room something"),
    CommandRow("typing", Typing, "ON", "g", "tells that you type: on or off"),
    CommandRow(
        "history", History, "[TO] [LIMIT]", "g", "shows what was said; or before:SEQ, after:SEQ"
    ),
    CommandRow("who", Who, "[#R]", "g", "lists who is here, or in a room"),
    CommandRow("whois", Whois, "NICK", "g", "tells about a person"),
    CommandRow("nick", Nick, "NAME", "g", "gives you a name"),
    CommandRow("away", Away, "[TEXT]", "g", "tells that you are away"),
    CommandRow("back", Back, "", "g", "tells that you are back"),
    CommandRow("match", Match, "", "g", "pairs you with somebody who asks for it, too"),
    CommandRow("unmatch", Unmatch, "", "g", "ends that"),
    CommandRow("mode", Mode, "MODE", "g", "output: text, text seq, text seq time or json"),
    CommandRow("resume", Resume, "TOKEN", "g", "takes up a lost connection"),
    CommandRow("ping", Ping, "", "g", "asks for a sign of life"),
    CommandRow("quit", Quit, "[WHY]", "g", "leaves the chat", cost=0),
    CommandRow("wall", Wall, "TEXT", "a", "tells everybody something"),
    CommandRow("kill", Kill, "NICK [WHY]", "a", "ends a person's connections"),
)

# What people type who come from other chats; it is guessed, not taken.
ELSEWHERE = {
    "?": "help",
    "action": "me",
    "afk": "away",
    "bye": "quit",
    "channels": "list",
    "exit": "quit",
    "leave": "part",
    "names": "who",
    "query": "go",
    "rooms": "list",
    "say": "msg",
    "tell": "msg",
    "users": "who",
    "w": "whisper",
}

COMMANDS: dict[str, CommandRow] = {row.name: row for row in _ROWS}
ROW_OF: dict[type[Command], CommandRow] = {row.struct: row for row in _ROWS}
