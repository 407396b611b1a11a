"""A line of a conversation as rows of the screen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from chatcli.conversation import Conversation
from chatcli.line import Line
from chatcli.markup import Span, spans
from chatcli.ui.style import nick_style
from chatcli.ui.text import Piece, Row, columns_of, cut, pad, part, places, row_columns, wrap
from chatcli.wire import key_of

ROOMY = 60  # columns, from which nicks get a column of their own
_NICK = 11
_MARKS = {"": "", "sending": " …", "sent": " ✓", "stored": " ✓ stored", "refused": " ✗"}
_STYLES = {
    "quiet": "class:quiet",
    "server": "class:server",
    "topic": "class:quiet",
    "error": "class:error",
}
_SIGNS = {"quiet": "", "server": "***", "topic": "", "error": "!"}


def day_of(t: float) -> date:
    """Return the local day of a moment (seconds since the epoch)."""
    return datetime.fromtimestamp(t).astimezone().date()


def rule(text: str, columns: int, style: str) -> Row:
    """Return a row with ``text`` in the middle of a line."""
    text = cut(f" {text} ", columns)
    left = max(0, columns - columns_of(text)) // 2
    right = max(0, columns - columns_of(text) - left)
    return [(style, f"{'─' * left}{text}{'─' * right}")]


def decorated(
    conversation: Conversation,
    index: int,
    columns: int,
    *,
    numbers: bool = False,
    ignored: Collection[str] = (),
    selected: Line | None = None,
) -> list[Row]:
    """Return the rows of a line by its place, below the day or the mark that begins with it.

    Reactions of those who are ``ignored``, by their keys, are left out.
    """
    line = conversation.lines[index]
    rows = rows_of(line, conversation, columns, numbers=numbers, ignored=ignored)
    if line is selected:
        rows = [_highlighted(row, columns) for row in rows]
    if line is conversation.unread_from:
        rows.insert(0, rule("new", columns, "class:unread"))
    day = day_of(line.t)
    if index == 0 or day != day_of(conversation.lines[index - 1].t):
        rows.insert(0, rule(f"{day:%A, %d %B %Y}", columns, "class:day"))
    return rows


def _highlighted(row: Row, columns: int) -> Row:
    row = [*row, ("", " " * (columns - row_columns(row)))]
    return [(f"{style} class:selected", *rest) for style, *rest in row]  # type: ignore[misc]


def rows_of(
    line: Line,
    conversation: Conversation,
    columns: int,
    *,
    numbers: bool = False,
    ignored: Collection[str] = (),
) -> list[Row]:
    """Return the rows that show ``line``; ``numbers``: with its number in the conversation."""
    found = line.seq is not None and line.seq == conversation.target
    head = _head(line, columns, numbers=numbers, found=found)
    margin = _margin(row_columns(head), columns)
    rows: list[Row] = []
    quoted = _quoted(line, conversation)
    if quoted:
        room = columns - row_columns(margin)
        rows.append([*margin, ("class:quiet", cut(f"↪ {quoted}", room))])
    rows += _body(line, conversation, head, margin, columns)
    rows += _below(line, conversation, margin, columns, ignored)
    return rows


def _margin(indent: int, columns: int) -> Row:
    """Return what is before the text in all rows but the first."""
    if columns < ROOMY:
        return [("", "  ")]
    return [("", " " * (indent - 3)), ("class:rule", " │ ")]


def _head(line: Line, columns: int, *, numbers: bool, found: bool = False) -> Row:
    at = datetime.fromtimestamp(line.t).astimezone()
    head: Row = [("class:target" if found else "class:time", f"{at:%H:%M}"), ("", " ")]
    if numbers:
        head.append(("class:number", f"{line.seq or '':>5} "))
    roomy = columns >= ROOMY
    who, style = _who(line)
    if roomy:
        head.append((style, pad(who, _NICK, right=True)))
        head.append(("class:rule", " │ "))
    elif who:
        head.append((style, f"{cut(who, min(_NICK, columns // 4))} "))
    return head


def _who(line: Line) -> tuple[str, str]:
    if not line.is_said:
        return _SIGNS[line.kind], _STYLES[line.kind]
    if line.ignored:
        return line.who, "class:quiet"
    style = nick_style(line.who) + (" class:own" if line.own else "")
    style += " class:mention" if line.mention else ""
    return ("*" if line.kind == "me" else line.who), style


def _words(line: Line, conversation: Conversation) -> Row:
    """Return the words that stand for what was said."""
    style = _text_style(line)
    if line.ignored:
        return [(style, "(ignored)")]
    row: Row = []
    if line.kind == "me":
        row.append((style, f"{line.who} "))
    if line.room:
        row.append((style, f"(whispered in {line.room}) "))
    if line.is_message and not line.deleted:
        row += [_piece(span, style) for span in spans(line.text)]
    else:
        once = line.kind == "once" and not line.deleted
        row.append((style, _once_text(line) if once else line.text))
    if line.edited:
        row.append(("class:mark", " (edited)"))
    if line.seq in conversation.pins:
        row.append(("class:mark", " (pinned)"))
    return row


def _piece(span: Span, style: str) -> Piece:
    if span.url:
        return f"{style} class:link", span.text, span.url
    if span.kind == "words":
        return style, span.text
    return ("class:rule" if span.kind == "margin" else f"{style} class:code"), span.text


def _once_text(line: Line) -> str:
    if line.viewed:
        return "(it was viewed once, and is gone)"
    if line.own:
        return "(to be viewed once)"
    return f"[a message to view once: press F4, or /view {line.seq}]"


def _text_style(line: Line) -> str:
    if line.ignored or line.deleted or line.viewed:
        return "class:quiet"
    if line.kind == "once":
        return "class:once"
    return _STYLES.get(line.kind, "class:mention" if line.mention else "")


def _body(
    line: Line, conversation: Conversation, head: Row, margin: Row, columns: int
) -> list[Row]:
    words = _words(line, conversation)
    text = "".join(piece[1] for piece in words)
    first = columns - row_columns(head)
    parts = [part(words, *place) for place in places(text, columns - row_columns(margin), first)]
    rows: list[Row] = [[*head, *parts[0]], *([*margin, *each] for each in parts[1:])]
    mark = _MARKS[line.mark]
    if mark:
        if row_columns(rows[-1]) + columns_of(mark) > columns:
            rows.append([*margin])
        rows[-1].append(("class:error" if line.mark == "refused" else "class:mark", mark))
    return rows


def _below(
    line: Line, conversation: Conversation, margin: Row, columns: int, ignored: Collection[str]
) -> list[Row]:
    """Return the rows under a message: why it was refused, and the reactions to it."""
    rows: list[Row] = []
    room = columns - row_columns(margin)
    if line.note:
        style = "class:error" if line.mark == "refused" else "class:mark"
        rows += [[*margin, (style, each)] for each in wrap(line.note, room)]
    hidden = line.ignored or line.deleted or not line.is_said
    reactions = {} if hidden else conversation.reactions_to(line.seq)
    counts = {
        emoji: sum(key_of(nick) not in ignored for nick in nicks)
        for emoji, nicks in reactions.items()
    }
    words = "  ".join(f"{emoji} {count}" for emoji, count in counts.items() if count)
    if words:
        rows += [[*margin, ("class:quiet", each)] for each in wrap(words, room)]
    return rows


def _quoted(line: Line, conversation: Conversation) -> str:
    """Return the beginning of what a message answers; where it is not here, it is wanted."""
    if line.reply is None or line.ignored:
        return ""
    other = conversation.find_quoted(line.reply)
    if other is None:
        conversation.want_quote(line.reply)
        return f"message {line.reply}"
    return f"{other.who}: {brief(other)}"


def brief(line: Line) -> str:
    """Return what was said in one row."""
    if line.ignored:
        return "(ignored)"
    if line.kind == "once":
        return "(to be viewed once)"
    return " ".join(line.text.split())
