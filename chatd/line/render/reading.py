"""What is told to who reads, and to who has said something."""

from __future__ import annotations

from chatd.core import events as ev
from chatd.core import results as rs
from chatd.line.render import durable
from chatd.line.render.base import Renderings, Style, count, server


def _sent(result: rs.Sent, style: Style) -> list[str]:
    if style.seq:
        return server(f"Sent as [{result.to} {result.seq}]")
    if result.state == "stored" and result.to.startswith("@"):
        return server(f"{result.to[1:]} is not connected just now; your message is kept.")
    return []


def _viewed_once(result: rs.ViewedOnce, style: Style) -> list[str]:
    said = ev.Said(
        in_=result.to,
        seq=result.seq,
        t=result.t,
        from_=result.from_,
        text=result.text,
        kind="text",
    )
    shown = durable.LINES[ev.Said](said, style._replace(seq=True))
    return shown + server(f"Message {result.seq} in {result.to} is erased now.")


def _page(result: rs.Page, _: Style) -> list[str]:
    if not result.page:
        return server(f"Nothing in {result.to} there.")
    first, last = result.page[0].seq, result.page[-1].seq
    more = f"; /history before:{first} or after:{last} shows more" if result.more else ""
    lines = durable.history(result.page)
    return lines + server(count(len(result.page), "event") + f" of {result.to}{more}")


def _hits(result: rs.Hits, _: Style) -> list[str]:
    found = _found(result)
    if result.more:
        found += f", the newest; before:{result.page[0].t} in a search finds others"
    return durable.history(result.page) + server(found)


def _mentioned(result: rs.Mentioned, _: Style) -> list[str]:
    newest = ", the newest" if result.more else ""
    return durable.history(result.page) + server(f"{_found(result)}{newest}")


def _found(result: rs.Hits) -> str:
    if not result.page:
        return "Nothing was found."
    found = f"{len(result.page)} found"
    hidden = sum(isinstance(event, ev.Said) and event.ignored for event in result.page)
    if hidden:
        found += f", {hidden} not shown: you ignore who said it"
    return found


def _caught_up(result: rs.CaughtUp, _: Style) -> list[str]:
    if not result.page:
        return server("Nothing is unread.")
    end = "there is more: /catchup" if result.more else "that is all"
    read = f"{count(len(result.page), 'event')}, read now; {end}"
    return durable.history(result.page) + server(read)


LINES: Renderings = {
    rs.Sent: _sent,
    rs.ReactionSent: _sent,
    rs.ViewedOnce: _viewed_once,
    rs.Page: _page,
    rs.Hits: _hits,
    rs.Mentioned: _mentioned,
    rs.CaughtUp: _caught_up,
    rs.ReadIs: lambda result, _: server(f"{result.to} is read up to message {result.seq}"),
    rs.LevelIs: lambda result, _: server(f"Notice is given of {result.level} in {result.to}"),
}
