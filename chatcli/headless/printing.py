"""Events as lines of output. Pure."""

from __future__ import annotations

import json

from chatcli import wire
from chatcli.durable import line_of
from chatcli.headless.visit import Visit
from chatcli.model import State
from chatcli.plain import plain_act, plain_line
from chatcli.wire import Object
from chatd.core.grammar import clean

CLOCK = "%Y-%m-%d %H:%M:%S"


class Printer:
    """Writes events: in words, or as the server tells them where ``as_json``."""

    def __init__(self, visit: Visit, *, as_json: bool) -> None:
        self._visit = visit
        self._as_json = as_json

    def write(self, event: Object) -> None:
        """Write an event, unless there are no words for it."""
        text = json_line(event) if self._as_json else words_of(event, self._visit.you)
        if text:
            self._visit.world.write(text)


def words_of(event: Object, you: str) -> str:
    """Return a durable event in words, one line for each of a text; empty where it has none."""
    title = wire.name(event, "in")
    line = line_of(State(you=you), event, 0.0)
    if line is None:
        return plain_act(title, event, None)
    return plain_line(title, line, number=True, clock=CLOCK)


def json_line(told: Object) -> str:
    """Return an object in one line, with nothing in it that drives a terminal."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    if clean(text) == text:
        return text
    return "".join(each if clean(each) else f"\\u{ord(each):04x}" for each in text)
