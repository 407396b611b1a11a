"""Flood control as it is by default: ten at once, then two a second, then a refusal."""

from __future__ import annotations

import time

from tests.acceptance.clients import Event, JsonClient, TextClient, promptly
from tests.acceptance.conftest import StartChat

AT_ONCE, PER_SECOND, PATIENCE = 10, 2, 5
DELAYED = PER_SECOND * PATIENCE


def test_ten_at_once_then_two_a_second_then_no_more(start_chat: StartChat) -> None:
    server = start_chat()
    with JsonClient(server) as ana, JsonClient(server) as bo:
        assert bo.ask("ping")["ok"]
        started = time.monotonic()
        # In one piece, so that all of it comes in at one time.
        asked = range(1, 31)
        ana.send(b"".join(b'{"do":"msg","id":%d,"text":"message %d"}\n' % (n, n) for n in asked))
        replies: list[Event] = []
        times: list[float] = []
        while len(replies) < len(asked):
            told = ana.next()
            assert told is not None
            if "re" in told:
                replies.append(told)
                times.append(time.monotonic() - started)
        assert [reply["re"] for reply in replies] == list(asked)
        taken = AT_ONCE + DELAYED
        assert [reply["ok"] for reply in replies] == [True] * taken + [False] * (30 - taken)
        assert times[AT_ONCE - 1] < 1
        for number, moment in enumerate(times[AT_ONCE:taken], 1):
            assert number / PER_SECOND - 0.1 < moment < number / PER_SECOND + 1
        for reply in replies[taken:]:
            assert (reply["code"], reply["name"]) == (429, "SLOW_DOWN")
            assert 1 <= reply["wait"] <= PATIENCE + 1
            assert f"Wait {reply['wait']} s" in reply["text"]
        # Another one was not held up by any of that, and who waits as told is served.
        assert bo.ask("ping")["ok"]
        time.sleep(replies[-1]["wait"])
        asked_again = time.monotonic()
        assert ana.ask("msg", text="at last")["ok"]
        promptly(asked_again, 1)
        texts = [event["text"] for event in bo.history("#lobby")]
    assert texts == [f"message {number}" for number in range(1, taken + 1)] + ["at last"]


def test_a_person_who_pastes_too_much_reads_so(start_chat: StartChat) -> None:
    server = start_chat("--rate", "3/2")
    with TextClient(server, "ana") as ana, JsonClient(server, "bo") as bo:
        ana.say("\n".join(f"line {number}" for number in range(20)))
        refusal = ana.expect("!E429")
        assert refusal.startswith("!E429 Too fast: a command was dropped. Wait ")
        assert [event["text"] for event in bo.settle() if event["ev"] == "msg"] == [
            f"line {number}" for number in range(12)
        ]
        ana.say("/quit")
        assert b"Goodbye" in ana.to_the_end()[-1]
