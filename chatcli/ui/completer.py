"""Suggestions in prompt_toolkit's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from chatcli.completion import suggest
from chatcli.model import State


class ChatCompleter(Completer):
    """Completes what is typed into the chat's input; ``prefix`` is what belongs before that."""

    def __init__(self, state: State, prefix: Callable[[], str] = lambda: "") -> None:
        self._state = state
        self._prefix = prefix

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what could be meant."""
        prefix = self._prefix()
        cursor = len(prefix) + document.cursor_position
        asked = complete_event.completion_requested
        for each in suggest(f"{prefix}{document.text}", cursor, self._state, asked=asked):
            yield Completion(
                each.text, each.start - cursor, display=each.text.rstrip(), display_meta=each.about
            )


def complete(buffer: Buffer) -> None:
    """Complete what is before the cursor, or choose the next of several suggestions.

    Where there is only one, it is there at once: who presses Enter right behind it means it.
    """
    if buffer.complete_state is not None:
        buffer.complete_next()
        return
    event = CompleteEvent(completion_requested=True)
    found = list(buffer.completer.get_completions(buffer.document, event))
    if len(found) == 1:
        buffer.apply_completion(found[0])
    elif found:
        buffer.start_completion(select_first=True)
