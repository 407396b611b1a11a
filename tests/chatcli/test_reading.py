"""What is unread, what the server is told of it, and places in the past."""

from typing import Any

import pytest

from chatcli.conversation import Conversation
from chatcli.markers import EVERY
from chatcli.person import Credentials
from chatcli.state import apply
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import NOW, entered, msg, texts, unread


@pytest.fixture
def ana() -> Chat:
    """Return a chat of an account that is in the lobby, where five things were said."""
    chat = Chat(credentials=Credentials("ana", "secret"))
    recent = tuple(msg(seq, str(seq)) for seq in range(1, 6))
    chat.log_in(seq=5, read=5, recent=recent)
    return chat


def of(chat: Chat, title: str) -> Conversation:
    conversation = chat.state.find(title)
    assert conversation is not None
    return conversation


# Unread


def test_counts_are_known_before_anything_was_fetched() -> None:
    chat = Chat(credentials=Credentials("ana", "secret"))
    told = [unread("@bo", 40, 30, 7), unread("#lobby", 5, 2, 3, 1)]
    recent = tuple(msg(seq, str(seq)) for seq in range(1, 6))
    chat.log_in(seq=5, read=2, recent=recent, conversations=told)
    bo, lobby = of(chat, "@bo"), of(chat, "#lobby")
    assert (bo.unread, bo.mentions, bo.lines) == (7, 7, [])
    assert (lobby.unread, lobby.mentions) == (3, 1)
    assert lobby.unread_from is not None
    assert lobby.unread_from.seq == 3
    assert chat.state.current is lobby
    assert bo.unread_after == 30
    chat.tell(msg(41, "and more", in_="@bo"))
    assert bo.unread == 8
    assert chat.take(asked.History) == []


def test_history_is_fetched_when_somebody_looks_and_the_mark_is_in_it() -> None:
    ana = Chat(credentials=Credentials("ana", "secret"))
    ana.log_in(conversations=[unread("@bo", 41, 39, 2)])
    ana.session.submit("/go bo")
    question = ana.one(asked.History)
    assert (question.to, question.before) == ("@bo", 42)
    page = [msg(seq, str(seq), in_="@bo") for seq in range(1, 42)]
    ana.reply(question, to="@bo", page=page, more=False)
    marked = of(ana, "@bo").unread_from
    assert marked is not None
    assert marked.seq == 40
    ana.session.submit("/go #lobby")
    ana.session.submit("/go bo")
    assert ana.take(asked.History) == []


def test_what_is_looked_at_is_read_and_told_now_and_then(ana: Chat) -> None:
    ana.tell(msg(6, "six"))
    ana.session.reader.looked()
    ana.session.tick()
    read = ana.one(asked.Read)
    assert (read.to, read.seq) == ("#lobby", 6)
    ana.tell(msg(7, "seven"))
    ana.session.reader.looked()
    ana.session.tick()
    assert ana.take(asked.Read) == []
    ana.time += EVERY
    ana.session.tick()
    assert ana.one(asked.Read).seq == 7
    ana.session.reader.looked()
    ana.time += EVERY
    ana.session.tick()
    assert ana.take(asked.Read) == []


def test_a_marker_that_was_not_taken_is_told_again(ana: Chat) -> None:
    ana.tell(msg(6, "six"))
    ana.session.reader.looked()
    ana.session.reader.flush()
    ana.refuse(ana.one(asked.Read), 429)
    ana.session.reader.looked()
    ana.session.reader.flush()
    assert ana.one(asked.Read).seq == 6


def test_guests_need_no_markers() -> None:
    chat = Chat()
    chat.begin()
    chat.tell(msg(1))
    chat.session.reader.looked()
    chat.session.tick()
    assert of(chat, "#lobby").read == 1
    assert chat.take(asked.Read) == []


def test_who_does_not_look_has_a_mark_above_what_is_new(ana: Chat) -> None:
    ana.state.looking = False
    ana.tell(msg(6, "six"), msg(7, "seven"))
    lobby = of(ana, "#lobby")
    assert (lobby.unread, lobby.read) == (2, 5)
    assert lobby.unread_from is not None
    assert lobby.unread_from.text == "six"
    ana.session.reader.looked()
    assert (lobby.unread, lobby.unread_from.text) == (0, "six")
    ana.state.looking = True
    ana.session.submit("an answer")
    assert lobby.unread_from is None


def test_another_session_of_the_same_person_reads(ana: Chat) -> None:
    for seq in (1, 2, 3):
        ana.tell(msg(seq, in_="@bo"))
    ana.tell({"ev": "read", "in": "@bo", "seq": 2})
    assert of(ana, "@bo").unread == 1
    ana.tell({"ev": "read", "in": "@bo", "seq": 1})
    assert of(ana, "@bo").unread == 1
    ana.tell({"ev": "read", "in": "@bo", "seq": 3})
    assert of(ana, "@bo").unread == 0
    assert of(ana, "@bo").unread_from is None


def test_levels_say_what_counts(ana: Chat) -> None:
    ana.tell(msg(1, in_="#ops"), msg(2, in_="#ops", mention=True))
    ops = of(ana, "#ops")
    seen = []
    for level in ("all", "mentions", "none"):
        ana.tell({"ev": "notify", "in": "#ops", "level": level})
        seen.append((ops.fresh, ops.calls))
    assert seen == [(2, 1), (1, 1), (0, 0)]


def test_what_ignored_people_say_does_not_count(ana: Chat) -> None:
    ana.tell(msg(1, in_="#ops", ignored=True), {"ev": "ignore", "nick": "Bo", "on": True})
    ana.tell(msg(2, in_="#ops"))
    assert of(ana, "#ops").unread == 0


