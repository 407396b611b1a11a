"""What a person at nc reads in answer to a command."""

from __future__ import annotations

import msgspec
import pytest

from chatd.core import results as rs
from chatd.core.commands import COMMANDS
from chatd.line.render import RENDERERS
from chatd.line.render.sessions import FIRST
from tests.core.world import World
from tests.line.examples import T, entered, once, said


def lines(told: rs.Telling, mode: str = "text") -> list[str]:
    return RENDERERS[mode](told).decode().split("\n")[:-1]


AT = "2026-01-01 12:01 UTC"
PERSON = rs.Person(
    nick="bo",
    account=None,
    role="guest",
    state="online",
    text="",
    rooms=("#lobby", "#ops"),
    since=T,
    sessions=1,
)
BO = msgspec.structs.replace(PERSON, account="bo", role="user", registered=T)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (rs.Done(), []),
        (rs.Confirmed(), ["*** Done."]),
        (rs.Sent(seq=1, t=T, state="delivered", to="#ops"), []),
        (rs.RoomLeft(room="#ops"), ["*** You left #ops; /join #room to talk again"]),
        (rs.RoomLeft(room="#ops", to="@bo"), ["*** You left #ops; your words go to @bo"]),
        (rs.Current(to="@bo", seq=3), ["*** Your words go to @bo"]),
        (rs.Pong(t=T), [f"*** pong {T}"]),
        (rs.Told(sessions=1), ["*** 1 session reached"]),
        (rs.Told(sessions=2), ["*** 2 sessions reached"]),
        (rs.Page(to="#ops", page=(), more=False), ["*** Nothing in #ops there."]),
        (rs.Hits(page=(), more=False), ["*** Nothing was found."]),
        (rs.CaughtUp(page=(), more=False), ["*** Nothing is unread."]),
        (rs.ReadIs(to="#ops", seq=7), ["*** #ops is read up to message 7"]),
        (rs.LevelIs(to="#ops", level="all"), ["*** Notice is given of all in #ops"]),
        (rs.IgnoredList(ignored=()), ["*** You ignore nobody."]),
        (rs.IgnoredList(ignored=("bo", "cy")), ["*** You ignore (2): bo, cy"]),
        (rs.RoleIs(account="ana", role="admin"), ["*** ana is an administrator"]),
        (rs.RoleIs(account="ana", role="user"), ["*** ana is an ordinary user"]),
        (rs.WouldHit(room="#ops", nicks=()), ["*** That would hit nobody in #ops."]),
        (rs.WouldHit(room="#ops", nicks=("bo",)), ["*** That would hit 1 in #ops: bo"]),
        (rs.BanList(room="#ops", bans=()), ["*** 0 bans in #ops"]),
        (rs.PinList(room="#ops", page=()), ["*** Nothing is pinned in #ops."]),
        (rs.Acted(room="#ops", seq=4), ["*** Done in #ops"]),
        (rs.Acted(room="#ops", seq=4, nick="bo", until=T), [f"*** Done in #ops: bo until {AT}"]),
        (rs.TokenList(tokens=()), ["*** 0 tokens; /token LABEL makes one"]),
        (rs.Stopping(at=None), ["*** The server does not stop."]),
        (
            rs.Stopping(at=T),
            ["*** The server stops at 2026-01-01 12:01:59 UTC; /shutdown cancel has it go on"],
        ),
    ],
)
def test_what_is_shown(told: rs.Telling, expected: list[str]) -> None:
    assert lines(told) == expected


# Saying and reading


def test_history_shows_number_time_and_day_in_every_mode() -> None:
    page = rs.Page(
        to="#lobby",
        page=(said(), said(seq=4183, t="2026-01-02T00:00:01.000Z")),
        more=True,
    )
    for mode in ("text", "text seq"):
        assert lines(page, mode) == [
            "*** --- 2026-01-01 (UTC)",
            "[#lobby 4182 12:01] <ana> hi",
            "*** --- 2026-01-02 (UTC)",
            "[#lobby 4183 00:00] <ana> hi",
            "*** 2 events of #lobby; /history before:4182 or after:4183 shows more",
        ]


def test_who_is_ignored_is_in_no_history() -> None:
    page = rs.Page(to="#lobby", page=(said(ignored=True),), more=False)
    assert lines(page) == ["*** 1 event of #lobby"]


def test_what_is_found_of_who_is_ignored_is_counted_alone() -> None:
    page = rs.Hits(page=(said(ignored=True),), more=False)
    assert lines(page) == ["*** 1 found, 1 not shown: you ignore who said it"]


def test_with_numbers_the_sender_is_told_his() -> None:
    sent = rs.Sent(seq=7, t=T, state="delivered", to="#ops")
    assert lines(sent, "text seq") == ["*** Sent as [#ops 7]"]


def test_words_to_who_is_not_there_are_said_to_be_kept() -> None:
    sent = rs.Sent(seq=7, t=T, state="stored", to="@bo")
    assert lines(sent) == ["*** bo is not connected just now; your message is kept."]


def test_what_is_found_tells_how_to_find_more() -> None:
    page = (said(), said(in_="@bo", seq=3))
    assert lines(rs.Hits(page=page, more=False))[1:] == [
        "[#lobby 4182 12:01] <ana> hi",
        "[@bo 3 12:01] <ana> hi",
        "*** 2 found",
    ]
    last = f"*** 2 found, the newest; before:{T} in a search finds others"
    assert lines(rs.Hits(page=page, more=True))[-1] == last
    assert lines(rs.Mentioned(page=page, more=True))[-1] == "*** 2 found, the newest"


