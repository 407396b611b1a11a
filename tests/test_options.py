"""The options of ``twistd chat``."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from chatd.options import Options


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
        """
    )
    made = options("--config", str(config))
    assert made["listen"] == ["tcp:1", "tcp:2"]
    assert (made["data"], made["name"], made["lobby"]) == ("elsewhere", "chat.example", "#foyer")
    assert (made["manhole"], made["manhole-keys"]) == ("off", "keys")
    assert (made["burst"], made["per-second"]) == (5, 1.0)


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
