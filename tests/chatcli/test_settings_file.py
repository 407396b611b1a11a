"""The file with the settings: what it says, what is wrong in it, and how it is changed."""

import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.address import Address
from chatcli.settings import Notices, Profile, Settings
from chatcli.settings_file import PROFILES, SettingsFile
from chatcli.settings_text import Reading

HERE, THERE = Address("localhost", 65432), Address("::1", 99)
TEXT = """\
# what I like
theme = "dark"  # at night
mouse = false

# keys of my own
[keys]
next = "Ctrl-O"
help = ["F5", "Ctrl-G"]
once = ""

# quiet, please
[notices]
quiet = "22:00-07:00"
"""


def opened(folder: Path, text: str) -> SettingsFile:
    path = folder / "chatcli.toml"
    path.write_text(text, "utf-8")
    return SettingsFile(path)


def text_of(file: SettingsFile) -> str:
    return file.path.read_text("utf-8")


# What it says


def test_it_says_what_is_set(tmp_path: Path) -> None:
    file = opened(tmp_path, TEXT)
    assert file.problems == []
    keys = {"next": ("Ctrl-O",), "help": ("F5", "Ctrl-G"), "once": ()}
    notices = Notices(quiet="22:00-07:00")
    assert file.settings == Settings(theme="dark", mouse=False, keys=keys, notices=notices)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert (SettingsFile().settings, SettingsFile().problems) == (Settings(), [])
    path = tmp_path / "none.toml"
    assert SettingsFile(path).problems == [f"There is no {path} yet. All defaults hold."]


def test_it_is_where_the_platform_keeps_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert SettingsFile().set("mouse", value=False) == ""
    assert (tmp_path / "chatcli" / "chatcli.toml").read_text("utf-8") == "mouse = false\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('x = 1\ntheme = "blue"', 2, 'theme cannot be "blue", but one of auto'),
        ("\n\nlines = 3", 3, "lines cannot be 3, but a number from 100 to 1000000"),
        ("lines = 1.5", 1, "lines cannot be 1.5, but a number"),
        ('[notices]\n\nbell = "on"', 3, 'notices.bell cannot be "on", but true or false'),
        ("notices.bell = 2", 1, "notices.bell cannot be 2"),
        ('[notices]\nquiet = "25:00-1"', 2, "a text such as 22:00-07:00"),
        ("notices = 7", 1, "there is no setting 'notices'"),
        ('themes = "dark"', 1, "there is no setting 'themes'; did you mean 'theme'?"),
        ("when = 2026-11-21", 1, "there is no setting 'when'"),
        ("keys = 7", 1, "keys are written as in"),
        ("[keys]\nnext = [\n 'F5',\n 7,\n]", 2, "keys are written as in"),
        ("profiles = 7", 1, "a profile begins with a line [[profiles]]"),
        ('[[profiles]]\nhost = "h"', 1, "a profile has no port"),
        ('[[profiles]]\nhost = "h"\nport = 0', 3, "port cannot be 0, but a number from 1 to 65535"),
        ('[[profiles]]\nhost = "h"\nport = 7\npassword = "x"', 4, "password is nothing"),
        ("profiles = [{}]", 1, "a profile has no host and no port"),
        ("theme = ", 1, "Invalid value"),
        ("mouse = true\ntheme", 2, "Expected '='"),
        ('theme = "dark"\ntheme = "light"', 2, "Cannot overwrite a value"),
        ("x = '''\n\n", 3, "Expected"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, words: str) -> None:
    reading = Reading(text)
    assert any(each.line == line and words in each.words for each in reading.wrong), reading.wrong


@pytest.mark.parametrize("text", [f"lines = {'9' * 5000}", f"x = {'[' * 5000}{']' * 5000}"])
def test_what_no_reader_can_hold_is_told(tmp_path: Path, text: str) -> None:
    file = opened(tmp_path, text)
    assert file.settings == Settings()
    assert "too long" in " ".join(file.problems)
    assert "cannot change it" in file.set("theme", "dark")
    assert file.path.read_text() == text


