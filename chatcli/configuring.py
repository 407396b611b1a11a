"""``/config``: shows settings and changes them, and what completes it. Pure but for the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from chatcli import keyboard, options
from chatcli.keyboard import KEYS
from chatcli.options import OPTIONS
from chatcli.settings import Settings

if TYPE_CHECKING:
    from chatcli.settings_file import SettingsFile

DEFAULT, NONE = "default", "none"
_BOUND = "keys."
_ROWS = {f"{_BOUND}{row.name}": row for row in KEYS}


class Answer(NamedTuple):
    """What there is to say; ``wrong``: nothing was changed, or it could not be written."""

    text: str
    wrong: bool = False


def configure(file: SettingsFile, words: str) -> Answer:
    """Do what was typed behind ``/config``."""
    key, _, value = words.strip().partition(" ")
    key, value = key.lower(), value.strip()
    if not key:
        return Answer(_all(file))
    if key not in OPTIONS and key not in _ROWS:
        return Answer(f"There is no setting {key!r}. Try: /config", wrong=True)
    if not value:
        return Answer(_one(file.settings, key))
    try:
        problem = _change(file, key, value)
    except ValueError as error:
        return Answer(f"{key} {error}.", wrong=True)
    now = _one(file.settings, key)
    if problem:
        return Answer(f"{now}\nThis holds until you leave: {problem}.", wrong=True)
    return Answer(now)


def wrong_keys(file: SettingsFile) -> list[str]:
    """Return what is wrong with the keys that are set in the file, in sentences."""
    _, problems = keyboard.bound(file.settings.keys)
    return [
        file.problem(("keys", each.name), f"{each.name}: {each.words}. The default holds.")
        for each in problems
    ]


def _change(file: SettingsFile, key: str, value: str) -> str:
    if key in OPTIONS:
        if value == DEFAULT:
            return file.unset(key)
        return file.set(key, options.typed(OPTIONS[key], value))
    name = key.removeprefix(_BOUND)
    keys = None if value == DEFAULT else _keys(name, value)
    before = file.settings.keys
    others = {each: found for each, found in before.items() if each != name}
    _, problems = keyboard.bound(others if keys is None else {name: keys, **others})
    known = keyboard.bound(before)[1]
    for problem in problems:
        if problem not in known:
            raise ValueError(f"cannot be {value}: {problem.words}")
    return file.bind(name, keys)


def _keys(name: str, value: str) -> tuple[str, ...]:
    if value == NONE:
        return ()
    letters = name in keyboard.SELECTED
    parsed = (keyboard.parse(each, letters=letters) for each in value.split(","))
    return tuple(map(keyboard.shown, parsed))


def _value(settings: Settings, key: str) -> str:
    if key in OPTIONS:
        return options.shown(options.value_of(settings, key))
    pressed, _ = keyboard.bound(settings.keys)
    return ", ".join(map(keyboard.shown, pressed[key.removeprefix(_BOUND)])) or NONE


def _about(key: str) -> str:
    if key in _ROWS:
        return _ROWS[key].about
    option = OPTIONS[key]
    choices = " | ".join(option.choices)
    return f"{option.about} ({choices})" if choices else option.about


def _one(settings: Settings, key: str) -> str:
    return f"{key} = {_value(settings, key)}: {_about(key)}"


def _all(file: SettingsFile) -> str:
    settings = file.settings
    keys = [*OPTIONS, *(key for key in _ROWS if key.removeprefix(_BOUND) in settings.keys)]
    rows = [f"{key} = {_value(settings, key)}" for key in keys]
    hints = [
        f"/config KEY VALUE changes one, /config KEY {DEFAULT} takes that back.",
        f"{_BOUND}NAME is what is pressed for a NAME of the help, F1.",
    ]
    return "\n".join([f"Settings in {file.path}", *rows, *hints])


def suggest(rest: str, settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what may replace the last word of ``rest``, which stands behind the command."""
    key, space, start = rest.lower().partition(" ")
    if not space:
        for each in [*OPTIONS, *_ROWS]:
            if each.startswith(key):
                yield f"{each} ", f"{_value(settings, each)}: {_about(each)}"
        return
    option = OPTIONS.get(key)
    if option is None and key not in _ROWS:
        return
    choices = option.choices if option is not None else (NONE,)
    for choice in [*choices, DEFAULT]:
        if choice.startswith(start):
            yield choice, _value(Settings(), key) if choice == DEFAULT else ""
