"""Reading what was said: pages, search, what is unread, and up to where one has read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chatd.core.commands import CatchUp, Command, History, Mentions, Read, Search
from chatd.core.errors import Refusal
from chatd.core.events import ReadUpTo
from chatd.core.grammar import ID_LENGTH
from chatd.core.model import Conversation, Room, Session, User
from chatd.core.names import nick_name
from chatd.core.policy import allowed_after, check_room, may
from chatd.core.queries import (
    CatchUpOn,
    HistoryOf,
    MentionsOf,
    PageOf,
    Place,
    Reader,
    SearchFor,
)
from chatd.core.records import MarkerKept
from chatd.core.results import Page, ReadIs, Result

if TYPE_CHECKING:
    from chatd.core.inputs import HasRead
    from chatd.core.turn import Turn

TERMS = 16
_TERM = re.compile(r'"([^"]*)"?|(\S+)')
_FILTERS = ("in", "from", "before", "after")


def reader(user: User) -> Reader:
    """Return who reads."""
    return Reader(user.uid, user.ignored)


# What may be read


def readable_after(user: User, conversation: Conversation) -> int:
    """Return the ``seq`` after which ``user`` may read. Raises ``Refusal`` 303 or 340."""
    if not isinstance(conversation, Room):
        return 0
    check_room(user, conversation, "read")
    after = allowed_after(user, conversation)
    if after is None:
        raise Refusal(340, room=conversation.name.shown)
    return after


def places(turn: Turn, *, unread: bool = False) -> tuple[Place, ...]:
    """Return all that the asker may read, or has not read yet; the latest active ones first."""
    user, found = turn.user, []
    for conversation in user.conversations:
        after: int | None = 0
        if isinstance(conversation, Room):
            # At a login every room is told of, even one without a history.
            after = 0 if unread else allowed_after(user, conversation)
        if after is not None and (conversation.kept or (unread and isinstance(conversation, Room))):
            after = max(after, user.read.get(conversation.id, 0)) if unread else after
            found.append(place(turn, conversation, after))
    return tuple(sorted(found, key=lambda place: (-place.newest, place.conversation)))


def place(turn: Turn, conversation: Conversation, after: int) -> Place:
    """Return a conversation, behind its event ``after``, as a place to read."""
    ring = conversation.ring
    return Place(
        conversation=conversation.id,
        name=conversation.title_for(turn.user),
        after=after,
        upto=conversation.seq,
        # What is not known is taken for the latest, so that nothing is passed over.
        newest=ring[-1].t if ring else turn.now,
    )


# Pages


def handle_history(turn: Turn, command: History) -> Result | None:
    """Read what was said."""
    conversation = turn.hub.find_conversation(command.to, turn)
    if command.limit < 1:
        raise Refusal(104, problem="LIMIT must be 1 or more", usage="/history [TO] [LIMIT]")
    oldest = readable_after(turn.user, conversation)
    title = conversation.title_for(turn.user)
    if not conversation.kept:
        return Page(to=title, page=(), more=False)
    end = conversation.seq + 1
    page = PageOf(
        conversation.id,
        after=max(oldest, command.after or 0),
        before=end if command.before is None else min(command.before, end),
        limit=min(command.limit, turn.hub.limits.page),
        newest=command.after is None or command.before is not None,
    )
    turn.ask(HistoryOf(page, title, reader(turn.user)), command.id)
    return None


def handle_mentions(turn: Turn, command: Mentions) -> Result | None:
    """Read what calls one by name."""
    if command.n < 1:
        raise Refusal(104, problem="N must be 1 or more", usage="/mentions [N]")
    limit = min(command.n, turn.hub.limits.page)
    turn.ask(MentionsOf(places(turn), reader(turn.user), limit), command.id)
    return None


# Search


def handle_search(turn: Turn, command: Search) -> Result | None:
    """Find messages in all that the asker may read, or in one conversation."""
    terms, given = _terms_of(command)
    to = given["in"]
    where = places(turn)
    if to is not None:
        conversation = turn.hub.find_conversation(to, turn)
        where = (place(turn, conversation, readable_after(turn.user, conversation)),)
    author, uid = _author(turn, given["from"])
    question = SearchFor(
        where,
        reader(turn.user),
        max(1, min(command.limit, turn.hub.limits.page)),
        terms=terms,
        author=author,
        uid=uid,
        since=_moment(given["after"]),
        before=_moment(given["before"]),
    )
    turn.ask(question, command.id)
    return None


def _terms_of(command: Search) -> tuple[tuple[str, ...], dict[str, str | None]]:
    """Return the terms, and the filters among them or beside them."""
    given: dict[str, str | None] = {
        "in": command.in_ or command.to,
        "from": command.from_,
        "before": command.before,
        "after": command.after,
    }
    terms = []
    for phrase, word in _TERM.findall(command.words):
        key, colon, value = word.partition(":")
        if colon and value and key.lower() in _FILTERS:
            given[key.lower()] = value
        elif any(character.isalnum() for character in phrase or word):
            terms.append(phrase or word)
    if not (terms or given["from"]) or len(terms) > TERMS:
        problem = f"There must be 1 to {TERMS} words to look for"
        raise Refusal(104, problem=problem, usage='/search "two words" in:#ops from:ana')
    return tuple(terms), given


def _author(turn: Turn, nick: str | None) -> tuple[str | None, str | None]:
    """Return a nick folded, and the uid of who bears it now."""
    if nick is None:
        return None, None
    try:
        key = nick_name(nick.removeprefix("@")).key
    except Refusal:
        raise Refusal(310, who=f"called {nick[:ID_LENGTH]}") from None
    user = turn.hub.nicks.get(key)
    return key, user.uid if user is not None else None


def _moment(text: str | None) -> int | None:
    """Return a date or a time as milliseconds since the epoch. Raises ``Refusal`` 104."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        problem = f"«{text[:32]}» is no date such as 2026-11-21"
        raise Refusal(104, problem=problem, usage="/search WORDS before:2026-11-21") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


