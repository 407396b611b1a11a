"""Who runs a room, who does next, and whom they let in."""

from __future__ import annotations

import pytest

from chatd.core.effects import Fetch
from chatd.core.events import Invited, Knocked, Moderated
from chatd.core.records import (
    InvitationForgotten,
    InvitationKept,
    MembershipKept,
    SanctionForgotten,
)
from chatd.core.results import Acted, Confirmed, RoomEntered, Sent
from tests.core.lasting import restarted
from tests.core.scenes import members, room_of
from tests.core.world import World, events, of_kind


@pytest.fixture
def world() -> World:
    return room_of("ana", "bo", "cy")


# Who runs it


def test_moderators_are_made_and_unmade(world: World) -> None:
    assert world.answer("ana", "/mod bo", Acted).nick == "bo"
    assert members(world)["bo"] == "moderator"
    world.say("bo", "/topic mine")
    assert world.hub.rooms["#ops"].topic == "mine"
    world.say("ana", "/unmod bo")
    assert world.code("bo", "/topic no") == 403


@pytest.mark.parametrize("line", ["/mod ana", "/unmod bo", "/own ana", "/unmod ana"])
def test_what_somebody_is_already(world: World, line: str) -> None:
    assert world.code("ana", line) == 104


def test_a_room_is_handed_over(world: World) -> None:
    world.say("ana", "/own bo")
    assert members(world) == {"ana": "moderator", "bo": "owner", "cy": "member"}
    assert world.code("ana", "/own ana") == 403


def test_roles_of_accounts_are_kept(world: World) -> None:
    world.register("ana", "bo")
    effects = world.say("ana", "/own bo")
    assert [(k.uid, k.role) for k in of_kind(effects, MembershipKept)] == [
        ("ana", "moderator"),
        ("bo", "owner"),
    ]
    room = restarted(world).hub.rooms["#ops"]
    assert {uid: place.role for uid, place in room.members.items()} == {
        "ana": "moderator",
        "bo": "owner",
        "cy": "member",
    }


def test_who_comes_to_own_a_room_is_muted_no_more(world: World) -> None:
    world.say("ana", "/mute bo")
    world.say("ana", "/own bo")
    assert world.answer("bo", "hi", Sent).to == "#ops"


# Who owns it next


def test_a_moderator_owns_it_next(world: World) -> None:
    world.register("bo")
    world.say("ana", "/mod cy")
    world.say("ana", "/part")
    assert members(world) == {"bo": "member", "cy": "owner"}
    (act,) = [e for e in events(world.heard("bo"), Moderated) if e.action == "own"]
    assert (act.by, act.nick) == ("server", "cy")


def test_else_an_account(world: World) -> None:
    world.register("cy")
    world.say("ana", "/part")
    assert members(world) == {"bo": "member", "cy": "owner"}


def test_else_who_is_there_longest(world: World) -> None:
    world.say("ana", "/quit")
    assert members(world) == {"bo": "owner", "cy": "member"}


def test_an_heir_who_was_muted_may_speak(world: World) -> None:
    world.say("ana", "/mute bo")
    world.say("ana", "/part")
    assert world.answer("bo", "hi", Sent).to == "#ops"


def test_an_account_that_is_offline_owns_its_room_still(world: World) -> None:
    world.register("ana")
    world.say("ana", "/quit")
    assert members(world)["ana"] == "owner"


def test_a_room_whose_owner_did_not_survive_a_restart_passes_on(world: World) -> None:
    world.connect("text")
    world.say("text", "/join #cats")
    world.register("bo")
    world.say("bo", "/join #cats")
    after = restarted(world)
    after.tick(0)
    assert {m.user.nick: m.role for m in after.hub.rooms["#cats"].members.values()} == {
        "bo": "owner"
    }


