"""What is told about rooms, and to those who run them."""

from __future__ import annotations

from chatd.core import results as rs
from chatd.core.durations import shown_duration
from chatd.line.render import durable
from chatd.line.render.base import (
    Renderings,
    Style,
    because,
    count,
    moment,
    server,
    until,
    wrapped,
)
from chatd.line.render.people import here, named

NAMES = 50  # how many of a room are shown to who enters it
_ROLES = {
    "owner": "You own it; /help moderation tells what you can do.",
    "moderator": "You are a moderator of it; /help moderation tells what you can do.",
    "muted": "You are muted in it.",
}
_HISTORIES = {"joined": "no history from before you came", "off": "no history"}


def room_entered(result: rs.RoomEntered, _: Style) -> list[str]:
    """Return what a room looks like to who enters it."""
    topic = f" Topic: {result.topic}" if result.topic else ""
    lines = server(f"You are in {result.room}.{topic}")
    if result.role in _ROLES:
        lines += server(_ROLES[result.role])
    lines += _special(result)
    present, gone = here(result.members)
    names = [named(person) for person in present[:NAMES]]
    if len(present) > NAMES:
        names.append(f"... /who {result.room} lists all")
    lines += wrapped(f"Here ({len(present)}): ", names)
    if gone:
        lines += server(f"Not here: {count(len(gone), 'member')}; /who {result.room} lists all")
    if result.pins:
        lines += wrapped("Pinned messages: ", map(str, result.pins))
    return lines + durable.history(result.recent)


def _special(result: rs.RoomEntered) -> list[str]:
    """Return a line on what differs from other rooms."""
    settings = result.settings
    words = ["it is private"] if settings.private else []
    words += ["it has a key"] if settings.key else []
    words += [_HISTORIES[settings.history]] if settings.history in _HISTORIES else []
    if settings.retain is not None:
        words.append(f"what was said is erased after {shown_duration(settings.retain)}")
    if settings.slow:
        words.append(f"one message in {shown_duration(settings.slow)}")
    return wrapped(f"{result.room}: ", words) if words else []


def _room_left(result: rs.RoomLeft, _: Style) -> list[str]:
    where = f"your words go to {result.to}" if result.to else "/join #room to talk again"
    return server(f"You left {result.room}; {where}")


def _room_list(result: rs.RoomList, _: Style) -> list[str]:
    lines = [
        f"{info.room} ({info.members}){' private' * info.private}{because(info.topic)}"
        for info in result.rooms
    ]
    return server(*lines, count(len(lines), "room"))


def _topic_is(result: rs.TopicIs, _: Style) -> list[str]:
    return server(f"Topic of {result.room}: {result.topic or '(none)'}")


# Running one


def _acted(result: rs.Acted, _: Style) -> list[str]:
    whom = f": {result.nick}" if result.nick is not None else ""
    return server(f"Done in {result.room}{whom}{until(result.until)}")


def _would_hit(result: rs.WouldHit, _: Style) -> list[str]:
    if not result.nicks:
        return server(f"That would hit nobody in {result.room}.")
    return wrapped(f"That would hit {len(result.nicks)} in {result.room}: ", result.nicks)


def _ban_list(result: rs.BanList, _: Style) -> list[str]:
    lines = [
        f"{ban.nick}, by {ban.by}, {moment(ban.t)}{until(ban.until)}{because(ban.why)}"
        for ban in result.bans
    ]
    hint = f"; /unban NICK {result.room} lifts one" if lines else ""
    return server(*lines, f"{count(len(lines), 'ban')} in {result.room}{hint}")


def _pin_list(result: rs.PinList, _: Style) -> list[str]:
    if not result.page:
        return server(f"Nothing is pinned in {result.room}.")
    pinned = f"{count(len(result.page), 'message')} pinned in {result.room}"
    return durable.history(result.page) + server(pinned)


def _settings_are(result: rs.SettingsAre, _: Style) -> list[str]:
    settings = result.settings
    values = (
        f"private {_on(settings.private)}",
        f"key {_on(settings.key)}",
        f"history {settings.history}",
        f"retain {shown_duration(settings.retain) if settings.retain else 'for good'}",
        f"slow {shown_duration(settings.slow) if settings.slow else 'off'}",
    )
    hint = f"/set {result.room} OPTION VALUE changes one; /slow SECONDS the last"
    return wrapped(f"{result.room}: ", values) + server(hint)


def _on(value: bool) -> str:
    return "on" if value else "off"


LINES: Renderings = {
    rs.RoomEntered: room_entered,
    rs.RoomLeft: _room_left,
    rs.RoomList: _room_list,
    rs.TopicIs: _topic_is,
    rs.Current: lambda result, _: server(f"Your words go to {result.to}"),
    rs.Acted: _acted,
    rs.WouldHit: _would_hit,
    rs.BanList: _ban_list,
    rs.PinList: _pin_list,
    rs.SettingsAre: _settings_are,
}
