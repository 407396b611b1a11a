"""The screen: puts the parts together and says what the keys do. It knows no Twisted."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
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

from chatcli.asking import Ask, secret_from
from chatcli.model import State
from chatcli.person import Secret
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.completer import ChatCompleter
from chatcli.ui.control import RowsControl
from chatcli.ui.editing import Editing
from chatcli.ui.focus import Focus
from chatcli.ui.handling import Handling, Parts
from chatcli.ui.keys import bind
from chatcli.ui.messages import Messages
from chatcli.ui.panes import Link, Scene, conversation_rows, people_rows, status_row
from chatcli.ui.secrets import MaskSecrets, Popup, SecretPrompt
from chatcli.ui.style import STYLE
from chatcli.ui.text import Row, cut, row_columns

WIDE = 80  # columns, from which there is room for the panes
ROOMY = 100  # columns, from which the panes are broader
PANES = (14, 18)  # columns of a pane
REDRAW = 0.02  # seconds between two drawings, at least
# Commands about a message, while which are typed the messages have their numbers.
_NUMBERED = ("/reply ", "/react ", "/edit ", "/del ", "/pin ", "/unpin ", "/view ", "/read ")


class Screen:
    """The whole screen. ``now`` gives seconds since the epoch."""

    def __init__(
        self,
        state: State,
        actions: Actions,
        reading: Reading,
        address: str,
        now: Callable[[], float],
        output: Output,
        input_: Input,
    ) -> None:
        self.link = Link("connecting")
        self._state = state
        self._actions = actions
        self._reading = reading
        self._address = address
        self._now = now
        self._messages = Messages(state, lambda: self.input.text.startswith(_NUMBERED))
        self._popup = Popup()
        self._prompt = SecretPrompt(self._answered)
        self._editing = Editing(state)
        self._focus = Focus(output)
        self.input = self._make_input()
        self._input_window = self._make_input_window()
        handling = Handling(state, actions, reading, self._parts())
        self.application: Application[None] = Application(
            layout=Layout(self._make_root(), focused_element=self._input_window),
            key_bindings=bind(handling.handlers(), handling.open()),
            style=STYLE,
            full_screen=True,
            min_redraw_interval=REDRAW,
            before_render=lambda _: self._look(),
            input=input_,
            output=output,
        )
        # How long Esc waits for the rest of a key's bytes, and for a key after it, in seconds.
        self.application.ttimeoutlen = 0.1
        self.application.timeoutlen = 0.2

    def _parts(self) -> Parts:
        return Parts(
            self.input, self._messages, self._editing, self._prompt, self._popup, self._focus
        )

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
                Window(RowsControl(self._messages.rows)),
                line,
                ConditionalContainer(right, wide),
            ]
        )
        status = Window(RowsControl(self._status_rows), height=1)
        asking = Condition(lambda: self._prompt.ask is not None)
        typing = ConditionalContainer(self._input_window, ~asking)
        secret = ConditionalContainer(self._prompt.window, asking)
        body = HSplit([columns, status, typing, secret])
        menu = CompletionsMenu(max_height=8, scroll_offset=1)
        return FloatContainer(body, [Float(menu, xcursor=True, ycursor=True), self._make_popup()])

    def _make_input_window(self) -> Window:
        prompt = BeforeInput(self._prompt_text, "class:prompt")
        control = BufferControl(self.input, input_processors=[MaskSecrets(), prompt])
        height = Dimension(min=1, max=6)
        return Window(control, height=height, wrap_lines=True, dont_extend_height=True)

    def _make_popup(self) -> Float:
        window = Window(RowsControl(lambda _columns, _height: self._popup.rows(self._columns())))
        shown = Condition(lambda: self._popup.secret is not None)
        rows = self._popup_size
        return Float(
            ConditionalContainer(window, shown), width=lambda: rows()[0], height=lambda: rows()[1]
        )

    def _popup_size(self) -> tuple[int, int]:
        rows = self._popup.rows(self._columns())
        return max((row_columns(row) for row in rows), default=0), len(rows)

    def _prompt_text(self) -> str:
        line = self._editing.line
        title = f"edit {line.seq}" if line is not None else self._state.current.title
        return f"{cut(title, 16)}› "

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
            below=self._messages.view.below,
            fetching=self._reading.fetching,
            wide=columns >= WIDE,
            now=self._now(),
        )
        return [status_row(self._state, scene, columns)]

    # What happens

    def redraw(self) -> None:
        """Something has changed."""
        self.application.invalidate()

    def _look(self) -> None:
        """Before each drawing: what is in view, and looked at, is read."""
        self._focus.ask()
        state = self._state
        hidden = self._popup.secret is not None or not self._focus.there
        state.looking = self._messages.at_newest and not hidden
        if state.looking:
            self._reading.looked()

    def give_back(self, typed: str) -> None:
        """Put what was refused back into the input, unless there is something else by now."""
        if not self.input.text:
            self.input.text = typed
            self.input.cursor_position = len(typed)

    def ask(self, ask: Ask) -> None:
        """Ask for secrets."""
        self._prompt.begin(ask)
        self.application.layout.focus(self._prompt.window)

    def reveal(self, secret: Secret) -> None:
        """Show something until a key is pressed."""
        self._popup.secret = secret
        self.redraw()

    def close(self) -> None:
        """Have the terminal tell nothing more."""
        self._popup.secret = None
        self._focus.stop()

    def _answered(self, ask: Ask, answers: list[str] | None) -> None:
        self.application.layout.focus(self._input_window)
        # What was cut with Ctrl-U would come back with Ctrl-Y.
        self.application.clipboard.set_text("")
        self._actions.confide(ask, answers)

    def _accept(self, buffer: Buffer) -> bool:
        typed, editing = buffer.text, self._editing.line
        # Emptied here, so that what is refused can be put back.
        if not _is_secret(typed):
            buffer.append_to_history()
        buffer.reset()
        self._messages.bottom()
        edited = self._editing.end()
        if editing is None or edited is None or edited.seq is None:
            self._actions.submit(typed)
        elif typed.strip() and typed != edited.text:
            self._actions.edit(edited.seq, typed)
        return True


def _is_secret(typed: str) -> bool:
    """Whether something that was typed must not be found again."""
    return secret_from(typed) is not None or typed.lower().startswith("/once ")
