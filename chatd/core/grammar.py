"""A line, typed or JSON, to a command; an event to JSON. Shared by all doors and by chatcli."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from chatd.core.commands import (
    COMMANDS,
    ELSEWHERE,
    Argument,
    Command,
    CommandRow,
    Confidential,
    Message,
    Msg,
    RequestId,
)
from chatd.core.errors import Refusal
from chatd.core.results import Telling

ID_LENGTH = 64
# C0 and C1 controls, line and paragraph separators, bidirectional embeddings, overrides and
# isolates: what can drive a terminal or make text look like something else.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSAFE_LINES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_WORD = re.compile(r"(\S+)\s*")
_INTEGER = re.compile(r"[0-9]{1,18}")
# What begins so is meant as a number or a time, even where it is a wrong one: who mistypes it
# must not have it taken for the reason behind it, and shut out for good, or stop the server now.
_LIKE_A_NUMBER = re.compile(r"[-+]?[0-9]")
_NUMBERS = frozenset({"N", "SECONDS", "SEQ"})
_CHOICES: dict[str, dict[str, Any]] = {
    "LEVEL": {"all": "all", "mentions": "mentions", "none": "none"},
    "ON": {"on": True, "off": False},
    "ROLE": {"admin": "admin", "user": "user"},
}
# What nobody may see; the keys of a command that bear them are the same words in lower case.
SECRETS = frozenset({"CODE", "NEW", "OLD", "PASSWORD"})


def clean(text: str, *, lines: bool = False) -> str:
    """Return ``text`` without what could drive a terminal; line feeds stay where ``lines``."""
    if text.isprintable():
        return text
    return (_UNSAFE_LINES if lines else _UNSAFE).sub("", text)


class BadRequest(Refusal):
    """A line that is no command; ``request`` is its id where it had one."""

    def __init__(self, code: int, request: RequestId = None, **details: object) -> None:
        super().__init__(code, **details)
        self.request = request


class SecretMissing(BadRequest):
    """A typed command lacks only secrets: a door may ask for those with the keys ``missing``.

    ``row`` is the command's and ``values`` are its other arguments. To a door that does not ask
    it is as any other missing argument.
    """

    def __init__(self, row: CommandRow, values: dict[str, Any], missing: tuple[str, ...]) -> None:
        super().__init__(104, problem=f"/{row.name} needs {missing[0].upper()}", usage=row.usage)
        self.row = row
        self.values = values
        self.missing = missing


def parse(line: str) -> Command | None:
    """Return the command that ``line`` means, None for an empty one.

    Raises ``BadRequest`` 101, 104 or 105, of these ``SecretMissing`` where the line lacks only
    what is better not typed in plain sight.
    """
    if line.startswith("{"):
        return _parse_json(line)
    text = clean(line)
    if not text.strip():
        return None
    if text.startswith("//"):
        return Msg(text=text[1:])
    if text.startswith("/"):
        return _parse_typed(text)
    return Msg(text=text)


def row_for(name: str, request: RequestId = None) -> CommandRow:
    """Return the row of command ``name``. Raises ``BadRequest`` 101 with a guess."""
    row = COMMANDS.get(name.lower())
    if row is None:
        near = [ELSEWHERE[name.lower()]] if name.lower() in ELSEWHERE else []
        near = near or difflib.get_close_matches(name.lower(), COMMANDS, 1)
        guess = f" Did you mean /{near[0]}?" if near else ""
        raise BadRequest(101, request, command=clean(name)[:32], guess=guess)
    return row


def _bad_arguments(row: CommandRow, problem: str, request: RequestId = None) -> BadRequest:
    return BadRequest(104, request, problem=problem, usage=row.usage)


# Typed


def _parse_typed(text: str) -> Command:
    name, _, rest = text[1:].partition(" ")
    row = row_for(name)
    values: dict[str, Any] = {}
    missing: list[str] = []
    rest = rest.lstrip(" ")
    for number, argument in enumerate(row.arguments):
        if not rest.strip() and _may_be_asked(row, argument):
            missing.append(argument.key)
        else:
            needed = sum(not later.optional for later in row.arguments[number + 1 :])
            rest = _take(row, argument, rest, needed, values)
    if rest.strip():
        # What is too much of a command with secrets may be a part of one.
        confidential = issubclass(row.struct, Confidential)
        excess = "so many words" if confidential else f"«{rest.strip()[:32]}»"
        raise _bad_arguments(row, f"/{row.name} does not take {excess}")
    if missing:
        raise SecretMissing(row, values, tuple(missing))
    return row.struct(**values)


def _may_be_asked(row: CommandRow, argument: Argument) -> bool:
    return argument.word in SECRETS and issubclass(row.struct, Confidential)


def _take(
    row: CommandRow, argument: Argument, rest: str, needed: int, values: dict[str, Any]
) -> str:
    """Put the argument at the beginning of ``rest`` into ``values``; return what is left.

    ``needed`` is how many words what follows needs at least.
    """
    if argument.rest:
        word, left = rest, ""
    else:
        match = _WORD.match(rest)
        word, left = (match[1], rest[match.end() :]) if match else ("", "")
    if argument.optional and (not _fits(argument, word) or len(left.split()) < needed):
        return rest
    if not word.strip():
        raise _bad_arguments(row, f"/{row.name} needs {argument.word}")
    if argument.word == "LIMIT":
        key, number = _limit(row, word)
        values[key] = number
    else:
        values[argument.key] = _value(row, argument, word)
    return left


def _fits(argument: Argument, word: str) -> bool:
    if argument.word == "#R":
        return word.startswith("#")
    if argument.word == "TO":
        return bool(word) and not _INTEGER.fullmatch(word) and ":" not in word
    if argument.word in _NUMBERS or argument.word == "TIME":
        return bool(_LIKE_A_NUMBER.match(word))
    return bool(word.strip())


def _value(row: CommandRow, argument: Argument, word: str) -> Any:
    if argument.word in _NUMBERS:
        if not _INTEGER.fullmatch(word):
            raise _bad_arguments(row, f"{argument.word} must be a number, not «{word[:32]}»")
        return int(word)
    choices = _CHOICES.get(argument.word)
    if choices is None:
        return word
    if word.lower() not in choices:
        raise _bad_arguments(row, f"{argument.word} must be {_either(choices)}")
    return choices[word.lower()]


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"


def _limit(row: CommandRow, word: str) -> tuple[str, int]:
    key, colon, number = word.rpartition(":")
    if not _INTEGER.fullmatch(number) or (colon and key not in {"before", "after"}):
        raise _bad_arguments(row, f"«{word[:32]}» is no number, before:SEQ or after:SEQ")
    return key or "limit", int(number)


# JSON


def _parse_json(line: str) -> Command:
    try:
        request = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadRequest(105, problem=clean(str(error))[:80]) from None
    ident = request.get("id")
    wrong_id = isinstance(ident, bool) or not isinstance(ident, int | str | None)
    if wrong_id or (isinstance(ident, str) and len(ident) > ID_LENGTH):
        raise BadRequest(105, problem=f"id must be a text of {ID_LENGTH} characters or an integer")
    name = request.get("do")
    if not isinstance(name, str):
        raise BadRequest(105, ident, problem="it has no key do")
    row = row_for(name, ident)
    return _convert(row, request, ident)


def _convert(row: CommandRow, request: dict[str, Any], ident: RequestId) -> Command:
    fields = row.struct.__struct_fields__
    # A message may have several lines; in anything else a line feed would begin a line of its own.
    several = {"text"} if issubclass(row.struct, Message) else set()
    values = {
        key: _cleaned(key, value, lines=key in several)
        for key, value in request.items()
        if value is not None
    }
    for key, other in (("to", "room"), ("room", "to")):
        if key in fields and key not in values and other in values:
            values[key] = values[other]
    if row.name == "typing" and isinstance(values.get("on"), str):
        values["on"] = _CHOICES["ON"].get(values["on"], values["on"])
    values["do"] = row.name
    try:
        command = msgspec.convert(values, row.struct)
    except msgspec.ValidationError as error:
        problem = str(error).replace("Object m", "M").replace(" - at `$.", " in `")
        raise _bad_arguments(row, clean(problem)[:120], ident) from None
    nonce = getattr(command, "nonce", None)
    if nonce is not None and not 0 < len(nonce) <= ID_LENGTH:
        raise _bad_arguments(row, f"nonce must have 1 to {ID_LENGTH} characters", ident)
    return command


def _cleaned(key: str, value: Any, *, lines: bool) -> Any:
    if isinstance(value, str) and key not in {"id", "nonce", "token"}:
        return clean(value, lines=lines)
    return value


_ENCODER = msgspec.json.Encoder()


def encode(told: Telling | Command) -> bytes:
    """Return an event, a result or (in a client) a command as JSON without a line end."""
    return _ENCODER.encode(told)
