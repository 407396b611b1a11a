"""Who one was last, by server: names and addresses in a file, never a secret."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import platformdirs

from chatcli import wire
from chatcli.address import Address

KEPT = 50


class Profile(NamedTuple):
    """An account on a server."""

    address: Address
    name: str


class Profiles:
    """The profiles in the file ``path``, the one used last first."""

    def __init__(self, path: Path | None = None) -> None:
        folder = platformdirs.user_config_path("chatcli", appauthor=False)
        self._path = path or folder / "profiles.json"

    def all(self) -> list[Profile]:
        """Return what is remembered; nothing of a file that cannot be read."""
        try:
            told = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        profiles = []
        for each in wire.objects(told, "profiles") if isinstance(told, dict) else []:
            host, port = wire.name(each, "host"), wire.number(each, "port")
            name = wire.name(each, "name")
            if host and port and port < 65536 and name:
                profiles.append(Profile(Address(host, port), name))
        return profiles

    def name_at(self, address: Address) -> str | None:
        """Return the account that one was at a server, None where there was none."""
        return next((each.name for each in self.all() if each.address == address), None)

    def remember(self, profile: Profile) -> None:
        """Put a profile first. Where it cannot be kept, it is not."""
        others = [each for each in self.all() if each.address != profile.address]
        self._write([profile, *others[: KEPT - 1]])

    def forget(self, address: Address) -> None:
        """Remember nobody at a server."""
        found = self.all()
        left = [each for each in found if each.address != address]
        if left != found:
            self._write(left)

    def _write(self, profiles: Iterable[Profile]) -> None:
        told = [
            {"host": each.address.host, "port": each.address.port, "name": each.name}
            for each in profiles
        ]
        text = json.dumps({"profiles": told}, ensure_ascii=False, indent=1) + "\n"
        fresh = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.touch(mode=0o600)
            fresh.write_text(text, "utf-8")
            fresh.replace(self._path)
