"""What the keys do."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.key_binding import KeyPressEvent

from chatcli.model import State
from chatcli.ui.acting import Acting
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.answering import Answering
from chatcli.ui.completer import complete
from chatcli.ui.editing import Editing
from chatcli.ui.focus import Focus
from chatcli.ui.going import Going
from chatcli.ui.keys import Handler, Open
from chatcli.ui.messages import Messages
from chatcli.ui.secrets import Popup, SecretPrompt
from chatcli.ui.selection import Selection


class Parts(NamedTuple):
    """The parts of the screen that keys do something to."""

    input: Buffer
    messages: Messages
    editing: Editing
    prompt: SecretPrompt
    popup: Popup
    focus: Focus
    selection: Selection
    answering: Answering
    acting: Acting
    toggle_panes: Callable[[], None]
    going: Going


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
            asking=lambda: self._is_asking() or parts.going.open,
            listing=lambda: self._messages.listing,
            leavable=self._is_leavable,
            untouched=self._is_untouched,
            editing=lambda: parts.editing.line is not None,
            selecting=lambda: self.selecting,
            asked=lambda: bool(parts.selection.asked),
        )

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by their names."""
        return {
            "complete": lambda event: complete(event.current_buffer),
            "help": lambda _: self._messages.toggle_help(),
            "next": lambda _: self._go(lambda: self._state.go_by(1)),
            "previous": lambda _: self._go(lambda: self._state.go_by(-1)),
            "news": lambda _: self._go_to_news(),
            "up": lambda _: self.scroll(self._messages.height - 1),
            "down": lambda _: self.scroll(1 - self._messages.height),
            "bottom": lambda _: self._bottom(),
            "once": lambda _: self._view_once(),
            "panes": lambda _: self._parts.toggle_panes(),
            "edit-last": self._edit_last,
            "empty": _empty,
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
            **self._parts.acting.handlers(),
            **self._parts.going.handlers(),
        }

    # Places

    def _is_asking(self) -> bool:
        return self._parts.prompt.ask is not None

    def _is_leavable(self) -> bool:
        state, parts = self._state, self._parts
        covered = state.findings is not None or state.excerpt is not None
        covered = covered or state.current.target is not None
        editing = parts.editing.line is not None or bool(parts.answering.prefix)
        editing = editing or self.selecting
        return self._is_asking() or self._messages.help_open or covered or editing

    @property
    def selecting(self) -> bool:
        """Whether keys do something with a selected message."""
        covered = self._messages.help_open or self._messages.listing or self._is_asking()
        return self._parts.selection.line is not None and not covered

    def _is_untouched(self) -> bool:
        parts = self._parts
        return parts.editing.is_untouched(parts.input.text) and not parts.answering.prefix

    def _escape(self) -> None:
        parts = self._parts
        if self._is_asking():
            parts.prompt.cancel()
        elif self._messages.help_open:
            self._messages.toggle_help()
        elif parts.selection.asked:
            parts.selection.asked = ""
        elif self.selecting:
            parts.selection.clear()
        elif parts.editing.line is not None or parts.answering.prefix:
            # What was to be a reply is no less worth without what it answers.
            is_reply = bool(parts.answering.prefix) and not parts.answering.reacts
            parts.editing.end()
            parts.answering.end()
            if not is_reply:
                parts.input.reset()
        else:
            self._state.leave_place()
            self._messages.bottom()

    def _close_popup(self) -> None:
        self._parts.popup.secret = None

    def _set_focus(self, *, there: bool) -> None:
        self._parts.focus.tell(there=there)

    def _suspend(self, event: KeyPressEvent) -> None:
        self._parts.focus.stop()
        event.app.suspend_to_background()

    def _view_once(self) -> None:
        line = self._parts.selection.line
        if line is not None and line.kind == "once":
            self._parts.selection.clear()
            self._actions.submit(f"/view {line.seq}")
        else:
            self._actions.view_once()

    # Moving

    def visit(self, title: str) -> None:
        """Show a conversation; with a person it need not be open."""
        if self._is_asking() or self._parts.going.open:
            return
        if self._state.find(title) is not None:
            self._go(lambda: self._state.go(title))
        else:
            self._actions.submit(f"/go {title}")

    def visit_by(self, step: int) -> None:
        """Show the conversation that is ``step`` below the current one."""
        if not (self._is_asking() or self._parts.going.open):
            self._go(lambda: self._state.go_by(step))

    def _go(self, go: Callable[[], None]) -> None:
        self._messages.help_open = False
        go()
        self._reading.look_in()

    def _go_to_news(self) -> None:
        self._parts.going.trail.mark()
        self._go(self._state.go_to_news)

    def _bottom(self) -> None:
        self._state.leave_place(all_=True)
        self._messages.bottom()

    def scroll(self, rows: int) -> None:
        """Go up by so many rows, or down where negative; beyond the end more is fetched."""
        if rows > 0 and self._messages.at_top:
            self._reading.fetch_older()
        elif rows < 0 and self._messages.at_end:
            self._reading.fetch_newer()
        self._messages.scroll(rows)

    def _jump(self) -> None:
        findings = self._state.findings
        if findings is not None:
            self._parts.going.trail.mark()
            self._reading.jump(findings.hit)

    def _edit_last(self, event: KeyPressEvent) -> None:
        if self._is_untouched():
            self._parts.selection.clear()
            self._edit(event, 1)

    def _edit(self, event: KeyPressEvent, step: int) -> None:
        """Edit an older own message, or a newer one; after the newest, none."""
        editing, buffer = self._parts.editing, event.current_buffer
        line = editing.next(step)
        if line is not None:
            editing.begin(line, buffer)
        elif step < 0:
            editing.end()
            buffer.reset()


def _empty(event: KeyPressEvent) -> None:
    buffer = event.current_buffer
    if buffer.text:
        event.app.clipboard.set_text(buffer.text)
        buffer.reset()
