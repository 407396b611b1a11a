"""What the keys do."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.key_binding import KeyPressEvent

from chatcli.model import State
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.completer import complete
from chatcli.ui.editing import Editing
from chatcli.ui.focus import Focus
from chatcli.ui.keys import Handler, Open
from chatcli.ui.messages import Messages
from chatcli.ui.secrets import Popup, SecretPrompt


class Parts(NamedTuple):
    """The parts of the screen that keys do something to."""

    input: Buffer
    messages: Messages
    editing: Editing
    prompt: SecretPrompt
    popup: Popup
    focus: Focus


class Handling:
    """The handlers of all keys."""

    def __init__(self, state: State, actions: Actions, reading: Reading, parts: Parts) -> None:
        self._state = state
        self._actions = actions
        self._reading = reading
        self._parts = parts
        self._messages = parts.messages

    def open(self) -> Open:
        """Return what tells which keys mean something just now."""
        parts = self._parts
        return Open(
            popup=lambda: parts.popup.secret is not None,
            asking=self._is_asking,
            listing=lambda: self._messages.listing,
            leavable=self._is_leavable,
            untouched=lambda: parts.editing.is_untouched(parts.input.text),
        )

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by their names."""
        return {
            "complete": lambda event: complete(event.current_buffer),
            "help": lambda _: self._messages.toggle_help(),
            "next": lambda _: self._go(lambda: self._state.go_by(1)),
            "previous": lambda _: self._go(lambda: self._state.go_by(-1)),
            "news": lambda _: self._go(self._state.go_to_news),
            "up": lambda _: self._scroll(self._messages.height - 1),
            "down": lambda _: self._scroll(1 - self._messages.height),
            "bottom": lambda _: self._bottom(),
            "once": lambda _: self._actions.view_once(),
            "earlier": lambda event: event.current_buffer.history_backward(),
            "later": lambda event: event.current_buffer.history_forward(),
            "line": lambda event: event.current_buffer.insert_text("\n"),
            "redraw": lambda event: event.app.renderer.clear(),
            "suspend": self._suspend,
            "leave": lambda _: self._actions.leave(),
            "escape": lambda _: self._escape(),
            "list up": lambda _: self._messages.scroll(1),
            "list down": lambda _: self._messages.scroll(-1),
            "jump": lambda _: self._jump(),
            "edit older": lambda event: self._edit(event, 1),
            "edit newer": lambda event: self._edit(event, -1),
            "focus in": lambda _: self._set_focus(there=True),
            "focus out": lambda _: self._set_focus(there=False),
            "close popup": lambda _: self._close_popup(),
        }

    # Places

    def _is_asking(self) -> bool:
        return self._parts.prompt.ask is not None

    def _is_leavable(self) -> bool:
        state, parts = self._state, self._parts
        covered = state.findings is not None or state.excerpt is not None
        editing = parts.editing.line is not None
        return self._is_asking() or self._messages.help_open or covered or editing

    def _escape(self) -> None:
        parts = self._parts
        if self._is_asking():
            parts.prompt.cancel()
        elif self._messages.help_open:
            self._messages.toggle_help()
        elif parts.editing.line is not None:
            parts.editing.end()
            parts.input.reset()
        else:
            self._state.leave_place()
            self._messages.bottom()

    def _close_popup(self) -> None:
        self._parts.popup.secret = None

    def _set_focus(self, *, there: bool) -> None:
        self._parts.focus.there = there

    def _suspend(self, event: KeyPressEvent) -> None:
        self._parts.focus.stop()
        event.app.suspend_to_background()

    # Moving

    def _go(self, go: Callable[[], None]) -> None:
        self._messages.help_open = False
        go()
        self._reading.look_in()

    def _bottom(self) -> None:
        self._state.leave_place(all_=True)
        self._messages.bottom()

    def _scroll(self, rows: int) -> None:
        if rows > 0 and self._messages.at_top:
            self._reading.fetch_older()
        elif rows < 0 and self._messages.at_end:
            self._reading.fetch_newer()
        self._messages.scroll(rows)

    def _jump(self) -> None:
        findings = self._state.findings
        if findings is not None:
            self._reading.jump(findings.hit)

    def _edit(self, event: KeyPressEvent, step: int) -> None:
        """Edit an older own message, or a newer one; without any, go through what was typed."""
        editing, buffer = self._parts.editing, event.current_buffer
        line = editing.next(step)
        if line is not None and (step > 0 or editing.line is not None):
            editing.begin(line, buffer)
        elif editing.line is not None and step < 0:
            editing.end()
            buffer.reset()
        elif editing.line is None and step > 0:
            buffer.auto_up()
        elif editing.line is None:
            buffer.auto_down()
