"""Who somebody is, as in twisted.cred: every login of every door goes through this portal.

A checker finds out whose account a name and a secret open, and the realm makes the avatar that
says so. What follows from that is decided by the hub alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import ICredentials, IUsernamePassword, UsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.cred.portal import IRealm, Portal
from twisted.internet.defer import Deferred, execute
from zope.interface import Attribute, Interface, implementer

from chatd.core.errors import Refusal
from chatd.core.inputs import Proof
from chatd.core.model import Account
from chatd.core.names import nick_name
from chatd.hashing import Hasher

Find = Callable[[str], Account | None]


def account_key(name: str) -> str | None:
    """Return the key by which an account is found; None for what is no name at all."""
    try:
        return nick_name(name.strip().removeprefix("@")).key
    except Refusal:
        return None


def token_digest(token: str) -> str:
    """Return what is kept of a token: a token is long and random, so this need not be slow."""
    return hashlib.sha256(token.encode()).hexdigest()


class IToken(ICredentials):
    """A name, and one of its account's tokens."""

    name: str = Attribute("The account's name.")
    token: str = Attribute("The token.")


@implementer(IToken)
@dataclass(frozen=True)
class NameAndToken:
    """What logs in a script."""

    name: str
    token: str = field(repr=False)


class Identity(NamedTuple):
    """The id of an avatar: an account, and by which of its keys it was opened."""

    uid: str
    proof: Proof


class IAvatar(Interface):
    """An account, seen from outside of the hub."""

    uid: str = Attribute("The account's uid.")
    proof: Proof = Attribute("By which digest, and which token, it was opened.")


@implementer(IAvatar)
@dataclass(frozen=True)
class Avatar:
    """An account that somebody has opened."""

    uid: str
    proof: Proof


@implementer(IRealm)
class Realm:
    """Makes avatars of those whom a checker let in. To log out is a command, the hub's matter."""

    def requestAvatar(
        self, avatarId: Any, mind: object, *interfaces: object
    ) -> tuple[type[IAvatar], Avatar, Callable[[], None]]:
        """Return the account."""
        if IAvatar not in interfaces:
            raise NotImplementedError
        return IAvatar, Avatar(*avatarId), lambda: None


@implementer(ICredentialsChecker)
class TokenChecker:
    """Opens accounts by their tokens."""

    credentialInterfaces = (IToken,)

    def __init__(self, find: Find) -> None:
        self._find = find

    def requestAvatarId(self, credentials: Any) -> Deferred[Any]:
        """Return the ``Identity`` whose token it is; fails with ``UnauthorizedLogin``."""
        return execute(self._open, credentials)

    def _open(self, credentials: NameAndToken) -> Identity:
        digest = token_digest(credentials.token)
        account = self._find(credentials.name)
        if account is not None:
            for token in account.tokens.values():
                if hmac.compare_digest(token.digest, digest):
                    return Identity(account.uid, Proof(digest=digest, label=token.label))
        raise UnauthorizedLogin


@implementer(ICredentialsChecker)
class PasswordChecker:
    """Opens accounts by their passwords; to find that there is no such account takes as long."""

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, find: Find, hasher: Hasher) -> None:
        self._find = find
        self._hasher = hasher

    def requestAvatarId(self, credentials: Any) -> Deferred[Any]:
        """Return the ``Identity`` whose password it is; fails with ``UnauthorizedLogin``."""
        return Deferred.fromCoroutine(self._open(credentials))

    async def _open(self, credentials: UsernamePassword) -> Identity:
        account = self._find(credentials.username.decode())
        digest = account.digest if account is not None else None
        verdict = await self._hasher.verify(digest, credentials.password.decode())
        if account is None or not verdict.right:
            raise UnauthorizedLogin
        return Identity(account.uid, Proof(digest=digest, fresh=verdict.fresh))


def portal(find: Find, hasher: Hasher) -> Portal:
    """Return the portal to the accounts that ``find`` finds by name."""
    return Portal(Realm(), [TokenChecker(find), PasswordChecker(find, hasher)])
