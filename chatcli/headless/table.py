"""The one table of the commands that need no screen. Pure."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import NamedTuple

from chatcli.headless import people, piping, reading, sending, waiting
from chatcli.headless.visit import Errand, Visit


class Row(NamedTuple):
    """A command; ``details`` stand below its options in the help."""

    name: str
    summary: str
    details: str
    add_arguments: Callable[[ArgumentParser], None]
    errand: Callable[[Visit, Namespace], Errand]


COMMANDS = {
    row.name: row
    for row in (
        Row(
            "send",
            "sends a message",
            "It ends when the server has acknowledged the message. Where the connection is"
            " lost meanwhile, it is sent again, and said once.",
            sending.add_arguments,
            sending.Send,
        ),
        Row(
            "pipe",
            "sends what another command puts out",
            "The input goes out without colours: in one message where it fits into one and ends"
            " within five seconds, else in several, each of five seconds or a full message.",
            piping.add_arguments,
            piping.Pipe,
        ),
        Row(
            "tail",
            "shows the end of a conversation",
            "With -f it goes on over lost connections, and shows each line once.",
            reading.add_tail_arguments,
            reading.Tail,
        ),
        Row(
            "history",
            "shows a part of a conversation",
            "Without --before or --after it is the newest part. The number of a message is behind"
            " the conversation.",
            reading.add_history_arguments,
            reading.History,
        ),
        Row(
            "who",
            "lists who is here",
            "A line has nick, role, state and why away, with tabs between them.",
            people.add_arguments,
            people.Who,
        ),
        Row(
            "wait-for",
            "waits for a message that matches",
            "The message is shown. With --after none is missed that came since an earlier one.",
            waiting.add_arguments,
            waiting.WaitFor,
        ),
    )
}
