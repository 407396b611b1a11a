"""One person by any number of sessions, or none."""

from __future__ import annotations

import json

import pytest

from chatd.core import commands as c
from chatd.core.effects import SetMode
from chatd.core.events import (
    Joined,
    Parted,
    Presence,
    Refused,
    Renamed,
    Said,
    Welcome,
)
from chatd.core.records import AccountKept, SessionKept
from chatd.core.results import LoggedOut, Person, Sent, UserList
from tests.core.scenes import logged_in, owner_offline
from tests.core.world import World, digest_of, events, of_kind


@pytest.fixture
def world() -> World:
    """Return a room whose owner is offline."""
    return owner_offline()


# Several sessions


@pytest.fixture
def two(world: World) -> World:
    """Return ana with a session at text and one of JSON."""
    world.connect("x", nick=False)
    world.connect("y", mode="json", nick=False)
    world.login("x", "ana")
    world.login("y", "ana")
    world.silence()
    return world


def test_all_sessions_hear_what_is_said(two: World) -> None:
    two.say("bo", "hi")
    assert [event.text for event in events(two.heard("x"), Said)] == ["hi"]
    assert [event.text for event in events(two.heard("y"), Said)] == ["hi"]


def test_what_one_says_the_others_hear(two: World) -> None:
    two.say("x", "/msg #ops hi")
    two.say("x", "/msg bo psst")
    assert [(e.in_, e.from_) for e in events(two.heard("y"), Said)] == [
        ("#ops", "ana"),
        ("@bo", "ana"),
    ]
    assert events(two.heard("x"), Said) == []


def test_where_one_goes_the_others_are(two: World) -> None:
    two.say("x", "/join #cats")
    assert events(two.heard("y"), Joined) == [Joined(in_="#cats", nick="ana")]
    two.say("y", "/part #ops")
    assert [event.in_ for event in events(two.heard("x"), Parted)] == ["#ops"]
    assert two.hub.sessions["x"].current is two.hub.rooms["#cats"]


def test_in_a_large_room_too_one_s_own_sessions_are_told() -> None:
    world = World(announce=1)
    world.connect("ana", "bo")
    world.connect("x", nick=False)
    world.register("ana")
    world.login("x", "ana")
    world.say("bo", "/join #ops")
    world.silence()
    world.say("ana", "/join #ops")
    assert events(world.heard("x"), Joined) == [Joined(in_="#ops", nick="ana")]
    assert events(world.heard("bo"), Joined) == []
    world.connect("cy", "dd")
    for session in ("cy", "dd"):
        world.say(session, "/join #ops")
    world.silence()
    world.say("x", "/part #ops")
    assert [event.in_ for event in events(world.heard("ana"), Parted)] == ["#ops"]
    assert events(world.heard("bo"), Parted) == []


def test_what_a_guest_brings_along_the_other_sessions_are_told(two: World) -> None:
    two.connect("z", nick=False)
    two.say("z", "/join #cats")
    two.silence()
    two.login("z", "ana")
    for session in ("x", "y"):
        assert events(two.heard(session), Joined) == [Joined(in_="#cats", nick="ana")]


def test_each_session_talks_where_it_is(two: World) -> None:
    two.say("x", "/go #ops")
    assert two.answer("y", "hi", Sent).to == "#lobby"
    assert two.answer("x", "hi", Sent).to == "#ops"


def test_the_newest_word_of_absence_counts_for_all(two: World) -> None:
    two.say("x", "/away lunch")
    assert [(p.nick, p.state, p.text) for p in events(two.heard("bo"), Presence)] == [
        ("ana", "away", "lunch")
    ]
    assert two.answer("bo", "/whois ana", Person).state == "away"
    two.say("y", "/back")
    assert two.answer("bo", "/whois ana", Person).state == "online"


def test_the_person_goes_with_the_last_session(two: World) -> None:
    two.disconnect("x")
    assert events(two.heard("bo"), Presence) == []
    two.disconnect("y")
    assert two.hub.nicks["ana"].state == "online", "it may resume yet"
    two.tick(120)
    assert [(p.nick, p.state) for p in events(two.heard("bo"), Presence)] == [("ana", "offline")]
    assert of_kind(two.effects, AccountKept)[-1].seen == two.now


def test_absence_ends_with_the_last_session(two: World) -> None:
    two.say("x", "/away lunch")
    two.disconnect("x")
    two.say("y", "/quit")
    two.connect("z", nick=False)
    two.login("z", "ana")
    assert two.answer("bo", "/whois ana", Person).state == "online"


def test_who_lists_a_person_once(two: World) -> None:
    listed = two.answer("bo", "/who", UserList).users
    assert [user.nick for user in listed] == ["ana", "bo", "cy"]
    assert two.answer("bo", "/whois ana", Person).sessions == 2


def test_a_rename_is_everybody_s(two: World) -> None:
    two.say("x", "/nick anna")
    for session in ("y", "bo", "cy"):
        assert events(two.heard(session), Renamed) == [Renamed(old="ana", nick="anna")]


def test_logging_in_again_as_oneself_changes_nothing(two: World) -> None:
    two.login("x", "ana")
    assert two.heard("bo") == []
    assert len(two.hub.nicks["ana"].sessions) == 2


