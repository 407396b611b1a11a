"""The file with the settings: ``chatcli.toml`` in the platform's directory for such files.

It is its owner's to write in. What chatcli changes in it leaves all else, comments too, as it is.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from chatcli import wire
from chatcli.address import Address
from chatcli.options import OPTIONS, with_value
from chatcli.settings import Profile
from chatcli.settings_text import Path as Place
from chatcli.settings_text import Reading
from chatd.core.grammar import clean

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

NAME = "chatcli.toml"
_FORMER = "profiles.json"  # where profiles were before there were settings
PROFILES = 50

Change = Callable[["TOMLDocument"], None]


class SettingsFile:
    """Settings and their file. ``settings`` are as they are now, ``problems`` what is wrong there.

    ``path`` is another file than the usual one.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or platformdirs.user_config_path("chatcli", appauthor=False) / NAME
        self.problems: list[str] = []
        self._is_named = path is not None
        self._reading = Reading(self._read())
        self.settings = self._reading.settings
        self.problems += [self._located(line, words) for line, words in self._reading.wrong]
        if not self._is_named and not self.path.exists():
            self._take_over(self.path.with_name(_FORMER))

    def problem(self, place: Place, words: str) -> str:
        """Return a sentence that says where in the file something is wrong."""
        return self._located(self._reading.line_of(place), words)

    def profile(self, address: Address) -> Profile | None:
        """Return what is known of a server, None where it is nothing."""
        found = (each for each in self.settings.profiles if _is_at(each, address))
        return next(found, None)

    # Changing it. What is returned is why it could not be written; empty where it was.

    def set(self, key: str, value: Any) -> str:
        """Set an option, from now on and in the file."""
        self.settings = with_value(self.settings, key, value)
        return self._change(lambda document: _put(document, key, value))

    def unset(self, key: str) -> str:
        """Have the default of an option again."""
        self.settings = with_value(self.settings, key, OPTIONS[key].default)
        return self._change(lambda document: _put(document, key, None))

    def bind(self, name: str, keys: tuple[str, ...] | None) -> str:
        """Set what is pressed for a name of the help; None for the default."""
        others = {key: each for key, each in self.settings.keys.items() if key != name}
        bound = others if keys is None else {**others, name: keys}
        self.settings = dataclasses.replace(self.settings, keys=bound)
        value = keys if keys is None or len(keys) > 1 else "".join(keys)
        return self._change(lambda document: _put(document, f"keys.{name}", value))

    def keep(self, address: Address, **values: Any) -> str:
        """Set values of the profile of a server; it is made where there is none.

        A value that is false is taken out of it. A profile that tells nothing is not kept.
        """
        known = self.profile(address) or Profile(host=address.host, port=address.port)
        changed = dataclasses.replace(known, **values)
        if changed == known:
            return ""
        empty = not (changed.name or changed.pin or changed.order)
        kept = list(self.settings.profiles)
        place = kept.index(known) if known in kept else len(kept)
        kept[place : place + 1] = [] if empty else [changed]
        self.settings = dataclasses.replace(self.settings, profiles=tuple(kept[-PROFILES:]))
        return self._change(lambda document: _put_profile(document, changed, empty=empty))

    def _change(self, change: Change) -> str:
        # Only who changes something waits for it.
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            former = self.path.read_bytes().decode("utf-8-sig") if self.path.exists() else ""
            document = tomlkit.parse(former)
            change(document)
            text = document.as_string()
            tomllib.loads(text)
            if text != former:
                _write(self.path.resolve(), text)
        except OSError as error:
            return f"{self.path} cannot be written: {error.strerror or error}"
        except (TOMLKitError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return f"{self.path} is written so that chatcli cannot change it: do it by hand"
        return ""

    # Reading it

    def _read(self) -> str:
        if self.path.is_fifo():
            # Nobody knows whether anybody will write to it, and when.
            self.problems.append(f"{self.path} cannot be read: it is a pipe. All defaults hold.")
            return ""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            if self._is_named:
                self.problems.append(f"There is no {self.path} yet. All defaults hold.")
            return ""
        except OSError as error:
            why = error.strerror or error
            self.problems.append(f"{self.path} cannot be read: {why}. All defaults hold.")
            return ""
        try:
            return data.decode("utf-8-sig")  # editors of Windows begin with a mark
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.problems.append(self._located(line, "This is not UTF-8. All defaults hold."))
            return ""

    def _located(self, line: int, words: str) -> str:
        # What stands in a file goes to the terminal.
        words = clean(words)
        return f"{self.path}, line {line}: {words}" if line else f"{self.path}: {words}"

    def _take_over(self, former: Path) -> None:
        """Take the profiles of a former version, the one used last first, once."""
        try:
            told = json.loads(former.read_text("utf-8"))
        except (OSError, ValueError):
            return
        for each in reversed(wire.objects(told, "profiles") if isinstance(told, dict) else []):
            host, port = wire.name(each, "host"), wire.number(each, "port")
            name = wire.name(each, "name")
            if host and port and port < 65536 and name:
                self.keep(Address(host, port), name=name)
                self.set("server", str(Address(host, port)))
        if self.path.exists():
            former.unlink(missing_ok=True)


def _is_at(profile: Profile, address: Address) -> bool:
    return (profile.host, profile.port) == address


def _put(document: TOMLDocument, key: str, value: Any) -> None:
    """Put a value into a document, or, None, take it out."""
    import tomlkit

    section, _, name = key.rpartition(".")
    holder: Any = document
    if section:
        if value is not None and section not in document:
            _leave_a_line(document)
            document.append(section, tomlkit.table())
        holder = document.get(section, {})
    _assign(holder, name, value)


def _assign(holder: Any, name: str, value: Any) -> None:
    """Give a table a value, or, None, none; what is new stands below its last value.

    What follows that, such as a comment, belongs to what comes after the table.
    """
    if value is None:
        holder.pop(name, None)
        return
    body = holder.value.body if hasattr(holder.value, "body") else []
    below = []
    while name not in holder and body and body[-1][0] is None:
        below.append(body.pop())
    holder[name] = list(value) if isinstance(value, tuple) else value
    body.extend(reversed(below))


def _leave_a_line(document: TOMLDocument) -> None:
    import tomlkit

    text = document.as_string()
    if text.strip() and not text.endswith("\n\n"):
        document.add(tomlkit.nl())


def _put_profile(document: TOMLDocument, profile: Profile, *, empty: bool) -> None:
    import tomlkit

    if "profiles" not in document:
        _leave_a_line(document)
        document.append("profiles", tomlkit.aot())
    tables: Any = document["profiles"]
    address = (profile.host, profile.port)
    found = (number for number, each in enumerate(tables) if _address_in(each) == address)
    place = next(found, None)
    if empty:
        if place is not None:
            del tables[place]
        if not tables:
            del document["profiles"]
        return
    if place is None:
        if tables:
            tables[-1].add(tomlkit.nl())
        tables.append(tomlkit.table())
        while len(tables) > PROFILES:
            del tables[0]
    table = tables[-1 if place is None else place]
    for name, value in dataclasses.asdict(profile).items():
        _assign(table, name, value or None)


def _address_in(table: Mapping[str, object]) -> tuple[object, object]:
    return table.get("host"), table.get("port")


def _write(path: Path, text: str) -> None:
    """Write a file, whole or not at all, for its owner alone. Raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        fresh.touch(mode=0o600, exist_ok=False)
        with fresh.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
