"""Bars are for a terminal, and for what takes long."""

from __future__ import annotations

import io
import sys

import pytest

from chatd.tools import output


class Screen(io.StringIO):
    """A stderr that may be a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "delay", "shown"), [(True, 0.0, True), (True, 3600.0, False), (False, 0.0, False)]
)
def test_a_bar_is_shown(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, delay: float, shown: bool
) -> None:
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(output, "DELAY", delay)
    with output.bar("copying", 3) as progress:
        for _ in range(3):
            progress.update()
            progress.refresh()
    assert ("copying" in screen.getvalue()) == shown


def test_what_is_said_cannot_drive_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.say("a \x1b[31mname\n")
    output.complain("another \x9b31m")
    assert capsys.readouterr() == ("a [31mname\n", "another 31m\n")