def test_catching_up_tells_whether_that_was_all() -> None:
    page = (said(), once())
    assert lines(rs.CaughtUp(page=page, more=False))[1:] == [
        "[#lobby 4182 12:01] <ana> hi",
        "[@ana 19 12:01] ana sent what can be viewed once: /view 19 @ana shows it",
        "*** 2 events, read now; that is all",
    ]
    last = "*** 2 events, read now; there is more: /catchup"
    assert lines(rs.CaughtUp(page=page, more=True))[-1] == last


def test_what_is_viewed_once_bears_its_prefix_on_each_line() -> None:
    viewed = rs.ViewedOnce(to="@ana", seq=19, t=T, from_="ana", text="one\n*** two")
    assert lines(viewed) == [
        "[@ana 19] <ana> one",
        "[@ana 19] <ana> *** two",
        "*** Message 19 in @ana is erased now.",
    ]


# Rooms and people


def test_a_room_is_shown_as_it_is() -> None:
    assert lines(entered(recent=())) == [
        "*** You are in #lobby. Topic: words",
        "*** You own it; /help moderation tells what you can do.",
        "*** #lobby: it is private, it has a key, no history from before you came, what",
        "*** was said is erased after 1d, one message in 30s",
        "*** Here (2): ana (owner), bo [away: lunch]",
        "*** Not here: 1 member; /who #lobby lists all",
        "*** Pinned messages: 1",
    ]
    plain = entered(topic="", role="member", pins=(), members=(), settings=rs.Settings(), recent=())
    assert lines(plain) == ["*** You are in #lobby.", "*** Here (0):"]


def test_a_large_room_is_shown_in_part() -> None:
    people = tuple(rs.Member(nick=f"n{i}", role="member", state="online") for i in range(500))
    shown = "\n".join(lines(entered(members=people, recent=())))
    assert "Here (500)" in shown
    assert "/who #lobby" in shown
    assert len(shown) < 1000


def test_wide_lists_are_wrapped() -> None:
    people = tuple(rs.Member(nick=f"nick{i}", role="guest", state="online") for i in range(100))
    shown = lines(rs.UserList(users=people, v=1))
    assert max(map(len, shown)) <= 80
    assert sum(line.count("nick") for line in shown) == 100


def test_members_who_are_not_here_stand_apart() -> None:
    people = (
        rs.Member("ana", "owner", "online"),
        rs.Member("bo", "muted", "offline"),
        rs.Member("cy", "member", "offline"),
    )
    assert lines(rs.UserList(users=people, v=1, room="#ops")) == [
        "*** Here in #ops (1): ana (owner)",
        "*** Not here (2): bo (muted), cy",
    ]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (PERSON, f"bo is a guest, online, here since {AT}, in #lobby, #ops"),
        (
            msgspec.structs.replace(PERSON, state="away", text="lunch", rooms=()),
            f"bo is a guest, away: lunch, here since {AT}, in no rooms",
        ),
        (
            msgspec.structs.replace(
                BO, role="admin", rooms=("x",), registered=None, addresses=("y",)
            ),
            f"bo is account bo (admin), online, here since {AT}, in x, from y",
        ),
        (
            msgspec.structs.replace(BO, state="offline", seen=T),
            f"bo is account bo, offline, last here {AT}, in #lobby, #ops, registered 2026-01-01",
        ),
    ],
)
def test_what_there_is_to_know_of_a_person(person: rs.Person, expected: str) -> None:
    assert lines(person) == [f"*** {expected}"]


def test_bans_say_until_when_and_why() -> None:
    bans = (
        rs.SanctionInfo("bo", "account", "ana", T, T, "spam"),
        rs.SanctionInfo("192.0.2.0/24", "address", "ana", T),
    )
    assert lines(rs.BanList(room="#ops", bans=bans)) == [
        f"*** bo, by ana, {AT} until {AT}: spam",
        f"*** 192.0.2.0/24, by ana, {AT}",
        "*** 2 bans in #ops; /unban NICK #ops lifts one",
    ]


def test_the_settings_of_a_room_are_all_shown() -> None:
    settings = rs.Settings(private=True, retain=30 * 86400)
    assert lines(rs.SettingsAre(room="#ops", seq=9, settings=settings)) == [
        "*** #ops: private on, key off, history on, retain 30d, slow off",
        "*** /set #ops OPTION VALUE changes one; /slow SECONDS the last",
    ]


# Help


def test_help_shows_first_what_a_beginner_needs() -> None:
    world = World()
    world.connect("ana")
    shown = lines(world.answer("ana", "/help", rs.HelpText))
    assert [line.split()[1] for line in shown[: len(FIRST)]] == [f"/{name}" for name in FIRST]
    rest = " ".join(shown[len(FIRST) :]).split()
    assert all(f"/{name}" in rest for name, row in COMMANDS.items() if row.who != "a")
    assert "/wall" not in rest
    assert max(map(len, shown)) <= 80
    assert len(shown) <= 24


def test_help_on_a_subject_explains_all_of_it() -> None:
    world = World()
    world.connect("ana")
    shown = lines(world.answer("ana", "/help Reading", rs.HelpText))
    assert [line.split()[1] for line in shown] == [
        *("/history", "/search", "/catchup", "/mentions", "/read"),
    ]
