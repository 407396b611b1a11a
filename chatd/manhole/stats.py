"""How the server is, in a table."""

from __future__ import annotations

import platform
import resource
import sys

import twisted

from chatd import __version__
from chatd.manhole.text import Shown, duration, table
from chatd.service import ChatService


def stats(service: ChatService, up: float) -> Shown:
    """Return what a server is doing that runs for ``up`` seconds."""
    hub = service.hub
    usage = resource.getrusage(resource.RUSAGE_SELF)
    accounts = hub.accounts.values()
    admins = sum(account.role == "admin" for account in accounts)
    events = sum(conversation.seq for conversation in hub.conversations.values())
    rows = (
        ("server", service.settings.server),
        ("version", f"chatd {__version__}, Twisted {twisted.__version__}, Python {_python()}"),
        ("up", duration(up)),
        ("people", sum(user.present for user in hub.users.values())),
        ("accounts", f"{len(accounts)}, {admins} of them administrators"),
        ("sessions", f"{len(hub.sessions)}, {len(hub.lost)} of them lost but may resume"),
        ("consoles", len(hub.console.sessions)),
        ("rooms", f"{len(hub.rooms)}, {sum(room.awake for room in hub.rooms.values())} awake"),
        ("messages", f"{events}, with all else that is numbered"),
        ("store", service.failing or "works"),
        ("backlog", f"{service.backlog} effects wait for the disk"),
        ("memory", f"{_bytes(usage.ru_maxrss) / 2**20:.0f} MiB at most"),
        ("processor", f"{usage.ru_utime + usage.ru_stime:.1f} s"),
    )
    return table(("WHAT", "NOW"), rows)


def _python() -> str:
    return platform.python_version()


def _bytes(resident: int) -> int:
    """Return the largest resident size in bytes; Linux counts it in KiB, macOS in bytes."""
    return resident if sys.platform == "darwin" else resident * 1024
