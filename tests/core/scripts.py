"""Random scripts of a chat, for hypothesis: who sends what, in which order."""

from __future__ import annotations

import json
from typing import NamedTuple

from hypothesis import strategies as st

from chatd.core.commands import Claim, Register
from chatd.core.effects import Lookup
from chatd.core.grammar import BadRequest, parse
from chatd.core.inputs import (
    Configured,
    Connect,
    Disconnect,
    Found,
    HasRead,
    Input,
    Proof,
    Rejected,
    Tick,
    Vouched,
)
from chatd.core.log import Logged
from chatd.core.queries import Remembered
from tests.core.lines import lines, often, running, secrets, seqs
from tests.core.world import token_of

SESSIONS = [f"s{number}" for number in range(4)]
CONSOLE = "console"
ADDRESSES = ["192.0.2.1", "192.0.2.1", "198.51.100.7", "2001:db8::1"]
_SEEN = ["#lobby", "#ops", "@ana", "@guest-1"]

seen = st.dictionaries(st.sampled_from(_SEEN), st.integers(-1, 12), max_size=3)
markers = st.lists(st.tuples(st.integers(1, 6), seqs), max_size=3).map(tuple)


class Step(NamedTuple):
    """Something that happens: a line of a session, or what its name says."""

    kind: str
    session: str
    line: str = ""
    whose: int = 0
    seen: dict[str, int] | None = None
    seconds: float = 0.0
    given: Input | None = None


def _line(session: str, line: str) -> Step:
    return Step("line", session, line)


def _tick(seconds: float) -> Step:
    return Step("tick", "", seconds=seconds)


def _resume(session: str, whose: int, seen: dict[str, int]) -> Step:
    return Step("resume", session, whose=whose, seen=seen)


def _given(session: str, given: Input) -> Step:
    return Step("given", session, given=given)


sessions = st.sampled_from(["s0", "s0", *SESSIONS])  # the owner of the room acts most
times = st.sampled_from([0.0, 1.0, 1.0, 60.0, 60.0, 121.0, 3600.0, 3e5, 3e6])
_whose = st.sampled_from([0, 0, 0, 1])  # mostly one's own token, or the next one's
steps = often(
    (16, st.builds(_line, sessions, lines)),
    (8, st.builds(_line, st.sampled_from(["s0", "s0", "s2", "s3"]), running)),
    (4, st.builds(_given, sessions, secrets)),
    (1, sessions.map(lambda session: Step("connect", session))),
    (1, sessions.map(lambda session: Step("disconnect", session))),
    (2, st.builds(_resume, sessions, _whose, seen)),
    (2, st.builds(_tick, times)),
    (2, st.builds(_line, st.just(CONSOLE), lines)),
    (1, st.builds(_given, sessions, st.builds(HasRead, markers))),
    (1, st.just(Step("given", CONSOLE, given=Configured(None, motd="words")))),
)


def _account(session: str, name: str) -> Step:
    return _given(session, Vouched(Register(password="", name=name), Proof(fresh="digest a")))


# Three accounts and a guest in a room, which the first one owns and where the second one helps.
BEGINNING = [
    _account("s0", "ana"),
    _account("s2", "bo"),
    _account("s3", "cy"),
    *(Step("line", session, "/join #ops") for session in SESSIONS),
    Step("line", "s0", "/mod bo"),
    *(Step("line", session, "hi") for session in SESSIONS),
]
CLAIM = _given("s3", Vouched(Claim(code=""), Proof(ok=True)))
beginnings = st.sampled_from([[], BEGINNING, [*BEGINNING, CLAIM], [*BEGINNING, CLAIM]])


def scripts_of(steps: st.SearchStrategy[Step]) -> st.SearchStrategy[list[Step]]:
    """Return scripts; short ones seldom come to anything."""
    return st.builds(lambda first, rest: [*first, *rest], beginnings, _some(steps))


def _some(steps: st.SearchStrategy[Step]) -> st.SearchStrategy[list[Step]]:
    return st.lists(steps, min_size=20, max_size=80)


scripts = scripts_of(steps)


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
        command = step.given if step.kind == "given" else parse_or_reject(step.line)
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
        query = lookup.query
        logged = self.known.get((query.conversation, query.seq))
        return lookup.session, Found(lookup.command, Remembered(logged))

    def _connect(self, session: str) -> list[tuple[str, Input]]:
        self._generation[session] += 1
        self._connected.add(session)
        ident = self.current(session)
        token = self._tokens[session] = token_of(ident)
        mode = "json" if session in SESSIONS[:2] else "text"
        console = session == CONSOLE
        address = "" if console else ADDRESSES[SESSIONS.index(session)]
        connect = Connect(address=address, mode=mode, token=token, console=console)
        return [(ident, connect)]


def parse_or_reject(line: str) -> Input | None:
    """Return what a door hands in for a line."""
    try:
        return parse(line)
    except BadRequest as bad:
        return Rejected(bad, bad.request)