# Members while offline


def test_an_account_stays_a_member_while_offline(world: World) -> None:
    ops = world.hub.rooms["#ops"]
    assert "ana" in [user.nick for user in ops.people()]
    listed = world.answer("bo", "/who #ops", UserList).users
    assert ("ana", "owner", "offline") in [(m.nick, m.role, m.state) for m in listed]


def test_nobody_is_told_that_he_left(world: World) -> None:
    world.connect("x", nick=False)
    world.login("x", "ana")
    world.silence()
    world.disconnect("x")
    told = world.heard("bo")
    assert events(told, Parted) == []
    assert [(p.nick, p.state) for p in events(told, Presence)] == [("ana", "offline")]


def test_offline_people_are_not_among_those_who_are_here(world: World) -> None:
    assert [user.nick for user in world.answer("bo", "/who", UserList).users] == ["bo", "cy"]


def test_who_is_offline_can_be_asked_about(world: World) -> None:
    person = world.answer("bo", "/whois ana", Person)
    assert (person.state, person.sessions, person.account) == ("offline", 0, "ana")
    assert person.seen is not None
    assert person.registered is not None


def test_his_room_lives_on_without_anybody(world: World) -> None:
    for session in ("bo", "cy"):
        world.say(session, "/part #ops")
    assert world.hub.rooms["#ops"].awake
    world.connect("x", nick=False)
    assert [room.room for room in logged_in(world, "x").rooms] == ["#lobby", "#ops"]


# Logging out


def test_who_logs_out_is_a_guest_in_the_lobby(two: World) -> None:
    two.say("x", "/logout")
    (out,) = events(two.heard("x"), LoggedOut)
    assert out.you.startswith("guest-")
    assert out.room is not None
    assert out.room.room == "#lobby"
    user = two.hub.sessions["x"].user
    assert user is not None
    assert user.account is None
    assert set(user.rooms) == {two.hub.lobby.id}


def test_other_sessions_go_on(two: World) -> None:
    two.say("x", "/logout")
    assert two.hub.nicks["ana"].state == "online"
    assert two.answer("y", "/msg #ops hi", Sent).to == "#ops"
    assert events(two.heard("x"), Said) == []


def test_after_logging_out_nothing_of_the_account_is_heard(two: World) -> None:
    two.say("x", "/logout")
    two.silence()
    two.say("bo", "/msg #ops hi")
    two.say("bo", "/msg ana psst")
    assert two.heard("x") == []


def test_who_logs_out_does_not_miss_anybody_s_presence(two: World) -> None:
    before = two.hub.presence
    two.say("x", "/quit")
    two.silence()
    two.say("y", "/logout")
    told = [event.v for event in events(two.heard("y"), Presence)]
    assert told == list(range(before + 1, two.hub.presence + 1))


def test_a_guest_has_nothing_to_log_out_of(world: World) -> None:
    world.heard("bo")
    world.say("bo", "/logout")
    (refused,) = events(world.heard("bo"), Refused)
    assert (refused.code, refused.text) == (402, "/logout needs an account.")
    assert refused.try_ == "/register, or /login NAME"


def test_from_one_account_to_another(two: World) -> None:
    two.register("bo")
    two.connect("z", mode="json", nick=False)
    two.login("z", "bo")
    two.silence()
    two.login("z", "ana")
    assert two.hub.sessions["z"].user is two.hub.nicks["ana"]
    assert set(two.hub.nicks["bo"].sessions) == {"bo"}
    assert events(two.heard("x"), Renamed) == []


def test_no_guest_ever_has_the_uid_of_an_account(world: World) -> None:
    world.register("bo")
    world.say("bo", "/logout")
    world.connect("z", nick=False)
    world.login("z", "bo")
    uids = [user.uid for user in world.hub.users.values()]
    assert len(set(uids)) == len(uids)
    assert world.hub.nicks["bo"].uid == "bo"


def test_a_lost_session_of_an_account_resumes(two: World) -> None:
    two.disconnect("y")
    two.say("bo", "/msg #ops while you were gone")
    two.connect("z", mode="json", nick=False)
    two.say("z", json.dumps({"do": "resume", "token": "r.y", "seen": {"#ops": 0}}))
    told = two.heard("z")
    assert [event.text for event in events(told, Said)] == ["while you were gone"]
    assert two.hub.sessions["z"].user is two.hub.nicks["ana"]
    assert set(two.hub.nicks["ana"].sessions) == {"x", "z"}


def test_a_session_remembers_whose_it_is(world: World) -> None:
    world.connect("x", mode="json", nick=False)
    effects = world.login("x", "ana")
    assert of_kind(effects, SessionKept)[-1].uid == "ana"
    assert of_kind(effects, SetMode) == []


def test_two_logins_with_one_digest_are_both_right(world: World) -> None:
    world.connect("x", "y", nick=False)
    for session in ("x", "y"):
        login = c.Login(name="@ANA ", password="")
        world.vouch(session, login, digest=digest_of("ana"))
    assert set(world.hub.nicks["ana"].sessions) == {"x", "y"}


def test_a_text_session_is_not_welcomed_again(world: World) -> None:
    world.connect("x", nick=False)
    world.login("x", "ana")
    assert events(world.heard("x"), Welcome) == []
