"""A chat over several connections: nothing is lost, nothing is doubled."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatcli.person import Credentials
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import entered, hello, msg, stamp, texts
from tests.chatcli.garbage import EVENTS


def test_resuming_sends_again_what_was_not_acknowledged(chat: Chat) -> None:
    chat.session.submit("one")
    first = chat.one(asked.Msg)
    chat.session.lost()
    chat.session.submit("two")
    assert chat.take(asked.Msg) == []
    chat.session.connected()
    resume = chat.one(asked.Resume)
    assert (resume.token, resume.seen) == ("r.1", {"#lobby": 0})
    chat.tell(hello("ana"))
    chat.reply(resume, you="ana", **{"in": ["#lobby"]}, to="#lobby", rooms=[entered(seq=1)])
    again = chat.one(asked.Msg)
    assert (again.nonce, again.text) == (first.nonce, "one")
    chat.tell(msg(1, "one", from_="ana"))
    chat.sent_ok(again, 1)
    two = chat.one(asked.Msg)
    assert two.text == "two"
    chat.sent_ok(two, 2)
    assert chat.marks() == [("one", "sent"), ("two", "sent")]


def test_no_message_overtakes_one_that_is_refused_for_the_time_being(chat: Chat) -> None:
    chat.session.submit("one")
    chat.session.submit("two")
    chat.session.submit("/msg bo elsewhere")
    one, elsewhere = chat.take(asked.Msg)
    assert (one.text, elsewhere.text) == ("one", "elsewhere")
    chat.refuse(one, 503)
    chat.sent_ok(elsewhere, 1)
    assert chat.take(asked.Msg) == []
    chat.time += 5
    chat.session.tick()
    assert chat.one(asked.Msg).nonce == one.nonce


def test_what_is_refused_comes_back_where_it_was_written(chat: Chat) -> None:
    chat.session.submit("/msg bo one")
    chat.session.show("@bo")
    chat.refuse(chat.one(asked.Msg), 311)
    assert chat.given_back == []
    assert chat.state.drafts.take_back("#lobby") == "/msg bo one"


def test_what_was_missed_is_replayed_once(chat: Chat) -> None:
    chat.tell(msg(1, "one"))
    chat.session.lost()
    chat.session.connected()
    chat.tell(hello("ana"))
    resume = chat.one(asked.Resume)
    rooms = [entered(seq=3)]
    chat.reply(resume, you="ana", **{"in": ["#lobby"]}, to="#lobby", rooms=rooms)
    chat.tell(msg(2, "two"), msg(3, "three"), msg(4, "four"))
    assert texts(chat.state) == ["one", "two", "three", "four"]
    assert chat.take(asked.History) == []


def test_a_room_that_one_was_put_out_of_meanwhile(chat: Chat) -> None:
    chat.session.lost()
    chat.session.connected()
    chat.tell(hello("ana"))
    chat.tell(msg(1, "before"))
    chat.reply(chat.one(asked.Resume), you="ana", **{"in": []}, to=None, rooms=[])
    lobby = chat.state.find("#lobby")
    assert lobby is not None
    assert not lobby.joined
    assert texts(chat.state) == ["before"]
    assert lobby.lines[-1].text == "You are not in #lobby any more. Try: /join #lobby"


def forgotten(chat: Chat) -> None:
    """Connect to a server that has forgotten the session."""
    chat.session.connected()
    resume = chat.one(asked.Resume)
    chat.tell(hello("guest-9", resume="r.2"))
    chat.refuse(resume, 401)


def test_a_forgotten_session_takes_name_and_rooms_and_fills_holes(chat: Chat) -> None:
    chat.tell(msg(1, "one"))
    chat.session.lost()
    forgotten(chat)
    nick = chat.one(asked.Nick)
    assert nick.name == "ana"
    chat.reply(nick, nick="ana")
    assert chat.state.you == "ana"
    recent = tuple(msg(seq, str(seq)) for seq in range(411, 431))
    chat.reply(chat.one(asked.Join), **entered(seq=430, recent=recent))
    while questions := chat.take(asked.History):
        (question,) = questions
        last = min(question.after + question.limit, 430)
        page = [msg(seq, str(seq)) for seq in range(question.after + 1, last + 1)]
        chat.reply(question, to="#lobby", page=page, more=last < 430)
    assert texts(chat.state) == ["one", *(str(seq) for seq in range(2, 431))]


def test_an_own_message_whose_acknowledgement_was_lost_is_found_again(chat: Chat) -> None:
    chat.session.submit("mine")
    chat.session.submit("not yet there")
    chat.take(asked.Msg)
    chat.session.lost()
    forgotten(chat)
    chat.reply(chat.one(asked.Nick), nick="ana")
    assert chat.take(asked.Msg) == []
    recent = (msg(1, "mine", from_="ana"), msg(2, "bo's"))
    chat.reply(chat.one(asked.Join), **entered(seq=2, recent=recent))
    chat.session.tick()
    again = chat.one(asked.Msg)
    assert again.text == "not yet there"
    chat.sent_ok(again, 3)
    assert texts(chat.state) == ["mine", "bo's", "not yet there"]
    assert chat.marks() == [("mine", "sent"), ("not yet there", "sent")]


def test_private_numbers_begin_anew_for_somebody_new(chat: Chat) -> None:
    chat.tell(msg(1, "old", in_="@bo"), msg(2, "older", in_="@bo"))
    chat.session.lost()
    forgotten(chat)
    chat.tell(msg(1, "new", in_="@bo", t=stamp(1)))
    assert texts(chat.state, "@bo") == ["old", "older", "new"]


def test_questions_that_get_no_answer_are_told(chat: Chat) -> None:
    chat.session.submit("/whois bo")
    chat.session.lost()
    assert "no answer" in chat.state.current.lines[-1].text
    chat.session.submit("/whois bo")
    assert "no connection" in chat.state.current.lines[-1].text


def test_what_is_lost_before_one_is_resumed_is_still_resumed(chat: Chat) -> None:
    chat.session.lost()
    chat.session.connected()
    chat.take(asked.Resume)
    # The server greets a stranger, and is gone.
    chat.tell(hello("guest-9", resume="r.2"))
    chat.session.lost()
    chat.session.connected()
    assert chat.one(asked.Resume).token == "r.1"


def test_what_is_lost_before_one_is_logged_in_is_written_as_the_account() -> None:
    chat = Chat(credentials=Credentials("ana", "secret"))
    chat.log_in()
    chat.session.lost()
    chat.session.connected()
    chat.refuse(chat.one(asked.Resume), 401)
    chat.tell(hello("guest-9", resume="r.2"))
    chat.take(asked.Login)
    chat.session.lost()
    assert (chat.state.you, chat.state.account) == ("ana", "ana")
    chat.session.submit("as ana")
    assert chat.session.outbox.waiting[0].account == "ana"
    # It is no session of ana's that the server greeted.
    chat.session.connected()
    assert chat.one(asked.Login).name == "ana"


def test_holes_are_filled_a_few_at_a_time_and_first_where_one_looks(chat: Chat) -> None:
    rooms = [f"#r{number}" for number in range(6)]
    for room in rooms:
        chat.session.submit(f"/join {room}")
        chat.reply(chat.one(asked.Join), **entered(room))
    for room in rooms:
        chat.tell(msg(5, in_=room))
    questions = chat.take(asked.History)
    assert [question.to for question in questions] == rooms[:3]
    chat.state.go("#r5")
    chat.reply(questions[0], to="#r0", page=[], more=False)
    assert chat.one(asked.History).to == "#r5"


def test_a_bye_says_whether_to_come_back(chat: Chat) -> None:
    chat.tell({"ev": "bye", "code": 503, "text": "The server is stopping.", "retry": 7})
    assert (chat.session.ended, chat.session.retry) == (False, 7.0)
    chat.tell({"ev": "bye", "code": 403, "text": "You were disconnected: spam"})
    assert chat.session.ended


# Holes and history


def test_a_live_hole_is_filled_once(chat: Chat) -> None:
    chat.tell(msg(5, "five"), msg(6, "six"))
    question = chat.one(asked.History)
    assert (question.to, question.after, question.limit) == ("#lobby", 0, 200)
    page = [msg(seq, str(seq)) for seq in range(1, 5)]
    chat.reply(question, to="#lobby", page=page, more=False)
    assert texts(chat.state) == ["1", "2", "3", "4", "five", "six"]
    assert chat.take(asked.History) == []


def test_a_hole_that_cannot_be_filled_is_left_alone(chat: Chat) -> None:
    chat.tell(msg(5))
    chat.refuse(chat.one(asked.History), 340)
    chat.tell(msg(6))
    assert chat.take(asked.History) == []


def test_history_that_comes_too_fast_is_asked_for_later(chat: Chat) -> None:
    chat.tell(msg(5))
    chat.refuse(chat.one(asked.History), 429, wait=2)
    chat.session.tick()
    assert chat.take(asked.History) == []
    chat.time += 2
    chat.session.tick()
    assert chat.one(asked.History).after == 0


def test_a_server_that_lies_about_more_is_not_asked_forever(chat: Chat) -> None:
    chat.tell(msg(5))
    chat.reply(chat.one(asked.History), to="#lobby", page=[], more=True)
    assert chat.take(asked.History) == []


def test_scrolling_up_fetches_until_there_is_no_more() -> None:
    chat = Chat()
    chat.begin(seq=150)
    reader = chat.session.reader
    reader.fetch_older()
    assert reader.fetching
    question = chat.one(asked.History)
    assert question.before == 151
    reader.fetch_older()
    assert chat.take(asked.History) == []
    page = [msg(seq, str(seq)) for seq in range(51, 151)]
    chat.reply(question, to="#lobby", page=page, more=True)
    reader.fetch_older()
    page = [msg(seq, str(seq)) for seq in range(1, 51)]
    chat.reply(chat.one(asked.History), to="#lobby", page=page, more=False)
    assert texts(chat.state) == [str(seq) for seq in range(1, 151)]
    reader.fetch_older()
    assert chat.take(asked.History) == []


_REPLIES = st.builds(
    lambda number, ok, more: {**more, "re": number, "ok": ok},
    st.one_of(st.integers(0, 12), st.text(max_size=2), st.none(), st.just([])),
    st.booleans(),
    EVENTS,
)
_TYPED = st.sampled_from(
    [
        "hi",
        "/who",
        "/list",
        "/join #ops",
        "/msg bo hi",
        "/react 1 ok",
        "/history",
        "/go bo",
        "/part",
        "/login ana x",
        "/logout",
        "/register x",
        "/search x",
        "/catchup",
        "/pins",
        "/edit 1 x",
        "/del 1",
        "/once bo x",
        "/view 1",
        "/set private on",
        "/mute bo",
        "/notify none",
        "/ignore bo",
        "/token x",
        "/audit",
        "/bans",
        "/accounts",
        "/sessions",
        "/tokens",
        "/whois bo",
    ]
)
_STEPS = st.one_of(EVENTS, _REPLIES, _TYPED, st.sampled_from([True, False]))


@given(st.lists(_STEPS, max_size=30))
def test_no_server_makes_it_raise(steps: list[Any]) -> None:
    chat = Chat()
    chat.begin()
    for step in steps:
        if isinstance(step, str):
            chat.session.submit(step)
        elif isinstance(step, bool):
            (chat.session.connected if step else chat.session.lost)()
        else:
            chat.session.received(step)
        chat.time += 1
        chat.session.reader.looked()
        if chat.state.findings is not None:
            chat.session.reader.jump(chat.state.findings.hit)
        chat.session.tick()
