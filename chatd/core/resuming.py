"""Taking up a lost connection: the same person, in the same rooms, with everything missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.commands import Command, Resume
from chatd.core.effects import Close, Replay
from chatd.core.errors import Refusal
from chatd.core.events import Bye
from chatd.core.log import shown
from chatd.core.model import Conversation, Private, Room, Session, User
from chatd.core.policy import allowed_after
from chatd.core.results import Marker, Result, Resumed
from chatd.core.rooms import entered
from chatd.core.sessions import attach, end_session, hello
from chatd.core.turn import Turn, hashed

if TYPE_CHECKING:
    from chatd.core.hub import Hub


def handle_resume(turn: Turn, command: Resume) -> Result | None:
    """Take up a lost connection: its person, rooms and everything missed."""
    hub = turn.hub
    target = hub.tokens.get(hashed(command.token))
    if target is None or target is turn.session or target.user is None:
        problem = "That resume token is unknown or has expired."
        raise Refusal(401, problem=problem, then="/nick NAME")
    if turn.session.user is not None:
        end_session(turn, turn.session, "resumes")
    user = target.user
    since = _take_over(turn, target, command)
    turn.session = target
    hub.listen(target)
    turn.keep_sessions()
    if target.mode == "json":
        turn.answer(hello(hub, target))
    missed = _missed(hub, user, since, command.seen)
    result = Resumed(
        re=command.id,
        you=user.nick,
        in_=tuple(room.name.shown for room in user.rooms.values()),
        to=target.current.title_for(user) if target.current else None,
        privates=tuple(
            Marker(to=private.title_for(user), seq=private.seq)
            for private in user.privates.values()
        ),
        rooms=tuple(entered(turn, room, recent=False) for room in user.rooms.values()),
    )
    turn.answer(result)
    for conversation, after in missed:
        _replay(turn, conversation, after)
    return None


def _take_over(turn: Turn, target: Session, command: Resume) -> dict[int, int]:
    """Move ``target`` to the connection that asks; return what it had seen by the server's view."""
    hub, user, old, new = turn.hub, target.user, target.id, turn.session
    assert user is not None
    seen = target.seen if target.lost_at is not None else user.newest
    if target.attached:
        text = "This session goes on over another connection."
        turn.tell((old,), Bye(text=text))
        turn.effects.append(Close(old))
    hub.deafen(target)
    del hub.sessions[old], user.sessions[old]
    hub.lost.pop(old, None)
    target.id, target.mode, target.address = new.id, new.mode, new.address
    target.plain_token, target.lost_at, target.seen = command.token, None, {}
    hub.sessions[new.id] = target
    attach(hub, target, user)
    return seen


def _missed(
    hub: Hub, user: User, since: dict[int, int], seen: dict[str, int]
) -> list[tuple[Conversation, int]]:
    """Return the conversations with something new, and after which ``seq`` it begins."""
    missed = []
    told = {title.casefold(): seq for title, seq in seen.items()}
    for conversation in [*user.rooms.values(), *user.privates.values()]:
        after = _told(conversation, user, told)
        if after is None and told and isinstance(conversation, Private):
            # Who keeps count and does not know it has never got anything of it.
            after = 0
        if after is None:
            after = since.get(conversation.id, 0)
        after = max(after, conversation.seq - hub.limits.replay)
        if isinstance(conversation, Room):
            # What one was not shown live is not shown by resuming, either.
            oldest = allowed_after(user, conversation)
            after = max(after, since.get(conversation.id, 0) if oldest is None else oldest)
        if after < conversation.seq:
            missed.append((conversation, after))
    return missed


def _told(conversation: Conversation, user: User, told: dict[str, int]) -> int | None:
    """Return up to where the client says that it has seen a conversation, None if it does not."""
    titles = [conversation.title_for(user)]
    if isinstance(conversation, Private):
        titles += (f"@{name}" for name in conversation.other(user).former)
    for title in titles:
        seq = told.get(title.casefold())
        # More than there ever was: that was another conversation, with somebody of that name.
        if seq is not None and seq <= conversation.seq:
            return seq
    return None


def _replay(turn: Turn, conversation: Conversation, after: int) -> None:
    """Tell the session what it missed, from the ring where that reaches back far enough."""
    user, ring = turn.user, conversation.ring
    title = conversation.title_for(user)
    if ring and ring[0].seq <= after + 1:
        for logged in ring:
            if logged.seq > after:
                turn.answer(shown(logged, title, user.uid, user.ignored))
        return
    turn.effects.append(
        Replay(
            session=turn.session.id,
            conversation=conversation.id,
            name=title,
            reader=user.uid,
            after=after,
            upto=conversation.seq,
            ignored=user.ignored,
        )
    )


HANDLERS: dict[type[Command], Any] = {Resume: handle_resume}
