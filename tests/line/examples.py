"""One of each of all that can be told."""

from __future__ import annotations

from typing import Any

import msgspec

from chatd.core import events as ev
from chatd.core.errors import Refusal

T = "2026-01-01T12:01:59.999Z"


def said(**changes: Any) -> ev.Said:
    """Return a message of ana's, but for the changes."""
    event = ev.Said(in_="#lobby", seq=4182, t=T, from_="ana", text="hi", kind="text")
    return msgspec.structs.replace(event, **changes)


_MEMBERS = (
    ev.Member(nick="ana", role="owner", state="online"),
    ev.Member(nick="bo", role="guest", state="away", text="lunch"),
)
_TOPIC = ev.TopicSet(in_="#lobby", seq=2, t=T, by="ana", text="words")
_REACTED = ev.Reacted(in_="#lobby", seq=3, t=T, by="ana", of=1, emoji="👍", on=True)
_ENTERED = ev.RoomEntered(
    room="#lobby",
    topic="words",
    members=_MEMBERS,
    seq=3,
    read=3,
    recent=(said(), _TOPIC, _REACTED),
)

EXAMPLES: list[ev.Telling] = [
    said(),
    _TOPIC,
    _REACTED,
    ev.Hello(
        v=1,
        server="test",
        software="chatd",
        you="ana",
        account=None,
        resume="r.1",
        limits={"line": 16384},
        caps=("react",),
        in_=("#lobby",),
        presence=1,
        motd="",
    ),
    ev.Welcome(server="test", software="chatd", you="ana", motd="two\nlines", rooms=("#lobby",)),
    ev.Joined(in_="#lobby", nick="bo"),
    ev.Parted(in_="#lobby", nick="bo", why="sleep"),
    ev.Renamed(old="bo", nick="rob"),
    ev.Presence(v=1, nick="bo", state="away", text="lunch"),
    ev.TypingSet(in_="#lobby", from_="bo", on=True),
    ev.Matched(nick="bo"),
    ev.Unmatched(nick="bo"),
    ev.Notice(text="hear ye"),
    ev.Asked(),
    ev.Bye(code=503, text="Stop.", retry=5),
    ev.refused(Refusal(302, room="#ops"), None),
    ev.refused(Refusal(302, room="#ops"), 7),
    ev.Done(),
    ev.Sent(seq=1, t=T, state="stored", to="@bo"),
    ev.ReactionSent(seq=1, t=T, state="delivered", to="#lobby", on=True),
    _ENTERED,
    ev.RoomLeft(room="#lobby"),
    ev.RoomList(rooms=(ev.RoomInfo("#lobby", "words", 2),)),
    ev.TopicIs(room="#lobby", topic="words", seq=1),
    ev.UserList(users=_MEMBERS, v=1),
    ev.Person(
        nick="bo",
        account=None,
        state="away",
        text="lunch",
        rooms=("#lobby",),
        since=T,
        sessions=1,
        addresses=("192.0.2.1",),
    ),
    ev.NickIs(nick="bo"),
    ev.ModeIs(mode="text"),
    ev.Current(to="@bo", seq=1),
    ev.State(state="away", text="lunch"),
    ev.Pong(t=T),
    ev.MatchState(state="matched", nick="bo"),
    ev.HelpText(commands=(ev.CommandHelp("ping", "/ping", "asks", "g"),), text=("More.",)),
    ev.Page(to="#lobby", page=(said(), _TOPIC, _REACTED), more=True),
    ev.Resumed(
        you="ana",
        in_=("#lobby",),
        to="#lobby",
        privates=(ev.Marker(to="@bo", seq=1),),
        rooms=(_ENTERED,),
    ),
    ev.Told(sessions=1),
]
