"""Messages: saying, answering, reacting, typing, reading what was said."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chatd.core import commands
from chatd.core.commands import Command, Me, Msg, React, Typing, Whisper
from chatd.core.errors import Refusal
from chatd.core.events import TypingSet, timestamp
from chatd.core.model import Conversation, Private, Room, User
from chatd.core.policy import check_room, may
from chatd.core.records import ReactionForgotten, ReactionKept
from chatd.core.results import Done, ReactionSent, Result, Sent

if TYPE_CHECKING:
    from chatd.core.log import Logged
    from chatd.core.turn import Turn

EMOJI_LENGTH = 32
_WORDS = re.compile(r"[^\s,*?!@:#<>'\";()\[\]{}]+")


class Answered(NamedTuple):
    """The first answer to a message with a nonce. ``t`` in milliseconds since the epoch."""

    t: int
    seq: int
    state: Literal["delivered", "stored"]
    to: str

    def again(self) -> Sent:
        """Return the answer once more."""
        return Sent(seq=self.seq, t=timestamp(self.t), state=self.state, to=self.to)


def check_text(turn: Turn, text: str, usage: str = "/msg TO TEXT") -> str:
    """Return a message's text. Raises ``Refusal`` 104 for an empty one, 320 for a long one."""
    limits = turn.hub.limits
    if not text.strip():
        raise Refusal(104, problem="There is no text", usage=usage)
    size = len(text.encode())
    if size > limits.text:
        raise Refusal(320, size=f"{size} bytes", limit=f"{limits.text} bytes")
    lines = text.count("\n") + 1
    if lines > limits.text_lines:
        raise Refusal(320, size=f"{lines} lines", limit=f"{limits.text_lines} lines")
    return text


def mentioned(turn: Turn, room: Room, text: str) -> tuple[str, ...]:
    """Return the uids of the members, other than the author, whose nicks are in ``text``."""
    nicks, found = turn.hub.nicks, {}
    for word in _WORDS.findall(text):
        # As names are folded, which is not casefold, but cheaper: this is done for each word.
        folded = unicodedata.normalize("NFC", word.lower())
        user = nicks.get(folded) or nicks.get(folded.rstrip(".-_…。、"))
        if user is not None and user is not turn.user and user.uid in room.members:
            found[user.uid] = True
    return tuple(found)


def answered_before(turn: Turn, nonce: str | None) -> Sent | None:
    """Return the first answer to a nonce, None for a new one."""
    if nonce is None:
        return None
    before = turn.hub.nonces.get((turn.user.uid, nonce))
    return before.again() if before is not None else None


def check_may_speak(turn: Turn, conversation: Conversation) -> None:
    """Raise ``Refusal`` where nobody would hear it.

    303 or 306 in a room where the asker may not speak; 310 where the other person of a private
    conversation has left, 311 where he ignores the asker.
    """
    if isinstance(conversation, Room):
        check_room(turn.user, conversation, "speak")
    if isinstance(conversation, Private):
        other, user = conversation.other(turn.user), turn.user
        if not other.reachable:
            raise Refusal(310, who=f"called {other.nick}")
        if other.account is not None and user.uid in other.account.ignored:
            raise Refusal(311, nick=other.nick)


def say(
    turn: Turn,
    conversation: Conversation,
    kind: str,
    text: str,
    nonce: str | None,
    *,
    of: Logged | None = None,
    room: str | None = None,
) -> Sent:
    """Put a message into a conversation, and return the answer.

    Raises ``Refusal`` where the asker may not speak there, or for the text.
    """
    check_may_speak(turn, conversation)
    user = turn.user
    mentions: tuple[str, ...] = ()
    if isinstance(conversation, Room):
        mentions = mentioned(turn, conversation, check_text(turn, text))
        if of is not None and of.uid != user.uid and of.uid not in mentions:
            mentions = (*mentions, of.uid)
        _take_turn(turn, conversation)
    check_text(turn, text)
    user.typing.pop(conversation.id, None)
    logged = turn.log(
        conversation,
        kind,
        text,
        of=of.seq if of else None,
        room=room,
        mentions=mentions,
        nonce=nonce,
    )
    return sent(turn, conversation, logged, nonce)


def sent(turn: Turn, conversation: Conversation, logged: Logged, nonce: str | None) -> Sent:
    """Return the answer to who put ``logged`` into a conversation, and keep it for its nonce."""
    user = turn.user
    answered = Answered(
        logged.t, logged.seq, _state(conversation, user), conversation.title_for(user)
    )
    if nonce is not None:
        _remember(turn, user, nonce, answered)
    return answered.again()


