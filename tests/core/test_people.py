"""Names, who is who, pairs, and what administrators do."""

from __future__ import annotations

import pytest

from chatd.core.effects import Close
from chatd.core.events import Bye, Matched, Notice, Parted, Presence, Refused, Renamed, Unmatched
from chatd.core.records import SessionKept
from chatd.core.results import Current, MatchState, NickIs, Person, Sent, Told, UserList
from tests.core.world import World, events, of_kind


@pytest.fixture
def world() -> World:
    made = World()
    made.connect("ana", "bo")
    return made


# Names


def test_a_new_name_is_answered_and_told(world: World) -> None:
    assert world.answer("ana", "/nick anna", NickIs).nick == "anna"
    assert world.heard("bo") == [Renamed(old="ana", nick="anna")]


def test_a_name_may_change_its_case(world: World) -> None:
    assert world.answer("ana", "/nick ANA", NickIs).nick == "ANA"


def test_the_same_name_again_is_told_to_nobody(world: World) -> None:
    assert world.answer("ana", "/nick ana", NickIs).nick == "ana"
    assert world.heard("bo") == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bo", 210),
        ("BO", 210),
        ("b\u043e", 212),
        ("b0", 212),
        ("a", 211),
        ("a,b", 211),
        ("server", 213),
        ("guest-99", 213),
        ("adrnin", 212),
    ],
)
def test_a_name_that_one_cannot_have_is_refused(world: World, name: str, code: int) -> None:
    assert world.code("ana", f"/nick {name}") == code
    assert "ana" in world.hub.nicks


def test_a_name_in_use_brings_a_free_one(world: World) -> None:
    world.connect("bo2")
    world.heard("ana")
    world.say("ana", "/nick bo")
    (refused,) = world.heard("ana")
    assert getattr(refused, "try_", None) == "/nick bo3"


def test_the_free_one_fits_the_length(world: World) -> None:
    world.say("bo", "/nick " + "n" * 32)
    world.heard("ana")
    world.say("ana", "/nick " + "n" * 32)
    (refused,) = world.heard("ana")
    assert isinstance(refused, Refused)
    assert world.answer("ana", refused.try_, NickIs).nick.endswith("n2")


def test_a_name_in_use_is_refused_as_such_also_where_no_number_fits_it(world: World) -> None:
    world.say("bo", "/nick ا٠")
    assert world.code("ana", "/nick ا٠") == 210


def test_a_name_is_free_again_when_its_owner_has_another(world: World) -> None:
    world.say("bo", "/nick robert")
    assert world.answer("ana", "/nick bo", NickIs).nick == "bo"


def test_a_name_is_free_again_when_its_owner_is_gone(world: World) -> None:
    world.say("bo", "/quit")
    assert world.answer("ana", "/nick bo", NickIs).nick == "bo"


def test_a_name_is_kept_while_its_owner_may_resume(world: World) -> None:
    world.connect("js", mode="json")
    world.disconnect("js")
    assert world.code("ana", "/nick js") == 210
    world.tick(120)
    assert world.answer("ana", "/nick js", NickIs).nick == "js"


def test_a_new_name_of_who_may_resume_is_durable(world: World) -> None:
    world.connect("js", mode="json")
    effects = world.say("js", "/nick jane")
    assert [record.nick for record in of_kind(effects, SessionKept)] == ["jane"]


def test_a_private_conversation_alone_makes_one_near(world: World) -> None:
    world.say("ana", "/msg bo hi")
    world.say("bo", "/part")
    world.silence()
    world.say("ana", "/nick anna")
    assert world.heard("bo") == [Renamed(old="ana", nick="anna")]


def test_who_shares_nothing_is_not_told_of_a_name(world: World) -> None:
    world.say("bo", "/part")
    world.silence()
    world.say("ana", "/nick anna")
    assert world.heard("bo") == []


# Who is who


def test_who_lists_everybody_by_name(world: World) -> None:
    world.say("bo", "/away lunch")
    listed = world.answer("ana", "/who", UserList)
    assert [(user.nick, user.role, user.state, user.text) for user in listed.users] == [
        ("ana", "guest", "online", ""),
        ("bo", "guest", "away", "lunch"),
    ]


def test_whois_tells_about_a_person(world: World) -> None:
    world.say("bo", "/join #ops")
    person = world.answer("ana", "/whois @BO", Person)
    assert (person.nick, person.account, person.state) == ("bo", None, "online")
    assert person.rooms == ("#lobby", "#ops")
    assert person.since == "2023-11-14T22:13:20.000Z"


def test_whois_tells_addresses_to_administrators_alone(world: World) -> None:
    world.connect("console", console=True)
    assert not world.answer("ana", "/whois bo", Person).addresses
    assert world.answer("console", "/whois bo", Person).addresses == ("192.0.2.1",)


def test_an_unknown_person_brings_a_guess(world: World) -> None:
    world.say("bo", "/nick robert")
    code, text = world.refusal("ana", "/whois robet")
    assert code == 310
    assert "Did you mean robert?" in text


# Pairs


@pytest.fixture
def pair(world: World) -> World:
    world.say("ana", "/match")
    world.say("bo", "/match")
    return world


