"""Keys, from the table that the help shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prompt_toolkit.filters import Condition, has_completions
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from chatcli.ui.help import KEYS

Handler = Callable[[KeyPressEvent], None]
# In the menu of completions these move the choice.
_MENU = frozenset({("c-n",), ("c-p",)})


def bind(handlers: Mapping[str, Handler], help_open: Callable[[], bool]) -> KeyBindings:
    """Return the bindings of all keys of the table; ``handlers`` by its names."""
    bindings = KeyBindings()
    for row in KEYS:
        for keys in row.keys:
            if keys in _MENU:
                bindings.add(*keys, filter=~has_completions)(handlers[row.name])
            else:
                bindings.add(*keys)(handlers[row.name])
    bindings.add("escape", filter=Condition(help_open))(handlers["help"])
    return bindings
