"""Accounts: registering, and names that are somebody's."""

from __future__ import annotations

import pytest

from chatd.core import commands as c
from chatd.core.events import Refused, Renamed
from chatd.core.records import (
    AccountKept,
    InvitationKept,
    MarkerKept,
    MembershipKept,
    NameFreed,
    NameRested,
    Record,
)
from chatd.core.results import (
    NickIs,
    Registered,
)
from tests.core.scenes import account, codes
from tests.core.world import World, digest_of, events, of_kind

DAY = 86400


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo", mode="json")
    return made


# Registering


def test_a_guest_registers_his_nick(world: World) -> None:
    world.vouch("ana", c.Register(password=""), fresh="d1")
    assert world.heard("ana") == [Registered(you="ana", account="ana", role="user")]
    kept = account(world, "ana")
    assert (kept.digest, kept.role, kept.seen, kept.created) == ("d1", "user", None, world.now)


def test_nobody_else_hears_of_it(world: World) -> None:
    world.vouch("ana", c.Register(password=""), fresh="d1")
    assert world.heard("bo") == []


def test_rooms_place_and_uid_stay(world: World) -> None:
    world.say("ana", "/join #ops")
    before = world.hub.nicks["ana"]
    world.register("ana")
    user = world.hub.nicks["ana"]
    assert user is before
    assert [room.name.shown for room in user.rooms.values()] == ["#lobby", "#ops"]
    assert world.hub.rooms["#ops"].role_of(user) == "owner"
    assert world.hub.sessions["ana"].current is world.hub.rooms["#ops"]


def test_memberships_and_markers_are_kept(world: World) -> None:
    world.say("ana", "/join #ops")
    world.say("ana", "one")
    effects = world.vouch("ana", c.Register(password=""), fresh="d1")
    roles = [(kept.conversation, kept.role) for kept in of_kind(effects, MembershipKept)]
    assert roles == [(world.hub.lobby.id, "member"), (world.hub.rooms["#ops"].id, "owner")]
    assert {kept.conversation for kept in of_kind(effects, MarkerKept)} >= {
        world.hub.rooms["#ops"].id
    }


def test_an_invitation_outlives_the_guest(world: World) -> None:
    world.say("bo", "/join #den")
    world.say("bo", "/set private on")
    world.say("bo", "/invite ana")
    effects = world.vouch("ana", c.Register(password=""), fresh="d1")
    den = world.hub.rooms["#den"]
    assert of_kind(effects, InvitationKept) == [InvitationKept(den.id, "ana", "bo")]


def test_another_name_is_taken_along(world: World) -> None:
    world.vouch("ana", c.Register(password="", name="Anna"), fresh="d1")
    assert events(world.heard("bo"), Renamed) == [Renamed(old="ana", nick="Anna")]
    assert set(world.hub.accounts) == {"anna"}


def test_two_who_register_a_name_in_the_same_millisecond(world: World) -> None:
    for session in ("ana", "bo"):
        world.vouch(session, c.Register(password="", name="cy"), fresh=digest_of(session))
    assert len(events(world.heard("ana"), Registered)) == 1
    assert codes(world, "bo") == [210]
    assert world.hub.accounts["cy"].digest == digest_of("ana")
    assert len(of_kind(world.effects, AccountKept)) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("bo", 210), ("BO", 210), ("b0", 212), ("guest-9", 213), ("admin", 213)),
        *(("x", 211), ("a b", 211), ("#ops", 211), ("\u0430dmin", 212)),
    ],
)
def test_names_that_cannot_be_registered(world: World, name: str, code: int) -> None:
    effects = world.vouch("ana", c.Register(password="", name=name), fresh="d1")
    assert codes(world, "ana") == [code]
    assert not of_kind(effects, Record)
    assert world.hub.accounts == {}


def test_a_guest_number_is_no_name_for_an_account() -> None:
    world = World()
    world.connect("x", nick=False)
    world.vouch("x", c.Register(password=""), fresh="d1")
    assert codes(world, "x") == [213]


def test_who_has_an_account_cannot_register(world: World) -> None:
    world.register("ana")
    world.vouch("ana", c.Register(password="", name="cy"), fresh="d2")
    assert codes(world, "ana") == [104]
    assert set(world.hub.accounts) == {"ana"}


def test_a_short_password_is_told_of(world: World) -> None:
    world.vouch("ana", c.Register(password=""), fresh="d1", weak=True)
    (registered,) = events(world.heard("ana"), Registered)
    assert "/passwd" in registered.hint


# Names that are somebody's


@pytest.fixture
def away() -> World:
    """Return a world where ana has an account and is offline."""
    made = World()
    made.connect("ana", "bo")
    made.register("ana")
    made.disconnect("ana")
    made.silence()
    return made


@pytest.mark.parametrize(("name", "code"), [("ana", 210), ("ANA", 210), ("\u0430na", 212)])
def test_the_name_of_somebody_offline_is_his(away: World, name: str, code: int) -> None:
    assert away.code("bo", f"/nick {name}") == code
    away.vouch("bo", c.Register(password="", name=name), fresh="d1")
    assert codes(away, "bo") == [code]


def test_whose_name_is_wanted_is_told_how_to_log_in(away: World) -> None:
    away.heard("bo")
    away.say("bo", "/nick ana")
    (refused,) = events(away.heard("bo"), Refused)
    assert refused.try_ == "/login ana"


def test_a_new_session_cannot_begin_with_his_name(away: World) -> None:
    away.connect("cy", mode="json", nick=False)
    assert away.code("cy", "/nick ana") == 210


def test_a_former_name_rests_for_thirty_days(world: World) -> None:
    world.register("ana")
    effects = world.say("ana", "/nick anna")
    (rested,) = of_kind(effects, NameRested)
    assert (rested.key, rested.until) == ("ana", world.now + 30 * DAY * 1000)
    assert world.code("bo", "/nick ana") == 213
    world.tick(30 * DAY - 1)
    assert world.code("bo", "/nick ana") == 213
    assert of_kind(world.tick(1), NameFreed) == [NameFreed("ana")]
    assert world.answer("bo", "/nick ana", NickIs).nick == "ana"


def test_its_account_may_take_a_resting_name_back(world: World) -> None:
    world.register("ana")
    world.say("ana", "/nick anna")
    effects = world.say("ana", "/nick ana")
    assert of_kind(effects, NameFreed) == [NameFreed("ana")]
    assert [rested.key for rested in of_kind(effects, NameRested)] == ["anna"]
    assert set(world.hub.resting) == {"anna"}
    world.tick(31 * DAY)
    assert world.hub.resting == {}


def test_another_way_to_write_a_name_does_not_let_it_rest(world: World) -> None:
    world.register("ana")
    assert of_kind(world.say("ana", "/nick Ana"), NameRested) == []
    assert account(world, "Ana").uid == world.hub.accounts["ana"].uid


def test_a_renamed_account_logs_in_by_its_new_name(world: World) -> None:
    world.register("ana")
    world.say("ana", "/nick anna")
    world.connect("x", nick=False)
    world.vouch("x", c.Login(name="ana", password=""), digest=digest_of("ana"))
    assert codes(world, "x") == [401]
    world.vouch("x", c.Login(name="anna", password=""), digest=digest_of("ana"))
    assert world.hub.sessions["x"].user is world.hub.nicks["anna"]
