"""What was said and done in conversations, live and in history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chatd.core import events as ev
from chatd.core.durations import shown_duration
from chatd.line.render.base import FULL, Renderings, Style, because, server, until


def prefix(event: ev.Durable, style: Style, also: str | None = None) -> str:
    """Return what a line of a conversation begins with."""
    parts = [event.in_]
    if also:
        parts.append(also)
    if style.seq:
        parts.append(str(event.seq))
    if style.time:
        parts.append(event.t[11:16])
    return f"[{' '.join(parts)}]"


def history(events: Iterable[ev.Durable]) -> list[str]:
    """Return events with number and time, and a line for each new day."""
    lines, day = [], None
    for event in events:
        shown = LINES[type(event)](event, FULL)
        if shown and event.t[:10] != day:
            day = event.t[:10]
            lines += server(f"--- {day} (UTC)")
        lines += shown
    return lines


def _where(event: ev.Durable, style: Style) -> str:
    return prefix(event, style) if style.seq else event.in_


# Messages


def _said(event: ev.Said, style: Style) -> list[str]:
    if event.ignored:
        return []
    begin = prefix(event, style, event.room)
    if event.deleted:
        return [f"{begin} <{event.from_}> (deleted)"]
    head = f"* {event.from_}" if event.kind == "me" else f"<{event.from_}>"
    lines = [f"{begin} {head} {line}" for line in (event.text or "").split("\n")]
    if event.reply is not None:
        lines[-1] += f" (reply to {event.reply})"
    if event.edited:
        lines[-1] += " (edited)"
    return lines


def _edited(event: ev.Edited, style: Style) -> list[str]:
    if event.ignored:
        return []
    head = f"{event.by} edited message {event.of} in {_where(event, style)}"
    if not event.text:
        return server(head)
    return server(*(f"{head}: {line}" for line in event.text.split("\n")))


def _deleted(event: ev.Deleted, style: Style) -> list[str]:
    if event.ignored:
        return []
    return server(f"{event.by} deleted message {event.of} in {_where(event, style)}")


def _reacted(event: ev.Reacted, style: Style) -> list[str]:
    if event.ignored:
        return []
    verb = "puts" if event.on else "takes back"
    where = _where(event, style)
    return server(f"{event.by} {verb} {event.emoji} under message {event.of} in {where}")


def _once_said(event: ev.OnceSaid, style: Style) -> list[str]:
    # Without its number nobody could view it.
    begin = prefix(event, style._replace(seq=True))
    sent = f"{event.from_} sent what can be viewed once"
    if event.viewed or event.deleted:
        return [f"{begin} {sent} ({'viewed' if event.viewed else 'deleted'})"]
    if event.in_ != f"@{event.from_}":
        return [f"{begin} {sent}"]
    return [f"{begin} {sent}: /view {event.seq} {event.in_} shows it"]


# Rooms


def _topic_set(event: ev.TopicSet, style: Style) -> list[str]:
    where = _where(event, style)
    if not event.text:
        return server(f"{event.by} cleared the topic of {where}")
    return server(f"{event.by} set the topic of {where}: {event.text}")


def _slow(event: ev.Moderated, where: str) -> str:
    seconds = int(event.value or 0)
    if not seconds:
        return f"ended the waiting between messages in {where}"
    return f"made {where} slow: one message in {shown_duration(seconds)}"


def _option(event: ev.Moderated, where: str) -> str:
    return f"set {event.option} of {where} to {event.value or '(nothing)'}"


_ACTS: dict[str, Callable[[Any, str], str]] = {
    "kick": lambda act, where: f"kicked {act.nick} out of {where}",
    "ban": lambda act, where: f"banned {act.nick} from {where}",
    "unban": lambda act, where: f"lifted the ban of {act.nick} from {where}",
    "mute": lambda act, where: f"muted {act.nick} in {where}",
    "unmute": lambda act, where: f"unmuted {act.nick} in {where}",
    "slow": _slow,
    "pin": lambda act, where: f"pinned message {act.of} in {where}",
    "unpin": lambda act, where: f"unpinned message {act.of} in {where}",
    "mod": lambda act, where: f"made {act.nick} a moderator of {where}",
    "unmod": lambda act, where: f"made {act.nick} an ordinary member of {where}",
    "own": lambda act, where: f"handed {where} over to {act.nick}",
    "set": _option,
}


def _moderated(event: ev.Moderated, style: Style) -> list[str]:
    act = _ACTS[event.action](event, _where(event, style))
    return server(f"{event.by} {act}{until(event.until)}{because(event.why)}")


LINES: Renderings = {
    ev.Said: _said,
    ev.Edited: _edited,
    ev.Deleted: _deleted,
    ev.Reacted: _reacted,
    ev.OnceSaid: _once_said,
    ev.TopicSet: _topic_set,
    ev.Moderated: _moderated,
}
