"""Each act of moderation and administration is in the audit log, once; what is refused is not."""

from __future__ import annotations

import json

import pytest

from chatd.core import commands as c
from chatd.core.commands import Command
from chatd.core.inputs import Connect, Proof, Vouched
from chatd.core.records import Audited
from tests.core.world import World, digest_of, of_kind

WHY = "for a good reason"


@pytest.fixture
def world() -> World:
    """Return #ops of ana with bo, cy and dd; boss is an administrator; each has an address."""
    made = World()
    for number, session in enumerate(("ana", "bo", "cy", "dd", "boss"), 1):
        made.connect(session, mode="json", address=f"192.0.2.{number}")
        made.register(session)
        made.say(session, "/join #ops")
    made.make_admin("boss")
    for line in ("/mute cy", "/ban dd", "/mod bo", "one", "two", "/pin 5"):
        made.say("ana", line)
    made.say("bo", "three")
    made.effects.clear()
    made.silence()
    return made


def audited(world: World) -> list[Audited]:
    """Return what was put into the audit log since the last time."""
    found = of_kind(world.effects, Audited)
    world.effects.clear()
    return found


# Who does it, what, and what is written down: whom, in which room, why.
ACTS = [
    ("ana", {"do": "kick", "nick": "bo", "why": WHY}, "kick", "bo", "#ops", WHY),
    ("ana", {"do": "ban", "nick": "bo", "why": WHY}, "ban", "bo", "#ops", WHY),
    ("ana", {"do": "ban", "nick": "203.0.113.0/24"}, "ban", "203.0.113.0/24", "#ops", ""),
    ("ana", {"do": "unban", "nick": "dd"}, "unban", "dd", "#ops", ""),
    (
        *("ana", {"do": "mute", "nick": "bo", "time": "1h", "why": WHY}),
        *("mute", "bo", "#ops", f"until 2023-11-14 23:13 UTC: {WHY}"),
    ),
    ("ana", {"do": "unmute", "nick": "cy"}, "unmute", "cy", "#ops", ""),
    ("ana", {"do": "invite", "nick": "dd2"}, "invite", "dd2", "#ops", ""),
    ("ana", {"do": "slow", "seconds": 5}, "slow", "5", "#ops", ""),
    ("ana", {"do": "pin", "seq": 4}, "pin", "4", "#ops", ""),
    ("ana", {"do": "unpin", "seq": 5}, "unpin", "5", "#ops", ""),
    ("ana", {"do": "mod", "nick": "cy"}, "mod", "cy", "#ops", ""),
    ("ana", {"do": "unmod", "nick": "bo"}, "unmod", "bo", "#ops", ""),
    ("ana", {"do": "own", "nick": "bo"}, "own", "bo", "#ops", ""),
    ("ana", {"do": "set", "option": "private", "value": "on"}, "set", "private on", "#ops", ""),
    ("ana", {"do": "set", "option": "key", "value": "k"}, "set", "key on", "#ops", ""),
    ("ana", {"do": "set", "option": "retain", "value": "30d"}, "set", "retain 30d", "#ops", ""),
    ("ana", {"do": "topic", "text": "news"}, "topic", "", "#ops", "news"),
    ("ana", {"do": "edit", "seq": 7, "text": "x"}, "edit", "bo 7", "#ops", ""),
    ("ana", {"do": "del", "seq": 7}, "del", "bo 7", "#ops", ""),
    ("boss", {"do": "kick", "nick": "ana", "room": "#ops"}, "kick", "ana", "#ops", ""),
    ("boss", {"do": "wall", "text": "hear ye"}, "wall", "", "", "hear ye"),
    ("boss", {"do": "role", "name": "bo", "role": "admin"}, "role", "bo", "", "admin"),
    ("boss", {"do": "kill", "nick": "bo", "why": WHY}, "kill", "bo", "", WHY),
    ("boss", {"do": "remove", "name": "bo", "why": WHY}, "remove", "bo", "", WHY),
    ("boss", {"do": "reload"}, "reload", "", "", ""),
    ("boss", {"do": "shutdown", "seconds": 60, "why": WHY}, "shutdown", "", "", f"60 s: {WHY}"),
    ("console", {"do": "wall", "text": "hear ye"}, "wall", "", "", "hear ye"),
    ("console", {"do": "kick", "nick": "bo", "room": "#ops"}, "kick", "bo", "#ops", ""),
]
ADDRESS = {"ana": "192.0.2.1", "boss": "192.0.2.5", "console": "127.0.0.1"}


