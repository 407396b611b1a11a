"""The examples in docs/protocol.md are what the code takes and tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from chatd.core import events as ev
from chatd.core import results as rs
from chatd.core.commands import COMMANDS
from chatd.core.grammar import parse
from chatd.core.limits import Limits
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "protocol.md").read_text("utf-8")
DETAIL = PAGE[PAGE.index("## 9.") :]
EXAMPLES = [line for line in DETAIL.splitlines() if line.startswith("{")]


def kinds_of(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """Yield the classes below ``base``."""
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def fits(shape: dict[str, Any], kind: type[msgspec.Struct]) -> bool:
    """Whether an example has the keys of ``kind``, and no other; the events in it likewise."""
    pages = {key: shape[key] for key in ("page", "recent") if key in shape}
    empty: dict[str, Any] = {**shape, **{key: [] for key in pages}}
    try:
        told: msgspec.Struct = msgspec.convert(empty, kind)
    except (msgspec.ValidationError, TypeError):
        return False
    whole = json.loads(msgspec.json.encode(told)) == empty
    return whole and all(is_event(event) for page in pages.values() for event in page)


def is_event(shape: dict[str, Any]) -> bool:
    """Whether an example is an event."""
    kinds = {kind.__struct_config__.tag: kind for kind in kinds_of(ev.Event)}
    return shape["ev"] in kinds and fits(shape, kinds[shape["ev"]])


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_is_true(line: str) -> None:
    shape = json.loads(line)
    if "do" in shape:
        assert json.loads(msgspec.json.encode(parse(line))) == shape
    elif "ev" in shape:
        assert is_event(shape)
    else:
        assert any(fits(shape, kind) for kind in kinds_of(rs.Result))


def test_every_new_reply_has_an_example() -> None:
    shapes = [json.loads(line) for line in EXAMPLES]
    shown = {kind for kind in kinds_of(rs.Result) for shape in shapes if fits(shape, kind)}
    assert shown >= {
        *(rs.LoggedIn, rs.LoggedOut, rs.Registered, rs.SessionList, rs.TokenMade, rs.TokenList),
        *(rs.RoleIs, rs.AccountList, rs.IgnoredList, rs.LevelIs, rs.Acted, rs.WouldHit, rs.BanList),
        *(
            rs.PinList,
            rs.SettingsAre,
            rs.Hits,
            rs.Mentioned,
            rs.CaughtUp,
            rs.ReadIs,
            rs.ViewedOnce,
            rs.AuditList,
        ),
        *(rs.Stopping, rs.Person, rs.RoomEntered, rs.RoomList, rs.Confirmed),
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_named(name: str) -> None:
    table = PAGE[PAGE.index("## 5.") : PAGE.index("## 6.")]
    assert f"`/{name}" in table


def test_the_limits_are_those_of_the_code() -> None:
    limits = Limits()
    assert f"{limits.tries} in {limits.tries_window / 60:.0f} minutes" in PAGE
    assert f"good for {limits.resume:.0f} s" in PAGE
