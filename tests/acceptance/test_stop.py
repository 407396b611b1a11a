"""Stopping in order: everybody is told, what is queued goes out, the store is closed."""

from __future__ import annotations

import contextlib
import signal
import time

import pytest

from tests.acceptance.clients import JsonClient, TextClient, Wire, promptly
from tests.acceptance.conftest import StartChat
from tests.acceptance.server import ChatServer

LINE = "x" * 4000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_everybody_is_told_and_the_store_is_closed(
    chat: ChatServer, number: signal.Signals
) -> None:
    started = time.monotonic()
    with TextClient(chat, "ana") as ana, JsonClient(chat, "bo") as bo, Wire(chat) as silent:
        ana.say("hi")
        assert bo.find(ev="msg")["text"] == "hi"
        chat.send_signal(number)
        assert ana.to_the_end()[-1] == b"!E503 The server is stopping. Try: again in 5 s"
        assert bo.find(ev="bye") == {
            "ev": "bye",
            "code": 503,
            "text": "The server is stopping.",
            "retry": 5,
        }
        assert bo.next() is None
        silent.to_the_end()
    assert chat.wait() == 0
    promptly(started, 4)
    # A database that was closed has no log beside it.
    assert sorted(path.name for path in chat.data.iterdir()) == [
        "chat.db",
        "claim_code",
        "lock",
        "search.db",
    ]


def test_what_was_asked_before_is_answered(chat: ChatServer) -> None:
    """Every message that got in is acknowledged or refused, and the acknowledged ones are kept."""
    with JsonClient(chat, "ana") as ana:
        asked = [ana.request("msg", text=f"message {number}") for number in range(2000)]
        chat.send_signal(signal.SIGTERM)
        replies: dict[int, bool] = {}
        while (told := ana.next()) is not None:
            if "re" in told:
                replies[told["re"]] = told["ok"]
        assert ana.events[-1]["ev"] == "bye"
    assert chat.wait() == 0
    # What is refused is refused at once, ahead of what waits for the disk.
    assert sorted(replies) == asked[: len(replies)]
    chat.restart()
    with JsonClient(chat) as bo:
        kept = [event["text"] for event in bo.history("#lobby")]
    acknowledged = [f"message {asked.index(re)}" for re, ok in replies.items() if ok]
    assert kept == acknowledged


def test_who_reads_slowly_gets_all_of_it(chat: ChatServer) -> None:
    with TextClient(chat, "ana", buffer=4096) as ana, JsonClient(chat, "bo") as bo:
        for number in range(200):
            assert bo.ask("msg", text=f"{number} {LINE}")["ok"]
        chat.send_signal(signal.SIGTERM)
        assert bo.find(ev="bye")
        lines = ana.to_the_end()
    assert [line for line in lines if b"<bo>" in line] == [
        f"[#lobby] <bo> {number} {LINE}".encode() for number in range(200)
    ]
    assert lines[-1].startswith(b"!E503 The server is stopping.")
    assert chat.wait() == 0


def test_who_does_not_read_delays_it_by_five_seconds(chat: ChatServer) -> None:
    with (
        JsonClient(chat, "bo") as bo,
        TextClient(chat, "first", buffer=4096) as first,
        contextlib.ExitStack() as later,
    ):
        for number in range(3000):
            assert bo.ask("msg", text=f"{number} {LINE}")["ok"]
            if number == 50:
                second = later.enter_context(TextClient(chat, "second", buffer=4096))
            if any(event["ev"] == "part" for event in bo.events):
                break
        # When too much waited for the first, a little less waited for the second.
        assert first.received
        assert [event["nick"] for event in bo.events if event["ev"] == "part"] == ["first"]
        started = time.monotonic()
        chat.send_signal(signal.SIGTERM)
        assert bo.find(ev="bye")
        promptly(started, 2)
        assert chat.wait() == 0
        assert time.monotonic() - started > 4
        promptly(started, 8)
        assert second.received


def test_a_second_signal_does_no_harm(chat: ChatServer) -> None:
    with TextClient(chat, "ana") as ana:
        chat.send_signal(signal.SIGINT)
        chat.send_signal(signal.SIGTERM)
        assert b"stopping" in ana.to_the_end()[-1]
    assert chat.wait() == 0


def test_it_stops_at_once_when_nobody_is_there(start_chat: StartChat) -> None:
    server = start_chat()
    started = time.monotonic()
    assert server.stop() == 0
    promptly(started, 3)