@pytest.mark.parametrize(
    ("who", "asked", "action", "whom", "room", "why"), ACTS, ids=[str(act[1])[7:40] for act in ACTS]
)
def test_an_act_is_written_down_once(
    world: World, who: str, asked: dict[str, object], action: str, whom: str, room: str, why: str
) -> None:
    world.connect("console", console=True, address="127.0.0.1")
    world.connect("dd2", address="192.0.2.77")
    world.effects.clear()
    world.now += 1234
    world.say(who, json.dumps(asked))
    assert audited(world) == [
        Audited(
            t=world.now,
            who=who,
            uid=who,
            action=action,
            whom=whom,
            room=room,
            address=ADDRESS[who],
            why=why,
        )
    ]


def test_whose_console_it_was_and_until_when(world: World) -> None:
    connect = Connect(address="::1", mode="json", token="t", console=True, label="ana@desk")
    world.give("desk", connect)
    world.effects.clear()
    world.say("desk", '{"do":"mute","nick":"bo","room":"#ops","time":"10m","why":"spam"}')
    (row,) = audited(world)
    assert (row.who, row.why) == ("console (ana@desk)", "until 2023-11-14 22:23 UTC: spam")


SECRETS: list[tuple[str, Command, Proof, str, str]] = [
    ("boss", c.Reset(name="bo", password=""), Proof(fresh="d2"), "reset", "bo"),
    ("bo", c.Unregister(password=""), Proof(digest=digest_of("bo")), "unregister", "bo"),
]


@pytest.mark.parametrize(("who", "command", "proof", "action", "whom"), SECRETS)
def test_an_act_with_a_secret_is_written_down_without_it(
    world: World, who: str, command: Command, proof: Proof, action: str, whom: str
) -> None:
    world.give(who, Vouched(command, proof))
    (act,) = audited(world)
    assert (act.who, act.action, act.whom, act.why) == (who, action, whom, "")


def test_claiming_is_written_down() -> None:
    world = World()
    world.connect("ana")
    world.register("ana")
    world.vouch("ana", c.Claim(code=""), ok=True)
    (act,) = audited(world)
    assert (act.action, act.who, act.whom) == ("claim", "ana", "ana")


@pytest.mark.parametrize("asked", [act[1] for act in ACTS], ids=str)
def test_what_is_refused_is_not(world: World, asked: dict[str, object]) -> None:
    world.connect("stranger", address="192.0.2.88")
    world.say("stranger", "/join #ops")
    world.effects.clear()
    assert world.code("stranger", json.dumps(asked)) in {330, 403}
    assert audited(world) == []


@pytest.mark.parametrize(
    "line",
    [
        *("/kick nobody", "/ban ana", "/mute boss", "/unban nobody", "/unmute bo", "/mod bo"),
        *("/pin 99", "/unpin 99", "/set colour red", "/slow 99999999", "/mute bo 0s", "/kick dd"),
        *('{"do":"ban","nick":"bo","dry_run":true}', "/bans", "/pins", "/set", "/topic"),
    ],
)
def test_what_changes_nothing_is_not(world: World, line: str) -> None:
    world.say("ana", line)
    assert audited(world) == []


def test_what_time_does_is_the_server_s(world: World) -> None:
    world.say("ana", "/mute bo 10m")
    world.effects.clear()
    world.tick(600)
    (act,) = audited(world)
    assert (act.who, act.action, act.whom, act.room, act.address) == (
        *("server", "unmute", "bo", "#ops"),
        "",
    )
    assert act.why


def test_a_ban_of_a_guest_ends_with_one_row(world: World) -> None:
    world.connect("guest", address="192.0.2.99")
    world.say("guest", "/join #ops")
    world.say("ana", "/ban guest 10m")
    world.effects.clear()
    world.tick(600)
    assert [(act.action, act.whom) for act in audited(world)] == [("unban", "guest")]


def test_nothing_that_people_say_is_in_it(world: World) -> None:
    for line in ("hi", "/me waves", "/msg bo psst", "/join #cats", "/part", "/away", "/nick anna"):
        world.say("ana", line)
    assert audited(world) == []


def test_long_reasons_are_cut(world: World) -> None:
    world.say("boss", "/kill bo " + "x" * 3000)
    (act,) = audited(world)
    assert len(act.why) == 200
