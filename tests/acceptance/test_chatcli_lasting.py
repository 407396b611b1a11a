"""Never lose a word: the server dies, the client dies, and everything is there once."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest

from tests.acceptance.clients import JsonClient
from tests.acceptance.conftest import Open
from tests.acceptance.people import PASSWORD, registered, say, two_accounts
from tests.acceptance.server import ChatServer, until
from tests.acceptance.terminal import CHATCLI, Terminal

DEATHS = 20


@pytest.fixture
def bo(chat: ChatServer) -> Iterator[JsonClient]:
    """Return bo, an account at a program; ana has an account, and has left."""
    with two_accounts(chat) as bo:
        yield bo


class Ana:
    """Ana at a terminal, with a token: she comes without being asked anything."""

    def __init__(self, terminal: Terminal, chat: ChatServer) -> None:
        self.terminal = terminal
        self._chat = chat
        with JsonClient(chat) as client:
            assert client.ask("login", name="ana", password=PASSWORD)["ok"]
            self._token = client.ask("token", label="terminal")["token"]

    def start(self) -> None:
        """Start chatcli, and wait for nothing."""
        self.terminal.press("C-l")
        program = f"CHATCLI_TOKEN={self._token} {CHATCLI}"
        address = f"127.0.0.1:{self._chat.port}"
        self.terminal.start_chatcli(address, "--login", "ana", program=program)

    def come(self) -> None:
        """Start chatcli and wait until it is connected."""
        self.start()
        self.terminal.see("#lobby›", "● 127", "● ana")

    def crash(self) -> None:
        """End chatcli as a power failure would, and put the terminal right."""
        self.terminal.kill(signal.SIGKILL)
        self.terminal.see("status=137")
        self.terminal.type(r"stty sane; printf '\033c\033[?1049l\033[?1000l\033[?2004l'; clear")
        # Nobody turns Enter into a line feed yet.
        self.terminal.press("C-j")
        self.terminal.see_no("status=137")

    def leave(self) -> None:
        """End chatcli in order."""
        self.terminal.press("C-c")
        self.terminal.see("status=0")


@pytest.fixture
def ana(terminal: Open, chat: ChatServer, bo: JsonClient) -> Ana:
    """Return ana, who has not come yet."""
    return Ana(terminal(), chat)


def kept(ana: Ana) -> bytes:
    """Return all that chatcli has on disk."""
    return b"".join(path.read_bytes() for path in ana.terminal.kept.rglob("*") if path.is_file())


def wait_until_kept(ana: Ana, *texts: bytes) -> None:
    """Wait until texts are on disk for good: with a journal, it would be undone after a crash."""

    def done() -> bool:
        journals = list(ana.terminal.kept.rglob("*-journal"))
        stored = kept(ana)
        busy = any(journal.stat().st_size for journal in journals)
        return not busy and all(text in stored for text in texts)

    until(done, f"{texts} are on disk")


def lines_of(screen: str) -> list[str]:
    """Return the numbered lines of ana and bo on a screen, in order."""
    return re.findall(r"\b((?:ana|bo) line \d+)\b", screen)


# The server dies


def test_two_people_write_while_the_server_dies_again_and_again(
    terminal: Open, chat: ChatServer
) -> None:
    people = {name: terminal(100, 50) for name in ("ana", "bo")}
    for name, each in people.items():
        with registered(chat, name) as client:
            assert client.ask("quit")["ok"]
        each.log_in(chat.port, name, PASSWORD)
    counts = dict.fromkeys(people, 0)

    def write(name: str) -> None:
        counts[name] += 1
        people[name].enter(f"{name} line {counts[name]}")

    for _ in range(DEATHS):
        write("ana")
        write("bo")
        chat.kill()
        write("bo")
        write("ana")
        chat.restart()
        # The next connection is made at once: how long one waits for it is not tried here.
        for name, each in people.items():
            write(name)
            each.enter("/reconnect")
    total = sum(counts.values())
    with JsonClient(chat, "witness") as witness:

        def told() -> list[str]:
            page = witness.ask("history", to="#lobby", limit=200)["page"]
            return [event["text"] for event in page if event["ev"] == "msg"]

        until(lambda: len(told()) >= total, "all lines are there", 60)
        lines = told()
    for name, count in counts.items():
        own = [line for line in lines if line.startswith(name)]
        assert own == [f"{name} line {number}" for number in range(1, count + 1)]
    for each in people.values():
        # High enough for all that was ever said.
        each.resize(100, 300)
        each.see(lines[0], lines[-1])
        assert lines_of(each.see_no("…")) == lines


# The client dies


def test_drafts_are_there_after_a_crash(ana: Ana, bo: JsonClient) -> None:
    say(bo, "psst", "@ana")
    ana.come()
    ana.terminal.type("half a sen")
    ana.terminal.press("M-Down")
    ana.terminal.see("@bo›", "psst")
    ana.terminal.type("dear b")
    wait_until_kept(ana, b"dear b", b"half a sen")
    ana.crash()
    ana.start()
    ana.terminal.see("@bo› dear b", "● 127")
    ana.terminal.press("M-Up")
    ana.terminal.see("#lobby› half a sen")
    ana.terminal.type("tence")
    ana.leave()
    ana.start()
    ana.terminal.see("#lobby› half a sentence")


def test_secrets_are_not_on_disk(ana: Ana, bo: JsonClient) -> None:
    ana.come()
    for typed in ("/passwd SECRET1 SECRET2", "/once bo SECRET3"):
        ana.terminal.type(typed)
        ana.terminal.see(typed.split()[0])
        ana.terminal.press("M-Down", "M-Up", "C-u")
    ana.terminal.type("no secret")
    wait_until_kept(ana, b"no secret")
    ana.leave()
    assert b"SECRET" not in kept(ana)


def test_what_was_sent_without_a_server_goes_out_once_after_a_crash(
    ana: Ana, bo: JsonClient, chat: ChatServer
) -> None:
    say(bo, "before")
    ana.come()
    ana.terminal.see("bo │ before")
    chat.kill()
    ana.terminal.see("○")
    for number in (1, 2):
        ana.terminal.enter(f"unsent {number}")
    ana.terminal.see("unsent 2 …")
    wait_until_kept(ana, b"unsent 2")
    ana.crash()
    ana.start()
    # All is there, although nobody answers.
    ana.terminal.see("bo │ before", "unsent 1 …", "unsent 2 …", "as it was the last time", "○")
    ana.terminal.enter("unsent 3")
    ana.terminal.see("unsent 3 …")
    ana.terminal.enter("/who")
    ana.terminal.see("There is no connection.", "#lobby› /who")
    ana.terminal.press("C-u")
    chat.restart()
    ana.terminal.see("unsent 3 ✓", "● 127")
    ana.terminal.see_no("as it was the last time")
    with JsonClient(chat, "witness") as witness:
        page = witness.ask("history", to="#lobby", limit=50)["page"]
    said = [event["text"] for event in page if event["ev"] == "msg"]
    assert said == ["before", "unsent 1", "unsent 2", "unsent 3"]
    ana.leave()
    ana.come()
    ana.terminal.see("unsent 3")
    ana.terminal.see_no("…")


def test_what_is_refused_in_the_end_waits_behind_what_is_typed(
    ana: Ana, bo: JsonClient, chat: ChatServer
) -> None:
    ana.come()
    chat.kill()
    ana.terminal.see("○")
    ana.terminal.enter("/msg nobody hello")
    ana.terminal.type("something else")
    ana.terminal.see("#lobby› something else", "@nobody")
    chat.restart()
    ana.terminal.see("There is nobody called nobody here.", "#lobby› something else")
    ana.terminal.press("Enter")
    ana.terminal.see("something else ✓", "#lobby› /msg nobody hello")
    ana.terminal.press("M-Down")
    ana.terminal.see("@nobody›", "hello ✗", "There is nobody called nobody here.")


# What is kept is corrected


def test_what_was_deleted_meanwhile_is_gone_from_screen_and_disk(
    ana: Ana, bo: JsonClient, chat: ChatServer
) -> None:
    seq = say(bo, "REGRETTED")
    edited = say(bo, "wrogn")
    ana.come()
    ana.terminal.see("REGRETTED", "wrogn")
    ana.leave()
    assert b"REGRETTED" in kept(ana)
    assert bo.ask("del", to="#lobby", seq=seq)["ok"]
    assert bo.ask("edit", to="#lobby", seq=edited, text="right")["ok"]
    ana.come()
    ana.terminal.see("(deleted)", "right (edited)")
    until(lambda: b"REGRETTED" not in kept(ana), "it is gone from the disk")
    # And while one looks on.
    seq = say(bo, "SPOKEN RASHLY")
    wait_until_kept(ana, b"RASHLY")
    assert bo.ask("del", to="#lobby", seq=seq)["ok"]
    until(lambda: b"RASHLY" not in kept(ana), "it is gone from the disk")


def test_what_was_missed_is_between_what_is_kept_and_what_is_new(ana: Ana, bo: JsonClient) -> None:
    say(bo, "bo line 0")
    ana.come()
    ana.terminal.see("bo line 0")
    ana.leave()
    for number in range(1, 61):
        say(bo, f"bo line {number}")
    ana.come()
    ana.terminal.see("bo line 60")
    ana.terminal.press("PPage", "PPage", "PPage")
    ana.terminal.see("bo line 0")
    ana.terminal.press("M-End")
    screen = ana.terminal.see("bo line 60")
    numbers = [int(line.split()[-1]) for line in lines_of(screen)]
    assert numbers == list(range(61 - len(numbers), 61))


def test_an_emptied_window_is_full_again_the_next_time(ana: Ana, bo: JsonClient) -> None:
    say(bo, "still there")
    ana.come()
    ana.terminal.see("still there")
    ana.terminal.enter("/clear")
    ana.terminal.see_no("still there")
    ana.leave()
    ana.come()
    ana.terminal.see("still there")


def test_logging_out_leaves_nothing_on_disk(ana: Ana, bo: JsonClient) -> None:
    say(bo, "CONFIDENTIAL")
    ana.come()
    wait_until_kept(ana, b"CONFIDENTIAL")
    ana.terminal.enter("/logout")
    ana.terminal.see("You are a guest now")
    assert b"CONFIDENTIAL" not in kept(ana)
