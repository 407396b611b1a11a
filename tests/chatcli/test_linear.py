"""A chat as lines: what is told, in which order, and once."""

import pytest

from chatcli import state as telling
from chatcli.linear import Narrator
from chatcli.person import Credentials
from chatcli.settings import Settings
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import NOW, entered, hello, msg, unread


class Told(Chat):
    """A chat that is told in lines."""

    def __init__(self, credentials: Credentials | None = None) -> None:
        super().__init__(credentials=credentials)
        self.lines: list[str] = []
        self.narrator = Narrator(self.state, self.lines.append, NOW)
        self.state.witnesses.append(self.narrator)

    def take_lines(self, *, online: bool = True) -> list[str]:
        """Return the lines since the last time."""
        self.narrator.look(online=online)
        lines, self.lines[:] = "\n".join(self.lines).split("\n"), []
        return lines if lines != [""] else []


@pytest.fixture
def chat() -> Told:
    """Return a guest's chat in the lobby, in which the day of the messages has begun."""
    chat = Told()
    chat.begin()
    chat.tell(msg(1, "good morning"))
    chat.take_lines()
    return chat


def test_the_beginning() -> None:
    chat = Told()
    chat.begin()
    assert chat.take_lines() == ["You are guest-1, in #lobby.", "Now in #lobby: all"]


def test_the_beginning_tells_what_is_unread() -> None:
    chat = Told(Credentials("ana", "secret"))
    recent = tuple(msg(seq, f"text {seq}") for seq in range(1, 9))
    lobby, ops = entered(seq=8, recent=recent, read=1), entered("#ops", seq=9, read=7)
    told = [unread("#lobby", 8, 1, 7), unread("#ops", 9, 7, 2, 1)]
    chat.log_in(conversations=told, rooms=[lobby, ops])
    assert [line for line in chat.take_lines() if "1970" not in line and "2026" not in line] == [
        "You are ana, in #lobby, #ops.",
        "Unread: #ops 2 (you are called), #lobby 7. Try: /go TO, or /catchup",
        "Now in #lobby: all",
        *(f"#lobby bo: text {n}" for n in range(2, 9)),
    ]


def test_what_was_kept_of_the_last_time_is_told_before_the_server_answers() -> None:
    chat = Told(Credentials("ana", "secret"))
    lobby = chat.state.open("#lobby")
    lobby.begin_at(1)
    telling.apply(chat.state, msg(2, "kept"), chat.time)
    assert chat.take_lines(online=False)[-1] == "#lobby bo: kept"
    recent = tuple(msg(seq, f"text {seq}") for seq in range(81, 101))
    told = [unread("#lobby", 100, 2, 98), unread("@bo", 5, 3, 2)]
    chat.state.open("@bo").begin_at(3)
    chat.state.looking = False
    chat.log_in(conversations=told, rooms=[entered(seq=100, recent=recent, read=2)])
    assert chat.take_lines() == [
        "You are ana, in #lobby.",
        "Unread: @bo 2 (you are called), #lobby 98. Try: /go TO, or /catchup",
        "Now in #lobby: all",
        "78 more are unread. Try: /history",
        *(f"#lobby bo: text {seq}" for seq in range(81, 101)),
    ]
    for hole in chat.take(asked.History):
        last = 101 if hole.to == "#lobby" else 6
        page = [msg(seq, f"text {seq}", hole.to) for seq in range(hole.after + 1, last)]
        chat.reply(hole, page=page, more=False)
    assert chat.take_lines() == []
    chat.tell(msg(101, "now"))
    assert chat.take_lines() == ["#lobby bo: now"]


def test_what_is_missed_while_the_connection_is_lost_is_told(chat: Told) -> None:
    chat.session.lost()
    chat.session.connected()
    chat.tell(hello("guest-1"))
    reply = {"you": "guest-1", "in": ["#lobby"], "rooms": [entered(seq=3)], "privates": []}
    chat.reply(chat.one(asked.Resume), **reply)
    chat.tell(msg(2, "missed"), msg(3, "missed, too"))
    assert chat.take_lines() == ["#lobby bo: missed", "#lobby bo: missed, too"]


