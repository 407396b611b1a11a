"""One console: keys to lines, lines to the interpreter, what it says to the terminal."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.conch.insults import insults
from twisted.conch.manhole import ManholeInterpreter
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from chatd.core.grammar import clean
from chatd.manhole.door import Told
from chatd.manhole.editing import Editor, paint, styles, window
from chatd.manhole.text import Shown, brief, columns, one_line, visible

GREETING = "chatd's console, a Python prompt inside the server. Type help()."
TYPED_AHEAD = 65_536  # keys that are kept while an answer is waited for

_PROMPTS = (">>> ", "... ")
_ENTER = (b"\r", b"\n")
_INTERRUPT, _LEAVE, _REDRAW = b"\x03", b"\x04", b"\x0c"
_ERASE = "\r\x1b[K"
_CLEAR = "\x1b[2J\x1b[H"


class Interpreter(ManholeInterpreter):
    """Runs what was typed. What it finds at the top level it shows readably."""

    def __init__(self, console: Console, namespace: dict[str, object]) -> None:
        super().__init__(console, namespace)
        self._console = console

    def runcode(self, *code: Any) -> None:
        """Run code; leaving Python by ``raise SystemExit`` leaves the console alone."""
        try:
            super().runcode(*code)
        except SystemExit:
            self._console.leave()

    def displayhook(self, obj: object) -> None:
        """Show a value; for a Deferred, wait for what it brings."""
        self.locals["_"] = obj
        if isinstance(obj, Deferred):
            self._console.wait_for(obj)
        elif obj is not None:
            self._console.show(obj)


class Console(insults.TerminalProtocol):
    """The prompt of one shell.

    ``leave`` ends the shell. Without ``interactive`` there is no terminal at the other end: only
    what was asked for is written. A line is run when the answers to the one before it are there.
    """

    def __init__(self, leave: Callable[[], None], width: int, *, interactive: bool) -> None:
        self.leave = leave
        self.width = width
        self._interactive = interactive
        self._editor = Editor()
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._ahead: deque[bytes] = deque()
        self._waiting: set[int] = set()
        self._running = False
        self._more = False
        self._drawn = False
        self._at_start = True

    def open(self, namespace: dict[str, object]) -> None:
        """Greet, and begin to take lines. Once there is a terminal."""
        self._interpreter = Interpreter(self, namespace)
        edit = self._editor
        self._keys: dict[object, Callable[[], None]] = {
            **dict.fromkeys(_ENTER, self._enter),
            _INTERRUPT: self._interrupt,
            _LEAVE: self._end,
            _REDRAW: self._redraw,
            **dict.fromkeys((b"\x01", self.terminal.HOME), edit.home),
            **dict.fromkeys((b"\x05", self.terminal.END), edit.end),
            **dict.fromkeys((b"\x02", self.terminal.LEFT_ARROW), edit.left),
            **dict.fromkeys((b"\x06", self.terminal.RIGHT_ARROW), edit.right),
            **dict.fromkeys((b"\x10", self.terminal.UP_ARROW), edit.older),
            **dict.fromkeys((b"\x0e", self.terminal.DOWN_ARROW), edit.newer),
            **dict.fromkeys((b"\x7f", b"\x08"), edit.backspace),
            self.terminal.DELETE: edit.delete,
            b"\x0b": edit.cut_to_end,
            b"\x15": edit.cut_to_start,
            b"\x17": edit.cut_word,
            b"\t": edit.indent,
        }
        if self._interactive:
            self.addOutput(f"{GREETING}\n")
            self.refresh()

    # In

    def keystrokeReceived(self, keyID: Any, modifier: object) -> None:
        """Take a key, at once or when what is being waited for is there."""
        if self._waiting and keyID != _INTERRUPT:
            if len(self._ahead) < TYPED_AHEAD:
                self._ahead.append(keyID)
            return
        action = self._keys.get(keyID)
        if action is not None:
            action()
        elif isinstance(keyID, bytes) and modifier is None:
            self._editor.insert(clean(self._decoder.decode(keyID)))

    def unhandledControlSequence(self, seq: bytes) -> None:
        """Take arrows and the like from a terminal in application mode; nothing else."""
        terminal = self.terminal
        keys = {
            b"\x1b[OA": terminal.UP_ARROW,
            b"\x1b[OB": terminal.DOWN_ARROW,
            b"\x1b[OC": terminal.RIGHT_ARROW,
            b"\x1b[OD": terminal.LEFT_ARROW,
            b"\x1b[OH": terminal.HOME,
            b"\x1b[OF": terminal.END,
        }
        if seq in keys:
            self.keystrokeReceived(keys[seq], None)

    def end_of_input(self) -> None:
        """Nothing more is typed: run what is there, then leave."""
        self.keystrokeReceived(b"\n", None)
        self.keystrokeReceived(_LEAVE, None)

    def _enter(self) -> None:
        if self._interactive:
            # The whole line, also where only a part of it fitted.
            self._write(_ERASE + self._prompt + self._painted(0, len(self._editor.line)) + "\n")
        self._drawn, self._at_start = False, True
        line = self._editor.take()
        self._running = True
        try:
            self._more = bool(self._interpreter.push(line.encode()))
        finally:
            self._running = False

    def _interrupt(self) -> None:
        if self._waiting:
            self._waiting.clear()
            self._ahead.clear()
            self.addOutput("Not waiting any more; the answer is shown when it comes.\n")
        else:
            if self._interactive:
                self._draw()
                self._write("^C\n")
            self._drawn, self._at_start = False, True
            self._editor.clear()
            self._interpreter.resetBuffer()
            self._more = False
        self.refresh()

    def _end(self) -> None:
        if not self._editor.line or not self._interactive:
            self.leave()

    def _redraw(self) -> None:
        if self._interactive:
            self._write(_CLEAR)

    # Out

    def addOutput(self, data: str, isAsync: bool | None = None) -> None:
        """Write text, over the line that is being typed; nothing in it can drive the terminal."""
        self._erase()
        text = visible(data)
        self._write(text)
        if text:
            self._at_start = text.endswith("\n")

    def show(self, value: object) -> None:
        """Write a value on lines of its own."""
        text = value if isinstance(value, Shown) else brief(value)
        self._begin_line()
        self.addOutput(f"{text}\n")

    def hear(self, told: Told) -> None:
        """Show what somebody said to the console, or the server to everybody."""
        kind = told.get("ev")
        if kind == "msg":
            self.show(Shown(f"[{one_line(told['in'])}] <{one_line(told['from'])}> {told['text']}"))
        elif kind in {"notice", "bye"}:
            self.show(Shown(f"*** {told['text']}"))
        if kind != "bye":
            self.refresh()

    def wait_for(self, deferred: Deferred[Any]) -> None:
        """Take no further line before ``deferred`` has fired, and show what it brought."""
        mark = id(deferred)
        self._waiting.add(mark)
        deferred.addBoth(self._arrived, mark)

    def _arrived(self, result: Any, mark: int) -> Any:
        if isinstance(result, Failure):
            kind = type(result.value).__name__
            self.show(Shown(f"{kind}: {result.getErrorMessage()}"))
            result = None
        elif result is not None:
            self.show(result)
        self._waiting.discard(mark)
        if not self._running:
            self._go_on()
        return result

    def _go_on(self) -> None:
        while self._ahead and not self._waiting:
            self.keystrokeReceived(self._ahead.popleft(), None)
        self.refresh()

    # The line that is being typed

    def refresh(self) -> None:
        """Show the line that is being typed as it is now."""
        if self._interactive and not self._waiting and not self._running:
            if not self._drawn:
                self._begin_line()
            self._draw()

    @property
    def _prompt(self) -> str:
        return _PROMPTS[self._more]

    def _draw(self) -> None:
        line, cursor = self._editor.line, self._editor.cursor
        # The last column stays free: with it filled, terminals differ in where the cursor is.
        start, end = window(line, cursor, max(8, self.width - len(self._prompt) - 1))
        back = columns(line[cursor:end])
        move = f"\x1b[{back}D" if back else ""
        self._write(f"{_ERASE}{self._prompt}{self._painted(start, end)}{move}")
        self._drawn = True

    def _painted(self, start: int, end: int) -> str:
        before = "".join(f"{part.decode()}\n" for part in self._interpreter.buffer)
        line = self._editor.line
        return paint(line[start:end], styles(before, line)[start:end])

    def _erase(self) -> None:
        if self._drawn:
            self._write(_ERASE)
            self._drawn, self._at_start = False, True

    def _begin_line(self) -> None:
        self._erase()
        if not self._at_start:
            self._write("\n")
            self._at_start = True

    def _write(self, text: str) -> None:
        if text and self._interactive:
            self.terminal.write(text.encode())
        elif text:
            # Past the terminal, which ends lines as only terminals like it.
            self.terminal.transport.write(text.encode())
