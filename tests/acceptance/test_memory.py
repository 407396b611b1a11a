"""What the server remembers, for whom, and what it forgets for good."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.clients import JsonClient, TextClient
from tests.acceptance.conftest import StartChat
from tests.acceptance.server import ChatServer, environment, until
from tests.acceptance.test_accounts import logged_in, registered

SECRET = "the-combination-is-4711"


@pytest.fixture
def chat(start_chat: StartChat) -> ChatServer:
    return start_chat("--rate", "off")


def run_chatd(server: ChatServer, *arguments: str) -> None:
    """Run the administrators' command on the server's data."""
    command = [sys.executable, "-m", "chatd.tools", *arguments, "--data", str(server.data)]
    subprocess.run(command, env=environment(), check=True, capture_output=True, timeout=60)


def files_with(folder: Path, text: str) -> list[str]:
    """Return the files anywhere in ``folder`` that hold ``text``."""
    wanted = text.encode()
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and wanted in path.read_bytes()
    )


# What strangers find


def test_a_stranger_finds_nothing_of_a_private_room(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana, registered(chat, "bo") as bo, JsonClient(chat) as cy:
        assert ana.ask("join", room="#vault")["ok"]
        assert ana.ask("set", room="#vault", option="private", value="on")["ok"]
        assert ana.ask("topic", room="#vault", text="the xyzzy plan")["ok"]
        assert ana.ask("msg", to="#vault", text="bo, the word is xyzzy")["ok"]
        assert ana.ask("msg", to="#lobby", text="nothing to see")["ok"]
        for stranger in (bo, cy):
            assert stranger.ask("search", words="xyzzy")["page"] == []
            assert stranger.ask("search", words="xyzzy in:#vault")["code"] == 301
            assert stranger.ask("history", to="#vault")["code"] == 301
            assert stranger.ask("who", room="#vault")["code"] == 301
            assert stranger.ask("topic", room="#vault")["code"] == 301
            assert stranger.ask("msg", to="#vault", text="hi")["code"] == 301
            assert stranger.ask("join", room="#vault")["code"] == 302
            assert [room["room"] for room in stranger.ask("list")["rooms"]] == ["#lobby"]
            assert stranger.ask("whois", nick="ana")["rooms"] == ["#lobby"]
            assert "vault" not in stranger.ask("who", room="#vaul")["text"]
            assert not [event for event in stranger.settle() if "vault" in str(event)]
        assert bo.ask("mentions")["page"] == []
        assert [event["in"] for event in ana.ask("search", words="xyzzy")["page"]] == ["#vault"]


def test_words_are_found_by_all_filters(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana, JsonClient(chat, "bo") as bo:
        assert ana.ask("join", room="#ops")["ok"]
        assert bo.ask("join", room="#ops")["ok"]
        ana.ask("msg", to="#lobby", text="Deploy at noon")
        ana.ask("msg", to="#ops", text="the deploy is over, Müller")
        number = bo.ask("msg", to="#ops", text="over the top deploy")["seq"]
        bo.ask("msg", to="@ana", text="deploy in private")

        def found(words: str) -> list[str]:
            return [event["text"] for event in ana.ask("search", words=words)["page"]]

        assert len(found("deploy")) == 4
        assert found("DEPLOY in:#lobby") == ["Deploy at noon"]
        assert found('"deploy is over"') == ["the deploy is over, Müller"]
        assert found("muller") == ["the deploy is over, Müller"]
        assert found("over from:bo") == ["over the top deploy"]
        assert found("depl* in:@bo") == ["deploy in private"]
        assert found("deploy before:2020-01-01") == []
        assert len(found("deploy after:2020-01-01")) == 4
        for hostile in ('"', "AND OR NOT", "deploy)", "text:deploy", "x' OR 1=1 --", "NEAR(a b)"):
            assert ana.ask("search", words=hostile).get("code", 104) == 104
        assert bo.ask("edit", to="#ops", seq=number, text="something else")["ok"]
        assert len(found("deploy")) == 3
        assert found("something") == ["something else"]
        assert bo.ask("del", to="#ops", seq=number)["ok"]
        assert found("something") == []


# What is forgotten


@pytest.mark.parametrize("size", [1, 150])
def test_what_was_viewed_once_is_nowhere(chat: ChatServer, tmp_path: Path, size: int) -> None:
    text = " ".join([SECRET] * size)
    with registered(chat, "ana") as ana, registered(chat, "bo") as bo:
        number = ana.ask("once", nick="bo", text=text)["seq"]
        assert files_with(chat.data, SECRET) != []
        event = bo.find(ev="once", in_="@ana", seq=number)
        assert SECRET not in str(event)
        assert SECRET not in str(bo.ask("history", to="@ana"))
        assert bo.ask("search", words=SECRET)["page"] == []
        assert ana.ask("view", seq=number, to="@bo")["code"] == 331
        viewed = bo.ask("view", seq=number, to="@ana")
        assert (viewed["text"], viewed["from"]) == (text, "ana")
        assert ana.find(ev="viewed", in_="@bo", seq=number)
        assert bo.ask("view", seq=number, to="@ana")["code"] == 331
        until(lambda: files_with(chat.data, SECRET) == [], "it is erased from all files")
        (event,) = (e for e in ana.ask("history", to="@bo")["page"] if e["ev"] == "once")
        assert event["viewed"] is True
        run_chatd(chat, "backup", str(tmp_path / "copy.db"))
        run_chatd(chat, "export", "--all", str(tmp_path / "export"))
    chat.stop()
    assert files_with(tmp_path, SECRET) == []


def test_a_deleted_message_has_no_text_for_anybody(chat: ChatServer) -> None:
    with JsonClient(chat, "ana") as ana, JsonClient(chat, "bo") as bo:
        number = ana.ask("msg", text=f"oops {SECRET}")["seq"]
        assert ana.ask("edit", seq=number, text=f"still {SECRET}")["ok"]
        assert ana.ask("del", seq=number)["ok"]
        assert bo.find(ev="delete", of=number)["by"] == "ana"
        assert SECRET not in str(bo.history("#lobby"))
        assert bo.ask("search", words=SECRET)["page"] == []
        with TextClient(chat, "late") as late:
            late.say("/history")
            late.expect("events? of #lobby")
            assert not [line for line in late.seen if SECRET in line]


def test_what_is_too_old_leaves_the_disk(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana:
        assert ana.ask("join", room="#log")["ok"]
        for ident in [ana.request("msg", to="#log", text=f"{SECRET} {n}") for n in range(300)]:
            newest = ana.reply(ident)["seq"]
        assert ana.ask("set", room="#log", option="retain", value="1s")["ok"]
        until(lambda: files_with(chat.data, f"{SECRET} 7") == [], "old messages are erased", 20)
        assert ana.ask("search", words=f'"{SECRET} 7"')["page"] == []
        assert ana.ask("set", room="#log", option="retain", value="off")["seq"] > newest
    chat.kill()
    chat.restart()
    with logged_in(chat, "ana") as ana:
        assert ana.ask("msg", to="#log", text="on it goes")["seq"] > newest
