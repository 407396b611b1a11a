"""Who may do what, cell by cell: from outside, by what people type or send."""

from __future__ import annotations

from typing import Any

import pytest

from chatd.core.policy import STANDINGS as ORDER
from chatd.core.policy import TABLE
from tests.core.standings import STANDINGS, code_of, staffed
from tests.core.world import World

# Each row: what is asked, and the error of each standing: outside, banned, muted, member,
# moderator, owner, administrator (who is not in the room). Each has said message OWN.
OWN = "own"  # for the number of a message of one's own
Cells = tuple[int, ...]
READ: Cells = (303, 303, 0, 0, 0, 0, 0)
SPEAK: Cells = (303, 303, 306, 0, 0, 0, 0)
OTHERS: Cells = (303, 303, 306, 330, 0, 0, 0)
MODERATE: Cells = (303, 303, 403, 403, 0, 0, 0)
OWNER: Cells = (303, 303, 403, 403, 403, 0, 0)
ALL: Cells = (0, 0, 0, 0, 0, 0, 0)

ROOM = {"room": "#ops"}
TO = {"to": "#ops"}
MATRIX: list[tuple[str, dict[str, Any], Cells]] = [
    # What everybody may.
    ("join", ROOM, (0, 304, 0, 0, 0, 0, 0)),
    ("part", ROOM, (303, 303, 0, 0, 0, 0, 303)),
    ("knock", ROOM, (0, 304, 104, 104, 104, 104, 0)),
    ("who", ROOM, ALL),
    ("list", {}, ALL),
    ("whois", {"nick": "target"}, ALL),
    # What is asked about a room one is in.
    ("go", TO, READ),
    ("topic", ROOM, READ),
    ("history", TO, READ),
    ("search", {"words": "by", **TO}, READ),
    ("search", {"words": "by in:#ops"}, READ),
    ("catchup", TO, READ),
    ("read", TO, READ),
    ("notify", {"level": "none", **TO}, READ),
    # Speaking.
    ("msg", {"text": "hi", **TO}, SPEAK),
    ("me", {"text": "waves", **TO}, SPEAK),
    ("reply", {"seq": 8, "text": "hi", **TO}, SPEAK),
    ("react", {"seq": 8, "emoji": "👍", **TO}, SPEAK),
    ("typing", {"on": True, **TO}, SPEAK),
    ("whisper", {"nick": "target", "text": "psst", **ROOM}, SPEAK),
    # One's own messages, and those of others.
    ("edit", {"seq": OWN, "text": "new", **TO}, SPEAK),
    ("del", {"seq": OWN, **TO}, SPEAK),
    ("edit", {"seq": 8, "text": "new", **TO}, OTHERS),
    ("del", {"seq": 8, **TO}, OTHERS),
    # What moderators may.
    ("topic", {"text": "new", **ROOM}, MODERATE),
    ("invite", {"nick": "outside2", **ROOM}, MODERATE),
    ("kick", {"nick": "target", **ROOM}, MODERATE),
    ("ban", {"nick": "target", **ROOM}, MODERATE),
    ("ban", {"nick": "target", "dry_run": True, **ROOM}, MODERATE),
    ("ban", {"nick": "198.51.100.0/24", **ROOM}, MODERATE),
    ("unban", {"nick": "banned", **ROOM}, MODERATE),
    ("bans", ROOM, MODERATE),
    ("mute", {"nick": "target", **ROOM}, MODERATE),
    ("unmute", {"nick": "muted2", **ROOM}, MODERATE),
    ("slow", {"seconds": 5, **ROOM}, MODERATE),
    ("pin", {"seq": 8, **ROOM}, MODERATE),
    ("unpin", {"seq": 7, **ROOM}, MODERATE),
    ("pins", ROOM, MODERATE),
    # What the owner may.
    ("mod", {"nick": "target", **ROOM}, OWNER),
    ("unmod", {"nick": "moderator2", **ROOM}, OWNER),
    ("own", {"nick": "target", **ROOM}, OWNER),
    ("set", ROOM, OWNER),
    ("set", {"option": "private", "value": "on", **ROOM}, OWNER),
    ("set", {"option": "key", "value": "k", **ROOM}, OWNER),
    ("set", {"option": "history", "value": "off", **ROOM}, OWNER),
    ("set", {"option": "retain", "value": "30d", **ROOM}, OWNER),
]
CELLS = [
    pytest.param(do, keys, who, code, id=f"{do}-{'-'.join(map(str, keys.values()))[:24]}-{who}")
    for do, keys, codes in MATRIX
    for who, code in zip(STANDINGS, codes, strict=True)
]


@pytest.fixture
def ops() -> World:
    """Return #ops, staffed, and some more whom the acts are about."""
    world = staffed()
    for number, name in enumerate(("outside2", "muted2", "moderator2"), 20):
        world.connect(name, mode="json", address=f"192.0.2.{number}")
        world.register(name)
    for line in ("/join #ops",):
        world.say("muted2", line)
        world.say("moderator2", line)
    for line in ("/mute muted2", "/mod moderator2", "/pin 7"):
        world.say("owner", line)
    world.silence()
    return world


