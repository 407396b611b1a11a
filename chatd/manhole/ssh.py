"""SSH for the manhole: methods of today, public keys alone, and who comes and goes is logged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.conch.interfaces import IConchUser
from twisted.conch.ssh.connection import SSHConnection
from twisted.conch.ssh.factory import SSHFactory
from twisted.conch.ssh.keys import Key
from twisted.conch.ssh.transport import SSHServerTransport
from twisted.conch.ssh.userauth import SSHUserAuthServer
from twisted.cred.error import UnauthorizedLogin
from twisted.cred.portal import IRealm, Portal
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IDelayedCall, ITCPTransport
from twisted.internet.protocol import Factory, connectionDone
from twisted.logger import Logger, LogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.manhole.keys import SIGNATURES, KeyChecker, KeyFileError, fingerprint, host_key
from chatd.manhole.shell import Admin, quiet
from chatd.manhole.text import one_line
from chatd.peer import shown_host
from chatd.service import ChatService

LOGIN = 60  # seconds in which one has to have entered
TRIES = 5  # signatures of wrong keys that one connection may bring

log = Logger()


def _only(offered: list[bytes], pattern: bytes) -> list[bytes]:
    return [name for name in offered if re.match(pattern, name)]


class ManholeTransport(SSHServerTransport):
    """The encrypted connection."""

    _log = quiet
    ourVersionString = b"SSH-2.0-chatd"
    supportedKeyExchanges = _only(
        SSHServerTransport.supportedKeyExchanges, rb"mlkem|curve25519|ecdh-sha2"
    )
    supportedCiphers = _only(SSHServerTransport.supportedCiphers, rb"aes\d+-ctr")
    supportedMACs = _only(SSHServerTransport.supportedMACs, rb"hmac-sha2-")
    # What is compressed could be a bomb, before anybody has entered.
    supportedCompressions = _only(SSHServerTransport.supportedCompressions, rb"none")
    factory: ManholeFactory
    transport: ITCPTransport
    avatar: Admin

    _patience: IDelayedCall | None = None

    @property
    def host(self) -> str:
        """The client's address."""
        return shown_host(self.transport.getPeer())

    @property
    def entered(self) -> bool:
        """Whether a key has been accepted."""
        return hasattr(self, "avatar")

    def connectionMade(self) -> None:
        """Begin; who has not entered in time is gone."""
        if ITCPTransport.providedBy(self.transport):  # it may be a socket in the file system
            self.transport.setTcpKeepAlive(True)
        self._patience = self.factory.reactor.callLater(LOGIN, self._too_late)
        super().connectionMade()

    def _too_late(self) -> None:
        self._patience = None
        if not self.entered:
            self.transport.abortConnection()

    def connectionLost(self, reason: Failure | None = connectionDone) -> None:
        """The connection is gone."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        """Take bytes; of a stranger, what makes no sense ends the connection quietly."""
        try:
            super().dataReceived(data)
        except Exception:
            if self.entered:
                raise
            log.warn("what came to the console from {host} is no SSH", host=self.host)
            self.transport.abortConnection()

    def sendExtInfo(self, extensions: list[tuple[bytes, bytes]]) -> None:
        """Tell the client which signatures are taken; conch knows only the host key's own."""
        super().sendExtInfo([(b"server-sig-algs", b",".join(SIGNATURES))])

    def receiveError(self, reasonCode: int, description: bytes) -> None:
        """Let a client say why it goes: that it went is logged anyway."""


class Login(SSHUserAuthServer):
    """Lets in by public key alone: it is all that the portal has a checker for."""

    _log = quiet
    loginTimeout = LOGIN
    attemptsBeforeDisconnect = TRIES
    transport: ManholeTransport

    def tryAuth(self, kind: bytes, user: bytes, data: bytes) -> Deferred[Any]:
        """Try to enter; a key that may not is logged."""
        return super().tryAuth(kind, user, data).addErrback(self._refused, user)

    def _refused(self, failure: Failure, user: bytes) -> Failure:
        if failure.check(UnauthorizedLogin):
            who = one_line(user.decode("utf-8", "replace")[:64])
            log.warn("refused at the console: {who} from {host}", who=who, host=self.transport.host)
        return failure


class Entered(SSHConnection):
    """The connection of somebody who has entered."""

    # It takes the refusal of a channel (for forwarding, say) for a defect.
    _log = Logger(observer=LogPublisher())  # which tells nobody
    transport: ManholeTransport

    def serviceStarted(self) -> None:
        """Log who has come."""
        super().serviceStarted()
        self.host = self.transport.host
        self._tell("entered")

    def serviceStopped(self) -> None:
        """Log who has gone."""
        super().serviceStopped()
        self._tell("left")

    def _tell(self, did: str) -> None:
        who = self.transport.avatar.entrant
        log.info("{who} {did} the console from {host}", who=str(who), did=did, host=self.host)


@implementer(IRealm)
class Realm:
    """Makes an ``Admin`` of whom the checker let in. ``up`` tells how long the server runs."""

    def __init__(self, service: ChatService, up: Callable[[], float]) -> None:
        self._service = service
        self._up = up

    def requestAvatar(
        self, avatarId: Any, mind: object, *interfaces: object
    ) -> tuple[type[IConchUser], Admin, Callable[[], None]]:
        """Return the administrator."""
        return IConchUser, Admin(avatarId, self._service, self._up), lambda: None


class ManholeFactory(SSHFactory):
    """Answers on the manhole's port."""

    noisy = False
    protocol = ManholeTransport
    services = {b"ssh-userauth": Login, b"ssh-connection": Entered}  # noqa: RUF012  as conch has it

    def __init__(self, service: ChatService, reactor: Any, keys: Path, host_key: Path) -> None:
        self.reactor = reactor
        self.portal = Portal(Realm(service, self._up), [KeyChecker(keys)])
        self.privateKeys: dict[bytes, Key] = {}
        self.publicKeys: dict[bytes, Key] = {}
        self._path = host_key
        self._since = reactor.seconds()

    def _up(self) -> float:
        return float(self.reactor.seconds() - self._since)

    def startFactory(self) -> None:
        """Have the host key made as soon as the server runs.

        Ports are bound before that: without a data directory, and perhaps with the rights of root.
        """
        self._since = self.reactor.seconds()
        self.reactor.callWhenRunning(self._prepare)

    def _prepare(self) -> bool:
        """Return whether there is a host key now."""
        if self.privateKeys:
            return True
        try:
            key = host_key(self._path)
        except KeyFileError as error:
            log.critical("nobody can enter the console: {error}", error=str(error))
            return False
        self.privateKeys = {key.sshType(): key}
        self.publicKeys = {key.sshType(): key.public()}
        log.info("the console's host key is {fingerprint}", fingerprint=fingerprint(key))
        return True

    def buildProtocol(self, addr: IAddress | None) -> Any:
        """Return a new connection; none without a host key."""
        if not self._prepare():
            return None
        # SSHFactory's own tells the log each time that it has no primes, which nobody needs here.
        made: ManholeTransport | None = Factory.buildProtocol(self, addr)
        assert made is not None
        made.supportedPublicKeys = [
            name for key in self.privateKeys.values() for name in key.supportedSignatureAlgorithms()
        ]
        return made
