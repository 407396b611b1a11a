"""A keyring for tests: what a desktop keeps locked is in a file here."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

PLACE = "CHATCLI_TEST_SAFE"  # the environment variable that names the file


class Safe(KeyringBackend):
    """Keeps everything in one file."""

    priority = 5.0

    def _kept(self) -> dict[str, str]:
        path = Path(os.environ[PLACE])
        return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}

    def _keep(self, kept: dict[str, str]) -> None:
        Path(os.environ[PLACE]).write_text(json.dumps(kept), "utf-8")

    def get_password(self, service: str, username: str) -> str | None:
        """Return what was kept."""
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something."""
        self._keep({**self._kept(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Keep it no more. Raises ``PasswordDeleteError`` where there is nothing."""
        kept = self._kept()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(username)
        self._keep(kept)
