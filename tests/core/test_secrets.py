"""Passwords, tokens and sessions of accounts."""

from __future__ import annotations

import pytest

from chatd.core import commands as c
from chatd.core.effects import Close
from chatd.core.events import Bye, Notice, Refused
from chatd.core.records import (
    Record,
    TokenForgotten,
    TokenKept,
)
from chatd.core.results import (
    SessionList,
    TokenList,
    TokenMade,
)
from tests.core.scenes import account, codes
from tests.core.world import World, digest_of, events, of_kind, token_of


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo", mode="json")
    return made


# Secrets


def test_a_password_is_changed(world: World) -> None:
    world.register("ana")
    world.vouch("ana", c.Passwd(old="", new=""), digest=digest_of("ana"), fresh="d2")
    assert world.hub.accounts["ana"].digest == account(world, "ana").digest == "d2"


@pytest.mark.parametrize("digest", [None, "", "another"])
def test_a_wrong_or_outdated_password_changes_nothing(world: World, digest: str | None) -> None:
    world.register("ana")
    for command in (c.Passwd(old="", new=""), c.Unregister(password="")):
        effects = world.vouch("ana", command, digest=digest, fresh="d2")
        assert codes(world, "ana") == [401]
        assert not of_kind(effects, Record)
    assert world.hub.accounts["ana"].digest == digest_of("ana")


def test_other_sessions_are_told_of_a_new_password(world: World) -> None:
    world.register("ana")
    world.connect("x", nick=False)
    world.login("x", "ana")
    world.silence()
    world.vouch("ana", c.Passwd(old="", new=""), digest=digest_of("ana"), fresh="d2")
    assert len(events(world.heard("x"), Notice)) == 1
    assert events(world.heard("ana"), Notice) == []
    assert "x" in world.hub.sessions


@pytest.mark.parametrize("digest", [None, "", "another", digest_of("bo")])
def test_a_wrong_login_does_nothing(world: World, digest: str | None) -> None:
    world.register("ana", "bo")
    world.connect("x", nick=False)
    before = world.hub.sessions["x"].user
    effects = world.vouch("x", c.Login(name="ana", password=""), digest=digest)
    assert codes(world, "x") == [401]
    assert not of_kind(effects, Record)
    assert world.hub.sessions["x"].user is before


def test_a_wrong_name_is_refused_in_the_same_words(world: World) -> None:
    world.register("ana")
    said = []
    for name in ("ana", "nobody", "bad name", ""):
        world.vouch("bo", c.Login(name=name, password=""), digest="another")
        said += [(told.code, told.text, told.try_) for told in events(world.heard("bo"), Refused)]
    assert len(said) == 4
    assert len(set(said)) == 1


def test_a_password_that_changed_meanwhile_does_not_count(world: World) -> None:
    world.register("ana")
    world.vouch("ana", c.Passwd(old="", new=""), digest=digest_of("ana"), fresh="d2")
    world.login("bo", "ana")
    assert codes(world, "bo") == [401]


def test_a_login_may_bring_a_better_digest(world: World) -> None:
    world.register("ana")
    login = c.Login(name="ana", password="")
    world.vouch("bo", login, digest=digest_of("ana"), fresh="stronger")
    assert world.hub.accounts["ana"].digest == account(world, "ana").digest == "stronger"


# Tokens


def token(world: World, session: str, label: str = "ci", digest: str = "t1") -> None:
    """Make a token."""
    world.vouch(session, c.Token(label=label), fresh=digest, token="t.secret")


def by_token(world: World, session: str, name: str, digest: str = "t1", label: str = "ci") -> None:
    """Log in by a token."""
    world.vouch(session, c.Login(name=name, password=""), digest=digest, label=label)


def test_a_token_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    world.register("ana")
    token(world, "ana")
    assert world.heard("ana") == [TokenMade(label="ci", token="t.secret")]
    (kept,) = of_kind(world.effects, TokenKept)
    assert (kept.uid, kept.label, kept.digest, kept.used) == ("ana", "ci", "t1", None)
    (info,) = world.answer("ana", "/tokens", TokenList).tokens
    assert (info.label, info.used) == ("ci", None)


