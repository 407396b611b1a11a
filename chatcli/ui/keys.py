"""Keys, from the table that the help shows, and those that mean something in places only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from prompt_toolkit.filters import Condition, has_completions
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from chatcli.ui import focus
from chatcli.ui.help import KEYS

Handler = Callable[[KeyPressEvent], None]
Test = Callable[[], bool]
# In the menu of completions these move the choice.
_MENU = frozenset({("c-n",), ("c-p",)})
# These work while a secret is asked for; the others would lead away from it.
_ALWAYS = frozenset({"redraw", "suspend", "leave"})


class Open(NamedTuple):
    """What is open on the screen."""

    popup: Test
    asking: Test
    listing: Test
    # Anything that Esc leaves.
    leavable: Test
    # The input is empty, or as it was before somebody edits it.
    untouched: Test


def bind(handlers: Mapping[str, Handler], open_: Open) -> KeyBindings:
    """Return the bindings of all keys; ``handlers`` by the names of the table, and more."""
    bindings = KeyBindings()
    asking, listing = Condition(open_.asking), Condition(open_.listing)
    untouched = Condition(open_.untouched)
    for row in KEYS:
        allowed = Condition(lambda: True) if row.name in _ALWAYS else ~asking
        for keys in row.keys:
            menu = allowed & ~has_completions if keys in _MENU else allowed
            bindings.add(*keys, filter=menu)(handlers[row.name])
    bindings.add("escape", filter=Condition(open_.leavable))(handlers["escape"])
    bindings.add("up", filter=listing & ~has_completions)(handlers["list up"])
    bindings.add("down", filter=listing & ~has_completions)(handlers["list down"])
    bindings.add("enter", filter=listing & untouched)(handlers["jump"])
    free = ~asking & ~listing & ~has_completions & untouched
    bindings.add("up", filter=free)(handlers["edit older"])
    bindings.add("down", filter=free)(handlers["edit newer"])
    bindings.add(focus.IN)(handlers["focus in"])
    bindings.add(focus.OUT)(handlers["focus out"])
    _bind_popup(bindings, handlers, Condition(open_.popup))
    return bindings


def _bind_popup(bindings: KeyBindings, handlers: Mapping[str, Handler], popup: Condition) -> None:
    """Have any key close what is shown once, but for those that are none."""
    bindings.add(focus.IN, filter=popup, eager=True)(handlers["focus in"])
    bindings.add(focus.OUT, filter=popup, eager=True)(handlers["focus out"])
    bindings.add("<sigint>", filter=popup, eager=True)(handlers["leave"])
    bindings.add(Keys.Any, filter=popup, eager=True)(handlers["close popup"])
