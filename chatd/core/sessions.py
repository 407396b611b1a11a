"""Coming, going and coming back: the life of a session and of the person behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core import names, people
from chatd.core.commands import Command, Login, Mode, Ping, Quit, Resume
from chatd.core.effects import Effect, SetMode, Wake
from chatd.core.errors import Refusal
from chatd.core.events import Bye, Hello, Welcome, timestamp
from chatd.core.inputs import Connect
from chatd.core.model import Session, User
from chatd.core.reading import mark_seen
from chatd.core.records import SessionForgotten
from chatd.core.results import Done, ModeIs, Pong, Result
from chatd.core.rooms import WHY, announce, entered, leave_room, seat
from chatd.core.turn import Turn, hashed

if TYPE_CHECKING:
    from chatd.core.hub import Hub

PROTOCOL = 1
CAPS = (
    *("react", "reply", "edit", "del", "once", "typing", "whisper", "match", "nonce", "resume"),
    *("history", "search", "catchup", "mentions", "read", "notify", "ignore"),
    *("account", "token", "invite", "knock", "moderation", "pins", "audit"),
)
MODES = ("text", "text seq", "text seq time", "json")


# Coming


def connect(hub: Hub, session_id: str, command: Connect, now: int) -> list[Effect]:
    """Make the session. A text one is introduced at once, a JSON one with its first command."""
    session = Session(
        id=session_id,
        mode=command.mode,
        address=command.address,
        since=now,
        plain_token=command.token,
        label=command.label,
    )
    hub.sessions[session_id] = session
    turn = Turn(hub, session, now)
    if command.console:
        _seat_console(hub, session)
    elif session.mode != "json":
        introduce(turn)
    return turn.effects


def _seat_console(hub: Hub, session: Session) -> None:
    session.user = hub.console
    hub.console.sessions[session.id] = session
    session.current = hub.lobby


def may_stay_new(command: Command) -> bool:
    """Whether a session that nobody has seen yet need not be introduced before ``command``."""
    return isinstance(command, Login | Resume)


def introduce(turn: Turn, wanted: str | None = None) -> None:
    """Make a guest of a new session, by the name ``wanted`` if he can have it, in the lobby."""
    if turn.session.user is not None:
        return
    become_guest(turn, _free_name(turn.hub, wanted))
    greet(turn)
    announce(turn, turn.hub.lobby, turn.user)


def become_guest(turn: Turn, name: names.Name | None = None, *, again: bool = False) -> None:
    """Make a guest of a session that is nobody's, ``again`` if it was somebody's before."""
    hub, session = turn.hub, turn.session
    name = name or _next_guest(hub)
    # Nobody is given the uid that an account may have taken along from this session.
    uid = f"{session.id}-{hub.guests}" if again else session.id
    user = User(uid=uid, name=name, since=session.since)
    hub.users[user.uid] = user
    people.take_name(hub, user, user.name)
    attach(hub, session, user)
    people.tell_presence(turn, user)
    seat(turn, hub.lobby, user)
    session.current = hub.lobby
    hub.listen(session)
    if again:
        turn.keep_sessions()
        announce(turn, hub.lobby, user)


def _free_name(hub: Hub, wanted: str | None) -> names.Name | None:
    if wanted is None:
        return None
    try:
        name = names.free_nick_name(wanted.strip())
        people.check_free(hub, None, name)
    except Refusal:
        return None
    return name


def _next_guest(hub: Hub) -> names.Name:
    while True:
        hub.guests += 1
        name = names.guest_name(hub.guests)
        if name.key not in hub.nicks:
            return name


def attach(hub: Hub, session: Session, user: User) -> None:
    """Make a session one of a person's."""
    session.user = user
    user.sessions[session.id] = session
    session.began = user.newest
    for room in user.rooms.values():
        room.listen((session.id,))


def greet(turn: Turn) -> None:
    """Tell a session for the first time who and where it is."""
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
            motd=hub.motd,
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
        account=user.account.name.shown if user.account is not None else None,
        role=user.role,
        resume=session.plain_token or "",
        limits=hub.limits.told(),
        caps=CAPS,
        in_=tuple(room.name.shown for room in user.rooms.values()),
        presence=hub.presence,
        motd=hub.motd,
    )


def make_resumable(turn: Turn) -> None:
    """Let the session's token resume it from now on."""
    session = turn.session
    if session.token is None and session.plain_token and not turn.user.console:
        session.token = hashed(session.plain_token)
        turn.hub.tokens[session.token] = session
        turn.keep_sessions()


# Going


def handle_quit(turn: Turn, command: Quit) -> Result | None:
    """Leave for good."""
    turn.answer(Done(re=command.id))
    turn.answer(Bye(text="Goodbye."))
    turn.close()
    end_session(turn, turn.session, command.why[:WHY])
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
        mark_seen(turn, session)
        people.stop_typing(turn, user)
        session.lost_at, session.seen = turn.now, user.newest
        hub.lost[session.id] = session
        hub.deafen(session)
        turn.keep_sessions()
        turn.wake(turn.now + resume_ms(hub))


def resume_ms(hub: Hub) -> int:
    """Return how long a lost session can be resumed, in milliseconds."""
    return int(hub.limits.resume * 1000)


def expire(hub: Hub, now: int) -> list[Effect]:
    """Forget the sessions that were not resumed in time."""
    effects: list[Effect] = []
    for session in list(hub.lost.values()):
        due = (session.lost_at or 0) + resume_ms(hub)
        if due <= now:
            turn = Turn(hub, session, now)
            end_session(turn, session, "connection lost")
            effects += turn.effects
        else:
            effects.append(Wake(due))
            break
    return effects


def end_session(turn: Turn, session: Session, why: str) -> None:
    """Forget a session; with a guest's last one the guest goes, too."""
    hub = turn.hub
    del hub.sessions[session.id]
    hub.lost.pop(session.id, None)
    if session.token is not None:
        del hub.tokens[session.token]
        turn.record(SessionForgotten(session.token))
    release(turn, session, why)


def release(turn: Turn, session: Session, why: str, *, stays: bool = False) -> None:
    """Take a session from its person: an account stays without it, a guest goes with his last.

    One that ``stays``, as somebody else's, is told of everybody's presence all the while.
    """
    hub, user = turn.hub, session.user
    assert user is not None
    mark_seen(turn, session)
    if stays:
        hub.deafen_rooms(session)
    else:
        hub.deafen(session)
    del user.sessions[session.id]
    session.user = session.current = session.label = None
    if user.sessions:
        return
    if user.console:
        people.forget_privates(hub, user)
    elif user.account is not None:
        people.went_offline(turn, user)
    else:
        people.stop_typing(turn, user)
        people.unpair(turn, user)
        for room in list(user.rooms.values()):
            leave_room(turn, room, user, why)
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
    mark_seen(turn, session)
    session.mode, session.began = mode, turn.user.newest
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


HANDLERS: dict[type[Command], Any] = {
    Mode: handle_mode,
    Ping: handle_ping,
    Quit: handle_quit,
}
