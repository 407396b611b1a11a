"""Durable events: what they show, and what they do to messages, rooms and people."""

from typing import Any

import pytest

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.model import State
from chatcli.state import apply, enter, take_page
from tests.chatcli.events import NOW, Event, entered, hello, msg, stamp, texts


@pytest.fixture
def state() -> State:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered(), NOW)
    return state


def lobby(state: State) -> Conversation:
    conversation = state.find("#lobby")
    assert conversation is not None
    return conversation


def event(ev: str, seq: int, **more: Any) -> Event:
    return {"ev": ev, "in": "#lobby", "seq": seq, "t": stamp(seq), "by": "bo", **more}


def last(state: State) -> Line:
    return lobby(state).lines[-1]


# Edits and deletions


def test_an_edit_changes_the_message_and_is_no_line(state: State) -> None:
    apply(state, msg(1, "helo"), NOW)
    apply(state, event("edit", 2, of=1, text="hello", mention=True), NOW)
    assert texts(state) == ["hello"]
    assert (last(state).edited, last(state).mention) == (True, True)
    assert lobby(state).seen == 2


def test_an_older_edit_does_not_undo_a_newer_one(state: State) -> None:
    apply(state, event("edit", 3, of=1, text="third"), NOW)
    # The hole is filled: messages read as they do now, edits as they were then.
    apply(state, msg(1, "third", edited=True), NOW)
    apply(state, event("edit", 2, of=1, text="second"), NOW)
    assert texts(state) == ["third"]


def test_edits_in_an_older_page_are_done_already(state: State) -> None:
    enter(state, entered("#ops", seq=9), NOW)
    ops = state.find("#ops")
    assert ops is not None
    page = [msg(1, "now", in_="#ops", edited=True), {**event("edit", 2, of=1, text="then")}]
    take_page(state, ops, page, NOW)
    assert texts(state, "#ops") == ["now"]
    assert ops.oldest == 1


def test_a_deleted_message_is_nowhere(state: State) -> None:
    apply(state, msg(1, "secret", from_="ana"), NOW)
    apply(state, event("react", 2, of=1, emoji="👍", on=True), NOW)
    apply(state, event("delete", 3, of=1), NOW)
    assert texts(state) == ["(deleted by bo)"]
    assert lobby(state).reactions_to(1) == {}
    apply(state, msg(4, "own"), NOW)
    apply(state, event("delete", 5, of=4), NOW)
    assert texts(state)[-1] == "(deleted)"
    apply(state, event("edit", 6, of=4, text="again"), NOW)
    assert texts(state)[-1] == "(deleted)"


def test_what_is_deleted_is_deleted_in_quotations_excerpts_and_lists(state: State) -> None:
    from chatcli.findings import Findings, Hit

    conversation = lobby(state)
    conversation.quotes[1] = Line(kind="text", t=NOW, text="secret", who="bo", seq=1)
    state.excerpt = Conversation(title="#lobby")
    state.excerpt.place(Line(kind="text", t=NOW, text="secret", who="bo", seq=1))
    hit = Hit("#Lobby", Line(kind="text", t=NOW, text="secret", who="bo", seq=1))
    state.findings = Findings(heading="Found", hits=[hit])
    apply(state, event("delete", 9, of=1), NOW)
    for line in (conversation.quotes[1], state.excerpt.lines[0], hit.line):
        assert line is not None
        assert line.text == "(deleted)"


# Once


def once(seq: int, **more: Any) -> Event:
    return {"ev": "once", "in": "@bo", "seq": seq, "t": stamp(seq), "from": "bo", **more}


def test_what_can_be_viewed_once_counts_and_has_no_text(state: State) -> None:
    apply(state, once(1, text="never sent, never kept"), NOW)
    private = state.find("@bo")
    assert private is not None
    assert [(line.kind, line.text) for line in private.lines] == [("once", "")]
    assert (private.unread, private.mentions) == (1, 1)
    apply(state, {"ev": "viewed", "in": "@bo", "seq": 1}, NOW)
    assert private.lines[0].viewed


# Moderation


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"action": "kick", "nick": "cy", "why": "spam"}, "bo put cy out (spam)"),
        ({"action": "ban", "nick": "cy"}, "bo banned cy"),
        ({"action": "unban", "nick": "cy"}, "bo lifted the ban of cy"),
        ({"action": "unmute", "nick": "cy"}, "bo lets cy speak again"),
        ({"action": "slow", "value": "5"}, "bo slowed the room down: 5 s between messages"),
        ({"action": "slow", "value": "0"}, "bo ended the slow mode"),
        ({"action": "pin", "of": 3}, "bo pinned message 3"),
        ({"action": "mod", "nick": "cy"}, "bo made cy a moderator"),
        ({"action": "own", "nick": "cy", "by": ""}, "The server handed the room over to cy"),
        ({"action": "set", "option": "private", "value": "on"}, "bo set private: on"),
        ({"action": "dance"}, "bo did something new: dance"),
        ({"action": "set", "option": "{by}", "value": "{0}"}, "bo set {by}: {0}"),
    ],
)
def test_acts_in_words(state: State, more: dict[str, Any], words: str) -> None:
    apply(state, event("mod", 1, **more), NOW)
    assert (last(state).kind, last(state).text) == ("topic", words)


