"""The help, by subject: keys and commands, from the tables that they are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatcli.commands import ITS_OWN, LOCAL
from chatcli.keyboard import KEYS, Presses, bound, shown
from chatcli.line import Line
from chatcli.ui.panes import ROLES
from chatcli.ui.text import Row, wrap
from chatd.core.commands import COMMANDS
from chatd.core.help import SUBJECTS, subject_of

_MORE = (
    ("Up", "in an empty line: selects a message; else as Ctrl-Up"),
    ("Esc", "leaves a list, a place in the past, what you edit"),
)
_MARKS = (
    ("…", "is on its way"),
    ("✓", "is on the server's disk"),
    ("✓ stored", "the same, and nobody is online to read it now"),
    ("✗", "was refused; why is below"),
)
_ROLES = (
    (f"{ROLES['owner']} {ROLES['moderator']}", "owns the room, moderates it"),
    (ROLES["admin"], "administrates the server"),
    (ROLES["muted"], "is muted"),
    ("◌", "is away"),
)
_ON_SCREEN = frozenset({"keys", "marks"})
_BESIDE = 24  # columns that an explanation needs beside what it explains
_BLANKS = re.compile("  +")
_NAMES = max(len(key.name) for key in KEYS)

Keys = Mapping[str, tuple[str, ...]]


def help_texts(
    keys_set: Keys, subject: str = "", *, admin: bool = False, screen: bool = True
) -> list[str]:
    """Return the lines of the help, of all subjects or of one.

    ``keys_set`` are the keys that somebody has set; ``admin``: to an administrator. Without a
    ``screen`` there are no marks, and most keys mean nothing.
    """
    sections = {
        "keys": _keys(keys_set),
        **{each: _commands(each) for each in SUBJECTS.values() if _is_for(each, subject, admin)},
        "chatcli": _table([(row.usage, row.summary) for row in LOCAL.values()]),
        "marks": [
            "  Behind your own messages:",
            *_table(_MARKS),
            "  Behind people:",
            *_table(_ROLES),
        ],
    }
    if subject:
        return [f"Help: {subject}", *sections[subject]]
    if not screen:
        sections = {each: lines for each, lines in sections.items() if each not in _ON_SCREEN}
    texts = [f"/help SUBJECT shows one of these: {', '.join(sections)}.", ""]
    texts += ["Words go to the conversation that is shown; //text says a text that begins with /."]
    texts += ["/help COMMAND explains a command, /help NUMBER an error; words are found here, too."]
    for title, lines in sections.items():
        texts += ["", title.capitalize(), *lines]
    return texts


def help_lines(keys_set: Keys, subject: str = "", *, admin: bool = False) -> list[Line]:
    """Return the same as lines that can be looked through."""
    texts = help_texts(keys_set, subject, admin=admin)
    return [Line(kind="text", t=0.0, text=text) for text in texts]


def help_rows(text: str, columns: int) -> list[Row]:
    """Return a line of the help as rows: what is explained beside, or above, its explanation."""
    head, gap, about = text.rpartition("  ")
    indent = len(head) + len(gap)
    if not text.startswith("  ") or not head.strip():
        return [[("class:title" if text.istitle() else "", each)] for each in wrap(text, columns)]
    if columns - indent < _BESIDE:
        rows: list[Row] = [[("class:key", each)] for each in wrap(_BLANKS.sub("  ", head), columns)]
        rows += [[("", f"    {each}")] for each in wrap(about, columns - 4)]
        return rows
    first, *others = wrap(about, columns - indent)
    rows = [[("class:key", f"{head}{gap}"), ("", first)]]
    rows += [[("", f"{' ' * indent}{each}")] for each in others]
    return rows


def _is_for(subject: str, wanted: str, admin: bool) -> bool:
    return subject != "administration" or admin or wanted == subject


def _keys(keys_set: Keys) -> list[str]:
    pressed, _ = bound(keys_set)
    rows = [(_pressed(pressed[key.name]), f"{key.name:{_NAMES}} {key.about}", key) for key in KEYS]
    free = [(keys, about) for keys, about, key in rows if not key.selected]
    selected = [(keys, about) for keys, about, key in rows if key.selected]
    return [*_table([*free, *_MORE]), "  With a message selected:", *_table(selected)]


def _pressed(pressed: tuple[Presses, ...]) -> str:
    return ", ".join(map(shown, pressed)) or "(none)"


def _commands(subject: str) -> list[str]:
    rows = (row for row in COMMANDS.values() if subject_of(row) == subject)
    return _table([(row.usage, row.summary) for row in rows if row.name not in ITS_OWN])


def _table(pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> list[str]:
    width = max(len(left) for left, _ in pairs)
    return [f"  {left:{width}}  {right}" for left, right in pairs]
