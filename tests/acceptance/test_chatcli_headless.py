"""chatcli without a screen, as scripts use it, with the real server."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.clients import Event, JsonClient, gone, promptly
from tests.acceptance.conftest import Open
from tests.acceptance.people import PASSWORD, registered, say
from tests.acceptance.programs import Ran, Running, Scripts
from tests.acceptance.safe import PLACE, Safe
from tests.acceptance.server import PATIENCE, ChatServer, free_port, until

ROUNDS = 4


@pytest.fixture
def scripts(tmp_path: Path, chat: ChatServer) -> Iterator[Scripts]:
    """Return what runs chatcli."""
    scripts = Scripts(tmp_path, chat)
    yield scripts
    scripts.close()


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return bo, who has an account."""
    with registered(chat, "bo") as bo:
        yield bo


def came(bo: JsonClient) -> None:
    """Wait until somebody else is in #ops."""
    until(lambda: len(bo.ask("who", room="#ops")["users"]) > 1, "somebody comes")


def texts(client: JsonClient, to: str = "#lobby") -> list[str]:
    return [event["text"] for event in client.history(to) if event["ev"] == "msg"]


def one(ran: Ran) -> Event:
    """Return the one object that was put out."""
    (line,) = ran.output.splitlines()
    return dict(json.loads(line))


# Saying


def test_a_message_is_sent(scripts: Scripts, bo: JsonClient) -> None:
    assert scripts.run("send", "#lobby", "hi", "--nick", "backup") == (0, "", "")
    message = bo.find(ev="msg")
    assert (message["from"], message["text"]) == ("backup", "hi")
    ran = scripts.run("send", "-v", "#lobby", "-", text="two\nlines ä\n")
    assert ran == (0, f"{message['seq'] + 1}\n", "")
    assert scripts.run("send", "@bo", text="psst").status == 0
    assert texts(bo) == ["hi", "two\nlines ä"]
    assert bo.find(ev="msg", text="psst")["in"].startswith("@guest-")


def test_a_guest_leaves_nothing_behind(scripts: Scripts, chat: ChatServer, bo: JsonClient) -> None:
    assert bo.ask("join", room="#ops")["ok"]
    assert scripts.run("send", "#ops", "hi").status == 0
    gone(chat, 1)
    assert [each["nick"] for each in bo.ask("who", room="#ops")["users"]] == ["bo"]


def test_an_account_leaves_a_room_that_it_was_not_in(
    scripts: Scripts, chat: ChatServer, bo: JsonClient
) -> None:
    scripts.env["CHATCLI_TOKEN"] = bo.ask("token", label="script")["token"]
    with JsonClient(chat, "cy") as cy:
        assert cy.ask("join", room="#ops")["ok"]
        assert scripts.run("--login", "bo", "send", "#ops", "hi").status == 0
        assert [event["from"] for event in cy.history("#ops")] == ["bo"]
        assert [each["nick"] for each in cy.ask("who", room="#ops")["users"]] == ["cy"]


def test_a_mistyped_room_is_refused_and_a_new_one_can_be_made(
    scripts: Scripts, bo: JsonClient
) -> None:
    assert bo.ask("join", room="#builds")["ok"]
    ran = scripts.run("send", "#bulids", "hi")
    assert (ran.status, ran.output) == (1, "")
    assert "Error 301" in ran.errors
    assert "Try: " in ran.errors
    assert scripts.run("send", "#fresh", "hi", "--create").status == 0


def test_output_is_folded_into_one_message(scripts: Scripts, bo: JsonClient) -> None:
    ran = scripts.shell("printf '\\033[31mred\\033[0m\\n10%%\\r100%%\\n' | chatcli pipe '#lobby'")
    assert ran == (0, "", "")
    assert texts(bo) == ["red\n100%"]


def test_long_output_is_several_messages_in_order(scripts: Scripts, bo: JsonClient) -> None:
    assert scripts.shell("seq 1 1234 | chatcli pipe bo").status == 0
    bo.find(ev="msg", text="\n".join(map(str, range(1201, 1235))))
    messages = [event["text"] for event in bo.events if event["ev"] == "msg"]
    assert "\n".join(messages).split() == [str(number) for number in range(1, 1235)]
    assert len(messages) == 13


