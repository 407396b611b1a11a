"""The pop-up that leads to a conversation, a person or a room by a few letters of its name."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    Float,
    HSplit,
    Window,
)
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.widgets import Frame
from wcwidth import iter_graphemes

from chatcli.model import State
from chatcli.switching import Goal, goals
from chatcli.ui.pane import Pane
from chatcli.ui.panes import counts, sign_of
from chatcli.ui.text import Row, columns_of, cut, pad

WIDEST, HIGHEST = 60, 16  # columns and rows
_ABOUT = 24  # columns of a title, behind which there is room to tell about it
Size = Callable[[], tuple[int, int]]


class Switcher:
    """``go`` gets where one wants to go, None where nowhere; ``size``: columns, rows there are."""

    def __init__(self, state: State, go: Callable[[Goal | None], None], size: Size) -> None:
        self.open = False
        self._state = state
        self._go = go
        self._size = size
        self._goals: list[Goal] = []
        self._basis: tuple[str, int] | None = None
        self._chosen = 0
        # The goal in the first row.
        self._first = 0
        self.buffer = Buffer(history=DummyHistory(), multiline=False)
        control = BufferControl(
            self.buffer,
            input_processors=[BeforeInput("› ", "class:prompt")],
            key_bindings=self._bindings(),
        )
        self.window = Window(control, height=1)

    def begin(self) -> None:
        """Open it, empty."""
        self.open, self._basis = True, None
        self.buffer.reset()

    def leave(self) -> None:
        """Close it; one stays where one is."""
        self._end(None)

    def _end(self, goal: Goal | None) -> None:
        self.open = False
        self.buffer.reset()
        self._go(goal)

    def _accept(self) -> None:
        found = self._found()
        if found:
            self._end(found[self._chosen])

    def _found(self) -> list[Goal]:
        """Return the goals; they don't change place while nothing is typed."""
        basis = (self.buffer.text, len(self._state.rooms_known))
        if basis != self._basis:
            self._goals, self._basis, self._chosen = goals(self.buffer.text, self._state), basis, 0
        return self._goals

    def move(self, step: int) -> None:
        """Choose the goal ``step`` below; behind the last one comes the first."""
        found = self._found()
        if found:
            self._chosen = (self._chosen + step) % len(found)

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        for keys, step in ((("up", "c-p", "s-tab"), -1), (("down", "c-n", "tab"), 1)):
            for key in keys:
                bindings.add(key)(lambda _, step=step: self.move(step))
        bindings.add("enter")(lambda _: self._accept())
        for key in ("escape", "c-g", "c-k"):
            bindings.add(key)(lambda _: self.leave())
        return bindings

    # The mouse

    def clicked(self, row: int) -> None:
        """Go to what is in a row."""
        if self._first + row < len(self._found()):
            self._chosen = self._first + row
            self._accept()

    def linked(self, url: str) -> None:
        """Nothing here is a link."""

    def turned(self, steps: int) -> None:
        """Choose another goal."""
        self.move(-steps)

    # Drawing

    def float(self) -> Float:
        """Return it as a part of the screen above the others."""
        body = HSplit([self.window, Pane(self.rows, mouse=self)])
        frame = Frame(body, title="Go to", style="class:switcher")
        return Float(
            ConditionalContainer(frame, Condition(lambda: self.open)),
            top=1,
            width=lambda: min(WIDEST, self._size()[0] - 2),
            height=lambda: min(HIGHEST, self._size()[1] - 3),
        )

    def rows(self, columns: int, height: int) -> list[Row]:
        """Return the goals that there is room for, the chosen one in view."""
        found = self._found()
        self._first = first = max(0, min(self._chosen - height // 2, len(found) - height))
        shown = enumerate(found[first : first + height], first)
        rows = [self._row(goal, columns, chosen=index == self._chosen) for index, goal in shown]
        if not rows:
            rows.append([("class:quiet", cut("  nobody and nothing of that name", columns))])
        # What is below it must not show through.
        return [*rows, *([[]] * (height - len(rows)))]

    def _row(self, goal: Goal, columns: int, *, chosen: bool) -> Row:
        conversation = self._state.find(goal.title)
        count = counts(conversation) if conversation is not None else ""
        room = max(1, min(_ABOUT, columns - 3) - columns_of(count))
        row: Row = [("", f"{sign_of(goal.title, self._state)} ")]
        row += _title(goal, room)
        row += [("class:fresh", count), ("", "  ")]
        left = columns - 4 - room - columns_of(count)
        row.append(("class:quiet", cut(self._about(goal), left) if left > 0 else ""))
        if chosen:
            return [("class:chosen", pad("".join(piece[1] for piece in row), columns))]
        return row

    def _about(self, goal: Goal) -> str:
        """Return what there is to say of a goal."""
        state, conversation = self._state, self._state.find(goal.title)
        if goal.title.startswith("@"):
            person = state.presence_of(goal.title[1:])
            return f"{person.state}: {person.text}" if person.text else person.state
        if conversation is not None:
            return conversation.topic
        return f"to enter: {state.rooms_known.get(goal.title, '')}".rstrip(": ")


def _title(goal: Goal, columns: int) -> Row:
    """Return the title in so many columns, the letters that match marked."""
    text = cut(goal.title, columns)
    row: Row = []
    index = 0
    for letter in iter_graphemes(text):
        found = any(index <= place < index + len(letter) for place in goal.places)
        row.append(("class:match" if found else "", letter))
        index += len(letter)
    return [*row, ("", " " * (columns - columns_of(text)))]
