"""Runs of the client with what lasts from one to the next in a real file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chatcli.address import Address
from chatcli.lasting import Lasting
from chatcli.person import Credentials
from chatcli.settings import Settings
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import hello, logged_in

ANA = Credentials("ana", "secret")
HERE = Address("localhost", 65432)


class Run:
    """One run of the client, up to its end."""

    def __init__(self, account: str | None = "ana", nick: str | None = None, **settings: Any):
        self.chat = Chat(nick, ANA if account else None)
        self.state = self.chat.state
        self.state.settings = Settings(**settings)
        self.told: list[str] = []
        chat = self.chat
        self.lasting = Lasting(chat.session, HERE, lambda: chat.time, self.told.append)
        self.lasting.begin(account, nick)

    def log_in(self, *rooms: Any, **more: Any) -> None:
        session, chat = self.chat.session, self.chat
        session.connected()
        chat.tell(hello("guest-3"))
        chat.reply(chat.one(asked.Login), **logged_in(*rooms, **more))
        self.lasting.known_as(chat.known[-1])

    def tell(self, *events: Any) -> None:
        self.chat.tell(*events)

    def keep(self) -> None:
        """Let a second pass, as a crash would leave it."""
        self.chat.time += 1
        self.lasting.keep()
        file = self.lasting._file
        if file is not None:
            assert file._writing is not None
            file._writing.result()

    def end(self) -> None:
        self.lasting.close()

    def crash(self) -> None:
        """End without a word to the file."""
        file, self.lasting._file = self.lasting._file, None
        assert file is not None
        file.close()


def stored(folder: Path) -> bytes:
    """Return all bytes that are on disk."""
    return b"".join(path.read_bytes() for path in folder.glob("*"))