@pytest.mark.parametrize(("do", "keys", "who", "code"), CELLS)
def test_each_cell(ops: World, do: str, keys: dict[str, Any], who: str, code: int) -> None:
    if keys.get("seq") == OWN:
        keys = {**keys, "seq": STANDINGS.index(who) + 1}
    before = len(ops.hub.rooms["#ops"].ring)
    assert code_of(ops, who, {"do": do, **keys}) == code
    if code:
        assert len(ops.hub.rooms["#ops"].ring) == before, "refused, and done all the same"


def test_the_table_has_the_standings_of_this_one() -> None:
    assert (*STANDINGS[:-1], "admin") == ORDER


def test_every_action_of_the_table_is_tried() -> None:
    tried = {do for do, _, _ in MATRIX}
    other = {"read", "speak", "rewrite own", "rewrite", "hurry"}
    assert set(TABLE) <= tried | other


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/kick target", "Only moderators can kick in #ops."),
        ("/mute target", "Only moderators can mute in #ops."),
        ("/unmute muted2", "Only moderators can unmute in #ops."),
        ("/mod target", "Only the owner can make moderators in #ops."),
        ("/wall hear ye", "Only administrators can use /wall."),
    ],
)
def test_a_refusal_says_who_could(ops: World, line: str, text: str) -> None:
    assert ops.refusal("member", line) == (403, text)


@pytest.mark.parametrize(
    ("who", "waits"), [("member", True), ("moderator", False), ("owner", False), ("boss", False)]
)
def test_a_slow_room_is_slow_for_members(ops: World, who: str, waits: bool) -> None:
    ops.say("owner", "/slow 10")
    codes = [code_of(ops, who, {"do": "msg", "to": "#ops", "text": "hi"}) for _ in range(2)]
    assert codes == [0, 429 if waits else 0]


# Typed, without naming the room


@pytest.mark.parametrize("who", ["muted", "member", "moderator", "owner"])
@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("/topic new", MODERATE),
        ("/invite outside2", MODERATE),
        ("/kick target out with you", MODERATE),
        ("/ban target 10m spam", MODERATE),
        ("/mute target 2d", MODERATE),
        ("/slow 5", MODERATE),
        ("/pin 8", MODERATE),
        ("/mod target", OWNER),
        ("/set private on", OWNER),
        ("hi", SPEAK),
    ],
)
def test_what_is_typed_is_about_the_current_room(
    ops: World, who: str, line: str, codes: Cells
) -> None:
    assert code_of(ops, who, line) == codes[STANDINGS.index(who)]


# Ranks: for each act, whom each may do it to


@pytest.mark.parametrize("do", ["kick", "ban", "mute"])
@pytest.mark.parametrize(
    ("who", "below"),
    [
        ("moderator", {"muted", "member"}),
        ("owner", {"muted", "member", "moderator", "moderator2"}),
        ("boss", {"muted", "member", "moderator", "moderator2", "owner"}),
    ],
)
def test_nobody_acts_on_his_like_or_above(ops: World, do: str, who: str, below: set[str]) -> None:
    ops.say("boss", "/join #ops")
    done = set()
    for target in ("muted", "member", "moderator", "moderator2", "owner", "boss"):
        code = code_of(ops, who, {"do": do, "nick": target, "room": "#ops"})
        assert code in {0, 403}, target
        if code == 0 and target != who:
            done.add(target)
    assert done == below


def test_nobody_can_put_himself_out_or_silence_himself(ops: World) -> None:
    for who in ("moderator", "owner"):
        for do in ("kick", "ban", "mute"):
            assert code_of(ops, who, {"do": do, "nick": who, "room": "#ops"}) == 403


def test_a_muted_moderator_is_out_of_reach_of_his_like(ops: World) -> None:
    ops.say("owner", "/mute moderator2")
    assert code_of(ops, "moderator", "/unmute moderator2") == 403
    assert code_of(ops, "moderator", "/kick moderator2") == 403
    assert code_of(ops, "moderator2", "/kick target") == 403
    assert code_of(ops, "moderator2", "hi") == 306


def test_an_outsider_who_is_an_administrator_is_not_banned(ops: World) -> None:
    assert code_of(ops, "owner", "/ban boss") == 403


def test_an_account_that_is_no_administrator_any_more_is_outside(ops: World) -> None:
    assert code_of(ops, "boss", "/go #ops") == 0
    user = ops.hub.sessions["boss"].user
    assert user is not None
    assert user.account is not None
    user.account.role = "user"
    assert code_of(ops, "boss", "hi") == 303
    assert code_of(ops, "boss", "/slow 5") == 303
    assert code_of(ops, "boss", "/topic") == 303
