"""Who may do what, cell by cell."""

from __future__ import annotations

import pytest

from chatd.core.commands import COMMANDS
from tests.core.world import World

EXAMPLES = {
    "help": "/help",
    "join": "/join #ops",
    "part": "/part",
    "list": "/list",
    "topic": "/topic #lobby",
    "go": "/go #lobby",
    "msg": "/msg #lobby hi",
    "me": "/me waves",
    "reply": "/reply 1 hi",
    "react": "/react 1 👍",
    "whisper": "/whisper bo hi",
    "typing": "/typing on",
    "history": "/history",
    "who": "/who",
    "whois": "/whois bo",
    "nick": "/nick ana2",
    "away": "/away",
    "back": "/back",
    "match": "/match",
    "unmatch": "/unmatch",
    "mode": "/mode text",
    "resume": "/resume r.none",
    "ping": "/ping",
    "quit": "/quit",
    "wall": "/wall hear ye",
    "kill": "/kill bo",
}
# The console is nobody who is present.
NOT_FOR_THE_CONSOLE = {"nick", "join", "part", "match", "away", "back", "typing", "resume"}


def world() -> World:
    made = World()
    made.connect("ana", "bo")
    made.connect("console", console=True)
    made.say("bo", "hi")
    made.silence()
    return made


def refused(asker: str, name: str) -> bool:
    """Whether the asker was refused for who he is."""
    made = world()
    made.say(asker, EXAMPLES[name])
    return 403 in {getattr(told, "code", None) for told in made.heard(asker)}


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_guest_may_all_but_what_is_for_administrators(name: str) -> None:
    assert refused("ana", name) == (COMMANDS[name].who == "a")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_console_may_all_but_be_present(name: str) -> None:
    assert refused("console", name) == (name in NOT_FOR_THE_CONSOLE)


@pytest.mark.parametrize(("asker", "may"), [("owner", True), ("member", False), ("console", True)])
def test_a_topic_is_set_by_owners_and_administrators(asker: str, may: bool) -> None:
    made = World()
    made.connect("owner", "member")
    made.connect("console", console=True)
    made.say("owner", "/join #ops")
    made.say("member", "/join #ops")
    made.say(asker, '{"do":"topic","room":"#ops","text":"new"}')
    assert (made.hub.rooms["#ops"].topic == "new") is may


def test_nobody_but_an_administrator_sets_the_topic_of_the_lobby() -> None:
    made = world()
    assert made.code("ana", "/topic new") == 403