def test_output_that_trickles_comes_while_the_command_runs(
    scripts: Scripts, bo: JsonClient
) -> None:
    piping = scripts.start("pipe", "#lobby")
    piping.type("one\ntwo\n")
    bo.find(ev="msg", text="one\ntwo")
    piping.type("three")
    piping.end_input()
    assert piping.left() == (0, "", "")
    assert texts(bo) == ["one\ntwo", "three"]


# Reading


def test_history_is_paged(scripts: Scripts, bo: JsonClient) -> None:
    for number in range(1, 451):
        bo.request("msg", to="#lobby", text=f"line {number}")
    assert bo.ask("ping")["ok"]
    ran = scripts.run("history", "#lobby", "-n", "430", "--json")
    events = [json.loads(line) for line in ran.output.splitlines()]
    assert [event["seq"] for event in events] == list(range(21, 451))
    ran = scripts.run("history", "#lobby", "-n", "3", "--before", "11")
    assert [line.split(": ")[1] for line in ran.output.splitlines()] == [
        "line 8",
        "line 9",
        "line 10",
    ]
    ran = scripts.run("history", "#lobby", "-n", "1", "--after", "300", "--json")
    assert one(ran)["text"] == "line 301"
    ran = scripts.run("tail", "#lobby", "-n", "1", "--json")
    assert one(ran)["text"] == "line 450"


def test_output_is_plain(scripts: Scripts, bo: JsonClient) -> None:
    say(bo, "ä 中 🎉 **b** :tada:\nsecond")
    ran = scripts.shell("TERM=xterm-256color FORCE_COLOR=1 LC_ALL=C chatcli tail '#lobby'")
    first, second = ran.output.splitlines()
    assert first.startswith("#lobby 1 2")
    assert first.endswith(" bo: ä 中 🎉 **b** :tada:")
    assert second.endswith(" bo: second")
    assert "\x1b" not in ran.output


def test_who_lists_people(scripts: Scripts, bo: JsonClient) -> None:
    assert bo.ask("away", text="lunch")["ok"]
    assert scripts.run("who") == (0, "bo\tuser\taway\tlunch\n", "")
    ran = scripts.run("who", "#lobby", "--json")
    assert one(ran) == {"nick": "bo", "role": "member", "state": "away", "text": "lunch"}


def test_wait_for_shows_what_matches(scripts: Scripts, bo: JsonClient) -> None:
    assert bo.ask("join", room="#ops")["ok"]
    first = say(bo, "deployed 4.1", "#ops")
    waiting = scripts.start("wait-for", "#ops", r"^deployed \d", "--json")
    came(bo)
    say(bo, "deploying 4.2", "#ops")
    say(bo, "deployed 4.2", "#ops")
    assert one(waiting.left())["text"] == "deployed 4.2"
    ran = scripts.run("wait-for", "#ops", "deployed", "--after", str(first))
    assert ran.output.endswith(" bo: deployed 4.2\n")


# The server goes, and comes back


def test_a_message_is_said_once_however_often_the_server_is_killed(
    scripts: Scripts, chat: ChatServer
) -> None:
    for number in range(ROUNDS):
        sending = scripts.start("send", "#lobby", f"line {number}")
        # Before, while and after it is acknowledged.
        time.sleep(0.25 * number)
        chat.kill()
        chat.restart()
        assert sending.left()[:2] == (0, "")
    with JsonClient(chat) as client:
        assert texts(client) == [f"line {number}" for number in range(ROUNDS)]


def test_a_message_waits_for_a_server_that_is_not_there(scripts: Scripts, chat: ChatServer) -> None:
    chat.stop()
    sending = scripts.start("send", "#lobby", "hi")
    until(lambda: "It is tried again." in sending.errors, "it tells")
    chat.restart()
    assert sending.left().status == 0
    with JsonClient(chat) as client:
        assert texts(client) == ["hi"]


