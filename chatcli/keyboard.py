"""Which key does what: the one table, what a person has set instead, how keys are written. Pure.

A key is written as in the help, ``Ctrl-K``, ``Alt-Down``, ``F4``, or as prompt_toolkit names it,
``c-k``; keys that are pressed one after the other are written with a space between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase
from typing import NamedTuple

Presses = tuple[str, ...]  # one after the other, as prompt_toolkit names them


class Key(NamedTuple):
    """What a key does; any of ``keys`` does it. ``name`` is what it is called in the settings.

    Letters can be the keys of those that mean something only while a message is ``selected``.
    """

    name: str
    about: str
    keys: tuple[str, ...]
    selected: bool = False


class Problem(NamedTuple):
    """What is wrong with the keys that somebody has set for ``name``."""

    name: str
    words: str


KEYS = (
    Key("complete", "completes commands, #rooms, @nicks and :emoji:", ("Tab",)),
    Key("help", "this help; again, or Esc: back", ("F1",)),
    Key("next", "the next conversation", ("Alt-Down", "Ctrl-N")),
    Key("previous", "the conversation before", ("Alt-Up", "Ctrl-P")),
    Key("switch", "to any conversation, person or room, by a few letters", ("Ctrl-K",)),
    Key("find", "finds words here, as you type them, or on the server", ("Ctrl-F",)),
    Key("news", "the next conversation with something unread", ("Alt-A",)),
    Key("unread", "what came while you did not look", ("Alt-U",)),
    Key("return", "to where you were before you jumped", ("Alt-Left",)),
    Key("mentions", "what calls you by name", ("Alt-M",)),
    Key("higher", "puts this conversation higher in the list", ("Alt-Shift-Up",)),
    Key("lower", "puts it lower", ("Alt-Shift-Down",)),
    Key("up", "scrolls up; at the top, older lines are fetched", ("PageUp",)),
    Key("down", "scrolls down", ("PageDown",)),
    Key("bottom", "goes to the newest line", ("Alt-End",)),
    Key("once", "shows a message that can be viewed once", ("F4",)),
    Key("earlier", "what you typed before", ("Ctrl-Up",)),
    Key("later", "what you typed after that", ("Ctrl-Down",)),
    Key("line", "begins another line of the text", ("Alt-Enter",)),
    Key("empty", "empties the input; Ctrl-Y brings it back", ("Ctrl-G",)),
    Key("edit-last", "edits your last message; again: the one before", ("Alt-E",)),
    Key("panes", "hides the lists beside the messages, or shows them", ("F2",)),
    Key("redraw", "draws the screen anew", ("Ctrl-L",)),
    Key("suspend", "goes to the background; fg comes back", ("Ctrl-Z",)),
    Key("leave", "leaves, as /quit does", ("Ctrl-C",)),
    Key("reply", "replies to the selected message", ("r",), selected=True),
    Key("react", "puts an emoji under it, or takes yours back", ("+", ":"), selected=True),
    Key("edit", "edits it", ("e",), selected=True),
    Key("delete", "deletes it, once you say yes", ("d",), selected=True),
    Key("copy", "copies its text", ("c",), selected=True),
    Key("open", "opens a link in it", ("o",), selected=True),
    Key("pin", "pins it, or takes the pin out", ("p",), selected=True),
    Key("view", "shows it, where it can be viewed once", ("v",), selected=True),
    Key("back", "selects nothing any more", ("q",), selected=True),
)
SELECTED = frozenset(row.name for row in KEYS if row.selected)

_MOVES = {
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "insert": "Insert",
    "delete": "Delete",
    "pageup": "PageUp",
    "pagedown": "PageDown",
}
_FUNCTIONS = {f"f{number}": f"F{number}" for number in range(1, 21)}
_NAMED = {"escape": "Esc", "tab": "Tab", "enter": "Enter", "backspace": "Backspace"}
_SHOWN = {
    **_NAMED,
    **_MOVES,
    **_FUNCTIONS,
    "s-tab": "Shift-Tab",
    "c-space": "Ctrl-Space",
    **{f"c-{each}": f"Ctrl-{each.upper()}" for each in f"{ascii_lowercase}\\]^_"},
    **{f"c-{each}": f"Ctrl-{shown}" for each, shown in [*_MOVES.items(), *_FUNCTIONS.items()]},
    **{f"s-{each}": f"Shift-{shown}" for each, shown in _MOVES.items()},
    **{f"c-s-{each}": f"Ctrl-Shift-{shown}" for each, shown in _MOVES.items()},
}
# A terminal sends the same for these.
_SAME = {"c-i": "tab", "c-m": "enter", "c-h": "backspace", "c-@": "c-space", "c-[": "escape"}
_MODIFIERS = {
    **dict.fromkeys(("c", "ctrl", "control"), "c"),
    **dict.fromkeys(("a", "alt", "m", "meta"), "a"),
    **dict.fromkeys(("s", "shift"), "s"),
}
_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
}
# Without these nothing could be typed, sent or left.
_TAKEN = frozenset({"enter", "backspace", "c-j"})


def parse(text: str, *, letters: bool = False) -> Presses:
    """Return the keys that ``text`` names. Raises ``ValueError`` with a sentence.

    ``letters``: a letter alone is a key.
    """
    presses = tuple(press for word in text.split() for press in _press(word))
    if not presses:
        raise ValueError("there is no key in it")
    typed = len(presses[0]) == 1 and not letters
    if typed or presses[0] in _TAKEN or presses == ("escape",):
        raise ValueError(f"{shown(presses[:1])} has a meaning that cannot be changed")
    return presses


def _press(word: str) -> Presses:
    if len(word) == 1:
        return (word,)
    head, dash, last = word.rpartition("-") if not word.endswith("--") else (word[:-2], "-", "-")
    modifiers = head.lower().split("-") if dash and head else []
    if not set(modifiers) <= _MODIFIERS.keys() or (dash and not head) or not last:
        raise ValueError(f"{word!r} is no key")
    held = {_MODIFIERS[each] for each in modifiers}
    base = _ALIASES.get(last.lower(), last.lower())
    if len(base) == 1 and held <= {"a", "s"}:
        name = base.upper() if "s" in held else base
    else:
        name = "".join(f"{each}-" for each in "cs" if each in held) + base
        name = _SAME.get(name, name)
        if name not in _SHOWN:
            raise ValueError(f"{word!r} is no key that a terminal knows")
    return ("escape", name) if "a" in held else (name,)


def shown(presses: Presses) -> str:
    """Return keys as they are written in the help."""
    words: list[str] = []
    alt = ""
    for number, press in enumerate(presses, 1):
        if press == "escape" and not alt and number < len(presses):
            alt = "Alt-"
            continue
        word = _SHOWN.get(press, press)
        if alt and len(press) == 1:
            word = f"Shift-{press}" if press != press.lower() else press.upper()
        words.append(f"{alt}{word}")
        alt = ""
    return " ".join(words)


def bound(
    wished: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, tuple[Presses, ...]], list[Problem]]:
    """Return what is pressed for each name of the table, and what is wrong with what was wished.

    Where something is, the keys of the table hold.
    """
    table = {row.name: _parsed(row.name, row.keys) for row in KEYS}
    problems: list[Problem] = []
    asked: dict[str, tuple[Presses, ...]] = {}
    for name, keys in wished.items():
        try:
            if name not in table:
                raise ValueError("there is no such name in the help")  # noqa: TRY301
            asked[name] = _parsed(name, keys)
        except ValueError as problem:
            problems.append(Problem(name, str(problem)))
    while (clash := _clash(table | asked, asked)) is not None:
        del asked[clash.name]
        problems.append(clash)
    return table | asked, problems


def _parsed(name: str, keys: tuple[str, ...]) -> tuple[Presses, ...]:
    letters = name in SELECTED
    return tuple(dict.fromkeys(parse(key, letters=letters) for key in keys))


def _clash(keys: Mapping[str, tuple[Presses, ...]], asked: Mapping[str, object]) -> Problem | None:
    """Return the first name of ``asked`` with a key that another name has, too."""
    for name in asked:
        # While a message is selected its keys go before the others.
        rivals = {
            key: found
            for key, found in keys.items()
            if key != name and (key in SELECTED) == (name in SELECTED)
        }
        for each in keys[name]:
            other = next((key for key, found in rivals.items() if each in found), None)
            if other is not None:
                return Problem(name, f"{shown(each)} is that of {other!r} already")
    return None
