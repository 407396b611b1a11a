"""The administrators' acts."""

from __future__ import annotations

import json

import pytest

from chatd.core.effects import Close, CodeUsed, Fetch, Reconfigure, Stop
from chatd.core.events import Bye, Notice, Parted, Refused, Welcome
from chatd.core.inputs import Configured, Connect
from chatd.core.queries import AuditOf
from chatd.core.records import Audited
from chatd.core.results import Confirmed, Done, Person, Sent, Stopping, Told
from tests.core.world import World, events, of_kind, token_of


@pytest.fixture
def world() -> World:
    """Return ana, an administrator, bo and cy, and the console."""
    made = World()
    made.connect("ana", "bo", "cy", mode="json")
    made.register("ana")
    made.make_admin("ana")
    made.connect("console", console=True)
    made.silence()
    return made


# Everybody


@pytest.mark.parametrize("who", ["ana", "console"])
def test_everybody_is_told_something(world: World, who: str) -> None:
    world.say("bo", "/part")
    assert world.answer(who, "/wall hear ye", Told) == Told(sessions=3)
    for session in ("ana", "bo", "cy"):
        assert Notice(text="hear ye") in world.heard(session) or session == who


def test_who_is_lost_is_not_counted(world: World) -> None:
    world.disconnect("bo")
    assert world.answer("ana", "/wall hear ye", Told).sessions == 2


@pytest.mark.parametrize("who", ["ana", "console"])
def test_a_person_is_thrown_out(world: World, who: str) -> None:
    effects = world.say(who, "/kill bo flooding")
    assert of_kind(effects, Close) == [Close("bo")]
    assert [(bye.code, "flooding" in bye.text) for bye in events(world.heard("bo"), Bye)] == [
        (403, True)
    ]
    assert [event.nick for event in events(world.heard("cy"), Parted)] == ["bo"]
    assert "bo" not in world.hub.nicks


def test_with_all_sessions_and_also_those_that_could_resume(world: World) -> None:
    world.register("bo")
    world.connect("two", nick=False)
    world.login("two", "bo")
    world.disconnect("bo")
    assert world.answer("ana", "/kill bo", Told).sessions == 1
    assert world.hub.nicks["bo"].state == "offline"
    world.connect("new", mode="json", nick=False)
    assert world.code("new", f"/resume {token_of('bo')}") == 401


def test_the_account_of_who_was_thrown_out_stays(world: World) -> None:
    world.register("bo")
    world.say("bo", "/join #ops")
    world.say("ana", "/kill bo")
    assert set(world.hub.nicks["bo"].rooms) == {
        world.hub.lobby.id,
        world.hub.rooms["#ops"].id,
    }


def test_one_may_throw_oneself_out(world: World) -> None:
    effects = world.say("ana", "/kill ana")
    assert of_kind(effects, Close) == [Close("ana")]
    assert "ana" not in world.hub.sessions


# Rooms


def test_an_administrator_runs_any_room(world: World) -> None:
    world.say("bo", "/join #ops")
    world.say("cy", "/join #ops")
    for line in ("/mute cy #ops", "/topic #ops news", "/kick cy #ops", "/set #ops private on"):
        world.say("ana", line)
    assert events(world.heard("ana"), Refused) == []
    assert world.hub.rooms["#ops"].private
    assert world.answer("ana", "/msg #ops hi", Sent).to == "#ops"
    assert "ana" not in [user.nick for user in world.hub.rooms["#ops"].people()]


def test_an_administrator_enters_any_room(world: World) -> None:
    for line in ("/join #ops", "/set key k", "/set private on"):
        world.say("bo", line)
    world.say("ana", "/join #ops")
    assert "ana" in [user.nick for user in world.hub.rooms["#ops"].people()]


def test_an_administrator_sees_addresses(world: World) -> None:
    assert world.answer("ana", "/whois bo", Person).addresses == ("192.0.2.1",)
    assert "192.0.2.1" not in repr(world.answer("cy", "/whois bo", Person))


# Roles


@pytest.mark.parametrize("role", ["owner", "guest", ""])
def test_a_role_is_one_of_two(world: World, role: str) -> None:
    assert world.code("ana", json.dumps({"do": "role", "name": "ana", "role": role})) == 104


def test_the_console_may_take_the_last_role(world: World) -> None:
    world.say("console", "/role ana user")
    assert not world.hub.nicks["ana"].admin


def test_the_code_of_a_new_server_is_worthless_once_there_is_an_administrator(
    world: World,
) -> None:
    world.register("bo")
    assert of_kind(world.say("console", "/role bo admin"), CodeUsed) == [CodeUsed()]
    assert of_kind(world.say("console", "/role bo user"), CodeUsed) == []


# The audit log is read from the store


