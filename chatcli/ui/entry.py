"""The input: where one types, with what belongs before it and above it."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import BufferControl, ConditionalContainer, Dimension, Window
from prompt_toolkit.layout.processors import BeforeInput

from chatcli.limits import excess
from chatcli.model import State
from chatcli.ui.answering import Answering
from chatcli.ui.editing import Editing
from chatcli.ui.pane import Pane
from chatcli.ui.secrets import MaskSecrets
from chatcli.ui.text import Row, cut, pad

_PROMPT = 16  # columns of a title before the input
_QUOTE = 40  # columns of what is answered


class Entry:
    """Shows a buffer. ``size`` tells how many columns and rows the screen has."""

    def __init__(
        self,
        state: State,
        buffer: Buffer,
        editing: Editing,
        answering: Answering,
        size: Callable[[], tuple[int, int]],
    ) -> None:
        self._state = state
        self._buffer = buffer
        self._editing = editing
        self._answering = answering
        self._size = size
        prompt = BeforeInput(self._prompt, "class:prompt")
        control = BufferControl(buffer, input_processors=[MaskSecrets(), prompt])
        self.window = Window(control, height=self._height, wrap_lines=True, dont_extend_height=True)
        told = Condition(lambda: bool(self._words()))
        self.note = ConditionalContainer(Pane(self._note_rows, height=1), told)

    @property
    def _most_rows(self) -> int:
        return max(2, min(8, self._size()[1] // 3))

    def _height(self) -> Dimension:
        return Dimension(min=1, max=self._most_rows)

    def _prompt(self) -> str:
        line = self._editing.line
        if line is None and self._answering.prefix:
            return f"{cut(self._answering.words, min(_QUOTE, self._size()[0] // 2))}› "
        title = f"edit {line.seq}" if line is not None else self._state.current.title
        return f"{cut(title, _PROMPT)}› "

    def _words(self) -> str:
        """Return what there is to say of the text: that it is too long, or longer than it looks."""
        text = self._buffer.text.strip("\n")
        too_long = excess(text, self._state.limits) if not text.startswith("/") else ""
        if too_long:
            return f"Too long: {too_long}"
        lines = text.count("\n") + 1
        return f"{lines} lines; Enter sends them as one message" if lines > self._most_rows else ""

    def _note_rows(self, columns: int, height: int) -> list[Row]:
        words = self._words()
        style = "class:error" if words.startswith("Too") else "class:quiet"
        return [[(style, pad(f" {words}", columns))]]
