"""Messages that wait, from one run to the next: each goes out once, or into the input. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from chatcli.keeping import KeptUnsent
from chatcli.model import State
from chatcli.outbox import Outbox, Unsent, line_for
from chatcli.wire import key_of
from chatd.core.commands import Message, Once
from chatd.core.errors import Refusal
from chatd.core.grammar import encode, parse

# Seconds in which a server still knows a nonce, with something to spare.
KNOWN = 23 * 3600.0


def to_keep(outbox: Outbox, account: str) -> list[KeptUnsent]:
    """Return what an account (its key; empty: a guest) has waiting; not what nobody may read."""
    return [
        KeptUnsent(
            title=unsent.title,
            command=encode(unsent.command).decode(),
            typed=unsent.typed,
            place=unsent.place,
            t=unsent.line.t,
        )
        for unsent in outbox.waiting
        if unsent.account == account and not isinstance(unsent.command, Once)
    ]


def take(
    outbox: Outbox, state: State, kept: Iterable[KeptUnsent], account: str, now: float
) -> None:
    """Let messages of an account wait again; ``now`` in seconds.

    What would not be known to the server as the same, if it had come, goes back into the input:
    that of guests, who are somebody new each time, and what is too old.
    """
    waiting = {unsent.command.nonce for unsent in outbox.waiting}
    for each in kept:
        command = _command(each)
        known = bool(account) and now - each.t < KNOWN
        if command is None or not known:
            state.drafts.give_back(each.place, each.typed)
        elif command.nonce not in waiting:
            outbox.wait(_unsent(each, command, account, state.you))


def _unsent(kept: KeptUnsent, command: Message, account: str, you: str) -> Unsent:
    return Unsent(
        title=kept.title,
        command=command,
        line=line_for(command, you, kept.t),
        typed=kept.typed,
        place=kept.place,
        account=key_of(account),
    )


def _command(kept: KeptUnsent) -> Message | None:
    try:
        command = parse(kept.command)
    except Refusal:
        return None
    return command if isinstance(command, Message) and command.nonce else None
