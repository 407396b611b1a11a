"""A guest becomes an account."""

from __future__ import annotations

import pytest

from chatd.core import commands as c
from chatd.core.effects import Fetch
from chatd.core.events import (
    Hello,
    Joined,
    Parted,
    Presence,
    Refused,
    Renamed,
    Said,
)
from chatd.core.records import InvitationKept, MarkerKept, MembershipKept
from chatd.core.results import RoomEntered, Sent
from tests.core.scenes import logged_in, owner_offline
from tests.core.world import World, events, of_kind


@pytest.fixture
def world() -> World:
    """Return a room whose owner is offline."""
    return owner_offline()


# A guest becomes an account


def test_others_see_one_change_of_nick_and_a_person_online(world: World) -> None:
    world.connect("x", nick=False)
    world.login("x", "ana")
    told = world.heard("bo")
    assert events(told, Renamed) == [Renamed(old="guest-3", nick="ana")]
    assert [(p.nick, p.state) for p in events(told, Presence)] == [("ana", "online")]
    assert events(told, Joined) + events(told, Parted) == []


def test_who_reads_text_is_told_once(world: World) -> None:
    world.connect("x", nick=False)
    world.login("x", "ana")
    assert world.heard("cy") == [Renamed(old="guest-3", nick="ana")]


def test_who_is_already_here_does_not_come_again(world: World) -> None:
    world.connect("x", "y", nick=False)
    world.login("x", "ana")
    world.silence()
    world.login("y", "ana")
    assert events(world.heard("bo"), Presence) == []
    assert len([user for user in world.hub.users.values() if user.nick == "ana"]) == 1


def test_the_guest_is_gone(world: World) -> None:
    world.connect("x", nick=False)
    guest = world.hub.sessions["x"].user
    world.login("x", "ana")
    assert guest is not None
    assert guest.uid not in world.hub.users
    assert guest.nick not in world.hub.nicks
    assert all(guest.uid not in room.members for room in world.hub.rooms.values())


def test_rooms_of_both_are_there(world: World) -> None:
    world.connect("x", nick=False)
    world.say("x", "/join #cats")
    reply = logged_in(world, "x")
    assert (reply.you, reply.account, reply.role) == ("ana", "ana", "user")
    assert [room.room for room in reply.rooms] == ["#lobby", "#ops", "#cats"]
    assert [room.role for room in reply.rooms] == ["member", "owner", "owner"]
    kept = of_kind(world.effects, MembershipKept)[-1]
    assert (kept.uid, kept.role) == ("ana", "owner")


def test_the_place_stays(world: World) -> None:
    world.connect("x", nick=False)
    world.say("x", "/join #cats")
    assert logged_in(world, "x").to == "#cats"
    assert world.answer("x", "hi", Sent).to == "#cats"


def test_a_private_conversation_goes_on_under_the_new_name(world: World) -> None:
    world.connect("x", nick=False)
    world.say("x", "/go bo")
    assert logged_in(world, "x").to == "@bo"
    world.heard("bo")
    world.say("x", "psst")
    (said,) = events(world.heard("bo"), Said)
    assert (said.in_, said.from_) == ("@ana", "ana")


def test_talking_to_the_account_one_becomes_is_talking_to_oneself(world: World) -> None:
    world.connect("x", nick=False)
    world.say("x", "/go ana")
    assert logged_in(world, "x").to == "@ana"
    assert world.answer("x", "note to self", Sent).to == "@ana"


@pytest.mark.parametrize(
    ("guest", "account", "merged"),
    [
        ("moderator", "member", "moderator"),
        ("member", "moderator", "moderator"),
        ("member", "owner", "owner"),
        ("moderator", "owner", "owner"),
        ("owner", "member", "owner"),
    ],
)
def test_the_higher_role_of_both_stays(guest: str, account: str, merged: str) -> None:
    world = World()
    world.connect("boss", "ana", "guy")
    world.register("boss", "ana")
    world.make_admin("boss")
    for session in ("boss", "ana", "guy"):
        world.say(session, "/join #ops")
    for role, nick in ((guest, "guy"), (account, "ana")):
        if role == "moderator":
            world.say("boss", f"/mod {nick} #ops")
        if role == "owner":
            world.say("boss", f"/own {nick} #ops")
    world.silence()
    world.login("guy", "ana")
    room = world.hub.rooms["#ops"]
    assert {member.user.nick: member.role for member in room.members.values()}["ana"] == merged
    assert "guy" not in {user.nick for user in room.people()}
    assert of_kind(world.effects, MembershipKept)[-1].role == merged


