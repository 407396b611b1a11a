"""What was kept on disk is taken into a chat that begins. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from chatcli.conversation import SPEAKERS_KEPT, Conversation
from chatcli.keeping import PLACE, Items, KeptConversation, KeptUnsent
from chatcli.line import Line, Reaction
from chatcli.model import State
from chatcli.wire import key_of


class NotUnderstood(ValueError):
    """What was kept is not what this program keeps."""


class Kept(NamedTuple):
    """What was kept, understood: conversations in their order, and which one was shown."""

    conversations: list[Conversation]
    current: str
    drafts: dict[str, list[str]]
    unsent: list[KeptUnsent]


_summary = msgspec.msgpack.Decoder(KeptConversation).decode
_line = msgspec.msgpack.Decoder(Line).decode
_waiting = msgspec.msgpack.Decoder(KeptUnsent).decode


def understand(items: Items) -> Kept:
    """Return what the items, sorted by their names, mean. Raises ``NotUnderstood``."""
    lines: dict[str, list[Line]] = {}
    drafts: dict[str, list[str]] = {}
    unsent: list[KeptUnsent] = []
    summaries: list[KeptConversation] = []
    try:
        for (kind, key, _), body in items.items():
            if kind == "line":
                lines.setdefault(key, []).append(_line(body))
            elif kind == "conversation":
                summaries.append(_summary(body))
            elif kind == "draft":
                drafts.setdefault(key, []).append(body.decode())
            elif kind == "unsent":
                unsent.append(_waiting(body))
        current = items.get(PLACE, b"").decode()
    except (msgspec.MsgspecError, UnicodeError, TypeError, AttributeError) as error:
        raise NotUnderstood(str(error)) from error
    summaries.sort(key=lambda each: each.place)
    found = [_conversation(each, lines.get(key_of(each.title), [])) for each in summaries]
    return Kept(found, current, drafts, unsent)


# What has another name, or is more than a value, in a conversation.
_APART = ("place", "reactions", "pins")


def _conversation(kept: KeptConversation, lines: Iterable[Line]) -> Conversation:
    values: dict[str, Any] = msgspec.structs.asdict(kept)
    for key in _APART:
        del values[key]
    conversation = Conversation(**values, pins=set(kept.pins), old=True)
    for of, emoji, seq, nick, on in kept.reactions:
        conversation.react(of, emoji, Reaction(seq, nick, on))
    conversation.place_before(lines)
    for line in conversation.lines[-SPEAKERS_KEPT:]:
        if line.is_said:
            conversation.spoke(line.who)
    return conversation


def show(state: State, kept: Kept, account: str) -> None:
    """Show the conversations of an account as they were, while nothing else is shown."""
    state.you = state.account = account
    for each in kept.conversations:
        conversation = state.open(each.title)
        each.kept = conversation.kept
        for line in conversation.lines:
            each.place(line)
        if conversation.key in state.conversations:
            state.conversations[conversation.key] = each
    if kept.current in state.conversations:
        state.current_key = kept.current


def hide(state: State) -> None:
    """Take away what is still as it was, but for words about why: one is not whom it belongs to."""
    words = [line for line in state.current.lines if line.kind in {"server", "error"}]
    gone = [each for each in state.conversations.values() if each.old]
    for conversation in gone:
        state.close(conversation.title)
    if gone and state.current not in gone:
        state.current.place_before(words)
    if state.account is not None:
        # No server has said yet who one is.
        state.account, state.you = None, ""


def give_back(state: State, drafts: dict[str, list[str]]) -> None:
    """Let drafts come back into the input of their conversations."""
    for key, texts in drafts.items():
        for text in texts:
            state.drafts.give_back(key, text)
