"""The portal, and the threads in which passwords are hashed."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher
from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import UsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.cred.portal import IRealm
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase
from zope.interface import Interface
from zope.interface.verify import verifyObject

from chatd.auth import (
    Avatar,
    IAvatar,
    NameAndToken,
    PasswordChecker,
    Realm,
    TokenChecker,
    account_key,
    portal,
    token_digest,
)
from chatd.core.errors import Refusal
from chatd.core.inputs import Proof
from chatd.core.model import Account, Token
from chatd.core.names import nick_name
from chatd.hashing import THREADS, WAITING, Hasher
from tests.fakes import QUICK, ImmediateReactor, InlinePool

OLD = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)


def account(name: str, digest: str, **tokens: str) -> Account:
    """Return an account; tokens by their labels."""
    made = Account(uid=f"uid of {name}", name=nick_name(name), digest=digest, created=0)
    for label, token in tokens.items():
        made.tokens[label] = Token(label=label, digest=token_digest(token), created=0)
    return made


class Case(SynchronousTestCase):
    """A few accounts, and hashing at once."""

    def setUp(self) -> None:
        self.pool = InlinePool()
        self.hasher = Hasher(ImmediateReactor(), QUICK, self.pool)
        self.hasher.start()
        held = [
            account("ana", QUICK.hash("right"), bot="t.ana"),
            account("bo", OLD.hash("old")),
            account("cy", "no digest at all"),
        ]
        self.accounts = {each.name.key: each for each in held}

    def find(self, name: str) -> Account | None:
        """Return an account."""
        return self.accounts.get(account_key(name) or "")


class Opening(Case):
    def setUp(self) -> None:
        super().setUp()
        self.portal = portal(self.find, self.hasher)

    def open(self, credentials: Any) -> Avatar:
        """Return whom credentials let in."""
        login = self.portal.login(credentials, None, IAvatar)
        _, avatar, log_out = self.successResultOf(login)
        log_out()
        assert isinstance(avatar, Avatar)
        return avatar

    def refused(self, credentials: Any) -> None:
        """Make sure that credentials let nobody in."""
        self.failureResultOf(self.portal.login(credentials, None, IAvatar), UnauthorizedLogin)

    def password(self, name: str, password: str) -> UsernamePassword:
        """Return what one logs in with."""
        return UsernamePassword(name.encode(), password.encode())

    def test_they_are_what_they_say(self) -> None:
        assert verifyObject(IRealm, Realm())
        assert verifyObject(ICredentialsChecker, TokenChecker(self.find))
        assert verifyObject(ICredentialsChecker, PasswordChecker(self.find, self.hasher))
        assert verifyObject(IAvatar, self.open(self.password("ana", "right")))

    def test_a_password_opens_its_account(self) -> None:
        avatar = self.open(self.password("ana", "right"))
        assert avatar.uid == "uid of ana"
        assert avatar.proof == Proof(digest=self.accounts["ana"].digest)

    def test_a_name_is_the_same_in_all_its_forms(self) -> None:
        for name in ("ANA", " ana ", "@Ana"):
            assert self.open(self.password(name, "right")).uid == "uid of ana"

    def test_a_wrong_password_opens_nothing(self) -> None:
        for password in ("", "Right", "right ", "t.ana", "x" * 20_000):
            self.refused(self.password("ana", password))

    def test_a_name_that_does_not_exist_opens_nothing(self) -> None:
        for name in ("nobody", "", "guest-1", "a b", "x" * 5000, "\u202e"):
            self.refused(self.password(name, "right"))

    def test_who_does_not_exist_is_checked_all_the_same(self) -> None:
        before = self.pool.done
        self.refused(self.password("nobody", "right"))
        self.refused(self.password("a b", "right"))
        assert self.pool.done == before + 2

    def test_a_digest_that_is_none_opens_nothing(self) -> None:
        self.refused(self.password("cy", "no digest at all"))

    def test_old_parameters_bring_a_new_digest(self) -> None:
        proof = self.open(self.password("bo", "old")).proof
        assert proof.digest == self.accounts["bo"].digest
        assert proof.fresh is not None
        assert QUICK.verify(proof.fresh, "old")
        assert not QUICK.check_needs_rehash(proof.fresh)
        self.refused(self.password("bo", "wrong"))

    def test_a_token_opens_its_account(self) -> None:
        avatar = self.open(NameAndToken("ANA", "t.ana"))
        assert avatar == Avatar("uid of ana", Proof(digest=token_digest("t.ana"), label="bot"))
        assert self.pool.done == 0

    def test_a_wrong_token_opens_nothing(self) -> None:
        for name, token in (("ana", "t.x"), ("bo", "t.ana"), ("nobody", "t.ana"), ("a b", "")):
            self.refused(NameAndToken(name, token))

    def test_a_token_is_not_shown(self) -> None:
        assert "t.ana" not in repr(NameAndToken("ana", "t.ana"))

    def test_there_is_one_kind_of_avatar(self) -> None:
        with pytest.raises(NotImplementedError):
            Realm().requestAvatar(None, None, Interface)


class Hashing(Case):
    def test_a_digest_is_argon2id(self) -> None:
        digest = self.successResultOf(self.hasher.hash("x"))
        assert digest.startswith("$argon2id$")
        assert digest != self.successResultOf(self.hasher.hash("x"))

    def test_too_many_who_wait_are_refused(self) -> None:
        def stay() -> Deferred[None]:
            return Deferred()

        waiting = [self.hasher.in_turn(stay) for _ in range(THREADS + WAITING)]
        with pytest.raises(Refusal) as refused:
            self.hasher.in_turn(stay)
        assert refused.value.code == 503
        for work in waiting:
            self.assertNoResult(work)

    def test_who_waits_is_let_in_when_somebody_is_done(self) -> None:
        entered: list[Deferred[None]] = []

        def enter() -> Deferred[None]:
            entered.append(Deferred())
            return entered[-1]

        works = [self.hasher.in_turn(enter) for _ in range(THREADS + 2)]
        assert len(entered) == THREADS
        entered[0].errback(ZeroDivisionError())
        self.failureResultOf(works[0], ZeroDivisionError)
        entered[1].callback(None)
        assert len(entered) == THREADS + 2


class Threads(TestCase):
    """Real threads, real parameters."""

    async def test_nothing_is_hashed_in_the_reactors_thread(self) -> None:
        from twisted.internet import reactor
        from twisted.python.threadable import isInIOThread

        where: list[bool] = []

        class Watched(PasswordHasher):
            def hash(self, *arguments: object, **named: object) -> str:
                where.append(isInIOThread())
                return super().hash(*arguments, **named)  # type: ignore[arg-type]

        hasher = Hasher(reactor, Watched())  # type: ignore[arg-type]  # it has threads
        hasher.start()
        self.addCleanup(hasher.stop)
        where.clear()
        digest = await hasher.hash("x")
        assert where == [False]
        assert "m=65536,t=3,p=4" in digest
        assert await hasher.verify(digest, "x") == (True, None)
        assert await hasher.verify(digest, "y") == (False, None)
        assert await hasher.verify(None, "x") == (False, None)