def test_a_token_logs_in_and_is_marked_used(world: World) -> None:
    world.register("ana")
    token(world, "ana")
    world.now += 5000
    by_token(world, "bo", "ana")
    assert world.hub.sessions["bo"].user is world.hub.nicks["ana"]
    assert of_kind(world.effects, TokenKept)[-1].used == world.now


@pytest.mark.parametrize(
    ("name", "digest", "label"),
    [("ana", "t2", "ci"), ("ana", "t1", "other"), ("bo", "t1", "ci"), ("ana", "", "ci")],
)
def test_a_token_is_good_for_its_account_and_label(
    world: World, name: str, digest: str, label: str
) -> None:
    world.register("ana", "bo")
    token(world, "ana")
    world.connect("x", nick=False)
    by_token(world, "x", name, digest, label)
    assert codes(world, "x") == [401]


@pytest.mark.parametrize("label", ["", "  ", "x" * 33])
def test_a_label_has_1_to_32_characters(world: World, label: str) -> None:
    world.register("ana")
    token(world, "ana", label)
    assert codes(world, "ana") == [104]


def test_a_label_is_used_once_and_there_are_not_too_many(world: World) -> None:
    world.register("ana")
    for number in range(50):
        token(world, "ana", f"t{number}")
    world.silence()
    token(world, "ana", "one more")
    token(world, "ana", "t1")
    assert codes(world, "ana") == [104, 104]
    assert len(world.hub.accounts["ana"].tokens) == 50


def test_a_revoked_token_is_worthless_and_ends_its_sessions(world: World) -> None:
    world.register("ana")
    token(world, "ana")
    by_token(world, "bo", "ana")
    world.silence()
    effects = world.say("ana", "/revoke ci")
    assert of_kind(effects, TokenForgotten) == [TokenForgotten("ana", "ci")]
    assert of_kind(effects, Close) == [Close("bo")]
    assert [bye.code for bye in events(world.heard("bo"), Bye)] == [401]
    assert set(world.hub.sessions) == {"ana"}
    world.connect("x", nick=False)
    by_token(world, "x", "ana")
    assert codes(world, "x") == [401]


def test_who_revokes_the_token_he_came_by_stays(world: World) -> None:
    world.register("ana")
    token(world, "ana")
    by_token(world, "bo", "ana")
    assert of_kind(world.say("bo", "/revoke ci"), Close) == []
    assert "bo" in world.hub.sessions


def test_nothing_else_is_revoked(world: World) -> None:
    world.register("ana")
    assert world.code("ana", "/revoke ci") == 104
    token(world, "ana")
    world.login("bo", "ana")
    world.say("ana", "/revoke ci")
    assert "bo" in world.hub.sessions


# Sessions


def test_sessions_are_listed(world: World) -> None:
    world.register("ana")
    world.connect("x", nick=False, address="198.51.100.1")
    world.login("x", "ana")
    world.disconnect("ana")
    listed = world.answer("x", "/sessions", SessionList).sessions
    assert [(s.address, s.mode, s.state, s.current) for s in listed] == [
        ("192.0.2.1", "json", "lost", False),
        ("198.51.100.1", "text", "connected", True),
    ]


# Reset


def test_a_reset_ends_sessions_tokens_and_the_old_password(world: World) -> None:
    world.register("ana", "bo")
    world.make_admin("bo")
    token(world, "ana")
    world.connect("x", nick=False)
    world.login("x", "ana")
    world.silence()
    world.vouch("bo", c.Reset(name="ana", password=""), fresh="d2")
    assert set(world.hub.sessions) == {"bo"}
    assert world.hub.nicks["ana"].state == "offline"
    assert [bye.code for bye in events(world.heard("x"), Bye)] == [401]
    assert world.hub.accounts["ana"].tokens == {}
    world.connect("y", nick=False)
    world.login("y", "ana")
    assert codes(world, "y") == [401]
    world.vouch("y", c.Login(name="ana", password=""), digest="d2")
    assert world.hub.sessions["y"].user is world.hub.nicks["ana"]


def test_whose_session_was_lost_cannot_resume_after_a_reset(world: World) -> None:
    world.register("ana", "bo")
    world.make_admin("bo")
    world.disconnect("ana")
    world.vouch("bo", c.Reset(name="ana", password=""), fresh="d2")
    world.connect("x", mode="json", nick=False)
    assert world.code("x", f"/resume {token_of('ana')}") == 401
