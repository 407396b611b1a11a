"""Emoji by their ``:shortcode:``."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from itertools import islice

import emoji


@cache
def _codes() -> tuple[list[str], dict[str, str]]:
    found: dict[str, str] = {}
    for character, data in emoji.EMOJI_DATA.items():
        if data["status"] <= emoji.STATUS["fully_qualified"]:
            for code in (*data.get("alias", ()), data["en"]):
                found.setdefault(code.strip(":").lower(), character)
    return sorted(found), found


def translate(text: str) -> str:
    """Return ``text`` with emoji in the place of their shortcodes."""
    return emoji.emojize(text, language="alias") if ":" in text else text


def matching(start: str, limit: int) -> list[tuple[str, str]]:
    """Return shortcodes, without colons, and emoji: those that begin with ``start`` first."""
    names, by_name = _codes()
    start = start.lower()
    place = bisect_left(names, start)
    found = [name for name in islice(names, place, place + limit) if name.startswith(start)]
    found.sort(key=len)
    if len(found) < limit and start:
        inside = (name for name in names if start in name and not name.startswith(start))
        found += islice(inside, limit - len(found))
    return [(name, by_name[name]) for name in found]
