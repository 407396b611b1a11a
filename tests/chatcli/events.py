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


def entered(room: str = "#lobby", seq: int = 0, recent: tuple[Event, ...] = ()) -> Event:
    members = [
        {"nick": "ana", "role": "member", "state": "online"},
        {"nick": "bo", "role": "owner", "state": "away", "text": "lunch"},
    ]
    return {
        "room": room,
        "topic": "all",
        "members": members,
        "seq": seq,
        "read": seq,
        "recent": list(recent),
    }


def texts(state: State, title: str = "#lobby") -> list[str]:
    """Return the texts of the messages of a conversation."""
    conversation = state.find(title)
    assert conversation is not None
    return [line.text for line in conversation.lines if line.is_message]
