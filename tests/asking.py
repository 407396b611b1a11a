"""A chat whose secrets are looked at, and clients that ask things."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from twisted.trial.unittest import TestCase

from chatd.core.inputs import Input
from chatd.data import ClaimCode
from tests.fakes import Chat, LineClient


class Case(TestCase):
    """A chat, and what its sequencer was given."""

    options: dict[str, Any] = {}  # noqa: RUF012  a test case sets it

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.code = ClaimCode(Path(folder.name) / "claim_code")
        self.chat = Chat(code=self.code, rate=0.0, **self.options)
        self.given: list[Input] = []
        submit = self.chat.service.sequencer.submit

        def watched(session: str, command: Input) -> None:
            self.given.append(command)
            submit(session, command)

        self.chat.service.sequencer.submit = watched  # type: ignore[method-assign]

    def client(self, nick: str | None = None, host: str = "127.0.0.1") -> LineClient:
        """Return a client that speaks JSON."""
        client = self.chat.line("json", host)
        if nick is not None:
            client.send(f"/nick {nick}\n".encode())
            client.take()
        return client

    def ask(self, client: LineClient, do: str, **keys: object) -> dict[str, Any]:
        """Have a client ask something; return its answer."""
        client.send(json.dumps({"do": do, "id": 1, **keys}).encode() + b"\n")
        self.chat.settle()
        return self.answer(client)

    def answer(self, client: LineClient) -> dict[str, Any]:
        """Return the answer to what a client asked."""
        (answer,) = (event for event in client.events() if event.get("re") == 1)
        return answer

    def code_of(self, client: LineClient, do: str, **keys: object) -> int:
        """Return the number of the error with which something is refused; 0 for none."""
        return int(self.ask(client, do, **keys).get("code", 0))

    def register(self, nick: str, password: str, host: str = "127.0.0.1") -> LineClient:
        """Return a client who has an account now."""
        client = self.client(nick, host)
        assert self.ask(client, "register", password=password)["ok"]
        return client

    def digest(self, name: str) -> str:
        """Return the digest of an account."""
        return self.chat.service.hub.accounts[name].digest
