"""Records of a small chat, for tests of stores."""

from __future__ import annotations

from typing import Any

from chatd.core.log import Logged
from chatd.core.queries import Place, Reader
from chatd.core.records import AccountKept, Appended, ConversationOpened, Record, SessionKept

T = 1_700_000_000_000
HASH = "t1"
READER = Reader("u2")


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


def once(seq: int, text: str, conversation: int = 1) -> Appended:
    """Return a message that can be viewed once."""
    return Appended(logged(seq, conversation, kind="once", text=text))


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


def account(uid: str = "u1", name: str = "ana", **changes: Any) -> AccountKept:
    """Return an account."""
    whole = {"role": "user", "digest": "$argon2id$", "created": T, "seen": None, **changes}
    return AccountKept(uid=uid, name=name, **whole)


def place(conversation: int = 1, upto: int = 1000, **changes: Any) -> Place:
    """Return all of a conversation, as somebody may read it."""
    whole = {"name": f"#{conversation}", "after": 0, "newest": T + upto, **changes}
    return Place(conversation=conversation, upto=upto, **whole)
