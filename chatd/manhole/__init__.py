"""The manhole: a Python prompt inside the running server, over SSH, for its administrators."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twisted.internet.interfaces import IProtocolFactory, IReactorCore

    from chatd.service import ChatService


def manhole_factory(
    service: ChatService, reactor: IReactorCore, keys: Path, host_key: Path
) -> IProtocolFactory:
    """Return what answers on the manhole's port.

    ``keys`` holds the public keys that may enter and is read at each login; ``host_key`` is made
    where there is none. Neither is touched before the reactor runs.
    """
    with warnings.catch_warnings():
        # conch imports ciphers for old peers, which are not offered here; cryptography says so.
        warnings.simplefilter("ignore")
        # Who has switched the manhole off does not pay for SSH.
        from chatd.manhole.ssh import ManholeFactory

    return ManholeFactory(service, reactor, keys, host_key)
