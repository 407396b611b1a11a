"""The settings one by one: by their keys, such as ``notices.bell``, with what they may be. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any, NamedTuple, get_type_hints

import msgspec
from msgspec import inspect

from chatcli.settings import Settings

_ON = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
_WORDS = {True: "on", False: "off"}
# They are no single values.
_MANY = frozenset({"keys", "profiles"})


class Option(NamedTuple):
    """A setting: its key, its type, its default, what it is for, and values to choose from."""

    key: str
    kind: Any
    default: object
    about: str
    choices: tuple[str, ...]


def _options(holder: type, prefix: str = "") -> Iterator[Option]:
    hints = get_type_hints(holder, include_extras=True)
    for each in dataclasses.fields(holder):
        kind = hints[each.name]
        if dataclasses.is_dataclass(kind):
            yield from _options(kind, f"{each.name}.")  # type: ignore[arg-type]
        elif each.name not in _MANY:
            yield _option(f"{prefix}{each.name}", kind, each.default)


def _option(key: str, kind: Any, default: object) -> Option:
    known, more = _known(kind)
    choices = tuple(map(str, more.get("examples", ())))
    if isinstance(known, inspect.LiteralType):
        choices = tuple(map(str, known.values))
    elif isinstance(known, inspect.BoolType):
        choices = ("on", "off")
    return Option(key, kind, default, str(more.get("description", "")), choices)


def _known(kind: Any) -> tuple[inspect.Type, dict[str, Any]]:
    """Return a type as msgspec sees it, and what else is said of it."""
    known = inspect.type_info(kind)
    if isinstance(known, inspect.Metadata):
        return known.type, known.extra_json_schema or {}
    return known, {}


OPTIONS = {option.key: option for option in _options(Settings)}


def checked(kind: Any, raw: object) -> Any:
    """Return a value from a file as its type. Raises ``ValueError`` with the end of a sentence."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        raise ValueError(f"cannot be {written(raw)}, but {_allowed(kind)}") from None


def typed(option: Option, words: str) -> Any:
    """Return what somebody typed as a value of its type. Raises ``ValueError`` as ``checked``."""
    known, _ = _known(option.kind)
    raw: object = words
    if isinstance(known, inspect.BoolType):
        if words.lower() not in _ON:
            raise ValueError(f"cannot be {words}, but on or off")
        raw = _ON[words.lower()]
    elif isinstance(known, inspect.LiteralType):
        raw = words.lower()
    elif isinstance(known, inspect.IntType) and words.isdecimal():
        raw = int(words)
    elif words == '""':
        raw = ""
    return checked(option.kind, raw)


def written(value: object) -> str:
    """Return a value as it is written in a file, about."""
    return json.dumps(value, ensure_ascii=False, default=str)


def shown(value: object) -> str:
    """Return a value as a person reads, and types, it."""
    if isinstance(value, bool):
        return _WORDS[value]
    return str(value) or '""'


def _allowed(kind: Any) -> str:
    known, more = _known(kind)
    if isinstance(known, inspect.LiteralType):
        return f"one of {', '.join(map(str, known.values))}"
    if isinstance(known, inspect.BoolType):
        return "true or false"
    if isinstance(known, inspect.IntType):
        return f"a number from {known.ge} to {known.le}"
    examples = more.get("examples")
    return f"a text such as {examples[0]}" if examples else "a text"


def value_of(settings: Settings, key: str) -> object:
    """Return the value of an option."""
    value: object = settings
    for name in key.split("."):
        value = getattr(value, name)
    return value


def with_value(settings: Settings, key: str, value: object) -> Settings:
    """Return settings with another value of an option."""
    section, dot, name = key.rpartition(".")
    if dot:
        value = dataclasses.replace(getattr(settings, section), **{name: value})
        name = section
    return dataclasses.replace(settings, **{name: value})  # type: ignore[arg-type]
