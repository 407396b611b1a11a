"""Tokens in the keyring of the desktop, where there is one: the library ``keyring`` is an extra.

A backend that is no real keyring, such as a file in clear, is not used. What a backend raises is
its own affair: without it one is asked for the password.
"""

from __future__ import annotations

import platform
import re
import secrets
from typing import Any, NamedTuple

from chatcli.address import Address

SERVICE = "chatcli"
# What keyring itself gives to backends that are worth using; files in clear have less.
_WORTHY = 1


class Kept(NamedTuple):
    """A token and its label."""

    label: str
    token: str


def _keyring() -> Any:
    """Return the backend, None where there is none that keeps secrets."""
    try:
        import keyring

        backend = keyring.get_keyring()
        return backend if backend.priority >= _WORTHY else None
    except Exception:  # noqa: BLE001 it is missing, or broken
        return None


def _entry(name: str, address: Address) -> str:
    return f"{name}@{address}"


def is_there() -> bool:
    """Whether there is a keyring."""
    return _keyring() is not None


def new_label() -> str:
    """Return a label for a token of this computer that no other token has."""
    host = re.sub(r"[^a-z0-9-]", "", platform.node().lower())[:16]
    return f"chatcli-{host or 'here'}-{secrets.token_hex(2)}"


def recall(name: str, address: Address) -> Kept | None:
    """Return the token of an account, None where there is none."""
    try:
        found = _keyring().get_password(SERVICE, _entry(name, address))
        label, _, token = (found or "").partition(" ")
    except Exception:  # noqa: BLE001
        return None
    return Kept(label, token) if token else None


def keep(name: str, address: Address, kept: Kept) -> bool:
    """Keep the token of an account. Returns whether it is kept."""
    try:
        _keyring().set_password(SERVICE, _entry(name, address), f"{kept.label} {kept.token}")
    except Exception:  # noqa: BLE001
        return False
    return True


def forget(name: str, address: Address) -> None:
    """Keep the token of an account no more."""
    try:
        _keyring().delete_password(SERVICE, _entry(name, address))
    except Exception:  # noqa: BLE001
        return
