"""What was said and done as plain lines of words: no colours, no boxes, no columns. Pure.

A line of a conversation begins with its title, each row of a longer text too: whatever somebody
writes can look neither like a line of somebody else nor like words of the server.
"""

from __future__ import annotations

from datetime import datetime

from chatcli import wire
from chatcli.line import Line
from chatcli.wire import Object

QUOTED = 40  # characters of a message that is answered


def plain_line(
    title: str, line: Line, quoted: Line | None = None, *, number: bool = False, clock: str = ""
) -> str:
    """Return a line of conversation ``title`` as one row, or more where its text has more.

    ``quoted`` is the message that it answers, where it is known. ``number``: with its number;
    ``clock``: with its local time, in the form that ``strftime`` takes.
    """
    if line.kind in {"server", "error"}:
        rows = line.text.split("\n")
        return "\n".join(rows if line.kind == "server" else [f"Error: {row}" for row in rows])
    head = [title]
    if number and line.seq is not None:
        head.append(str(line.seq))
    if clock:
        head.append(f"{datetime.fromtimestamp(line.t).astimezone():{clock}}")
    before = _who(line, quoted)
    return "\n".join(" ".join([*head, f"{before}{row}"]) for row in _rows(title, line))


def _who(line: Line, quoted: Line | None) -> str:
    """Return what stands before each row of a text."""
    if not line.is_said:
        return ""
    if line.kind == "me":
        return f"* {line.who} "
    if line.kind == "whisper":
        return f"{line.who} whispers{f' in {line.room}' if line.room else ''}: "
    if line.reply is None or line.ignored:
        return f"{line.who}: "
    known = quoted is not None and quoted.seq == line.reply
    to = f"{quoted.who} «{brief(quoted)}»" if quoted and known else f"message {line.reply}"
    return f"{line.who} replies to {to}: "


def _rows(title: str, line: Line) -> list[str]:
    if line.kind == "quiet":
        # The arrows are for the eye.
        return [line.text.removeprefix("→ ").removeprefix("← ")]
    if line.ignored:
        return ["(ignored)"]
    text = _once_text(title, line) if line.kind == "once" and not line.deleted else line.text
    return f"{text} (edited)".split("\n") if line.edited else text.split("\n")


def _once_text(title: str, line: Line) -> str:
    if line.viewed:
        return "(it was viewed once, and is gone)"
    return "(to be viewed once)" if line.own else f"(to be viewed once: /view {line.seq} {title})"


def brief(line: Line) -> str:
    """Return the beginning of what was said, in one row."""
    if line.ignored:
        return "(ignored)"
    text = "to be viewed once" if line.kind == "once" else " ".join(line.text.split())
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1].rstrip()}…"


def plain_act(title: str, event: Object, line: Line | None) -> str:
    """Return what was done to a message, empty where nothing need be said.

    ``line`` is the message as it reads now, where it is known.
    """
    by, of = wire.name(event, "by"), wire.number(event, "of")
    if not by or of is None or (line is not None and line.ignored):
        return ""
    what = f"{line.who} «{brief(line)}»" if line is not None else f"message {of}"
    ev, emoji = event.get("ev"), wire.text(event, "emoji")[:32]
    if ev == "react" and emoji:
        taken = event.get("on") is False
        words = f"takes back {emoji} from {what}" if taken else f"reacts {emoji} to {what}"
        return f"{title} {by} {words}"
    if ev == "edit":
        rows = wire.text(event, "text", lines=True).split("\n")
        return "\n".join(f"{title} {by} edits message {of}: {row}" for row in rows)
    return f"{title} {by} deletes message {of}" if ev == "delete" else ""
