"""What is suggested for each argument of each command, and how much work that is."""

from __future__ import annotations

import pytest

from chatcli.commands import HELP, ITS_OWN
from chatcli.completion import suggest
from chatcli.line import Member
from chatcli.model import Person, State
from chatcli.sources import SUGGESTED
from chatcli.state import apply, enter
from chatcli.wire import key_of
from chatd.core import commands as asked
from chatd.core.commands import COMMANDS
from tests.chatcli.chat import Chat
from tests.chatcli.events import NOW, entered, hello, msg

# What nobody but the person can know: secrets, new names, and what is asked for by itself.
_FREE = {
    ("accounts", "WORDS"),
    ("claim", "CODE"),
    ("join", "KEY"),
    ("list", "WORDS"),
    ("login", "PASSWORD"),
    ("nick", "NAME"),
    ("passwd", "NEW"),
    ("passwd", "OLD"),
    ("register", "PASSWORD"),
    ("reset", "PASSWORD"),
    ("token", "LABEL"),
    ("unregister", "PASSWORD"),
}


def rich() -> State:
    """Return a state in which there is something of every kind."""
    state = State(role="admin")
    apply(state, hello(), NOW)
    enter(state, entered("#ops"), NOW)
    for nick, role in (("mia", "moderator"), ("max", "member"), ("mo", "member")):
        state.current.members[nick] = Member(nick, role)
    state.see("cy", "online")
    for seq in (1, 2, 3):
        apply(state, msg(seq, "theirs", "#ops"), NOW)
    apply(state, msg(4, "mine", "#ops", "ana"), NOW)
    apply(state, {"ev": "once", "in": "#ops", "seq": 5, "from": "bo", "t": ""}, NOW)
    state.current.pins.add(1)
    state.current.muted.add("mo")
    state.current.banned.append("mallory")
    state.ignored.add("troll")
    state.labels.append("laptop")
    state.accounts_known.append("zelda")
    return state


def texts(text: str, state: State) -> list[str]:
    return [each.text.strip() for each in suggest(text, len(text), state, asked=True)]


_BEFORE = {"SEQ": "1", "NICK": "bo", "NAME": "bo", "TO": "#ops", "#R": "#ops", "TIME": "10m"}
_BEFORE |= {"OPTION": "history", "SECONDS": "60", "LIMIT": "before:1", "LABEL": "x", "OLD": "x"}
_START = {"TEXT": "@c", "WHY": "@c", "WORDS": "fr", "EMOJI": "smil", "VALUE": "jo"}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (row.name, place)
        for row in COMMANDS.values()
        if row.name not in ITS_OWN
        for place, argument in enumerate(row.arguments)
        if (row.name, argument.word) not in _FREE
    ],
)
def test_every_argument_is_suggested_by_its_kind(name: str, place: int) -> None:
    arguments = COMMANDS[name].arguments
    before = [_BEFORE[argument.word] for argument in arguments[:place]]
    text = " ".join([f"/{name}", *before, _START.get(arguments[place].word, "")])
    assert texts(text, rich())


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("/kick ", ["bo", "max", "mia", "mo"]),
        ("/invite ", ["cy"]),
        ("/mod ", ["max", "mo"]),
        ("/unmod ", ["mia"]),
        ("/unmute ", ["mo"]),
        ("/unban ", ["mallory"]),
        ("/unignore ", ["troll"]),
        ("/revoke ", ["laptop"]),
        ("/unpin ", ["1"]),
        ("/view ", ["5"]),
        ("/edit ", ["4"]),
        ("/history before:", ["before:4", "before:3", "before:2", "before:1"]),
        ("/role ze", ["zelda"]),
        ("/help mar", ["marks"]),
        ("/shutdown c", ["cancel"]),
        ("/kick mo bye @c", ["@cy"]),
    ],
)
def test_only_what_can_be_meant(text: str, suggested: list[str]) -> None:
    assert texts(text, rich()) == suggested


def test_subjects_of_the_help_are_suggested_once_each() -> None:
    found = texts("/help ", rich())
    assert sorted(found[: len(HELP)]) == sorted(HELP)
    assert len(set(found)) == len(found)


# Quick


class Counted(str):
    """A key that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __lt__(self, other: str) -> bool:
        Counted.compared += 1
        return str.__lt__(self, other)


class Watched(State):
    """A state that counts whose presence is looked up."""

    looked = 0

    def presence_of(self, nick: str) -> Person:
        self.looked += 1
        return super().presence_of(nick)


@pytest.mark.parametrize("text", ["@", "hi @n", "/kick ", "/msg @"])
def test_of_thousands_of_members_only_those_that_are_suggested_are_work(text: str) -> None:
    state = Watched()
    apply(state, hello(), NOW)
    enter(state, entered("#big"), NOW)
    members = state.current.members
    for number in range(5000):
        nick = f"n{number * 7919 % 5000}"
        members[Counted(key_of(nick))] = Member(nick, "member")
        state.people[Counted(key_of(nick))] = Person(nick, "online")
    apply(state, msg(1, in_="#big", from_="n4321"), NOW)
    Counted.compared, state.looked = 0, 0
    found = suggest(text, len(text), state)
    assert len(found) == SUGGESTED
    assert found[0].text.strip().removeprefix("@") == "n4321"
    assert state.looked <= SUGGESTED
    # To sort them all would take twelve comparisons of each.
    assert Counted.compared < 2 * 5000


# What is asked for so that it can be suggested


def test_what_can_follow_is_asked_for_quietly_and_seldom(chat: Chat) -> None:
    chat.state.account, chat.state.role = "ana", "admin"
    for _ in range(3):
        for text in ("/revoke l", "/unban ", "/role z", "/join #", "/kick b"):
            chat.session.typed(text)
    tokens, bans = chat.one(asked.Tokens), chat.one(asked.Bans)
    accounts, rooms = chat.one(asked.Accounts), chat.one(asked.ListRooms)
    before = len(chat.state.current.lines)
    chat.reply(tokens, tokens=[{"label": "laptop"}, {"label": 7}])
    chat.reply(bans, room="#lobby", bans=[{"nick": "mallory"}])
    chat.reply(accounts, accounts=[{"name": "zelda"}])
    chat.refuse(rooms, 429)
    assert chat.state.labels == ["laptop"]
    assert chat.state.current.banned == ["mallory"]
    assert chat.state.accounts_known == ["zelda"]
    assert len(chat.state.current.lines) == before
    chat.time += 31
    chat.session.typed("/join #")
    assert chat.one(asked.ListRooms)


def test_a_guest_has_no_tokens_to_be_suggested(chat: Chat) -> None:
    chat.session.typed("/revoke l")
    chat.session.typed("/role z")
    assert chat.take(asked.Tokens) == []
    assert chat.take(asked.Accounts) == []