def test_the_first_one_waits(world: World) -> None:
    assert world.answer("ana", "/match", MatchState) == MatchState(state="waiting")
    assert world.answer("ana", "/match", MatchState) == MatchState(state="waiting")


def test_the_second_one_is_paired_with_him(world: World) -> None:
    world.say("ana", "/match")
    world.silence()
    assert world.answer("bo", "/match", MatchState) == MatchState(state="matched", nick="ana")
    assert world.heard("ana") == [Matched(nick="bo")]


def test_the_words_of_both_go_to_each_other(pair: World) -> None:
    assert pair.answer("ana", "hi", Sent).to == "@bo"
    assert pair.answer("bo", "hi", Sent).to == "@ana"


def test_who_is_paired_stays_so(pair: World) -> None:
    pair.connect("cy")
    assert pair.answer("ana", "/match", MatchState).nick == "bo"
    assert pair.answer("cy", "/match", MatchState).state == "waiting"


def test_unmatch_ends_the_pair_for_both(pair: World) -> None:
    pair.silence()
    assert pair.answer("bo", "/unmatch", MatchState) == MatchState(state="none")
    assert pair.heard("ana") == [Unmatched(nick="bo")]
    assert pair.answer("ana", "hi", Sent).to == "#lobby"
    assert pair.answer("bo", "hi", Sent).to == "#lobby"
    assert pair.code("ana", "/unmatch") == 310


def test_unmatch_ends_the_waiting(world: World) -> None:
    world.say("ana", "/match")
    world.say("ana", "/unmatch")
    assert world.answer("bo", "/match", MatchState).state == "waiting"


def test_unmatch_leaves_alone_who_talks_elsewhere(pair: World) -> None:
    pair.say("ana", "/join #ops")
    pair.say("bo", "/unmatch")
    assert pair.answer("ana", "hi", Sent).to == "#ops"


@pytest.mark.parametrize("line", ["/quit", "/unmatch"])
def test_the_partner_of_who_goes_is_told(pair: World, line: str) -> None:
    pair.silence()
    pair.say("bo", line)
    assert events(pair.heard("ana"), Unmatched) == [Unmatched(nick="bo")]
    assert pair.answer("ana", "/match", MatchState).state == "waiting"


def test_who_waits_and_goes_is_paired_with_nobody(world: World) -> None:
    world.say("ana", "/match")
    world.say("ana", "/quit")
    assert world.answer("bo", "/match", MatchState).state == "waiting"


def test_go_says_where_words_go_then(pair: World) -> None:
    assert pair.answer("ana", "/go #lobby", Current).to == "#lobby"
    assert pair.answer("ana", "/match", MatchState).state == "matched"


# The console


@pytest.fixture
def admin(world: World) -> World:
    world.connect("console", console=True)
    return world


def test_the_console_is_nobody_in_the_lists(admin: World) -> None:
    listed = admin.answer("ana", "/who", UserList)
    assert [user.nick for user in listed.users] == ["ana", "bo"]
    assert admin.code("ana", "/msg server hi") == 310


def test_a_wall_is_told_to_everybody(admin: World) -> None:
    assert admin.answer("console", "/wall hear ye", Told).sessions == 2
    assert admin.heard("ana") == admin.heard("bo") == [Notice(text="hear ye")]


def test_who_is_killed_is_told_why_and_gone(admin: World) -> None:
    admin.silence()
    effects = admin.say("console", "/kill bo spam")
    assert Close("bo") in effects
    assert events(admin.heard("bo"), Bye) == [Bye(code=403, text="You were disconnected: spam")]
    assert events(admin.heard("ana"), Parted) == [
        Parted(in_="#lobby", nick="bo", why="disconnected: spam")
    ]
    assert set(admin.hub.users) == {"ana"}


def test_who_is_killed_cannot_resume(admin: World) -> None:
    admin.connect("js", mode="json")
    admin.say("console", "/kill js")
    admin.connect("js2", mode="json", nick=False)
    assert admin.code("js2", "/resume r.js") == 401


def test_who_is_lost_can_be_killed(admin: World) -> None:
    admin.connect("js", mode="json")
    admin.disconnect("js")
    assert admin.answer("console", "/kill js", Told).sessions == 0
    assert admin.hub.lost == {}


def test_what_the_console_says_in_a_room_is_told_as_the_server(admin: World) -> None:
    admin.say("console", "/msg #lobby hi")
    (event,) = admin.heard("ana")
    assert getattr(event, "from_", None) == "server"


def test_two_consoles_share_one_conversation_with_somebody(admin: World) -> None:
    admin.answer("console", "/msg ana hi", Sent)
    admin.disconnect("console")
    admin.connect("second", console=True)
    assert admin.answer("second", "/msg ana again", Sent).seq == 2


def test_a_console_that_is_gone_leaves_nothing(admin: World) -> None:
    admin.say("console", "/msg ana hi")
    admin.say("ana", "/quit")
    admin.disconnect("console")
    assert "console" not in admin.hub.sessions
    assert set(admin.hub.conversations) == {admin.hub.lobby.id}


def test_nobody_hears_of_a_console(admin: World) -> None:
    admin.say("ana", "/mode json")
    admin.silence()
    admin.connect("second", console=True)
    admin.disconnect("second")
    assert events(admin.heard("ana"), Presence) == []
