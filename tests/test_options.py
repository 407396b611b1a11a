"""The options of ``twistd chat``."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from chatd.options import Options, StartError


def options(*arguments: str) -> Options:
    made = Options()
    made.parseOptions(list(arguments))
    return made


def mistake(*arguments: str) -> str:
    """Return the one sentence with which the program ends, with status 1."""
    with pytest.raises(SystemExit) as ended:
        options(*arguments)
    text = ended.value.code
    assert isinstance(text, str), "a text is printed on stderr, and is status 1"
    assert text.startswith("twistd chat: ")
    assert "\n" not in text
    return text


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "chat.toml"


def test_defaults() -> None:
    made = options()
    assert made["listen"] == []
    assert made["data"] == "chatd-data"
    assert made["name"] == socket.gethostname()
    assert made["lobby"] == "#lobby"
    assert made["motd"] is None
    assert made["manhole"] == "tcp:65422:interface=127.0.0.1"
    assert made["manhole-keys"] is None
    assert (made["burst"], made["per-second"]) == (10, 2.0)
    assert (made["tries"], made["tries-window"]) == (5, 900.0)
    assert made["password"] == 1
    assert not made["plain-passwords"]


def test_listen_may_be_given_again() -> None:
    made = options("--listen", "tcp:1", "--listen", "tcp:2")
    assert made["listen"] == ["tcp:1", "tcp:2"]


@pytest.mark.parametrize(
    ("rate", "expected"), [("10/2", (10, 2.0)), ("1/0.5", (1, 0.5)), ("off", (0, 0.0))]
)
def test_a_rate(rate: str, expected: tuple[int, float]) -> None:
    made = options("--rate", rate)
    assert (made["burst"], made["per-second"]) == expected


@pytest.mark.parametrize(
    "rate", ["", "10", "10/", "/2", "0/2", "10/0", "-1/2", "a/b", "10/2/3", "Off"]
)
def test_a_wrong_rate_is_refused(rate: str) -> None:
    assert "--rate" in mistake("--rate", rate)


@pytest.mark.parametrize(
    ("tries", "expected"), [("3/60", (3, 3600.0)), ("1/0.5", (1, 30.0)), ("off", (0, 0.0))]
)
def test_login_tries(tries: str, expected: tuple[int, float]) -> None:
    made = options("--login-tries", tries)
    assert (made["tries"], made["tries-window"]) == expected


@pytest.mark.parametrize("tries", ["", "5", "5/", "0/15", "5/0", "-1/2", "1001/5", "Off", "5/15/1"])
def test_wrong_login_tries_are_refused(tries: str) -> None:
    assert "--login-tries" in mistake("--login-tries", tries)


@pytest.mark.parametrize("length", ["", "0", "-1", "129", "x", "1.5", "٣"])
def test_a_wrong_length_of_passwords_is_refused(length: str) -> None:
    assert "--password-length" in mistake("--password-length", length)
    assert options("--password-length", "128")["password"] == 128


def test_passwords_may_come_over_any_connection() -> None:
    assert options("--plain-passwords")["plain-passwords"]


@pytest.mark.parametrize("lobby", ["", "lobby", "#", "#a b", "#" + "x" * 64])
def test_a_wrong_lobby_is_refused(lobby: str) -> None:
    assert "--lobby" in mistake("--lobby", lobby)


def test_a_motd_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "--motd" in mistake("--motd", str(tmp_path / "none"))
    assert "--motd" in mistake("--motd", str(tmp_path))
    (tmp_path / "latin").write_bytes(b"gr\xfc\xdfe")
    assert "--motd" in mistake("--motd", str(tmp_path / "latin"))


@pytest.mark.parametrize("arguments", [["--nonsense"], ["extra"], ["--data"], ["--listen"]])
def test_a_wrong_command_line_is_refused(arguments: list[str]) -> None:
    assert mistake(*arguments)


def test_every_option_is_explained() -> None:
    text = str(Options())
    for name in (
        "listen",
        "data",
        "name",
        "lobby",
        "motd",
        "manhole",
        "manhole-keys",
        "rate",
        "login-tries",
        "password-length",
        "plain-passwords",
        "config",
    ):
        assert f"--{name}" in text


# The file


def test_a_file_has_the_same_keys(config: Path, tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("hello")
    config.write_text(
        f"""
        listen = ["tcp:1", "tcp:2"]
        data = "elsewhere"
        name = "chat.example"
        lobby = "#foyer"
        motd = "{tmp_path / "motd"}"
        manhole = "off"
        manhole-keys = "keys"
        rate = "5/1"
        login-tries = "3/1"
        plain-passwords = true
        """
    )
    made = options("--config", str(config))
    assert made["listen"] == ["tcp:1", "tcp:2"]
    assert (made["data"], made["name"], made["lobby"]) == ("elsewhere", "chat.example", "#foyer")
    assert (made["manhole"], made["manhole-keys"]) == ("off", "keys")
    assert (made["burst"], made["per-second"]) == (5, 1.0)
    assert (made["tries"], made["tries-window"]) == (3, 60.0)
    assert made["plain-passwords"]
    assert made.motd() == "hello"


def test_the_command_line_comes_first(config: Path) -> None:
    config.write_text('name = "file"\nlisten = "tcp:1"')
    made = options("--config", str(config), "--name", "line", "--listen", "tcp:2")
    assert (made["name"], made["listen"]) == ("line", ["tcp:2"])


def test_one_endpoint_may_be_a_text(config: Path) -> None:
    config.write_text('listen = "tcp:1"')
    assert options("--config", str(config))["listen"] == ["tcp:1"]


def test_a_file_may_be_empty(config: Path) -> None:
    config.write_text("")
    assert options("--config", str(config))["data"] == "chatd-data"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("colour = 'red'", "colour"),
        ("config = 'x'", "config"),
        ("name = 5", "name"),
        ("rate = 10", "rate"),
        ("rate = 'x'", "--rate"),
        ("lobby = 'x'", "--lobby"),
        ("login-tries = 5", "login-tries"),
        ("plain-passwords = 'yes'", "plain-passwords"),
        ("listen = 5", "listen"),
        ("listen = [5]", "listen"),
        ("[server]\nname = 'x'", "server"),
        ("name = ", "TOML"),
        ("name = 'a'\nname = 'b'", "TOML"),
    ],
)
def test_a_wrong_file_is_refused(config: Path, text: str, about: str) -> None:
    config.write_text(text)
    assert about in mistake("--config", str(config))


def test_a_file_that_cannot_be_read_is_refused(config: Path, tmp_path: Path) -> None:
    mistake("--config", str(config))
    mistake("--config", str(tmp_path))
    config.write_bytes(b"name = '\xff'")
    mistake("--config", str(config))


# Read again


def test_words_of_welcome_are_cleaned(tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("one\x1b[2J\n\ntwo\n\n")
    assert options("--motd", str(tmp_path / "motd")).motd() == "one[2J\n\ntwo"
    assert options().motd() == ""


def test_the_file_is_read_again(config: Path, tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("one")
    config.write_text('name = "file"')
    made = options("--config", str(config), "--lobby", "#line")
    assert made.again().motd() == ""
    config.write_text(f'name = "other"\nlobby = "#file"\nmotd = "{tmp_path / "motd"}"')
    again = made.again()
    assert (again["name"], again["lobby"], again.motd()) == ("other", "#line", "one")
    (tmp_path / "motd").write_text("two")
    assert made.again().again().motd() == "two"


def test_mistakes_are_told_when_it_is_read_again(config: Path) -> None:
    config.write_text("")
    made = options("--config", str(config))
    for text in ("colour = 'red'", "name = ", "motd = '/nowhere'", "lobby = 'x'"):
        config.write_text(text)
        with pytest.raises(StartError):
            made.again()


def test_a_daemon_finds_its_files_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chat.toml").write_text('motd = "motd"')
    (tmp_path / "motd").write_text("hello")
    monkeypatch.chdir(tmp_path)
    made = options("--config", "chat.toml")
    monkeypatch.chdir("/")
    assert made.motd() == made.again().motd() == "hello"
