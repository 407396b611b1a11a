"""Of what one is told while one does not look."""

import time
from datetime import datetime
from itertools import pairwise

import pytest

from chatcli.notices import EVERY, LONGEST, WAITING, Notice, Watch, is_quiet, window_title
from chatcli.settings import Notices, Settings
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import entered, hello, msg, unread


class Away(Chat):
    """A chat that nobody looks at."""

    def __init__(self) -> None:
        super().__init__()
        self.watch = Watch(self.state, lambda: self.time)
        self.state.witnesses.append(self.watch)
        self.state.looking = False


@pytest.fixture
def chat() -> Away:
    """Return a guest's chat in the lobby."""
    chat = Away()
    chat.begin()
    return chat


def test_what_is_said_while_nobody_looks_is_told(chat: Away) -> None:
    chat.tell(msg(1, "hi"))
    assert chat.watch.due() == Notice("bo in #lobby", "hi")
    assert chat.watch.due() is None


def test_a_flood_is_told_without_keeping_all_of_it(chat: Away) -> None:
    chat.tell(*(msg(1, "psst", f"@n{number}") for number in range(WAITING + 100)))
    assert len(chat.watch._waiting) == WAITING
    notice = chat.watch.due()
    assert notice is not None
    assert " messages in " in notice.title


def test_what_is_in_view_is_not_told_but_what_is_elsewhere_is(chat: Away) -> None:
    chat.state.looking = True
    chat.tell(msg(1, "hi"))
    assert chat.watch.due() is None
    chat.tell(msg(1, "psst", "@bo"))
    assert chat.watch.due() == Notice("bo", "psst")


def test_own_and_ignored_words_and_what_is_no_message_are_not_told(chat: Away) -> None:
    chat.tell(
        msg(1, from_="guest-1"),
        msg(2, ignored=True),
        {"ev": "topic", "in": "#lobby", "seq": 3, "by": "bo", "text": "new"},
        {"ev": "join", "in": "#lobby", "nick": "cy"},
        {"ev": "notice", "text": "the server goes down"},
    )
    assert chat.watch.due() is None


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("all", ["all", "call", "private"]),
        ("mentions", ["call", "private"]),
        ("none", []),
    ],
)
def test_the_level_of_a_conversation_decides(chat: Away, level: str, told: list[str]) -> None:
    for title in ("#lobby", "@bo"):
        chat.state.open(title).level = level
    heard = []
    for event in (msg(1, "all"), msg(2, "call", mention=True), msg(1, "private", "@bo")):
        chat.tell(event)
        chat.time += EVERY
        notice = chat.watch.due()
        heard += [notice.text] if notice else []
    assert heard == told


def test_what_fills_a_hole_is_not_told(chat: Away) -> None:
    chat.tell(msg(1, "one"))
    assert chat.watch.due() is not None
    chat.time += EVERY
    chat.tell(msg(3, "three"))
    chat.reply(chat.one(asked.History), page=[msg(2, "two"), msg(3, "three")], more=False)
    assert chat.watch.due() == Notice("bo in #lobby", "three")
    chat.time += EVERY
    assert chat.watch.due() is None


def test_what_was_missed_is_not_told_after_a_resume_but_what_follows_is(chat: Away) -> None:
    chat.tell(msg(1, "one"))
    chat.watch.due()
    chat.time += EVERY
    chat.session.lost()
    chat.session.connected()
    chat.tell(hello("guest-1"))
    resume = chat.one(asked.Resume)
    rooms, privates = [entered(seq=3)], [{"to": "@bo", "seq": 1}]
    chat.reply(resume, you="guest-1", **{"in": ["#lobby"]}, rooms=rooms, privates=privates)
    chat.tell(msg(2, "missed"), msg(3, "missed"), msg(1, "missed", "@bo"))
    assert chat.watch.due() is None
    chat.tell(msg(4, "now"))
    assert chat.watch.due() == Notice("bo in #lobby", "now")


def test_who_is_somebody_new_to_the_server_begins_anew(chat: Away) -> None:
    chat.tell(msg(9, "psst", "@bo"))
    chat.session.lost()
    chat.session.connected()
    chat.tell(hello("guest-1"))
    resume = chat.one(asked.Resume)
    rooms, privates = [entered(seq=0)], [{"to": "@bo", "seq": 9}]
    chat.reply(resume, you="guest-1", **{"in": ["#lobby"]}, rooms=rooms, privates=privates)
    chat.session.lost()
    chat.session.connected()
    chat.tell(hello("guest-2"))
    chat.refuse(chat.one(asked.Resume), 401)
    chat.watch.due()
    chat.time += EVERY
    chat.tell(msg(1, "who is there?", "@bo"))
    assert chat.watch.due() == Notice("bo", "who is there?")


def test_what_was_there_at_a_login_is_not_told() -> None:
    chat = Away()
    chat.session.come_as(None, None)
    chat.begin()
    chat.session.submit("/login ana secret")
    lobby = entered(seq=2, recent=(msg(1, "old"), msg(2, "old", mention=True)), read=0)
    told = [unread("#lobby", 2, 0, 2, 1), unread("@bo", 1, 0, 1, 1)]
    chat.reply(
        chat.one(asked.Login),
        you="ana",
        account="ana",
        role="user",
        to="#lobby",
        conversations=told,
        rooms=[lobby],
    )
    for history in chat.take(asked.History):
        chat.reply(history, page=[msg(1, "old", "@bo")], more=False)
    assert chat.watch.due() is None
    chat.tell(msg(2, "new", "@bo"))
    assert chat.watch.due() == Notice("bo", "new")


