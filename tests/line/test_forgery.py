"""In what a person at nc reads, nobody can look like the server, or like somebody else."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core import events as ev
from chatd.core import results as rs
from chatd.core.grammar import clean
from chatd.line.render import RENDERERS
from tests.line.examples import EXAMPLES, T, said

MODES = ["text", "text seq", "text seq time"]
# What people write, as it comes out of the grammar; a message may have several lines.
WORDS = st.text(max_size=200).map(clean)
TEXTS = st.text(max_size=200).map(lambda text: clean(text, lines=True))
FIELDS = frozenset({"emoji", "hint", "label", "motd", "text", "topic", "value", "whom", "why"})
OF_LINES = (ev.Said, ev.Edited, rs.ViewedOnce)
# Lines that are not the server's: what ana said, in a conversation that there is.
ANA = re.compile(
    r"\[(#lobby|@ana|@bo)( #lobby)?( [0-9]+)?( [0-9:]{5})?\] (<ana> |\* ana |ana sent what )"
)


def lines(told: rs.Telling, mode: str) -> list[str]:
    return RENDERERS[mode](told).decode().split("\n")[:-1]


def with_words(told: Any, words: str, text: str) -> Any:
    """Return what can be told with the words of people in it, ``text`` in what has lines."""
    if isinstance(told, tuple):
        return tuple(with_words(one, words, text) for one in told)
    if not isinstance(told, msgspec.Struct):
        return told
    changes = {}
    for field in told.__struct_fields__:
        value = getattr(told, field)
        if field not in FIELDS or not isinstance(value, str):
            changes[field] = with_words(value, words, text)
        elif field != "value" or not value.isdecimal():
            changes[field] = text if isinstance(told, OF_LINES) else words
    return msgspec.structs.replace(told, **changes)


@given(TEXTS, st.sampled_from(["text", "me", "whisper"]), st.sampled_from(sorted(RENDERERS)))
def test_no_message_can_look_like_the_server(text: str, kind: str, mode: str) -> None:
    if mode == "json":
        assert json.loads(RENDERERS[mode](said(text=text, kind=kind)))["text"] == text
        return
    shown = lines(said(text=text, kind=kind), mode)
    assert len(shown) == text.count("\n") + 1
    assert all(ANA.match(line) for line in shown)


@pytest.mark.parametrize("told", EXAMPLES, ids=lambda told: type(told).__name__)
@given(words=WORDS, text=TEXTS, mode=st.sampled_from(MODES))
def test_no_words_begin_a_line(told: rs.Telling, words: str, text: str, mode: str) -> None:
    shown = lines(with_words(told, words, text), mode)
    for line in shown:
        assert line.startswith(("*** ", "!E")) or ANA.match(line), line
    if not isinstance(told, ev.Refused | ev.RefusedReply | ev.Bye):
        assert not any(line.startswith("!E") for line in shown)


@given(words=WORDS, mode=st.sampled_from(MODES))
def test_words_beside_a_conversation_stay_with_the_server(words: str, mode: str) -> None:
    for told in (
        ev.TopicSet(in_="#lobby", seq=1, t=T, by="ana", text=words),
        ev.Parted(in_="#lobby", nick="ana", why=words),
        ev.Presence(v=1, nick="ana", state="away", text=words),
        ev.Notice(text=words),
        rs.TopicIs(room="#lobby", topic=words, seq=1),
        rs.UserList(users=(rs.Member("ana", "guest", "away", words),), v=1),
        rs.RoomList(rooms=(rs.RoomInfo("#ops", words, 1),)),
        rs.TokenMade(label=words, token="t.1"),
        rs.TokenList(tokens=(rs.TokenInfo(words, T, None),)),
        rs.BanList(room="#ops", bans=(rs.SanctionInfo("bo", "guest", "ana", T, why=words),)),
        rs.AuditList(audit=(rs.AuditEntry(1, T, "ana", "wall", whom=words, why=words),)),
    ):
        assert all(line.startswith("*** ") for line in lines(told, mode))
