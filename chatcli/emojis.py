"""Emoji by their ``:shortcode:``."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from itertools import islice

_USUAL = ("+1", "heart", "joy", "tada", "eyes", "pray", "white_check_mark", "-1")


@cache
def _codes() -> tuple[list[str], dict[str, str]]:
    # Imported where it is needed: it takes a tenth of the time that the whole start takes.
    import emoji

    found: dict[str, str] = {}
    for character, data in emoji.EMOJI_DATA.items():
        if data["status"] <= emoji.STATUS["fully_qualified"]:
            for code in (*data.get("alias", ()), data["en"]):
                found.setdefault(code.strip(":").lower(), character)
    return sorted(found), found


def translate(text: str) -> str:
    """Return ``text`` with emoji in the place of their shortcodes."""
    if ":" not in text:
        return text
    import emoji

    return emoji.emojize(text, language="alias")


def matching(start: str, limit: int) -> list[tuple[str, str]]:
    """Return shortcodes, without colons, and emoji: those that begin with ``start`` first.

    Where nothing is known of what is wanted, it is those that people react with most.
    """
    names, by_name = _codes()
    if not start:
        return [(name, by_name[name]) for name in _USUAL[:limit]]
    start = start.lower()
    place = bisect_left(names, start)
    found = [name for name in islice(names, place, place + limit) if name.startswith(start)]
    found.sort(key=len)
    if len(found) < limit and start:
        inside = (name for name in names if start in name and not name.startswith(start))
        found += islice(inside, limit - len(found))
    return [(name, by_name[name]) for name in found]