def test_of_very_much_that_is_unread_the_last_lines_are_told() -> None:
    chat = Told(Credentials("ana", "secret"))
    recent = tuple(msg(seq, f"text {seq}") for seq in range(381, 401))
    told = [unread("#lobby", 400, 0, 400)]
    chat.log_in(conversations=told, rooms=[entered(seq=400, recent=recent, read=0)])
    lines = chat.take_lines()
    assert "380 more are unread. Try: /history" in lines
    assert lines[-1] == "#lobby bo: text 400"
    assert sum(line.startswith("#lobby bo:") for line in lines) == 20


def test_what_is_said_is_a_line(chat: Told) -> None:
    chat.tell(msg(2, "hi"), msg(1, "psst", "@bo"), msg(3, "a\nb"))
    assert chat.take_lines() == ["#lobby bo: hi", "@bo bo: psst", "#lobby bo: a", "#lobby bo: b"]


def test_a_reply_quotes_what_it_answers(chat: Told) -> None:
    chat.tell(msg(2, "yes", from_="cy", reply=1))
    assert chat.take_lines() == ["#lobby cy replies to bo «good morning»: yes"]


def test_a_new_day_is_told_once() -> None:
    chat = Told()
    chat.begin()
    chat.take_lines()
    chat.tell(msg(1, "one"), msg(2, "two"))
    day, one, two = chat.take_lines()
    assert day == "Thursday, 01 January 2026"
    assert [one, two] == ["#lobby bo: one", "#lobby bo: two"]


def test_who_comes_and_goes_is_told_only_where_that_is_wanted(chat: Told) -> None:
    joined = {"ev": "join", "in": "#lobby", "nick": "cy"}
    left = {"ev": "part", "in": "#lobby", "nick": "cy", "why": "bye"}
    chat.tell(joined, left)
    assert chat.take_lines() == []
    chat.state.settings = Settings(comings=True)
    chat.tell(joined, left)
    lines = chat.take_lines()
    assert [line for line in lines if line.startswith("#")] == [
        "#lobby cy joined",
        "#lobby cy left (bye)",
    ]


def test_ignored_people_are_not_heard(chat: Told) -> None:
    chat.tell(msg(2, "bad", ignored=True))
    chat.tell({"ev": "react", "in": "#lobby", "seq": 3, "of": 2, "emoji": "👍", "by": "bo"})
    assert chat.take_lines() == []


def test_what_is_done_to_messages_is_told_but_not_what_one_does_oneself(chat: Told) -> None:
    act = {"in": "#lobby", "of": 1, "t": "2026-01-01T12:00:00Z"}
    chat.tell({**act, "ev": "react", "seq": 2, "emoji": "👍", "by": "cy"})
    chat.tell({**act, "ev": "react", "seq": 3, "emoji": "👍", "by": "guest-1"})
    chat.tell({**act, "ev": "edit", "seq": 4, "text": "good day", "by": "bo"})
    chat.tell({**act, "ev": "delete", "seq": 5, "by": "bo"})
    assert chat.take_lines() == [
        "#lobby cy reacts 👍 to bo «good morning»",
        "#lobby bo edits message 1: good day",
        "#lobby bo deletes message 1",
    ]


def test_own_messages_stand_there_as_they_were_typed(chat: Told) -> None:
    chat.session.submit("hello")
    chat.sent_ok(chat.one(asked.Msg), 2)
    assert chat.take_lines() == []


def test_what_became_of_own_messages_is_told_where_it_is_not_plain(chat: Told) -> None:
    chat.session.submit("/msg bo later")
    chat.sent_ok(chat.one(asked.Msg), 1, "stored")
    assert chat.take_lines() == ["@bo has nobody to read it now; it is kept."]
    chat.session.submit("spam")
    chat.refuse(chat.one(asked.Msg), 306)
    assert chat.take_lines() == ["Error: No. Try: /other"]


