"""Settings in the real client: a file of one's own, changed as it runs, and what follows."""

from __future__ import annotations

import re
import shlex
import stat
from pathlib import Path

from tests.acceptance.conftest import Open
from tests.acceptance.people import PASSWORD, two_accounts
from tests.acceptance.server import ChatServer, until
from tests.acceptance.terminal import CHATCLI, Terminal

TEXT = """\
# looks
theme = "auto"  # for now

# hands
[keys]
help = "F5"  # as ever
"""


def file_of(terminal: Terminal) -> Path:
    return terminal.settings / "chatcli" / "chatcli.toml"


def write(terminal: Terminal, text: str) -> Path:
    path = file_of(terminal)
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return path


def ground(terminal: Terminal, colour: str) -> None:
    """Give the terminal a background, of which tmux tells who asks."""
    terminal._run("set-option", "-g", "window-style", f"bg={colour}")


def colours(terminal: Terminal) -> set[int]:
    """Return the numbers of the colours in which letters are shown."""
    shown = terminal._run("capture-pane", "-p", "-e")
    return {int(number) for number in re.findall(r"\x1b\[[0-9;]*?38;5;(\d+)", shown)}


def painted(terminal: Terminal) -> set[str]:
    """Return the backgrounds that are shown."""
    return set(re.findall(r"\x1b\[[0-9;]*?(48;5;\d+)", terminal._run("capture-pane", "-p", "-e")))


# The colour of the sign of who is online.
ON_DARK, ON_LIGHT = 78, 22


def test_a_wrong_file_is_told_line_by_line_and_all_else_holds(
    terminal: Open, chat: ChatServer
) -> None:
    ana = terminal()
    text = 'theme = "blue"\npanes = true\ncolour = 3\n[keys]\nhelp = "F5"\nonce = "x"\n'
    write(ana, text)
    ana.chat(chat.port, "--nick", "ana")
    screen = " ".join(ana.see("line 6:", "holds.").replace("│", " ").split())
    assert 'chatcli.toml, line 1: theme cannot be "blue", but one of auto' in screen
    assert "The default holds: auto." in screen
    assert "line 3: there is no setting 'colour'" in screen
    assert "line 6: once: x has a meaning that cannot be changed" in screen
    ana.press("F5")
    ana.see("F5 ", "help ", "this help; again")


def test_what_is_set_is_written_back_and_comments_stay(terminal: Open, chat: ChatServer) -> None:
    ana = terminal()
    path = write(ana, TEXT)
    ana.chat(chat.port, "--nick", "ana")
    assert ON_DARK in colours(ana)
    ana.enter("/config theme light")
    ana.see("theme = light: ")
    until(lambda: ON_LIGHT in colours(ana), "the colours of the theme")
    assert ON_DARK not in colours(ana)
    assert path.read_text("utf-8") == TEXT.replace('"auto"', '"light"')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ana.enter("/config keys.help F12")
    ana.see("keys.help = F12: ")
    ana.press("F12")
    ana.see("F12 ", "completes commands")
    ana.press("F5")
    ana.press("F12")
    ana.see_no("completes commands")
    assert 'help = "F12"  # as ever' in path.read_text("utf-8")
    ana.enter("/config panes off")
    ana.see_no("1 person")
    ana.enter("/config panes on")
    ana.see("1 person")
    ana.type("/config keys.ne")
    ana.press("Tab")
    ana.see("keys.next", "keys.news")


def test_the_theme_fits_the_terminal(terminal: Open, chat: ChatServer) -> None:
    for colour, own, other in (("#fdf6e3", ON_LIGHT, ON_DARK), ("#101010", ON_DARK, ON_LIGHT)):
        ana = terminal()
        ground(ana, colour)
        # What is typed while it starts is not lost.
        ana.start_chatcli(f"127.0.0.1:{chat.port}", "--nick", "ana")
        ana.type("typed at once")
        ana.see("› typed at once", "●")
        ana.see("● ana")
        assert own in colours(ana)
        assert other not in colours(ana)
        assert painted(ana) == set()


def test_a_theme_of_another_ground_paints_its_own(terminal: Open, chat: ChatServer) -> None:
    ana = terminal()
    ground(ana, "#101010")
    ana.chat(chat.port, "--nick", "ana")
    ana.enter("/config theme light")
    until(lambda: "48;5;231" in painted(ana), "white ground")
    # Nowhere is the terminal's own.
    assert "\x1b[49m" not in ana._run("capture-pane", "-p", "-e")
    ana.resize(100, 20)
    ana.see("theme = light: ")
    assert "\x1b[49m" not in ana._run("capture-pane", "-p", "-e")
    ana.enter("/config theme auto")
    ana.see("theme = auto: ")
    until(lambda: not painted(ana), "the terminal's own ground")


def test_few_colours_and_none(terminal: Open, chat: ChatServer) -> None:
    for setting in ("NO_COLOR=1", "TERM=vt100"):
        ana = terminal()
        program = f"{setting} {CHATCLI}"
        ana.start_chatcli(f"127.0.0.1:{chat.port}", "--nick", "ana", program=program)
        ana.see("#lobby›", "● ana")
        shown = ana._run("capture-pane", "-p", "-e")
        assert not re.search(r"\x1b\[[0-9;]*?(3[0-8]|4[0-8]|9[0-7])[;m]", shown)
        assert "\x1b[7m" in shown
    ana = terminal()
    program = f"TERM=xterm-16color {CHATCLI}"
    ana.start_chatcli(f"127.0.0.1:{chat.port}", "--nick", "ana", program=program)
    ana.see("#lobby›", "● ana")
    shown = ana._run("capture-pane", "-p", "-e")
    assert "38;5;" not in shown
    assert re.search(r"\x1b\[[0-9;]*?9[0-7][;m]", shown)


def test_another_file_can_be_named(terminal: Open, chat: ChatServer) -> None:
    ana = terminal()
    own = ana.settings.parent / "own.toml"
    own.write_text("theme = ", "utf-8")
    ana.chat(chat.port, "--config", str(own), "--nick", "ana")
    ana.see("line 1: Invalid value")
    ana.enter("/config mouse off")
    ana.see("mouse = off", "This holds until you leave")
    assert own.read_text("utf-8") == "theme = "
    assert not file_of(ana).exists()


def test_without_a_screen_what_is_wrong_goes_to_stderr(terminal: Open, chat: ChatServer) -> None:
    ana = terminal()
    write(ana, "lines = 1\n")
    server = ("--server", f"127.0.0.1:{chat.port}", "--guest")
    ana.start_chatcli("send", "#lobby", "hello", *server)
    assert ana.left() == "0"
    assert "chatcli.toml, line 1: lines cannot be 1, but a number from 100" in ana.stderr


def test_a_refused_token_is_called_so(terminal: Open, chat: ChatServer) -> None:
    with two_accounts(chat):
        ana = terminal()
        program = f"CHATCLI_TOKEN={shlex.quote('t.wrong')} {CHATCLI}"
        ana.start_chatcli(f"127.0.0.1:{chat.port}", "--login", "ana", program=program)
        screen = " ".join(ana.see("Password or token of ana:").replace("│", " ").split())
        assert "The token of ana in CHATCLI_TOKEN was refused" in screen
        ana.enter(PASSWORD)
        ana.see("You are logged in as ana.")
        assert "t.wrong" not in file_of(ana).read_text("utf-8")
