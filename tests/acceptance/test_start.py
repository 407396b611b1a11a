"""Starting: every option, and every way in which it cannot start."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatd.options import Options
from tests.acceptance.clients import JsonClient, TextClient, still_answers
from tests.acceptance.conftest import StartChat
from tests.acceptance.server import HOST, ChatServer, free_port, run_twistd, until

MODES = [pytest.param(["-n", "--pidfile="], id="foreground"), pytest.param([], id="daemon")]
DEFAULT_PORT = 65432

# Options, with {home} and {busy} (a port that is in use) and {free} filled in; the sentence.
WRONG = {
    "port in use": (["--listen", "tcp:{busy}:interface=127.0.0.1"], "cannot listen on .*in use"),
    "manhole's port in use": (
        ["--manhole", "tcp:{busy}:interface=127.0.0.1"],
        "cannot listen on .*in use",
    ),
    "one port twice": (
        ["--listen", "tcp:{free}:interface=127.0.0.1", "--manhole", "tcp:{free}"],
        "cannot listen on tcp:[0-9]+: Address already in use",
    ),
    "no such endpoint": (["--listen", "pigeon:1"], "'pigeon:1' is not an endpoint: .*pigeon"),
    "a port alone": (["--listen", "8000"], "'8000' is not an endpoint"),
    "no port": (["--listen", "tcp:many"], "'tcp:many' is not an endpoint"),
    "no such port": (["--listen", "tcp:99999"], "cannot listen on tcp:99999: .*0-65535"),
    "bad manhole": (["--manhole", "pigeon:1"], "'pigeon:1' is not an endpoint"),
    "data is a file": (["--data", "{home}/a-file"], "{home}/a-file is not a directory"),
    "data cannot be made": (["--data", "{home}/a-file/data"], "data directory .* cannot be made"),
    "data of a long name": (["--data", "x" * 300], "data directory .* cannot be used: .*too long"),
    "data of no name": (["--data", ""], "--data must name a directory"),
    "damaged database": (["--data", "{home}/damaged"], "damaged.*restore a backup"),
    "half a database": (["--data", "{home}/half"], "damaged.*restore a backup"),
    "newer database": (["--data", "{home}/newer"], "version 999, newer .*install a newer chatd"),
    "database of another": (["--data", "{home}/other"], "belongs to another program"),
    "no such file": (["--config", "none.toml"], "cannot read the configuration none.toml"),
    "no TOML": (["--config", "{home}/bad.toml"], "bad.toml is not TOML"),
    "unknown key": (["--config", "{home}/unknown.toml"], "unknown key 'colour'; known are data,"),
    "key of a wrong kind": (["--config", "{home}/number.toml"], "number.toml: rate must be a text"),
    "bad rate": (["--rate", "fast"], "--rate: 'fast' is not BURST/PER_SECOND, such as 10/2"),
    "rate of nothing": (["--rate", "0/2"], "--rate: '0/2' is not"),
    "enormous rate": (["--rate", f"{'9' * 5000}/2"], "--rate: '999.* is not"),
    "bad lobby": (["--lobby", "lobby"], "--lobby: lobby cannot be a name: a room begins with #"),
    "bad lobby's name": (["--lobby", "#a b"], "--lobby: #a b cannot be a name"),
    "missing motd": (["--motd", "none.txt"], "--motd: cannot read none.txt"),
    "motd of bytes": (["--motd", "{home}/latin.txt"], "--motd: cannot read .*latin.txt"),
    "unknown option": (["--colour", "red"], "option --colour not recognized"),
    "too many words": (["8000"], "Wrong number of arguments"),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what a server leaves behind."""
    home = tmp_path_factory.mktemp("left")
    with ChatServer(home) as server:
        with JsonClient(server, "ana") as ana:
            ana.ask("msg", text="hi")
        assert server.stop() == 0
    return (server.data / "chat.db").read_bytes()