@pytest.mark.parametrize(("line", "limit"), [("/audit", 50), ("/audit 5", 5), ("/audit 999", 200)])
def test_the_audit_log_is_asked_for(world: World, line: str, limit: int) -> None:
    (fetch,) = of_kind(world.say("ana", line), Fetch)
    assert isinstance(fetch.query, AuditOf)
    assert fetch.query.limit == limit


def test_at_least_one_row_of_it(world: World) -> None:
    assert world.code("ana", "/audit 0") == 104


# Configuration


def test_the_configuration_is_read_again(world: World) -> None:
    effects = world.say("ana", json.dumps({"do": "reload", "id": 7}))
    assert of_kind(effects, Reconfigure) == [Reconfigure("ana", 7)]
    assert world.heard("ana") == []
    world.give("ana", Configured(7, motd="new words"))
    assert world.heard("ana") == [Confirmed(re=7)]
    assert world.hub.motd == "new words"


def test_who_comes_next_reads_the_new_words(world: World) -> None:
    world.give("ana", Configured(None, motd="new words"))
    world.give("new", Connect(address="192.0.2.1", mode="text", token="r.new"))
    (welcome,) = events(world.heard("new"), Welcome)
    assert welcome.motd == "new words"


def test_what_cannot_be_read_changes_nothing(world: World) -> None:
    world.give("ana", Configured(None, motd="words"))
    world.silence()
    world.give("ana", Configured(None, problem="The file is gone"))
    assert [refused.code for refused in events(world.heard("ana"), Refused)] == [104]
    assert world.hub.motd == "words"


# Stopping


def test_everybody_is_told_that_the_server_stops(world: World) -> None:
    stopping = world.answer("ana", "/shutdown 60 upgrade", Stopping)
    assert stopping.at == "2023-11-14T22:14:20.000Z"
    (notice,) = events(world.heard("bo"), Notice)
    assert "60 s" in notice.text
    assert "upgrade" in notice.text


def test_it_stops_in_time_after_a_last_call(world: World) -> None:
    world.say("ana", "/shutdown 60 upgrade")
    world.silence()
    assert of_kind(world.tick(49), Stop) == []
    assert world.heard("bo") == []
    world.tick(1)
    assert ["10 s" in notice.text for notice in events(world.heard("bo"), Notice)] == [True]
    assert of_kind(world.tick(9), Stop) == []
    (stop,) = of_kind(world.tick(1), Stop)
    assert "upgrade" in stop.why


@pytest.mark.parametrize("line", ["/shutdown", "/shutdown 0", "/shutdown now then"])
def test_it_stops_at_once(world: World, line: str) -> None:
    world.say("ana", line)
    assert len(of_kind(world.tick(0), Stop)) == 1


def test_a_short_time_has_no_last_call(world: World) -> None:
    world.say("ana", "/shutdown 10")
    world.silence()
    world.tick(5)
    assert world.heard("bo") == []
    assert len(of_kind(world.tick(5), Stop)) == 1


@pytest.mark.parametrize("word", ["cancel", "CANCEL", "off"])
def test_it_does_not_stop_after_all(world: World, word: str) -> None:
    world.say("ana", "/shutdown 60")
    world.silence()
    assert world.answer("ana", f"/shutdown {word}", Stopping) == Stopping(at=None)
    assert len(events(world.heard("bo"), Notice)) == 1
    assert of_kind(world.tick(100), Stop) == []
    assert world.heard("bo") == []


def test_what_does_not_stop_is_not_cancelled(world: World) -> None:
    assert world.code("ana", "/shutdown cancel") == 104


def test_the_newest_time_counts(world: World) -> None:
    world.say("ana", "/shutdown 60")
    world.say("ana", "/shutdown 120")
    world.silence()
    assert of_kind(world.tick(100), Stop) == []
    assert world.heard("bo") == []
    assert len(of_kind(world.tick(20), Stop)) == 1


@pytest.mark.parametrize("seconds", [-1, 7 * 86400 + 1])
def test_a_time_has_its_limits(world: World, seconds: int) -> None:
    assert world.code("ana", json.dumps({"do": "shutdown", "seconds": seconds})) == 104


# Nobody else


@pytest.mark.parametrize("who", ["bo", "cy"])
def test_who_is_no_administrator_does_nothing_of_this(world: World, who: str) -> None:
    world.register("bo")
    world.silence()
    for line in ("/wall x", "/kill ana", "/role bo admin", "/remove ana", "/audit", "/shutdown 60"):
        assert world.code(who, line) == 403
    assert of_kind(world.effects, Audited) == []
    assert world.hub.stops_at is None
    assert events(world.heard("ana"), Done) == []


@pytest.mark.parametrize(("text", "number"), [("", 104), ("  ", 104), ("x" * 4097, 320)])
def test_a_word_to_everybody_is_a_text(world: World, text: str, number: int) -> None:
    assert world.code("ana", json.dumps({"do": "wall", "text": text})) == number
    assert world.heard("bo") == []
