"""What lasts from one run to the next: drafts, messages that wait, and for whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatcli.lasting import Lasting
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import hello, logged_in, msg, texts, unread
from tests.chatcli.runs import ANA, HERE, Run, stored

pytestmark = pytest.mark.usefixtures("folder")


# Drafts and messages that wait


def test_drafts_last_over_a_crash(first: Run) -> None:
    first.state.drafts.put("#lobby", "half a sen")
    first.state.drafts.put("@bo", "/once bo not on disk")
    first.keep()
    first.crash()
    second = Run()
    assert second.state.drafts.take_back("#lobby") == "half a sen"
    assert second.state.drafts.take_back("@bo") == ""
    second.end()


def test_messages_that_wait_go_out_after_the_next_login_with_their_nonces(first: Run) -> None:
    first.chat.session.submit("flying")
    flying = first.chat.one(asked.Msg)
    first.chat.session.lost()
    first.chat.session.submit("waiting\nin lines")
    first.keep()
    first.crash()
    second = Run()
    assert second.chat.marks() == [("flying", "sending"), ("waiting\nin lines", "sending")]
    second.chat.session.submit("written before the server is there")
    recent = (msg(4, "flying", from_="ana"),)
    second.log_in(seq=4, recent=recent, conversations=[unread("#lobby", 4, 4)])
    again = second.chat.one(asked.Msg)
    assert (again.text, again.nonce) == ("flying", flying.nonce)
    second.chat.sent_ok(again, 4)
    waiting = second.chat.one(asked.Msg)
    second.chat.sent_ok(waiting, 5)
    second.chat.sent_ok(second.chat.one(asked.Msg), 6)
    expected = ["one", "two", "three", "flying", "waiting\nin lines"]
    assert texts(second.state) == [*expected, "written before the server is there"]
    second.end()
    third = Run()
    assert not third.chat.session.outbox.waiting
    third.end()


def test_what_is_to_be_viewed_once_is_never_on_disk(first: Run, folder: Path) -> None:
    first.chat.session.lost()
    first.chat.session.submit("/once bo SENSITIVE")
    first.keep()
    assert b"SENSITIVE" not in stored(folder)
    assert len(first.chat.session.outbox.waiting) == 1


def test_what_is_too_old_to_be_known_by_its_nonce_goes_back_into_the_input(first: Run) -> None:
    first.chat.session.lost()
    first.chat.session.submit("yesterday")
    first.keep()
    first.crash()
    chat = Chat(None, ANA)
    chat.time += 24 * 3600
    lasting = Lasting(chat.session, HERE, lambda: chat.time, lambda _: None)
    lasting.begin("ana", None)
    assert not chat.session.outbox.waiting
    assert chat.state.drafts.take_back("#lobby") == "yesterday"
    lasting.close()


def test_what_an_account_has_waiting_does_not_go_out_as_a_guest(first: Run) -> None:
    first.chat.session.lost()
    first.chat.session.submit("as ana")
    first.end()
    second = Run()
    second.chat.session.connected()
    second.tell(hello("guest-3"))
    second.chat.refuse(second.chat.one(asked.Login), 503)
    second.chat.reply(second.chat.one(asked.Ping))
    second.chat.session.tick()
    assert second.chat.take(asked.Msg) == []
    second.end()


# Who one is


def test_what_an_account_had_is_not_shown_to_who_is_not_it(first: Run, folder: Path) -> None:
    first.state.drafts.put("#lobby", "half")
    first.end()
    second = Run()
    second.state.tell("Why not.", second.chat.time)
    second.lasting.unknown()
    (home,) = second.state.conversations.values()
    assert (home.title, [line.text for line in home.lines]) == ("server", ["Why not."])
    assert (second.state.you, second.state.account) == ("", None)
    assert second.state.drafts.take_back("#lobby") == ""
    second.end()
    third = Run()
    assert texts(third.state) == ["one", "two", "three"]
    assert third.state.drafts.take_back("#lobby") == "half"
    third.end()


def test_who_is_refused_is_who_the_server_says(first: Run) -> None:
    first.end()
    second = Run()
    second.chat.session.connected()
    second.tell(hello("guest-3"))
    second.lasting.unknown()
    assert second.state.you == "guest-3"
    second.end()


def test_who_becomes_another_account_takes_nothing_along(first: Run, folder: Path) -> None:
    first.tell(msg(1, "to ana alone", in_="@cy"))
    first.state.drafts.put("#lobby", "as ana")
    first.keep()
    first.chat.session.submit("/login bo secret")
    reply = logged_in(seq=3)
    first.chat.reply(first.chat.one(asked.Login), **{**reply, "you": "bo", "account": "bo"})
    first.lasting.known_as(first.chat.known[-1])
    first.end()
    assert first.state.find("@cy") is None
    (ana,) = folder.glob("ana*.db")
    assert b"to ana alone" in ana.read_bytes()
    assert b"as ana" in ana.read_bytes()
    (bo,) = folder.glob("bo*.db")
    assert b"three" in bo.read_bytes()
    assert b"ana alone" not in bo.read_bytes()
    assert b"as ana" not in bo.read_bytes()


def test_logging_out_leaves_nothing(first: Run, folder: Path) -> None:
    first.keep()
    assert b"three" in stored(folder)
    first.lasting.known_as(None)
    assert b"three" not in stored(folder)


def test_of_a_guest_only_drafts_are_kept(folder: Path) -> None:
    run = Run(None, "bo")
    run.chat.begin()
    run.tell(msg(1, "overheard", from_="cy"))
    run.state.drafts.put("#lobby", "half")
    run.chat.session.lost()
    run.chat.session.submit("unsent")
    run.end()
    assert b"overheard" not in stored(folder)
    second = Run(None, "bo")
    assert not second.chat.session.outbox.waiting
    assert [second.state.drafts.take_back("#lobby") for _ in range(2)] == ["half", "unsent"]
    second.end()


def test_a_guest_who_logs_in_takes_the_drafts_along(folder: Path) -> None:
    run = Run(None, "ana")
    run.state.drafts.put("#lobby", "half")
    run.keep()
    run.lasting.known_as(ANA)
    run.end()
    guest = Run(None, "ana")
    assert guest.state.drafts.take_back("#lobby") == ""
    guest.end()
    account = Run()
    assert account.state.drafts.take_back("#lobby") == "half"
    account.end()