@pytest.fixture
def home(tmp_path: Path, database: bytes) -> Path:
    """Return a directory with all that is wrong in it."""
    (tmp_path / "a-file").write_text("")
    (tmp_path / "bad.toml").write_text("rate = = 5")
    (tmp_path / "unknown.toml").write_text('colour = "red"')
    (tmp_path / "number.toml").write_text("rate = 5")
    (tmp_path / "latin.txt").write_bytes(b"Gr\xfc\xdfe")
    half = database[:4096] + b"\xff" * 128 + database[4224:]
    for name, content in (("damaged", b"no database" * 999), ("half", half), ("newer", database)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "chat.db").write_bytes(content)
    with closing(sqlite3.connect(tmp_path / "newer" / "chat.db")) as newer:
        newer.execute("PRAGMA user_version = 999")
    (tmp_path / "other").mkdir()
    with closing(sqlite3.connect(tmp_path / "other" / "chat.db")) as other:
        other.execute("CREATE TABLE sheep (name TEXT)")
    return tmp_path


@pytest.fixture
def busy() -> Iterator[int]:
    """Return a port that somebody listens on."""
    with socket.create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


def refused(home: Path, mode: list[str], options: list[str]) -> str:
    """Start what cannot start, and return the one sentence that says why."""
    given = list(options)
    for name, value in (
        ("--listen", f"tcp:{free_port()}:interface={HOST}"),
        ("--data", str(home / "unused")),
        ("--manhole", "off"),
    ):
        if name not in options:
            given = [name, value, *given]
    result = run_twistd(home, *mode, "chat", *given)
    log = home / "twistd.log"
    written = result.stdout + result.stderr + (log.read_text("utf-8") if log.exists() else "")
    assert "Traceback" not in written
    assert result.returncode == 1
    assert not (home / "twistd.pid").exists()
    sentence, end, rest = result.stderr.partition("\n")
    assert (end, rest) == ("\n", "")
    assert sentence.startswith("twistd chat: ")
    return sentence


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_start_says_why_in_a_sentence(
    home: Path, busy: int, mode: list[str], what: str
) -> None:
    options, sentence = WRONG[what]
    filled = {"home": home, "busy": busy, "free": free_port()}
    said = refused(home, mode, [option.format_map(filled) for option in options])
    assert re.search(sentence.replace("{home}", re.escape(str(home))), said)
    assert not (home / "unused").exists()


@pytest.mark.parametrize("mode", MODES)
def test_a_data_directory_has_one_server_at_a_time(
    home: Path, chat: ChatServer, mode: list[str]
) -> None:
    said = refused(home, mode, ["--data", str(chat.data)])
    assert f"another server uses the data directory {chat.data}" in said
    still_answers(chat)


def test_what_fails_late_says_why_too(home: Path) -> None:
    """What cannot be found out beforehand: in the foreground it is a sentence all the same."""
    said = refused(home, ["-n", "--pidfile="], ["--data", "/proc/nothing-can-be-made-here"])
    assert "data directory /proc/nothing-can-be-made-here cannot be used" in said


def test_a_daemon_that_fails_late_does_not_hang(home: Path) -> None:
    nowhere = ["--manhole", "off", "--data", "/proc/nothing-can-be-made-here"]
    listen = ["--listen", f"tcp:{free_port()}:interface={HOST}"]
    result = run_twistd(home, "chat", *listen, *nowhere)
    assert result.returncode == 1
    assert "the data directory /proc/nothing" in result.stderr
    assert not (home / "twistd.pid").exists()


def test_help_explains_every_option(tmp_path: Path) -> None:
    result = run_twistd(tmp_path, "chat", "--help")
    assert result.returncode == 0
    for name in (*(str(row[0]) for row in Options.optParameters), "listen"):
        assert re.search(rf"--{name}=?\s+\S", result.stdout), name