def test_a_muted_account_that_comes_to_own_a_room_may_speak(world: World) -> None:
    world.connect("x", nick=False)
    world.say("x", "/join #cats")
    world.connect("y", nick=False)
    world.login("y", "ana")
    world.say("y", "/join #cats")
    world.say("x", "/mute ana")
    world.login("x", "ana")
    assert world.answer("x", "hi", Sent).to == "#cats"


def test_a_muted_guest_does_not_speak_as_an_account() -> None:
    world = World()
    world.connect("bo", "ana", "guest")
    world.register("ana")
    for session in ("bo", "guest"):
        world.say(session, "/join #den")
    world.say("bo", "/mute guest 10m noise")
    world.login("guest", "ana")
    code, text = world.refusal("guest", "/msg #den hi")
    assert (code, "noise" in text) == (306, True)
    world.tick(600)
    assert world.hub.rooms["#den"].mutes == {}


def test_who_is_banned_as_an_account_leaves_the_room(world: World) -> None:
    world.connect("x", "y", nick=False)
    world.say("x", "/join #cats")
    world.say("y", "/join #cats")
    world.say("x", "/ban ana")
    world.silence()
    reply = logged_in(world, "y")
    assert [room.room for room in reply.rooms] == ["#lobby", "#ops"]
    assert reply.to == "#lobby"
    assert [event.in_ for event in events(world.heard("x"), Parted)] == ["#cats"]


def test_an_invitation_is_used_up_where_he_is_in_already(world: World) -> None:
    world.connect("x", "y", nick=False)
    for line in ("/join #den", "/set private on", "/invite ana", "/invite guest-4"):
        world.say("x", line)
    world.say("y", "/join #den")
    assert logged_in(world, "y").invited == ()
    assert world.hub.rooms["#den"].invited == {}


def test_an_invitation_of_the_guest_s_is_the_account_s() -> None:
    world = World()
    world.connect("bo", "ana")
    world.register("ana")
    world.connect("guest")
    world.say("bo", "/join #den")
    world.say("bo", "/set private on")
    world.say("bo", "/invite guest #den")
    effects = world.login("guest", "ana")
    assert of_kind(effects, InvitationKept)
    assert world.hub.rooms["#den"].invited == {"ana": "bo"}
    assert world.answer("guest", "/join #den", RoomEntered).room == "#den"


def test_what_the_guest_had_read_is_read(world: World) -> None:
    world.say("bo", "/join #cats")
    world.say("bo", "one")
    world.connect("x", nick=False)
    world.say("x", "/join #cats")
    world.say("bo", "two")
    effects = world.login("x", "ana")
    cats = world.hub.rooms["#cats"].id
    assert MarkerKept("ana", cats, 1) in of_kind(effects, MarkerKept)
    assert world.hub.nicks["ana"].read[cats] == 1


def test_a_guest_stops_typing_and_waiting(world: World) -> None:
    world.connect("x", nick=False)
    world.say("x", "/typing on")
    world.say("x", "/match")
    world.login("x", "ana")
    assert world.hub.matching == []
    assert world.hub.nicks["ana"].typing == {}


# The first thing of all


def test_a_json_session_begins_as_its_account(world: World) -> None:
    world.connect("x", mode="json", nick=False)
    world.silence()
    effects = world.login("x", "ana")
    (hello,) = events(world.heard("x"), Hello)
    assert (hello.you, hello.account, hello.role) == ("ana", "ana", "user")
    assert hello.in_ == ("#lobby", "#ops")
    assert len(of_kind(effects, Fetch)) == 1
    assert events(world.heard("bo"), Renamed) == []


def test_nobody_ever_sees_a_guest_of_it(world: World) -> None:
    world.connect("x", mode="json", nick=False)
    guests = world.hub.guests
    world.login("x", "ana")
    told = world.heard("bo")
    assert [(p.nick, p.state) for p in events(told, Presence)] == [("ana", "online")]
    assert events(told, Joined) == []
    assert world.hub.guests == guests


def test_who_fails_to_is_a_guest(world: World) -> None:
    world.connect("x", mode="json", nick=False)
    world.vouch("x", c.Login(name="ana", password=""), digest="wrong")
    told = world.heard("x")
    assert [type(event) for event in told] == [Hello, *[type(e) for e in told[1:]]]
    assert [event.code for event in events(told, Refused)] == [401]
    user = world.hub.sessions["x"].user
    assert user is not None
    assert user.account is None


def test_the_counter_of_presence_has_no_hole_for_who_logs_in(world: World) -> None:
    world.connect("x", mode="json", nick=False)
    world.login("x", "ana")
    (hello,) = events(world.heard("x"), Hello)
    assert hello.presence == world.hub.presence
