"""The prompt, as an administrator sees it on a screen."""

from __future__ import annotations

import pyte
from twisted.conch.insults.insults import ServerProtocol
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import TestCase

from chatd.manhole.console import GREETING, Console
from chatd.manhole.text import Shown

UP, DOWN, LEFT = "\x1b[A", "\x1b[B", "\x1b[D"
CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_K, CTRL_L = "\x01", "\x03", "\x04", "\x05", "\x0b", "\x0c"


class Desk:
    """A console and the screen in front of it."""

    def __init__(self, *, width: int = 40, interactive: bool = True, **names: object) -> None:
        self.left = 0
        self.written = b""
        self.console = Console(self._leave, width, interactive=interactive)
        self._screen = pyte.Screen(width, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._transport = StringTransport()
        self._terminal = ServerProtocol(lambda: self.console)
        self._terminal.makeConnection(self._transport)
        self.console.open(dict(names))

    def _leave(self) -> None:
        self.left += 1

    def type(self, keys: str) -> None:
        """Press keys, all at once."""
        self._terminal.dataReceived(keys.encode())
        self.console.refresh()

    @property
    def lines(self) -> list[str]:
        """What is on the screen now."""
        self.written += self._transport.value()
        self._stream.feed(self._transport.value())
        self._transport.clear()
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's line and column."""
        assert self.lines
        return self._screen.cursor.y, self._screen.cursor.x


class Prompt(TestCase):
    def test_it_greets_and_shows_values(self) -> None:
        desk = Desk(width=80, answer=42)
        desk.type("answer\r'a\\x1b'\rNone\r")
        assert desk.lines == [
            GREETING,
            ">>> answer",
            "42",
            ">>> 'a\\x1b'",
            "'a\\x1b'",
            ">>> None",
            ">>>",
        ]
        assert desk.cursor == (6, 4)

    def test_the_last_value_has_a_name(self) -> None:
        desk = Desk()
        desk.type("6 * 7\r_ + 1\r")
        assert desk.lines[-2:] == ["43", ">>>"]

    def test_statements_of_several_lines(self) -> None:
        desk = Desk()
        desk.type("for n in range(2):\r\tprint(n)\r\r")
        assert desk.lines[-6:] == [
            ">>> for n in range(2):",
            "...     print(n)",
            "...",
            "0",
            "1",
            ">>>",
        ]

    def test_output_without_a_line_end_gets_one(self) -> None:
        desk = Desk()
        desk.type("print('x', end='')\r")
        assert desk.lines[-2:] == ["x", ">>>"]

    def test_defects_are_shown(self) -> None:
        desk = Desk()
        desk.type("1/0\rdef\r")
        assert "ZeroDivisionError: division by zero" in desk.lines
        assert "SyntaxError: invalid syntax" in desk.lines

    def test_nothing_that_is_printed_drives_the_terminal(self) -> None:
        desk = Desk(evil="\x1b[2J\x9b2J\u202e\x07", width=60)
        desk.type("print(evil)\rraise ValueError(evil)\rShown(evil)\r")
        shown = "\\x1b[2J\\x9b2J\\u202e\\x07"
        assert shown in desk.lines
        assert f"ValueError: {shown}" in desk.lines
        assert b"\x1b[2J" not in desk.written
        assert b"\x07" not in desk.written

    def test_leaving_python_leaves_the_console(self) -> None:
        desk = Desk()
        desk.type("raise SystemExit\r")
        assert desk.left == 1

    def test_ctrl_d_leaves_from_an_empty_line_only(self) -> None:
        desk = Desk()
        desk.type("x" + CTRL_D)
        assert desk.left == 0
        desk.type(CTRL_A + CTRL_K + CTRL_D)
        assert desk.left == 1


class Editing(TestCase):
    def test_arrows_bring_back_and_change_what_was_typed(self) -> None:
        desk = Desk()
        desk.type("6 * 7\r5\r" + UP + UP + CTRL_A + "1 + " + CTRL_E + "0\r")
        assert desk.lines[-3:] == [">>> 1 + 6 * 70", "421", ">>>"]
        desk.type(UP + UP + DOWN + LEFT)
        assert desk.lines[-1] == ">>> 1 + 6 * 70"
        assert desk.cursor[1] == len(">>> 1 + 6 * 7")

    def test_arrows_of_application_mode(self) -> None:
        desk = Desk()
        desk.type("6 * 7\r\x1bOA\x1bOH-\r")
        assert desk.lines[-3:] == [">>> -6 * 7", "-42", ">>>"]

    def test_all_alphabets_are_typed_and_erased_by_the_character(self) -> None:
        desk = Desk()
        desk.type("'grüß 漢字")
        assert desk.cursor[1] == len(">>> 'grüß ") + 4
        desk.type(LEFT + "\x7f")
        assert desk.lines[-1].replace(" ", "") == ">>>'grüß字"
        assert desk.cursor[1] == len(">>> 'grüß ")
        desk.type(CTRL_E + "'\r")
        assert desk.lines[-2].replace(" ", "") == "'grüß字'"

    def test_a_character_may_arrive_in_pieces(self) -> None:
        desk = Desk()
        for byte in "'漢'\r".encode():
            desk._terminal.dataReceived(bytes([byte]))
            desk.console.refresh()
        assert desk.lines[-2].startswith("'漢")

    def test_a_line_longer_than_the_screen_stays_one_line_while_it_is_typed(self) -> None:
        desk = Desk(width=20)
        before = len(desk.lines)
        for key in "len('abcdefghijklmnopqrstuvwxyz')":
            desk.type(key)
            assert len(desk.lines) == before
        assert desk.lines[-1].endswith("xyz')")
        desk.type(CTRL_A)
        assert desk.lines[-1] == ">>> len('abcdefghij"
        assert desk.cursor[1] == 4
        desk.type("\r")
        assert desk.lines[-4:] == [">>> len('abcdefghijk", "lmnopqrstuvwxyz')", "26", ">>>"]

    def test_what_is_dangerous_is_not_taken(self) -> None:
        desk = Desk()
        desk.type("'a\u202e\u0085b\x1b[99zc\x1bxd\x00\x07e'\r")
        assert desk.lines[-2:] == ["'abcde'", ">>>"]

    def test_ctrl_c_gives_up_what_was_typed(self) -> None:
        desk = Desk()
        desk.type("if 1:\r1/0" + CTRL_C)
        assert desk.lines[-3:] == [">>> if 1:", "... 1/0^C", ">>>"]
        desk.type("5\r")
        assert desk.lines[-2:] == ["5", ">>>"]

    def test_ctrl_l_clears_the_screen(self) -> None:
        desk = Desk()
        desk.type("abc" + CTRL_L)
        assert desk.lines == [">>> abc"]


class Answers(TestCase):
    def test_they_are_waited_for(self) -> None:
        answer: Deferred[Shown] = Deferred()
        desk = Desk(ask=lambda: answer)
        desk.type("ask()\r")
        assert desk.lines[-1] == ">>> ask()"
        desk.type("1 + 1\r2")
        assert desk.lines[-1] == ">>> ask()"
        answer.callback(Shown("the answer"))
        assert desk.lines[-5:] == [">>> ask()", "the answer", ">>> 1 + 1", "2", ">>> 2"]

    def test_several_are_waited_for_together(self) -> None:
        answers: list[Deferred[Shown]] = [Deferred(), Deferred()]
        desk = Desk(answers=answers)
        desk.type("for answer in answers: answer\r\r")
        answers[1].callback(Shown("second"))
        assert desk.lines[-1] == "second"
        answers[0].callback(Shown("first"))
        assert desk.lines[-3:] == ["second", "first", ">>>"]

    def test_one_that_is_there_already_is_shown_at_once(self) -> None:
        desk = Desk(ask=lambda: succeed(Shown("the answer")))
        desk.type("ask()\r")
        assert desk.lines[-3:] == [">>> ask()", "the answer", ">>>"]

    def test_a_failure_is_a_sentence(self) -> None:
        desk = Desk(ask=lambda: fail(ValueError("no\x1b[2J")))
        desk.type("ask()\r")
        assert desk.lines[-3:] == [">>> ask()", "ValueError: no\\x1b[2J", ">>>"]

    def test_ctrl_c_ends_the_waiting_and_the_answer_comes_later(self) -> None:
        answer: Deferred[Shown] = Deferred()
        desk = Desk(width=80, ask=lambda: answer)
        desk.type("ask()\rtyped ahead" + CTRL_C + "ab")
        assert desk.lines[-2:] == [
            "Not waiting any more; the answer is shown when it comes.",
            ">>> ab",
        ]
        answer.callback(Shown("the answer"))
        assert desk.lines[-2:] == ["the answer", ">>> ab"]
        assert desk.cursor[1] == len(">>> ab")

    def test_what_is_heard_leaves_the_typed_line_whole(self) -> None:
        desk = Desk()
        desk.type("wh" + LEFT)
        desk.console.hear({"ev": "msg", "in": "@ana", "from": "ana", "text": "help\n\x1b[2J"})
        desk.console.hear({"ev": "notice", "text": "attention"})
        desk.console.hear({"ev": "presence", "nick": "ana"})
        assert desk.lines[-4:] == ["[@ana] <ana> help", "\\x1b[2J", "*** attention", ">>> wh"]
        assert desk.cursor[1] == len(">>> w")


class WithoutTerminal(TestCase):
    def test_only_what_was_asked_for_is_written(self) -> None:
        answer: Deferred[Shown] = Deferred()
        desk = Desk(interactive=False, ask=lambda: answer)
        desk.type("ask()\n1 + 1\nprint('end')")
        desk.console.end_of_input()
        assert desk.left == 0
        answer.callback(Shown("the answer"))
        assert desk.lines
        assert desk.written == b"the answer\n2\nend\n"
        assert desk.left == 1
