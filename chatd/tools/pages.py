"""A room's events as pages for a browser: complete in themselves, without a script. Pure.

All that people wrote goes through ``escape``, which also takes out what could turn text around.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import NamedTuple

from chatd.core.events import Durable, Moderated, OnceSaid, Said, TopicSet
from chatd.core.grammar import clean
from chatd.core.log import Logged, shown

Reactions = dict[int, dict[str, list[str]]]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: .9rem; text-align: center; opacity: .7; margin: 1.5rem 0 .5rem; }
ol { list-style: none; margin: 0; padding: 0; }
li { padding: .1rem .3rem .1rem 6.5rem; text-indent: -6.2rem; overflow-wrap: anywhere; }
li > * { text-indent: 0; }
li:target { background: #fc83; }
time, .seq { font-size: .8rem; opacity: .65; font-variant-numeric: tabular-nums; }
.seq { display: inline-block; width: 3.2rem; text-align: right; color: inherit; }
.text { white-space: pre-wrap; }
.act, .gone, .mark { font-style: italic; opacity: .7; }
.quote, .reactions { display: block; font-size: .85rem; opacity: .85; }
.quote { border-left: 2px solid; padding-left: .4rem; color: inherit; text-decoration: none; }
.reactions span { border: 1px solid #8886; border-radius: 1rem; padding: 0 .4rem; }
nav { margin: 1rem 0; }
nav a, nav b { margin-right: .6rem; }
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# A browser that reads this runs nothing and loads nothing, whatever else were in the page.
_POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
_NEIGHBOURS = 3
_ACTS = {
    "kick": "put out",
    "ban": "banned",
    "unban": "no longer bans",
    "mute": "muted",
    "unmute": "no longer mutes",
    "slow": "set the seconds between messages:",
    "pin": "pinned",
    "unpin": "no longer pins",
    "mod": "made a moderator:",
    "unmod": "made a member again:",
    "own": "handed the room over to",
    "set": "set",
}


class Room(NamedTuple):
    """What stands above the events."""

    name: str
    topic: str
    private: bool


class Quote(NamedTuple):
    """What a reply shows of the message that it answers, and where that is."""

    link: str
    nick: str
    text: str


class Page(NamedTuple):
    """The events of page ``number`` (from 0) of ``files``, and what others say about them.

    ``reactions`` are {seq: {emoji: [nick]}}; ``deleters`` tells who has deleted a message.
    """

    number: int
    files: tuple[str, ...]
    events: list[Logged]
    reactions: Reactions
    quotes: Mapping[int, Quote]
    deleters: Mapping[int, str]


def escape(text: str) -> str:
    """Return text that is nothing but text in a page, between tags and in quotes."""
    return html.escape(clean(text, lines=True))


def page(room: Room, this: Page) -> str:
    """Return a page of a room."""
    around = _navigation(this)
    kind = " (private)" if room.private else ""
    body = [f"<header><h1>{_bdi(room.name)}{kind}</h1>"]
    if room.topic:
        body.append(f"<p>{_bdi(room.topic)}</p>")
    body += ["</header>", around, *_days(room, this), around]
    return _document(room.name, body)


def room_list(rooms: list[tuple[Room, str, int]]) -> str:
    """Return the page that lists rooms: (room, link, number of events)."""
    body = ["<h1>Rooms</h1>", "<ul>"]
    for room, link, events in rooms:
        topic = f": {_bdi(room.topic)}" if room.topic else ""
        name = f'<a href="{escape(link)}">{_bdi(room.name)}</a>'
        body.append(f"<li>{name} ({events:,}){topic}</li>")
    return _document("Rooms", [*body, "</ul>"])


def _document(title: str, body: list[str]) -> str:
    head = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
    ]
    return "\n".join([*head, *body, "</body>", "</html>", ""])


def _navigation(this: Page) -> str:
    """Return links to the first, the last and the neighbouring pages."""
    last = len(this.files) - 1
    if not last:
        return ""
    near = range(this.number - _NEIGHBOURS, this.number + _NEIGHBOURS + 1)
    links, before = [], -1
    for number in sorted({0, last, *(one for one in near if 0 <= one <= last)}):
        if number > before + 1:
            links.append("…")
        before = number
        label = f"{number + 1:,}"
        here = f'<a href="{this.files[number]}">{label}</a>'
        links.append(f"<b>{label}</b>" if number == this.number else here)
    return f"<nav>Page {' '.join(links)}</nav>"


def _days(room: Room, this: Page) -> Iterator[str]:
    day = ""
    for logged in this.events:
        event = shown(logged, room.name, "")
        if event.t[:10] != day:
            if day:
                yield "</ol>"
            day = event.t[:10]
            yield f"<h2>{day} (UTC)</h2>"
            yield "<ol>"
        yield _item(event, this)
    yield "</ol>" if day else "<p>Nothing was said.</p>"


def _item(event: Durable, this: Page) -> str:
    seq = event.seq
    number = f'<a class="seq" href="#s{seq}">{seq}</a>'
    time = f'<time datetime="{event.t}">{event.t[11:16]}</time>'
    return f'<li id="s{seq}">{number} {time} {_words(event, this)}{_reactions(seq, this)}</li>'


def _reactions(seq: int, this: Page) -> str:
    if seq not in this.reactions:
        return ""
    spans = (
        f'<span title="{escape(", ".join(nicks))}">{escape(emoji)} {len(nicks)}</span>'
        for emoji, nicks in this.reactions[seq].items()
    )
    return f'<span class="reactions">{" ".join(spans)}</span>'


def _bdi(text: str) -> str:
    """Return text that leaves the direction of what is around it alone."""
    return f"<bdi>{escape(text)}</bdi>"


def _gone(event: Durable, this: Page, *, by: str) -> str:
    who = this.deleters.get(event.seq)
    whose = f" by {_bdi(who)}" if who is not None and who != by else ""
    return f'<span class="gone">deleted{whose}</span>'


@singledispatch
def _words(event: Durable, this: Page) -> str:
    raise NotImplementedError(f"no words for {type(event).__name__}")


@_words.register
def _(event: Said, this: Page) -> str:
    nick = f"<b>{_bdi(event.from_)}</b>"
    if event.deleted:
        return f"{nick} {_gone(event, this, by=event.from_)}"
    quote = ""
    if event.reply is not None:
        quoted = this.quotes.get(event.reply)
        quote = _quoted(quoted) if quoted else f'<i class="mark">reply to {event.reply}</i> '
    who = f"* {nick}" if event.kind == "me" else nick
    edited = ' <span class="mark">(edited)</span>' if event.edited else ""
    return f'{who} {quote}<bdi class="text">{escape(event.text or "")}</bdi>{edited}'


def _quoted(quote: Quote) -> str:
    text = escape(quote.text) if quote.text else "…"
    return f'<a class="quote" href="{escape(quote.link)}">{_bdi(quote.nick)}: <bdi>{text}</bdi></a>'


@_words.register
def _(event: OnceSaid, this: Page) -> str:
    # Of what can be viewed once, the text is never here.
    gone = f"<b>{_bdi(event.from_)}</b>"
    if event.deleted:
        return f"{gone} {_gone(event, this, by=event.from_)}"
    return f'{gone} <span class="gone">to be viewed once</span>'


@_words.register
def _(event: TopicSet, this: Page) -> str:
    what = f"set the topic: {_bdi(event.text)}" if event.text else "cleared the topic"
    return f'<span class="act">{_bdi(event.by)} {what}</span>'


@_words.register
def _(event: Moderated, this: Page) -> str:
    parts = [_bdi(event.by), _ACTS.get(event.action) or escape(event.action)]
    parts += [_bdi(word) for word in (event.nick, event.option, event.value) if word]
    if event.of is not None:
        parts.append(f"message {event.of}")
    if event.until is not None:
        parts.append(f"until {escape(event.until)}")
    why = f" ({_bdi(event.why)})" if event.why else ""
    return f'<span class="act">{" ".join(parts)}{why}</span>'
