"""The secrets of a command are looked at here, before it gets its place in the order.

What comes of it is a ``Proof``; the command goes on without its secrets.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, NamedTuple

import msgspec
from twisted.cred.credentials import UsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from chatd.auth import IAvatar, NameAndToken, account_key, portal, token_digest
from chatd.core.commands import (
    ROW_OF,
    Claim,
    Confidential,
    Login,
    Passwd,
    Register,
    Reset,
    Token,
    Unregister,
)
from chatd.core.errors import Refusal
from chatd.core.flood import TriesGate, address_block
from chatd.core.grammar import SECRETS
from chatd.core.inputs import Proof, Unproved, Vouched
from chatd.core.limits import Limits
from chatd.core.model import Account, User
from chatd.core.names import Name
from chatd.core.policy import check_command, check_secret
from chatd.data import ClaimCode
from chatd.hashing import Hasher

LONGEST = 1024  # bytes of a password
SHORT = 8  # characters; below it, who chooses a password is advised to take a longer one
TOKEN = "t."  # noqa: S105  how tokens begin, so that they are seldom taken for passwords

_NOBODY = User(uid="", name=Name("", "", ""), since=0)  # a session that was not introduced yet


def same_password(text: str) -> str:
    """Return a password as it is hashed: the same however a keyboard composes its letters."""
    return unicodedata.normalize("NFC", text)


def blanked(command: Confidential) -> Confidential:
    """Return a command without its secrets."""
    fields = command.__struct_fields__
    return msgspec.structs.replace(command, **{key: "" for key in fields if key.upper() in SECRETS})


class Asker(NamedTuple):
    """Who asks something: as whom, from where, and whether nobody on the way can listen."""

    user: User | None
    host: str
    secure: bool


class Authenticator:
    """Finds out what the secrets of commands are worth.

    ``seconds`` is a clock for the limit on tries, ``code`` makes the first administrator. With
    ``plain`` passwords may come over any connection.
    """

    log = Logger()

    def __init__(
        self,
        hasher: Hasher,
        limits: Limits,
        seconds: Callable[[], float],
        *,
        code: ClaimCode | None = None,
        plain: bool = False,
    ) -> None:
        self._code = code
        self._hasher = hasher
        self._limits = limits
        self._seconds = seconds
        self._plain = plain
        self._accounts: Mapping[str, Account] = {}
        self._tries = TriesGate(limits.tries, limits.tries_window)
        self._registrations = TriesGate(limits.registrations, limits.registrations_window)
        self.portal = portal(self._find, hasher)

    def start(self, accounts: Mapping[str, Account]) -> None:
        """Begin with ``accounts``, the hub's own mapping by key. Raises ``StartError``."""
        self._accounts = accounts
        if any(account.role == "admin" for account in accounts.values()):
            self.code_used()
        elif self._code is not None:
            self.log.info(
                "This server has no administrator yet. To be it, /register, then /claim {code}"
                " (the code is in {path}, too).",
                code=self._code.open(),
                path=self._code.path,
            )
        self._hasher.start()

    def stop(self) -> None:
        """Give up the threads; what is not found out by now never is."""
        self._hasher.stop()

    def code_used(self) -> None:
        """Forget the code: there is an administrator."""
        if self._code is not None:
            try:
                self._code.remove()
            except OSError:
                self.log.failure("the file of a worthless code stays")

    def secure(self, host: str) -> bool:
        """Whether a password may come in the clear from ``host``: this machine, if not from all."""
        return self._plain or address_block(host) is None

    async def vouch(self, asker: Asker, command: Confidential) -> Vouched | Unproved:
        """Return what takes the place of ``command`` in the order.

        Where nothing is proved, the hub says what there is to say.
        """
        try:
            check_secret(secure=asker.secure)
            # Nothing is hashed for somebody who may not ask at all.
            check_command(asker.user or _NOBODY, command)
            proof = await self._PROVE[type(command)](self, asker, command)
        except Refusal as refusal:
            return Unproved(refusal, command.id)
        return Vouched(blanked(command), proof)

    def _find(self, name: str) -> Account | None:
        key = account_key(name)
        return self._accounts.get(key) if key is not None else None

    # Trying

    def _keys(self, asker: Asker, name: str | None) -> tuple[str, ...]:
        """Return against what a wrong try counts; the account comes last."""
        address = f"from {address_block(asker.host) or asker.host}"
        return (address,) if name is None else (address, f"name {name}")

    def _check_tries(self, keys: tuple[str, ...]) -> None:
        wait = self._tries.wait(keys, self._seconds())
        if wait > 0:
            raise Refusal(429, what="too many wrong passwords", wait=int(wait) + 1)

    def _tried(self, keys: tuple[str, ...], *, right: bool) -> None:
        if right:
            self._tries.clear(keys[-1])
        else:
            self._tries.failed(keys, self._seconds())

    async def _attempt(
        self, keys: tuple[str, ...], check: Callable[[], Awaitable[Proof | None]]
    ) -> Proof:
        """Return what ``check`` proves. Raises ``Refusal`` 429 or 503."""

        async def checked() -> Proof | None:
            # Others may have failed while this one waited for its turn,
            self._check_tries(keys)
            return await check()

        self._check_tries(keys)
        proof = await self._hasher.in_turn(lambda: Deferred.fromCoroutine(checked()))
        # or while it was being looked at: nobody learns of more tries than are allowed.
        self._check_tries(keys)
        self._tried(keys, right=proof is not None)
        return proof or Proof()

    # What each command needs

    async def _prove_login(self, asker: Asker, command: Login) -> Proof:
        name, secret = command.name, same_password(command.password)
        keys = self._keys(asker, account_key(name))
        if secret.startswith(TOKEN):
            self._check_tries(keys)
            proof = await self._open(NameAndToken(name, secret))
            if proof is not None:
                self._tried(keys, right=True)
                return proof
        credentials = UsernamePassword(name.encode(), secret.encode())
        return await self._attempt(keys, lambda: self._open(credentials))

    async def _open(self, credentials: Any) -> Proof | None:
        try:
            _, avatar, _ = await self.portal.login(credentials, None, IAvatar)
        except UnauthorizedLogin:
            return None
        return IAvatar(avatar).proof

    async def _prove_password(self, asker: Asker, password: str) -> Proof:
        """Return a proof that somebody who is logged in knows his password."""
        account = asker.user.account if asker.user is not None else None
        if account is None:
            return Proof()
        digest = account.digest

        async def check() -> Proof | None:
            verdict = await self._hasher.verify(digest, same_password(password))
            return Proof(digest=digest) if verdict.right else None

        return await self._attempt(self._keys(asker, account.name.key), check)

    async def _prove_passwd(self, asker: Asker, command: Passwd) -> Proof:
        new = self._checked(command.new, command)
        proof = await self._prove_password(asker, command.old)
        if proof.digest is None:
            return proof
        return msgspec.structs.replace(proof, fresh=await self._hashed(new))

    async def _prove_unregister(self, asker: Asker, command: Unregister) -> Proof:
        return await self._prove_password(asker, command.password)

    async def _prove_register(self, asker: Asker, command: Register) -> Proof:
        if asker.user is not None and asker.user.account is not None:
            return Proof()
        password = self._checked(command.password, command)
        # Each costs a hash and a name: no address gets many of them in a while.
        address = address_block(asker.host)
        keys = (f"from {address}",) if address is not None else ()
        wait = self._registrations.wait(keys, self._seconds())
        if wait > 0:
            raise Refusal(429, what="too many new accounts", wait=int(wait) + 1)
        self._registrations.failed(keys, self._seconds())
        return Proof(fresh=await self._hashed(password), weak=len(password) < SHORT)

    async def _prove_reset(self, asker: Asker, command: Reset) -> Proof:
        return Proof(fresh=await self._hashed(self._checked(command.password, command)))

    async def _prove_token(self, asker: Asker, command: Token) -> Proof:
        token = TOKEN + secrets.token_urlsafe(24)
        return Proof(token=token, fresh=token_digest(token))

    async def _prove_claim(self, asker: Asker, command: Claim) -> Proof:
        account = asker.user.account if asker.user is not None else None
        if account is None:
            return Proof()
        keys = self._keys(asker, account.name.key)
        self._check_tries(keys)
        right = self._code is not None and self._code.fits(command.code)
        self._tried(keys, right=right)
        return Proof(ok=right)

    async def _hashed(self, password: str) -> str:
        return await self._hasher.in_turn(lambda: self._hasher.hash(password))

    def _checked(self, text: str, command: Confidential) -> str:
        """Return a new password. Raises ``Refusal`` 104 where it cannot be one."""
        password = same_password(text)
        least = max(1, self._limits.password)
        if len(password.encode()) > LONGEST:
            problem = f"A password has at most {LONGEST} bytes"
        elif len(password) < least:
            problem = f"A password has at least {least} character{'s' * (least > 1)}"
        else:
            return password
        raise Refusal(104, problem=problem, usage=ROW_OF[type(command)].usage)

    _PROVE: ClassVar[dict[type, Any]] = {
        Claim: _prove_claim,
        Login: _prove_login,
        Passwd: _prove_passwd,
        Register: _prove_register,
        Reset: _prove_reset,
        Token: _prove_token,
        Unregister: _prove_unregister,
    }
