"""Servers for tests. Whatever a test did, its server must have logged no traceback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.server import ChatServer
from tests.acceptance.terminal import Terminal

StartChat = Callable[..., ChatServer]
Open = Callable[..., Terminal]


@pytest.fixture
def start_chat(tmp_path: Path) -> Iterator[StartChat]:
    """Return what starts a server with the options given to it; gone at the end of the test."""
    started: list[ChatServer] = []
    with ExitStack() as stack:

        def start(*options: str, daemon: bool = False) -> ChatServer:
            home = tmp_path / f"server-{len(started) + 1}"
            home.mkdir()
            server = ChatServer(home, *options, daemon=daemon)
            stack.callback(server.dispose)
            started.append(server)
            return server.start()

        yield start
    assert [server.trouble for server in started if server.trouble] == []


@pytest.fixture
def chat(start_chat: StartChat) -> ChatServer:
    """Return a running server without flood control."""
    return start_chat("--rate", "off")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Open]:
    """Return what opens a terminal of a size; all are closed at the end."""
    opened: list[Terminal] = []

    def open_(columns: int = 120, rows: int = 30) -> Terminal:
        home = tmp_path / f"terminal-{len(opened) + 1}"
        home.mkdir()
        opened.append(Terminal(home, columns, rows))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
