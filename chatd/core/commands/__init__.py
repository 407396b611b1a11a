"""What a client can ask, and the one command table: arguments, who may, what it does.

The arguments of a row are written as users read them (``[TO] SEQ TEXT``); the same words drive
the parser, the JSON keys (in lower case; ``#R`` is ``room``) and the help. Words in brackets may
be left out. The words in ``REST`` take the rest of the line. The structs stand beside this file
by subject, as the handlers do.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from chatd.core.commands.accounts import (
    Claim,
    Login,
    Logout,
    Passwd,
    Register,
    Revoke,
    Sessions,
    Token,
    Tokens,
    Unregister,
)
from chatd.core.commands.administration import (
    Accounts,
    Audit,
    Kill,
    Reload,
    Remove,
    Reset,
    SetRole,
    Shutdown,
    Wall,
)
from chatd.core.commands.base import Command, Confidential, Message, RequestId
from chatd.core.commands.messages import (
    Delete,
    Edit,
    Me,
    Msg,
    Once,
    React,
    Reply,
    Typing,
    View,
    Whisper,
)
from chatd.core.commands.moderation import (
    Ban,
    Bans,
    Invite,
    Kick,
    Mod,
    Mute,
    Own,
    Pin,
    Pins,
    Set,
    Slow,
    Unban,
    Unmod,
    Unmute,
    Unpin,
)
from chatd.core.commands.people import (
    Away,
    Back,
    Ignore,
    Match,
    Nick,
    Notify,
    Unignore,
    Unmatch,
    Who,
    Whois,
)
from chatd.core.commands.reading import CatchUp, History, Mentions, Read, Search
from chatd.core.commands.rooms import Go, Join, Knock, ListRooms, Part, Topic
from chatd.core.commands.sessions import Help, Mode, Ping, Quit, Resume

Role = Literal["g", "u", "m", "o", "a"]
REST = frozenset({"TEXT", "WHY", "WORDS", "TOPIC", "MODE", "PASSWORD", "VALUE"})


class Argument(NamedTuple):
    """One argument of a command: its JSON key, the word in the help, whether it may be missing."""

    key: str
    word: str
    optional: bool

    @property
    def rest(self) -> bool:
        """Whether it takes the rest of the line."""
        return self.word in REST


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
    CommandRow("knock", Knock, "#R", "g", "asks to be let into a room"),
    CommandRow("topic", Topic, "[#R] [TEXT]", "g", "shows or sets what a room is about"),
    CommandRow("go", Go, "TO", "g", "changes where your words go: #room or @nick"),
    CommandRow("msg", Msg, "TO TEXT", "g", "says something in a room or to a person"),
    CommandRow("me", Me, "TEXT", "g", "does something: * ana waves"),
    CommandRow("reply", Reply, "SEQ TEXT", "g", "answers a message by its number"),
    CommandRow("react", React, "SEQ EMOJI", "g", "puts an emoji under a message; again: takes it"),
    CommandRow("edit", Edit, "SEQ TEXT", "g", "changes a message of yours"),
    CommandRow("del", Delete, "SEQ", "g", "erases a message of yours"),
    CommandRow("whisper", Whisper, "NICK TEXT", "g", "tells one member of this room something"),
    CommandRow("once", Once, "NICK TEXT", "u", "sends what can be viewed once and is erased then"),
    CommandRow("view", View, "SEQ [TO]", "u", "shows what can be viewed once"),
    CommandRow("typing", Typing, "ON", "g", "tells that you type: on or off"),
    CommandRow(
        "history", History, "[TO] [LIMIT]", "g", "shows what was said; or before:SEQ, after:SEQ"
    ),
    CommandRow(
        "search", Search, "WORDS", "g", 'finds "words"; in:TO from:NICK before:DATE', cost=5
    ),
    CommandRow("catchup", CatchUp, "[TO]", "g", "shows what you have not read, and marks it read"),
    CommandRow("mentions", Mentions, "[N]", "g", "shows what calls you by name"),
    CommandRow("read", Read, "[TO] [SEQ]", "g", "marks a conversation read, up to a number"),
    CommandRow("who", Who, "[#R]", "g", "lists who is here, or in a room"),
    CommandRow("whois", Whois, "NICK", "g", "tells about a person"),
    CommandRow("nick", Nick, "NAME", "g", "gives you a name"),
    CommandRow("away", Away, "[TEXT]", "g", "tells that you are away"),
    CommandRow("back", Back, "", "g", "tells that you are back"),
    CommandRow("ignore", Ignore, "NICK", "u", "hears nothing more of a person"),
    CommandRow("unignore", Unignore, "NICK", "u", "hears a person again"),
    CommandRow("notify", Notify, "[TO] LEVEL", "u", "gives notice of all, mentions or none"),
    CommandRow("match", Match, "", "g", "pairs you with somebody who asks for it, too"),
    CommandRow("unmatch", Unmatch, "", "g", "ends that"),
    CommandRow("register", Register, "PASSWORD", "g", "makes your name yours for good"),
    CommandRow("login", Login, "NAME PASSWORD", "g", "makes you who you are; or with a token"),
    CommandRow("logout", Logout, "", "g", "makes you a guest again"),
    CommandRow("passwd", Passwd, "OLD NEW", "u", "changes your password"),
    CommandRow("sessions", Sessions, "", "u", "lists where you are logged in"),
    CommandRow("token", Token, "LABEL", "u", "makes a token for scripts: /login NAME TOKEN"),
    CommandRow("tokens", Tokens, "", "u", "lists your tokens"),
    CommandRow("revoke", Revoke, "LABEL", "u", "makes a token worthless"),
    CommandRow("claim", Claim, "CODE", "u", "makes you administrator of a new server"),
    CommandRow("unregister", Unregister, "PASSWORD", "u", "deletes your account"),
    CommandRow("invite", Invite, "NICK [#R]", "m", "lets a person into a room"),
    CommandRow("kick", Kick, "NICK [#R] [WHY]", "m", "puts a member out of a room"),
    CommandRow(
        "ban", Ban, "NICK [#R] [TIME] [WHY]", "m", "keeps a person, or a network, out: 10m, 2d"
    ),
    CommandRow("unban", Unban, "NICK [#R]", "m", "lets in again"),
    CommandRow("bans", Bans, "[#R]", "m", "lists who is banned"),
    CommandRow("mute", Mute, "NICK [#R] [TIME] [WHY]", "m", "has a member be silent: 10m, 2d"),
    CommandRow("unmute", Unmute, "NICK [#R]", "m", "has a member speak again"),
    CommandRow("slow", Slow, "SECONDS [#R]", "m", "has members wait between messages; 0 ends it"),
    CommandRow("pin", Pin, "SEQ", "m", "keeps a message in view"),
    CommandRow("unpin", Unpin, "SEQ", "m", "does so no more"),
    CommandRow("pins", Pins, "[#R]", "m", "lists the messages kept in view"),
    CommandRow("mod", Mod, "NICK [#R]", "o", "makes a member a moderator"),
    CommandRow("unmod", Unmod, "NICK [#R]", "o", "makes a moderator a member"),
    CommandRow("own", Own, "NICK [#R]", "o", "hands a room over"),
    CommandRow(
        "set", Set, "[#R] [OPTION] [VALUE]", "o", "private, key, history, retain: shows or sets"
    ),
    CommandRow("mode", Mode, "MODE", "g", "output: text, text seq, text seq time or json"),
    CommandRow("resume", Resume, "TOKEN", "g", "takes up a lost connection"),
    CommandRow("ping", Ping, "", "g", "asks for a sign of life"),
    CommandRow("quit", Quit, "[WHY]", "g", "leaves the chat", cost=0),
    CommandRow("wall", Wall, "TEXT", "a", "tells everybody something"),
    CommandRow("role", SetRole, "NAME ROLE", "a", "makes an account admin or user"),
    CommandRow("kill", Kill, "NICK [WHY]", "a", "ends a person's connections"),
    CommandRow("accounts", Accounts, "[WORDS]", "a", "lists the accounts"),
    CommandRow("reset", Reset, "NAME PASSWORD", "a", "gives an account another password"),
    CommandRow("remove", Remove, "NAME [WHY]", "a", "deletes an account"),
    CommandRow("audit", Audit, "[N]", "a", "shows who did what to whom"),
    CommandRow("reload", Reload, "", "a", "reads the configuration again"),
    CommandRow("shutdown", Shutdown, "[SECONDS] [WHY]", "a", "stops the server; cancel: does not"),
)

# What people type who come from other chats; it is guessed, not taken.
ELSEWHERE = {
    "?": "help",
    "action": "me",
    "auth": "login",
    "delete": "del",
    "block": "ignore",
    "erase": "del",
    "find": "search",
    "grep": "search",
    "identify": "login",
    "op": "mod",
    "deop": "unmod",
    "password": "passwd",
    "signup": "register",
    "silence": "mute",
    "unblock": "unignore",
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
