"""What a person at nc reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core import events as ev
from chatd.core.errors import ERRORS, Refusal
from chatd.core.grammar import clean
from chatd.line.render import _LINES, RENDERERS
from tests.line.examples import EXAMPLES, T, said

TEXT, SEQ, FULL, JSON = (RENDERERS[mode] for mode in ("text", "text seq", "text seq time", "json"))


def lines(told: ev.Telling, mode: str = "text") -> list[str]:
    return RENDERERS[mode](told).decode().split("\n")[:-1]


def has_prefix(line: str) -> bool:
    return line.startswith(("*** ", "!E", "[#", "[@"))


@pytest.mark.parametrize("mode", ["text", "text seq", "text seq time"])
@pytest.mark.parametrize("told", EXAMPLES, ids=lambda told: type(told).__name__)
def test_every_line_has_one_of_the_prefixes(told: ev.Telling, mode: str) -> None:
    data = RENDERERS[mode](told)
    assert data == b"" or data.endswith(b"\n")
    assert all(has_prefix(line) for line in lines(told, mode))


@pytest.mark.parametrize("told", EXAMPLES, ids=lambda told: type(told).__name__)
def test_json_is_one_object_on_one_line(told: ev.Telling) -> None:
    data = JSON(told)
    assert data.count(b"\n") == 1
    shape = json.loads(data)
    assert ("ev" in shape) != ("re" in shape)
    assert ("re" in shape) == ("ok" in shape)


def test_there_is_an_example_of_everything_that_can_be_told() -> None:
    assert {type(told) for told in EXAMPLES} == set(_LINES)


# Messages


@pytest.mark.parametrize(
    ("event", "text", "seq", "full"),
    [
        (
            said(),
            "[#lobby] <ana> hi",
            "[#lobby 4182] <ana> hi",
            "[#lobby 4182 12:01] <ana> hi",
        ),
        (
            said(kind="me", text="waves"),
            "[#lobby] * ana waves",
            "[#lobby 4182] * ana waves",
            "[#lobby 4182 12:01] * ana waves",
        ),
        (
            said(in_="@ana", text="psst"),
            "[@ana] <ana> psst",
            "[@ana 4182] <ana> psst",
            "[@ana 4182 12:01] <ana> psst",
        ),
        (
            said(in_="@ana", kind="whisper", room="#lobby"),
            "[@ana #lobby] <ana> hi",
            "[@ana #lobby 4182] <ana> hi",
            "[@ana #lobby 4182 12:01] <ana> hi",
        ),
    ],
)
def test_a_message_in_each_mode(event: ev.Said, text: str, seq: str, full: str) -> None:
    assert TEXT(event).decode() == text + "\n"
    assert SEQ(event).decode() == seq + "\n"
    assert FULL(event).decode() == full + "\n"


def test_each_line_of_a_message_has_the_whole_prefix() -> None:
    assert lines(said(text="one\n*** two\n")) == [
        "[#lobby] <ana> one",
        "[#lobby] <ana> *** two",
        "[#lobby] <ana> ",
    ]


def test_an_answer_says_to_what() -> None:
    assert lines(said(reply=7)) == ["[#lobby] <ana> hi (reply to 7)"]


def test_edited_and_deleted_are_said() -> None:
    assert lines(said(edited=True)) == ["[#lobby] <ana> hi (edited)"]
    assert lines(said(text=None, deleted=True)) == ["[#lobby] <ana> (deleted)"]


# Others


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (ev.Joined(in_="#ops", nick="bo"), ["*** bo joined #ops"]),
        (ev.Parted(in_="#ops", nick="bo"), ["*** bo left #ops"]),
        (ev.Parted(in_="#ops", nick="bo", why="sleep"), ["*** bo left #ops (sleep)"]),
        (ev.Renamed(old="bo", nick="rob"), ["*** bo is now rob"]),
        (ev.Presence(v=1, nick="bo", state="away", text="lunch"), ["*** bo is away: lunch"]),
        (ev.Presence(v=1, nick="bo", state="online"), []),
        (ev.TypingSet(in_="#ops", from_="bo", on=True), []),
        (ev.Asked(), []),
        (ev.Notice(text="hear ye"), ["*** hear ye"]),
        (ev.Bye(text="Goodbye."), ["*** Goodbye."]),
        (ev.Bye(code=503, text="Stop.", retry=5), ["!E503 Stop. Try: again in 5 s"]),
        (ev.Done(), []),
        (ev.Sent(seq=1, t=T, state="delivered", to="#ops"), []),
        (ev.RoomLeft(room="#ops"), ["*** You left #ops; /join #room to talk again"]),
        (ev.RoomLeft(room="#ops", to="@bo"), ["*** You left #ops; your words go to @bo"]),
        (ev.Current(to="@bo", seq=3), ["*** Your words go to @bo"]),
        (ev.Pong(t=T), [f"*** pong {T}"]),
        (ev.Told(sessions=1), ["*** 1 session reached"]),
        (ev.Told(sessions=2), ["*** 2 sessions reached"]),
        (ev.Page(to="#ops", page=(), more=False), ["*** Nothing in #ops there."]),
    ],
)
def test_what_is_shown(told: ev.Telling, expected: list[str]) -> None:
    assert lines(told) == expected


def test_a_refusal_has_code_sentence_and_what_to_try() -> None:
    refusal = Refusal(302, room="#ops")
    line = "!E302 #ops is by invitation only. Try: /knock #ops"
    assert lines(ev.refused(refusal, None)) == lines(ev.refused(refusal, 7)) == [line]


def test_a_refusal_in_json_bears_the_id_or_is_an_event() -> None:
    refusal = Refusal(429, what="a command was dropped", wait=3)
    told = json.loads(JSON(ev.refused(refusal, 0)))
    assert told["re"] == 0
    assert told["ok"] is False
    assert (told["code"], told["name"], told["wait"]) == (429, "SLOW_DOWN", 3)
    assert json.loads(JSON(ev.refused(refusal, None)))["ev"] == "error"


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_is_shown_with_its_number(code: int) -> None:
    row = ERRORS[code]
    told = ev.Refused(code=code, name=row.name, text=row.sentence, try_=row.hint)
    assert lines(told)[0].startswith(f"!E{code} ")


def test_history_shows_number_time_and_day_in_every_mode() -> None:
    page = ev.Page(
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


def test_with_numbers_the_sender_is_told_his() -> None:
    sent = ev.Sent(seq=7, t=T, state="delivered", to="#ops")
    assert lines(sent, "text seq") == ["*** Sent as [#ops 7]"]


def test_words_to_who_is_not_there_are_said_to_be_kept() -> None:
    sent = ev.Sent(seq=7, t=T, state="stored", to="@bo")
    assert lines(sent) == ["*** bo is not connected just now; your message is kept."]


def test_a_large_room_is_shown_in_part() -> None:
    people = tuple(ev.Member(nick=f"n{i}", role="member", state="online") for i in range(500))
    entered = ev.RoomEntered(room="#ops", topic="", members=people, seq=0, read=0)
    shown = "\n".join(lines(entered))
    assert "Here (500)" in shown
    assert "/who #ops" in shown
    assert len(shown) < 1000


def test_wide_lists_are_wrapped() -> None:
    people = tuple(ev.Member(nick=f"nick{i}", role="guest", state="online") for i in range(100))
    shown = lines(ev.UserList(users=people, v=1))
    assert max(map(len, shown)) <= 80
    assert sum(line.count("nick") for line in shown) == 100


# Nobody can look like the server

_texts = st.text(max_size=200).map(lambda text: clean(text, lines=True))
_words = st.text(max_size=200).map(clean)


@given(_texts, st.sampled_from(["text", "me", "whisper"]), st.sampled_from(sorted(RENDERERS)))
def test_no_message_can_look_like_the_server(text: str, kind: str, mode: str) -> None:
    if mode == "json":
        assert json.loads(JSON(said(text=text, kind=kind)))["text"] == text
        return
    shown = lines(said(text=text, kind=kind), mode)
    assert len(shown) == text.count("\n") + 1
    assert all(line.startswith("[#lobby") for line in shown)


@given(_words)
def test_other_words_stay_on_the_line_of_the_server(words: str) -> None:
    for told in (
        ev.TopicSet(in_="#lobby", seq=1, t=T, by="ana", text=words),
        ev.TopicIs(room="#lobby", topic=words, seq=1),
        ev.Parted(in_="#lobby", nick="ana", why=words),
        ev.Presence(v=1, nick="ana", state="away", text=words),
        ev.Reacted(in_="#lobby", seq=2, t=T, by="ana", of=1, emoji=words, on=True),
        ev.UserList(users=(ev.Member("ana", "guest", "away", words),), v=1),
        ev.RoomList(rooms=(ev.RoomInfo("#ops", words, 1),)),
        ev.Notice(text=words),
    ):
        assert all(line.startswith("*** ") for line in lines(told))
