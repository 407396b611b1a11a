"""Random scripts of a chat, for hypothesis: who sends what, in which order."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from hypothesis import strategies as st

from chatd.core.effects import Lookup
from chatd.core.grammar import BadRequest, parse
from chatd.core.inputs import Connect, Disconnect, Found, Input, Rejected, Tick
from chatd.core.log import Logged
from tests.core.world import token_of

SESSIONS = [f"s{number}" for number in range(4)]
CONSOLE = "console"
_NICKS = ["guest-1", "guest-2", "guest-3", "ana", "bo", "Ana", "аna", "server", "straße"]
_ROOMS = ["#lobby", "#ops", "#cats", "#0ps", "#no room"]
_TEXTS = ["hi", "ana: guest-1 guest-2", "two\nlines", "  ", "x" * 90, "\x1b[2J"]
_BARE = [
    *("/who", "/list", "/help", "/ping", "/history", "/part", "/quit", "//text"),
    *("/mode json", "/mode text", "/mode text seq time", "/mode loud", "/join #ops", "/join #cats"),
]

nicks = st.sampled_from(_NICKS)
rooms = st.sampled_from(_ROOMS)
places = st.one_of(rooms, nicks.map(lambda nick: f"@{nick}"), st.none())
texts = st.sampled_from(_TEXTS)
seqs = st.integers(0, 9)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "to": places,
    "room": st.one_of(rooms, st.none()),
    "text": texts,
    "nick": nicks,
    "name": nicks,
    "seq": seqs,
    "before": st.one_of(st.none(), seqs),
    "after": st.one_of(st.none(), seqs),
    "limit": seqs,
    "emoji": st.sampled_from(["👍", "🎉", "x y"]),
    "on": st.booleans(),
    "why": texts,
    "id": st.sampled_from([None, 1, "a"]),
    "nonce": st.sampled_from([None, "n1", "n2", ""]),
}


def _json(do: str, *keys: str) -> st.SearchStrategy[str]:
    found = {key: _VALUES[key] for key in (*keys, "id")}
    return st.fixed_dictionaries({"do": st.just(do), **found}).map(json.dumps)


_words = st.sampled_from(["msg", "join", 1, None])
_garbage = st.one_of(
    st.text(max_size=30),
    st.text(max_size=30).map(lambda text: f"/{text}"),
    st.text(max_size=30).map(lambda text: f"{{{text}"),
    st.dictionaries(st.sampled_from(["do", *_VALUES]), _words).map(json.dumps),
)
lines = st.one_of(
    texts,
    st.sampled_from(_BARE),
    st.sampled_from(["/back", "/away", "/away lunch"]),
    st.sampled_from(["/match", "/match", "/match", "/unmatch"]),
    st.sampled_from(["/typing on", "/typing off", "/topic new words"]),
    rooms.map(lambda room: f"/join {room}"),
    nicks.map(lambda nick: f"/nick {nick}"),
    _json("msg", "to", "text", "nonce"),
    _json("me", "to", "text", "nonce"),
    _json("reply", "to", "seq", "text", "nonce"),
    _json("react", "to", "seq", "emoji"),
    _json("whisper", "nick", "room", "text", "nonce"),
    _json("typing", "to", "on"),
    _json("history", "to", "limit", "before", "after"),
    _json("part", "room", "why"),
    _json("topic", "room", "text"),
    _json("go", "to"),
    _json("who", "room"),
    _json("kill", "nick", "why"),
    _json("whois", "nick"),
    _garbage,
)
seen = st.dictionaries(
    st.sampled_from([*_ROOMS, "@ana", "@guest-1"]), st.integers(-1, 12), max_size=3
)


class Step(NamedTuple):
    """Something that happens: a line of a session, or what its name says."""

    kind: str
    session: str
    line: str = ""
    whose: int = 0
    seen: dict[str, int] | None = None
    seconds: float = 0.0


sessions = st.sampled_from(SESSIONS)
times = st.sampled_from([0.0, 1.0, 60.0, 121.0])
_whose = st.sampled_from([0, 0, 0, 1])  # mostly one's own token, or the next one's
steps = st.one_of(
    *[st.tuples(sessions, lines).map(lambda pair: Step("line", *pair))] * 6,
    sessions.map(lambda session: Step("connect", session)),
    sessions.map(lambda session: Step("disconnect", session)),
    st.tuples(sessions, _whose, seen).map(
        lambda three: Step("resume", three[0], whose=three[1], seen=three[2])
    ),
    times.map(lambda seconds: Step("tick", "", seconds=seconds)),
    lines.map(lambda line: Step("line", CONSOLE, line)),
)
# Short scripts seldom come to anything.
scripts = st.lists(steps, min_size=20, max_size=80)


class Script:
    """Turns steps into inputs; connection ids are never used twice, as in the service."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000
        self.known: dict[tuple[int, int], Logged] = {}
        self._generation = dict.fromkeys([*SESSIONS, CONSOLE], 0)
        self._connected: set[str] = set()
        self._tokens: dict[str, str] = {}

    def current(self, session: str) -> str:
        """Return the id of the newest connection that plays the part of ``session``."""
        return f"{session}.{self._generation[session]}" if session else ""

    def inputs(self, step: Step) -> list[tuple[str, Input]]:
        """Return the inputs that a step comes to."""
        self.now += int(step.seconds * 1000) + 1
        session = step.session
        if step.kind == "tick":
            return [("", Tick())]
        if step.kind == "connect":
            return self._connect(session)
        if step.kind == "resume":
            return self._resume(step)
        made = [] if session in self._connected else self._connect(session)
        ident = self.current(session)
        if step.kind == "disconnect":
            self._connected.discard(session)
            return [*made, (ident, Disconnect("gone"))]
        command = parse_or_reject(step.line)
        return made if command is None else [*made, (ident, command)]

    def _resume(self, step: Step) -> list[tuple[str, Input]]:
        """Take up a session, lost or not, over another connection."""
        place = (SESSIONS.index(step.session) + step.whose) % len(SESSIONS)
        token = self._tokens.get(SESSIONS[place], "r.none")
        made = self._connect(step.session)
        self._tokens[step.session] = token
        line = json.dumps({"do": "resume", "token": token, "seen": step.seen})
        command = parse_or_reject(line)
        assert command is not None
        return [*made, (self.current(step.session), command)]

    def restart(self) -> int:
        """Lose all connections; return the time."""
        self._connected.clear()
        return self.now

    def found(self, lookup: Lookup) -> tuple[str, Input]:
        """Answer a look-up as the store would."""
        logged = self.known.get((lookup.conversation, lookup.seq))
        return lookup.session, Found(lookup.command, logged)

    def _connect(self, session: str) -> list[tuple[str, Input]]:
        self._generation[session] += 1
        self._connected.add(session)
        ident = self.current(session)
        token = self._tokens[session] = token_of(ident)
        mode = "json" if session in SESSIONS[:2] else "text"
        console = session == CONSOLE
        connect = Connect(address="192.0.2.1", mode=mode, token=token, console=console)
        return [(ident, connect)]


def parse_or_reject(line: str) -> Input | None:
    """Return what a door hands in for a line."""
    try:
        return parse(line)
    except BadRequest as bad:
        return Rejected(bad, bad.request)
