"""What the keys do with a selected message."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.key_binding import KeyPressEvent

from chatcli.line import Line
from chatcli.model import State
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.answering import Answering
from chatcli.ui.editing import Editing
from chatcli.ui.keys import Handler
from chatcli.ui.outside import Outside
from chatcli.ui.selection import Selection

_NOT_HERE = {
    "edit": "not yours to edit",
    "delete": "not yours to delete",
    "pin": "moderators pin",
    "open": "no link in it",
    "view": "not to be viewed once",
}


class Desk(NamedTuple):
    """What is at hand for acting on a message."""

    input: Buffer
    selection: Selection
    answering: Answering
    editing: Editing
    outside: Outside


class Acting:
    """The handlers of the keys that mean something while a message is selected."""

    def __init__(self, state: State, actions: Actions, reading: Reading, desk: Desk) -> None:
        self._state = state
        self._actions = actions
        self._reading = reading
        self._desk = desk
        self._selection = desk.selection

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by their names."""
        acts: dict[str, Callable[[Line], None]] = {
            "reply": lambda line: self._answer(line, reacts=False),
            "react": lambda line: self._answer(line, reacts=True),
            "edit": self._edit,
            "delete": lambda _: self._ask_delete(),
            "copy": self._copy,
            "open": lambda _: self._open_one(),
            "pin": self._pin,
            "view": self._view,
        }
        named = {name: self._handler(name, act) for name, act in acts.items()}
        return {
            **named,
            "back": lambda _: self._selection.clear(),
            "answer": lambda event: self._take_answer(event.data),
            "nothing": lambda _: None,
            "paste": self._paste,
            "select older": self._older,
            "select newer": self._newer,
        }

    def _handler(self, name: str, act: Callable[[Line], None]) -> Handler:
        def handle(_: KeyPressEvent) -> None:
            line = self._selection.line
            if line is None:
                return
            if name in self._selection.names():
                act(line)
            else:
                self._selection.tell(_NOT_HERE.get(name, "not possible with it"))

        return handle

    # Moving

    def _older(self, event: KeyPressEvent) -> None:
        if self._selection.move(1):
            return
        if self._selection.line is None:
            event.current_buffer.auto_up()
        else:
            self._reading.fetch_older()
            if self._reading.fetching:
                self._selection.tell("fetching older ones")

    def _newer(self, event: KeyPressEvent) -> None:
        if self._selection.line is None:
            event.current_buffer.auto_down()
        elif not self._selection.move(-1):
            if self._state.excerpt is not None:
                self._reading.fetch_newer()
            else:
                self._selection.clear()

    def _paste(self, event: KeyPressEvent) -> None:
        self._selection.clear()
        text = event.data.replace("\r\n", "\n").replace("\r", "\n")
        event.current_buffer.insert_text(text)

    # Acting

    def _answer(self, line: Line, *, reacts: bool) -> None:
        self._desk.answering.begin("react" if reacts else "reply", line)
        self._selection.clear()
        if reacts:
            self._desk.input.start_completion()

    def _edit(self, line: Line) -> None:
        self._selection.clear()
        self._desk.editing.begin(line, self._desk.input)

    def _copy(self, line: Line) -> None:
        done = self._desk.outside.copy(line.text)
        self._selection.tell("copied" if done else "too long to be copied")

    def _pin(self, line: Line) -> None:
        name = "unpin" if line.seq in self._state.current.pins else "pin"
        self._do(f"/{name} {line.seq}")

    def _view(self, line: Line) -> None:
        self._do(f"/view {line.seq}")

    def _do(self, command: str) -> None:
        self._selection.clear()
        self._actions.submit(command)

    def _ask_delete(self) -> None:
        self._selection.asked = "delete"

    # Links

    def _open_one(self) -> None:
        links = self._selection.links
        if len(links) == 1:
            self.open(links[0])
        else:
            self._selection.asked = "open"

    def open(self, url: str) -> None:
        """Open an address."""
        done = self._desk.outside.open(url)
        self._selection.tell("opened" if done else "there is no browser here; copy it")

    def _take_answer(self, typed: str) -> None:
        selection = self._selection
        asked, selection.asked = selection.asked, ""
        line = selection.line
        if line is None:
            return
        if asked == "delete" and typed.lower() == "y":
            self._do(f"/del {line.seq}")
        elif asked == "open" and typed.isdecimal() and 0 < int(typed) <= len(selection.links):
            self.open(selection.links[int(typed) - 1])
