"""A chat for tests, and a place where what lasts is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chatcli.chat import Chat
from tests.chatcli.events import msg
from tests.chatcli.runs import Run


@pytest.fixture
def chat() -> Chat:
    """Return a chat that has begun: ana is in the lobby."""
    chat = Chat(nick="ana")
    chat.begin()
    return chat


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory where everything is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "chatcli"


@pytest.fixture
def first(folder: Path) -> Iterator[Run]:
    """Return a run in which ana is logged in, in the lobby, where bo has said three things."""
    run = Run()
    run.log_in(seq=0)
    run.tell(msg(1, "one"), msg(2, "two"), msg(3, "three"))
    yield run
    run.end()
