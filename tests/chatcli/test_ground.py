"""A terminal is asked for its background, and no key that is pressed meanwhile gets lost."""

import os
import time
import tty
from collections.abc import Iterator
from typing import TextIO

import pytest
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.output import DummyOutput

from chatcli.ui import ground as ground_module
from chatcli.ui.ground import LIMIT, ask_ground
from chatcli.ui.themes import Rgb

END = "\x1b[?62;22c"  # what every terminal answers


class Terminal(DummyOutput):
    """A terminal whose answers the test gives, as soon as it is asked."""

    def __init__(self, answers: str) -> None:
        self.master, slave = os.openpty()
        # As the screen will have it.
        tty.setraw(slave)
        self.screen: TextIO = open(slave, encoding="utf-8")  # noqa: PTH123, SIM115
        self.input = Vt100Input(self.screen)
        self.asked = ""
        self.told: list[Rgb] = []
        self._answers = answers

    def write_raw(self, data: str) -> None:
        self.asked += data

    def flush(self) -> None:
        self.type(self._answers)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def ask(self) -> float:
        """Ask it; return how many seconds that took."""
        begun = time.monotonic()
        ask_ground(self.input, self, self.told.append)
        return time.monotonic() - begun

    def typed(self) -> str:
        """Return what was typed before, and is typed now."""
        return "".join(each.data for each in [*get_typeahead(self.input), *self.input.read_keys()])

    def close(self) -> None:
        self.screen.close()
        os.close(self.master)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for each in opened:
        each.close()


@pytest.mark.parametrize(
    ("answer", "ground"),
    [
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", (255, 255, 255)),
        ("\x1b]11;rgb:00/80/ff\x07", (0, 128, 255)),
        ("\x1b]11;rgba:2828/2a2a/3636/ffff\x07", (40, 42, 54)),
        ("\x1b]11;rgb:0/8/f\x07", (0, 136, 255)),
        ("\x1b]11;#ffffff\x07", None),
        ("", None),
    ],
)
def test_it_is_asked_and_answers(
    terminals: list[Terminal], monkeypatch: pytest.MonkeyPatch, answer: str, ground: Rgb | None
) -> None:
    terminal = Terminal(answer + END)
    terminals.append(terminal)
    # Nobody waits for the limit where it says that there is no more to come.
    monkeypatch.setattr(ground_module, "LIMIT", 60)
    assert terminal.ask() < 30
    assert terminal.told == ([] if ground is None else [ground])
    assert "\x1b]11;?" in terminal.asked
    assert terminal.typed() == ""


def test_what_is_typed_meanwhile_is_kept(terminals: list[Terminal]) -> None:
    terminal = Terminal(f"hé\x1b[A\x1b]11;rgb:ff/ff/ff\x07llo{END}\x1ba")
    terminals.append(terminal)
    terminal.ask()
    terminal.type("!")
    assert terminal.typed() == "hé\x1b[Allo\x1ba!"
    assert terminal.told == [(255, 255, 255)]


def test_an_answer_that_comes_late_is_not_taken_for_typed(terminals: list[Terminal]) -> None:
    terminal = Terminal("a")
    terminals.append(terminal)
    assert terminal.ask() >= LIMIT
    # In pieces, as it may come over a slow line.
    terminal.type("b\x1b]11;rgb:ffff/ff")
    assert terminal.typed() == "ab"
    terminal.type("ff/ffff\x1b")
    assert terminal.typed() == ""
    terminal.type("\\c\x1b[?62;")
    assert terminal.typed() == "c"
    terminal.type("22cd")
    assert terminal.typed() == "d"
    assert terminal.told == [(255, 255, 255)]


def test_after_the_answer_all_is_typed(terminals: list[Terminal]) -> None:
    terminal = Terminal(END)
    terminals.append(terminal)
    terminal.ask()
    terminal.type("\x1b]x")
    assert terminal.typed() == "\x1b]x"
    terminal.type("\x1b]11;rgb:ff/ff/ff\x07")
    assert terminal.typed().startswith("\x1b]11;")
