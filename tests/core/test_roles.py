"""Who may use a command at all: g everyone, u accounts, a administrators, m and o by room."""

from __future__ import annotations

import pytest

from chatd.core import commands as c
from chatd.core.commands import COMMANDS, Command
from chatd.core.inputs import Proof, Vouched
from tests.core.standings import code_of
from tests.core.world import World


def _words(text: str) -> set[str]:
    return set(text.split())


GUESTS = _words(
    "help mode ping quit nick register login logout resume go who whois away back join part list"
    " knock topic msg me reply react typing edit del whisper history search catchup mentions read"
    " match unmatch"
)
ACCOUNTS = _words(
    "passwd sessions token tokens revoke claim ignore unignore notify once view unregister"
)
MODERATORS = _words("invite kick ban unban bans mute unmute slow pin unpin pins mod unmod own set")
ADMINS = _words("wall role kill accounts reset remove audit reload shutdown")

LINES = {
    "help": "/help",
    "mode": "/mode text",
    "ping": "/ping",
    "quit": "/quit",
    "nick": "/nick other",
    "resume": "/resume r.none",
    "go": "/go #lobby",
    "who": "/who",
    "whois": "/whois bo",
    "away": "/away",
    "back": "/back",
    "join": "/join #new",
    "part": "/part",
    "list": "/list",
    "knock": "/knock #ops",
    "topic": "/topic",
    "msg": "/msg bo hi",
    "me": "/me waves",
    "reply": "/reply 1 hi",
    "react": "/react 1 👍",
    "typing": "/typing on",
    "edit": "/edit 2 new",
    "del": "/del 2",
    "whisper": "/whisper bo hi",
    "history": "/history",
    "search": "/search hi",
    "catchup": "/catchup",
    "mentions": "/mentions",
    "read": "/read",
    "match": "/match",
    "unmatch": "/unmatch",
    "sessions": "/sessions",
    "tokens": "/tokens",
    "revoke": "/revoke label",
    "ignore": "/ignore bo",
    "unignore": "/unignore bo",
    "notify": "/notify none",
    "once": "/once bo hi",
    "view": "/view 1 bo",
    "logout": "/logout",
    "invite": "/invite bo",
    "kick": "/kick bo",
    "ban": "/ban bo",
    "unban": "/unban bo",
    "bans": "/bans",
    "mute": "/mute bo",
    "unmute": "/unmute bo",
    "slow": "/slow 5",
    "pin": "/pin 1",
    "unpin": "/unpin 1",
    "pins": "/pins",
    "mod": "/mod bo",
    "unmod": "/unmod bo",
    "own": "/own bo",
    "set": "/set",
    "wall": "/wall hear ye",
    "role": "/role bo admin",
    "kill": "/kill bo",
    "accounts": "/accounts",
    "remove": "/remove bo",
    "audit": "/audit",
    "reload": "/reload",
    "shutdown": "/shutdown 60 upgrade",
}
# What holds a secret comes with a proof; here with none that would be worth anything.
SECRETS: dict[str, Command] = {
    "register": c.Register(password="", name="other"),
    "login": c.Login(name="bo", password=""),
    "passwd": c.Passwd(old="", new=""),
    "token": c.Token(label="label"),
    "claim": c.Claim(code=""),
    "unregister": c.Unregister(password=""),
    "reset": c.Reset(name="bo", password=""),
}
PROOF = Proof(fresh="digest", token="t.secret")


@pytest.fixture
def lobby() -> World:
    """Return a lobby with a guest, an account, an administrator, the console, and bo."""
    world = World()
    world.connect("bo", address="192.0.2.9")
    world.connect("ops", address="192.0.2.9")
    world.say("ops", "/join #ops")
    for number, name in enumerate(("guest", "account", "boss", "boss2")):
        world.connect(name, address=f"192.0.2.{number}")
    world.register("bo", "account", "boss", "boss2")
    world.make_admin("boss", "boss2")
    world.connect("console", console=True)
    world.say("bo", "/msg #lobby hi")
    world.silence()
    return world


def answer_of(world: World, who: str, name: str) -> int:
    """Have somebody use a command; return the error's number, 0 for none."""
    if name in LINES:
        return code_of(world, who, LINES[name])
    world.give(who, Vouched(SECRETS[name], PROOF))
    return next((told.code for told in world.heard(who) if hasattr(told, "code")), 0)


def test_every_command_is_in_one_of_the_sets() -> None:
    assert sorted(COMMANDS) == sorted([*GUESTS, *ACCOUNTS, *MODERATORS, *ADMINS])
    assert set(COMMANDS) == set(LINES) | set(SECRETS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_table_says_who(name: str) -> None:
    of = {"g": GUESTS, "u": ACCOUNTS, "m": MODERATORS, "o": MODERATORS, "a": ADMINS}
    assert name in of[COMMANDS[name].who]


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_guest_may(lobby: World, name: str) -> None:
    lobby.say("guest", "/msg #lobby mine")
    code = answer_of(lobby, "guest", name)
    if name in ACCOUNTS or name == "logout":
        assert code == 402
    elif name in ADMINS or name in MODERATORS:
        assert code == 403
    else:
        assert code not in {402, 403, 500}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_an_account_may(lobby: World, name: str) -> None:
    lobby.say("account", "/msg #lobby mine")
    code = answer_of(lobby, "account", name)
    if name in ADMINS or name in MODERATORS:
        assert code == 403
    else:
        assert code not in {402, 403, 500}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_administrator_may_everything(lobby: World, name: str) -> None:
    lobby.say("boss", "/msg #lobby mine")
    assert answer_of(lobby, "boss", name) not in {303, 402, 403, 500}


# The console is nobody who is present, and has no account.
NOT_FOR_THE_CONSOLE = _words(
    "nick register login logout resume away back join part typing match"
    " passwd sessions token tokens revoke claim unregister ignore unignore notify"
)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_console_may_all_but_be_present(lobby: World, name: str) -> None:
    lobby.say("console", "/msg #lobby mine")
    assert (answer_of(lobby, "console", name) == 403) == (name in NOT_FOR_THE_CONSOLE)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_was_not_looked_at_changes_nothing(lobby: World, name: str) -> None:
    who = "guest" if name in {"register", "login"} else "boss"
    lobby.give(who, SECRETS[name])
    assert [told.code for told in lobby.heard(who) if hasattr(told, "code")] == [500]
