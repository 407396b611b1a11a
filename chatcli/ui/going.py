"""Getting about: the switcher, finding, what is new, one's own order, and back."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.layout import Window

from chatcli.model import State
from chatcli.switching import Goal
from chatcli.ui.actions import Actions, Reading
from chatcli.ui.find import FindBar
from chatcli.ui.keys import Handler
from chatcli.ui.messages import Messages
from chatcli.ui.switcher import Size, Switcher
from chatcli.ui.trail import Trail


class Going:
    """What leads to other places. ``focus`` gets the window to type in, None for the input.

    ``size`` tells how many columns and rows the screen has.
    """

    def __init__(
        self,
        state: State,
        actions: Actions,
        reading: Reading,
        messages: Messages,
        size: Size,
        focus: Callable[[Window | None], None],
    ) -> None:
        self._state = state
        self._actions = actions
        self._reading = reading
        self._messages = messages
        self._focus = focus
        self.trail = Trail(state, messages)
        self.switcher = Switcher(state, self._switched, size)
        self.find = FindBar(state, messages, self._found, lambda: size()[0])

    @property
    def open(self) -> bool:
        """Whether one types where to go."""
        return self.switcher.open or self.find.open

    def leave(self) -> None:
        """Close what is open."""
        if self.switcher.open:
            self.switcher.leave()
        if self.find.open:
            self.find.leave()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by their names."""
        return {
            "switch": lambda _: self._switch(),
            "find": lambda _: self._begin_finding(),
            "unread": lambda _: self._to_unread(),
            "return": lambda _: self.trail.back(),
            "higher": lambda _: self._move(-1),
            "lower": lambda _: self._move(1),
            "mentions": lambda _: self._actions.submit("/mentions"),
        }

    def _switch(self) -> None:
        self._actions.learn_rooms()
        self.switcher.begin()
        self._focus(self.switcher.window)

    def _switched(self, goal: Goal | None) -> None:
        self._focus(None)
        if goal is None:
            return
        self.trail.mark()
        self._messages.help_open = False
        if goal.is_open:
            self._state.go(goal.title)
            self._state.leave_place(all_=True)
            self._reading.look_in()
        else:
            self._actions.submit(f"/{'join' if goal.title.startswith('#') else 'go'} {goal.title}")

    def _begin_finding(self) -> None:
        self.trail.mark()
        self.find.begin()
        self._focus(self.find.window)

    def _found(self, command: str | None) -> None:
        self._focus(None)
        if command is not None:
            self._messages.help_open = False
            self._actions.submit(command)

    def _to_unread(self) -> None:
        self.trail.mark()
        self._messages.help_open = False
        self._state.leave_place(all_=True)
        self._reading.jump_to_unread()

    def _move(self, step: int) -> None:
        self._state.move(step)
        self._actions.arranged()
