"""What people write, in parts: words, code in backticks, links. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import quote

Kind = Literal["words", "code", "block", "link", "margin"]
MARGIN = "▎ "  # before each line of a block of code
LONGEST_LINK = 2000  # characters: terminals take about as many
LONGEST_TEXT = 8192  # characters; what is longer, no person has written

_FENCED = r"^```[ \t]*[\w+#.-]*[ \t]*\n(.*?)(?:\n?^```[ \t]*$|\Z)"
_BLOCK = re.compile(_FENCED, re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(?<!`)(`++)[^\n]{0,500}?[^`\n]\1(?!`)")
_LINK = re.compile(r"\b(?:https?://|mailto:)[^\s<>\"«»“”`\x00-\x20\x7f-\xa0]+", re.IGNORECASE)
# What may stand in an address as it is; anything else is written as percent and digits.
_PLAIN = "%:/?#[]@!$&'()*+,;=-._~"
_CLOSING = {")": "(", "]": "[", "}": "{"}


class Span(NamedTuple):
    """A part of a text; ``url`` is where it links to."""

    text: str
    kind: Kind = "words"
    url: str = ""


@lru_cache(maxsize=512)
def spans(text: str) -> tuple[Span, ...]:
    """Return the parts of a message. Blocks of code have a margin instead of their fences."""
    if len(text) > LONGEST_TEXT:
        return (Span(text),)
    found: list[Span] = []
    end = 0
    for match in _BLOCK.finditer(text):
        found += _in_words(text[end : match.start()])
        for index, line in enumerate(match[1].split("\n")):
            margin = f"\n{MARGIN}" if index else MARGIN
            found += [Span(margin, "margin"), Span(line, "block")]
        end = match.end()
    return (*found, *_in_words(text[end:]))


def _in_words(text: str) -> list[Span]:
    found: list[Span] = []
    end = 0
    for match in _CODE.finditer(text):
        found += _with_links(text[end : match.start()])
        # With its backticks: not every terminal has a colour for it.
        found.append(Span(match[0], "code"))
        end = match.end()
    return [*found, *_with_links(text[end:])]


def _with_links(text: str) -> list[Span]:
    found: list[Span] = []
    end = 0
    for match in _LINK.finditer(text):
        shown = _without_tail(match[0])
        url = address(shown)
        if not url:
            continue
        found += [Span(text[end : match.start()]), Span(shown, "link", url)]
        end = match.start() + len(shown)
    return [span for span in (*found, Span(text[end:])) if span.text]


def _without_tail(link: str) -> str:
    """Return a link without the punctuation of the sentence that it stands in."""
    while link:
        last = link[-1]
        opening = _CLOSING.get(last)
        if last not in ".,;:!?'*_…" and (
            opening is None or link.count(last) <= link.count(opening)
        ):
            break
        link = link[:-1]
    return link


def address(link: str) -> str:
    """Return a link as a terminal and a browser may have it, printable ASCII; empty if never."""
    scheme, colon, rest = link.partition(":")
    if not colon or scheme.lower() not in {"http", "https", "mailto"} or not rest.strip("/"):
        return ""
    url = f"{scheme.lower()}:{quote(rest, safe=_PLAIN)}"
    return url if len(url) <= LONGEST_LINK else ""


def links(text: str) -> list[str]:
    """Return the addresses in a message, each once."""
    return list(dict.fromkeys(span.url for span in spans(text) if span.url))
