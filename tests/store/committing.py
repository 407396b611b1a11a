"""A program that commits records of all kinds until it is killed.

Its arguments are a database, and the number of the batch to begin with; it prints the number of
each batch that is committed. What a batch holds depends on nothing but its number.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from twisted.internet import task
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults

from chatd.core import records as r
from chatd.store.sqlite import SQLiteStore
from tests.store.records import T, account, kept, logged, once, private, room

EXPIRING = 9  # a room whose messages do not stay
AT_ONCE = 3  # commits


def secret(number: int) -> str:
    """Return the text that a batch sends, and the next but one erases."""
    return f"secret-{number}-".ljust(40 if number % 2 else 9000, "x")


def batch(number: int) -> list[r.Record]:
    """Return the records of a batch, from 1 on."""
    if number == 1:
        return [room(), private(), room(EXPIRING, "#expiring")]
    uid, t, seq = f"u{number % 7}", T + number, 4 * number
    said = [
        logged(seq + n, text=f"words of {number}", t=t, uid=uid, mentions=("u1", uid))
        for n in range(4)
    ]
    act = r.Audited(
        t=t, who=uid, uid=uid, action="kick", whom="x", room="#lobby", address="::1", why=""
    )
    records: list[r.Record] = [
        *(r.Appended(event) for event in said),
        once(number, secret(number), 2),
        r.Appended(logged(number, EXPIRING, t=t, mentions=(uid,))),
        r.ReactionKept(1, seq, uid, "👍"),
        account(uid, f"name-{uid}", seen=t),
        kept(f"token-{uid}", uid, since=t),
        r.TokenKept(uid=uid, label="bot", digest="abc", created=t, used=None),
        r.MembershipKept(conversation=1, uid=uid, role="member", since=seq),
        r.MarkerKept(uid, 1, seq),
        r.LevelKept(uid, 1, "all"),
        r.IgnoreKept(uid, "u1", "ana"),
        r.InvitationKept(1, uid, "ana"),
        r.PinKept(1, seq),
        r.NameRested(f"name-{number % 5}", "name", uid, t),
        r.RoomKept(conversation=1, topic=f"topic {number}", retain=number),
        act,
    ]
    if number > 4:
        other = f"u{(number + 3) % 7}"
        before, author = 4 * (number - 2), f"u{(number - 2) % 7}"
        records += [
            r.Rewritten(logged(before, text=f"other words of {number}", t=t - 2, uid=author)),
            r.Erased(1, before + 1, "deleted"),
            r.Erased(2, number - 2, "viewed"),
            r.ReactionForgotten(1, before, author, "👍"),
            r.PinForgotten(1, before),
            r.TokenForgotten(other, "bot"),
            r.SessionForgotten(f"token-{other}"),
            r.InvitationForgotten(1, other),
            r.NameFreed(f"name-{(number + 2) % 5}"),
            r.Expired(EXPIRING, t - 20),
        ]
    if number % 11 == 0:
        records.append(r.AccountForgotten(uid))
    return records


async def commit(reactor: Any, path: Path, number: int) -> None:
    """Commit batches from ``number`` on, for ever."""
    store = SQLiteStore(reactor, path)
    store.open(10, 0)

    def tell(_: object, number: int) -> None:
        print(number, flush=True)  # noqa: T201

    while True:
        under_way = []
        for _ in range(AT_ONCE):
            under_way.append(store.commit(batch(number)).addCallback(tell, number))
            number += 1
        await gatherResults(under_way)


def main(reactor: Any, path: str, number: str) -> Deferred[None]:
    """Run it."""
    return ensureDeferred(commit(reactor, Path(path), int(number)))


if __name__ == "__main__":
    task.react(main, sys.argv[1:])
