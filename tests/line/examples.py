"""One of each of all that can be told."""

from __future__ import annotations

from typing import Any

import msgspec

from chatd.core import events as ev
from chatd.core import results as rs
from chatd.core.errors import Refusal

T = "2026-01-01T12:01:59.999Z"


def said(**changes: Any) -> ev.Said:
    """Return a message of ana's, but for the changes."""
    event = ev.Said(in_="#lobby", seq=4182, t=T, from_="ana", text="hi", kind="text")
    return msgspec.structs.replace(event, **changes)


_MEMBERS = (
    rs.Member(nick="ana", role="owner", state="online"),
    rs.Member(nick="bo", role="guest", state="away", text="lunch"),
    rs.Member(nick="cy", role="member", state="offline"),
)
_TOPIC = ev.TopicSet(in_="#lobby", seq=2, t=T, by="ana", text="words")
_REACTED = ev.Reacted(in_="#lobby", seq=3, t=T, by="ana", of=1, emoji="👍", on=True)
_EDITED = ev.Edited(in_="#lobby", seq=4, t=T, by="ana", of=1, text="words")
_DELETED = ev.Deleted(in_="#lobby", seq=5, t=T, by="ana", of=1)


def once(**changes: Any) -> ev.OnceSaid:
    """Return what ana sent once, but for the changes."""
    event = ev.OnceSaid(in_="@ana", seq=19, t=T, from_="ana")
    return msgspec.structs.replace(event, **changes)


def moderated(action: str, **details: Any) -> ev.Moderated:
    """Return an act of ana's in #ops."""
    return ev.Moderated(in_="#ops", seq=6, t=T, by="ana", action=action, **details)


ACTS = (
    moderated("kick", nick="bo", why="words"),
    moderated("ban", nick="bo", until=T, why="words"),
    moderated("unban", nick="bo"),
    moderated("mute", nick="bo", until=T, why="words"),
    moderated("unmute", nick="bo", why="time is over"),
    moderated("slow", option="slow", value="30"),
    moderated("pin", of=4),
    moderated("unpin", of=4),
    moderated("mod", nick="bo"),
    moderated("unmod", nick="bo"),
    moderated("own", nick="bo"),
    moderated("set", option="history", value="off"),
)
DURABLE = (said(), _TOPIC, _REACTED, _EDITED, _DELETED, once(), *ACTS)


def entered(**changes: Any) -> rs.RoomEntered:
    """Return the lobby as its owner enters it, but for the changes."""
    result = rs.RoomEntered(
        room="#lobby",
        topic="words",
        members=_MEMBERS,
        seq=3,
        read=3,
        role="owner",
        level="mentions",
        pins=(1,),
        settings=rs.Settings(private=True, key=True, history="joined", retain=86400, slow=30),
        recent=DURABLE,
    )
    return msgspec.structs.replace(result, **changes)


def logged_in(**changes: Any) -> rs.LoggedIn:
    """Return ana's login, but for the changes."""
    result = rs.LoggedIn(
        you="ana",
        account="ana",
        role="admin",
        to="#lobby",
        conversations=(
            rs.Unread("#lobby", 12, 0, 12, 2),
            rs.Unread("@bo", 3, 2, 1, 0, "none"),
            rs.Unread("#ops", 7, 7, 0, 0),
        ),
        rooms=(entered(), entered(room="#ops")),
        invited=("#den",),
        ignored=("cy",),
    )
    return msgspec.structs.replace(result, **changes)


