"""How a room is set: who gets in, what is shown, how long it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chatd.core.alarms import Alarm, set_alarm
from chatd.core.commands import Command, Set
from chatd.core.durations import seconds_of, shown_duration
from chatd.core.errors import Refusal
from chatd.core.log import Act
from chatd.core.model import Room
from chatd.core.moderation import act, room_of
from chatd.core.policy import hashed_key
from chatd.core.records import Expired
from chatd.core.results import Result, SettingsAre
from chatd.core.rooms import settings_of

if TYPE_CHECKING:
    from chatd.core.turn import Turn

USAGE = "/set private on|off, key WORD|off, history on|joined|off, retain 30d|off"
_SWITCH = {"on": True, "off": False}
_HISTORY = ("on", "joined", "off")
# How often what is too old is looked for: a tenth of how long it is kept, within these (ms).
_SWEEP = (5_000, 3_600_000)


def _bad(problem: str) -> Refusal:
    return Refusal(104, problem=problem, usage=USAGE)


def handle_set(turn: Turn, command: Set) -> Result:
    """Show or change the settings of a room."""
    room = room_of(turn, command)
    option = command.option.strip().lower()
    if not option:
        return SettingsAre(room=room.name.shown, seq=room.seq, settings=settings_of(room))
    if option not in _OPTIONS:
        raise _bad(f"There is no option «{option[:32]}»")
    shown = _OPTIONS[option](turn, room, command.value.strip())
    turn.keep_room(room)
    act(turn, room, Act(action="set", option=option, value=shown))
    return SettingsAre(room=room.name.shown, seq=room.seq, settings=settings_of(room))


def _set_private(turn: Turn, room: Room, value: str) -> str:
    if value.lower() not in _SWITCH:
        raise _bad("private is on or off")
    if room.lobby:
        raise _bad(f"{room.name.shown} is where everybody begins; it stays open")
    room.private = _SWITCH[value.lower()]
    return value.lower()


def _set_key(turn: Turn, room: Room, value: str) -> str:
    if not value or len(value.split()) != 1:
        raise _bad("A key is one word, or off")
    if room.lobby:
        raise _bad(f"{room.name.shown} is where everybody begins; it stays open")
    room.secret = None if value.lower() == "off" else hashed_key(room, value)
    # The key itself is told to nobody.
    return "off" if room.secret is None else "on"


def _set_history(turn: Turn, room: Room, value: str) -> str:
    if value.lower() not in _HISTORY:
        raise _bad("history is on, joined (what was said since one came) or off")
    room.history = value.lower()
    return room.history


def _set_retain(turn: Turn, room: Room, value: str) -> str:
    if value.lower() in {"off", "forever"}:
        room.retain = room.sweep_at = None
        return "off"
    room.retain = seconds_of(value, USAGE) * 1000
    sweep(turn, room)
    return shown_duration(room.retain // 1000)


_OPTIONS: dict[str, Callable[[Turn, Room, str], str]] = {
    "history": _set_history,
    "key": _set_key,
    "private": _set_private,
    "retain": _set_retain,
}


# Retention


def sweep(turn: Turn, room: Room) -> None:
    """Have what is older than a room keeps erased, now and from time to time."""
    if room.retain is None:
        return
    before = turn.now - room.retain
    gone = 0
    while room.ring and room.ring[0].t < before:
        gone = room.ring.popleft().seq
        room.reactions.pop(gone, None)
    # All that was said before what has just gone is older still. The store forgets these pins, too.
    for seq in [seq for seq in room.pins if seq <= gone]:
        del room.pins[seq]
    if room.kept:
        turn.record(Expired(room.id, before))
    shortest, longest = _SWEEP
    sweep_later(turn, room, turn.now + min(max(room.retain // 10, shortest), longest))


def sweep_later(turn: Turn, room: Room, at: int) -> None:
    """Look for what is too old at ``at`` (ms), and not at the time that was meant before."""
    room.sweep_at = at
    set_alarm(turn, at, Alarm("retain", room.id, str(at)))


def swept(turn: Turn, alarm: Alarm) -> None:
    """Go on with the retention of a room, if that is still meant."""
    room = turn.hub.conversations.get(alarm.conversation)
    if isinstance(room, Room) and alarm.target == str(room.sweep_at):
        sweep(turn, room)


HANDLERS: dict[type[Command], Any] = {Set: handle_set}
ALARMS = {"retain": swept}
