"""Whatever records are written, what is read afterwards is what they say."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chatd.core import records as r
from chatd.core.log import Logged
from chatd.core.queries import AuditOf, EventOf, PageOf
from chatd.store.database import connect
from chatd.store.loading import load
from chatd.store.reading import find
from chatd.store.schema import prepare
from chatd.store.writing import write
from tests.model import FORGOTTEN, KEPT, Model
from tests.store.records import T

ROOMS, PRIVATE = (1, 2), 3
RING = 3
uids = st.sampled_from(["u1", "u2", "console"])
texts = st.sampled_from(["words", "", "zwei\nZeilen", "'; DROP TABLE events", "👍", "x" * 5000])
# What a field may hold, by its name.
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "conversation": st.sampled_from([*ROOMS, PRIVATE]),
    "uid": uids,
    "other": uids,
    "target": uids,
    "token": st.sampled_from(["t1", "t2"]),
    "label": st.sampled_from(["bot", "phone"]),
    "key": st.sampled_from(["ana", "bo"]),
    "kind": st.sampled_from(["ban", "mute"]),
    "level": st.sampled_from(["all", "mentions", "none"]),
    "history": st.sampled_from(["on", "joined", "off"]),
    "emoji": st.sampled_from(["👍", "🎉"]),
    "seq": st.integers(1, 8),
    "of": st.integers(1, 8),
    "t": st.just(T),
    "current": st.sampled_from([None, "#lobby"]),
    "secret": st.sampled_from([None, "hash"]),
    "retain": st.sampled_from([None, 1000]),
    "until": st.sampled_from([T + 1, T + 2]),
    "rooms": st.sampled_from([(), (("#lobby", "owner"),)]),
    "seen": st.sampled_from([(), ((1, 3), (2, 0))]),
    **dict.fromkeys(["private", "closed"], st.sampled_from([False, False, True])),
    **dict.fromkeys(["slow", "since", "created", "used"], st.integers(0, 2**40)),
}
# Fields of the same name that hold something else.
APART: dict[type[r.Record], dict[str, st.SearchStrategy[Any]]] = {
    r.AccountKept: {
        "name": st.uuids().map(str),
        "role": st.sampled_from(["user", "admin"]),
        "seen": st.sampled_from([None, T]),
        "away": st.sampled_from([None, "lunch"]),
    },
    r.SanctionKept: {"until": st.sampled_from([None, T + 1])},
    r.SessionKept: {"away": st.sampled_from([None, "lunch"])},
    r.RoomKept: {"conversation": st.sampled_from(ROOMS)},
}


def built(kind: type[r.Record]) -> st.SearchStrategy[r.Record]:
    """Return records of a kind."""
    fields = {**FIELDS, **APART.get(kind, {})}
    return st.builds(kind, **{field: fields.get(field, texts) for field in kind.__struct_fields__})


mentions = st.sampled_from([(), ("u1",), ("u1", "u2")])
events = st.builds(
    Logged,
    conversation=FIELDS["conversation"],
    seq=st.just(0),  # the next one
    t=st.just(T),
    kind=st.sampled_from(["text", "text", "whisper", "once", "edit", "topic"]),
    uid=uids,
    nick=st.just("ana"),
    text=texts,
    of=st.sampled_from([None, 1, 2, 3]),
    mentions=mentions,
    nonce=st.sampled_from([None, "n"]),
)
changes = st.tuples(st.sampled_from(["edit", "erase"]), st.integers(0, 30), texts, mentions)
kinds: list[type[r.Record]] = [*KEPT, *FORGOTTEN, r.AccountForgotten, r.Audited]
steps = st.one_of([events, events, events, changes, *(built(kind) for kind in kinds)])


def record_of(step: Any, model: Model) -> r.Record | None:
    """Return the record that a step comes to, None where there is nothing to change."""
    if isinstance(step, r.Record):
        return step
    if isinstance(step, Logged):
        seq = 1 + max((s for c, s in model.events if c == step.conversation), default=0)
        return r.Appended(msgspec.structs.replace(step, seq=seq, t=T + seq))
    what, number, text, called = step
    whole = [event for event in model.events.values() if not event.erased]
    if not whole:
        return None
    event = whole[number % len(whole)]
    if what == "erase":
        return r.Erased(event.conversation, event.seq, "deleted")
    if event.kind in {"once", "edit"}:
        return None
    return r.Rewritten(msgspec.structs.replace(event, text=text, mentions=called))


@given(st.lists(steps, max_size=60), st.integers(1, 20))
def test_what_is_read_is_what_was_written(script: list[Any], every: int) -> None:
    model = Model()
    opened = [r.ConversationOpened(n, "room", f"#{n}", f"#{n}", T) for n in ROOMS]
    script = [*opened, r.ConversationOpened(PRIVATE, "private", "u1", "u2", T), *script]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.db"
        prepare(path)
        for batch in _batches(script, every):
            with closing(connect(path)) as database:
                database.execute("PRAGMA synchronous = OFF")
                database.execute("BEGIN")
                for step in batch:
                    record = record_of(step, model)
                    if record is not None:
                        write(record, database)
                        model.keep(record)
                database.execute("COMMIT")
        with closing(connect(path, readonly=True)) as database:
            assert load(database, RING, 0) == model.stored(RING)
            acts = find(database, AuditOf(1000))
            assert acts == list(enumerate(model.audit, 1))
            for (conversation, seq), event in model.events.items():
                assert find(database, EventOf(conversation, seq, "u1")).logged == event
            for conversation in (*ROOMS, PRIVATE):
                page, _ = find(database, PageOf(conversation, 0, 1000, 1000, newest=True))
                numbers = sorted(s for c, s in model.events if c == conversation)
                assert [event.seq for event in page] == numbers
            called = database.execute("SELECT id, uid FROM mentions ORDER BY 1, 2").fetchall()
            messages = (e for e in model.events.values() if e.kind in {"text", "whisper"})
            assert called == sorted(
                (e.conversation << 32 | e.seq, uid) for e in messages for uid in e.mentions
            )


def _batches(script: list[Any], size: int) -> list[list[Any]]:
    return [script[start : start + size] for start in range(0, len(script), size)]