def test_several_at_once_are_gathered(chat: Away) -> None:
    chat.tell(msg(1, "first"))
    assert chat.watch.due() == Notice("bo in #lobby", "first")
    for seq in range(2, 6):
        chat.tell(msg(seq, from_="cy" if seq % 2 else "bo"), msg(seq - 1, in_="@dee", from_="dee"))
        assert chat.watch.due() is None
    chat.time += EVERY
    assert chat.watch.due() == Notice("8 messages in #lobby, @dee", "from bo, dee, cy")


def test_many_conversations_and_people_are_counted(chat: Away) -> None:
    chat.tell(msg(1, "first"))
    chat.watch.due()
    chat.tell(*(msg(1, in_=f"@p{n}", from_=f"p{n}") for n in range(5)))
    chat.time += EVERY
    assert chat.watch.due() == Notice(
        "5 messages in @p0, @p1, @p2 and 2 more", "from p0, p1, p2 and 2 more"
    )


def test_a_flood_becomes_one_notice_in_so_many_seconds(chat: Away) -> None:
    at = []
    for seq in range(1, 301):
        chat.time += 0.1
        chat.tell(msg(seq))
        at += [chat.time] if chat.watch.due() else []
    assert len(at) == 6
    assert all(later - earlier >= EVERY for earlier, later in pairwise(at))


def test_what_was_read_or_taken_back_meanwhile_is_not_told(chat: Away) -> None:
    chat.tell(msg(1, "first"))
    chat.watch.due()
    chat.tell(msg(2, "wrong"), msg(3, "there"), msg(1, "psst", "@bo"))
    chat.tell({"ev": "delete", "in": "#lobby", "seq": 4, "of": 2, "by": "bo"})
    chat.tell({"ev": "read", "in": "@bo", "seq": 1})
    chat.time += EVERY
    assert chat.watch.due() == Notice("bo in #lobby", "there")


def test_a_long_text_is_cut_and_nothing_in_it_drives_a_terminal(chat: Away) -> None:
    chat.tell(msg(1, "a\nb  " + "x" * 1000))
    notice = chat.watch.due()
    assert notice is not None
    assert notice.text.startswith("a b xxx")
    assert notice.text.endswith("…")
    assert len(notice.text) == LONGEST
    line = chat.state.current.lines[-1]
    line.text, line.who = "\x1b]0;x\x07\x9b", "e\x1bve"
    chat.time += EVERY
    chat.watch.came(chat.state.current, line)
    assert chat.watch.due() == Notice("eve in #lobby", "]0;x")


def test_what_can_be_viewed_once_is_not_given_away(chat: Away) -> None:
    once = {"ev": "once", "in": "@bo", "seq": 1, "from": "bo", "t": "2026-01-01T12:00:00Z"}
    chat.tell({**once, "text": "0000"})
    assert chat.watch.due() == Notice("bo", "(a message to view once)")


def test_an_action_reads_as_one(chat: Away) -> None:
    chat.tell(msg(1, "waves", kind="me"))
    assert chat.watch.due() == Notice("bo in #lobby", "* bo waves")


# Quiet hours


def at(hour: int, minute: int = 0) -> float:
    """Return a moment of a local day, in seconds since the epoch."""
    return datetime(2026, 3, 3, hour, minute).astimezone().timestamp()


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        ("22:00-07:00", [(22, 0), (23, 59), (0, 0), (6, 59)], [(7, 0), (12, 0), (21, 59)]),
        ("12:30-13:00", [(12, 30), (12, 59)], [(12, 29), (13, 0), (0, 0)]),
        ("", [], [(0, 0), (12, 0)]),
        ("08:00-08:00", [], [(8, 0), (9, 0)]),
    ],
)
def test_quiet_hours_go_over_midnight(
    hours: str, quiet: list[tuple[int, int]], loud: list[tuple[int, int]]
) -> None:
    assert all(is_quiet(hours, at(*each)) for each in quiet)
    assert not any(is_quiet(hours, at(*each)) for each in loud)


def test_quiet_hours_are_those_of_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = 1_772_539_200.0  # 12:00 UTC
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        assert not is_quiet("22:00-07:00", noon)
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert is_quiet("21:00-22:00", noon)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_in_quiet_hours_nothing_is_told_nor_kept_for_later(chat: Away) -> None:
    chat.time = at(23)
    chat.state.settings = Settings(notices=Notices(quiet="22:00-07:00"))
    chat.tell(msg(1, "late"))
    assert chat.watch.due() is None
    chat.time = at(8)
    assert chat.watch.due() is None
    chat.tell(msg(2, "early"))
    assert chat.watch.due() == Notice("bo in #lobby", "early")


# The title


def test_the_title_counts_what_is_unread(chat: Away) -> None:
    assert window_title(chat.state) == "chatcli – #lobby"
    chat.tell(msg(1), msg(2))
    assert window_title(chat.state) == "(2) chatcli – #lobby"
    chat.tell(msg(1, in_="@bo"))
    assert window_title(chat.state) == "(3!) chatcli – #lobby"
    chat.state.open("@bo").level = "none"
    assert window_title(chat.state) == "(2) chatcli – #lobby"
