"""What happens by itself at a time: the hub's own clockwork, driven by ``Tick``."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from chatd.core.effects import Effect, Wake
from chatd.core.model import Session
from chatd.core.turn import Turn

if TYPE_CHECKING:
    from chatd.core.hub import Hub


class Alarm(NamedTuple):
    """What is due: the end of a ban or a mute, retention, an owner, a name, the server's end."""

    kind: Literal["ban", "mute", "retain", "owner", "name", "warn", "stop"]
    conversation: int = 0
    target: str = ""


class Entry(NamedTuple):
    """An alarm in the heap; ``at`` in milliseconds, ``number`` keeps the order of equal times."""

    at: int
    number: int
    alarm: Alarm


def set_alarm(turn: Turn, at: int, alarm: Alarm) -> None:
    """Have ``alarm`` ring at ``at`` (ms). Who handles it looks whether it still holds."""
    hub = turn.hub
    hub.alarm_number += 1
    heapq.heappush(hub.alarms, Entry(at, hub.alarm_number, alarm))
    turn.wake(at)


def clockwork(hub: Hub, now: int) -> Turn:
    """Return a turn of nobody's: what time itself does is done by the server."""
    return Turn(hub, Session(id="", mode="", address="", user=hub.console), now)


def ring(hub: Hub, now: int, handlers: Mapping[str, Callable[[Turn, Alarm], None]]) -> list[Effect]:
    """Do what is due at ``now`` (ms), and have the hub woken for what comes next."""
    effects: list[Effect] = []
    while hub.alarms and hub.alarms[0].at <= now:
        alarm = heapq.heappop(hub.alarms).alarm
        turn = clockwork(hub, now)
        handlers[alarm.kind](turn, alarm)
        effects += turn.effects
    if hub.alarms:
        effects.append(Wake(hub.alarms[0].at))
    return effects