def test_a_file_gives_every_option(start_chat: StartChat, tmp_path: Path) -> None:
    port, manhole = free_port(), free_port()
    (tmp_path / "motd.txt").write_text("Be kind.\nÀ bientôt\x1b[2J!\n", "utf-8")
    (tmp_path / "keys").write_text("")
    (tmp_path / "chat.toml").write_text(
        f'listen = ["tcp:{port}:interface=127.0.0.1", "tcp:{free_port()}:interface=127.0.0.1"]\n'
        f'data = "{tmp_path}/kept"\n'
        'name = "chat.example"\n'
        'lobby = "#hall"\n'
        f'motd = "{tmp_path}/motd.txt"\n'
        f'manhole = "tcp:{manhole}:interface=127.0.0.1"\n'
        f'manhole-keys = "{tmp_path}/keys"\n'
        'rate = "3/0.5"\n'
    )
    server = start_chat(
        "--config", f"{tmp_path}/chat.toml", "--data", f"{tmp_path}/told", "--listen", f"tcp:{port}"
    )
    server.port = port
    # What the command line says comes first.
    assert (tmp_path / "told" / "chat.db").exists()
    assert not (tmp_path / "kept").exists()
    with TextClient(server, "ana") as ana:
        assert ana.seen[0].startswith("*** Welcome to chat.example (chatd ")
        assert ana.seen[1:3] == ["*** Be kind.", "*** À bientôt[2J!"]
        assert "*** You are in #hall." in ana.seen
    with JsonClient(server) as bo:
        for number in range(7):
            bo.request("ping", n=number)
        # Three at once, then one in two seconds: the third to wait would wait for six.
        replies = [bo.reply(number) for number in range(1, 8)]
        assert [reply.get("code") for reply in replies] == [None] * 5 + [429] * 2


@pytest.mark.parametrize("source", ["command line", "file"])
def test_it_says_how_to_join(tmp_path: Path, source: str) -> None:
    port, manhole = free_port(), free_port()
    values = {
        "listen": f"tcp:{port}:interface=127.0.0.1",
        "data": str(tmp_path / "kept"),
        "manhole": f"tcp:{manhole}:interface=127.0.0.1",
        "manhole-keys": str(tmp_path / "keys"),
    }
    server = ChatServer(tmp_path)
    server.port = port
    if source == "file":
        config = tmp_path / "chat.toml"
        config.write_text("".join(f'{key} = "{value}"\n' for key, value in values.items()))
        server.options = ["--config", str(config)]
    else:
        server.options = [word for key, value in values.items() for word in (f"--{key}", value)]
    with server:
        told = server.log
        still_answers(server)
        assert server.stop() == 0
    assert f"\tnc 127.0.0.1 {port}\n\ttelnet 127.0.0.1 {port}\n" in told
    assert re.search(rf"\t\S*chatcli 127\.0\.0\.1:{port}\n\tssh -p {manhole} admin@", told)
    assert str(tmp_path / "keys") in told
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "kept" / "chat.db").stat().st_mode & 0o777 == 0o600


def test_a_daemon_runs_and_stops(start_chat: StartChat) -> None:
    server = start_chat(daemon=True)
    assert server.wait() == 0
    assert server.pidfile.exists()
    with TextClient(server, "ana") as ana:
        server.send_signal(signal.SIGTERM)
        assert ana.to_the_end() == [b"!E503 The server is stopping. Try: again in 5 s"]
    until(lambda: not server.pidfile.exists(), "the pid file is removed")
    until(lambda: "Server Shut Down" in server.log, "the log ends")
    server.restart()
    still_answers(server)
    assert server.stop() == 0


def test_the_default_is_one_port_for_both_families(tmp_path: Path) -> None:
    for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            if probe.connect_ex((host, DEFAULT_PORT)) == 0:
                pytest.skip(f"somebody uses port {DEFAULT_PORT} of this machine")
    server = ChatServer(tmp_path)
    place = server.options.index("--listen")
    del server.options[place : place + 2]
    server.port = DEFAULT_PORT
    with server:
        assert f"\tnc localhost {DEFAULT_PORT}\n" in server.log
        with TextClient(server, "ana") as ana:
            server.host = "::1"
            with TextClient(server, "bo") as bo:
                bo.say("hi")
                assert ana.expect("hi") == "[#lobby] <bo> hi"
        assert server.stop() == 0