# What is unread


def handle_catchup(turn: Turn, command: CatchUp) -> Result | None:
    """Show what is unread, in one conversation or in all, and have it marked read."""
    user = turn.user
    if command.to is None:
        where = tuple(
            place(turn, conversation, after)
            for conversation in user.conversations
            if conversation.kept and (after := _unread_after(user, conversation)) is not None
        )
    else:
        conversation = turn.hub.find_conversation(command.to, turn)
        oldest = readable_after(user, conversation)
        where = (place(turn, conversation, max(oldest, user.read.get(conversation.id, 0))),)
    limit = max(1, min(command.limit, turn.hub.limits.page))
    turn.ask(CatchUpOn(where, reader(user), limit), command.id)
    return None


def _unread_after(user: User, conversation: Conversation) -> int | None:
    oldest = 0
    if isinstance(conversation, Room):
        allowed = allowed_after(user, conversation) if may(user, conversation, "read") else None
        if allowed is None:
            return None
        oldest = allowed
    after = max(oldest, user.read.get(conversation.id, 0))
    return after if after < conversation.seq else None


def has_read(turn: Turn, command: HasRead) -> None:
    """Mark what the asker was shown."""
    if turn.session.user is None:
        return
    # He may have left since, or what was one of his may have ended.
    mine = {conversation.id: conversation for conversation in turn.user.conversations}
    for number, seq in command.markers:
        if number in mine:
            set_read(turn, turn.user, mine[number], min(seq, mine[number].seq))


def handle_read(turn: Turn, command: Read) -> Result:
    """Mark a conversation read; a marker never goes back."""
    conversation = turn.hub.find_conversation(command.to, turn)
    if isinstance(conversation, Room):
        check_room(turn.user, conversation, "read")
    seq = conversation.seq if command.seq is None else command.seq
    title = conversation.title_for(turn.user)
    if not 0 <= seq <= conversation.seq:
        raise Refusal(331, seq=seq, room=title)
    set_read(turn, turn.user, conversation, seq)
    return ReadIs(to=title, seq=turn.user.read.get(conversation.id, 0))


def set_read(turn: Turn, user: User, conversation: Conversation, seq: int) -> None:
    """Move somebody's marker forward, and tell his other sessions."""
    if seq <= user.read.get(conversation.id, 0):
        return
    user.read[conversation.id] = seq
    if user.account is not None and conversation.kept:
        turn.record(MarkerKept(user.uid, conversation.id, seq))
    event = ReadUpTo(in_=conversation.title_for(user), seq=seq)
    turn.tell(user.attached, event, turn.session.id)


def mark_seen(turn: Turn, session: Session) -> None:
    """Mark what a session in text mode was shown.

    It shows everything as it comes; but what waited before it began it has shown only where it
    was asked for, and then the marker stands there.
    """
    user = session.user
    if user is None or user.account is None or session.mode == "json" or not session.attached:
        return
    for conversation in user.conversations:
        if user.read.get(conversation.id, 0) >= session.began.get(conversation.id, 0):
            set_read(turn, user, conversation, conversation.seq)


HANDLERS: dict[type[Command], Any] = {
    CatchUp: handle_catchup,
    History: handle_history,
    Mentions: handle_mentions,
    Read: handle_read,
    Search: handle_search,
}
