"""Accounts and their secrets on a running server, by nc, telnet and JSON."""

from __future__ import annotations

import re
import stat
import subprocess
import time
from collections import Counter
from pathlib import Path

import pexpect
import pytest

from tests.acceptance.clients import JsonClient, TextClient, promptly, still_answers
from tests.acceptance.conftest import StartChat
from tests.acceptance.server import PATIENCE, ChatServer, until
from tests.programs import require_program

PASSWORD = "correct horse battery"


def by_nc(server: ChatServer, *lines: str) -> list[str]:
    """Return what nc gets for lines that are piped into it."""
    host, port = server.address
    done = subprocess.run(
        [require_program("nc"), "-N", host, str(port)],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout.splitlines()


def registered(server: ChatServer, nick: str, password: str = PASSWORD) -> JsonClient:
    """Return a client who has an account now."""
    client = JsonClient(server, nick)
    assert client.ask("register", password=password)["ok"]
    return client


def code_of(server: ChatServer) -> str:
    """Return the one-time code of a new server."""
    return (server.data / "claim_code").read_text("ascii").strip()


def files_with(text: str, *folders: Path) -> list[Path]:
    """Return the files that hold a text."""
    paths = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in paths if text.encode() in path.read_bytes()]


# Logging in


def test_it_all_works_piped_into_nc(chat: ChatServer) -> None:
    shown = by_nc(chat, "/nick ana", "/register", PASSWORD, "/token bot", "/logout", "/whois ana")
    token = next(word for line in shown for word in line.split() if word.startswith("t."))
    for line in (f"/login ana {PASSWORD}", f"/login ana {token}", f"/login ANA\n{PASSWORD}"):
        shown = by_nc(chat, line, "hello", "/sessions")
        assert any("You are ana" in line for line in shown), shown
        assert [line for line in shown if line.startswith("!E")] == []
    shown = by_nc(chat, "/login ana", "wrong", "/login ana", "", "/who")
    assert [line[:5] for line in shown if line.startswith("!E")] == ["!E401"]
    assert "*** Nothing was done." in shown


def test_over_telnet_a_password_is_not_to_be_seen(chat: ChatServer) -> None:
    registered(chat, "ana").close()
    host, port = chat.address
    telnet = pexpect.spawn(
        require_program("telnet"), [host, str(port)], timeout=PATIENCE, encoding="utf-8"
    )
    try:
        telnet.expect("Here")
        telnet.send("\x1d")
        telnet.expect("telnet> ")
        telnet.sendline("send ayt")
        telnet.sendline("/login ana")
        telnet.expect(r"Password for ana:\r\n")
        # The terminal is told apart from the line: until telnet has done what it was asked to.
        until(lambda: not telnet.getecho(), "the echo is off")
        telnet.sendline(PASSWORD)
        telnet.expect("You are ana")
        assert PASSWORD not in telnet.before
        until(telnet.getecho, "the echo is on again")
    finally:
        telnet.close(force=True)