def test_words_of_the_server_are_told(chat: Told) -> None:
    chat.tell({"ev": "notice", "text": "the server goes down"})
    chat.session.submit("/nonsense")
    lines = chat.take_lines()
    assert lines[0] == "the server goes down"
    assert lines[1].startswith("Error: ")


def test_going_elsewhere_tells_what_is_unread_there(chat: Told) -> None:
    for seq in range(1, 8):
        chat.tell(msg(seq, f"text {seq}", "@bo"))
    chat.take_lines()
    chat.session.show("@bo")
    assert chat.take_lines() == ["Now in @bo", *(f"@bo bo: text {n}" for n in range(1, 8))]
    chat.session.show("#lobby")
    assert chat.take_lines() == ["Now in #lobby: all", "#lobby bo: good morning"]


def test_what_was_missed_is_told_once(chat: Told) -> None:
    chat.tell(msg(4, "four"))
    chat.reply(chat.one(asked.History), page=[msg(2, "two"), msg(3, "three")], more=False)
    assert chat.take_lines() == ["#lobby bo: four", "#lobby bo: two", "#lobby bo: three"]


def test_what_was_said_in_a_room_before_one_came_is_its_last_lines(chat: Told) -> None:
    chat.session.submit("/join #ops")
    recent = tuple(msg(seq, f"text {seq}", "#ops") for seq in range(1, 21))
    chat.reply(chat.one(asked.Join), **entered("#ops", 20, recent))
    lines = chat.take_lines()
    assert lines == ["Now in #ops: all", *(f"#ops bo: text {n}" for n in range(16, 21))]


def test_history_that_was_asked_for_is_told_with_numbers(chat: Told) -> None:
    chat.session.submit("/join #ops")
    recent = (msg(30, "now", "#ops"),)
    chat.reply(chat.one(asked.Join), **entered("#ops", 30, recent))
    chat.take_lines()
    assert not chat.narrator.recall("/history")
    chat.session.submit("/history")
    page = [msg(28, "then", "#ops"), msg(29, "after", "#ops")]
    chat.reply(chat.one(asked.History), page=page, more=True)
    then, after = chat.take_lines()
    assert then.startswith("#ops 28 2026-01-01 ")
    assert then.endswith(" bo: then")
    assert after.endswith(" bo: after")
    assert chat.take_lines() == []


def test_history_that_is_here_but_was_not_told_is_told_first(chat: Told) -> None:
    chat.session.submit("/join #ops")
    recent = tuple(msg(seq, f"text {seq}", "#ops") for seq in range(1, 21))
    chat.reply(chat.one(asked.Join), **entered("#ops", 20, recent))
    chat.take_lines()
    assert chat.narrator.recall("/history 3")
    assert [line.rpartition(": ")[2] for line in chat.take_lines()] == [
        f"text {n}" for n in range(13, 16)
    ]
    assert chat.narrator.recall("/history")
    assert [line.split()[1] for line in chat.take_lines()] == [str(n) for n in range(1, 13)]
    assert not chat.narrator.recall("/history")
    assert not chat.narrator.recall("/history @bo")


def test_lists_are_told_with_their_conversations_and_numbers(chat: Told) -> None:
    chat.session.submit("/search good")
    chat.reply(chat.one(asked.Search), page=[msg(1, "good morning")], more=False)
    heading, hit = chat.take_lines()
    assert heading == "Found: good:"
    assert hit.startswith("#lobby 1 2026-01-01 ")
    assert hit.endswith(" bo: good morning")
    assert chat.take_lines() == []
    chat.session.submit("/search yes")
    page = [msg(2, "yes", reply=1), msg(5, "yes", in_="#ops", reply=4)]
    chat.reply(chat.one(asked.Search), page=page, more=False)
    _, here, elsewhere = chat.take_lines()
    assert here.endswith(" bo replies to bo «good morning»: yes")
    assert elsewhere.endswith(" bo replies to message 4: yes")
