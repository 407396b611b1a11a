"""What everything on the screen looks like, in the colours of a theme."""

from __future__ import annotations

from zlib import crc32

from prompt_toolkit.styles import Style

from chatcli.ui.themes import Look
from chatcli.wire import key_of

NICKS = 8  # colours of nicks; a theme with fewer uses some of them again

# By class; what is in braces is a colour of the theme.
CLASSES = {
    "time": "{quiet}",
    "quiet": "{quiet}",
    "server": "{quiet}",
    "number": "{quiet}",
    "mark": "{quiet}",
    "error": "{alarm}",
    "day": "{quiet}",
    "unread": "{alarm}",
    "own": "bold",
    "mention": "bold",
    "rule": "{rule}",
    "status": "reverse",
    "status.trouble": "reverse bold",
    "current": "reverse",
    "fresh": "bold",
    "called": "bold {alarm}",
    "online": "{good}",
    "away": "{warn}",
    "offline": "{quiet}",
    "owner": "{warn}",
    "moderator": "{warn}",
    "admin": "{alarm}",
    "muted": "{quiet}",
    "once": "italic",
    "target": "reverse",
    "chosen": "reverse",
    "selected": "noinherit reverse",
    "found": "reverse",
    "match": "bold underline",
    "switcher": "noinherit",
    "frame.border": "{rule}",
    "frame.label": "bold",
    "key": "bold",
    "popup": "reverse",
    "prompt": "bold",
    "secret": "bold {alarm}",
    "title": "bold",
    "link": "underline {link}",
    "code": "{code}",
    "completion-menu": "noinherit {menu}",
    "completion-menu.completion": "noinherit {menu}",
    "completion-menu.completion.current": "noinherit {chosen}",
    "completion-menu.meta.completion": "noinherit {menu}",
    "completion-menu.meta.completion.current": "noinherit {chosen}",
}


def style_of(look: Look) -> Style:
    """Return the styles of all classes."""
    palette = look.palette._asdict()
    nicks = palette.pop("nicks")
    ground = f"bg:{palette['ground']} {palette['text']}" if look.painted else ""
    return Style.from_dict(
        {
            "": ground,
            **{name: words.format(**palette) for name, words in CLASSES.items()},
            **{f"nick{number}": nicks[number % len(nicks)] for number in range(NICKS)},
        }
    )


def nick_style(nick: str) -> str:
    """Return the style of a nick, always the same."""
    return f"class:nick{crc32(key_of(nick).encode()) % NICKS}"
