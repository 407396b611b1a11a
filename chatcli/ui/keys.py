"""Keys, from the table that the help shows, and those that mean something in places only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from prompt_toolkit.filters import Condition, has_completions
from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from chatcli.keyboard import KEYS, Presses, bound
from chatcli.ui import focus

Handler = Callable[[KeyPressEvent], None]
Test = Callable[[], bool]
# In the menu of completions these move the choice.
_MENU = frozenset({("c-n",), ("c-p",)})
# These work while a secret is asked for; the others would lead away from it.
_ALWAYS = frozenset({"redraw", "suspend", "leave"})
# prompt_toolkit takes these for one another.
ANSI_SEQUENCES["\x1b[1;4A"] = (Keys.Escape, Keys.ShiftUp)
ANSI_SEQUENCES["\x1b[1;4B"] = (Keys.Escape, Keys.ShiftDown)


class Open(NamedTuple):
    """What is open on the screen."""

    popup: Test
    asking: Test
    listing: Test
    # Anything that Esc leaves.
    leavable: Test
    # The input is empty, or as it was before somebody edits it.
    untouched: Test
    # One edits a message of one's own.
    editing: Test
    # A message is selected, and something is asked about it.
    selecting: Test
    asked: Test


def bind(
    handlers: Mapping[str, Handler], open_: Open, keys_set: Mapping[str, tuple[str, ...]]
) -> KeyBindings:
    """Return the bindings of all keys; ``handlers`` by the names of the table, and more.

    ``keys_set`` are the keys that somebody has set.
    """
    bindings = KeyBindings()
    asking, listing = Condition(open_.asking), Condition(open_.listing)
    untouched = Condition(open_.untouched)
    pressed, _ = bound(keys_set)
    for row in KEYS:
        if row.selected:
            continue
        allowed = Condition(lambda: True) if row.name in _ALWAYS else ~asking
        for keys in pressed[row.name]:
            menu = allowed & ~has_completions if keys in _MENU else allowed
            bindings.add(*keys, filter=menu)(handlers[row.name])
    bindings.add("<sigint>")(handlers["leave"])
    bindings.add("escape", filter=Condition(open_.leavable))(handlers["escape"])
    bindings.add("up", filter=listing & ~has_completions)(handlers["list up"])
    bindings.add("down", filter=listing & ~has_completions)(handlers["list down"])
    bindings.add("enter", filter=listing & untouched)(handlers["jump"])
    _bind_messages(bindings, handlers, open_)
    _bind_selection(bindings, handlers, pressed, open_)
    bindings.add(focus.IN)(handlers["focus in"])
    bindings.add(focus.OUT)(handlers["focus out"])
    _bind_popup(bindings, handlers, Condition(open_.popup))
    return bindings


def _bind_messages(bindings: KeyBindings, handlers: Mapping[str, Handler], open_: Open) -> None:
    """Have Up and Down go from message to message where nothing was typed."""
    closed = ~Condition(open_.asking) & ~Condition(open_.listing) & ~has_completions
    free = closed & Condition(open_.untouched)
    editing = free & ~Condition(open_.selecting) & Condition(open_.editing)
    bindings.add("up", filter=editing)(handlers["edit older"])
    bindings.add("down", filter=editing)(handlers["edit newer"])
    bindings.add("up", filter=free & ~editing)(handlers["select older"])
    bindings.add("down", filter=free & ~editing)(handlers["select newer"])


def _bind_selection(
    bindings: KeyBindings,
    handlers: Mapping[str, Handler],
    pressed: Mapping[str, tuple[Presses, ...]],
    open_: Open,
) -> None:
    """Have keys do something with the selected message; letters type nothing meanwhile."""
    selecting, asked = Condition(open_.selecting), Condition(open_.asked)
    free = selecting & ~asked
    bindings.add(Keys.Any, filter=free)(handlers["nothing"])
    bindings.add(Keys.BracketedPaste, filter=selecting)(handlers["paste"])
    bindings.add("enter", filter=free)(handlers["reply"])
    for row in KEYS:
        if row.selected:
            for keys in pressed[row.name]:
                bindings.add(*keys, filter=free)(handlers[row.name])
    for key in (Keys.Any, Keys.Enter, Keys.Up, Keys.Down):
        bindings.add(key, filter=selecting & asked)(handlers["answer"])


def _bind_popup(bindings: KeyBindings, handlers: Mapping[str, Handler], popup: Condition) -> None:
    """Have any key close what is shown once, but for those that are none."""
    bindings.add(focus.IN, filter=popup, eager=True)(handlers["focus in"])
    bindings.add(focus.OUT, filter=popup, eager=True)(handlers["focus out"])
    bindings.add("<sigint>", filter=popup, eager=True)(handlers["leave"])
    bindings.add(Keys.Any, filter=popup, eager=True)(handlers["close popup"])