def test_the_mark_at_the_beginning_that_some_editors_write_is_no_mistake(tmp_path: Path) -> None:
    file = opened(tmp_path, "\ufeffmouse = false\n")
    assert (file.problems, file.settings.mouse) == ([], False)
    assert file.set("theme", "dark") == ""
    assert SettingsFile(file.path).settings == file.settings


def test_a_wrong_value_spoils_no_other(tmp_path: Path) -> None:
    wrong = '[[profiles]]\nhost = 1\nport = 7\n[[profiles]]\nhost = "h"\nport = 8\nfoo = 9\n'
    file = opened(tmp_path, f'theme = "blue"\nmouse = false\nlines = "x"\n{wrong}')
    profile = Profile(host="h", port=8)
    assert file.settings == Settings(mouse=False, profiles=(profile,))
    places = [each.partition(":")[0] for each in file.problems]
    assert places == [f"{file.path}, line {line}" for line in (1, 3, 5, 10)]
    assert "The default holds: auto." in file.problems[0]


@given(st.text(alphabet=st.sampled_from("ab='\"[]{}\n\t.,#1 \\\x1b\x7f"), max_size=40))
def test_no_text_is_too_wrong(text: str) -> None:
    assert Reading(text).settings is not None


@given(
    st.recursive(
        st.one_of(st.integers(), st.text(max_size=5), st.booleans()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.just("host"), inner, max_size=1)
        ),
        max_leaves=6,
    ),
    st.sampled_from(["theme", "notices", "keys", "profiles", "lines", "server"]),
)
def test_no_value_is_too_wrong(value: Any, key: str) -> None:
    reading = Reading("")
    reading._take({key: value})
    assert all(each.words.endswith(".") for each in reading.wrong)


def test_nothing_in_it_reaches_the_terminal_as_it_is(tmp_path: Path) -> None:
    (problem,) = opened(tmp_path, '"a\\u001b]0;x\\u0007" = 1').problems
    assert problem.isprintable()


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "chatcli.toml"
    path.write_bytes(b"mouse = false\n# \xff\n")
    (problem,) = SettingsFile(path).problems
    assert problem == f"{path}, line 2: This is not UTF-8. All defaults hold."
    (problem,) = SettingsFile(tmp_path).problems
    assert problem.startswith(f"{tmp_path} cannot be read: ")
    os.mkfifo(tmp_path / "pipe")
    (problem,) = SettingsFile(tmp_path / "pipe").problems
    assert problem.endswith("cannot be read: it is a pipe. All defaults hold.")


# Changing it


