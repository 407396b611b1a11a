"""A chat over several connections: a script of what is sent and what comes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.model import State
from chatcli.outbox import IN_FLIGHT
from chatcli.session import Session
from chatd.core import commands as asked
from tests.chatcli.events import NOW, Event, entered, hello, msg, stamp, texts
from tests.chatcli.test_state import EVENTS


class Chat:
    """A session whose server is the test."""

    def __init__(self, nick: str | None = None) -> None:
        self.sent: list[Any] = []
        self.given_back: list[str] = []
        self.time = NOW
        self.state = State()
        self.session = Session(
            self.state, self.sent.append, lambda: self.time, self.given_back.append, nick
        )

    def take(self, kind: type[asked.Command]) -> list[Any]:
        """Return the commands of a kind that were sent, and forget them."""
        found = [command for command in self.sent if isinstance(command, kind)]
        self.sent[:] = [command for command in self.sent if not isinstance(command, kind)]
        return found

    def one(self, kind: type[asked.Command]) -> Any:
        """Return the only command of its kind that was sent."""
        (command,) = self.take(kind)
        return command

    def tell(self, *events: Event) -> None:
        for event in events:
            self.session.received(event)

    def reply(self, command: asked.Command, **result: Any) -> None:
        self.session.received({"re": command.id, "ok": True, **result})

    def refuse(self, command: asked.Command, code: int, **more: Any) -> None:
        words = {"code": code, "name": "NAME", "text": "No.", "try": "/other"}
        self.session.received({"re": command.id, "ok": False, **words, **more})

    def sent_ok(self, command: Any, seq: int, state: str = "delivered") -> None:
        self.reply(command, seq=seq, t=stamp(seq), state=state, to=command.to)

    def begin(self, you: str = "guest-1", seq: int = 0) -> None:
        """Connect for the first time."""
        self.session.connected()
        ping = self.one(asked.Ping)
        self.tell(hello(you))
        self.reply(ping, t=stamp(0))
        for nick in self.take(asked.Nick):
            self.reply(nick, nick=nick.name)
        self.reply(self.one(asked.Join), **entered(seq=seq))

    def marks(self, title: str = "#lobby") -> list[tuple[str, str]]:
        conversation = self.state.find(title)
        assert conversation is not None
        return [(line.text, line.mark) for line in conversation.lines if line.own]


@pytest.fixture
def chat() -> Chat:
    chat = Chat(nick="ana")
    chat.begin()
    return chat


def test_first_comes_a_ping_then_name_and_rooms() -> None:
    chat = Chat(nick="ana")
    chat.session.connected()
    (ping,) = chat.sent
    assert isinstance(ping, asked.Ping)
    assert ping.id is not None
    chat.tell(hello("guest-1"))
    chat.reply(ping, t=stamp(0))
    assert [type(command) for command in chat.sent[1:3]] == [asked.Nick, asked.Join]


def test_everybody_is_asked_for_once(chat: Chat) -> None:
    chat.session.tick()
    who = chat.one(asked.Who)
    chat.reply(who, users=[{"nick": "zoe", "state": "online"}], v=1)
    assert chat.state.presence_of("zoe").state == "online"
    chat.session.tick()
    assert chat.take(asked.Who) == []


def test_a_name_that_is_taken_is_told() -> None:
    chat = Chat(nick="ana")
    chat.session.connected()
    ping = chat.one(asked.Ping)
    chat.tell(hello("guest-1"))
    chat.reply(ping)
    chat.refuse(chat.one(asked.Nick), 210)
    assert chat.state.current.lines[-1].text == "No. Try: /other"


def test_a_message_is_marked_on_its_way(chat: Chat) -> None:
    chat.session.submit("hi")
    command = chat.one(asked.Msg)
    assert (command.to, command.text) == ("#lobby", "hi")
    assert len(command.nonce) == 32
    assert chat.marks() == [("hi", "sending")]
    chat.sent_ok(command, 1)
    assert chat.marks() == [("hi", "sent")]
    chat.session.submit("alone")
    chat.sent_ok(chat.one(asked.Msg), 2, "stored")
    assert chat.marks()[-1] == ("alone", "stored")
    chat.tell(msg(3, "and bo"))
    assert chat.state.current.seen == 3


def test_what_others_say_meanwhile_is_above(chat: Chat) -> None:
    chat.session.submit("mine")
    chat.tell(msg(1, "theirs"))
    assert texts(chat.state) == ["theirs", "mine"]
    chat.sent_ok(chat.one(asked.Msg), 2)
    assert texts(chat.state) == ["theirs", "mine"]


def test_a_refused_message_says_why_and_comes_back(chat: Chat) -> None:
    chat.session.submit("/me does")
    chat.refuse(chat.one(asked.Me), 306)
    line = chat.state.current.lines[-1]
    assert (line.mark, line.note) == ("refused", "No. Try: /other")
    assert chat.given_back == ["/me does"]


def test_what_cannot_be_done_comes_back(chat: Chat) -> None:
    chat.session.submit("/jion #x")
    assert chat.given_back == ["/jion #x"]
    assert chat.state.current.lines[-1].kind == "error"


def test_a_line_longer_than_the_server_takes_is_not_sent(chat: Chat) -> None:
    chat.session.submit("x" * 17000)
    assert chat.take(asked.Msg) == []
    assert chat.given_back


def test_too_fast_waits_and_goes_out_again(chat: Chat) -> None:
    chat.session.submit("hi")
    first = chat.one(asked.Msg)
    nonce = first.nonce
    chat.refuse(first, 429, wait=3)
    assert chat.marks() == [("hi", "sending")]
    chat.session.tick()
    assert chat.take(asked.Msg) == []
    chat.time += 3
    chat.session.tick()
    assert chat.one(asked.Msg).nonce == nonce


def test_few_messages_are_under_way_at_once(chat: Chat) -> None:
    for number in range(20):
        chat.session.submit(f"{number}")
    order = []
    while sent := chat.take(asked.Msg):
        assert len(sent) <= IN_FLIGHT
        for command in sent:
            order.append(command.text)
            chat.sent_ok(command, len(order))
    assert order == [f"{number}" for number in range(20)]


# Lost connections


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
    again, two = chat.take(asked.Msg)
    assert (again.nonce, again.text, two.text) == (first.nonce, "one", "two")
    chat.tell(msg(1, "one", from_="ana"))
    chat.sent_ok(again, 1)
    chat.sent_ok(two, 2)
    assert chat.marks() == [("one", "sent"), ("two", "sent")]


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
    chat.reply(chat.one(asked.Resume), you="ana", **{"in": []}, to=None, rooms=[])
    assert chat.state.find("#lobby") is None


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
    assert chat.session.fetch_older()
    assert chat.session.fetching
    assert not chat.session.fetch_older()
    question = chat.one(asked.History)
    assert question.before == 151
    page = [msg(seq, str(seq)) for seq in range(51, 151)]
    chat.reply(question, to="#lobby", page=page, more=True)
    assert chat.session.fetch_older()
    page = [msg(seq, str(seq)) for seq in range(1, 51)]
    chat.reply(chat.one(asked.History), to="#lobby", page=page, more=False)
    assert texts(chat.state) == [str(seq) for seq in range(1, 151)]
    assert not chat.session.fetch_older()


# Errands


def test_joining_shows_the_room_and_parting_closes_it(chat: Chat) -> None:
    chat.session.submit("/join #ops")
    chat.reply(chat.one(asked.Join), **entered("#ops"))
    assert chat.state.current.title == "#ops"
    chat.session.submit("/part")
    part = chat.one(asked.Part)
    assert part.room == "#ops"
    chat.reply(part, room="#ops")
    assert chat.state.current.title == "#lobby"


def test_what_is_typed_while_a_room_is_entered_is_said_there(chat: Chat) -> None:
    for typed in ("/join #ops", "one", "/join #dev", "two"):
        chat.session.submit(typed)
    assert chat.take(asked.Msg) == []
    chat.reply(chat.one(asked.Join), **entered("#ops"))
    one = chat.one(asked.Msg)
    assert one.to == "#ops"
    chat.sent_ok(one, 1)
    chat.refuse(chat.one(asked.Join), 304)
    assert chat.one(asked.Msg).to == "#ops"


def test_what_was_typed_while_a_room_was_entered_comes_back(chat: Chat) -> None:
    for typed in ("/join #ops", "one"):
        chat.session.submit(typed)
    chat.session.lost()
    assert chat.given_back == ["one"]


def test_replies_are_told_in_words(chat: Chat) -> None:
    chat.session.submit("/whois bo")
    reply = {"nick": "bo", "account": None, "state": "away", "text": "tea", "rooms": ["#lobby"]}
    chat.reply(chat.one(asked.Whois), **reply, since=stamp(1), sessions=1)
    line = chat.state.current.lines[-1]
    assert line.kind == "server"
    assert line.text.startswith("bo, a guest, away: tea\n  in #lobby\n  here since")


def test_a_page_that_was_asked_for_is_shown_with_numbers(chat: Chat) -> None:
    chat.session.submit("/history #lobby after:3")
    chat.reply(chat.one(asked.History), to="#lobby", page=[msg(4, "four")], more=False)
    assert "<bo> four" in chat.state.current.lines[-1].text
    assert texts(chat.state) == []


def test_an_own_reaction_is_shown_and_taken_back(chat: Chat) -> None:
    chat.tell(msg(1))
    for seq, shown in ((2, {"👍": ["ana"]}), (3, {})):
        chat.session.submit("/react 1 👍")
        chat.sent_ok(chat.one(asked.React), seq)
        assert chat.state.current.reactions_to(1) == shown
    assert chat.state.current.seen == 3


def test_an_own_topic_is_shown_once(chat: Chat) -> None:
    chat.session.submit("/topic new")
    chat.reply(chat.one(asked.Topic), room="#lobby", topic="new", seq=1)
    assert chat.state.current.topic == "new"
    assert [line.text for line in chat.state.current.lines[-1:]] == ["ana set the topic: new"]


def test_renaming_oneself(chat: Chat) -> None:
    chat.session.submit("/nick Anna")
    chat.reply(chat.one(asked.Nick), nick="Anna")
    assert chat.state.you == "Anna"


def test_a_private_conversation_that_is_opened_shows_what_was_said(chat: Chat) -> None:
    chat.session.submit("/go bo")
    assert chat.state.current.title == "@bo"
    question = chat.one(asked.History)
    assert (question.to, question.before) == ("@bo", None)
    page = [msg(seq, str(seq), in_="@bo") for seq in (4, 5)]
    chat.reply(question, to="@bo", page=page, more=True)
    assert texts(chat.state, "@bo") == ["4", "5"]


def test_whispers_go_to_the_private_conversation(chat: Chat) -> None:
    chat.session.submit("/whisper bo psst")
    whisper = chat.one(asked.Whisper)
    chat.reply(whisper, seq=1, t=stamp(1), state="delivered", to="@bo")
    assert texts(chat.state, "@bo") == ["psst"]
    assert chat.marks("@bo") == [("psst", "sent")]


# Typing


def test_typing_is_told_now_and_then_and_ends(chat: Chat) -> None:
    for _ in range(10):
        chat.session.typed("hel")
        chat.time += 0.5
    assert [command.on for command in chat.take(asked.Typing)] == [True, True]
    chat.session.typed("")
    assert chat.one(asked.Typing).on is False
    chat.session.typed("h")
    chat.take(asked.Typing)
    chat.time += 10
    chat.session.tick()
    assert chat.one(asked.Typing).on is False


def test_a_message_ends_typing_by_itself_and_commands_are_none(chat: Chat) -> None:
    chat.session.typed("hi")
    chat.session.submit("hi")
    chat.session.typed("")
    assert [command.on for command in chat.take(asked.Typing)] == [True]
    chat.session.typed("/join #secret")
    assert chat.take(asked.Typing) == []


def test_a_question_for_a_sign_of_life_is_answered(chat: Chat) -> None:
    chat.tell({"ev": "ping"})
    assert chat.take(asked.Ping)


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
        chat.session.tick()
