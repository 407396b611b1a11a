"""What the replies to requests hold, by subject. Field names are the keys of the reply."""

from __future__ import annotations

from chatd.core.events import Event, RefusedReply
from chatd.core.results.accounts import (
    AccountInfo,
    AccountList,
    LoggedIn,
    LoggedOut,
    Registered,
    RoleIs,
    SessionInfo,
    SessionList,
    TokenInfo,
    TokenList,
    TokenMade,
    Unread,
)
from chatd.core.results.administration import AuditEntry, AuditList, Stopping, Told
from chatd.core.results.base import Confirmed, Done, Result
from chatd.core.results.messages import ReactionSent, Sent, ViewedOnce
from chatd.core.results.moderation import (
    Acted,
    BanList,
    PinList,
    SanctionInfo,
    SettingsAre,
    WouldHit,
)
from chatd.core.results.people import (
    IgnoredList,
    MatchState,
    Member,
    NickIs,
    Person,
    State,
    UserList,
)
from chatd.core.results.reading import CaughtUp, Hits, LevelIs, Mentioned, Page, ReadIs
from chatd.core.results.rooms import (
    Current,
    RoomEntered,
    RoomInfo,
    RoomLeft,
    RoomList,
    Settings,
    TopicIs,
)
from chatd.core.results.sessions import CommandHelp, HelpText, Marker, ModeIs, Pong, Resumed

# All that a door may have to render.
Telling = Event | RefusedReply | Result
