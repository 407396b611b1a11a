"""What the server tells, taken into what the client holds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatcli.account import log_in
from chatcli.conversation import Conversation
from chatcli.model import CONVERSATIONS_KEPT, Need, State
from chatcli.state import apply, enter, take_page, take_people
from tests.chatcli.events import NOW, entered, hello, msg, texts
from tests.chatcli.garbage import EVENTS


@pytest.fixture
def state() -> State:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered(seq=3, recent=(msg(2, "two"), msg(3, "three"))), NOW)
    return state


def lobby(state: State) -> Conversation:
    conversation = state.find("#lobby")
    assert conversation is not None
    return conversation


def test_entering_a_room_shows_what_was_said_last(state: State) -> None:
    assert texts(state) == ["two", "three"]
    assert state.current.title == "#lobby"
    assert lobby(state).unread == 0
    assert lobby(state).topic == "all"
    assert state.presence_of("bo").text == "lunch"


def test_what_was_said_before_the_first_room_moves_into_it() -> None:
    state = State()
    state.tell("No connection", NOW)
    assert state.current.title == "server"
    enter(state, entered(), NOW)
    assert [line.text for line in state.current.lines] == ["No connection"]
    assert list(state.conversations) == ["#lobby"]


def test_an_event_is_shown_once(state: State) -> None:
    for _ in range(2):
        assert apply(state, msg(4, "four"), NOW) == []
    apply(state, msg(3, "three again"), NOW)
    assert texts(state) == ["two", "three", "four"]


def test_a_hole_is_asked_for_and_filled_in_order(state: State) -> None:
    assert apply(state, msg(7, "seven"), NOW) == [Need("fill", "#lobby")]
    for seq in (4, 5):
        assert apply(state, msg(seq, str(seq)), NOW) == [Need("fill", "#lobby")]
    assert apply(state, msg(6, "6"), NOW) == []
    assert texts(state) == ["two", "three", "4", "5", "6", "seven"]
    assert lobby(state).seen == 7


def test_a_hole_that_nobody_can_fill_is_closed(state: State) -> None:
    apply(state, msg(7), NOW)
    lobby(state).close_hole()
    assert lobby(state).seen == 7
    assert apply(state, msg(8), NOW) == []


def test_unknown_events_count(state: State) -> None:
    assert apply(state, {"ev": "poll", "in": "#lobby", "seq": 4}, NOW) == []
    assert apply(state, msg(5), NOW) == []
    assert lobby(state).seen == 5


def test_unread_and_mentions_are_counted_elsewhere_only(state: State) -> None:
    enter(state, entered("#ops"), NOW)
    apply(state, msg(1, in_="#ops"), NOW)
    apply(state, msg(2, in_="#ops", mention=True), NOW)
    apply(state, msg(3, in_="#ops", from_="ana"), NOW)
    apply(state, msg(4), NOW)
    ops = state.find("#ops")
    assert ops is not None
    assert (ops.unread, ops.mentions) == (2, 1)
    assert lobby(state).unread == 0
    assert ops.unread_from is not None
    assert ops.unread_from.seq == 1
    state.go("#OPS")
    ops.mark_read(ops.newest)
    assert (ops.unread, ops.mentions) == (0, 0)
    assert ops.unread_from is not None
    state.go("#lobby")
    assert ops.unread_from is None


def test_a_private_message_opens_a_conversation_and_calls(state: State) -> None:
    apply(state, msg(1, "psst", in_="@bo"), NOW)
    private = state.find("@Bo")
    assert private is not None
    assert (private.unread, private.mentions) == (1, 1)


def test_a_name_that_went_to_somebody_else_begins_anew(state: State) -> None:
    apply(state, msg(1, "first", in_="@bo"), NOW)
    apply(state, msg(2, "second", in_="@bo"), NOW)
    apply(state, msg(1, "other", in_="@bo", t="2026-02-02T00:00:00.000Z"), NOW)
    apply(state, msg(2, "more", in_="@bo", t="2026-02-02T00:00:01.000Z"), NOW)
    assert texts(state, "@bo") == ["first", "second", "other", "more"]


def test_a_room_that_counts_anew_is_taken_as_it_is(state: State) -> None:
    enter(state, entered(seq=1, recent=(msg(1, "new"),)), NOW)
    assert texts(state) == ["two", "three", "new"]
    assert lobby(state).seen == 1


def test_entering_again_after_a_while_fills_the_hole(state: State) -> None:
    recent = tuple(msg(seq, str(seq)) for seq in (29, 30))
    taken: list[Any] = []
    assert enter(state, entered(seq=30, recent=recent), NOW, taken.append) == [
        Need("fill", "#lobby")
    ]
    assert taken == list(recent)
    assert lobby(state).seen == 3


def test_older_pages_go_on_top(state: State) -> None:
    assert lobby(state).oldest == 2
    page = [msg(seq, str(seq)) for seq in (1, 2)]
    assert take_page(state, lobby(state), page, NOW) == 1
    assert texts(state) == ["1", "two", "three"]
    assert lobby(state).oldest == 1


def test_lines_are_bounded(state: State) -> None:
    conversation = lobby(state)
    conversation.kept = 300
    for seq in range(4, 1300):
        apply(state, msg(seq), NOW)
    assert 300 <= len(conversation.lines) <= 600
    numbers = [line.seq for line in conversation.lines]
    assert numbers == sorted(number for number in numbers if number)
    assert conversation.oldest == numbers[0]


def test_joins_and_parts_are_quiet(state: State) -> None:
    apply(state, {"ev": "join", "in": "#lobby", "nick": "cy"}, NOW)
    assert "cy" in lobby(state).members
    apply(state, {"ev": "part", "in": "#lobby", "nick": "cy", "why": "bye"}, NOW)
    assert "cy" not in lobby(state).members
    assert [line.kind for line in lobby(state).lines[-2:]] == ["quiet", "quiet"]
    assert lobby(state).lines[-1].text == "← cy left (bye)"


def test_leaving_shows_the_next_conversation(state: State) -> None:
    enter(state, entered("#ops"), NOW)
    apply(state, {"ev": "part", "in": "#lobby", "nick": "ana"}, NOW)
    assert state.current.title == "#ops"
    apply(state, {"ev": "part", "in": "#ops", "nick": "ana"}, NOW)
    assert state.current.title == "server"


def test_another_session_of_the_same_person_joins(state: State) -> None:
    event = {"ev": "join", "in": "#ops", "nick": "Ana"}
    assert apply(state, event, NOW) == [Need("join", "#ops")]


def test_a_rename_is_followed_everywhere(state: State) -> None:
    apply(state, msg(1, in_="@bo"), NOW)
    state.go("@bo")
    apply(state, {"ev": "nick", "old": "bo", "nick": "Bob"}, NOW)
    assert state.current.title == "@Bob"
    assert state.find("@bo") is None
    assert "bob" in lobby(state).members
    assert state.presence_of("bob").state == "away"
    apply(state, msg(2, in_="@Bob", from_="Bob"), NOW)
    assert len(texts(state, "@bob")) == 2
    apply(state, {"ev": "nick", "old": "ana", "nick": "anna"}, NOW)
    assert state.you == "anna"


def test_a_rename_to_a_name_that_had_a_conversation(state: State) -> None:
    apply(state, msg(1, "from cy", in_="@cy", from_="cy"), NOW)
    apply(state, msg(1, "from bo", in_="@bo"), NOW)
    apply(state, {"ev": "nick", "old": "bo", "nick": "cy"}, NOW)
    assert texts(state, "@cy") == ["from cy", "from bo"]
    apply(state, msg(2, "more", in_="@cy", from_="cy"), NOW)
    assert texts(state, "@cy")[-1] == "more"


def test_presence_and_its_holes(state: State) -> None:
    take_people(state, {"users": [{"nick": "bo", "state": "online"}], "v": 5})
    online = {"ev": "presence", "v": 6, "nick": "cy", "state": "online"}
    assert apply(state, online, NOW) == []
    assert state.presence_of("cy").state == "online"
    away = {"ev": "presence", "v": 8, "nick": "cy", "state": "away", "text": "tea"}
    assert apply(state, away, NOW) == [Need("who")]
    assert apply(state, {**online, "v": 7}, NOW) == []
    assert state.presence_of("cy").state == "away"
    apply(state, {"ev": "presence", "v": 9, "nick": "cy", "state": "offline"}, NOW)
    assert state.presence_of("cy").state == "offline"


def test_typing_ends_with_a_message_or_with_time(state: State) -> None:
    typing = {"ev": "typing", "in": "#lobby", "from": "bo", "on": True}
    apply(state, typing, NOW)
    assert state.typing(NOW) == ["bo"]
    assert state.typing(NOW + 60) == []
    apply(state, msg(4), NOW)
    assert state.typing(NOW) == []
    apply(state, typing, NOW)
    apply(state, {**typing, "on": False}, NOW)
    assert state.typing(NOW) == []


def test_reactions_come_and_go_in_any_order(state: State) -> None:
    react = {"ev": "react", "in": "#lobby", "by": "bo", "of": 1, "emoji": "👍", "t": ""}
    apply(state, {**react, "seq": 4, "on": True}, NOW)
    apply(state, {**react, "seq": 5, "on": False}, NOW)
    apply(state, {**react, "seq": 6, "on": True, "by": "cy"}, NOW)
    take_page(state, lobby(state), [msg(1, "one")], NOW)
    assert lobby(state).reactions_to(1) == {"👍": ["cy"]}


def test_a_topic_is_shown_and_kept(state: State) -> None:
    topic = {"ev": "topic", "in": "#lobby", "seq": 4, "by": "bo", "t": "", "text": "new"}
    apply(state, topic, NOW)
    assert lobby(state).topic == "new"
    assert lobby(state).lines[-1].text == "bo set the topic: new"


def test_matched_and_unmatched(state: State) -> None:
    apply(state, {"ev": "matched", "nick": "cy"}, NOW)
    assert state.current.title == "@cy"
    apply(state, {"ev": "unmatched", "nick": "cy"}, NOW)
    assert "ended" in state.current.lines[-1].text


def test_a_deleted_and_an_edited_message(state: State) -> None:
    apply(state, msg(4, deleted=True), NOW)
    apply(state, msg(5, "x", edited=True), NOW)
    assert texts(state)[-2] == "(deleted)"
    assert lobby(state).lines[-1].edited


def test_a_message_of_several_lines_keeps_them_and_nothing_else(state: State) -> None:
    apply(state, msg(4, "a\nb\x1b[2J\u202e"), NOW)
    assert texts(state)[-1] == "a\nb[2J"


def test_members_are_listed_by_presence(state: State) -> None:
    assert [member.nick for member, _ in state.members()] == ["ana", "bo"]
    state.see("ana", "offline")
    assert [member.nick for member, _ in state.members()] == ["bo", "ana"]


def test_the_list_of_members_follows_what_happens(state: State) -> None:
    events: list[dict[str, Any]] = [
        {"ev": "join", "in": "#lobby", "nick": "cy"},
        {"ev": "presence", "v": 2, "nick": "cy", "state": "away"},
        {"ev": "nick", "old": "cy", "nick": "dee"},
        {"ev": "part", "in": "#lobby", "nick": "dee"},
    ]
    seen = [[(member.nick, person.state) for member, person in state.members()]]
    for event in events:
        apply(state, event, NOW)
        seen.append([(member.nick, person.state) for member, person in state.members()])
    before = [("ana", "online"), ("bo", "away")]
    assert seen == [
        before,
        [("ana", "online"), ("cy", "online"), ("bo", "away")],
        [*before, ("cy", "away")],
        [*before, ("dee", "away")],
        before,
    ]


def test_going_round_the_conversations(state: State) -> None:
    apply(state, msg(1, in_="@bo"), NOW)
    enter(state, entered("#ops"), NOW)
    seen = []
    for _ in range(3):
        state.go_by(1)
        seen.append(state.current.title)
    assert seen == ["@bo", "#ops", "#lobby"]
    state.go_by(-1)
    assert state.current.title == "#ops"


def test_a_million_conversations_are_nobodys_wish(state: State) -> None:
    for number in range(CONVERSATIONS_KEPT + 100):
        apply(state, msg(1, in_=f"@spam{number}", from_=f"spam{number}"), NOW)
    assert len(state.conversations) == CONVERSATIONS_KEPT


@given(st.lists(EVENTS, max_size=30))
@settings(max_examples=300)
def test_garbage_never_raises(events: list[dict[str, Any]]) -> None:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered(seq=3), NOW)
    for event in events:
        apply(state, event, NOW)
        enter(state, event, NOW)
        take_page(state, state.current, [event], NOW)
        take_people(state, event)
        log_in(state, event, NOW, lambda _: None)
        assert state.current.title
        state.members()
        for conversation in state.conversations.values():
            numbers = [line.seq for line in conversation.lines if line.seq is not None]
            assert len(numbers) == len(set(numbers))


@given(st.permutations(range(4, 14)))
def test_any_order_ends_in_the_right_order(order: list[int]) -> None:
    state = State()
    enter(state, entered(seq=3), NOW)
    for seq in order:
        apply(state, msg(seq, str(seq)), NOW)
    assert texts(state) == [str(seq) for seq in range(4, 14)]
    assert lobby(state).seen == 13


def test_nobody_sees_whom_he_ignores_type() -> None:
    state = State(you="ana")
    state.open("#lobby")
    state.go("#lobby")
    for nick in ("bo", "cy"):
        apply(state, {"ev": "typing", "in": "#lobby", "from": nick, "on": True}, NOW)
    state.ignored.add("bo")
    assert state.typing(NOW) == ["cy"]
    state.ignored.clear()
    assert state.typing(NOW) == ["bo", "cy"]
