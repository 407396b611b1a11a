"""Events as a server tells them."""

from typing import Any

from chatcli.model import State

NOW = 1_700_000_000.0
Event = dict[str, Any]


def hello(you: str = "ana", **more: Any) -> Event:
    return {
        "ev": "hello",
        "v": 1,
        "server": "test",
        "software": "chatd",
        "you": you,
        "account": None,
        "resume": "r.1",
        "limits": {"line": 16384, "text": 4096},
        "caps": [],
        "in": ["#lobby"],
        "presence": 1,
        "motd": "",
        **more,
    }


def stamp(seq: int) -> str:
    return f"2026-01-01T12:{seq // 60 % 60:02}:{seq % 60:02}.000Z"


def msg(seq: int, text: str = "hi", in_: str = "#lobby", from_: str = "bo", **more: Any) -> Event:
    event = {"ev": "msg", "in": in_, "seq": seq, "from": from_, "t": stamp(seq), "text": text}
    return {**event, "kind": "text", **more}


def entered(
    room: str = "#lobby", seq: int = 0, recent: tuple[Event, ...] = (), read: int | None = None
) -> Event:
    members = [
        {"nick": "ana", "role": "member", "state": "online"},
        {"nick": "bo", "role": "owner", "state": "away", "text": "lunch"},
    ]
    return {
        "room": room,
        "topic": "all",
        "members": members,
        "seq": seq,
        "read": seq if read is None else read,
        "recent": list(recent),
    }


def unread(to: str, seq: int, read: int, count: int = 0, mentions: int = 0) -> Event:
    return {"to": to, "seq": seq, "read": read, "unread": count, "mentions": mentions}


def logged_in(*rooms: Event, **more: Any) -> Event:
    """Return the reply to a login, into the lobby where no rooms are given."""
    lobby = entered(**{key: more.pop(key) for key in ("seq", "recent", "read") if key in more})
    reply = {"you": "ana", "account": "ana", "role": "user", "to": "#lobby"}
    return {**reply, "conversations": [], "rooms": list(rooms or (lobby,)), **more}


def texts(state: State, title: str = "#lobby") -> list[str]:
    """Return the texts of the messages of a conversation."""
    conversation = state.find(title)
    assert conversation is not None
    return [line.text for line in conversation.lines if line.is_message]
