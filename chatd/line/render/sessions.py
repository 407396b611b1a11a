"""What is told about one's session, and help."""

from __future__ import annotations

from itertools import groupby

from chatd.core import results as rs
from chatd.line.render.base import Renderings, Style, nothing, server, wrapped
from chatd.line.render.rooms import room_entered

# What a beginner needs first; all else is shown by its name only.
FIRST = ("help", "nick", "login", "register", "join", "msg", "who", "history", "catchup", "quit")
MANY = 20  # commands are not explained at once


def _help_text(result: rs.HelpText, _: Style) -> list[str]:
    shown = result.commands
    if len(shown) > MANY:
        shown = tuple(line for name in FIRST for line in shown if line.name == name)
    width = max((len(line.usage) for line in shown), default=0)
    lines = server(*(f"{line.usage:<{width}}  {line.summary}" for line in shown))
    if len(result.commands) > MANY:
        lines += _by_subject(result.commands)
    return lines + server(*result.text)


def _by_subject(commands: tuple[rs.CommandHelp, ...]) -> list[str]:
    lines = server("All commands:")
    for subject, rows in groupby(commands, lambda line: line.subject):
        lines += wrapped(f"{subject}: ", (f"/{line.name}" for line in rows), " ")
    return lines


def _resumed(result: rs.Resumed, style: Style) -> list[str]:
    lines = server(f"You are {result.you} again.")
    for room in result.rooms:
        lines += room_entered(room, style)
    return lines


LINES: Renderings = {
    rs.Done: nothing,
    rs.Confirmed: lambda _result, _style: server("Done."),
    rs.ModeIs: lambda result, _: server(f"Output is {result.mode}"),
    rs.Pong: lambda result, _: server(f"pong {result.t}"),
    rs.HelpText: _help_text,
    rs.Resumed: _resumed,
}