def test_what_is_changed_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    file = opened(tmp_path, TEXT)
    assert file.set("theme", "light") == ""
    assert file.set("notices.bell", value=False) == ""
    assert file.bind("news", ("Ctrl-R", "F6")) == ""
    assert file.bind("help", None) == ""
    assert file.unset("mouse") == ""
    expected = TEXT.replace('"dark"  #', '"light"  #').replace("mouse = false\n", "")
    expected = expected.replace('help = ["F5", "Ctrl-G"]\n', "")
    expected = expected.replace('once = ""\n', 'once = ""\nnews = ["Ctrl-R", "F6"]\n')
    assert text_of(file) == f"{expected}bell = false\n"
    assert SettingsFile(file.path).settings == file.settings
    assert file.settings.theme == "light"
    assert file.settings.keys == {"next": ("Ctrl-O",), "once": (), "news": ("Ctrl-R", "F6")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only words",
        "# first\n\n[notices]\nbell = true\n",
        "notices.bell = true # x\n",
        "notices = {bell = true}\n# last\n",
        "[keys]\n[notices]\n\n# last\n",
        'mouse = true # z\r\n# b\r\n[[profiles]]\r\nhost="h"\r\nport=8\r\n# last\r\n',
    ],
)
def test_in_any_style_a_change_is_what_it_should_be(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chatcli.toml"
    path.write_bytes(text.encode())
    file = SettingsFile(path)
    problems = [
        file.set("notices.quiet", "01:00-02:00"),
        file.set("theme", "light"),
        file.keep(THERE, name="bo", order=("#a", "@b")),
        file.bind("next", ("F5",)),
    ]
    assert problems == [""] * 4
    again = SettingsFile(path)
    assert (again.settings, again.problems) == (file.settings, [])
    for comment in (line for line in text.splitlines() if line.startswith("#")):
        assert comment in path.read_bytes().decode()


def test_what_somebody_has_written_meanwhile_stays(tmp_path: Path) -> None:
    file = opened(tmp_path, TEXT)
    file.path.write_text("lines = 700\n", "utf-8")
    assert file.set("theme", "light") == ""
    assert tomllib.loads(text_of(file)) == {"lines": 700, "theme": "light"}


def test_a_wrong_file_is_not_written(tmp_path: Path) -> None:
    file = opened(tmp_path, "theme = \n")
    assert "do it by hand" in file.set("theme", "light")
    # It holds all the same, as long as one is there.
    assert (text_of(file), file.settings.theme) == ("theme = \n", "light")


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    file = SettingsFile(tmp_path / "file" / "chatcli.toml")
    assert "cannot be written" in file.set("theme", "light")


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "chatcli.toml"
    SettingsFile(path).set("mouse", value=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    path.chmod(0o644)
    SettingsFile(path).set("mouse", value=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_to_it_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "chatcli.toml"
    real.write_text(TEXT, "utf-8")
    link.symlink_to(real)
    assert SettingsFile(link).set("mouse", value=True) == ""
    assert link.is_symlink()
    assert "mouse = true" in real.read_text("utf-8")


# Profiles


def test_profiles_are_kept_by_server(tmp_path: Path) -> None:
    file = opened(tmp_path, '# home\n[[profiles]]\nhost = "localhost"  # here\nport = 65432\n')
    assert file.keep(HERE, name="ana") == ""
    assert file.keep(THERE, name="bo") == ""
    assert file.keep(HERE, name="cy", order=("#b", "#a")) == ""
    again = SettingsFile(file.path)
    assert again.profile(HERE) == Profile(
        host="localhost", port=65432, name="cy", order=("#b", "#a")
    )
    assert again.settings.profiles == (again.profile(HERE), again.profile(THERE))
    assert again.settings.profiles == file.settings.profiles
    assert '# home\n[[profiles]]\nhost = "localhost"  # here\n' in text_of(file)
    file.keep(THERE, name="")
    assert file.profile(THERE) is None
    file.keep(HERE, name="")
    assert SettingsFile(file.path).profile(HERE) == file.profile(HERE)
    assert (file.profile(HERE) or Profile(host="x", port=1)).order == ("#b", "#a")


def test_they_do_not_grow_without_end(tmp_path: Path) -> None:
    many = "".join(f'[[profiles]]\nhost = "h"\nport = {port}\n' for port in range(1, 100))
    file = opened(tmp_path, many)
    file.keep(HERE, name="ana")
    profiles = SettingsFile(file.path).settings.profiles
    assert len(profiles) == len(file.settings.profiles) == PROFILES
    assert profiles[-1].name == "ana"


def test_what_a_former_version_knew_is_taken_over_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    former = tmp_path / "chatcli" / "profiles.json"
    former.parent.mkdir()
    known: list[Any] = [
        {"host": "::1", "port": 99, "name": "bo"},
        {"host": "localhost", "port": 65432, "name": "ana"},
        {"host": "h", "port": 99999, "name": "x"},
        7,
        {},
    ]
    former.write_text(json.dumps({"profiles": known}), "utf-8")
    file = SettingsFile()
    assert file.settings.server == "[::1]:99"
    assert {each.name for each in file.settings.profiles} == {"ana", "bo"}
    assert SettingsFile().settings == file.settings
    assert not former.exists()
    former.write_text(json.dumps({"profiles": [known[1]]}), "utf-8")
    file.keep(HERE, name="")
    assert SettingsFile().profile(HERE) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"profiles": 7}'])
def test_a_former_file_of_no_use_is_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    former = tmp_path / "chatcli" / "profiles.json"
    former.parent.mkdir()
    former.write_text(text, "utf-8")
    assert SettingsFile().settings == Settings()
