"""The screen: puts the parts together and says what the keys do. It knows no Twisted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyPressEvent
from prompt_toolkit.layout import (
    BufferControl,
    CompletionsMenu,
    ConditionalContainer,
    Dimension,
    Float,
    FloatContainer,
    HSplit,
    Layout,
    VSplit,
    Window,
)
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import Output

from chatcli.model import State
from chatcli.ui.completer import ChatCompleter, complete
from chatcli.ui.control import RowsControl
from chatcli.ui.help import help_lines
from chatcli.ui.keys import bind
from chatcli.ui.lines import decorated
from chatcli.ui.panes import Link, Scene, conversation_rows, people_rows, status_row
from chatcli.ui.style import STYLE
from chatcli.ui.text import Row, cut, wrap
from chatcli.ui.view import View

WIDE = 80  # columns, from which there is room for the panes
ROOMY = 100  # columns, from which the panes are broader
PANES = (14, 18)  # columns of a pane
REDRAW = 0.02  # seconds between two drawings, at least
_NUMBERED = ("/reply ", "/react ")


class Actions(Protocol):
    """What the screen asks to be done."""

    @property
    def fetching(self) -> bool:
        """Whether older lines are on their way."""

    def submit(self, typed: str) -> None:
        """Do what was typed."""

    def typed(self, text: str) -> None:
        """The text in the input was changed."""

    def fetch_older(self) -> None:
        """Fetch what was said before."""

    def leave(self) -> None:
        """Leave the chat."""


class Screen:
    """The whole screen. ``now`` gives seconds since the epoch."""

    def __init__(
        self,
        state: State,
        actions: Actions,
        address: str,
        now: Callable[[], float],
        output: Output,
        input_: Input,
    ) -> None:
        self.link = Link("connecting")
        self._state = state
        self._actions = actions
        self._address = address
        self._now = now
        self._view = View()
        self._help_view = View()
        self._help = help_lines()
        self._help_open = False
        self._shown = ""
        self._height = 10
        self.input = self._make_input()
        self.application: Application[None] = Application(
            layout=Layout(self._make_root(), focused_element=self.input),
            key_bindings=bind(self._handlers(), lambda: self._help_open),
            style=STYLE,
            full_screen=True,
            min_redraw_interval=REDRAW,
            input=input_,
            output=output,
        )
        # How long Esc waits for the rest of a key's sequence, in seconds.
        self.application.ttimeoutlen = 0.1

    # Layout

    def _make_input(self) -> Buffer:
        return Buffer(
            completer=ChatCompleter(self._state),
            complete_while_typing=True,
            history=InMemoryHistory(),
            multiline=False,
            accept_handler=self._accept,
            on_text_changed=lambda buffer: self._actions.typed(buffer.text),
        )

    def _make_root(self) -> FloatContainer:
        wide = Condition(self._is_wide)
        line = ConditionalContainer(Window(width=1, char="│", style="class:rule"), wide)
        left = Window(RowsControl(self._left_rows), width=self._pane_columns)
        right = Window(RowsControl(self._right_rows), width=self._pane_columns)
        columns = VSplit(
            [
                ConditionalContainer(left, wide),
                line,
                Window(RowsControl(self._message_rows)),
                line,
                ConditionalContainer(right, wide),
            ]
        )
        status = Window(RowsControl(self._status_rows), height=1)
        body = HSplit([columns, status, self._make_input_window()])
        menu = CompletionsMenu(max_height=8, scroll_offset=1)
        return FloatContainer(body, [Float(menu, xcursor=True, ycursor=True)])

    def _make_input_window(self) -> Window:
        prompt = BeforeInput(lambda: f"{cut(self._state.current.title, 16)}› ", "class:prompt")
        control = BufferControl(self.input, input_processors=[prompt])
        height = Dimension(min=1, max=6)
        return Window(control, height=height, wrap_lines=True, dont_extend_height=True)

    def _columns(self) -> int:
        return self.application.output.get_size().columns

    def _is_wide(self) -> bool:
        return self._columns() >= WIDE

    def _pane_columns(self) -> Dimension:
        return Dimension.exact(PANES[self._columns() >= ROOMY])

    # Rows

    def _left_rows(self, columns: int, height: int) -> list[Row]:
        return conversation_rows(self._state, columns, height)

    def _right_rows(self, columns: int, height: int) -> list[Row]:
        return people_rows(self._state, columns, height)

    def _status_rows(self, columns: int, height: int) -> list[Row]:
        scene = Scene(
            address=self._address,
            link=self.link,
            below=self._view.below,
            fetching=self._actions.fetching,
            wide=columns >= WIDE,
            now=self._now(),
        )
        return [status_row(self._state, scene, columns)]

    def _message_rows(self, columns: int, height: int) -> list[Row]:
        self._height = height
        if self._help_open:
            return self._help_rows(columns, height)
        conversation = self._state.current
        if conversation.key != self._shown:
            self._shown = conversation.key
            self._view.bottom()
        numbers = self.input.text.startswith(_NUMBERED)

        def render(index: int) -> list[Row]:
            return decorated(conversation, index, columns, numbers=numbers)

        rows = self._view.draw(conversation.lines, height, render)
        return [*([[]] * (height - len(rows))), *rows]

    def _help_rows(self, columns: int, height: int) -> list[Row]:
        def render(index: int) -> list[Row]:
            return [[("", text)] for text in wrap(self._help[index].text, columns)]

        return self._help_view.draw(self._help, height, render)

    # What happens

    def redraw(self) -> None:
        """Something has changed."""
        self.application.invalidate()

    def give_back(self, typed: str) -> None:
        """Put what was refused back into the input, unless there is something else by now."""
        if not self.input.text:
            self.input.text = typed
            self.input.cursor_position = len(typed)

    def _accept(self, buffer: Buffer) -> bool:
        typed = buffer.text
        # Emptied here, so that what is refused can be put back.
        buffer.append_to_history()
        buffer.reset()
        self._view.bottom()
        self._actions.submit(typed)
        return True

    def _handlers(self) -> dict[str, Callable[[KeyPressEvent], None]]:
        return {
            "complete": lambda event: complete(event.current_buffer),
            "help": lambda _: self._toggle_help(),
            "next": lambda _: self._go_by(1),
            "previous": lambda _: self._go_by(-1),
            "up": lambda _: self._scroll(self._height - 1),
            "down": lambda _: self._scroll(1 - self._height),
            "bottom": lambda _: self._view.bottom(),
            "line": lambda event: event.current_buffer.insert_text("\n"),
            "redraw": lambda event: event.app.renderer.clear(),
            "suspend": lambda event: event.app.suspend_to_background(),
            "leave": lambda _: self._actions.leave(),
        }

    def _toggle_help(self) -> None:
        self._help_open = not self._help_open
        self._help_view.top()

    def _go_by(self, step: int) -> None:
        self._help_open = False
        self._state.go_by(step)

    def _scroll(self, rows: int) -> None:
        if self._help_open:
            self._help_view.scroll(rows)
            return
        if rows > 0 and self._view.at_top:
            self._actions.fetch_older()
        self._view.scroll(rows)
