"""Argon2id in threads of its own: a password takes long to hash, and much memory, on purpose."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from twisted.internet.defer import Deferred, DeferredSemaphore
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from chatd.core.errors import Refusal

THREADS = 2
WAITING = 64  # who may wait for a thread; who comes after them is refused

Result = TypeVar("Result")


class Verdict(NamedTuple):
    """Whether a password is right; ``fresh`` is a better digest of it, where there is one."""

    right: bool
    fresh: str | None = None


class Hasher:
    """Makes and checks digests of passwords, by the parameters of ``argon``.

    The default ones are RFC 9106's for little memory: 64 MiB each time.
    """

    def __init__(
        self,
        reactor: IReactorFromThreads,
        argon: PasswordHasher | None = None,
        pool: ThreadPool | None = None,
    ) -> None:
        self._reactor = reactor
        self._argon = argon or PasswordHasher()
        self._pool = pool or ThreadPool(0, THREADS, "passwords")
        self._turns = DeferredSemaphore(THREADS)
        self._nobodys = ""

    def start(self) -> None:
        """Start the threads. For the tenth of a second that it takes, nobody waits yet."""
        self._nobodys = self._argon.hash(secrets.token_hex())
        self._pool.start()

    def stop(self) -> None:
        """Wait for what is under way, and stop the threads; who waits for his turn gets none."""
        for waiting in list(self._turns.waiting):
            waiting.cancel()
        self._pool.stop()

    def in_turn(self, work: Callable[[], Deferred[Result]]) -> Deferred[Result]:
        """Do ``work`` when there is a thread for it. Raises ``Refusal`` 503 where too many wait."""
        if len(self._turns.waiting) >= WAITING:
            raise Refusal(503, problem="Too many people log in just now.")
        return self._turns.run(work)

    def hash(self, password: str) -> Deferred[str]:
        """Return a new digest. Only in one's turn."""
        return deferToThreadPool(self._reactor, self._pool, self._argon.hash, password)

    def verify(self, digest: str | None, password: str) -> Deferred[Verdict]:
        """Return whether a password is the one of ``digest``. Only in one's turn.

        For None it is wrong, and to say so takes as long.
        """
        return deferToThreadPool(self._reactor, self._pool, self._verify, digest, password)

    def _verify(self, digest: str | None, password: str) -> Verdict:
        try:
            self._argon.verify(digest or self._nobodys, password)
        except (VerifyMismatchError, InvalidHashError):
            return Verdict(right=False)
        if digest is None:
            return Verdict(right=False)
        stale = self._argon.check_needs_rehash(digest)
        return Verdict(right=True, fresh=self._argon.hash(password) if stale else None)
