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

SESSIONS = [f"s{number}" for number in range(6)]
CONSOLE = "console-1"
_NICKS = ["ana", "bo", "Ana", "аna", "guest-1", "guest-2", "guest-3", "server", "nobody", "straße"]
_ROOMS = ["#lobby", "#ops", "#Ops", "#0ps", "#cats", "#dogs", "#no room"]
_TEXTS = ["hi", "ana: look", "two\nlines", "  ", "x" * 90, "@bo and guest-1!", "\x1b[2J", "ß"]

nicks = st.sampled_from(_NICKS)
rooms = st.sampled_from(_ROOMS)
places = st.one_of(rooms, nicks.map(lambda nick: f"@{nick}"), nicks)
texts = st.one_of(st.sampled_from(_TEXTS), st.text(max_size=20))
seqs = st.integers(-1, 12)
nonces = st.sampled_from(["n1", "n2", ""])


def _json(do: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    """Return JSON commands; each key may also be missing."""
    ident = st.sampled_from([1, "a", None])
    told = st.fixed_dictionaries({"do": st.just(do)}, optional={"id": ident, **keys})
    return told.map(json.dumps)


def _typed(*words: str | st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    parts = [st.just(word) if isinstance(word, str) else word.map(str) for word in words]
    return st.tuples(*parts).map(lambda found: " ".join(found).replace("\n", " "))


lines = st.one_of(
    texts,
    st.text(max_size=30).map(lambda text: f"/{text}"),
    st.text(max_size=30).map(lambda text: f"{{{text}"),
    _json("msg", to=places, text=texts, nonce=nonces),
    _json("me", to=places, text=texts, nonce=nonces),
    _json("reply", to=places, seq=seqs, text=texts, nonce=nonces),
    _json("react", to=places, seq=seqs, emoji=st.sampled_from(["👍", "x y", "🎉"])),
    _json("whisper", nick=nicks, room=rooms, text=texts, nonce=nonces),
    _json("typing", to=places, on=st.booleans()),
    _json("history", to=places, limit=seqs, before=seqs, after=seqs),
    _json("join", room=rooms),
    _json("part", room=rooms, why=texts),
    _json("topic", room=rooms, text=texts),
    _json("go", to=places),
    _json("nick", name=nicks),
    _json("who", room=rooms),
    _json("whois", nick=nicks),
    _json("away", text=texts),
    _json("kill", nick=nicks, why=texts),
    _json("wall", text=texts),
    _typed("/join", rooms),
    _typed("/join", rooms),
    _typed("/nick", nicks),
    _typed("/part", rooms),
    _typed("/go", places),
    _typed("/msg", places, texts),
    _typed("/reply", seqs, texts),
    _typed("/react", seqs, "👍"),
    _typed("/whisper", nicks, texts),
    _typed("/mode", st.sampled_from(["json", "text", "text seq", "text seq time", "loud"])),
    st.sampled_from(["/match", "/unmatch", "/match", "/back", "/away", "/ping", "/list", "/quit"]),
    st.sampled_from(["/typing on", "/typing off", "/who", "/help", "/history", "/topic new words"]),
)
seen = st.dictionaries(places, st.integers(-1, 12), max_size=3)


class Step(NamedTuple):
    """Something that happens: a line of a session, or what its name says."""

    kind: str
    session: str
    line: str = ""
    token: str = ""
    seen: dict[str, int] | None = None
    seconds: float = 0.0


sessions = st.sampled_from(SESSIONS)
times = st.sampled_from([0.0, 1.0, 60.0, 121.0])
steps = st.one_of(
    *[st.tuples(sessions, lines).map(lambda pair: Step("line", *pair))] * 5,
    sessions.map(lambda session: Step("text", session)),
    sessions.map(lambda session: Step("json", session)),
    sessions.map(lambda session: Step("disconnect", session)),
    st.tuples(sessions, sessions, seen).map(
        lambda three: Step("resume", three[0], token=three[1], seen=three[2])
    ),
    times.map(lambda seconds: Step("tick", "", seconds=seconds)),
    lines.map(lambda line: Step("line", CONSOLE, line)),
)
scripts = st.lists(steps, max_size=60)


class Script:
    """Turns steps into inputs; connection ids are never used twice, as in the service."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000
        self.known: dict[tuple[int, int], Logged] = {}
        self._generation = dict.fromkeys([*SESSIONS, CONSOLE], 0)
        self._connected: set[str] = set()

    def current(self, session: str) -> str:
        """Return the id of the newest connection that plays the part of ``session``."""
        return f"{session}.{self._generation[session]}" if session else ""

    def inputs(self, step: Step) -> list[tuple[str, Input]]:
        """Return the inputs that a step comes to."""
        self.now += int(step.seconds * 1000) + 1
        if step.kind == "tick":
            return [("", Tick())]
        if step.kind in {"text", "json"}:
            return self._connect(step.session, step.kind)
        made = [] if step.session in self._connected else self._connect(step.session, "text")
        ident = self.current(step.session)
        if step.kind == "disconnect":
            self._connected.discard(step.session)
            return [*made, (ident, Disconnect("gone"))]
        line = step.line
        if step.kind == "resume":
            token = token_of(self.current(step.token))
            line = json.dumps({"do": "resume", "token": token, "seen": step.seen})
        command = parse_or_reject(line)
        return made if command is None else [*made, (ident, command)]

    def found(self, lookup: Lookup) -> tuple[str, Input]:
        """Answer a look-up as the store would."""
        logged = self.known.get((lookup.conversation, lookup.seq))
        return lookup.session, Found(lookup.command, logged)

    def _connect(self, session: str, mode: str) -> list[tuple[str, Input]]:
        self._generation[session] += 1
        self._connected.add(session)
        ident = self.current(session)
        console = session == CONSOLE
        return [
            (
                ident,
                Connect(address="192.0.2.1", mode=mode, token=token_of(ident), console=console),
            )
        ]


def parse_or_reject(line: str) -> Input | None:
    """Return what a door hands in for a line."""
    try:
        return parse(line)
    except BadRequest as bad:
        return Rejected(bad, bad.request)
