"""Memory is bounded by what one has set, whatever a server tells and however much of it."""

from collections.abc import Iterator

import pytest

from chatcli import model
from chatcli.bounds import FEW, keep_within, size_of
from chatcli.model import CONVERSATIONS_KEPT, State
from chatcli.settings import Settings
from chatcli.state import apply, enter
from tests.chatcli.chat import Chat
from tests.chatcli.events import NOW, Event, entered, hello, msg, texts

MIB = 1 << 20


@pytest.fixture
def state() -> State:
    state = State(settings=Settings(lines=1000, memory=10))
    apply(state, hello(), NOW)
    enter(state, entered(), NOW)
    return state


def flood(room: str, count: int, text: str = "x" * 5000) -> Iterator[Event]:
    """Yield long messages of a room."""
    for seq in range(1, count + 1):
        yield msg(seq, text, in_=room)


def used(state: State) -> int:
    return sum(size_of(each) for each in state.conversations.values())


# Settings


def test_a_conversation_keeps_as_many_lines_as_one_has_set(state: State) -> None:
    for seq in range(1, 5000):
        apply(state, msg(seq), NOW)
    assert 1000 <= len(state.current.lines) <= 1500


def test_a_setting_that_is_changed_holds_at_once(state: State) -> None:
    for seq in range(1, 1000):
        apply(state, msg(seq), NOW)
    state.settings = Settings(lines=100)
    keep_within(state)
    apply(state, msg(1000), NOW)
    assert len(state.current.lines) <= 500


def test_all_together_take_no_more_than_one_has_set(state: State) -> None:
    enter(state, entered("#ops"), NOW)
    enter(state, entered("#dev"), NOW)
    for title in ("#ops", "#dev", "#lobby"):
        state.go(title)
    for room in ("#lobby", "#ops", "#dev"):
        for event in flood(room, 900):
            apply(state, event, NOW)
    assert used(state) > 12 * MIB
    keep_within(state)
    assert used(state) <= 10 * MIB
    # What was left longest ago gave way; what is looked at is whole.
    assert [len(texts(state, each)) for each in ("#ops", "#dev", "#lobby")] == [FEW, 900, 900]


def test_what_gave_way_comes_back_from_history(state: State) -> None:
    enter(state, entered("#ops"), NOW)
    for room in ("#lobby", "#ops"):
        for event in flood(room, 1200):
            apply(state, event, NOW)
    keep_within(state)
    ops = state.find("#ops")
    assert ops is not None
    assert ops.lines[0].seq == ops.oldest == 1200 - FEW + 1
    assert not ops.complete


def test_one_conversation_alone_does_not_take_more(state: State) -> None:
    for event in flood("#lobby", 1000, "\U0001f600" * 5000):
        apply(state, event, NOW)
    for _ in range(4):
        keep_within(state)
    assert used(state) <= 10 * MIB
    assert texts(state)


def test_a_session_sees_to_it_by_itself() -> None:
    chat = Chat()
    chat.begin()
    chat.state.settings = Settings(memory=10)
    for event in flood("#lobby", 3000):
        chat.tell(event)
    assert used(chat.state) <= 15 * MIB
    chat.session.tick()
    assert used(chat.state) <= 10 * MIB


# What a server could have one remember


def test_a_million_conversations(state: State) -> None:
    for number in range(CONVERSATIONS_KEPT * 3):
        apply(state, msg(1, in_=f"@n{number}", from_=f"n{number}"), NOW)
    assert len(state.conversations) <= CONVERSATIONS_KEPT


def test_a_million_reactions_edits_and_pins(state: State) -> None:
    apply(state, msg(1), NOW)
    for seq in range(2, 12_000):
        kind = ("react", "edit", "mod")[seq % 3]
        more = {"of": seq * 7, "emoji": "x", "by": f"n{seq}", "action": "pin", "text": "y"}
        apply(state, {"ev": kind, "in": "#lobby", "seq": seq, "t": "never", **more}, NOW)
    assert state.current.remarked <= 15_000
    assert len(state.current.pins) <= 500


def test_reactions_under_one_message(state: State) -> None:
    for seq in range(1, 7000):
        event = {"ev": "react", "in": "#lobby", "of": 1, "emoji": "x", "by": f"n{seq}"}
        apply(state, {**event, "seq": seq, "t": "never"}, NOW)
    assert state.current.remarked <= 5000


def test_members_of_all_rooms(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MEMBERS_KEPT", 50)
    for room in ("#a", "#b"):
        members = [{"nick": f"{room[1:]}{number}"} for number in range(40)]
        enter(state, {**entered(room), "members": members}, NOW)
        apply(state, {"ev": "join", "in": room, "nick": "cy"}, NOW)
    assert sum(len(each.members) for each in state.conversations.values()) == 50


def test_a_server_that_pings_and_never_reads() -> None:
    chat = Chat()
    chat.begin()
    before = len(chat.session._requests._asked)
    for number in range(5000):
        chat.tell({"ev": "ping"}, {"ev": "join", "in": f"#r{number}", "nick": "guest-1"})
    assert len(chat.session._requests._asked) - before <= CONVERSATIONS_KEPT


def test_complaints_do_not_hide_what_was_said() -> None:
    chat = Chat()
    chat.begin()
    chat.tell(msg(1, "hello"))
    for _ in range(5000):
        chat.session.complain("«x» is no JSON")
    lines = chat.state.current.lines
    assert len(lines) < 10
    assert lines[-1].text.endswith("«x» is no JSON. It was passed over, as 4999 before.")
