"""The screen: puts the parts together and says what the keys do. It knows no Twisted."""

from __future__ import annotations

import os
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import DynamicKeyBindings, KeyBindings
from prompt_toolkit.layout import (
    CompletionsMenu,
    ConditionalContainer,
    Dimension,
    Float,
    FloatContainer,
    HSplit,
    Layout,
    Window,
)
from prompt_toolkit.output import Output
from prompt_toolkit.styles import DynamicStyle

from chatcli.asking import Ask, is_secret
from chatcli.model import State
from chatcli.notices import Notice, window_title
from chatcli.person import Secret
from chatcli.settings import Settings
from chatcli.ui.acting import Acting, Desk
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.answering import Answering
from chatcli.ui.completer import ChatCompleter
from chatcli.ui.drafting import Drafting
from chatcli.ui.editing import Editing
from chatcli.ui.entry import Entry
from chatcli.ui.focus import Focus
from chatcli.ui.going import Going
from chatcli.ui.ground import ask_ground
from chatcli.ui.handling import Handling, Parts
from chatcli.ui.keys import bind
from chatcli.ui.lists import Lists
from chatcli.ui.messages import Messages
from chatcli.ui.mouse import MessagesMouse
from chatcli.ui.notifier import Notifier
from chatcli.ui.output import ScreenOutput
from chatcli.ui.outside import Outside
from chatcli.ui.pane import Pane
from chatcli.ui.panes import Link, Scene, status_row
from chatcli.ui.secrets import Popup, SecretPrompt
from chatcli.ui.selection import Selection
from chatcli.ui.text import Row, row_columns
from chatcli.ui.themes import Rgb
from chatcli.ui.theming import Theming

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
        self._selection = Selection(state)
        self._answering = Answering(state)
        self._messages = Messages(
            state, lambda: self.input.text.startswith(_NUMBERED), self._selection
        )
        self._popup = Popup()
        self._prompt = SecretPrompt(self._answered)
        self._editing = Editing(state)
        self._focus = Focus(output)
        self._notifier = Notifier(output, lambda: state.settings.notices, os.environ)
        self.input = self._make_input()
        self._drafting = Drafting(state, self.input, self._editing, self._answering, now)
        self._entry = Entry(state, self.input, self._editing, self._answering, self._size)
        self._input_window = self._entry.window
        self._lists = Lists(state, self._columns)
        self._going = Going(state, actions, reading, self._messages, self._size, self._focus_on)
        self._acting = self._make_acting()
        self._handling = Handling(state, actions, reading, self._parts())
        self._bindings = self._bind_keys()
        self._theming = Theming(lambda: state.settings.theme, os.environ)
        if isinstance(output, ScreenOutput):
            output.ground = self._theming.painted
        self.application: Application[None] = Application(
            layout=Layout(self._make_root(), focused_element=self._input_window),
            key_bindings=DynamicKeyBindings(lambda: self._bindings),
            mouse_support=Condition(lambda: state.settings.mouse),
            style=DynamicStyle(self._theming.style),
            color_depth=self._theming.depth,
            full_screen=True,
            min_redraw_interval=REDRAW,
            before_render=lambda _: self._look(),
            input=input_,
            output=output,
        )
        keys = self.application.key_processor
        keys.before_key_press += lambda _: self._drafting.follow()
        keys.after_key_press += lambda _: self._drafting.follow()
        # How long Esc waits for the rest of a key's bytes, and for a key after it, in seconds.
        self.application.ttimeoutlen = 0.1
        self.application.timeoutlen = 0.2
        if self._theming.asks:
            ask_ground(input_, output, self._take_ground)

    def _bind_keys(self) -> KeyBindings:
        keys_set = self._state.settings.keys
        return bind(self._handling.handlers(), self._handling.open(), keys_set)

    def _parts(self) -> Parts:
        return Parts(
            self.input,
            self._messages,
            self._editing,
            self._prompt,
            self._popup,
            self._focus,
            self._selection,
            self._answering,
            self._acting,
            self._lists.toggle,
            self._going,
        )

    def _make_acting(self) -> Acting:
        desk = Desk(self.input, self._selection, self._answering, self._editing, Outside())
        return Acting(self._state, self._actions, self._reading, desk)

    # Layout

    def _make_input(self) -> Buffer:
        return Buffer(
            completer=ChatCompleter(self._state, lambda: self._answering.prefix),
            complete_while_typing=True,
            history=InMemoryHistory(),
            multiline=False,
            accept_handler=self._accept,
            on_text_changed=lambda buffer: self._typed(buffer.text),
        )

    def _make_root(self) -> FloatContainer:
        handling = self._handling
        mouse = MessagesMouse(self._messages, self._selection, handling.scroll, self._acting.open)
        bare = self._is_bare
        messages = Pane(self._messages.rows, width=self._lists.middle, mouse=mouse, bare=bare)
        columns = self._lists.around(
            messages, handling.visit, handling.visit_by, self._lists_height, bare
        )
        status = Pane(self._status_rows, height=1, bare=bare)
        asking = Condition(lambda: self._prompt.ask is not None)
        looking = Condition(lambda: self._going.find.open)
        typing = ConditionalContainer(self._input_window, ~asking & ~looking)
        secret = ConditionalContainer(self._prompt.window, asking)
        find = ConditionalContainer(self._going.find.container, looking)
        note = ConditionalContainer(self._entry.note, ~asking & ~looking)
        body = HSplit([columns, status, note, typing, secret, find])
        menu = CompletionsMenu(max_height=8, scroll_offset=1)
        floats = [Float(menu, xcursor=True, ycursor=True), self._going.switcher.float()]
        return FloatContainer(body, [*floats, self._make_popup()])

    def _is_bare(self) -> bool:
        """Whether nothing floats over what is shown."""
        menu = self.input.complete_state is not None
        return not (menu or self._going.switcher.open or self._popup.secret is not None)

    def _lists_height(self) -> Dimension:
        # All but what the input can take: so it is found soon.
        return Dimension(min=max(1, self._size()[1] - 8))

    def _make_popup(self) -> Float:
        window = Pane(lambda _columns, _height: self._popup.rows(self._columns()))
        shown = Condition(lambda: self._popup.secret is not None)
        rows = self._popup_size
        return Float(
            ConditionalContainer(window, shown), width=lambda: rows()[0], height=lambda: rows()[1]
        )

    def _popup_size(self) -> tuple[int, int]:
        rows = self._popup.rows(self._columns())
        return max((row_columns(row) for row in rows), default=0), len(rows)

    def _columns(self) -> int:
        return self._size()[0]

    def _size(self) -> tuple[int, int]:
        size = self.application.output.get_size()
        return size.columns, size.rows

    def _focus_on(self, window: Window | None) -> None:
        self.application.layout.focus(window or self._input_window)

    # Rows

    def _status_rows(self, columns: int, height: int) -> list[Row]:
        if self._handling.selecting:
            return [self._selection.bar(columns)]
        scene = Scene(
            address=self._address,
            link=self.link,
            below=self._messages.view.below,
            fetching=self._reading.fetching,
            wide=self._lists.shown,
            now=self._now(),
        )
        return [status_row(self._state, scene, columns)]

    # What happens

    def settings_changed(self, former: Settings) -> None:
        """Some settings are others now than in ``former``."""
        settings = self._state.settings
        if settings.panes != former.panes:
            self._lists.wanted = settings.panes
        self._bindings = self._bind_keys()
        self.redraw()

    def _take_ground(self, ground: Rgb) -> None:
        self._theming.ground = ground
        self.redraw()

    def _typed(self, text: str) -> None:
        # Nobody need know that one looks for an emoji.
        self._actions.typed("" if self._answering.reacts else text)

    def redraw(self) -> None:
        """Something has changed."""
        self.application.invalidate()

    def _look(self) -> None:
        """Before each drawing: what is in view, and looked at, is read."""
        self._focus.ask()
        self._notifier.entitle(window_title(self._state))
        self._drafting.follow()
        state = self._state
        hidden = self._popup.secret is not None or not self._focus.there
        state.looking = self._messages.at_newest and not hidden
        if state.looking:
            self._reading.looked()

    def notify(self, notice: Notice) -> None:
        """Tell that something came where one does not look."""
        self._notifier.tell(notice, present=self._focus.told and self._focus.there)

    def give_back(self, typed: str) -> None:
        """Put what was refused back into the input, after what is in it by now."""
        self._drafting.give_back(typed)

    def ask(self, ask: Ask) -> None:
        """Ask for secrets."""
        self._going.leave()
        self._prompt.begin(ask)
        self._focus_on(self._prompt.window)

    def show_help(self, subject: str) -> None:
        """Show the help, of one subject, or of all where it is empty."""
        self._messages.show_help(subject)

    def reveal(self, secret: Secret) -> None:
        """Show something until a key is pressed."""
        self._popup.secret = secret
        self.redraw()

    def close(self) -> None:
        """Have the terminal tell nothing more."""
        self._popup.secret = None
        self._focus.stop()
        self._notifier.close()

    def _answered(self, ask: Ask, answers: list[str] | None) -> None:
        self._focus_on(None)
        # What was cut with Ctrl-U would come back with Ctrl-Y.
        self.application.clipboard.set_text("")
        self._actions.confide(ask, answers)

    def _accept(self, buffer: Buffer) -> bool:
        typed, editing = buffer.text, self._editing.line
        # Emptied here, so that what is refused can be put back.
        if not is_secret(typed):
            buffer.append_to_history()
        buffer.reset()
        self._messages.help_open = False
        self._messages.bottom()
        edited, prefix = self._editing.end(), self._answering.end()
        if editing is None or edited is None or edited.seq is None:
            self._actions.submit(f"{prefix}{typed}" if typed.strip() else "")
        elif typed.strip() and typed != edited.text:
            self._actions.edit(edited.seq, typed)
        return True
