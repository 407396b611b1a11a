"""Colours. They read well on dark and on light ground, and a nick keeps its own."""

from __future__ import annotations

from zlib import crc32

from prompt_toolkit.styles import Style

from chatcli.wire import key_of

_NICKS = (
    "#d7875f",
    "#5f87d7",
    "#5faf5f",
    "#af5fd7",
    "#00afaf",
    "#d75f87",
    "#af8700",
    "#8787d7",
    "#87af5f",
    "#d75f5f",
    "#5fafd7",
    "#d75faf",
)

STYLE = Style.from_dict(
    {
        "time": "ansibrightblack",
        "quiet": "ansibrightblack",
        "server": "ansibrightblack",
        "number": "ansibrightblack",
        "mark": "ansibrightblack",
        "error": "ansired",
        "day": "ansibrightblack",
        "unread": "ansired",
        "own": "bold",
        "mention": "bold",
        "rule": "ansibrightblack",
        "status": "reverse",
        "status.trouble": "reverse bold",
        "current": "reverse",
        "fresh": "bold",
        "called": "bold ansired",
        "online": "ansigreen",
        "away": "ansiyellow",
        "offline": "ansibrightblack",
        "owner": "ansiyellow",
        "moderator": "ansiyellow",
        "admin": "ansired",
        "muted": "ansibrightblack",
        "once": "italic",
        "target": "reverse",
        "chosen": "reverse",
        "popup": "reverse",
        "prompt": "bold",
        "secret": "bold ansired",
        "title": "bold",
        **{f"nick{number}": colour for number, colour in enumerate(_NICKS)},
    }
)


def nick_style(nick: str) -> str:
    """Return the style of a nick, always the same."""
    return f"class:nick{crc32(key_of(nick).encode()) % len(_NICKS)}"
