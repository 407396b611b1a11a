"""What is remembered of accounts on this computer: names in a file, tokens in its keyring."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.threads import deferToThread

from chatcli import keychain
from chatcli.address import Address
from chatcli.keychain import Kept
from chatcli.person import Credentials
from chatcli.session import Session
from chatcli.settings_file import SettingsFile


class Accounts:
    """Remembers accounts. ``tell`` shows a sentence.

    A keyring may ask its owner to unlock it, so it is spoken to in a thread.
    """

    def __init__(
        self,
        session: Session,
        address: Address,
        file: SettingsFile,
        tell: Callable[[str], None],
    ) -> None:
        self._session = session
        self._address = address
        self._tell = tell
        self._file = file
        self._name: str | None = None

    def known_as(self, credentials: Credentials | None) -> None:
        """One is logged in by these, or has logged out."""
        if credentials is None:
            self._file.keep(self._address, name="")
            if self._name is not None:
                self.forget_token(self._name)
        elif credentials.name != self._name:
            self._name = credentials.name
            self._file.keep(self._address, name=credentials.name)
            if self._file.settings.server != str(self._address):
                self._file.set("server", str(self._address))
            self._have_token(credentials.name)

    def forget_token(self, name: str) -> None:
        """Keep the token of an account no more; its next login makes another."""
        if name == self._name:
            self._name = None
        deferToThread(keychain.forget, name, self._address)

    def _have_token(self, name: str) -> None:
        """Make a token for this computer, where it has a keyring and no token yet."""

        def found(wanted: bool) -> None:
            label = keychain.new_label()
            if wanted and self._session.online:
                self._session.make_token(label, lambda token: self._keep(name, Kept(label, token)))

        deferToThread(self._is_wanted, name).addCallback(found)

    def _is_wanted(self, name: str) -> bool:
        return keychain.is_there() and keychain.recall(name, self._address) is None

    def _keep(self, name: str, kept: Kept) -> None:
        def told(is_kept: bool) -> None:
            if is_kept:
                self._tell(
                    "A token is kept in your keyring: the next time you need no password here."
                    f" /revoke {kept.label} ends that."
                )
            else:
                self._session.revoke(kept.label)

        deferToThread(keychain.keep, name, self._address, kept).addCallback(told)
