"""A selected message: which one it is, and the bar that says what can be done with it."""

from __future__ import annotations

from typing import Literal

from chatcli.conversation import Conversation
from chatcli.keyboard import Presses, bound, shown
from chatcli.line import Line
from chatcli.markup import links
from chatcli.model import State
from chatcli.ui.lines import brief
from chatcli.ui.text import Row, columns_of, cut, pad

LINKS_OFFERED = 9  # by a digit each
_RUNS = frozenset({"moderator", "owner"})


class Selection:
    """Which message is selected, if one is, and what is ``asked`` about it."""

    def __init__(self, state: State) -> None:
        self.asked: Literal["", "delete", "open"] = ""
        # What there is to say of what was done last.
        self.notice = ""
        self._state = state
        self._shown: Conversation | None = None
        self._line: Line | None = None

    @property
    def line(self) -> Line | None:
        """The selected message; none after going to another conversation."""
        return self._line if self._shown is self._state.shown else None

    @property
    def links(self) -> list[str]:
        """The links in it that can be chosen."""
        line = self.line
        return links(line.text)[:LINKS_OFFERED] if line is not None and is_read(line) else []

    def select(self, line: Line) -> None:
        """Select a message of what is shown."""
        if is_selectable(line):
            self._shown, self._line = self._state.shown, line
            self.asked, self.notice = "", ""

    def clear(self) -> None:
        """Select nothing any more."""
        self._shown = self._line = None
        self.asked, self.notice = "", ""

    def move(self, step: int) -> bool:
        """Select the message that is ``step`` older (newer, where negative): 1 or -1.

        Without a selection it is the newest. Return whether there is one.
        """
        lines = [line for line in self._state.shown.lines if is_selectable(line)]
        place = len(lines) - 1
        if self.line is not None:
            place = next((i for i, each in enumerate(lines) if each is self.line), 0) - step
        if not 0 <= place < len(lines):
            return False
        self.select(lines[place])
        return True

    # What can be done

    def names(self) -> list[str]:
        """Return what can be done with the message, by the names of the keys."""
        line = self.line
        if line is None:
            return []
        if line.kind == "once":
            can = {"view": not (line.own or line.viewed), "delete": self._may_delete(line)}
        else:
            can = {
                "reply": True,
                "react": True,
                "edit": line.own,
                "delete": self._may_delete(line),
                "copy": is_read(line),
                "open": bool(self.links),
                "pin": self._runs() or not self._state.current.is_room,
            }
        return [name for name, possible in can.items() if possible and not line.deleted]

    def _may_delete(self, line: Line) -> bool:
        return line.own or self._runs()

    def _runs(self) -> bool:
        state = self._state
        you = next((m for m, _ in state.members() if state.is_you(m.nick)), None)
        return state.role == "admin" or (you is not None and you.role in _RUNS)

    def bar(self, columns: int) -> Row:
        """Return a row that says which keys do what."""
        if self.asked == "delete":
            return _ask(f"Delete “{self._brief()}”?", " y: yes, any other key: no", columns)
        if self.asked == "open":
            room = columns // len(self.links) - 4
            offers = [f"{n} {cut(_bare(each), room)}" for n, each in enumerate(self.links, 1)]
            return [("class:status", pad(f" {'  '.join(offers)}", columns))]
        row: Row = [("class:status", f" {self.notice} │" if self.notice else "")]
        pressed, _ = bound(self._state.settings.keys)
        for name in [*self.names(), "back"]:
            row += _key(name, pressed[name])
        return _filled(row, columns)

    def tell(self, words: str) -> None:
        """Say what was done, or why it was not, until the next is done."""
        self.notice = words

    def _brief(self) -> str:
        return brief(self.line) if self.line is not None else ""


def is_selectable(line: Line) -> bool:
    """Whether something can be done with a line."""
    return line.is_said and line.seq is not None and not line.deleted


def is_read(line: Line) -> bool:
    """Whether the words of a message are shown."""
    return line.is_message and not (line.ignored or line.deleted)


def _bare(url: str) -> str:
    return url.partition(":")[2].removeprefix("//")


def _ask(question: str, answers: str, columns: int) -> Row:
    question = cut(f" {question}", max(10, columns - columns_of(answers)))
    return [("class:status", pad(f"{question}{answers}", columns))]


def _key(name: str, pressed: tuple[Presses, ...]) -> Row:
    """Return a key and what it does: ``r reply``."""
    if not pressed:
        return []
    return [("class:status class:key", f" {shown(pressed[0])}"), ("class:status", f" {name} ")]


def _filled(row: Row, columns: int) -> Row:
    """Return a row of exactly so many columns; a key that does not fit is left out."""
    kept: Row = []
    used = 0
    for piece in row:
        used += columns_of(piece[1])
        if used > columns:
            break
        kept.append(piece)
    text = "".join(piece[1] for piece in kept)
    return [*kept, ("class:status", " " * (columns - columns_of(text)))]
