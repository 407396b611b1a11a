"""What a person at nc reads."""

from __future__ import annotations

import json

import pytest

from chatd.core import events as ev
from chatd.core import results as rs
from chatd.core.errors import ERRORS, Refusal
from chatd.line.render import LINES, RENDERERS
from tests.line.examples import ACTS, EXAMPLES, T, moderated, once, said

TEXT, SEQ, FULL, JSON = (RENDERERS[mode] for mode in ("text", "text seq", "text seq time", "json"))


def lines(told: rs.Telling, mode: str = "text") -> list[str]:
    return RENDERERS[mode](told).decode().split("\n")[:-1]


def has_prefix(line: str) -> bool:
    return line.startswith(("*** ", "!E", "[#", "[@"))


@pytest.mark.parametrize("mode", ["text", "text seq", "text seq time"])
@pytest.mark.parametrize("told", EXAMPLES, ids=lambda told: type(told).__name__)
def test_every_line_has_one_of_the_prefixes(told: rs.Telling, mode: str) -> None:
    data = RENDERERS[mode](told)
    assert data == b"" or data.endswith(b"\n")
    assert all(has_prefix(line) for line in lines(told, mode))


@pytest.mark.parametrize("told", EXAMPLES, ids=lambda told: type(told).__name__)
def test_json_is_one_object_on_one_line(told: rs.Telling) -> None:
    data = JSON(told)
    assert data.count(b"\n") == 1
    shape = json.loads(data)
    assert ("ev" in shape) != ("re" in shape)
    assert ("re" in shape) == ("ok" in shape)


def test_there_is_an_example_of_everything_that_can_be_told() -> None:
    assert {type(told) for told in EXAMPLES} == set(LINES)


def _kinds(base: type) -> set[type]:
    return {base}.union(*map(_kinds, base.__subclasses__()))


def test_everything_that_can_be_told_has_a_form() -> None:
    bases: set[type] = {ev.Event, ev.Durable, rs.Result}
    assert set(LINES) | bases == _kinds(ev.Event) | _kinds(rs.Result) | {ev.RefusedReply}


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


def test_who_is_ignored_is_not_heard() -> None:
    for told in (
        said(ignored=True),
        ev.Edited(in_="#ops", seq=9, t=T, by="ana", of=7, text="hi", ignored=True),
        ev.Deleted(in_="#ops", seq=9, t=T, by="ana", of=7, ignored=True),
        ev.Reacted(in_="#ops", seq=9, t=T, by="ana", of=7, emoji="hi", on=True, ignored=True),
    ):
        assert lines(told) == lines(told, "text seq time") == []


def test_a_change_of_a_message_says_of_which() -> None:
    edited = ev.Edited(in_="#ops", seq=9, t=T, by="ana", of=7, text="one\ntwo")
    assert lines(edited) == [
        "*** ana edited message 7 in #ops: one",
        "*** ana edited message 7 in #ops: two",
    ]
    assert lines(edited, "text seq")[0] == "*** ana edited message 7 in [#ops 9]: one"
    without = ev.Edited(in_="#ops", seq=9, t=T, by="ana", of=7, text="")
    assert lines(without) == ["*** ana edited message 7 in #ops"]
    deleted = ev.Deleted(in_="#ops", seq=9, t=T, by="ana", of=7)
    assert lines(deleted) == ["*** ana deleted message 7 in #ops"]


def test_what_was_sent_once_says_how_it_is_viewed() -> None:
    head = "ana sent what can be viewed once"
    assert lines(once()) == [f"[@ana 19] {head}: /view 19 @ana shows it"]
    assert lines(once(), "text seq time")[0].startswith(f"[@ana 19 12:01] {head}: ")
    assert lines(once(viewed=True)) == [f"[@ana 19] {head} (viewed)"]
    assert lines(once(deleted=True)) == [f"[@ana 19] {head} (deleted)"]
    # Who sent it cannot view it.
    assert lines(once(in_="@bo")) == [f"[@bo 19] {head}"]


def test_acts_of_moderation_say_who_did_what_and_why() -> None:
    assert [line for act in ACTS for line in lines(act)] == [
        "*** ana kicked bo out of #ops: words",
        "*** ana banned bo from #ops until 2026-01-01 12:01 UTC: words",
        "*** ana lifted the ban of bo from #ops",
        "*** ana muted bo in #ops until 2026-01-01 12:01 UTC: words",
        "*** ana unmuted bo in #ops: time is over",
        "*** ana made #ops slow: one message in 30s",
        "*** ana pinned message 4 in #ops",
        "*** ana unpinned message 4 in #ops",
        "*** ana made bo a moderator of #ops",
        "*** ana made bo an ordinary member of #ops",
        "*** ana handed #ops over to bo",
        "*** ana set history of #ops to off",
    ]
    ended = moderated("slow", option="slow", value="0")
    assert lines(ended) == ["*** ana ended the waiting between messages in #ops"]
    assert lines(ACTS[6], "text seq") == ["*** ana pinned message 4 in [#ops 6]"]


# Others


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (ev.Joined(in_="#ops", nick="bo"), ["*** bo joined #ops"]),
        (ev.Parted(in_="#ops", nick="bo"), ["*** bo left #ops"]),
        (ev.Parted(in_="#ops", nick="bo", why="sleep"), ["*** bo left #ops (sleep)"]),
        (ev.Parted(in_="#ops", nick="bo", why="spam", by="ana"), []),
        (ev.Renamed(old="bo", nick="rob"), ["*** bo is now rob"]),
        (ev.Presence(v=1, nick="bo", state="away", text="lunch"), ["*** bo is away: lunch"]),
        (ev.Presence(v=1, nick="bo", state="online"), ["*** bo is here"]),
        (ev.Presence(v=1, nick="bo", state="offline"), ["*** bo is gone"]),
        (ev.TypingSet(in_="#ops", from_="bo", on=True), []),
        (ev.ReadUpTo(in_="#ops", seq=7), []),
        (ev.Viewed(in_="@bo", seq=7), ["*** Message 7 in @bo was viewed, and is erased"]),
        (ev.Invited(in_="#ops", by="bo"), ["*** bo invites you to #ops: /join #ops"]),
        (
            ev.Knocked(in_="#ops", nick="bo"),
            ["*** bo knocks at #ops: /invite bo #ops lets bo in"],
        ),
        (ev.LevelSet(in_="#ops", level="none"), ["*** Notice is given of none in #ops"]),
        (ev.IgnoreSet(nick="bo", on=True), ["*** You ignore bo"]),
        (ev.IgnoreSet(nick="bo", on=False), ["*** You hear bo again"]),
        (
            ev.AccountIs(you="ana", account="ana", role="admin"),
            ["*** You are ana, logged in as an administrator."],
        ),
        (
            ev.AccountIs(you="ana", account="ana", role="user"),
            ["*** You are ana, logged in."],
        ),
        (ev.AccountIs(you="ana", account=None, role="guest"), ["*** You are ana, a guest."]),
        (ev.Asked(), []),
        (ev.Notice(text="hear ye"), ["*** hear ye"]),
        (ev.Bye(text="Goodbye."), ["*** Goodbye."]),
        (ev.Bye(code=503, text="Stop.", retry=5), ["!E503 Stop. Try: again in 5 s"]),
    ],
)
def test_what_is_shown(told: rs.Telling, expected: list[str]) -> None:
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
