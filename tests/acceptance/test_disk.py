"""A disk that takes nothing more: refused, not lost, and taken up again when it recovers."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import pytest

from tests.acceptance.clients import JsonClient, TextClient, Wire, resumed
from tests.acceptance.server import ChatServer, until

FAILING = "The server cannot write to its disk just now."
FAILED = "the store does not take it"
LINE = "x" * 1000


def limit_files(server: ChatServer, size: int) -> None:
    """Let no file of the server grow beyond ``size`` bytes: writing fails as on a full disk."""
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture(autouse=True)
def _reader(chat: ChatServer) -> Iterator[None]:
    """Have the database's log grow with each commit, as long as somebody needs what is in it."""
    path = f"file:{chat.data / 'chat.db'}?mode=ro"
    with closing(sqlite3.connect(path, uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        yield


@contextmanager
def full_disk(server: ChatServer) -> Iterator[None]:
    """Let the database's log grow no more; the server's own log is shorter than that."""
    limit_files(server, (server.data / "chat.db-wal").stat().st_size)
    try:
        yield
    finally:
        limit_files(server, resource.RLIM_INFINITY)


def failed(server: ChatServer, before: int = 0) -> bool:
    """Return whether another commit has failed."""
    return server.log.count(FAILED) > before


def recovered(client: JsonClient) -> None:
    """Wait until the server takes commands again."""
    until(lambda: client.ask("ping")["ok"], "the server recovers")


def test_it_refuses_while_it_fails_and_recovers_by_itself(chat: ChatServer) -> None:
    with (
        JsonClient(chat, "ana") as ana,
        JsonClient(chat, "bo") as bo,
        TextClient(chat, "cy") as cy,
    ):
        for number in range(200):
            assert ana.ask("msg", text=f"{number} {LINE}")["ok"]
        bo.settle()
        cy.settle()
        with full_disk(chat):
            waiting = ana.request("msg", text="waits", nonce="n-1")
            until(lambda: failed(chat), "a commit fails")
            # From now on nothing new is taken, and nobody is shown what is not on disk.
            refused = bo.ask("msg", text="refused")
            assert (refused["code"], refused["name"]) == (503, "UNAVAILABLE")
            assert refused["text"] == FAILING
            cy.say("refused, too")
            assert cy.expect("!E") == f"!E503 {FAILING} Try: The same again in 5 s"
            with Wire(chat) as late:
                assert late.to_the_end() == [f"!E503 {FAILING} Try: The same again in 5 s".encode()]
            with JsonClient(chat) as later:
                later.request("who")
                assert later.next() == {"ev": "bye", "code": 503, "text": FAILING, "retry": 5}
                assert later.next() is None
            assert not bo.ask("ping")["ok"]
            assert [event for event in bo.events if event.get("text") == "waits"] == []
        recovered(bo)
        assert ana.reply(waiting)["seq"] == 201
        assert bo.find(ev="msg", text="waits")["seq"] == 201
        assert cy.expect("waits") == "[#lobby] <ana> waits"
        # Sent again, as a client does that was not answered in time: still the first one.
        assert ana.ask("msg", text="waits", nonce="n-1")["seq"] == 201
        assert bo.ask("msg", text="after")["seq"] == 202
        texts = [event["text"] for event in bo.history("#lobby")]
        assert texts == [*(f"{number} {LINE}" for number in range(200)), "waits", "after"]
        assert "the store works again" in chat.log


def test_nothing_is_lost_or_doubled_when_it_fails_again_and_again(chat: ChatServer) -> None:
    acknowledged: dict[int, str] = {}
    with JsonClient(chat, "ana") as ana, JsonClient(chat, "bo") as bo:
        for number in range(60):
            acknowledged[ana.ask("msg", text=f"first {number} {LINE}")["seq"]] = f"first {number}"
        for time in range(4):
            with full_disk(chat):
                failures = chat.log.count(FAILED)
                asked = {ana.request("msg", text=f"{time}.{n} {LINE}"): n for n in range(30)}
                until(partial(failed, chat, failures), "a commit fails")
            recovered(bo)
            for ident, number in asked.items():
                reply = ana.reply(ident)
                if reply["ok"]:
                    acknowledged[reply["seq"]] = f"{time}.{number}"
                else:
                    assert reply["code"] == 503
        bo.settle()
        kept = {
            event["seq"]: event["text"].removesuffix(f" {LINE}") for event in bo.history("#lobby")
        }
        shown = [(event["seq"], event["text"]) for event in bo.events if event["ev"] == "msg"]
    assert kept == acknowledged
    assert list(kept) == list(range(1, len(kept) + 1))
    assert [seq for seq, _ in shown] == list(kept)


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "killed"])
def test_what_was_acknowledged_outlives_a_stop_while_it_fails(chat: ChatServer, kill: bool) -> None:
    with JsonClient(chat, "ana") as ana:
        token = ana.token
        for number in range(50):
            assert ana.ask("msg", text=f"{number} {LINE}")["ok"]
        with full_disk(chat):
            ana.request("msg", text="waits", nonce="n-1")
            until(lambda: failed(chat), "a commit fails")
            if kill:
                chat.kill()
            else:
                assert chat.stop() == 0
                assert ana.find(ev="bye")["code"] == 503
            chat.restart()
    ana, reply = resumed(chat, token, {"#lobby": 50})
    with ana:
        assert reply["you"] == "ana"
        assert ana.ask("msg", text="waits", nonce="n-1")["seq"] == 51
        texts = [event["text"] for event in ana.history("#lobby")]
    assert texts == [*(f"{number} {LINE}" for number in range(50)), "waits"]
