"""The input shows the draft of the conversation that is shown."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document

from chatcli.model import State
from chatcli.ui.answering import Answering
from chatcli.ui.editing import Editing

PAUSE = 1.5  # seconds in which nothing is typed, after which what was refused comes back


class Drafting:
    """Keeps the input and the drafts the same. ``now`` gives seconds.

    ``follow`` is to be called before each key, after it and before each drawing: whatever has
    changed the conversation that is shown, no key goes into the draft of another one.
    """

    def __init__(
        self,
        state: State,
        buffer: Buffer,
        editing: Editing,
        answering: Answering,
        now: Callable[[], float],
    ) -> None:
        self._state = state
        self._buffer = buffer
        self._editing = editing
        self._answering = answering
        self._now = now
        self._key = state.current.key
        self._typed_at = 0.0
        self._cleared = state.drafts.cleared

    def follow(self) -> None:
        """Remember what is in the input; show another draft where another conversation is."""
        key, drafts = self._state.current.key, self._state.drafts
        if drafts.cleared != self._cleared:
            self._cleared = drafts.cleared
            self._editing.end()
            self._buffer.reset()
        typed = self._editing.as_typed(self._buffer.text)
        if key != self._key:
            self._change_to(key, typed)
        elif typed != drafts.text(key):
            drafts.put(key, typed)
            self._typed_at = self._now()
        elif self._is_free and self._now() - self._typed_at >= PAUSE:
            self._show(drafts.take_back(key))
        drafts.set_prefix(key, self._answering.prefix)

    def _change_to(self, key: str, typed: str) -> None:
        drafts, former, self._key = self._state.drafts, self._key, key
        renamed = former not in self._state.conversations and typed == drafts.text(key)
        if not renamed:
            drafts.put(former, typed)
        self._editing.end()
        self._buffer.reset(Document(drafts.text(key)))
        if self._is_free:
            self._show(drafts.take_back(key))

    @property
    def _is_free(self) -> bool:
        engaged = self._editing.line is not None or self._answering.prefix
        return not self._buffer.text and not engaged

    def _show(self, text: str) -> None:
        if text:
            self._buffer.reset(Document(text))
            self._state.drafts.put(self._key, text)

    def give_back(self, typed: str) -> None:
        """Put what was refused back into the input, after what is in it by now."""
        if self._is_free and self._key == self._state.current.key:
            self._show(typed)
        else:
            self._state.drafts.give_back(self._state.current.key, typed)


class Recalling:
    """Drafts where nothing is drawn again: what was not sent is told, and Up brings it back.

    The input is one for all conversations. ``tell`` shows a sentence.
    """

    def __init__(self, state: State, buffer: Buffer, tell: Callable[[str], None]) -> None:
        self._state = state
        self._buffer = buffer
        self._tell = tell
        self._key = state.current.key

    def follow(self) -> None:
        """Remember what is in the input, with the conversation where it would go."""
        key, drafts = self._state.current.key, self._state.drafts
        if key != self._key:
            drafts.put(self._key, "")
            self._key = key
        drafts.put(key, self._buffer.text)

    def remind(self) -> bool:
        """Tell what was not sent in the conversation that one is in. Returns whether it was."""
        told = False
        while not self._buffer.text and self._state.drafts.is_waiting(self._state.current.key):
            text = self._state.drafts.take_back(self._state.current.key)
            self._buffer.history.append_string(text)
            self._buffer.reset()
            self._tell(f"Not sent, Up brings it back: {text}")
            told = True
        return told
