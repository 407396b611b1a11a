"""Lines instead of a screen, for screen readers, dumb terminals and slow links.

What comes is written as a line, and what is typed is shown by characters and backspaces: no line
is drawn again, and no escape sequence is needed. The keys are read, and the text is edited, by
prompt_toolkit, whose own drawing goes nowhere.
"""

from __future__ import annotations

import os
import termios
from collections.abc import Callable
from contextlib import suppress

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, HSplit, Layout, Window
from prompt_toolkit.output import DummyOutput, Output
from prompt_toolkit.utils import is_dumb_terminal

from chatcli.asking import Ask, is_secret, secret_from
from chatcli.completion import Suggestion, suggest
from chatcli.linear import Narrator
from chatcli.model import State
from chatcli.notices import Notice
from chatcli.person import Secret
from chatcli.settings import Settings
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.drafting import Recalling
from chatcli.ui.echo import Typed, common_start, printable, strokes
from chatcli.ui.help import help_texts
from chatcli.ui.panes import Link
from chatcli.ui.secrets import SecretPrompt
from chatcli.ui.text import columns_of

_KEYS = (
    "Tab completes, or lists what is possible. Up brings back what you typed before.",
    "Ctrl-L shows again what you type. Ctrl-C, or Ctrl-D in an empty line, leaves.",
)
EXPLAINED = 10  # suggestions: of more, only the words are listed


