"""Messages after they were said: changing, erasing, viewing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from chatd.core import moderation
from chatd.core.commands import Command, Delete, Edit, Once, View
from chatd.core.errors import Refusal
from chatd.core.events import Viewed, timestamp
from chatd.core.log import Logged
from chatd.core.messages import (
    answered_before,
    check_may_speak,
    check_text,
    mentioned,
    message_of,
    say,
    sent,
)
from chatd.core.model import Conversation, Private, Room
from chatd.core.policy import check_room
from chatd.core.records import Erased, Rewritten
from chatd.core.results import Result, ViewedOnce

if TYPE_CHECKING:
    from chatd.core.turn import Turn


def _check_own(turn: Turn, conversation: Conversation, message: Logged) -> None:
    """Raise ``Refusal`` where the asker may not change ``message``: 303, 306 or 330."""
    own, title = message.uid == turn.user.uid, conversation.title_for(turn.user)
    if isinstance(conversation, Room):
        check_room(turn.user, conversation, "rewrite own")
        if not own:
            try:
                check_room(turn.user, conversation, "rewrite")
            except Refusal:
                raise Refusal(330, seq=message.seq, room=title) from None
    elif not own:
        raise Refusal(330, seq=message.seq, room=title)


def handle_edit(turn: Turn, command: Edit) -> Result:
    """Change a message: it reads otherwise from now on, and the others are told."""
    again = answered_before(turn, command.nonce)
    if again is not None:
        return again
    conversation = turn.hub.find_conversation(command.to, turn)
    message = message_of(turn, conversation, command.seq)
    check_may_speak(turn, conversation)
    _check_own(turn, conversation, message)
    text, mentions = check_text(turn, command.text), message.mentions
    if isinstance(conversation, Room):
        mentions = mentioned(turn, conversation, text)
    changed = msgspec.structs.replace(message, text=text, mentions=mentions, state="edited")
    conversation.replace(changed)
    turn.record(Rewritten(changed))
    logged = turn.log(
        conversation, "edit", text, of=message.seq, mentions=mentions, nonce=command.nonce
    )
    if message.uid != turn.user.uid:
        turn.audit("edit", f"{message.nick} {message.seq}", conversation.title_for(turn.user))
    return sent(turn, conversation, logged, command.nonce)


def handle_delete(turn: Turn, command: Delete) -> Result:
    """Erase a message; that there was one stays."""
    conversation = turn.hub.find_conversation(command.to, turn)
    message = turn.look_up(conversation, command.seq)
    if message is None or not (message.is_message or _unviewed(message)):
        raise Refusal(331, seq=command.seq, room=conversation.title_for(turn.user))
    _check_own(turn, conversation, message)
    _erase(turn, conversation, message, "deleted")
    if isinstance(conversation, Room) and message.seq in conversation.pins:
        moderation.unpin(turn, conversation, message.seq)
    logged = turn.log(conversation, "delete", "", of=message.seq)
    if message.uid != turn.user.uid:
        turn.audit("del", f"{message.nick} {message.seq}", conversation.title_for(turn.user))
    return sent(turn, conversation, logged, None)


def _unviewed(message: Logged) -> bool:
    return message.kind == "once" and not message.erased


def _erase(turn: Turn, conversation: Conversation, message: Logged, state: str) -> None:
    """Take the text of a message, and of its edits, from everywhere."""
    turn.record(Erased(conversation.id, message.seq, state))
    conversation.reactions.pop(message.seq, None)
    if conversation.logged(message.seq) is None:
        conversation.erased[message.seq] = state
    conversation.replace(message.erase(state))
    for edit in [e for e in conversation.ring if e.kind == "edit" and e.of == message.seq]:
        conversation.replace(msgspec.structs.replace(edit, text="", mentions=()))


# Once


def handle_once(turn: Turn, command: Once) -> Result:
    """Send a person what can be viewed once; it is told without its text."""
    again = answered_before(turn, command.nonce)
    if again is not None:
        return again
    other = turn.hub.find_user(command.nick)
    if other.account is None:
        # Only accounts can view it.
        raise Refusal(310, who=f"called {other.nick} with an account")
    conversation = turn.hub.find_conversation(f"@{other.nick}", turn)
    return say(turn, conversation, "once", command.text, command.nonce)


def handle_view(turn: Turn, command: View) -> Result:
    """Show it to whom it was sent, and erase it: before he is told, it is gone from the disk."""
    user = turn.user
    conversation = turn.hub.find_conversation(command.to, turn)
    message = turn.look_up(conversation, command.seq)
    title = conversation.title_for(user)
    mine = message is not None and message.uid == user.uid
    if message is None or not _unviewed(message) or (mine and not _to_oneself(conversation)):
        raise Refusal(331, seq=command.seq, room=title)
    _erase(turn, conversation, message, "viewed")
    for other in conversation.people():
        viewed = Viewed(in_=conversation.title_for(other), seq=message.seq)
        turn.tell(other.attached, viewed, turn.session.id)
    return ViewedOnce(
        to=title, seq=message.seq, t=timestamp(message.t), from_=message.nick, text=message.text
    )


def _to_oneself(conversation: Conversation) -> bool:
    return isinstance(conversation, Private) and len(conversation.people()) == 1


HANDLERS: dict[type[Command], Any] = {
    Delete: handle_delete,
    Edit: handle_edit,
    Once: handle_once,
    View: handle_view,
}