def test_acts_change_roles_pins_and_who_may_speak(state: State) -> None:
    roles = {key: member.role for key, member in lobby(state).members.items()}
    assert roles == {"ana": "member", "bo": "owner"}
    apply(state, event("mod", 1, action="own", nick="Ana"), NOW)
    roles = {key: member.role for key, member in lobby(state).members.items()}
    assert roles == {"ana": "owner", "bo": "moderator"}
    apply(state, event("mod", 2, action="mute", nick="bo"), NOW)
    assert lobby(state).muted == {"bo"}
    apply(state, event("mod", 3, action="unmute", nick="bo"), NOW)
    assert lobby(state).muted == set()
    assert lobby(state).members["bo"].role == "moderator"
    apply(state, event("mod", 4, action="pin", of=1), NOW)
    assert lobby(state).pins == {1}
    apply(state, event("mod", 5, action="unpin", of=1), NOW)
    assert lobby(state).pins == set()


def test_who_enters_learns_of_pins_and_of_who_is_muted(state: State) -> None:
    room = entered("#ops", seq=4)
    room["members"][1]["role"] = "muted"
    enter(state, {**room, "pins": [2, "x"], "level": "none"}, NOW)
    ops = state.find("#ops")
    assert ops is not None
    assert (ops.pins, ops.muted, ops.level) == ({2}, {"bo"}, "none")


def test_who_is_put_out_keeps_what_was_said(state: State) -> None:
    enter(state, entered("#ops"), NOW)
    apply(state, msg(1, "before", in_="#ops"), NOW)
    apply(state, {"ev": "part", "in": "#ops", "nick": "ana", "by": "bo", "why": "spam"}, NOW)
    ops = state.find("#ops")
    assert ops is not None
    assert not ops.joined
    assert texts(state, "#ops") == ["before"]
    assert ops.lines[-1].text == "bo put you out of #ops (spam). Try: /join #ops"
    assert last(state).text == ops.lines[-1].text


def test_that_others_were_put_out_is_told_by_the_act_alone(state: State) -> None:
    apply(state, event("mod", 1, action="kick", nick="bo", by="ana"), NOW)
    apply(state, {"ev": "part", "in": "#lobby", "nick": "bo", "by": "ana"}, NOW)
    assert [line.text for line in lobby(state).lines] == ["ana put bo out"]
    assert "bo" not in lobby(state).members


# Numbers that begin anew


def test_a_live_message_of_a_new_numbering_is_shown(state: State) -> None:
    for seq in (1, 2):
        apply(state, msg(seq, f"old {seq}"), NOW)
    apply(state, msg(1, "new", t="2026-02-02T00:00:00.000Z"), NOW)
    assert texts(state) == ["old 1", "old 2", "new"]
    again = entered(seq=1, recent=(msg(1, "new", t="2026-02-02T00:00:00.000Z"),))
    assert enter(state, again, NOW, lambda event: apply(state, event, NOW)) == []
    assert texts(state) == ["old 1", "old 2", "new"]
    assert lobby(state).seen == 1


def test_so_is_one_whose_number_was_no_message(state: State) -> None:
    apply(state, event("react", 1, of=9, emoji="👍"), NOW)
    apply(state, msg(1, "new", t="2026-02-02T00:00:00.000Z"), NOW)
    assert texts(state) == ["new"]


def test_entering_tells_that_the_server_counts_anew(state: State) -> None:
    for seq in (1, 2):
        apply(state, msg(seq, f"old {seq}"), NOW)
    recent = tuple(msg(seq, f"new {seq}", t=f"2026-02-02T00:00:0{seq}.000Z") for seq in (1, 2))
    enter(state, entered(seq=2, recent=recent), NOW, lambda event: apply(state, event, NOW))
    assert texts(state) == ["old 1", "old 2", "new 1", "new 2"]


def test_what_is_told_twice_is_no_new_numbering(state: State) -> None:
    # Of one's own acts the server does not tell the time.
    apply(state, {"ev": "topic", "in": "#lobby", "seq": 1, "by": "ana", "text": "x"}, NOW)
    apply(state, event("topic", 1, text="x", by="ana"), NOW)
    assert [line.text for line in lobby(state).lines] == ["ana set the topic: x"]


# Names


def test_a_guest_who_logs_in_may_be_here_already(state: State) -> None:
    for event_ in (
        {"ev": "join", "in": "#lobby", "nick": "guest-2"},
        msg(1, "as a guest", in_="@guest-2", from_="guest-2"),
        msg(7, "as bo", in_="@bo", t="2025-01-01T00:00:00.000Z"),
        {"ev": "nick", "old": "guest-2", "nick": "bo"},
    ):
        apply(state, event_, NOW)
    assert set(lobby(state).members) == {"ana", "bo"}
    assert lobby(state).members["bo"].role == "owner"
    assert texts(state, "@bo") == ["as bo", "as a guest"]
    assert apply(state, msg(8, "more", in_="@bo"), NOW) == []
    assert texts(state, "@bo")[-1] == "more"
