"""Records of a small chat, for tests of stores."""

from __future__ import annotations

from typing import Any

from chatd.core.effects import Appended, ConversationOpened, Record, SessionKept
from chatd.core.log import Logged

T = 1_700_000_000_000
HASH = "t1"


def room(number: int = 1, name: str = "#lobby") -> ConversationOpened:
    """Return a room's beginning."""
    return ConversationOpened(number, "room", name.casefold(), name, T)


def private(number: int = 2, pair: tuple[str, str] = ("u1", "u2")) -> ConversationOpened:
    """Return the beginning of a private conversation."""
    return ConversationOpened(number, "private", *pair, T)


def logged(seq: int, conversation: int = 1, **changes: Any) -> Logged:
    """Return a message of u1's."""
    return Logged(
        **{
            "conversation": conversation,
            "seq": seq,
            "t": T + seq,
            "kind": "text",
            "uid": "u1",
            "nick": "ana",
            "text": f"line {seq}",
            **changes,
        }
    )


def said(*seqs: int, conversation: int = 1, **changes: Any) -> list[Record]:
    """Return messages by their numbers."""
    return [Appended(logged(seq, conversation, **changes)) for seq in seqs]


def kept(token: str = HASH, uid: str = "u1", **changes: Any) -> SessionKept:
    """Return what is kept of a session."""
    return SessionKept(
        **{
            "token": token,
            "uid": uid,
            "nick": "ana",
            "mode": "json",
            "away": None,
            "current": "#lobby",
            "rooms": (("#lobby", "member"),),
            "since": T,
            "seen": ((1, 3),),
            **changes,
        }
    )
