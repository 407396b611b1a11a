"""The options of ``twistd chat``, on the command line or in a TOML file."""

from __future__ import annotations

import re
import socket
import sys
import tomllib
from pathlib import Path
from typing import Any

import twisted
from twisted.python import usage

from chatd import __version__
from chatd.core.errors import Refusal
from chatd.core.grammar import clean
from chatd.core.names import room_name

DEFAULT_PORT = 65432
_DEFAULTS = {
    "data": "chatd-data",
    "name": socket.gethostname(),
    "lobby": "#lobby",
    "manhole": "tcp:65422:interface=127.0.0.1",
    "rate": "10/2",
    "login-tries": "5/15",
    "password-length": "1",
}
_FLAGS = ("plain-passwords",)
_RATE = re.compile(r"(\d{1,9})/(\d{1,9}(?:\.\d{1,9})?)", re.ASCII)
_LENGTH = re.compile(r"\d{1,9}", re.ASCII)
_LONGEST = 128
_MOST_TRIES = 1000


class StartError(Exception):
    """The server cannot start; the text is one sentence for the operator."""


class Options(usage.Options):
    """What an operator can choose."""

    synopsis = "[options]"
    longdesc = (
        "A chat server: rooms, private messages and history, for nc, telnet, chatcli and scripts"
        " on one port. Every option is also a key of the TOML file named by --config."
    )
    optParameters = [  # noqa: RUF012
        ["config", "c", None, "A TOML file with any of these options as keys."],
        ["data", "d", None, "The directory that keeps everything [default: chatd-data]."],
        ["name", None, None, "The server's name [default: this host's name]."],
        ["lobby", None, None, "The room in which everybody starts [default: #lobby]."],
        ["motd", None, None, "A file with words of welcome, UTF-8."],
        [
            "manhole",
            None,
            None,
            "Endpoint of the admins' SSH console, or off [default: tcp:65422:interface=127.0.0.1].",
        ],
        [
            "manhole-keys",
            None,
            None,
            "Public keys that may enter it, as authorized_keys [default: DATA/manhole_keys].",
        ],
        [
            "rate",
            None,
            None,
            "Flood control as BURST/PER_SECOND commands, or off [default: 10/2].",
        ],
        [
            "login-tries",
            None,
            None,
            "Wrong passwords by account and by address, COUNT/MINUTES, or off [default: 5/15].",
        ],
        [
            "password-length",
            None,
            None,
            "Characters that a new password has at least [default: 1].",
        ],
    ]
    optFlags = [  # noqa: RUF012
        ["plain-passwords", None, "Take passwords over connections that others can listen to."],
    ]

    def __init__(self) -> None:
        super().__init__()
        self["listen"] = []
        self._given: dict[str, Any] = {}
        self._base = Path.cwd()

    def opt_listen(self, endpoint: str) -> None:
        """A Twisted endpoint; repeatable [default: port 65432 on IPv6 and IPv4]."""
        self["listen"].append(endpoint)

    opt_l = opt_listen

    def opt_version(self) -> None:
        """Display the version and exit."""
        print(f"chatd {__version__} (Twisted {twisted.__version__})")  # noqa: T201
        sys.exit(0)

    def parseOptions(self, options: list[str] | None = None) -> None:
        """Read the command line. A mistake ends the program with a sentence and status 1."""
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            raise SystemExit(f"twistd chat: {error}") from None

    def postOptions(self) -> None:
        """Complete and check what was given. A mistake ends the program with a sentence."""
        try:
            self._complete()
        except StartError as error:
            raise SystemExit(f"twistd chat: {error}") from None

    def again(self) -> Options:
        """Return the same command line with the file as it is now. Raises ``StartError``."""
        options = Options()
        options.update(self._given)
        # A daemon may be elsewhere by now.
        options._base = self._base
        options._complete()
        return options

    def motd(self) -> str:
        """Return the words of welcome. Raises ``StartError``."""
        if self["motd"] is None:
            return ""
        try:
            text = (self._base / self["motd"]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StartError(f"--motd: cannot read {self['motd']}: {error}") from None
        return clean(text, lines=True).strip("\n")

    def _complete(self) -> None:
        self._given = dict(self)
        self._read_file()
        for key, value in _DEFAULTS.items():
            if self[key] is None:
                self[key] = value
        self._check()

    def _read_file(self) -> None:
        path = self["config"]
        if path is None:
            return
        try:
            table = tomllib.loads((self._base / path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise StartError(f"cannot read the configuration {path}: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise StartError(f"{path} is not TOML: {error}") from None
        for key, value in table.items():
            self._take(path, key, value)

    def _take(self, path: str, key: str, value: Any) -> None:
        named = {str(row[0]) for row in self.optParameters} | {"listen", *_FLAGS}
        known = sorted(named - {"config"})
        if key not in known:
            raise StartError(f"{path} has an unknown key {key!r}; known are {', '.join(known)}")
        if key == "listen":
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(endpoint, str) for endpoint in values):
                raise StartError(f"{path}: listen must be a text or a list of texts")
            self["listen"] = self["listen"] or values
        elif key in _FLAGS:
            if not isinstance(value, bool):
                raise StartError(f"{path}: {key} must be true or false")
            self[key] = int(self[key] or value)
        elif not isinstance(value, str):
            raise StartError(f"{path}: {key} must be a text")
        elif self[key] is None:
            # The command line comes first.
            self[key] = value

    def _check(self) -> None:
        if not self["data"] or "\0" in self["data"]:
            raise StartError("--data must name a directory")
        try:
            self["lobby"] = room_name(self["lobby"]).shown
        except Refusal as refusal:
            raise StartError(f"--lobby: {refusal.text}") from None
        self["burst"], self["per-second"] = self._rate()
        self["tries"], self["tries-window"] = self._tries()
        self["password"] = self._password()
        self.motd()

    def _password(self) -> int:
        text = self["password-length"]
        if not _LENGTH.fullmatch(text) or not 1 <= int(text) <= _LONGEST:
            raise StartError(f"--password-length: {text!r} is no number from 1 to {_LONGEST}")
        return int(text)

    def _rate(self) -> tuple[int, float]:
        if self["rate"] == "off":
            return 0, 0.0
        match = _RATE.fullmatch(self["rate"])
        if match is None or int(match[1]) < 1 or float(match[2]) <= 0:
            raise StartError(
                f"--rate: {self['rate']!r} is not BURST/PER_SECOND, such as 10/2, or off"
            )
        return int(match[1]), float(match[2])

    def _tries(self) -> tuple[int, float]:
        """Return how many tries, and in how many seconds; none for no limit."""
        if self["login-tries"] == "off":
            return 0, 0.0
        match = _RATE.fullmatch(self["login-tries"])
        if match is None or not 1 <= int(match[1]) <= _MOST_TRIES or float(match[2]) <= 0:
            raise StartError(
                f"--login-tries: {self['login-tries']!r} is not COUNT/MINUTES, such as 5/15,"
                f" with at most {_MOST_TRIES} tries, or off"
            )
        return int(match[1]), float(match[2]) * 60
