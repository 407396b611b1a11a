"""How much of the conversations is kept: as much as one has set, however much there was. Pure."""

from __future__ import annotations

from collections.abc import Callable
from sys import getsizeof

from chatcli.conversation import Conversation
from chatcli.model import State

FEW = 100  # lines that stay of a conversation that one has not looked at for long
# Bytes that a line takes besides its text, and a number or a remark, about.
_LINE = 320
_REMARK = 100


def keep_within(state: State) -> None:
    """Forget lines of what was left longest ago until all fit into the memory that is set."""
    for conversation in state.conversations.values():
        conversation.kept = state.settings.lines
    room = state.settings.memory << 20
    sizes = {key: size_of(each) for key, each in state.conversations.items()}
    total = sum(sizes.values())
    if total <= room:
        return
    for conversation in sorted(state.conversations.values(), key=_rank(state)):
        few = len(conversation.lines) // 2 if conversation is state.current else FEW
        conversation.cut(few)
        conversation.close_hole()
        conversation.forget_remarks()
        total += size_of(conversation) - sizes[conversation.key]
        if total <= room:
            return


def _rank(state: State) -> Callable[[Conversation], tuple[bool, int]]:
    return lambda each: (each is state.current, each.visited)


def size_of(conversation: Conversation) -> int:
    """Return how many bytes its lines take, and what is remembered about them."""
    lines = sum(getsizeof(line.text) for line in conversation.lines)
    return lines + len(conversation.lines) * _LINE + conversation.remarked * _REMARK
