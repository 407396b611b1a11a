"""The line in which one types what is looked for, here at once or on the server."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import BufferControl, Dimension, VSplit, Window
from prompt_toolkit.layout.processors import BeforeInput

from chatcli.finding import Finding, search_for
from chatcli.model import State
from chatcli.ui.messages import Messages
from chatcli.ui.pane import Pane
from chatcli.ui.text import Row, columns_of, pad

_HINTS = (
    "↑ ↓ older, newer · Enter: on the server · Alt-Enter: everywhere · Esc: back",
    "↑ ↓ · Enter: server · Esc",
)


class FindBar:
    """Finds words in what is shown. ``done`` gets what is to be asked of the server, if anything.

    ``columns`` tells how broad the screen is.
    """

    def __init__(
        self,
        state: State,
        messages: Messages,
        done: Callable[[str | None], None],
        columns: Callable[[], int],
    ) -> None:
        self.open = False
        self._state = state
        self._messages = messages
        self._done = done
        self._columns = columns
        self._finding = Finding()
        self.buffer = Buffer(
            history=DummyHistory(),
            multiline=False,
            on_text_changed=lambda _: self._look(),
        )
        control = BufferControl(
            self.buffer,
            input_processors=[BeforeInput("find› ", "class:prompt")],
            key_bindings=self._bindings(),
        )
        self.window = Window(control, height=1)
        hint = Pane(self._hint_rows, height=1, width=self._hint_width)
        self.container = VSplit([self.window, hint])

    def begin(self) -> None:
        """Open it, empty; a list of messages goes away."""
        if self._messages.listing:
            self._state.leave_place(all_=True)
        self.open = True
        self.buffer.reset()

    def leave(self) -> None:
        """Close it; what was found stays in view."""
        self._end(None)

    def _end(self, command: str | None) -> None:
        self.open = False
        self._finding.forget()
        self._messages.marked = None
        self.buffer.reset()
        self._done(command)

    def _ask(self, *, everywhere: bool) -> None:
        words, title = self.buffer.text, self._state.current.title
        if words.strip():
            self._end(search_for(words, None if everywhere or title[:1] not in "#@" else title))

    def _look(self) -> None:
        if self.open:
            self._finding.look(self.buffer.text, self._messages.lines)
            self._show()

    def step(self, step: int) -> None:
        """Show the next line below that has it, or above where negative."""
        self._finding.look(self.buffer.text, self._messages.lines)
        self._finding.step(step)
        self._show()

    def _show(self) -> None:
        self._messages.marked = self._finding.pattern
        if self._finding.line is not None:
            self._messages.seek(self._finding.line)

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        for keys, step in ((("up", "c-p", "s-tab"), -1), (("down", "c-n", "tab"), 1)):
            for key in keys:
                bindings.add(key)(lambda _, step=step: self.step(step))
        bindings.add("enter")(lambda _: self._ask(everywhere=False))
        bindings.add("escape", "enter")(lambda _: self._ask(everywhere=True))
        for key in ("escape", "c-g", "c-f"):
            bindings.add(key)(lambda _: self.leave())
        return bindings

    # Drawing

    def _hint(self) -> str:
        hits = self._finding.hits
        count = ""
        if self.buffer.text.strip():
            count = f"{self._finding.chosen + 1} of {len(hits)}" if hits else "not here"
        room = self._columns() - 24
        fits = (each for each in _HINTS if columns_of(each) + len(count) + 3 <= room)
        hint = next(fits, "")
        return " · ".join(filter(None, (count, hint)))

    def _hint_width(self) -> Dimension:
        return Dimension.exact(columns_of(self._hint()) + 1)

    def _hint_rows(self, columns: int, _: int) -> list[Row]:
        return [[("class:quiet", pad(self._hint(), columns))]]
