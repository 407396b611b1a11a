"""Whatever a server sends, a command goes on or ends, and writes nothing that drives a terminal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.headless.statuses import Status
from chatd.core.grammar import clean
from tests.chatcli.garbage import EVENTS
from tests.chatcli.headless.world import World

COMMANDS = [
    ["send", "-v", "#lobby", "hi"],
    ["tail", "-f", "bo"],
    ["tail", "-f", "#lobby", "--json"],
    ["history", "#lobby", "--after", "1"],
    ["who", "--json"],
    ["wait-for", "#lobby", "."],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@given(told=st.lists(st.tuples(EVENTS, st.sampled_from([None, True, False])), max_size=12))
def test_garbage_never_raises(words: list[str], told: list[tuple[dict[str, Any], Any]]) -> None:
    world = World(*words)
    world.arrive()
    for event, ok in told:
        if world.ended is None and ok is not None and world.sent:
            world.visit.received({**event, "re": world.sent.pop(0)["id"], "ok": ok})
        else:
            world.visit.received(event)
    for text in world.output:
        assert clean(text, lines=True) == text


def test_controls_never_come_out() -> None:
    world = World("tail", "#lobby")
    world.arrive()
    world.reply("join", {"seq": 1})
    evil = "\x1b[2J\x9b1m\u202e\r"
    event = {"ev": "msg", "in": f"#lobby{evil}", "seq": 1, "from": f"bo{evil}", "text": f"x{evil}"}
    topic = {"ev": "topic", "in": "#lobby", "seq": 2, "by": f"bo{evil}", "text": evil}
    world.reply("history", {"page": [event, topic], "more": False})
    assert len(world.output) == 2
    assert all(clean(text) == text for text in world.output)
    assert world.ended == (Status.DONE, "")
