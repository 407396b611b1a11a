"""Help, made from the command table and the error table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.commands import COMMANDS, Command, CommandRow, Help
from chatd.core.errors import BY_NAME, ERRORS, ErrorRow
from chatd.core.events import CommandHelp, HelpText, Result
from chatd.core.grammar import row_for

if TYPE_CHECKING:
    from chatd.core.turn import Turn

_WHO = {
    "g": "everyone",
    "u": "a logged-in account",
    "m": "moderators of the room",
    "o": "the room's owner",
    "a": "administrators",
}
_INTRODUCTION = (
    "Words go to the current conversation; //text says a text that begins with /.",
    "/help COMMAND or /help NUMBER (of an error) tells more.",
)


def handle_help(turn: Turn, command: Help) -> Result:
    """Explain everything, a command, or an error."""
    topic = command.topic.strip().removeprefix("/").removeprefix("!").removeprefix("E")
    if not topic:
        rows = [row for row in COMMANDS.values() if row.who != "a" or turn.user.admin]
        return HelpText(commands=tuple(_line(row) for row in rows), text=_INTRODUCTION)
    error = next((row for code, row in ERRORS.items() if str(code) == topic), None)
    error = error or BY_NAME.get(topic.upper()) or BY_NAME.get(command.topic.strip().upper())
    if error is not None:
        return HelpText(commands=(), text=(_explain(error),))
    row = row_for(topic.split()[0])
    return HelpText(commands=(_line(row),), text=(f"For {_WHO[row.who]}.",))


def _line(row: CommandRow) -> CommandHelp:
    return CommandHelp(name=row.name, usage=row.usage, summary=row.summary, who=row.who)


def _explain(error: ErrorRow) -> str:
    return f"{error.code} {error.name}: {error.cause}."


HANDLERS: dict[type[Command], Any] = {Help: handle_help}
