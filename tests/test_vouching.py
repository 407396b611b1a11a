"""What the secrets of commands are worth, from the door to the hub and back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chatd.core.commands import Login, Passwd, Register, Reset, Token, Unregister
from chatd.vouching import LONGEST, blanked
from tests.asking import Case
from tests.fakes import QUICK


class Passwords(Case):
    def setUp(self) -> None:
        super().setUp()
        self.ana = self.register("ana", "right")

    async def test_what_is_kept_is_a_digest(self) -> None:
        assert QUICK.verify(self.digest("ana"), "right")

    async def test_the_right_password_logs_in(self) -> None:
        answer = self.ask(self.client(), "login", name="ANA", password="right")
        assert (answer["ok"], answer["account"]) == (True, "ana")

    async def test_a_wrong_one_does_not(self) -> None:
        client = self.client()
        assert self.code_of(client, "login", name="ana", password="wrong") == 401
        assert self.code_of(client, "login", name="nobody", password="right") == 401
        assert self.code_of(client, "login", name="a b", password="") == 401

    async def test_a_wrong_name_and_a_wrong_password_look_the_same(self) -> None:
        client = self.client()
        wrong = self.ask(client, "login", name="ana", password="wrong")
        assert self.ask(client, "login", name="nobody", password="wrong") == wrong

    async def test_letters_may_be_composed_otherwise(self) -> None:
        self.register("bo", "gru\u0308n")
        assert self.code_of(self.client(), "login", name="bo", password="gr\u00fcn") == 0

    async def test_it_can_be_changed(self) -> None:
        assert self.code_of(self.ana, "passwd", old="wrong", new="new") == 401
        assert self.code_of(self.ana, "passwd", old="right", new="new") == 0
        assert self.code_of(self.client(), "login", name="ana", password="right") == 401
        assert self.code_of(self.client(), "login", name="ana", password="new") == 0

    async def test_one_that_changed_while_it_was_checked_is_wrong(self) -> None:
        self.chat.threads.slow = True
        late = self.client()
        late.send(b'{"do":"login","name":"ana","password":"right","id":1}\n')
        self.chat.service.hub.accounts["ana"].digest = QUICK.hash("new")
        self.chat.settle()
        assert late.events()[-1]["code"] == 401

    async def test_a_better_digest_is_kept_at_login(self) -> None:
        old = self.digest("ana").replace("t=1", "t=2")
        self.chat.service.hub.accounts["ana"].digest = type(QUICK)(
            time_cost=2, memory_cost=8, parallelism=1
        ).hash("right")
        assert self.code_of(self.client(), "login", name="ana", password="right") == 0
        assert self.digest("ana") != old
        assert not QUICK.check_needs_rehash(self.digest("ana"))

    async def test_an_account_goes_by_its_password(self) -> None:
        assert self.code_of(self.ana, "unregister", password="wrong") == 401
        assert self.code_of(self.ana, "unregister", password="right") == 0
        assert self.chat.service.hub.accounts == {}

    async def test_without_an_account_nothing_is_hashed(self) -> None:
        client, before = self.client(), self.chat.threads.done
        assert self.code_of(client, "passwd", old="x", new="y") == 402
        assert self.code_of(client, "unregister", password="x") == 402
        assert self.code_of(client, "token", label="x") == 402
        assert self.code_of(client, "claim", code="x") == 402
        assert self.code_of(client, "reset", name="ana", password="x") == 403
        assert self.code_of(self.ana, "reset", name="ana", password="x") == 403
        assert self.code_of(self.ana, "register", password="x") == 104
        assert self.chat.threads.done == before

    async def test_an_administrator_resets_it(self) -> None:
        self.chat.service.hub.accounts["ana"].role = "admin"
        self.register("bo", "old")
        assert self.code_of(self.ana, "reset", name="bo", password="new") == 0
        assert QUICK.verify(self.digest("bo"), "new")

    async def test_the_same_after_a_restart(self) -> None:
        self.chat.service.stopService()
        self.chat.clock.advance(1)
        self.chat.start()
        assert self.code_of(self.client(), "login", name="ana", password="right") == 0


class Rules(Case):
    options = {"password": 3}  # noqa: RUF012

    async def test_a_password_has_a_least_and_a_greatest_length(self) -> None:
        client = self.client("ana")
        for password in ("", "xx", "x" * (LONGEST + 1), "ü" * (LONGEST // 2 + 1)):
            assert self.code_of(client, "register", password=password) == 104
        assert "at least 3 characters" in self.ask(client, "register", password="")["text"]
        assert self.chat.threads.done == 0
        assert self.code_of(client, "register", password="ü" * (LONGEST // 2)) == 0
        assert self.code_of(client, "passwd", old="ü" * (LONGEST // 2), new="xx") == 104


class Tokens(Case):
    def setUp(self) -> None:
        super().setUp()
        self.ana = self.register("ana", "right")
        self.token = self.ask(self.ana, "token", label="bot")["token"]

    async def test_a_token_is_long_and_random(self) -> None:
        assert re.fullmatch(r"t\.[\w-]{32}", self.token)
        assert self.ask(self.ana, "token", label="other")["token"] != self.token

    async def test_it_logs_in_without_hashing(self) -> None:
        before = self.chat.threads.done
        assert self.code_of(self.client(), "login", name="ana", password=self.token) == 0
        assert self.chat.threads.done == before

    async def test_a_wrong_one_is_taken_for_a_password(self) -> None:
        before = self.chat.threads.done
        assert self.code_of(self.client(), "login", name="ana", password="t.x") == 401
        assert self.chat.threads.done == before + 1
        self.register("bo", "t.password")
        assert self.code_of(self.client(), "login", name="bo", password="t.password") == 0

    async def test_it_is_good_for_its_account_alone(self) -> None:
        self.register("bo", "right")
        assert self.code_of(self.client(), "login", name="bo", password=self.token) == 401

    async def test_a_revoked_one_is_worthless(self) -> None:
        assert self.code_of(self.ana, "revoke", label="bot") == 0
        assert self.code_of(self.client(), "login", name="ana", password=self.token) == 401


class Connections(Case):
    """Over which connections a password may come."""

    async def test_from_elsewhere_no_secret_is_taken(self) -> None:
        client = self.client(host="192.0.2.1")
        for do, keys in (
            ("register", {"password": "x"}),
            ("login", {"name": "ana", "password": "x"}),
            ("passwd", {"old": "x", "new": "y"}),
            ("token", {"label": "x"}),
            ("claim", {"code": "x"}),
            ("unregister", {"password": "x"}),
            ("reset", {"name": "ana", "password": "x"}),
        ):
            assert self.code_of(client, do, **keys) == 404
        assert self.chat.threads.done == 0

    async def test_from_this_machine_it_is(self) -> None:
        for host in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "local"):
            assert self.code_of(self.client(host=host), "login", name="ana", password="x") == 401


class Claiming(Case):
    async def test_the_code_makes_an_administrator_once(self) -> None:
        code = self.code.path.read_text().strip()
        ana, bo = self.register("ana", "x"), self.register("bo", "x")
        assert self.code_of(ana, "claim", code="wrong") == 401
        assert self.ask(ana, "claim", code=code.lower().replace("-", ""))["role"] == "admin"
        assert not self.code.path.exists()
        assert self.code_of(bo, "claim", code=code) == 401

    async def test_a_server_that_has_one_has_no_code(self) -> None:
        ana = self.register("ana", "x")
        self.ask(ana, "claim", code=self.code.path.read_text())
        self.chat.service.stopService()
        self.chat.clock.advance(1)
        self.code.path.write_text("left behind")
        self.chat.start()
        assert not self.code.path.exists()

    async def test_a_server_that_has_none_goes_on_with_its_code(self) -> None:
        code = self.code.path.read_text()
        self.chat.service.stopService()
        self.chat.clock.advance(1)
        self.chat.start()
        assert self.code.path.read_text() == code


class Order(Case):
    """A secret never gets into the order; what was asked keeps its place."""

    def setUp(self) -> None:
        super().setUp()
        self.chat.threads.slow = True

    async def test_no_secret_gets_there(self) -> None:
        client = self.client("ana")
        client.send(b"/register S3CRET\n/login ana S3CRET\n/passwd S3CRET NEWS3CRET\n")
        self.chat.settle()
        client.send(b'{"do":"unregister","password":"S3CRET"}\n/claim S3CRET\n')
        self.chat.settle()
        shown = repr(self.given) + repr([vars_of(each) for each in self.given])
        assert "S3CRET" not in shown

    async def test_what_follows_waits_for_it(self) -> None:
        client = self.client("ana")
        client.send(
            b'{"do":"register","password":"x","id":1}\n{"do":"whois","nick":"ana","id":2}\n'
        )
        assert client.events() == []
        self.chat.settle()
        first, second = (event for event in client.events() if "re" in event)
        assert (first["re"], second["re"], second["account"]) == (1, 2, "ana")

    async def test_what_was_wrong_before_does_not_let_it_be_overtaken(self) -> None:
        client = self.client("ana")
        client.send(
            b'/no\n{"do":"register","password":"x","id":1}\n{"do":"whois","nick":"ana","id":2}\n'
        )
        client.finish()
        self.chat.settle()
        first, second = (event for event in client.events() if "re" in event)
        assert (first["re"], second["re"], second["account"]) == (1, 2, "ana")

    async def test_what_came_before_is_done_first(self) -> None:
        client = self.client()
        client.send(b"/nick ana\n/register x\n/logout\n/login ana x\n/passwd x y\n/login ana y\n")
        self.chat.settle()
        assert [event for event in client.events() if "code" in event] == []
        assert QUICK.verify(self.digest("ana"), "y")

    async def test_others_do_not_wait(self) -> None:
        client, other = self.client("ana"), self.client("bo")
        client.send(b"/register x\n")
        assert self.chat.threads.waiting == 1
        other.send(b'{"do":"ping","id":1}\n')
        assert other.events()[-1]["re"] == 1

    async def test_who_goes_meanwhile_is_gone_afterwards(self) -> None:
        client = self.chat.line()
        client.say("/nick ana")
        client.send(b"/register x\n")
        client.lose()
        assert len(self.chat.service.hub.sessions) == 1
        self.chat.settle()
        assert list(self.chat.service.hub.accounts) == ["ana"]
        assert not self.chat.service.hub.users[self.chat.service.hub.accounts["ana"].uid].sessions

    async def test_a_half_closed_client_gets_its_answer(self) -> None:
        client = self.client("ana")
        client.send(b'{"do":"register","password":"x","id":1}\n')
        client.finish()
        assert client.transport.connected
        self.chat.settle()
        assert client.events()[-1]["re"] == 1
        assert not client.transport.connected

    async def test_stopping_does_not_wait_for_it(self) -> None:
        self.client("ana").send(b"/register x\n")
        assert self.chat.service.stopService().called
        self.chat.threads.step()
        assert self.chat.clock.getDelayedCalls() == []

    async def test_a_defect_is_answered_with_500(self) -> None:
        def broken(*_: object) -> str:
            raise ZeroDivisionError

        client = self.client("ana")
        self.chat.service.authenticator._hasher.hash = broken  # type: ignore[assignment]
        client.send(b'{"do":"register","password":"x","id":1}\n{"do":"ping","id":2}\n')
        self.chat.settle()
        refused, pong = (event for event in client.events() if "re" in event)
        assert (refused["code"], pong["re"]) == (500, 2)
        assert len(self.flushLoggedErrors(ZeroDivisionError)) == 1


def vars_of(command: Any) -> object:
    """Return all that an input holds, also what it doesn't show."""
    inner = getattr(command, "command", command)
    fields = getattr(inner, "__struct_fields__", ())
    return {name: getattr(inner, name) for name in fields}


@pytest.mark.parametrize(
    ("command", "left"),
    [
        (Register(password="x", name="ana", id=5), Register(password="", name="ana", id=5)),
        (Login(name="ana", password="x"), Login(name="ana", password="")),
        (Passwd(old="x", new="y"), Passwd(old="", new="")),
        (Token(label="x"), Token(label="x")),
        (Unregister(password="x"), Unregister(password="")),
        (Reset(name="ana", password="x"), Reset(name="ana", password="")),
    ],
)
def test_secrets_are_blanked(command: Any, left: Any) -> None:
    assert blanked(command) == left