def numbers(following: Running) -> list[int]:
    return [json.loads(line)["seq"] for line in following.output.splitlines()]


def test_tail_misses_and_doubles_nothing_when_the_server_is_killed(
    scripts: Scripts, chat: ChatServer
) -> None:
    following = scripts.start("tail", "-f", "#lobby", "--json", "-n", "1000")
    newest = 0
    for number in range(ROUNDS):
        with JsonClient(chat, f"bo-{number}") as bo:
            for each in range(20):
                newest = say(bo, f"{number} {each}")
        if number % 2:
            # So that something is said while it is not there.
            following.process.send_signal(signal.SIGSTOP)
        chat.kill()
        chat.restart()
        with JsonClient(chat, f"cy-{number}") as cy:
            newest = say(cy, f"{number} is over")
        following.process.send_signal(signal.SIGCONT)
    until(lambda: newest in numbers(following), f"{newest} in {numbers(following)}")
    assert numbers(following) == list(range(1, newest + 1))
    following.process.send_signal(signal.SIGINT)
    assert following.left().status == 130


def test_wait_for_sees_what_came_while_the_server_was_away(
    scripts: Scripts, chat: ChatServer
) -> None:
    with JsonClient(chat, "ana") as ana:
        assert ana.ask("join", room="#ops")["ok"]
        waiting = scripts.start("wait-for", "#ops", "done", "--after", "0")
        came(ana)
    waiting.process.send_signal(signal.SIGSTOP)
    chat.kill()
    chat.restart()
    with JsonClient(chat, "bo") as bo:
        assert bo.ask("join", room="#ops")["ok"]
        say(bo, "done", "#ops")
    waiting.process.send_signal(signal.SIGCONT)
    assert waiting.left().status == 0


# How it ends


def test_statuses_tell_what_went_wrong(scripts: Scripts, bo: JsonClient) -> None:
    assert scripts.run("send", "@nobody", "hi").status == 1
    assert scripts.run("send").status == 2
    ran = scripts.run("send", "#lobby", text="\n")
    assert (ran.status, ran.errors) == (
        2,
        "chatcli: there is nothing to send: the input is empty.\n",
    )
    ran = scripts.run("wait-for", "#lobby", "x", "--timeout", "2")
    assert (ran.status, ran.errors) == (4, "chatcli: No message that matches came in time.\n")
    ran = scripts.run("who", "--login", "bo")
    assert ran.status == 5
    assert "there is no token for bo" in ran.errors
    scripts.env["CHATCLI_TOKEN"] = "t.wrong"
    ran = scripts.run("who", "--login", "bo")
    assert ran.status == 5
    assert "token of bo in CHATCLI_TOKEN was refused" in ran.errors


def test_without_a_server_there_is_no_connection(scripts: Scripts, chat: ChatServer) -> None:
    address = f"127.0.0.1:{free_port()}"
    scripts.server = ["--server", address]
    words = f"chatcli: No connection to {address}: Connection refused.\n"
    assert scripts.run("who") == (3, "", words)
    assert scripts.run("send", "#lobby", "hi", "--timeout", "0.7")[0] == 3


