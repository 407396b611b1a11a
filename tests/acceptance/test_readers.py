"""A client that does not read costs nobody but himself."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress

import pytest

from tests.acceptance.clients import JsonClient, TextClient, resumed, still_answers
from tests.acceptance.server import ChatServer

SENDERS, LISTENERS = 10, 40
EACH = 100  # messages of each sender
LINE = "x" * 4000
MIB = 1 << 20


def talk(sender: JsonClient, slowest: list[float]) -> None:
    """Say something, again and again, and keep how long the slowest acknowledgement took."""
    longest = 0.0
    for number in range(EACH):
        asked = time.monotonic()
        ident = sender.request("msg", text=f"{number} {LINE}")
        reply = sender.reply(ident)
        assert reply["ok"], reply
        longest = max(longest, time.monotonic() - asked)
    slowest.append(longest)


def listen(listener: JsonClient, seen: list[list[int]]) -> None:
    """Read what all senders say, and keep the numbers."""
    numbers: list[int] = []
    while len(numbers) < SENDERS * EACH:
        told = listener.next()
        assert told is not None
        if told.get("ev") == "msg":
            numbers.append(told["seq"])
        listener.events.clear()
    seen.append(numbers)


def test_fifty_do_not_wait_for_one_who_does_not_read(chat: ChatServer) -> None:
    with ExitStack() as stack:
        silent = stack.enter_context(JsonClient(chat, "silent", buffer=4096))
        senders = [JsonClient(chat, f"sender-{number}") for number in range(SENDERS)]
        listeners = [JsonClient(chat, f"listener-{number}") for number in range(LISTENERS)]
        for client in (*senders, *listeners):
            stack.enter_context(client)
        memory = chat.memory
        slowest: list[float] = []
        seen: list[list[int]] = []
        threads = [threading.Thread(target=talk, args=(sender, slowest)) for sender in senders]
        threads += [threading.Thread(target=listen, args=(one, seen)) for one in listeners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Everybody got everything, in order, and nobody waited long for an acknowledgement.
        assert seen == [list(range(1, SENDERS * EACH + 1))] * LISTENERS
        assert len(slowest) == SENDERS
        assert max(slowest) < 5
        assert chat.memory - memory < 48 * MIB
        # What was said is more than waits for anybody: the one who did not read was closed.
        token = silent.token
        with suppress(ConnectionResetError):
            while silent.next() is not None:
                pass
    got = [event["seq"] for event in silent.events if event["ev"] == "msg"]
    assert got == list(range(1, len(got) + 1))
    assert len(got) < SENDERS * EACH
    again, reply = resumed(chat, token, {"#lobby": len(got)})
    with again:
        assert (reply["ok"], reply["you"]) == (True, "silent")
        again.settle()
        missed = [event["seq"] for event in again.events if event["ev"] == "msg"]
        assert got + missed == list(range(1, SENDERS * EACH + 1))


@pytest.mark.parametrize("mode", ["text", "json"])
def test_who_asks_for_history_and_does_not_read_it_is_closed(chat: ChatServer, mode: str) -> None:
    with JsonClient(chat, "bo") as bo:
        for number in range(200):
            bo.request("msg", text=f"{number} {LINE}")
        bo.settle()
        memory = chat.memory
        with (
            TextClient(chat, "ana", buffer=4096)
            if mode == "text"
            else JsonClient(chat, "ana", buffer=4096) as ana
        ):
            asked = b"/history 200\n" if mode == "text" else b'{"do":"history","limit":200}\n'
            for _ in range(1000):
                ana.send(asked)
            for number in range(400):
                assert bo.ask("msg", text=f"{number} {LINE}")["ok"]
            assert chat.memory - memory < 24 * MIB
            last = ana.to_the_end()[-1]
            assert b"You read too slowly" in last
            assert b"503" in last
    still_answers(chat)


@pytest.mark.parametrize("mode", ["text", "json"])
def test_a_large_page_reaches_a_slow_reader_whole(chat: ChatServer, mode: str) -> None:
    """Many lines, each with a long prefix, and characters that JSON escapes."""
    with JsonClient(chat, "n" * 32) as bo:
        room = "#" + "r" * 63
        bo.ask("join", room=room)
        text = "\n".join(['"\\' * 19] * 100)
        for _ in range(200):
            bo.request("msg", to=room, text=text)
        bo.settle()
        client: TextClient | JsonClient
        if mode == "text":
            client = TextClient(chat, "ana", buffer=4096)
        else:
            client = JsonClient(chat, "ana", buffer=4096)
        with client:
            asked = (
                f"/join {room}\n/history 200\n/ping\n"
                if mode == "text"
                else (
                    f'{{"do":"join","room":"{room}"}}\n{{"do":"history","limit":200}}\n{{"do":"ping"}}\n'
                )
            )
            client.send(asked.encode())
            # While nothing is read, others go on talking.
            for number in range(50):
                assert bo.ask("msg", to=room, text=f"live {number}")["ok"]
            client.send(b"/quit\n")
            lines = client.to_the_end()
    prefix = b"*** pong " if mode == "text" else b'{"re":null,"ok":true,"t":'
    pong = next(number for number, line in enumerate(lines) if line.startswith(prefix))
    live = [line for line in lines if b"live " in line]
    assert len(live) >= 50
    whole = b"".join(lines[:pong])
    assert whole.count(b'"\\' * 19 if mode == "text" else b'\\"\\\\' * 19) >= 200 * 100
    assert b"Goodbye" in lines[-1]
