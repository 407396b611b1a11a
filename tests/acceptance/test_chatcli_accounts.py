"""Accounts in the real client, in a real terminal, with the real server."""

from __future__ import annotations

import json
import shlex
import stat
import tomllib
from collections.abc import Iterator

import pytest

from tests.acceptance.clients import JsonClient, TextClient
from tests.acceptance.conftest import Open
from tests.acceptance.people import PASSWORD, ana_at, say, two_accounts
from tests.acceptance.safe import PLACE, Safe
from tests.acceptance.server import ChatServer, until
from tests.acceptance.terminal import CHATCLI

TOKEN = "CHATCLI_TOKEN"


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return bo, an account at a program; ana has an account, and has left."""
    with two_accounts(chat) as bo:
        yield bo


# Logging in


def test_one_registers_and_is_asked_for_the_password_the_next_time(
    terminal: Open, chat: ChatServer
) -> None:
    ana = terminal()
    ana.chat(chat.port, "--nick", "ana")
    ana.enter("/register")
    ana.see("New password:")
    ana.type(PASSWORD)
    screen = ana.see("•" * len(PASSWORD))
    assert "horse" not in screen
    ana.press("Enter")
    ana.see("The same again:")
    ana.enter(PASSWORD)
    ana.see("You are the account ana from now on.")
    ana.enter("/quit")
    assert ana.left() == "0"
    (file,) = ana.settings.rglob("*.toml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = tomllib.loads(file.read_text("utf-8"))
    assert told["profiles"] == [{"host": "127.0.0.1", "port": chat.port, "name": "ana"}]
    assert told["server"] == f"127.0.0.1:{chat.port}"
    ana.press("C-l")
    # Neither name nor server are needed any more.
    ana.start_chatcli()
    ana.see("Password or token of ana:")
    ana.enter(PASSWORD)
    ana.see("● ana", "#lobby›")
    assert "horse" not in ana.everything


def test_a_wrong_password_is_asked_for_again(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = terminal()
    ana.start_chatcli(f"127.0.0.1:{chat.port}", "--login", "ana")
    ana.see("Password or token of ana:")
    ana.enter("wrong one")
    ana.see("That name and password do not fit", "guest-")
    ana.see("Password or token of ana:")
    ana.enter(PASSWORD)
    ana.see("You are logged in as ana.", "● ana")
    everything = ana.everything
    assert "horse" not in everything
    assert "wrong one" not in everything


def test_who_does_not_tell_the_password_is_a_guest(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = terminal()
    ana.start_chatcli(f"127.0.0.1:{chat.port}", "--login", "ana")
    ana.see("Password or token of ana:")
    ana.press("Escape")
    ana.see("● guest-", "#lobby›")


def test_a_secret_that_is_typed_is_masked_and_not_remembered(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = terminal()
    ana.chat(chat.port)
    ana.type(f"/login ana {PASSWORD}")
    screen = ana.see(f"/login ana {'•' * len(PASSWORD)}")
    assert "horse" not in screen
    ana.press("Enter")
    ana.see("You are logged in as ana.")
    ana.enter("/who")
    ana.see("2 people on the server:")
    ana.press("C-Up")
    ana.see("#lobby› /who")
    ana.press("C-Up", "C-Up")
    ana.see("#lobby› /who")
    assert "horse" not in ana.everything


def test_a_token_from_the_environment_logs_in(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    token = bo.ask("token", label="chatcli")["token"]
    visitor = terminal()
    program = f"{TOKEN}={shlex.quote(token)} {CHATCLI}"
    visitor.start_chatcli(f"127.0.0.1:{chat.port}", "--login", "bo", program=program)
    visitor.see("● bo", "#lobby›")
    assert bo.ask("whois", nick="bo")["sessions"] == 2
    stored = [path.read_bytes() for path in visitor.settings.rglob("*") if path.is_file()]
    assert stored
    assert not any(token.encode() in each for each in stored)


def test_a_token_needs_a_name(terminal: Open, chat: ChatServer) -> None:
    visitor = terminal()
    visitor.start_chatcli(f"127.0.0.1:{chat.port}", program=f"{TOKEN}=t.x {CHATCLI}")
    assert visitor.left() == "1"
    assert visitor.stderr == f"chatcli does not know whose token {TOKEN} is. Try: --login NAME\n"


def test_with_a_keyring_one_is_asked_only_once(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = terminal()
    safe = ana.settings.parent / "safe.json"
    backend = f"{Safe.__module__}.{Safe.__qualname__}"
    program = f"PYTHON_KEYRING_BACKEND={backend} {PLACE}={safe} {CHATCLI}"
    ana.start_chatcli(f"127.0.0.1:{chat.port}", "--login", "ana", program=program)
    ana.see("Password or token of ana:")
    ana.enter(PASSWORD)
    ana.see("A token is kept in your keyring")
    (entry,) = json.loads(safe.read_text("utf-8")).items()
    assert entry[0] == f"chatcli ana@127.0.0.1:{chat.port}"
    label, token = entry[1].split()
    assert label.startswith("chatcli-")
    ana.enter("/quit")
    assert ana.left() == "0"
    ana.press("C-l")
    ana.start_chatcli(program=program)
    ana.see("● ana", "#lobby›")
    assert token not in ana.everything
    # Made worthless elsewhere, it is forgotten, and the password is asked for.
    with JsonClient(chat) as other:
        assert other.ask("login", name="ana", password=PASSWORD)["ok"]
        assert other.ask("revoke", label=label)["ok"]
    ana.see("Your token was revoked.", "offline: /reconnect")
    ana.enter("/reconnect")
    ana.see("Password or token of ana:")
    ana.enter(PASSWORD)
    ana.see("You are logged in as ana.", "A token is kept in your keyring")
    ana.enter("/logout")
    ana.see("You are a guest now")
    until(lambda: safe.read_text("utf-8") == "{}", "the keyring is empty")


# One person at several places


def test_one_account_at_chatcli_and_nc_and_json_at_once(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    with TextClient(chat, "visitor") as nc, JsonClient(chat, "other") as json_:
        nc.say(f"/login ana {PASSWORD}")
        nc.expect(r"^\*\*\* You are ana")
        assert json_.ask("login", name="ana", password=PASSWORD)["ok"]
        ana.see("2 people")
        nc.say("from nc")
        ana.see("ana │ from nc")
        ana.enter("from chatcli")
        nc.expect(r"^\[#lobby\] <ana> from chatcli$")
        # What one joins, reads and leaves, all do.
        nc.say("/join #ops")
        ana.see("#ops")
        assert "#lobby›" in ana.screen
        seq = say(bo, "psst", "@ana")
        ana.see("1!")
        assert json_.ask("read", to="@bo", seq=seq)["ok"]
        ana.see_no("1!")
        nc.say("/part #ops")
        ana.see("You left #ops.")


def test_what_is_looked_at_is_read_everywhere(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    with JsonClient(chat) as other:
        assert other.ask("login", name="ana", password=PASSWORD)["ok"]
        seq = say(bo, "to all")
        ana.see("bo │ to all")
        assert other.find(ev="read", in_="#lobby", seq=seq)


def test_who_looks_elsewhere_has_read_nothing(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    ana = ana_at(terminal, chat)
    with JsonClient(chat) as other:
        assert other.ask("login", name="ana", password=PASSWORD)["ok"]
        # What a terminal sends that loses the focus, and gets it again.
        ana.type("\x1b[O")
        ana.enter("/ping")
        ana.see("The server is there.")
        seq = say(bo, "unseen")
        ana.see("── new ──", "bo │ unseen", f"{'#lobby':16} 1│")
        ana.type("\x1b[I")
        assert other.find(ev="read", in_="#lobby", seq=seq)
        ana.see_no(f"{'#lobby':16} 1│")
        ana.see("── new ──")
