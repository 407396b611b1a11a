"""The first administrator, roles, and the end of an account."""

from __future__ import annotations

import pytest

from chatd.core import commands as c
from chatd.core.effects import Close, CodeUsed
from chatd.core.events import AccountIs, Parted, Presence, Refused
from chatd.core.records import (
    AccountForgotten,
    AccountKept,
    Audited,
    NameRested,
)
from chatd.core.results import (
    AccountList,
    LoggedOut,
    NickIs,
    RoleIs,
)
from tests.core.scenes import account, codes
from tests.core.test_secrets import token
from tests.core.world import World, digest_of, events, of_kind

DAY = 86400


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo", mode="json")
    return made


# The first administrator, and roles


def test_the_one_time_code_makes_an_administrator(world: World) -> None:
    world.register("ana")
    effects = world.vouch("ana", c.Claim(code=""), ok=True)
    assert world.heard("ana") == [RoleIs(account="ana", role="admin")]
    assert of_kind(effects, CodeUsed) == [CodeUsed()]
    assert account(world, "ana").role == "admin"


def test_a_wrong_code_does_not(world: World) -> None:
    world.register("ana")
    world.vouch("ana", c.Claim(code=""), ok=False)
    assert codes(world, "ana") == [401]
    assert not world.hub.nicks["ana"].admin


def test_a_server_is_claimed_once(world: World) -> None:
    world.register("ana", "bo")
    for session in ("ana", "bo"):
        world.vouch(session, c.Claim(code=""), ok=True)
    assert codes(world, "bo") == [401]
    assert not world.hub.nicks["bo"].admin


def test_all_sessions_hear_of_a_new_role(world: World) -> None:
    world.register("ana", "bo")
    world.make_admin("bo")
    world.connect("x", nick=False)
    world.login("x", "ana")
    world.silence()
    assert world.answer("bo", "/role ana admin", RoleIs) == RoleIs(account="ana", role="admin")
    for session in ("ana", "x"):
        assert events(world.heard(session), AccountIs) == [
            AccountIs(you="ana", account="ana", role="admin")
        ]
    assert world.hub.nicks["ana"].admin


def test_a_role_works_at_once_and_can_be_taken_back(world: World) -> None:
    world.register("ana", "bo")
    world.make_admin("bo")
    world.say("bo", "/role ana admin")
    world.say("ana", "/role bo user")
    assert world.code("bo", "/wall hear ye") == 403


def test_the_only_administrator_stays_one(world: World) -> None:
    world.register("ana")
    world.make_admin("ana")
    assert world.code("ana", "/role ana user") == 104
    world.vouch("ana", c.Unregister(password=""), digest=digest_of("ana"))
    assert codes(world, "ana") == [104]
    assert set(world.hub.accounts) == {"ana"}


@pytest.mark.parametrize("command", [c.Unregister(password=""), c.Passwd(old="", new="")])
def test_a_wrong_password_is_told_with_what_was_asked(world: World, command: c.Command) -> None:
    world.register("ana")
    world.vouch("ana", command)
    (told,) = events(world.heard("ana"), Refused)
    assert (told.code, told.try_) == (401, c.ROW_OF[type(command)].usage)


@pytest.mark.parametrize("name", ["nobody", "bo", "guest-1", "bad name"])
def test_a_role_is_an_account_s(world: World, name: str) -> None:
    world.register("ana")
    world.make_admin("ana")
    world.heard("ana")
    world.give("ana", c.SetRole(name=name, role="admin"))
    assert codes(world, "ana") == [310]


# The end


def test_an_account_deletes_itself(world: World) -> None:
    world.register("ana")
    world.say("ana", "/join #ops")
    world.silence()
    effects = world.vouch("ana", c.Unregister(password=""), digest=digest_of("ana"))
    assert of_kind(effects, AccountForgotten) == [AccountForgotten("ana")]
    assert [rested.key for rested in of_kind(effects, NameRested)] == ["ana"]
    (out,) = events(world.heard("ana"), LoggedOut)
    assert out.you.startswith("guest-")
    assert world.hub.accounts == {}
    assert world.hub.sessions["ana"].user is world.hub.nicks[out.you]
    assert [part.in_ for part in events(world.heard("bo"), Parted)] == ["#lobby"]


