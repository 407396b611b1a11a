"""The command line, and what is told of it elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chatcli.address import Address
from chatcli.arguments import SHELLS, completion_script, make_parser, parse
from chatcli.headless.statuses import Status
from chatcli.headless.table import COMMANDS
from tests.tree import ROOT

HERE = Address("localhost", 65432)


def test_the_screen_is_what_is_meant_without_a_command() -> None:
    asked = parse([])
    assert (asked.command, asked.server, asked.login, asked.guest) == (None, None, None, None)


@pytest.mark.parametrize(
    "words",
    [
        ["chat.example:99", "--login", "ana"],
        ["--login", "ana", "chat.example:99"],
        ["--server", "chat.example:99", "--login=ana"],
    ],
)
def test_a_word_that_is_no_command_is_the_server(words: list[str]) -> None:
    asked = parse(words)
    assert (asked.command, asked.server, asked.login) == (
        None,
        Address("chat.example", 99),
        "ana",
    )


def test_a_host_may_be_called_like_a_command() -> None:
    asked = parse(["--server", "send"])
    assert (asked.command, asked.server) == (None, Address("send", 65432))
    asked = parse(["--server", "send", "who"])
    assert (asked.command, asked.server) == ("who", Address("send", 65432))


@pytest.mark.parametrize(
    "words",
    [
        ["--server", "localhost", "--nick", "send", "send", "#ops", "hi"],
        ["send", "#ops", "hi", "--nick", "send", "--server", "localhost"],
        ["send", "--nick=send", "#ops", "--server=localhost", "hi"],
        ["localhost", "send", "#ops", "hi", "--nick", "send"],
        ["send", "-v", "--nick", "send", "#ops", "--server", "localhost", "hi"],
        ["send", "#ops", "-v", "hi", "--nick", "send", "--server", "localhost"],
    ],
)
def test_options_stand_before_or_behind_a_command(words: list[str]) -> None:
    asked = parse(words)
    assert (asked.command, asked.to, asked.text) == ("send", "#ops", ["hi"])
    assert (asked.server, asked.nick) == (HERE, "send")


def test_a_command_can_be_given_its_time_on_either_side() -> None:
    assert parse(["--timeout", "3", "who"]).timeout == 3
    assert parse(["who", "--timeout", "0.5"]).timeout == 0.5
    assert parse(["who"]).timeout is None


def test_a_text_may_look_like_an_option() -> None:
    assert parse(["send", "#ops", "--", "--login"]).text == ["--login"]
    assert parse(["send", "#ops", "-"]).text == ["-"]
    assert parse(["send", "#ops"]).text == []


def test_a_text_may_have_words_and_options_between_them() -> None:
    asked = parse(["send", "#ops", "all", "-v", "is", "--create", "well"])
    assert (asked.text, asked.verbose, asked.create) == (["all", "is", "well"], True, True)
    asked = parse(["wait-for", "#ops", "--timeout", "3", "--json", "well"])
    assert (asked.regex.pattern, asked.timeout, asked.json) == ("well", 3, True)


def test_files_are_paths() -> None:
    assert parse(["--config", "a", "--log", "b"]).config == Path("a")
    assert parse(["who", "--config", "a"]).config == Path("a")


@pytest.mark.parametrize(
    "words",
    [
        ["a b"],
        ["host:99999"],
        ["host", "sned"],
        ["send"],
        ["tail", "#ops", "-n", "-1"],
        ["tail", "#ops", "--time", "3"],
        ["wait-for", "#ops", "("],
        ["who", "--timeout", "0"],
        ["who", "--timeout", "nan"],
        ["who", "--login", "a", "--guest"],
    ],
)
def test_a_wrong_command_line_ends_with_the_status_for_that(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        parse(words)
    assert error.value.code == Status.USAGE
    assert "usage: chatcli" in capsys.readouterr().err


# The manual page


def manual() -> str:
    """Return the manual page's text, without what makes it bold."""
    text = (ROOT / "docs/chatcli.1").read_text("utf-8").replace("\\-", "-")
    return re.sub(r"\\f[A-Z]", "", text)


def help_of(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        make_parser().parse_args([*words, "--help"])
    return capsys.readouterr().out


def test_the_manual_page_tells_all_options(capsys: pytest.CaptureFixture[str]) -> None:
    helps = [help_of(capsys=capsys), *(help_of(each, capsys=capsys) for each in COMMANDS)]
    options = {each for text in helps for each in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text)}
    assert {"--server", "--timeout", "-n", "-f", "--json", "--create"} < options
    text = manual()
    # Inside sentences of the help there are none but these.
    assert {each for each in options if not re.search(rf"(?<![\w-]){each}\b", text)} == set()


def test_the_manual_page_and_the_guide_tell_all_commands_and_statuses() -> None:
    guide = (ROOT / "docs/user.md").read_text("utf-8")
    text = manual()
    for name in COMMANDS:
        assert re.search(rf"^\.B {name}$", text, re.MULTILINE), name
        assert f"chatcli {name}" in guide, name
    statuses = text[text.index(".SH EXIT STATUS") : text.index(".SH ENVIRONMENT")]
    told = {int(number) for number in re.findall(r"\b[0-9]+\b", statuses.split(".PP")[0])}
    assert told == {int(status) for status in Status}
    table = guide[guide.index("| status |") :].split("\n\n")[0]
    assert {int(number) for number in re.findall(r"\b[0-9]+\b", table)} == told


# Completion


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_completion_for_each_shell(shell: str) -> None:
    script = completion_script(shell)
    for name in [*COMMANDS, "--server" if shell != "fish" else "-l server"]:
        assert name in script, name


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_understands_its_completion(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        # Only bash is among what every run must have; there it is never missing.
        assert shell != "bash"
        return
    script = tmp_path / "script"
    script.write_text(completion_script(shell), "utf-8")
    done = subprocess.run([program, "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
