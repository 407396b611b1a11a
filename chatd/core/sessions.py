"""Coming, going and coming back: the life of a session and of the person behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core import names, people
from chatd.core.commands import Command, Mode, Ping, Quit, Resume
from chatd.core.effects import (
    Close,
    Effect,
    Replay,
    SessionForgotten,
    SetMode,
    Wake,
)
from chatd.core.errors import Refusal
from chatd.core.events import (
    Bye,
    Done,
    Hello,
    Joined,
    ModeIs,
    Pong,
    Result,
    Resumed,
    Welcome,
    timestamp,
)
from chatd.core.inputs import Connect, Stored, StoredSession
from chatd.core.log import shown
from chatd.core.messages import Answered
from chatd.core.model import Conversation, Session, User
from chatd.core.rooms import entered, leave_room, seat
from chatd.core.turn import CONSOLE_UID, Turn, hashed

if TYPE_CHECKING:
    from chatd.core.hub import Hub

PROTOCOL = 1
CAPS = ("react", "reply", "typing", "whisper", "match", "history", "resume", "nonce")
MODES = ("text", "text seq", "text seq time", "json")


# Coming


def connect(hub: Hub, session_id: str, command: Connect, now: int) -> list[Effect]:
    """Make the session. A text one is introduced at once, a JSON one with its first command."""
    session = Session(
        id=session_id, mode=command.mode, address=command.address, plain_token=command.token
    )
    hub.sessions[session_id] = session
    turn = Turn(hub, session, now)
    if command.console:
        _seat_console(hub, session, now)
    elif session.mode != "json":
        introduce(turn)
    return turn.effects


def _seat_console(hub: Hub, session: Session, now: int) -> None:
    name = names.Name("server", "server", "server")
    user = User(uid=CONSOLE_UID, name=name, since=now, admin=True)
    session.user = user
    user.sessions[session.id] = session
    session.current = hub.lobby


def may_stay_new(command: Command) -> bool:
    """Whether a session that nobody has seen yet need not be introduced before ``command``."""
    return isinstance(command, Resume)


def introduce(turn: Turn) -> None:
    """Make a guest of a new session, and bring him into the lobby."""
    hub, session = turn.hub, turn.session
    if session.user is not None:
        return
    user = User(uid=session.id, name=_next_guest(hub), since=turn.now)
    hub.users[user.uid] = user
    people.take_name(hub, user, user.name)
    _attach(hub, session, user)
    people.tell_presence(turn, user)
    seat(turn, hub.lobby, user)
    session.current = hub.lobby
    _greet(turn)
    hub.listen(session)
    turn.tell(hub.lobby.audience, Joined(in_=hub.lobby.name.shown, nick=user.nick), skip=session.id)


def _next_guest(hub: Hub) -> names.Name:
    while True:
        hub.guests += 1
        name = names.guest_name(hub.guests)
        if name.key not in hub.nicks:
            return name


def _attach(hub: Hub, session: Session, user: User) -> None:
    session.user = user
    user.sessions[session.id] = session
    for room in user.rooms.values():
        room.changed()


def _greet(turn: Turn) -> None:
    hub, session, user = turn.hub, turn.session, turn.user
    if session.mode == "json":
        make_resumable(turn)
        turn.answer(hello(hub, session))
        return
    settings = hub.settings
    titles = tuple(room.name.shown for room in user.rooms.values())
    turn.answer(
        Welcome(
            server=settings.server,
            software=settings.software,
            you=user.nick,
            motd=settings.motd,
            rooms=titles,
        )
    )
    for room in user.rooms.values():
        turn.answer(entered(turn, room))


def hello(hub: Hub, session: Session) -> Hello:
    """Return the first event of a session that reads JSON."""
    user = session.user
    assert user is not None
    return Hello(
        v=PROTOCOL,
        server=hub.settings.server,
        software=hub.settings.software,
        you=user.nick,
        account=user.account,
        resume=session.plain_token or "",
        limits=hub.limits.told(),
        caps=CAPS,
        in_=tuple(room.name.shown for room in user.rooms.values()),
        presence=hub.presence,
        motd=hub.settings.motd,
    )


# Resuming


def make_resumable(turn: Turn) -> None:
    """Let the session's token resume it from now on."""
    session = turn.session
    if session.token is None and session.plain_token and not turn.user.admin:
        session.token = hashed(session.plain_token)
        turn.hub.tokens[session.token] = session
        turn.keep_sessions()


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
    if target.mode == "json":
        turn.answer(hello(hub, target))
    missed = _missed(hub, user, since, command.seen)
    result = Resumed(
        re=command.id,
        you=user.nick,
        in_=tuple(room.name.shown for room in user.rooms.values()),
        to=target.current.title_for(user) if target.current else None,
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
    seen = target.seen if target.lost_at is not None else _newest(user)
    if target.attached:
        text = "This session goes on over another connection."
        turn.tell((old,), Bye(text=text))
        turn.effects.append(Close(old))
    hub.deaf(old)
    del hub.sessions[old], user.sessions[old]
    hub.lost.pop(old, None)
    target.id, target.mode, target.address = new.id, new.mode, new.address
    target.plain_token, target.lost_at, target.seen = command.token, None, {}
    hub.sessions[new.id] = target
    _attach(hub, target, user)
    return seen


def _newest(user: User) -> dict[int, int]:
    """Return the newest ``seq`` of all conversations of a person."""
    all_of = [*user.rooms.values(), *user.privates.values()]
    return {conversation.id: conversation.seq for conversation in all_of}


def _missed(
    hub: Hub, user: User, since: dict[int, int], seen: dict[str, int]
) -> list[tuple[Conversation, int]]:
    """Return the conversations with something new, and after which ``seq`` it begins."""
    missed = []
    told = {title.casefold(): seq for title, seq in seen.items()}
    for conversation in [*user.rooms.values(), *user.privates.values()]:
        title = conversation.title_for(user).casefold()
        after = told.get(title, since.get(conversation.id, 0))
        after = max(after, conversation.seq - hub.limits.replay)
        if after < conversation.seq:
            missed.append((conversation, after))
    return missed


def _replay(turn: Turn, conversation: Conversation, after: int) -> None:
    """Tell the session what it missed, from the ring where that reaches back far enough."""
    user, ring = turn.user, conversation.ring
    title = conversation.title_for(user)
    if ring and ring[0].seq <= after + 1:
        for logged in ring:
            if logged.seq > after:
                turn.answer(shown(logged, title, user.uid))
        return
    turn.effects.append(
        Replay(
            session=turn.session.id,
            conversation=conversation.id,
            name=title,
            reader=user.uid,
            after=after,
            upto=conversation.seq,
        )
    )


# Going


def handle_quit(turn: Turn, command: Quit) -> Result | None:
    """Leave for good."""
    turn.answer(Done(re=command.id))
    turn.answer(Bye(text="Goodbye."))
    turn.close()
    end_session(turn, turn.session, command.why)
    return None


def disconnect(turn: Turn, why: str) -> None:
    """The connection is gone or going: end the session, or keep it for who may resume it."""
    hub, session, user = turn.hub, turn.session, turn.session.user
    turn.close()
    if user is None:
        del hub.sessions[session.id]
    elif session.token is None:
        end_session(turn, session, why)
    elif session.attached:
        people.stop_typing(turn, user)
        session.lost_at, session.seen = turn.now, _newest(user)
        hub.lost[session.id] = session
        hub.deaf(session.id)
        for room in user.rooms.values():
            room.changed()
        turn.wake(turn.now + _resume_ms(hub))


def _resume_ms(hub: Hub) -> int:
    return int(hub.limits.resume * 1000)


def expire(hub: Hub, now: int) -> list[Effect]:
    """Forget the sessions that were not resumed in time, and nonces of yesterday."""
    effects: list[Effect] = []
    for session in list(hub.lost.values()):
        due = (session.lost_at or 0) + _resume_ms(hub)
        if due <= now:
            turn = Turn(hub, session, now)
            end_session(turn, session, "connection lost")
            effects += turn.effects
        else:
            effects.append(Wake(due))
            break
    oldest = now - int(hub.limits.nonce * 1000)
    for key, answered in list(hub.nonces.items()):
        if answered.t > oldest:
            break
        del hub.nonces[key]
    return effects


def end_session(turn: Turn, session: Session, why: str) -> None:
    """Forget a session; with a person's last one the person goes, too."""
    hub, user = turn.hub, session.user
    assert user is not None
    del hub.sessions[session.id], user.sessions[session.id]
    hub.lost.pop(session.id, None)
    hub.deaf(session.id)
    if session.token is not None:
        del hub.tokens[session.token]
        turn.record(SessionForgotten(session.token))
    if user.sessions or user.uid == CONSOLE_UID:
        for room in user.rooms.values():
            room.changed()
        return
    people.stop_typing(turn, user)
    people.unpair(turn, user)
    for room in list(user.rooms.values()):
        leave_room(turn, room, user, why or "left")
    people.forget(turn, user)


# The rest


def handle_mode(turn: Turn, command: Mode) -> Result | None:
    """Change what the output looks like."""
    mode = " ".join(command.mode.split()).lower()
    if mode not in MODES:
        raise Refusal(
            104,
            problem=f"There is no mode «{command.mode[:32]}»",
            usage="/mode text, text seq, text seq time or json",
        )
    session = turn.session
    session.mode = mode
    turn.effects.append(SetMode(session.id, mode))
    turn.answer(ModeIs(re=command.id, mode=mode))
    turn.hub.listen(session)
    if mode == "json":
        make_resumable(turn)
        turn.answer(hello(turn.hub, session))
    elif session.token is not None:
        turn.hub.tokens.pop(session.token)
        turn.record(SessionForgotten(session.token))
        session.token = None
    return None


def handle_ping(turn: Turn, command: Ping) -> Result:
    """Give a sign of life."""
    return Pong(t=timestamp(turn.now))


# After a restart


def restore(hub: Hub, stored: Stored, now: int) -> list[Effect]:
    """Take up rooms, and sessions as if all connections had been lost just now."""
    for held in stored.rooms:
        name = names.room_name(held.name)
        room = hub.rooms.get(name.key)
        if room is None:
            room = hub.open_room(name, held.conversation)
        elif room.id != held.conversation:
            del hub.conversations[room.id]
            room.id = held.conversation
            hub.conversations[room.id] = room
        room.topic, room.seq, room.kept = held.topic, held.seq, True
        room.ring.extend(held.ring)
    hub.newest_conversation = max(hub.newest_conversation, stored.newest_conversation)
    for session in stored.sessions:
        _restore_session(hub, session, now)
    for private in stored.privates:
        _restore_private(hub, private)
    _restore_details(hub, stored)
    return [Wake(now + _resume_ms(hub))] if hub.lost else []


def _restore_session(hub: Hub, held: StoredSession, now: int) -> None:
    user = hub.users.get(held.uid)
    if user is None:
        name = _stored_name(hub, held.nick)
        user = User(uid=held.uid, name=name, since=held.since, away=held.away)
        hub.users[user.uid] = user
        people.take_name(hub, user, name)
        for key, role in held.rooms:
            room = hub.rooms.get(key) or hub.open_room(names.room_name(key))
            room.members[user.uid] = (user, role)  # type: ignore[assignment]
            user.rooms[room.id] = room
    session = Session(
        id=f"lost-{held.token}",
        mode=held.mode,
        address="",
        user=user,
        token=held.token,
        lost_at=now,
    )
    session.seen = _newest(user)
    user.sessions[session.id] = hub.sessions[session.id] = hub.lost[session.id] = session
    hub.tokens[held.token] = session
    session.current = hub.conversations.get(held.current or 0)


def _stored_name(hub: Hub, nick: str) -> names.Name:
    if nick.startswith(names.GUEST):
        number = int(nick.removeprefix(names.GUEST))
        return names.guest_name(number)
    return names.nick_name(nick)


def _restore_private(hub: Hub, held: Any) -> None:
    first, second = (hub.users.get(uid) for uid in held.pair)
    if first is None or second is None:
        return
    private = hub.open_private(first, second, held.conversation)
    private.seq, private.kept = held.seq, True
    private.ring.extend(held.ring)


def _restore_details(hub: Hub, stored: Stored) -> None:
    for nonce in stored.nonces:
        conversation = hub.conversations.get(nonce.conversation)
        user = hub.users.get(nonce.uid)
        if conversation is not None and user is not None:
            title = conversation.title_for(user)
            hub.nonces[nonce.uid, nonce.nonce] = Answered(
                t=nonce.t, seq=nonce.seq, state="delivered", to=title
            )
    for number, of, uid, emoji in stored.reactions:
        if number in hub.conversations and uid in hub.users:
            hub.conversations[number].reactions.add((of, uid, emoji))


HANDLERS: dict[type[Command], Any] = {
    Mode: handle_mode,
    Ping: handle_ping,
    Quit: handle_quit,
    Resume: handle_resume,
}
