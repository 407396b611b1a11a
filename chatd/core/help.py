"""Help, made from the command table and the error table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.commands import COMMANDS, Command, CommandRow, Help
from chatd.core.errors import BY_NAME, ERRORS, ErrorRow
from chatd.core.grammar import SECRETS, row_for
from chatd.core.results import CommandHelp, HelpText, Result

if TYPE_CHECKING:
    from chatd.core.turn import Turn

_WHO = {
    "g": "everyone",
    "u": "a logged-in account",
    "m": "moderators of the room",
    "o": "the room's owner",
    "a": "administrators",
}
# By the module that a command's struct stands in: what people call the subject, in this order.
SUBJECTS = {
    "messages": "talking",
    "rooms": "rooms",
    "people": "people",
    "reading": "reading",
    "accounts": "account",
    "moderation": "moderation",
    "sessions": "connection",
    "administration": "administration",
}
_INTRODUCTION = (
    "Words go to the current conversation; //text says a text that begins with /.",
    "/help join explains a command, /help rooms a subject, /help 301 an error.",
)

_LEFT_OUT = "Leave out what is secret, and you are asked for it."


def subject_of(row: CommandRow) -> str:
    """Return the subject that a command belongs to."""
    return SUBJECTS[row.struct.__module__.rpartition(".")[2]]


def handle_help(turn: Turn, command: Help) -> Result:
    """Explain everything, a command, a subject, or an error."""
    topic = command.topic.strip().removeprefix("/").removeprefix("!").removeprefix("E")
    if not topic:
        lines = (line for line in _lines() if line.who != "a" or turn.user.admin)
        return HelpText(commands=tuple(lines), text=_INTRODUCTION)
    error = next((row for code, row in ERRORS.items() if str(code) == topic), None)
    error = error or BY_NAME.get(topic.upper()) or BY_NAME.get(command.topic.strip().upper())
    if error is not None:
        return HelpText(commands=(), text=(_explain(error),))
    if topic.lower() in SUBJECTS.values():
        lines = (line for line in _lines() if line.subject == topic.lower())
        return HelpText(commands=tuple(lines), text=())
    row = row_for(topic.split()[0])
    text = [f"For {_WHO[row.who]}."]
    if any(argument.word in SECRETS for argument in row.arguments):
        text.append(_LEFT_OUT)
    return HelpText(commands=(_line(row),), text=tuple(text))


def _lines() -> list[CommandHelp]:
    """Return all commands by subject, each subject in the order of the table."""
    order = list(SUBJECTS.values())
    return sorted(map(_line, COMMANDS.values()), key=lambda line: order.index(line.subject))


def _line(row: CommandRow) -> CommandHelp:
    return CommandHelp(
        name=row.name,
        usage=row.usage,
        summary=row.summary,
        who=row.who,
        subject=subject_of(row),
    )


def _explain(error: ErrorRow) -> str:
    return f"{error.code} {error.name}: {error.cause}."


HANDLERS: dict[type[Command], Any] = {Help: handle_help}