def _take_turn(turn: Turn, room: Room) -> None:
    """Have a member of a slow room wait since he last spoke. Raises ``Refusal`` 429."""
    user = turn.user
    if not room.slow or may(user, room, "hurry"):
        return
    ready = room.spoke.get(user.uid, 0) + room.slow * 1000
    if turn.now < ready:
        wait = -(-(ready - turn.now) // 1000)
        what = f"{room.name.shown} is slow, one message in {room.slow} s"
        raise Refusal(429, what=what, wait=wait)
    room.spoke[user.uid] = turn.now


def _remember(turn: Turn, user: User, nonce: str, answered: Answered) -> None:
    """Keep the answer to a nonce, and forget those of yesterday."""
    nonces = turn.hub.nonces
    nonces[user.uid, nonce] = answered
    oldest = turn.now - int(turn.hub.limits.nonce * 1000)
    while nonces[first := next(iter(nonces))].t < oldest:
        del nonces[first]


def _state(conversation: Conversation, user: User) -> Literal["delivered", "stored"]:
    """Tell whether anybody else, or the author elsewhere, reads it now."""
    readers = (other for other in conversation.people() if other is not user)
    return "delivered" if any(other.attached for other in readers) else "stored"


def handle_msg(turn: Turn, command: Msg | Me) -> Result:
    """Say or do something."""
    again = answered_before(turn, command.nonce)
    if again is not None:
        return again
    conversation = turn.hub.find_conversation(command.to, turn)
    kind = "me" if isinstance(command, Me) else "text"
    return say(turn, conversation, kind, command.text, command.nonce)


def message_of(turn: Turn, conversation: Conversation, seq: int) -> Logged:
    """Return a message of a conversation. Raises ``Refusal`` 331."""
    logged = turn.look_up(conversation, seq)
    if logged is None or not logged.is_message:
        raise Refusal(331, seq=seq, room=conversation.title_for(turn.user))
    return logged


def handle_reply(turn: Turn, command: commands.Reply) -> Result:
    """Answer a message."""
    again = answered_before(turn, command.nonce)
    if again is not None:
        return again
    conversation = turn.hub.find_conversation(command.to, turn)
    of = message_of(turn, conversation, command.seq)
    return say(turn, conversation, "text", command.text, command.nonce, of=of)


def handle_whisper(turn: Turn, command: Whisper) -> Result:
    """Say something to one member of a room alone; it is kept in the private conversation."""
    again = answered_before(turn, command.nonce)
    if again is not None:
        return again
    room = turn.hub.find_joined(command.room, turn)
    check_room(turn.user, room, "speak")
    other = turn.hub.find_user(command.nick)
    if other.uid not in room.members:
        title = room.name.shown
        raise Refusal(303, who=f"{other.nick} is", room=title, then=f"/msg {other.nick} TEXT")
    private = turn.hub.find_conversation(f"@{other.nick}", turn)
    title = room.name.shown
    return say(turn, private, "whisper", command.text, command.nonce, room=title)


def handle_react(turn: Turn, command: React) -> Result:
    """Put an emoji under a message, or take it back."""
    conversation = turn.hub.find_conversation(command.to, turn)
    check_may_speak(turn, conversation)
    emoji = command.emoji.strip()
    if not emoji or len(emoji.encode()) > EMOJI_LENGTH or len(emoji.split()) != 1:
        problem = f"An emoji has 1 to {EMOJI_LENGTH} bytes and no space"
        raise Refusal(104, problem=problem, usage="/react SEQ EMOJI")
    of = message_of(turn, conversation, command.seq)
    uid = turn.user.uid
    standing = emoji in turn.emoji_under(conversation, of.seq)
    logged = turn.log(conversation, "unreact" if standing else "react", emoji, of=of.seq)
    record = ReactionForgotten if standing else ReactionKept
    turn.record(record(conversation.id, of.seq, uid, emoji))
    if conversation.logged(of.seq) is not None:
        conversation.reactions.setdefault(of.seq, set()).symmetric_difference_update({(uid, emoji)})
    return ReactionSent(
        seq=logged.seq,
        t=timestamp(logged.t),
        state=_state(conversation, turn.user),
        to=conversation.title_for(turn.user),
        on=not standing,
    )


def handle_typing(turn: Turn, command: Typing) -> Result:
    """Tell the others that one types, or has stopped."""
    user = turn.user
    conversation = turn.hub.find_conversation(command.to, turn)
    if isinstance(conversation, Room):
        check_room(user, conversation, "speak")
    # An administrator may speak where he is not; that he stops there is not looked after.
    if command.on and (isinstance(conversation, Private) or conversation.id in user.rooms):
        user.typing[conversation.id] = conversation
    else:
        user.typing.pop(conversation.id, None)
    tell_typing(turn, user, conversation, on=command.on)
    return Done()


def tell_typing(turn: Turn, user: User, conversation: Conversation, *, on: bool) -> None:
    """Tell the others in a conversation whether ``user`` types."""
    if isinstance(conversation, Room):
        event = TypingSet(in_=conversation.name.shown, from_=user.nick, on=on)
        others = set(user.attached) | turn.sessions_in(conversation, user.ignored_by)
        turn.tell(tuple(s for s in conversation.audience if s not in others), event)
        return
    for other in conversation.people():
        if other is not user and other.uid not in user.ignored_by:
            title = conversation.title_for(other)
            turn.tell(other.attached, TypingSet(in_=title, from_=user.nick, on=on))


HANDLERS: dict[type[Command], Any] = {
    Me: handle_msg,
    Msg: handle_msg,
    React: handle_react,
    commands.Reply: handle_reply,
    Typing: handle_typing,
    Whisper: handle_whisper,
}
