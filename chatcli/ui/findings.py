"""A list of messages that were found, as rows of the screen; the chosen one stays in view."""

from __future__ import annotations

from datetime import datetime

from chatcli.findings import Findings, Hit
from chatcli.ui.lines import brief, rule
from chatcli.ui.style import nick_style
from chatcli.ui.text import Row, cut, pad, row_columns

_NICK = 11
_TITLE = 14
ROOMY = 60  # columns, from which the parts of a hit are in columns of their own
HINT = "↑ ↓ choose, Enter shows, Esc leaves"


def findings_rows(findings: Findings, columns: int, height: int) -> list[Row]:
    """Return the list under its heading, and what the keys do below it."""
    room = max(1, height - 2)
    hits, chosen = findings.hits, findings.chosen
    first = max(0, min(chosen - room // 2, len(hits) - room))
    heading = f"{findings.heading} ({chosen + 1} of {len(hits)})"
    rows = [rule(heading, columns, "class:title")]
    for index, hit in enumerate(hits[first : first + room], first):
        rows.append(_hit_row(hit, columns, chosen=index == chosen))
    rows += [[] for _ in range(height - 1 - len(rows))]
    return [*rows, rule(HINT, columns, "class:quiet")][:height]


def _hit_row(hit: Hit, columns: int, *, chosen: bool) -> Row:
    line = hit.line
    at = datetime.fromtimestamp(line.t).astimezone()
    if columns >= ROOMY:
        head = f"{at:%d %b %H:%M} {pad(hit.title, _TITLE)} {pad(line.who, _NICK, right=True)}"
        row: Row = [("class:time", head[:12]), ("", head[12:-_NICK])]
        row += [(nick_style(line.who), head[-_NICK:]), ("class:rule", " │ ")]
    else:
        row = [("class:time", f"{at:%d %b} "), ("", f"{cut(hit.title, 10)} ")]
        row += [(nick_style(line.who), f"{cut(line.who, 8)} ")]
    row.append(("", cut(brief(line), max(0, columns - row_columns(row)))))
    if chosen:
        text = "".join(piece[1] for piece in row)
        return [("class:chosen", pad(text, columns))]
    return row
