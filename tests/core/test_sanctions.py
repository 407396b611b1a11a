"""Bans and mutes."""

from __future__ import annotations

import json

import pytest

from chatd.core.events import Moderated, Parted, Refused
from chatd.core.records import (
    Appended,
    Record,
    SanctionForgotten,
    SanctionKept,
)
from chatd.core.results import Acted, BanList, RoomEntered, Sent, WouldHit
from tests.core.lasting import restarted
from tests.core.scenes import members, room_of
from tests.core.world import World, events, of_kind

DAY = 86400


@pytest.fixture
def world() -> World:
    return room_of("ana", "bo", "cy")


# Bans by person


def test_who_is_banned_is_out_and_stays_out(world: World) -> None:
    world.say("ana", "/ban bo spam")
    assert "bo" not in world.hub.rooms["#ops"].members
    code, text = world.refusal("bo", "/join #ops")
    assert (code, "spam" in text) == (304, True)
    assert world.code("bo", "/knock #ops") == 304


def test_an_account_is_banned_by_whatever_name(world: World) -> None:
    world.register("bo")
    effects = world.say("ana", "/ban bo")
    assert [kept.target for kept in of_kind(effects, SanctionKept)] == ["bo"]
    world.say("bo", "/nick bob")
    assert world.code("bo", "/join #ops") == 304


def test_an_account_that_is_offline_or_elsewhere_is_banned(world: World) -> None:
    world.register("bo")
    world.say("bo", "/part")
    world.say("bo", "/quit")
    world.say("ana", "/ban bo")
    world.connect("new", nick=False)
    world.login("new", "bo")
    assert world.code("new", "/join #ops") == 304


def test_an_account_is_let_in_again(world: World) -> None:
    world.register("bo")
    world.say("ana", "/ban bo")
    world.say("bo", "/nick bob")
    assert world.answer("ana", "/unban bob", Acted).nick == "bo"
    assert world.answer("bo", "/join #ops", RoomEntered).room == "#ops"


# Bans by address


def test_a_guest_does_not_come_back_as_another(world: World) -> None:
    effects = world.say("ana", "/ban bo")
    assert [kept.target for kept in of_kind(effects, SanctionKept)] == ["bo", "192.0.2.2/32"]
    world.connect("eve", address="192.0.2.2")
    assert world.code("eve", "/join #ops") == 304
    world.connect("fay", address="192.0.2.4")
    assert world.answer("fay", "/join #ops", RoomEntered).room == "#ops"


