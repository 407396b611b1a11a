"""The chatd command beside a real server, and a real server on what it made."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from tests.acceptance.clients import JsonClient
from tests.acceptance.conftest import StartChat
from tests.acceptance.server import ChatServer, free_port, until
from tests.tools.command import chatd, done

SECRET = "only-for-your-eyes"


def talk(chat: ChatServer) -> None:
    """Have two people do all that leaves something behind."""
    with JsonClient(chat, "ana") as ana, JsonClient(chat, "bo") as bo:

        def must(client: JsonClient, do: str, **keys: object) -> None:
            reply = client.ask(do, **keys)
            assert reply["ok"], reply

        must(ana, "register", password="ana's password")
        must(bo, "register", password="bo's password")
        must(ana, "claim", code=(chat.data / "claim_code").read_text())
        for client in (ana, bo):
            must(client, "join", room="#ops")
        must(ana, "msg", text="the walrus has landed", to="#ops", nonce="n1")
        must(bo, "reply", seq=1, text="ana: seen it", to="#ops")
        must(bo, "react", seq=1, emoji="👍", to="#ops")
        must(bo, "msg", text="a tyop", to="#ops")
        must(bo, "edit", seq=4, text="a typo", to="#ops")
        must(ana, "msg", text="not for long", to="#ops")
        must(ana, "del", seq=6, to="#ops")
        must(ana, "topic", room="#ops", text="all about walruses")
        must(ana, "pin", seq=1, room="#ops")
        must(ana, "me", text="waves", to="#ops")
        must(ana, "mute", nick="bo", room="#ops", time="10m", why="noise")
        must(ana, "set", room="#ops", option="private", value="on")
        must(ana, "whisper", room="#ops", nick="bo", text="psst")
        must(ana, "once", nick="bo", text=SECRET)
        must(ana, "token", label="laptop")
        must(bo, "ignore", nick="ana")


def test_beside_a_server_that_people_use(start_chat: StartChat, tmp_path: Path) -> None:
    chat = start_chat("--rate", "off")
    talk(chat)
    assert done("verify", "--data", chat.data).endswith("no problem\n")
    found = done("doctor", "--data", chat.data, "--port", str(chat.port))
    assert f"port {chat.port} is listened on" in found
    done("export", "--data", chat.data, "--format", "both", tmp_path / "out")
    text = (tmp_path / "out" / "chat.jsonl").read_text("utf-8")
    assert SECRET not in text
    assert "not for long" not in text
    assert "the walrus has landed" in text
    (room,) = (tmp_path / "out").glob("*-ops/index.html")
    assert "the walrus has landed" in room.read_text("utf-8")
    done("backup", "--data", chat.data, tmp_path / "copy")
    refused = chatd("passwd", "--data", chat.data, "ana", typed="x")
    assert (refused.returncode, "a server uses" in refused.stderr) == (1, True)
    assert chat.stop() == 0
    assert done("verify", "--data", chat.data).endswith("no problem\n")
    assert "FAIL" not in done("doctor", "--data", chat.data, "--port", str(free_port()))


def test_what_was_viewed_is_in_no_backup_made_later(start_chat: StartChat, tmp_path: Path) -> None:
    chat = start_chat("--rate", "off")
    talk(chat)
    with JsonClient(chat) as bo:
        assert bo.ask("login", name="bo", password="bo's password")["ok"]
        assert bo.ask("view", seq=2, to="@ana")["text"] == SECRET
        done("backup", "--data", chat.data, tmp_path / "copy")
        done("export", "--data", chat.data, tmp_path / "out")
    assert SECRET.encode() not in (tmp_path / "copy").read_bytes()
    assert SECRET.encode() not in (tmp_path / "out").read_bytes()
    assert done("verify", "--data", chat.data).endswith("no problem\n")


def test_a_server_goes_on_with_a_backup(start_chat: StartChat, tmp_path: Path) -> None:
    chat = start_chat("--rate", "off")
    talk(chat)
    done("backup", "--data", chat.data, tmp_path / "copy")
    with JsonClient(chat, "cy") as cy:
        assert cy.ask("msg", text="after the backup", to="#lobby")["ok"]
    assert chat.stop() == 0
    done("restore", "--data", chat.data, tmp_path / "copy")
    done("passwd", "--data", chat.data, "ana", typed="quite another\n")
    chat.restart()
    with JsonClient(chat) as ana:
        assert not ana.ask("login", name="ana", password="ana's password")["ok"]
        reply = ana.ask("login", name="ana", password="quite another")
        assert (reply["ok"], reply["role"]) == (True, "admin")
        assert [event["ev"] for event in ana.history("#ops")][:3] == ["msg", "msg", "react"]
        assert found(ana, "walrus", "#ops") == ["the walrus has landed"]
        assert found(ana, "backup", "#lobby") == []
        assert [act["action"] for act in ana.ask("audit")["audit"]][-1] == "passwd"
    assert done("verify", "--data", chat.data).endswith("no problem\n")


def found(client: JsonClient, words: str, to: str) -> list[str]:
    """Return the texts that a search finds when the index holds everything."""
    indexed = client.ask("search", words=words, to=to)
    assert indexed["ok"], indexed
    return [hit["text"] for hit in indexed["page"]]


def test_a_server_goes_on_with_an_import(start_chat: StartChat, tmp_path: Path) -> None:
    chat = start_chat("--rate", "off")
    talk(chat)
    done("export", "--data", chat.data, tmp_path / "all")
    assert chat.stop() == 0
    other = ChatServer(tmp_path, "--rate", "off")
    done("import", "--data", other.data, tmp_path / "all")
    with other:
        with JsonClient(other) as ana:
            assert ana.ask("login", name="ana", password="ana's password")["ok"]
            assert ana.ask("topic", room="#ops")["topic"] == "all about walruses"
            until(lambda: found(ana, "walrus", "#ops"), "the index holds it")
            assert found(ana, "walrus", "#ops") == ["the walrus has landed"]
            texts = [event.get("text") for event in ana.history("#ops") if event["ev"] == "msg"]
            assert texts == ["the walrus has landed", "ana: seen it", "a typo", None, "waves"]
        assert done("verify", "--data", other.data).endswith("no problem\n")
        assert other.stop() == 0
    done("export", "--data", other.data, tmp_path / "again")
    events = [
        [line for line in file.read_text("utf-8").splitlines() if '{"is":"event"' in line]
        for file in (tmp_path / "all", tmp_path / "again")
    ]
    assert events[0] == events[1]
    assert other.trouble == []


def test_a_backup_under_load_has_all_that_was_acknowledged(
    start_chat: StartChat, tmp_path: Path
) -> None:
    chat = start_chat("--rate", "off")
    acknowledged = [0] * 4
    over = threading.Event()

    def chatter(number: int) -> None:
        with JsonClient(chat, f"talker{number}") as client:
            assert client.ask("join", room=f"#room{number}")["ok"]
            while not over.is_set():
                for ident in [client.request("msg", text=f"line {n}") for n in range(20)]:
                    acknowledged[number] = client.reply(ident)["seq"]

    threads = [threading.Thread(target=chatter, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        before = []
        for number in range(4):
            until(lambda: min(acknowledged) > 200 * (number + 1), "they talk")  # noqa: B023
            before.append(list(acknowledged))
            done("backup", "--data", chat.data, tmp_path / f"copy-{number}")
        assert done("verify", "--data", chat.data).endswith("no problem\n")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    for number, acknowledged_then in enumerate(before):
        new = tmp_path / f"new-{number}"
        done("restore", "--data", new, tmp_path / f"copy-{number}")
        assert done("verify", "--data", new).endswith("no problem\n")
        done("export", "--data", new, tmp_path / f"out-{number}")
        kept = newest(tmp_path / f"out-{number}")
        assert [kept[f"#room{n}"] >= seq for n, seq in enumerate(acknowledged_then)] == [True] * 4


def newest(export: Path) -> dict[str, int]:
    """Return the newest event of each room in an export."""
    lines = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    names = {line["conversation"]: line["name"] for line in lines if line["is"] == "conversation"}
    return {names[line["conversation"]]: line["seq"] for line in lines if line["is"] == "event"}
