"""The help: keys and commands, from the tables that they are made of."""

from __future__ import annotations

from typing import NamedTuple

from chatcli.commands import ITS_OWN, LOCAL
from chatcli.line import Line
from chatcli.ui.panes import ROLES
from chatd.core.commands import COMMANDS


class Key(NamedTuple):
    """What a key does; ``keys`` as prompt_toolkit names them, any of several."""

    name: str
    shown: str
    about: str
    keys: tuple[tuple[str, ...], ...]


KEYS = (
    Key("complete", "Tab", "completes commands, #rooms, @nicks and :emoji:", (("tab",),)),
    Key("help", "F1", "this help; again, or Esc: back", (("f1",),)),
    Key("next", "Alt-Down, Ctrl-N", "the next conversation", (("escape", "down"), ("c-n",))),
    Key("previous", "Alt-Up, Ctrl-P", "the conversation before", (("escape", "up"), ("c-p",))),
    Key("news", "Alt-A", "the next conversation with something unread", (("escape", "a"),)),
    Key("up", "PageUp", "scrolls up; at the top, older lines are fetched", (("pageup",),)),
    Key("down", "PageDown", "scrolls down", (("pagedown",),)),
    Key("bottom", "Alt-End", "goes to the newest line", (("escape", "end"),)),
    Key("once", "F4", "shows a message that can be viewed once", (("f4",),)),
    Key("earlier", "Ctrl-Up", "what you typed before", (("c-up",),)),
    Key("later", "Ctrl-Down", "what you typed after that", (("c-down",),)),
    Key("line", "Alt-Enter", "begins another line of the text", (("escape", "enter"),)),
    Key("redraw", "Ctrl-L", "draws the screen anew", (("c-l",),)),
    Key("suspend", "Ctrl-Z", "goes to the background; fg comes back", (("c-z",),)),
    Key("leave", "Ctrl-C", "leaves, as /quit does", (("c-c",), ("<sigint>",))),
)
_MORE = (
    ("Up", "in an empty line: edits your last message; else as Ctrl-Up"),
    ("Esc", "leaves a list, a place in the past, what you edit"),
)


def help_lines() -> list[Line]:
    """Return the lines of the help."""
    keys = [(key.shown, key.about) for key in KEYS]
    rows = [row for row in COMMANDS.values() if row.who != "a" and row.name not in ITS_OWN]
    commands = [(row.usage, row.summary) for row in rows]
    local = [(f"/{row.name}", row.summary) for row in LOCAL.values()]
    marks = [
        ("…", "is on its way"),
        ("✓", "is on the server's disk"),
        ("✓ stored", "the same, and nobody is online to read it now"),
        ("✗", "was refused; why is below"),
    ]
    roles = [
        (f"{ROLES['owner']} {ROLES['moderator']}", "owns the room, moderates it"),
        (ROLES["admin"], "administrates the server"),
        (ROLES["muted"], "is muted"),
        ("◌", "is away"),
    ]
    texts = ["Keys", *_table([*keys, *_MORE]), "", "Commands", *_table([*commands, *local])]
    texts += ["", "Words go to the conversation that is shown; //text says a text that begins"]
    texts += ["with a slash. Marks behind your own messages:", *_table(marks)]
    texts += ["", "Marks behind people:", *_table(roles)]
    return [Line(kind="text", t=0.0, text=text) for text in texts]


def _table(pairs: list[tuple[str, str]]) -> list[str]:
    width = max(len(left) for left, _ in pairs)
    return [f"  {left:{width}}  {right}" for left, right in pairs]