def test_a_deleted_name_rests_for_all(world: World) -> None:
    world.register("ana")
    world.vouch("ana", c.Unregister(password=""), digest=digest_of("ana"))
    assert world.code("ana", "/nick ana") == 213
    assert world.code("bo", "/nick ana") == 213
    world.tick(30 * DAY)
    assert world.answer("bo", "/nick ana", NickIs).nick == "ana"


def test_he_is_told_to_be_offline_once(world: World) -> None:
    world.register("ana")
    world.silence()
    world.vouch("ana", c.Unregister(password=""), digest=digest_of("ana"))
    told = [p.nick for p in events(world.heard("bo"), Presence) if p.state == "offline"]
    assert told == ["ana"]


def test_other_sessions_of_a_deleted_account_end(world: World) -> None:
    world.register("ana")
    world.connect("x", nick=False)
    world.login("x", "ana")
    effects = world.vouch("ana", c.Unregister(password=""), digest=digest_of("ana"))
    assert of_kind(effects, Close) == [Close("x")]
    assert set(world.hub.sessions) == {"ana", "bo"}


def test_an_administrator_deletes_an_account_that_is_offline(world: World) -> None:
    world.register("ana", "bo")
    world.make_admin("bo")
    world.say("ana", "/join #ops")
    world.say("ana", "one")
    world.say("ana", "/quit")
    world.silence()
    effects = world.say("bo", "/remove ana spam")
    assert of_kind(effects, AccountForgotten) == [AccountForgotten("ana")]
    assert world.hub.rooms["#ops"].members == {}
    assert set(world.hub.accounts) == {"bo"}
    assert events(world.heard("bo"), Presence) == []


def test_nobody_removes_himself(world: World) -> None:
    world.register("ana")
    world.make_admin("ana")
    assert world.code("ana", "/remove ana") == 104


def test_what_was_decided_about_a_deleted_account_is_gone(world: World) -> None:
    world.connect("cy")
    world.register("ana", "bo", "cy")
    world.make_admin("ana")
    world.say("cy", "/join #ops")
    world.say("bo", "/join #ops")
    for line in ("/mute bo", "/ban bo", "/notify none", "/set private on"):
        world.say("cy", line)
    world.say("cy", "/join #den")
    world.say("cy", "/invite bo #den")
    world.say("ana", "/ignore bo")
    world.say("bo", "/ignore ana")
    world.say("ana", "/remove bo")
    ops, den = world.hub.rooms["#ops"], world.hub.rooms["#den"]
    assert (ops.bans, ops.mutes, den.invited) == ({}, {}, {})
    assert world.hub.nicks["ana"].ignored_by == set()


def test_accounts_are_listed(world: World) -> None:
    world.register("ana", "bo")
    world.make_admin("ana")
    token(world, "bo")
    world.disconnect("bo")
    world.tick(200)
    listed = world.answer("ana", "/accounts", AccountList).accounts
    assert [(a.name, a.role, a.sessions, a.tokens) for a in listed] == [
        ("ana", "admin", 1, 0),
        ("bo", "user", 0, 1),
    ]
    assert [a.seen is None for a in listed] == [True, False]
    assert [a.name for a in world.answer("ana", "/accounts B", AccountList).accounts] == ["bo"]


def test_no_secret_is_shown_by_what_is_held(world: World) -> None:
    world.register("ana")
    token(world, "ana", digest="t1")
    shown = repr(list(world.hub.accounts.values())) + repr(of_kind(world.effects, AccountKept))
    shown += repr(c.Login(name="ana", password="secret"))
    for secret in (digest_of("ana"), "'t1'", "secret"):
        assert secret not in shown


def test_a_refused_secret_is_not_in_the_audit_log(world: World) -> None:
    world.register("ana")
    world.vouch("ana", c.Claim(code=""), ok=False)
    assert of_kind(world.effects, Audited) == []
