"""The administrators' console, by OpenSSH's client and the real server."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.conftest import StartChat
from tests.acceptance.server import HOST, until
from tests.manhole.client import Manhole
from tests.programs import require_program

UP = "\x1b[A"


@pytest.fixture
def manhole(tmp_path: Path, start_chat: StartChat) -> Iterator[Manhole]:
    """Return a running server with a manhole."""
    with ExitStack() as stack:
        yield Manhole(tmp_path, start_chat, stack)


# Entering


def test_the_right_key_gets_a_prompt_that_explains_itself(manhole: Manhole) -> None:
    console = manhole.enter()
    assert "Type help()." in console.greeting
    shown = console.ask("help()")
    for name in ("who()", "rooms()", "stats()", "say(", "kill(", "hub ", "service "):
        assert re.search(rf"^{re.escape(name)}", shown, re.MULTILINE), name
    console.leave()


def test_a_wrong_key_gets_nothing(manhole: Manhole) -> None:
    manhole.key("wrong")
    result = manhole.run("-tt", key="wrong", typed="who()\n")
    assert result.returncode == 255
    assert result.stdout == ""
    assert "Permission denied (publickey)." in result.stderr
    assert "refused at the console: eva from 127.0.0.1" in manhole.chat.log
    assert "entered" not in manhole.chat.log


def test_a_password_is_not_even_asked_for(manhole: Manhole) -> None:
    for method in ("password", "keyboard-interactive"):
        result = manhole.run("-tt", "-o", f"PreferredAuthentications={method}")
        assert result.returncode == 255
        assert result.stdout == ""
        assert "Permission denied (publickey)." in result.stderr


def test_nobody_may_try_for_ever(manhole: Manhole) -> None:
    wrong = [f"wrong-{number}" for number in range(8)]
    for name in wrong:
        manhole.key(name)
    offers = [word for name in wrong for word in ("-i", str(manhole.home / name))]
    result = manhole.run("-tt", *offers, key=wrong[0])
    assert result.returncode == 255
    assert "too many bad auths" in result.stderr
    assert manhole.chat.log.count("refused at the console") == 6


def test_no_keys_and_new_keys_count_at_once(manhole: Manhole) -> None:
    line = manhole.keys.read_bytes()
    manhole.keys.unlink()
    assert manhole.run("-tt").returncode == 255
    manhole.keys.write_bytes(line)
    assert manhole.enter().ask("1 + 1") == "2\n"


@pytest.mark.parametrize("kind", [("-t", "rsa", "-b", "3072"), ("-t", "ecdsa")])
def test_other_kinds_of_keys_enter(manhole: Manhole, kind: tuple[str, ...]) -> None:
    with manhole.keys.open("ab") as keys:
        keys.write(manhole.key("other", *kind))
    assert manhole.enter(key="other").ask("1 + 1") == "2\n"


def test_the_log_tells_who_entered_and_left_and_nothing_of_what_was_typed(
    manhole: Manhole,
) -> None:
    console = manhole.enter(user="maria")
    console.ask("'something private'")
    console.leave()
    who = r"maria \(key right@laptop SHA256:[A-Za-z0-9+/]{43}\)"
    until(
        lambda: re.search(f"{who} left the console from 127.0.0.1", manhole.chat.log),
        "the log tells that maria left",
    )
    assert re.search(f"{who} entered the console from 127.0.0.1", manhole.chat.log)
    assert "admin_keys, line 3: it is no public key" in manhole.chat.log
    assert "private" not in manhole.chat.log


def test_only_a_shell_is_to_be_had(manhole: Manhole) -> None:
    for command in (
        [*manhole.command(), "echo private"],
        [*manhole.command("-s"), "sftp"],
        [*manhole.command("-N", "-W", f"{HOST}:{manhole.chat.port}")],
    ):
        result = subprocess.run(
            command, input="private\n", capture_output=True, text=True, timeout=30, check=False
        )
        assert result.returncode != 0
        assert result.stdout == ""
    assert "private" not in manhole.chat.log


def test_a_script_gets_what_it_asked_for(manhole: Manhole) -> None:
    result = manhole.run("-T", typed="who()\nrooms()\n'end'\n")
    assert result.stdout == "Nobody is here.\nROOM    MEMBERS  TOPIC\n#lobby  0\n'end'\n"
    assert result.returncode == 0


# What can be called


def test_it_sees_and_talks_to_people(manhole: Manhole) -> None:
    ana = manhole.guest("ana")
    console = manhole.enter()
    assert re.search(r"^ana +guest +online$", console.ask("who()"), re.MULTILINE)
    assert re.search(r"^#lobby +1$", console.ask("rooms()"), re.MULTILINE)
    assert console.ask('say("#lobby", "grüß dich")') == "Said to #lobby as number 1.\n"
    ana.sees("[#lobby] <server> grüß dich\n")
    assert console.ask('say("ana", "psst")') == "Said to @ana as number 1.\n"
    ana.sees("[@server] <server> psst\n")
    ana.say("/msg @server what?")
    console.terminal.expect_exact("[@ana] <ana> what?")


def test_it_ends_connections(manhole: Manhole) -> None:
    ana = manhole.guest("ana")
    console = manhole.enter()
    assert console.ask('kill("ana", "enough")') == "ana is disconnected: 1 session ended.\n"
    ana.sees("You were disconnected: enough")
    assert ana.is_gone()
    assert console.ask('kill("ana")').startswith("310 NO_SUCH_TARGET: ")
    assert console.ask("who()") == "Nobody is here.\n"


def test_it_keeps_out_whom_it_showed_before(manhole: Manhole) -> None:
    manhole.guest("ana")
    console = manhole.enter()
    dry = console.ask('ban("127.0.0.1", "#lobby", dry_run=True)')
    assert dry == "That would hit ana in #lobby.\n"
    assert re.search(r"^ana +member +online$", console.ask('who("#lobby")'), re.MULTILINE)
    banned = console.ask('ban("ana", "#lobby", time="2d", why="spam")')
    assert re.fullmatch(r"ana is banned from #lobby until .* UTC\.\n", banned)
    assert console.ask('who("#lobby")') == "Nobody is here.\n"
    row = r" console \(\S+\) +127\.0\.0\.1 +ban +ana +#lobby +until .* UTC: spam$"
    assert re.search(row, console.ask("audit()"), re.MULTILINE)


def test_a_new_password_is_shown_to_who_asked_and_kept_nowhere(manhole: Manhole) -> None:
    ana = manhole.guest("ana")
    ana.say("/register the-first-secret")
    ana.sees("ana is yours for good")
    console = manhole.enter()
    assert re.search(r"^ana +user ", console.ask("accounts()"), re.MULTILINE)
    assert console.ask('grant("ana")') == "ana is admin now.\n"
    found = re.match(r"The password of ana is (\S+),", console.ask('reset_password("ana")'))
    assert found
    assert ana.is_gone()
    again = manhole.guest("somebody")
    again.say(f"/login ana {found[1]}")
    again.sees("You are ana, logged in as an administrator.")
    console.ask('reset_password("ana", "the-second-secret")')
    assert again.is_gone()
    console.leave()
    manhole.chat.stop()
    kept = b"".join(path.read_bytes() for path in manhole.home.rglob("*") if path.is_file())
    for secret in ("the-first-secret", found[1], "the-second-secret"):
        assert secret.encode() not in kept
        assert secret not in manhole.chat.log


def test_it_tells_how_the_server_is(manhole: Manhole) -> None:
    manhole.guest("ana").say("hello")
    console = manhole.enter()
    rows = dict(line.split(None, 1) for line in console.ask("stats()").splitlines())
    assert rows["people"] == "1"
    assert rows["consoles"] == "1"
    assert rows["messages"].startswith("1,")
    assert rows["store"] == "works"
    assert console.ask("hub").startswith("<chatd.core.hub.Hub object")
    assert console.ask("service").startswith("<chatd.service.ChatService object")


def test_an_admin_is_not_held_back_by_flood_control(tmp_path: Path, start_chat: StartChat) -> None:
    with ExitStack() as stack:
        manhole = Manhole(tmp_path, lambda *o: start_chat(*o[:-1], "1/0.01"), stack)
        console = manhole.enter()
        console.terminal.send('for number in range(20): say("#lobby", str(number))\r\r')
        console.terminal.expect_exact("Said to #lobby as number 20")


def test_what_was_typed_comes_back(manhole: Manhole) -> None:
    console = manhole.enter()
    console.type("6 * 7\r", "42")
    console.type(f"{UP}\x01-\r", "-42")
    console.type(f"{UP}{UP} + 1\r", "43")


def test_leaving_python_leaves_the_console_and_not_the_server(manhole: Manhole) -> None:
    for line in ("exit()", "quit()", "raise SystemExit", "import sys; sys.exit(1)"):
        console = manhole.enter()
        console.terminal.send(f"{line}\r")
        assert console.end() == 0
    assert manhole.enter().ask("1 + 1") == "2\n"


# Side by side


def test_two_consoles_stand_side_by_side(manhole: Manhole) -> None:
    first, second = manhole.enter(user="eva"), manhole.enter(user="maria")
    assert first.ask("mine = 1") == ""
    assert "NameError" in second.ask("mine")
    assert first.ask("mine") == "1\n"
    rows = dict(line.split(None, 1) for line in second.ask("stats()").splitlines())
    assert rows["consoles"] == "2"
    first.leave()
    assert second.ask("who()") == "Nobody is here.\n"


def test_two_consoles_may_talk_to_the_same_person(manhole: Manhole) -> None:
    ana = manhole.guest("ana")
    first, second = manhole.enter(), manhole.enter()
    assert first.ask('say("ana", "one")') == "Said to @ana as number 1.\n"
    # What one console says privately, the others hear: they are one server.
    second.terminal.expect_exact("[@ana] <server> one\r\n")
    assert second.ask('say("ana", "two")') == "Said to @ana as number 2.\n"
    for text in ("one", "two"):
        ana.sees(f"[@server] <server> {text}\n")
    assert second.ask("service.failing") == ""


# The host's key


def test_the_host_key_stays(manhole: Manhole) -> None:
    chat = manhole.chat
    path = chat.data / "manhole_host_key"
    until(path.exists, "the host key is made at the first start")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = path.read_bytes()
    keygen = [require_program("ssh-keygen"), "-l", "-f", str(path)]
    shown = subprocess.run(keygen, capture_output=True, text=True, check=True).stdout
    fingerprint = shown.split()[1]
    assert f"host key is {fingerprint}" in chat.log
    chat.stop()
    chat.restart()
    assert manhole.enter().ask("1 + 1") == "2\n"
    assert path.read_bytes() == key
    assert chat.log.count(f"host key is {fingerprint}") == 2


def test_a_daemon_makes_its_host_key_too(tmp_path: Path, start_chat: StartChat) -> None:
    with ExitStack() as stack:
        manhole = Manhole(tmp_path, lambda *o: start_chat(*o, daemon=True), stack)
        assert manhole.enter().ask("1 + 1") == "2\n"
        assert (manhole.chat.data / "manhole_host_key").exists()
        assert manhole.chat.stop() == 0


# The end


def test_the_server_ends_in_order_with_consoles_open(manhole: Manhole) -> None:
    consoles = [manhole.enter(), manhole.enter()]
    consoles[1].terminal.send("half a li")
    begun = time.monotonic()
    assert manhole.chat.stop(signal.SIGTERM) == 0
    assert time.monotonic() - begun < 4
    for console in consoles:
        console.terminal.expect_exact("*** The server is stopping.")
        console.end()


def test_the_server_ends_though_a_console_does_not_read(manhole: Manhole) -> None:
    console = manhole.enter()
    os.kill(console.terminal.pid, signal.SIGSTOP)
    begun = time.monotonic()
    assert manhole.chat.stop(signal.SIGTERM) == 0
    assert time.monotonic() - begun < 4
    os.kill(console.terminal.pid, signal.SIGCONT)


def test_a_console_that_does_not_read_is_given_up(manhole: Manhole) -> None:
    console, other = manhole.enter(), manhole.enter()
    console.terminal.send("for number in range(8): print('x' * 1_000_000)\r\r")
    until(lambda: "left the console" in manhole.chat.log, "the console is given up")
    assert "consoles   1" in other.ask("stats()")
