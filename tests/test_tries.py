"""How often one may be wrong about a password."""

from __future__ import annotations

import json

from chatd.hashing import THREADS, WAITING
from tests.asking import Case


class Trying(Case):
    """Two accounts, and wrong passwords for them."""

    def setUp(self) -> None:
        super().setUp()
        self.register("ana", "right")
        self.register("bo", "right")

    def wrong(self, times: int, name: str = "ana", host: str = "127.0.0.1") -> list[int]:
        """Try a wrong password; return the errors."""
        client = self.client(host=host)
        return [self.code_of(client, "login", name=name, password="x") for _ in range(times)]


class Tries(Trying):
    async def test_five_may_fail_and_then_not_even_the_right_one_is_hashed(self) -> None:
        assert self.wrong(7) == [401] * 5 + [429] * 2
        before = self.chat.threads.done
        answer = self.ask(self.client(), "login", name="ana", password="right")
        assert (answer["code"], answer["wait"]) == (429, 901)
        assert self.chat.threads.done == before

    async def test_after_a_quarter_of_an_hour_one_may_again(self) -> None:
        self.wrong(5)
        self.chat.clock.advance(901)
        assert self.code_of(self.client(), "login", name="ana", password="right") == 0


class Elsewhere(Trying):
    """The same from several addresses, over connections that nobody can listen to."""

    options = {"plain": True}  # noqa: RUF012

    async def test_an_account_is_tried_from_everywhere(self) -> None:
        codes = [self.wrong(1, host=f"192.0.2.{number}")[0] for number in range(7)]
        assert codes == [401] * 5 + [429] * 2

    async def test_an_address_tries_any_account(self) -> None:
        names = ["ana", "bo", "nobody", "nobody2", "nobody3", "ana"]
        codes = [self.wrong(1, name, "2001:db8::1")[0] for name in names]
        assert codes == [401] * 5 + [429]
        assert self.wrong(1, "bo", "2001:db8::2") == [429]
        assert self.wrong(1, "bo", "2001:db8:0:1::2") == [401]

    async def test_names_that_do_not_exist_look_like_those_that_do(self) -> None:
        hosts = [f"192.0.2.{number}" for number in range(6)]
        existing = [self.wrong(1, "ana", host)[0] for host in hosts]
        missing = [self.wrong(1, "nobody", f"1{host}")[0] for host in hosts]
        assert existing == missing == [401] * 5 + [429]

    async def test_success_clears_the_account_and_not_the_address(self) -> None:
        self.wrong(4, "ana", "192.0.2.1")
        assert (
            self.code_of(self.client(host="192.0.2.2"), "login", name="ana", password="right") == 0
        )
        assert self.wrong(2, "ana", "192.0.2.1") == [401, 429]
        assert self.wrong(1, "ana", "192.0.2.2") == [401]

    async def test_old_passwords_and_codes_count_too(self) -> None:
        client = self.client(host="192.0.2.1")
        self.ask(client, "login", name="ana", password="right")
        assert self.code_of(client, "passwd", old="x", new="y") == 401
        assert self.code_of(client, "unregister", password="x") == 401
        assert [self.code_of(client, "claim", code="x") for _ in range(4)] == [401] * 3 + [429]
        assert self.code_of(client, "passwd", old="right", new="y") == 429

    async def test_tries_at_once_tell_no_more_than_tries_in_a_row(self) -> None:
        self.chat.threads.slow = True
        clients = [self.client(host=f"192.0.2.{number}") for number in range(12)]
        for number, client in enumerate(clients):
            password = "right" if number == 8 else "x"
            line = {"do": "login", "name": "ana", "password": password, "id": 1}
            client.send(json.dumps(line).encode() + b"\n")
        before = self.chat.threads.done
        self.chat.settle()
        codes = sorted(self.answer(client)["code"] for client in clients)
        assert codes == [401] * 5 + [429] * 7
        assert self.chat.threads.done - before <= 5 + THREADS

    async def test_many_right_ones_at_once_are_let_in(self) -> None:
        self.chat.threads.slow = True
        clients = [self.client(host="192.0.2.1") for _ in range(12)]
        for client in clients:
            client.send(b'{"do":"login","name":"ana","password":"right","id":1}\n')
        self.chat.settle()
        assert all(self.answer(client)["ok"] for client in clients)

    async def test_too_many_at_once_are_told_to_come_again(self) -> None:
        self.chat.threads.slow = True
        number = THREADS + WAITING
        clients = [self.client(host=f"192.0.{n // 8}.1") for n in range(number + 1)]
        for client in clients:
            client.send(b'{"do":"login","name":"ana","password":"right","id":1}\n')
        assert self.answer(clients.pop())["code"] == 503
        self.chat.settle()
        assert all(self.answer(client)["ok"] for client in clients)


class Unlimited(Trying):
    options = {"tries": 0}  # noqa: RUF012

    async def test_an_operator_may_leave_it_out(self) -> None:
        assert self.wrong(20) == [401] * 20
