"""What one can set, as plain values; ``settings_file`` reads and writes them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

Theme = Literal["auto", "light", "dark", "contrast"]
Order = Literal["activity", "hand"]
Desktop = Literal["auto", "osc9", "osc777", "off"]

_HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_HOURS = f"^({_HOUR}-{_HOUR})?$"


@dataclass(frozen=True, kw_only=True)
class Notices:
    """How one is told of what comes in.

    ``quiet`` are hours such as ``22:00-07:00`` in which neither bell nor desktop is used; empty
    for none. Of which messages one is told is set by ``/notify``, on the server.
    """

    bell: Annotated[bool, Meta(description="rings the terminal's bell")] = True
    title: Annotated[bool, Meta(description="counts in the terminal's title")] = True
    desktop: Annotated[Desktop, Meta(description="notifications of the desktop")] = "auto"
    quiet: Annotated[
        str,
        Meta(
            description="hours without bell and desktop", pattern=_HOURS, examples=["22:00-07:00"]
        ),
    ] = ""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A server, and who one is there. ``order`` are its conversations in an order of one's own.

    ``pin`` is the fingerprint of its certificate, where it is known.
    """

    host: Annotated[str, Meta(min_length=1, max_length=255)]
    port: Annotated[int, Meta(ge=1, le=65535)]
    name: str = ""
    pin: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, with their defaults.

    ``lines`` are kept in memory of each conversation, and of all together so many that they take
    no more than ``memory`` MiB (what was left longest ago gives way first); ``cache`` messages of
    each on disk (0: none).
    ``keys`` are by the names in the help, and replace the keys there: ``{"switch": ("c-k",)}``.
    ``server`` is where one goes who does not say where, as ``HOST:PORT``.
    """

    theme: Annotated[Theme, Meta(description="colours; auto: by the terminal's background")] = (
        "auto"
    )
    order: Annotated[Order, Meta(description="how conversations are sorted")] = "activity"
    mouse: Annotated[bool, Meta(description="clicks and the wheel are for chatcli")] = True
    panes: Annotated[bool, Meta(description="conversations and people at the sides")] = True
    lines: Annotated[
        int, Meta(description="lines of a conversation in memory", ge=100, le=1_000_000)
    ] = 5000
    memory: Annotated[
        int, Meta(description="MiB for the lines of all conversations", ge=10, le=100_000)
    ] = 100
    comings: Annotated[bool, Meta(description="--linear tells who joins and who leaves")] = False
    cache: Annotated[
        int, Meta(description="messages of a conversation on disk; 0: none", ge=0, le=1_000_000)
    ] = 500
    server: Annotated[
        str,
        Meta(
            description="where you go without HOST; each login sets it",
            pattern=r"^((\[[^\[\]]+\]|[^\s:\[\]/]+)(:[0-9]{1,5})?)?$",
            examples=["localhost:65432"],
        ),
    ] = ""
    notices: Notices = field(default_factory=Notices)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profiles: tuple[Profile, ...] = ()
