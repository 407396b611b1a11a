"""What all commands have in common."""

from __future__ import annotations

import msgspec

RequestId = int | str | None


class Command(msgspec.Struct, tag_field="do", kw_only=True, omit_defaults=True):
    """Something a session asks; ``id`` comes back in the reply as ``re``."""

    id: RequestId = None


class Message(Command, kw_only=True):
    """A command that puts a message into a conversation, the current one where ``to`` is None.

    The same ``nonce`` from the same person within 24 hours gives the first answer again.
    """

    nonce: str | None = None


class Confidential(Command, kw_only=True):
    """A command with a secret in it: never shown, and checked before it gets its place in order."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"