class Linear:
    """What the screen is elsewhere. ``now`` gives seconds since the epoch."""

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
        self._state = state
        self._actions = actions
        self._reading = reading
        self._address = address
        self._output = output
        # Not even a carriage return is sure to do something on a dumb one.
        self._dumb = is_dumb()
        self._echoes = _is_echoing(input_.fileno())
        self._link = Link("connecting")
        self._open = False
        # What of it is shown, behind so many columns of a prompt.
        self._typed, self._start = Typed(), 0
        self._pasting = False
        self._prompt = SecretPrompt(self._answered)
        self._narrator = Narrator(state, self.tell, now())
        state.witnesses.append(self._narrator)
        state.looking = False
        self.input = Buffer(
            history=InMemoryHistory(),
            multiline=False,
            accept_handler=self._accept,
            on_text_changed=lambda buffer: actions.typed(buffer.text),
        )
        self._input_window = Window(BufferControl(self.input))
        self.application: Application[None] = Application(
            layout=Layout(HSplit([self._input_window, self._prompt.window])),
            key_bindings=self._make_bindings(),
            input=input_,
            output=DummyOutput(),
            before_render=lambda _: self._mark_pastes(on=not self._dumb),
        )
        self._drafts = Recalling(state, self.input, self.tell)
        self.application.key_processor.after_key_press += lambda _: self._key_pressed()

    def _make_bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        asking = Condition(lambda: self._prompt.ask is not None)
        empty = Condition(lambda: not self.input.text)
        bindings.add("tab", filter=~asking)(lambda _: self._complete())
        bindings.add("c-l", filter=~asking)(lambda _: self._begin_again())
        bindings.add("enter", filter=asking)(self._answer)
        bindings.add("escape", filter=asking)(lambda _: self._prompt.cancel())
        bindings.add("c-d", filter=asking | empty)(lambda _: self._actions.leave())
        bindings.add("c-z")(self._suspend)
        for key in ("c-c", "<sigint>"):
            bindings.add(key)(lambda _: self._actions.leave())
        return bindings

    def _suspend(self, event: KeyPressEvent) -> None:
        self._mark_pastes(on=False)
        event.app.suspend_to_background()

    def _mark_pastes(self, *, on: bool) -> None:
        """Have the terminal mark what is pasted, so that several lines of it are one message."""
        if on != self._pasting:
            self._pasting = on
            self._write(f"\x1b[?2004{'h' if on else 'l'}")

    # What comes

    @property
    def link(self) -> Link:
        """How the connection is; what changes is told."""
        return self._link

    @link.setter
    def link(self, link: Link) -> None:
        before, self._link = self._link.state, link
        if link.state == before:
            return
        if link.state == "connected":
            self.tell(f"Connected to {self._address}.")
        elif link.state == "waiting" and before == "connected":
            self.tell("The connection is lost. It is tried again.")
        elif link.state == "offline":
            self.tell("There is no connection. Try: /reconnect")

    def tell(self, text: str) -> None:
        """Write a line, or several; what somebody types goes on below it."""
        columns = self._start + columns_of(self._typed.text)
        if not self._open:
            before = ""
        elif self._dumb or columns >= self._columns():
            before = "\n"
        else:
            before = f"\r{' ' * columns}\r"
        self._write(f"{before}{text}\n{self._prompted() if self._open else ''}")

    def settings_changed(self, former: Settings) -> None:
        """Some settings are others now; what is written follows them by itself."""

    def redraw(self) -> None:
        """Something has changed."""
        # Without a connection there may be what was kept of the last time.
        online = self._reading.online
        if online or self._link.state == "waiting":
            self._narrator.look(online=online)
            if self._drafts.remind():
                # The drawing, which nobody sees, reads what can be brought back.
                self.application.invalidate()
        # What is not told yet is not read.
        self._state.looking = online
        if online:
            self._reading.looked()

    def notify(self, notice: Notice) -> None:
        """Tell that something came where one does not look: it stands here already."""
        if self._state.settings.notices.bell:
            self._write("\a")

    def show_help(self, subject: str) -> None:
        """Tell the help, of one subject, or of all where it is empty."""
        state = self._state
        admin = state.role == "admin"
        texts = help_texts(state.settings.keys, subject, admin=admin, screen=False)
        self.tell("\n".join([*texts, *([] if subject else ["", *_KEYS])]))

    def reveal(self, secret: Secret) -> None:
        """Show something once."""
        self.tell(f"{secret.heading}:\n{secret.text}")

    def give_back(self, typed: str) -> None:
        """What was refused is among what was typed before: Up brings it back.

        At the prompt it would stand in the way of the next line of who does not see it.
        """

    def close(self) -> None:
        """Leave the cursor at the beginning of a line, and the terminal as it was."""
        self._end_line()
        self._mark_pastes(on=False)

    # What is typed

    def _prompt_text(self) -> str:
        if self._prompt.ask is not None:
            return self._prompt.words()
        return f"{self._state.current.title}> "

    def _columns(self) -> int:
        return self._output.get_size().columns

    def _now_typed(self) -> Typed:
        text = self.input.text
        secret = secret_from(text)
        if self._prompt.ask is not None:
            return Typed()
        if secret is not None:
            text = text[:secret] + "*" * (len(text) - secret)
        return Typed(printable(text), self.input.cursor_position)

    def _key_pressed(self) -> None:
        self._drafts.follow()
        self._refresh()

    def _refresh(self) -> None:
        """Show what is typed as it is now."""
        typed = self._now_typed()
        if not self._echoes or typed == self._typed:
            return
        if not self._open:
            self._show()
            return
        keys = strokes(self._typed, typed, self._start, self._columns())
        if keys is None:
            self._begin_again()
        else:
            self._typed = typed
            self._write(keys)

    def _begin_again(self) -> None:
        """Show what is typed in a new line."""
        self._write("\n" if self._open else "")
        self._show()

    def _show(self) -> None:
        self._open = True
        self._write(self._prompted())

    def _prompted(self) -> str:
        """Return what shows the prompt, and behind it what is typed."""
        self._typed = typed = self._now_typed()
        prompt, shown = self._prompt_text(), Typed(typed.text, len(typed.text))
        self._start = columns_of(prompt)
        back = strokes(shown, typed, self._start, self._columns())
        return f"{prompt}{typed.text}{back or ''}"

    def _end_line(self) -> None:
        if self._open:
            self._write("\n")
        self._open, self._typed = False, Typed()

    def _accept(self, buffer: Buffer) -> bool:
        typed = buffer.text
        self._end_line()
        if not is_secret(typed):
            buffer.append_to_history()
        buffer.reset()
        if not self._narrator.recall(typed):
            self._actions.submit(typed)
        self.redraw()
        return True

    # Completion

    def _complete(self) -> None:
        """Complete what is before the cursor as far as it is certain; else list what may be."""
        buffer = self.input
        cursor = buffer.cursor_position
        found = suggest(buffer.text, cursor, self._state, asked=True)
        if not found:
            return
        start = found[0].start
        same = common_start([each.text for each in found if each.start == start])
        if len(found) == 1 or len(same) > cursor - start:
            before, after = buffer.text[:start], buffer.text[cursor:]
            buffer.document = Document(f"{before}{same}{after}", start + len(same))
        else:
            self.tell(_listed(found))

    # Secrets

    def ask(self, ask: Ask) -> None:
        """Ask for secrets."""
        self._end_line()
        self._prompt.begin(ask)
        self.application.layout.focus(self._prompt.window)
        self._show()

    def _answer(self, event: KeyPressEvent) -> None:
        self._end_line()
        event.current_buffer.validate_and_handle()
        if self._prompt.ask is not None:
            self._show()

    def _answered(self, ask: Ask, answers: list[str] | None) -> None:
        self._end_line()
        self.application.layout.focus(self._input_window)
        # What was cut with Ctrl-U would come back with Ctrl-Y.
        self.application.clipboard.set_text("")
        self._actions.confide(ask, answers)

    def _write(self, text: str) -> None:
        # A terminal that is gone needs nothing more.
        with suppress(OSError):
            self._output.write_raw(text)
            self._output.flush()


def is_dumb() -> bool:
    """Whether the terminal can only take lines, or nobody says what it can."""
    return is_dumb_terminal(os.environ.get("TERM") or "dumb")


def _is_echoing(terminal: int) -> bool:
    """Whether a terminal shows what is typed: one that sends whole lines has shown them itself."""
    try:
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    except termios.error:
        return True


def _listed(found: list[Suggestion]) -> str:
    if len(found) > EXPLAINED:
        return "  ".join(each.text.rstrip() for each in found)
    return "\n".join(f"{each.text.rstrip()}  {each.about}".rstrip() for each in found)
