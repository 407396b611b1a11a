"""What people type and send at random, for hypothesis."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from hypothesis import strategies as st

from chatd.core import commands as c
from chatd.core.inputs import Proof, Vouched

T = TypeVar("T")

# What there mostly is comes often, so that something comes of it.
_NICKS = ["ana", "ana", "ana", "bo", "bo", "cy", "guest-1", "guest-2", "guest-3"]
_STRANGE_NICKS = ["Ana", "аna", "server", "straße", "nobody"]
_ROOMS = ["#ops", "#ops", "#ops", "#lobby", "#cats"]
_STRANGE_ROOMS = ["#0ps", "#no room"]
_TEXTS = ["hi", "ana: guest-1 guest-2", "two\nlines", "  ", "x" * 90, "\x1b[2J"]
_BARE = [
    *("/who", "/list", "/help", "/ping", "/history", "/part", "/quit", "//text"),
    *("/mode json", "/mode text", "/mode text seq time", "/mode loud", "/join #ops", "/join #cats"),
    *("/back", "/away", "/away lunch", "/typing on", "/typing off", "/topic new words"),
    *("/sessions", "/tokens", "/catchup", "/mentions", "/read", "/bans", "/pins", "/set"),
]
_RARE = [
    *("/logout", "/revoke ci", "/unban 192.0.2.0/24", "/wall words", "/audit", "/reload"),
    *("/accounts", "/shutdown 60 why", "/shutdown", "/shutdown cancel", "/kill ana", "/kill bo"),
    *("/role ana user", "/role bo admin", "/remove ana", "/remove bo why"),
]
_SETTINGS = [
    *(("private", "on"), ("private", "off"), ("key", "key"), ("key", "off"), ("history", "off")),
    *(("history", "joined"), ("retain", "30s"), ("retain", "30s"), ("retain", "off"), ("", "")),
]


def often(*choices: tuple[int, st.SearchStrategy[T]]) -> st.SearchStrategy[T]:
    """Return one of the strategies, each as often as its number says."""
    which = [strategy for times, strategy in choices for _ in range(times)]

    @st.composite
    def drawn(draw: st.DrawFn) -> T:
        return draw(which[draw(st.integers(0, len(which) - 1))])

    # Without arguments: what they look like, one in the other, would fill a book.
    return drawn()


nicks = often((9, st.sampled_from(_NICKS)), (1, st.sampled_from(_STRANGE_NICKS)))
rooms = often((9, st.sampled_from(_ROOMS)), (1, st.sampled_from(_STRANGE_ROOMS)))
seqs = st.integers(0, 9)
_texts = st.sampled_from(_TEXTS)
_places = often((5, rooms), (2, nicks.map(lambda nick: f"@{nick}")), (3, st.none()))
_some_room = often((2, rooms), (1, st.none()))
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "to": _places,
    "room": _some_room,
    "text": _texts,
    "nick": nicks,
    "name": nicks,
    "seq": seqs,
    "before": st.one_of(st.none(), seqs),
    "after": st.one_of(st.none(), seqs),
    "limit": seqs,
    "emoji": st.sampled_from(["👍", "🎉", "x y"]),
    "on": st.booleans(),
    "why": _texts,
    "id": st.sampled_from([None, 1, "a"]),
    "nonce": st.sampled_from([None, None, None, "n1", "n2", ""]),
    "time": st.sampled_from([None, 30, "1m", "2d", "soon"]),
    "target": often((3, nicks), (1, st.sampled_from(["192.0.2.0/24", "2001:db8::5"]))),
    "dry_run": st.sampled_from([False, False, False, True]),
    "seconds": st.sampled_from([0, 5, -1]),
    "level": st.sampled_from(["all", "mentions", "none"]),
    "words": st.sampled_from(["hi", "in:#ops hi", 'from:ana "two lines"']),
    "key": st.sampled_from(["", "key", "wrong"]),
}


def _json(do: str, *keys: str) -> st.SearchStrategy[str]:
    found = {key: _VALUES[key] for key in (*keys, "id")}
    if "target" in found:
        found["nick"] = found.pop("target")
    return st.fixed_dictionaries({"do": st.just(do), **found}).map(json.dumps)


_setting = st.tuples(st.sampled_from(_SETTINGS), _some_room).map(
    lambda two: json.dumps({"do": "set", "option": two[0][0], "value": two[0][1], "room": two[1]})
)
_saying = st.one_of(
    _texts,
    *(_json(do, "to", "text", "nonce") for do in ("msg", "me")),
    _json("reply", "to", "seq", "text", "nonce"),
    _json("react", "to", "seq", "emoji"),
    _json("edit", "to", "seq", "text", "nonce"),
    _json("del", "to", "seq"),
    _json("whisper", "nick", "room", "text", "nonce"),
    _json("once", "nick", "text", "nonce"),
    _json("view", "seq", "to"),
    _json("typing", "to", "on"),
)
_reading = st.one_of(
    _json("history", "to", "limit", "before", "after"),
    *(_json(do, *keys) for do, *keys in (("read", "to", "seq"), ("catchup", "to", "limit"))),
    _json("search", "words", "to", "limit"),
    *(_json("who", "room"), _json("whois", "nick"), _json("go", "to")),
)
_living = st.one_of(
    st.sampled_from(["/match", "/match", "/match", "/unmatch"]),
    *(rooms.map(lambda room: f"/join {room}"), nicks.map(lambda nick: f"/nick {nick}")),
    _json("join", "room", "key"),
    _json("part", "room", "why"),
    _json("topic", "room", "text"),
    *(_json(do, "nick") for do in ("ignore", "unignore")),
    *(_json("notify", "to", "level"), _json("knock", "room")),
)
running = st.one_of(
    _setting,
    *(_json(do, "nick", "room", "why") for do in ("kick", "invite", "unban", "unmute")),
    *(_json(do, "nick", "room") for do in ("mod", "unmod", "own")),
    _json("ban", "target", "room", "time", "why", "dry_run"),
    _json("mute", "nick", "room", "time", "why"),
    _json("slow", "seconds", "room"),
    *(_json(do, "seq", "room") for do in ("pin", "unpin")),
)
_garbage = st.one_of(
    st.text(max_size=30),
    st.text(max_size=30).map(lambda text: f"/{text}"),
    st.text(max_size=30).map(lambda text: f"{{{text}"),
    st.dictionaries(
        st.sampled_from(["do", *_VALUES]), st.sampled_from(["msg", "join", 1, None])
    ).map(json.dumps),
)
lines = often(
    (6, _saying),
    (4, _living),
    (2, running),
    (2, _reading),
    (3, st.sampled_from(_BARE)),
    (2, st.sampled_from(_RARE)),
    (1, _garbage),
)


# What holds a secret, with what was found out about it. Two passwords and two tokens there are, so
# that a proof is right now and then.

_digests = st.sampled_from(["digest a", "digest a", "digest a", "digest b", None])
_fresh = st.sampled_from(["digest a", "digest a", "digest a", "digest b"])
_names = st.sampled_from(["ana", "ana", "bo", "cy", "Ana", "nobody"])


def _register(name: str, fresh: str) -> Vouched:
    return Vouched(c.Register(password="", name=name), Proof(fresh=fresh))


def _login(name: str, digest: str | None, fresh: str | None) -> Vouched:
    return Vouched(c.Login(name=name, password=""), Proof(digest=digest, fresh=fresh))


def _by_token(name: str, digest: str) -> Vouched:
    return Vouched(c.Login(name=name, password=""), Proof(digest=digest, label="ci"))


def _token(digest: str) -> Vouched:
    return Vouched(c.Token(label="ci"), Proof(fresh=digest, token="t.secret"))


def _passwd(digest: str | None, fresh: str) -> Vouched:
    return Vouched(c.Passwd(old="", new=""), Proof(digest=digest, fresh=fresh))


def _unregister(digest: str | None) -> Vouched:
    return Vouched(c.Unregister(password=""), Proof(digest=digest))


def _claim(ok: bool) -> Vouched:
    return Vouched(c.Claim(code=""), Proof(ok=ok))


def _reset(name: str, fresh: str) -> Vouched:
    return Vouched(c.Reset(name=name, password=""), Proof(fresh=fresh))


_tokens = st.sampled_from(["token a", "token a", "token b"])
secrets = often(
    (4, st.builds(_register, _names, _fresh)),
    (6, st.builds(_login, _names, _digests, st.one_of(st.none(), _fresh))),
    (2, st.builds(_by_token, _names, _tokens)),
    (2, st.builds(_token, _tokens)),
    (1, st.builds(_passwd, _digests, _fresh)),
    (1, st.builds(_unregister, _digests)),
    (2, st.builds(_claim, st.booleans())),
    (1, st.builds(_reset, _names, _fresh)),
)
