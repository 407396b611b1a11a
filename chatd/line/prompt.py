"""Asking for the secrets that a typed command lacks. Pure.

Each is one line of its own, whatever that begins with. Where nobody sees what is typed, what is
new has to be typed twice.
"""

from __future__ import annotations

from typing import Any

from chatd.core.commands import Command, CommandRow
from chatd.core.grammar import SecretMissing, clean

CANCELLED = "Nothing was done."
DIFFERENT = f"They differ. {CANCELLED}"

_QUESTIONS = {
    ("login", "password"): "Password for {name}",
    ("register", "password"): "New password",
    ("passwd", "old"): "Old password",
    ("passwd", "new"): "New password",
    ("claim", "code"): "Code",
    ("unregister", "password"): "Password",
    ("reset", "password"): "New password for {name}",
}
_NEW = frozenset({("register", "password"), ("passwd", "new")})


class Prompt:
    """What is still to be asked for a command; ``hidden``: nobody sees what is typed.

    ``command`` is the whole one once it is known, ``ended`` why there will be none.
    """

    def __init__(self, lacking: SecretMissing, *, hidden: bool) -> None:
        self.command: Command | None = None
        self.ended: str | None = None
        self._row: CommandRow = lacking.row
        self.hidden = hidden
        self._values: dict[str, Any] = dict(lacking.values)
        self._missing = list(lacking.missing)
        self._first: str | None = None

    @property
    def question(self) -> str:
        """What to ask now."""
        if self._first is not None:
            return "Again:"
        name = str(self._values.get("name", ""))[:32]
        key = self._missing[0]
        asked = _QUESTIONS.get((self._row.name, key), key.capitalize()).format(name=name)
        return f"{asked}:" if self.hidden else f"{asked} (it will be visible):"

    def take(self, line: str) -> None:
        """Take the line that answers the question; an empty one ends the asking."""
        secret = clean(line)
        if not secret:
            self.ended = CANCELLED
        elif self._first is not None and secret != self._first:
            self.ended = DIFFERENT
        elif self._first is None and self.hidden and self._is_new:
            self._first = secret
        else:
            self._keep(secret)

    @property
    def _is_new(self) -> bool:
        return (self._row.name, self._missing[0]) in _NEW

    def _keep(self, secret: str) -> None:
        self._first = None
        self._values[self._missing.pop(0)] = secret
        if not self._missing:
            self.command = self._row.struct(**self._values)