EXAMPLES: list[rs.Telling] = [
    *DURABLE,
    ev.Hello(
        v=1,
        server="test",
        software="chatd",
        you="ana",
        account=None,
        role="guest",
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
    ev.ReadUpTo(in_="#lobby", seq=3),
    ev.Viewed(in_="@bo", seq=19),
    ev.Invited(in_="#ops", by="bo"),
    ev.Knocked(in_="#ops", nick="bo"),
    ev.LevelSet(in_="#ops", level="mentions"),
    ev.IgnoreSet(nick="bo", on=True),
    ev.AccountIs(you="ana", account="ana", role="admin"),
    ev.Matched(nick="bo"),
    ev.Unmatched(nick="bo"),
    ev.Notice(text="hear ye"),
    ev.Asked(),
    ev.Bye(code=503, text="Stop.", retry=5),
    ev.refused(Refusal(302, room="#ops"), None),
    ev.refused(Refusal(302, room="#ops"), 7),
    rs.Done(),
    rs.Confirmed(),
    rs.Sent(seq=1, t=T, state="stored", to="@bo"),
    rs.ReactionSent(seq=1, t=T, state="delivered", to="#lobby", on=True),
    rs.ViewedOnce(to="@ana", seq=19, t=T, from_="ana", text="one\ntwo"),
    entered(),
    rs.RoomLeft(room="#lobby"),
    rs.RoomList(rooms=(rs.RoomInfo("#lobby", "words", 2, private=True),)),
    rs.TopicIs(room="#lobby", topic="words", seq=1),
    rs.UserList(users=_MEMBERS, v=1),
    rs.Person(
        nick="bo",
        account="bo",
        role="admin",
        state="away",
        text="lunch",
        rooms=("#lobby",),
        since=T,
        sessions=1,
        addresses=("192.0.2.1",),
        registered=T,
        seen=T,
    ),
    rs.NickIs(nick="bo"),
    rs.ModeIs(mode="text"),
    rs.Current(to="@bo", seq=1),
    rs.State(state="away", text="lunch"),
    rs.Pong(t=T),
    rs.MatchState(state="matched", nick="bo"),
    rs.HelpText(
        commands=(rs.CommandHelp("ping", "/ping", "asks", "g", "connection"),), text=("More.",)
    ),
    rs.Page(to="#lobby", page=DURABLE, more=True),
    rs.Hits(page=DURABLE, more=True),
    rs.Mentioned(page=DURABLE, more=True),
    rs.CaughtUp(page=DURABLE, more=True),
    rs.ReadIs(to="#lobby", seq=3),
    rs.LevelIs(to="#lobby", level="none"),
    logged_in(),
    rs.Registered(you="ana", account="ana", role="user", hint="That password is short."),
    rs.LoggedOut(you="guest-7", room=entered()),
    rs.SessionList(
        sessions=(
            rs.SessionInfo("192.0.2.1", "text", T, "connected", current=True),
            rs.SessionInfo("2001:db8::1", "json", T, "lost", current=False),
        )
    ),
    rs.TokenMade(label="words", token="t.1"),
    rs.TokenList(tokens=(rs.TokenInfo("words", T, None), rs.TokenInfo("bot", T, T))),
    rs.RoleIs(account="ana", role="admin"),
    rs.AccountList(
        accounts=(
            rs.AccountInfo("ana", "admin", T, T, 2, 0),
            rs.AccountInfo("bo", "user", T, T, 0, 1),
            rs.AccountInfo("cy", "user", T, None, 0, 0),
        )
    ),
    rs.IgnoredList(ignored=("bo", "cy")),
    rs.Acted(room="#ops", seq=6, nick="bo", until=T),
    rs.WouldHit(room="#ops", nicks=("bo", "cy")),
    rs.BanList(
        room="#ops",
        bans=(
            rs.SanctionInfo("bo", "account", "ana", T, T, "words"),
            rs.SanctionInfo("192.0.2.0/24", "address", "ana", T),
        ),
    ),
    rs.PinList(room="#ops", page=DURABLE),
    rs.SettingsAre(room="#ops", seq=9, settings=rs.Settings(private=True, retain=86400, slow=30)),
    rs.AuditList(
        audit=(
            rs.AuditEntry(1, T, "ana", "ban", "bo", "#ops", "192.0.2.1", "words"),
            rs.AuditEntry(2, T, "console", "reload"),
        )
    ),
    rs.Stopping(at=T),
    rs.Resumed(
        you="ana",
        in_=("#lobby",),
        to="#lobby",
        privates=(rs.Marker(to="@bo", seq=1),),
        rooms=(entered(),),
    ),
    rs.Told(sessions=1),
]
