"""Pages of messages that were asked for, as lists that one can move in. Pure."""

from __future__ import annotations

from chatcli import wire
from chatcli.durable import line_of
from chatcli.findings import Findings, Hit
from chatcli.model import State
from chatcli.wire import Object
from chatd.core.commands import CatchUp, Command, History, Mentions, Pins, Search

PAGED = (CatchUp, History, Mentions, Pins, Search)
_NOTHING = {
    CatchUp: "You have read everything.",
    Mentions: "Nobody has called you by name.",
    Pins: "No message is pinned here.",
}


def findings_of(state: State, command: Command, reply: Object, now: float) -> Findings | None:
    """Return the list that a reply holds; None where there is nothing in it."""
    hits = []
    for event in wire.objects(reply, "page"):
        title, line = wire.name(event, "in"), line_of(state, event, now)
        if line is not None and line.is_said and title[:1] in {"#", "@"}:
            hits.append(Hit(title, line))
    if not hits:
        return None
    heading = _heading(command)
    if wire.flag(reply, "more"):
        heading += ", and more"
    # What was found begins with the newest, what is to be read with the oldest.
    chosen = 0 if isinstance(command, CatchUp | Pins) else len(hits) - 1
    return Findings(heading=heading, hits=hits, chosen=chosen)


def nothing(command: Command) -> str:
    """Return what to say where a page is empty."""
    return _NOTHING.get(type(command), "There is nothing.")


def _heading(command: Command) -> str:
    if isinstance(command, Search):
        return f"Found: {command.words}"
    if isinstance(command, History):
        return f"History of {command.to}"
    if isinstance(command, Pins):
        return f"Pinned in {command.room}"
    return "Unread" if isinstance(command, CatchUp) else "Where you were called"


def mark_read(state: State, reply: Object) -> None:
    """Take all that a page of unread messages holds for read, as the server does."""
    for event in wire.objects(reply, "page"):
        conversation, seq = state.find(wire.name(event, "in")), wire.number(event, "seq")
        if conversation is not None and seq is not None:
            conversation.mark_read(seq)
            conversation.marked = max(conversation.marked, seq)
