"""Secrets that are asked for one by one, so that they are neither seen nor remembered. Pure."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from chatd.core.commands import COMMANDS, Command


class Question(NamedTuple):
    """A secret that is asked for: its key in the command, and the words of the prompt.

    ``again``: it must be the same as the one before.
    """

    key: str
    words: str
    again: bool = False


class Ask(NamedTuple):
    """Ask for secrets, and then do command ``name``; ``known`` are its other arguments."""

    name: str
    known: dict[str, str]
    questions: tuple[Question, ...]


class _Shape(NamedTuple):
    """How many words of a command may be seen, and what is asked for after them."""

    seen: tuple[str, ...]
    questions: tuple[Question, ...]


_NEW = (Question("password", "New password"), Question("password", "The same again", again=True))
_SHAPES = {
    "claim": _Shape((), (Question("code", "Code of the new server"),)),
    "login": _Shape(("name",), (Question("password", "Password or token of {name}"),)),
    "passwd": _Shape(
        (),
        (
            Question("old", "Old password"),
            Question("new", "New password"),
            Question("new", "The same again", again=True),
        ),
    ),
    "register": _Shape((), _NEW),
    "reset": _Shape(("name",), _NEW),
    "unregister": _Shape((), (Question("password", "Password, to delete your account"),)),
}


def questions_for(text: str) -> Ask | None:
    """Return what must be asked for where ``text`` is a command without its secret."""
    name, *words = text[1:].split() or [""]
    shape = _SHAPES.get(name.lower())
    if shape is None or len(words) != len(shape.seen):
        return None
    known = dict(zip(shape.seen, words, strict=True))
    questions = (each._replace(words=each.words.format(**known)) for each in shape.questions)
    return Ask(name.lower(), known, tuple(questions))


def secret_from(text: str) -> int | None:
    """Return where in ``text`` a secret begins that somebody types, None where there is none."""
    if not text.startswith("/") or text.startswith("//"):
        return None
    name, *words = text[1:].split(" ")
    shape = _SHAPES.get(name.lower())
    if shape is None or len(words) <= len(shape.seen):
        return None
    return len(text) - len(" ".join(words[len(shape.seen) :]))


def is_secret(typed: str) -> bool:
    """Whether something that was typed must not be found again."""
    return secret_from(typed) is not None or typed.lower().startswith("/once ")


def command_of(ask: Ask, answers: list[str]) -> Command:
    """Return the command with the secrets in it. Raises ``ValueError`` with a sentence."""
    values = dict(ask.known)
    for question, answer in zip(ask.questions, answers, strict=True):
        if question.again and values[question.key] != answer:
            raise ValueError("That was not the same twice.")
        if not answer:
            raise ValueError("It cannot be empty.")
        values[question.key] = answer
    return msgspec.convert({**values, "do": ask.name}, COMMANDS[ask.name].struct)