def test_the_lobby_is_passed_on_to_nobody(world: World) -> None:
    world.register("cy")
    world.make_admin("cy")
    world.say("cy", "/own ana #lobby")
    world.say("ana", "/part #lobby")
    assert set(members(world, "#lobby").values()) == {"member", "admin"}


def test_who_wakes_a_room_is_not_bound_by_those_before(world: World) -> None:
    world.say("bo", "one")
    world.say("ana", "/mute bo")
    world.say("ana", "/ban cy")
    for session in ("bo", "ana"):
        world.say(session, "/part #ops")
    effects = world.say("bo", "/join #ops")
    assert world.answer("bo", "hi", Sent).to == "#ops"
    assert {(k.kind, k.target) for k in of_kind(effects, SanctionForgotten)} == {
        ("mute", "bo"),
        ("ban", "cy"),
        ("ban", "192.0.2.3/32"),
    }
    assert world.answer("cy", "/join #ops", RoomEntered).role == "member"


# Invitations and knocking


@pytest.fixture
def den(world: World) -> World:
    """Return a private room of ana, whom bo and cy are outside of."""
    world.say("ana", "/join #den")
    world.say("ana", "/set private on")
    world.silence()
    return world


def test_who_is_invited_may_come_in_once(den: World) -> None:
    assert den.code("bo", "/join #den") == 302
    den.say("ana", "/invite bo")
    assert events(den.heard("bo"), Invited) == [Invited(in_="#den", by="ana")]
    assert den.answer("bo", "/join #den", RoomEntered).room == "#den"
    den.say("bo", "/part #den")
    assert den.code("bo", "/join #den") == 302


def test_an_invitation_of_an_account_waits_for_it(den: World) -> None:
    den.register("bo")
    den.say("bo", "/quit")
    effects = den.say("ana", "/invite bo")
    room = den.hub.rooms["#den"].id
    assert of_kind(effects, InvitationKept) == [InvitationKept(room, "bo", "ana")]
    den.connect("new", nick=False)
    (fetch,) = of_kind(den.login("new", "bo"), Fetch)
    assert fetch.query.reply.invited == ("#den",)  # type: ignore[attr-defined]
    effects = den.say("new", "/join #den")
    assert of_kind(effects, InvitationForgotten) == [InvitationForgotten(room, "bo")]


def test_who_is_in_or_banned_is_not_invited(den: World) -> None:
    den.say("ana", "/invite bo")
    den.say("bo", "/join #den")
    assert den.code("ana", "/invite bo") == 104
    den.say("ana", "/ban bo")
    assert den.code("ana", "/invite bo") == 104


def test_a_ban_takes_an_invitation_away(den: World) -> None:
    den.register("bo")
    den.say("ana", "/invite bo")
    effects = den.say("ana", "/ban bo")
    assert len(of_kind(effects, InvitationForgotten)) == 1
    den.say("ana", "/unban bo")
    assert den.code("bo", "/join #den") == 302


def test_knocking_is_heard_by_those_who_can_open(den: World) -> None:
    for nick in ("bo", "cy"):
        den.say("ana", f"/invite {nick}")
        den.say(nick, "/join #den")
    den.say("ana", "/mod bo")
    den.connect("dd")
    den.silence()
    assert den.answer("dd", "/knock #den", Confirmed).ok
    for session in ("ana", "bo"):
        assert events(den.heard(session), Knocked) == [Knocked(in_="#den", nick="dd")]
    assert den.heard("cy") == []


def test_who_is_in_need_not_knock(den: World) -> None:
    assert den.code("ana", "/knock #den") == 104
    assert den.code("bo", "/knock #nowhere") == 301


def test_of_whom_one_ignores_one_hears_neither_knock_nor_invitation(den: World) -> None:
    den.register("ana")
    den.say("ana", "/ignore bo")
    den.say("bo", "/knock #den")
    den.say("bo", "/join #bos")
    den.say("bo", "/invite ana #bos")
    heard = den.heard("ana")
    assert events(heard, Knocked) == []
    assert events(heard, Invited) == []
