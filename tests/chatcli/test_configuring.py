"""``/config``: what it shows and changes, and what completes it."""

from pathlib import Path

import pytest

from chatcli.commands import Do, understand
from chatcli.completion import suggest
from chatcli.configuring import configure, wrong_keys
from chatcli.keyboard import KEYS
from chatcli.model import State
from chatcli.options import OPTIONS
from chatcli.settings import Settings
from chatcli.settings_file import SettingsFile


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    path = tmp_path / "chatcli.toml"
    path.write_text('mouse = true  # clicks\n[keys]\nnews = "F6"\n', "utf-8")
    return SettingsFile(path)


def written(file: SettingsFile) -> str:
    return file.path.read_text("utf-8")


def test_it_shows_all_settings(file: SettingsFile) -> None:
    answer = configure(file, "")
    assert not answer.wrong
    assert str(file.path) in answer.text
    assert all(f"\n{key} = " in answer.text for key in OPTIONS)
    assert "\nkeys.news = F6\n" in answer.text
    assert "keys.next" not in answer.text


@pytest.mark.parametrize(
    ("words", "shown", "line"),
    [
        ("mouse off", "mouse = off: ", "mouse = false  # clicks"),
        ("mouse No", "mouse = off: ", "mouse = false  # clicks"),
        ("theme LIGHT", "theme = light: ", 'theme = "light"'),
        ("lines 700", "lines = 700: ", "lines = 700"),
        ("notices.quiet 22:00-07:00", "notices.quiet = 22:00-07:00: ", 'quiet = "22:00-07:00"'),
        ('notices.quiet ""', 'notices.quiet = "": ', 'quiet = ""'),
        ("keys.next c-], alt-x", "keys.next = Ctrl-], Alt-X: ", 'next = ["Ctrl-]", "Alt-X"]'),
        ("keys.next none", "keys.next = none: ", 'next = ""'),
        ("keys.reply y", "keys.reply = y: ", 'reply = "y"'),
    ],
)
def test_it_changes_one(file: SettingsFile, words: str, shown: str, line: str) -> None:
    answer = configure(file, words)
    assert answer.text.startswith(shown)
    assert not answer.wrong
    assert line in written(file).splitlines()
    assert SettingsFile(file.path).settings == file.settings


def test_it_takes_a_change_back(file: SettingsFile) -> None:
    configure(file, "theme light")
    assert configure(file, "theme default").text.startswith("theme = auto")
    assert configure(file, "keys.news default").text.startswith("keys.news = Alt-A")
    assert configure(file, "mouse default").text.startswith("mouse = on")
    assert written(file).strip() == "[keys]"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("nonsense", "There is no setting 'nonsense'. Try: /config"),
        ("profiles x", "There is no setting 'profiles'. Try: /config"),
        ("theme blue", 'theme cannot be "blue", but one of auto, contrast, dark, light.'),
        ("mouse 3", "mouse cannot be 3, but on or off."),
        ("lines many", 'lines cannot be "many", but a number from 100 to 1000000.'),
        ("keys.next hyper-x", "keys.next 'hyper-x' is no key."),
        ("keys.next x", "keys.next x has a meaning that cannot be changed."),
        ("keys.next F6", "keys.next cannot be F6: F6 is that of 'news' already."),
    ],
)
def test_what_is_wrong_changes_nothing(file: SettingsFile, words: str, why: str) -> None:
    before = written(file), file.settings
    answer = configure(file, words)
    assert (answer.text, answer.wrong) == (why, True)
    assert (written(file), file.settings) == before


def test_a_key_that_another_name_has_taken_does_not_come_back(file: SettingsFile) -> None:
    configure(file, "keys.next F7")
    configure(file, "keys.help Ctrl-N")
    answer = configure(file, "keys.next default")
    assert answer.text == "keys.next cannot be default: Ctrl-N is that of 'next' already."
    assert file.settings.keys["next"] == ("F7",)


def test_where_it_cannot_be_written_it_holds_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    file = SettingsFile(tmp_path / "file" / "chatcli.toml")
    answer = configure(file, "theme light")
    assert answer.wrong
    assert "This holds until you leave: " in answer.text
    assert file.settings.theme == "light"


def test_wrong_keys_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "chatcli.toml"
    path.write_text('[keys]\nhelp = "F5"\nnext = "x"\nold = "F7"\nonce = "F5"\n', "utf-8")
    assert wrong_keys(SettingsFile(path)) == [
        f"{path}, line 3: next: x has a meaning that cannot be changed. The default holds.",
        f"{path}, line 4: old: there is no such name in the help. The default holds.",
        f"{path}, line 2: help: F5 is that of 'once' already. The default holds.",
    ]


# Typing it


def texts(typed: str) -> list[str]:
    found = suggest(typed, len(typed), State(settings=Settings(keys={"next": ("F5",)})))
    return [typed[: each.start] + each.text for each in found]


def test_it_is_chatclis_own() -> None:
    assert understand("/config  theme  light ", State()) == Do("config", "theme  light")
    assert understand("/CONFIG", State()) == Do("config", "")


def test_keys_and_values_are_completed() -> None:
    assert "/config " in texts("/conf")
    assert texts("/config the") == ["/config theme "]
    assert texts("/config theme l") == ["/config theme light"]
    assert texts("/config theme ") == [
        f"/config theme {value}" for value in ("auto", "contrast", "dark", "light", "default")
    ]
    assert texts("/config mouse o") == ["/config mouse on", "/config mouse off"]
    assert set(texts("/config keys.")) == {f"/config keys.{row.name} " for row in KEYS}
    assert texts("/config keys.next n") == ["/config keys.next none"]
    assert texts("/config nonsense ") == []


def test_what_is_completed_shows_what_is_set() -> None:
    (found,) = suggest("/config keys.nex", 16, State(settings=Settings(keys={"next": ("F5",)})))
    assert found.about.startswith("F5: ")