def test_what_is_no_chat_server_is_not_asked_again(scripts: Scripts) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        scripts.server = ["--server", address]
        sending = scripts.start("send", "#lobby", "hi")
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 \x1b[31mNo\r\n\r\n<html>\n")
            ran = sending.left()
    words = "«HTTP/1.1 400 [31mNo» is no JSON"
    assert ran == (3, "", f"chatcli: What is at {address} is no chat server: {words}.\n")


def test_streams_may_be_closed(scripts: Scripts, bo: JsonClient) -> None:
    say(bo, "hi")
    assert scripts.shell("chatcli pipe '#lobby' <&-") == (0, "", "")
    assert scripts.shell("chatcli send '#lobby' <&-").status == 2
    assert scripts.shell("chatcli tail '#lobby' >&-") == (0, "", "")
    ran = scripts.shell("chatcli tail '#lobby' > /dev/full")
    assert ran == (141, "", "chatcli: The output cannot be written: No space left on device.\n")


def test_who_reads_no_more_ends_it_quietly(scripts: Scripts, bo: JsonClient) -> None:
    for number in range(1000):
        bo.request("msg", to="#lobby", text=f"{number} {'x' * 1000}")
    assert bo.ask("ping")["ok"]
    script = "chatcli history '#lobby' -n 1000 | head -n 1; echo ${PIPESTATUS[@]}"
    ran = scripts.shell(script)
    assert (ran.output.splitlines()[-1], ran.errors) == ("141 0", "")


def test_tail_ends_with_its_reader_even_where_nothing_is_said(
    scripts: Scripts, bo: JsonClient
) -> None:
    say(bo, "hi")
    started = time.monotonic()
    ran = scripts.shell("chatcli tail -f '#lobby' | head -n 1; echo ${PIPESTATUS[@]}")
    promptly(started, PATIENCE / 2)
    assert (ran.output.splitlines()[-1], ran.errors) == ("141 0", "")


def test_a_signal_ends_it_quietly(scripts: Scripts, chat: ChatServer, bo: JsonClient) -> None:
    assert bo.ask("join", room="#ops")["ok"]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        following = scripts.start("tail", "-f", "#ops")
        came(bo)
        following.process.send_signal(number)
        assert following.left() == (128 + number, "", "")
        gone(chat, 1)


def test_a_token_is_enough(scripts: Scripts, bo: JsonClient) -> None:
    scripts.env["CHATCLI_TOKEN"] = bo.ask("token", label="script")["token"]
    assert scripts.run("--login", "bo", "send", "#lobby", "from a script").status == 0
    assert bo.find(ev="msg", text="from a script")["from"] == "bo"


def test_so_is_one_in_the_keyring_for_the_account_of_the_last_time(
    scripts: Scripts, chat: ChatServer, bo: JsonClient, tmp_path: Path
) -> None:
    token = bo.ask("token", label="script")["token"]
    safe, settings = tmp_path / "safe.json", tmp_path / "chatcli.toml"
    safe.write_text(json.dumps({f"chatcli bo@127.0.0.1:{chat.port}": f"script {token}"}), "utf-8")
    settings.write_text(f'[[profiles]]\nhost = "127.0.0.1"\nport = {chat.port}\nname = "bo"\n')
    scripts.env["PYTHON_KEYRING_BACKEND"] = f"{Safe.__module__}.{Safe.__qualname__}"
    scripts.env[PLACE] = str(safe)
    assert scripts.run("send", "#lobby", "hi", "--config", str(settings)) == (0, "", "")
    assert bo.find(ev="msg", text="hi")["from"] == "bo"
    assert scripts.run("send", "#lobby", "hey", "--config", str(settings), "--guest").status == 0
    assert bo.find(ev="msg", text="hey")["from"].startswith("guest-")


def test_at_a_terminal_the_password_is_asked_for(
    terminal: Open, chat: ChatServer, bo: JsonClient
) -> None:
    person = terminal()
    person.start_chatcli("--server", f"127.0.0.1:{chat.port}", "--login", "bo", "who")
    person.see("Password or token of bo:")
    person.enter(PASSWORD)
    person.see("bo\tuser\tonline".expandtabs(8))
    assert person.left() == "0"
    assert "horse" not in person.everything


# Completion

BASH = """
source <(chatcli --print-completion bash)
complete -p chatcli
for line in 'chatcli wai' 'chatcli tail --fo' 'chatcli --server host sen' \\
        'chatcli --print-completion f' 'chatcli --config tok'; do
    COMP_WORDS=($line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _shtab_chatcli; echo "${COMPREPLY[@]}"
done
"""


def test_bash_completes(tmp_path: Path) -> None:
    (tmp_path / "token.toml").touch()
    ran = Scripts(tmp_path).shell(BASH)
    first, *found = ran.output.splitlines()
    assert first.endswith(" -F _shtab_chatcli chatcli")
    assert found == ["wait-for", "--follow", "send", "fish", "token.toml"]
