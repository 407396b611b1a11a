"""Who one wants to be, and on which server: of the command line, the environment, the last time."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import MutableMapping
from contextlib import suppress
from typing import NamedTuple

from chatcli import keychain
from chatcli.address import DEFAULT_HOST, DEFAULT_PORT, Address, parse_address
from chatcli.person import Credentials
from chatcli.settings_file import SettingsFile

TOKEN = "CHATCLI_TOKEN"  # noqa: S105 the name of a variable
KEYRING = "your keyring"


class NobodyKnown(Exception):
    """There is a token, but nobody knows whose it is; the message says what to try."""


class Identity(NamedTuple):
    """Where, and who.

    ``nick`` is a guest's; ``login`` is an account whose secret is asked for where there are no
    ``credentials``.
    """

    address: Address
    nick: str | None
    login: str | None
    credentials: Credentials | None


def identify(
    asked: Namespace, environment: MutableMapping[str, str], file: SettingsFile
) -> Identity:
    """Return who one wants to be and where, as far as it is known.

    The token leaves the environment. Raises ``NobodyKnown``.
    """
    address = asked.server or _usual_address(file)
    profile = file.profile(address)
    token = environment.pop(TOKEN, "")
    if asked.nick or asked.guest:
        return Identity(address, asked.nick, None, None)
    name = asked.login or (profile.name if profile is not None else "")
    if not name:
        if token:
            raise NobodyKnown(f"chatcli does not know whose token {TOKEN} is. Try: --login NAME")
        return Identity(address, None, None, None)
    if token:
        return Identity(address, None, name, Credentials(name, token, TOKEN))
    kept = keychain.recall(name, address)
    credentials = Credentials(name, kept.token, KEYRING) if kept is not None else None
    return Identity(address, None, name, credentials)


def _usual_address(file: SettingsFile) -> Address:
    """Return the server of somebody who does not say which."""
    settings = file.settings
    if settings.server:
        with suppress(ValueError):
            return parse_address(settings.server)
    for profile in settings.profiles:
        return Address(profile.host, profile.port)
    return Address(DEFAULT_HOST, DEFAULT_PORT)