def test_an_account_outlives_a_restart_and_a_crash(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana:
        token = ana.ask("token", label="bot")["token"]
        assert ana.ask("passwd", old=PASSWORD, new="another one")["ok"]
    chat.kill()
    chat.restart()
    chat.stop()
    chat.restart()
    for secret, right in (("another one", True), (token, True), (PASSWORD, False)):
        with JsonClient(chat) as client:
            assert client.ask("login", name="ana", password=secret)["ok"] is right


def test_no_secret_is_in_any_file(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana:
        token = ana.ask("token", label="bot")["token"]
        ana.ask("passwd", old=PASSWORD, new="an0ther secret")
        ana.ask("login", name="ana", password="wr0ng secret")
        assert ana.ask("claim", code=code_of(chat))["ok"]
        ana.ask("reset", name="ana", password="th1rd secret")
    chat.stop()
    for secret in (PASSWORD, token, "an0ther secret", "wr0ng secret", "th1rd secret"):
        assert files_with(secret, chat.home) == [], secret


def test_two_who_take_the_same_name_at_once(chat: ChatServer) -> None:
    clients = [JsonClient(chat) for _ in range(8)]
    asked = [client.request("register", password=PASSWORD, name="ana") for client in clients]
    replies = [client.reply(ident) for client, ident in zip(clients, asked, strict=True)]
    assert Counter(reply.get("code", 0) for reply in replies) == {0: 1, 210: 7}
    winner = next(c for c, reply in zip(clients, replies, strict=True) if reply["ok"])
    assert winner.ask("whois", nick="ana")["account"] == "ana"
    for client in clients:
        client.close()


# Guessing


def test_a_thousand_wrong_passwords(chat: ChatServer) -> None:
    registered(chat, "ana").close()
    started, codes = time.monotonic(), Counter[int]()
    with JsonClient(chat) as client:
        for number in range(1000):
            codes[client.ask("login", name="ana", password=f"guess {number}")["code"]] += 1
        assert codes == {401: 5, 429: 995}
        promptly(started, 10)
        reply = client.ask("login", name="ana", password=PASSWORD)
        assert reply["code"] == 429
        assert 800 < reply["wait"] <= 900


def test_one_may_try_again_after_a_while(start_chat: StartChat) -> None:
    chat = start_chat("--rate", "off", "--login-tries", "2/0.02")
    registered(chat, "ana").close()
    with JsonClient(chat) as client:
        codes = [client.ask("login", name="ana", password="x")["code"] for _ in range(3)]
        assert codes == [401, 401, 429]

        def in_at_last() -> bool:
            return bool(client.ask("login", name="ana", password=PASSWORD)["ok"])

        until(in_at_last, "one may try again")


def test_names_that_do_not_exist_take_as_long(start_chat: StartChat) -> None:
    chat = start_chat("--rate", "off", "--login-tries", "off")
    registered(chat, "ana").close()
    with JsonClient(chat) as client:

        def took(name: str) -> float:
            started = time.monotonic()
            assert client.ask("login", name=name, password="x")["code"] == 401
            return time.monotonic() - started

        times = {name: sorted(took(name) for _ in range(9)) for name in ("ana", "nobody", "a b")}
    middle = {name: each[4] for name, each in times.items()}
    assert max(middle.values()) < 2 * min(middle.values()), middle


def test_others_are_served_while_passwords_are_hashed(start_chat: StartChat) -> None:
    chat = start_chat("--rate", "off", "--login-tries", "off")
    guessing = [JsonClient(chat) for _ in range(20)]
    with JsonClient(chat) as other:
        asked = [client.request("login", name="ana", password="x") for client in guessing]
        waits = []
        for _ in range(50):
            started = time.monotonic()
            assert other.ask("ping")["ok"]
            waits.append(time.monotonic() - started)
    codes = [client.reply(ident)["code"] for client, ident in zip(guessing, asked, strict=True)]
    assert codes == [401] * 20
    assert sorted(waits)[25] < 0.05, waits
    for client in guessing:
        client.close()


def test_too_many_at_once_do_no_harm(start_chat: StartChat) -> None:
    chat = start_chat("--rate", "off", "--login-tries", "off")
    clients = [JsonClient(chat) for _ in range(100)]
    before = chat.memory
    asked = [client.request("login", name="ana", password="x") for client in clients]
    codes = Counter(c.reply(ident)["code"] for c, ident in zip(clients, asked, strict=True))
    assert set(codes) == {401, 503}
    assert codes[401] >= 66
    # Two at a time, 64 MiB each.
    assert chat.memory - before < 256 * 1024 * 1024
    for client in clients:
        client.close()
    still_answers(chat)


def test_the_end_does_not_wait_for_those_who_log_in(chat: ChatServer) -> None:
    clients = [JsonClient(chat) for _ in range(60)]
    for client in clients:
        client.request("register", password=PASSWORD)
    started = time.monotonic()
    assert chat.stop() == 0
    promptly(started, 4)
    for client in clients:
        client.close()


# The first administrator


def test_a_new_server_has_a_code(chat: ChatServer) -> None:
    path = chat.data / "claim_code"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    code = code_of(chat)
    assert chat.log.count(code) == 1
    assert re.search(rf"/register, then /claim {code}", chat.log)
    chat.stop()
    chat.restart()
    assert code_of(chat) == code
    with registered(chat, "ana") as ana:
        assert ana.ask("claim", code="WRONG-WRONG-WRONG-WRONG")["code"] == 401
        assert ana.ask("claim", code=code)["role"] == "admin"
        until(lambda: not path.exists(), "the code is gone")
    chat.stop()
    chat.restart()
    assert not path.exists()
    assert chat.log.count(code) == 2
    with JsonClient(chat) as client:
        assert client.ask("login", name="ana", password=PASSWORD)["role"] == "admin"


@pytest.fixture
def admin(start_chat: StartChat, tmp_path: Path) -> tuple[ChatServer, JsonClient, Path]:
    """Return a server with a configuration, its administrator, and its words of welcome."""
    motd, config = tmp_path / "motd", tmp_path / "chat.toml"
    motd.write_text("Old words")
    config.write_text(f'motd = "{motd}"\nrate = "off"')
    chat = start_chat("--config", str(config))
    client = registered(chat, "ana")
    assert client.ask("claim", code=code_of(chat))["ok"]
    return chat, client, motd


def test_words_of_welcome_are_read_again(admin: tuple[ChatServer, JsonClient, Path]) -> None:
    chat, client, motd = admin
    motd.write_text("New words\x1b[2J")
    assert client.ask("reload")["ok"]
    with TextClient(chat, "bo") as bo:
        assert "*** New words[2J" in bo.seen
    motd.unlink()
    refused = client.ask("reload")
    assert refused["code"] == 104
    assert "motd" in refused["text"]
    client.close()


def test_an_administrator_stops_the_server(admin: tuple[ChatServer, JsonClient, Path]) -> None:
    chat, client, _ = admin
    with TextClient(chat, "bo") as bo:
        client.ask("shutdown", seconds=1, why="upgrade")
        assert "upgrade" in bo.expect("^!E503 ")
        assert bo.line() is None
    assert client.find(ev="bye")["retry"] == 5
    assert chat.wait() == 0
    client.close()