@pytest.mark.parametrize("loopback", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_loopback_is_shared_and_not_banned(world: World, loopback: str) -> None:
    world.connect("dd", address=loopback)
    world.say("dd", "/join #ops")
    effects = world.say("ana", "/ban dd")
    assert [kept.target for kept in of_kind(effects, SanctionKept)] == ["dd"]
    world.connect("ee", address=loopback)
    assert world.answer("ee", "/join #ops", RoomEntered).room == "#ops"


def test_a_guest_on_ipv6_is_banned_by_his_prefix(world: World) -> None:
    world.connect("dd", address="2001:db8:1:2::a")
    world.say("dd", "/join #ops")
    world.say("ana", "/ban dd")
    world.connect("ee", address="2001:db8:1:2:ffff::b")
    world.connect("ff", address="2001:db8:1:3::a")
    assert world.code("ee", "/join #ops") == 304
    assert world.answer("ff", "/join #ops", RoomEntered).room == "#ops"


@pytest.mark.parametrize(
    ("mask", "hit", "missed"),
    [
        ("198.51.100.0/24", "198.51.100.77", "198.51.101.1"),
        ("198.51.100.9/24", "198.51.100.77", "198.51.101.1"),
        ("198.51.100.7", "198.51.100.7", "198.51.100.8"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
        ("2001:db8:0:1::5", "2001:db8:0:1::99", "2001:db8:0:2::5"),
    ],
)
def test_a_network_is_banned(world: World, mask: str, hit: str, missed: str) -> None:
    world.connect("dd", address=hit)
    world.connect("ee", address=missed)
    world.register("dd")
    for session in ("dd", "ee"):
        world.say(session, "/join #ops")
    world.say("ana", f"/ban {mask} 1d open relay")
    assert set(world.hub.rooms["#ops"].members) == {"ana", "bo", "cy", "ee"}
    assert world.code("dd", "/join #ops") == 304
    assert world.answer("ana", f"/unban {mask}", Acted).room == "#ops"
    assert world.answer("dd", "/join #ops", RoomEntered).room == "#ops"


@pytest.mark.parametrize("mask", ["192.0.2.0/99", "300.1.1.1", "2001:db8::/x", "1.2.3", "#ops"])
def test_what_is_neither_a_person_nor_a_network(world: World, mask: str) -> None:
    assert world.code("ana", f"/ban {mask}") == 310


def test_bystanders_above_are_spared(world: World) -> None:
    world.connect("dd", address="192.0.2.1")
    world.connect("mod", address="192.0.2.1")
    world.connect("guest", address="192.0.2.1")
    for session in ("dd", "mod", "guest"):
        world.say(session, "/join #ops")
    world.say("ana", "/mod mod")
    dry = json.dumps({"do": "ban", "nick": "dd", "dry_run": True})
    assert world.answer("mod", dry, WouldHit).nicks == ("dd", "guest")
    world.say("mod", "/ban dd")
    assert set(members(world)) == {"ana", "bo", "cy", "mod"}


def test_a_network_that_one_is_in_oneself_does_not_put_one_out(world: World) -> None:
    world.say("ana", "/ban 192.0.2.0/24")
    assert set(members(world)) == {"ana"}
    assert world.answer("ana", "hi", Sent).to == "#ops"


def test_the_address_of_a_guest_is_not_shown(world: World) -> None:
    world.say("ana", "/ban bo 1h spam")
    (ban,) = world.answer("ana", "/bans", BanList).bans
    assert (ban.nick, ban.kind, ban.by, ban.why) == ("bo", "guest", "ana", "spam")
    assert "192.0.2.2" not in repr([world.heard(session) for session in ("ana", "bo", "cy")])


def test_unbanning_a_guest_frees_his_address(world: World) -> None:
    world.say("ana", "/ban bo")
    effects = world.say("ana", "/unban bo")
    assert [kept.target for kept in of_kind(effects, SanctionForgotten)] == ["bo", "192.0.2.2/32"]
    assert len(of_kind(effects, Appended)) == 1
    assert world.answer("bo", "/join #ops", RoomEntered).room == "#ops"


def test_the_list_of_bans(world: World) -> None:
    world.register("cy")
    for line in ("/ban bo", "/ban cy 1d", "/ban 198.51.100.0/24"):
        world.say("ana", line)
    bans = world.answer("ana", "/bans", BanList).bans
    assert [(ban.nick, ban.kind) for ban in bans] == [
        ("bo", "guest"),
        ("cy", "account"),
        ("198.51.100.0/24", "address"),
    ]
    assert [ban.until is None for ban in bans] == [True, False, True]


@pytest.mark.parametrize("nick", ["cy", "nobody", "198.51.100.0/24"])
def test_who_is_not_banned_cannot_be_let_in(world: World, nick: str) -> None:
    assert world.code("ana", f"/unban {nick}") == 310


def test_a_dry_run_changes_nothing(world: World) -> None:
    world.register("ana")
    world.make_admin("ana")
    line = json.dumps({"do": "ban", "nick": "192.0.2.0/30", "dry_run": True})
    effects = world.say("ana", line)
    assert events(world.heard("ana"), WouldHit) == [WouldHit(room="#ops", nicks=("bo", "cy"))]
    assert of_kind(effects, Record) == []
    assert world.heard("bo") == []
    assert world.hub.rooms["#ops"].bans == {}


# How long


@pytest.mark.parametrize("kind", ["ban", "mute"])
def test_it_ends_by_itself(world: World, kind: str) -> None:
    acted = world.answer("ana", f"/{kind} bo 10m", Acted)
    assert acted.until == "2023-11-14T22:23:20.000Z"
    world.silence()
    world.tick(599)
    sanctions = world.hub.rooms["#ops"].sanctions(kind)
    assert "bo" in sanctions
    effects = world.tick(1)
    assert sanctions == {}
    (act,) = events(world.heard("cy"), Moderated)
    assert (act.action, act.nick, act.by) == (f"un{kind}", "bo", "server")
    assert len(of_kind(effects, Appended)) == 1


@pytest.mark.parametrize("kind", ["ban", "mute"])
def test_it_ends_by_itself_after_a_restart(world: World, kind: str) -> None:
    world.register("ana", "bo")
    world.say("ana", f"/{kind} bo 10m")
    after = restarted(world)
    assert "bo" in after.hub.rooms["#ops"].sanctions(kind)
    after.tick(600)
    assert after.hub.rooms["#ops"].sanctions(kind) == {}


@pytest.mark.parametrize("kind", ["ban", "mute"])
def test_what_ended_while_the_server_was_down_ends_at_once(world: World, kind: str) -> None:
    world.register("ana", "bo")
    world.say("ana", f"/{kind} bo 10m")
    world.now += 3600_000
    after = restarted(world)
    after.tick(0)
    assert after.hub.rooms["#ops"].sanctions(kind) == {}


def test_the_newest_word_counts(world: World) -> None:
    world.say("ana", "/mute bo 10m")
    world.say("ana", "/mute bo 1h")
    world.tick(600)
    assert world.code("bo", "hi") == 306
    world.say("ana", "/mute bo")
    world.tick(30 * DAY)
    assert world.code("bo", "hi") == 306


def test_what_was_lifted_does_not_end_again(world: World) -> None:
    world.say("ana", "/mute bo 10m")
    world.say("ana", "/unmute bo")
    world.silence()
    world.tick(600)
    assert world.heard("cy") == []


@pytest.mark.parametrize("time", ["0s", "soon", -1, 0, 10**9, "9999w", True])
def test_what_is_no_time(world: World, time: object) -> None:
    line = json.dumps({"do": "mute", "nick": "bo", "room": "#ops", "time": time})
    assert world.code("ana", line) == 104
    assert world.hub.rooms["#ops"].mutes == {}


@pytest.mark.parametrize("why", ["10 minutes", "10min", "600", "-5m"])
def test_a_wrong_time_is_no_reason(world: World, why: str) -> None:
    assert world.code("ana", f"/mute bo {why}") == 104
    assert world.hub.rooms["#ops"].mutes == {}


def test_a_word_that_is_no_time_begins_the_reason(world: World) -> None:
    world.say("ana", "/mute bo ten reasons")
    assert world.hub.rooms["#ops"].mutes["bo"].why == "ten reasons"
    assert world.hub.rooms["#ops"].mutes["bo"].until is None


# Mutes


def test_who_is_muted_hears_but_cannot_speak(world: World) -> None:
    world.say("ana", "/mute bo 10m shouting")
    assert members(world)["bo"] == "muted"
    code, text = world.refusal("bo", "hi")
    assert (code, "shouting" in text) == (306, True)
    world.say("cy", "hi")
    assert world.heard("bo")


def test_elsewhere_he_may(world: World) -> None:
    world.say("ana", "/mute bo")
    assert world.answer("bo", "/msg #lobby hi", Sent).to == "#lobby"
    assert world.answer("bo", "/msg cy hi", Sent).to == "@cy"


def test_coming_again_does_not_help(world: World) -> None:
    world.say("ana", "/mute bo")
    world.say("bo", "/part")
    world.say("bo", "/join #ops")
    assert world.code("bo", "hi") == 306
    world.register("bo")
    assert world.code("bo", "hi") == 306


def test_unmuting_who_is_not_muted(world: World) -> None:
    assert world.code("ana", "/unmute bo") == 104


def test_a_guest_who_is_gone_is_muted_no_more(world: World) -> None:
    world.say("ana", "/mute bo")
    effects = world.say("bo", "/quit")
    assert of_kind(effects, SanctionForgotten) == [
        SanctionForgotten(world.hub.rooms["#ops"].id, "mute", "bo")
    ]


# What is told of it


def test_who_is_muted_or_banned_is_told_until_when(world: World) -> None:
    world.say("ana", "/mute bo 10m shouting")
    muted = "You are muted in #ops until 2023-11-14 22:23 UTC: shouting."
    assert world.refusal("bo", "hi") == (306, muted)
    world.say("ana", "/ban cy 1d")
    banned = (304, "You are banned from #ops until 2023-11-15 22:13 UTC.")
    assert world.refusal("cy", "/join #ops") == banned
    assert world.refusal("cy", "/knock #ops") == banned


@pytest.mark.parametrize("line", ["/part #ops buy this", "/quit buy this"])
def test_who_is_muted_does_not_speak_by_leaving(world: World, line: str) -> None:
    world.say("ana", "/mute bo")
    world.silence()
    world.say("bo", line)
    assert [left.why for left in events(world.heard("cy"), Parted) if left.in_ == "#ops"] == [""]


def test_why_a_muted_member_is_kicked_is_told(world: World) -> None:
    world.say("ana", "/mute bo")
    world.silence()
    world.say("ana", "/kick bo noise")
    assert [left.why for left in events(world.heard("cy"), Parted)] == ["noise"]


def test_a_network_is_banned_in_either_notation() -> None:
    world = World()
    world.connect("ana", address="198.51.100.1")
    world.connect("bo", address="192.0.2.9")
    world.say("ana", "/join #ops")
    assert world.answer("ana", "/ban ::ffff:192.0.2.0/120", Acted).nick == "192.0.2.0/24"
    assert world.code("bo", "/join #ops") == 304
    assert world.answer("ana", "/unban 192.0.2.0/24", Acted).nick == "192.0.2.0/24"


def test_whom_a_network_hits_is_told_to_administrators_alone(world: World) -> None:
    dry = json.dumps({"do": "ban", "room": "#ops", "nick": "192.0.2.0/30", "dry_run": True})
    world.register("cy")
    world.make_admin("cy")
    assert world.answer("cy", dry, WouldHit).nicks == ("ana", "bo")
    world.say("ana", dry)
    assert [told.code for told in events(world.heard("ana"), Refused)] == [403]


def test_who_was_offline_does_not_come_back_from_a_banned_network(world: World) -> None:
    world.register("bo")
    world.say("bo", "/quit")
    world.say("ana", "/ban 192.0.2.0/24 spam")
    assert "bo" in {member.user.nick for member in world.hub.rooms["#ops"].members.values()}
    world.connect("x", nick=False, address="192.0.2.7")
    world.login("x", "bo")
    assert [told.why for told in events(world.heard("ana"), Parted)] == ["is banned"]
    assert members(world) == {"ana": "owner"}
