"""The text of the settings' file: what it says, and in which line it is wrong. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple, get_type_hints

from chatcli.options import OPTIONS, checked, shown, with_value
from chatcli.settings import Profile, Settings

Path = tuple[str | int, ...]

_SECTIONS = frozenset(key.partition(".")[0] for key in OPTIONS if "." in key)
_PROFILE = get_type_hints(Profile, include_extras=True)
_REQUIRED = frozenset({"host", "port"})
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Wrong(NamedTuple):
    """Something in the file that is wrong. ``line`` counts from 1; 0 where it is unknown."""

    line: int
    words: str


class Reading:
    """What a text says: ``settings``, with defaults where it is ``wrong``."""

    def __init__(self, text: str) -> None:
        self.settings = Settings()
        self.wrong: list[Wrong] = []
        self._text = text
        self._lines: dict[Path, int] | None = None
        try:
            told = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else text.count("\n") + 1
            words = _PLACE.sub("", str(error))
            self.wrong.append(Wrong(line, f"{words}. The defaults hold for all settings."))
        except (ValueError, RecursionError):
            words = "A number is too long, or too much stands in each other"
            self.wrong.append(Wrong(0, f"{words}. The defaults hold for all settings."))
        else:
            self._take(told)
            self.wrong.sort()

    def line_of(self, path: Path) -> int:
        """Return the line in which a value begins, 0 where there is none."""
        if self._lines is None:
            self._lines = _lines_of(self._text)
        return self._lines.get(path, 0)

    def _take(self, told: dict[str, Any]) -> None:
        for name, raw in told.items():
            if name == "profiles":
                self._take_profiles(raw)
            elif name == "keys":
                self._take_keys(raw)
            elif name in _SECTIONS and isinstance(raw, dict):
                for each, value in raw.items():
                    self._take_value((name, each), value)
            else:
                self._take_value((name,), raw)

    def _take_value(self, path: tuple[str, ...], raw: object) -> None:
        key = ".".join(path)
        option = OPTIONS.get(key)
        if option is None:
            known = [*OPTIONS, *_SECTIONS, "keys", "profiles"]
            self._complain(path, f"there is no setting {key!r}{_or_else(key, known)}")
            return
        try:
            self.settings = with_value(self.settings, key, checked(option.kind, raw))
        except ValueError as problem:
            default = shown(option.default)
            self._complain(path, f"{key} {problem}. The default holds: {default}")

    def _take_keys(self, raw: object) -> None:
        keys: dict[str, tuple[str, ...]] = {}
        for name, value in raw.items() if isinstance(raw, dict) else [("", raw)]:
            path = ("keys", name) if name else ("keys",)
            values = [value] if isinstance(value, str) else value
            try:
                keys[name] = tuple(each for each in checked(list[str], values) if each)
            except ValueError:
                words = 'are written as in: next = "Ctrl-N", or next = ["Ctrl-N", "Alt-Down"]'
                self._complain(path, f"keys {words}. The default holds")
        self.settings = with_value(self.settings, "keys", keys)

    def _take_profiles(self, raw: object) -> None:
        profiles: list[Profile] = []
        if not isinstance(raw, list):
            self._complain(("profiles",), "a profile begins with a line [[profiles]]")
            return
        for number, each in enumerate(raw):
            profile = self._profile(("profiles", number), each)
            if profile is not None:
                profiles.append(profile)
        self.settings = with_value(self.settings, "profiles", tuple(profiles))

    def _profile(self, path: Path, raw: object) -> Profile | None:
        """Return a profile; None where it is none, or host or port are not known."""
        values: dict[str, Any] = {}
        told = raw if isinstance(raw, dict) else {}
        for name, value in told.items():
            kind = _PROFILE.get(name)
            try:
                if kind is None:
                    raise ValueError("is nothing that a profile has")  # noqa: TRY301
                values[name] = checked(kind, value)
            except ValueError as problem:
                what = "The profile" if name in _REQUIRED else "It"
                self._complain((*path, name), f"{name} {problem}. {what} is passed over")
        missing = sorted(_REQUIRED - told.keys())
        if missing:
            self._complain(path, f"a profile has no {' and no '.join(missing)}")
        return Profile(**values) if values.keys() >= _REQUIRED else None

    def _complain(self, path: Path, words: str) -> None:
        self.wrong.append(Wrong(self.line_of(path), f"{words}."))


def _or_else(key: str, known: list[str]) -> str:
    (match, *_) = get_close_matches(key, known, 1) or [""]
    return f"; did you mean {match!r}?" if match else ""


def _lines_of(text: str) -> dict[Path, int]:
    """Return where each value begins: below the last line with which the text was still right.

    This holds for all that TOML allows, and only who has made a mistake waits for it.
    """
    found: dict[Path, int] = {}
    begun = 1
    lines = text.splitlines(keepends=True)
    for number in range(1, len(lines) + 1):
        try:
            told = tomllib.loads("".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue
        for path in _paths(told):
            found.setdefault(path, begun)
        begun = number + 1
    return found


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _paths(each, (*path, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _paths(each, (*path, number))