def test_catching_up_reads_all_that_is_shown(ana: Chat) -> None:
    ana.tell(msg(1, in_="@bo"), msg(2, in_="@bo"))
    ana.session.submit("/catchup")
    command = ana.one(asked.CatchUp)
    assert command.to is None
    ana.reply(command, page=[msg(1, in_="@bo"), msg(2, in_="@bo")], more=False)
    assert of(ana, "@bo").unread == 0
    assert ana.state.findings is not None
    assert ana.state.findings.chosen == 0


# Places in the past


def found(chat: Chat, *page: dict[str, Any]) -> None:
    chat.session.submit("/search word")
    search = chat.one(asked.Search)
    assert search.to is None
    chat.reply(search, page=list(page), more=False)


def jump(chat: Chat) -> None:
    assert chat.state.findings is not None
    chat.session.reader.jump(chat.state.findings.hit)


def test_a_hit_that_is_here_is_brought_into_view(ana: Chat) -> None:
    found(ana, msg(2, "2"), msg(4, "4"))
    jump(ana)
    lobby = of(ana, "#lobby")
    assert ana.state.shown is lobby
    assert ana.state.sought is lobby.find(4)
    assert lobby.target == 4
    assert ana.take(asked.History) == []


def test_a_hit_far_back_is_shown_with_what_is_around_it(ana: Chat) -> None:
    ana.tell(msg(900, "now", in_="@bo"))
    found(ana, msg(300, "300", in_="@bo"))
    jump(ana)
    question = ana.one(asked.History)
    assert (question.to, question.before, question.limit) == ("@bo", 341, 81)
    page = [msg(seq, str(seq), in_="@bo") for seq in range(260, 341)]
    ana.reply(question, to="@bo", page=page, more=True)
    place = ana.state.excerpt
    assert place is not None
    assert (place.oldest, place.seen, place.target) == (260, 340, 300)
    assert ana.state.shown is place
    assert ana.state.current is of(ana, "@bo")
    assert texts(ana.state, "@bo") == ["now"]


def test_a_place_in_the_past_can_be_read_in_both_directions(ana: Chat) -> None:
    test_a_hit_far_back_is_shown_with_what_is_around_it(ana)
    place = ana.state.shown
    ana.session.reader.fetch_newer()
    question = ana.one(asked.History)
    assert question.after == 340
    ana.reply(question, to="@bo", page=[msg(341, "341", in_="@bo")], more=False)
    ana.session.reader.fetch_older()
    question = ana.one(asked.History)
    assert question.before == 260
    ana.reply(question, to="@bo", page=[msg(259, "259", in_="@bo")], more=True)
    assert [line.text for line in place.lines][:2] == ["259", "260"]
    assert place.lines[-1].text == "341"


def test_a_hit_that_was_just_before_joins_what_is_here(ana: Chat) -> None:
    ana.tell(msg(60, "60", in_="@bo"))
    found(ana, msg(30, "30", in_="@bo"))
    jump(ana)
    page = [msg(seq, str(seq), in_="@bo") for seq in range(1, 61)]
    ana.reply(ana.one(asked.History), to="@bo", page=page, more=False)
    assert ana.state.excerpt is None
    assert texts(ana.state, "@bo") == [str(seq) for seq in range(1, 61)]


def test_one_leaves_the_place_then_the_list(ana: Chat) -> None:
    found(ana, msg(2, "2"))
    jump(ana)
    findings = ana.state.findings
    assert findings is not None
    covered = [findings.covered]
    ana.state.leave_place()
    covered.append(findings.covered)
    ana.state.leave_place()
    assert covered == [True, False]
    assert ana.state.findings is None


def test_who_goes_elsewhere_leaves_all(ana: Chat) -> None:
    test_a_hit_far_back_is_shown_with_what_is_around_it(ana)
    ana.session.submit("/go #lobby")
    assert (ana.state.findings, ana.state.excerpt) == (None, None)


def test_a_message_that_is_gone_is_told(ana: Chat) -> None:
    ana.tell(msg(900, "now", in_="@bo"))
    found(ana, msg(300, "300", in_="@bo"))
    jump(ana)
    ana.reply(ana.one(asked.History), to="@bo", page=[], more=False)
    assert ana.state.excerpt is None
    assert "not there any more" in ana.state.current.lines[-1].text


# Quotations


def test_a_message_that_is_answered_in_view_is_fetched_once(ana: Chat) -> None:
    lobby = of(ana, "#lobby")
    ana.tell(msg(100, "answer", in_="@bo", reply=7))
    ana.session.show("@bo")
    ana.take(asked.History)
    bo = of(ana, "@bo")
    bo.want_quote(7)
    lobby.want_quote(1000)
    for _ in range(3):
        ana.session.tick()
    question = ana.one(asked.History)
    assert (question.to, question.before, question.limit) == ("@bo", 8, 1)
    ana.reply(question, to="@bo", page=[msg(7, "seven", in_="@bo")], more=True)
    quoted = bo.find_quoted(7)
    assert quoted is not None
    assert quoted.text == "seven"
    apply(ana.state, {"ev": "edit", "in": "@bo", "seq": 101, "of": 7, "text": "7!"}, NOW)
    assert quoted.text == "7!"


def test_entering_a_room_of_another_session_does_not_change_the_place(ana: Chat) -> None:
    ana.tell({"ev": "join", "in": "#ops", "nick": "ana"})
    ana.reply(ana.one(asked.Join), **entered("#ops"))
    assert ana.state.current.title == "#lobby"
    assert of(ana, "#ops").joined
