"""``chatcli pipe``: what is read, when it is sent, and who waits for whom."""

from chatcli.headless.piping import EVERY
from chatcli.headless.statuses import Status
from tests.chatcli.headless.world import World


def piping() -> World:
    world = World("pipe", "bo")
    world.arrive()
    return world


def texts(world: World) -> list[str]:
    """Return what is said while each message is acknowledged."""
    said = []
    while world.sent and world.ended is None:
        said.append(world.reply("msg", {"seq": 1})["text"])
    return said


def test_a_short_output_is_one_message_at_its_end() -> None:
    world = piping()
    world.feed(b"one\n")
    world.feed(b"two\n")
    assert world.sent == []
    world.feed(b"")
    world.reply("msg", {"seq": 1}, text="one\ntwo", to="@bo")
    assert world.ended == (Status.DONE, "")


def test_no_output_is_no_message() -> None:
    world = piping()
    world.feed(b"")
    assert world.ended == (Status.DONE, "")
    world.take("quit")


def test_a_line_waits_for_some_seconds_at_most() -> None:
    world = piping()
    world.feed(b"one\n")
    world.feed(b"two\nthr")
    ((seconds, due),) = world.timers
    assert seconds == EVERY
    due()
    assert texts(world) == ["one\ntwo"]
    world.feed(b"ee\n")
    assert len(world.timers) == 2
    world.feed(b"")
    assert texts(world) == ["three"]
    world.timers[1][1]()
    assert world.ended == (Status.DONE, "")


def test_messages_go_out_one_by_one_and_who_writes_waits() -> None:
    world = piping()
    world.feed(b"".join(b"%d\n" % number for number in range(250)))
    assert (len(world.sent), world.wanted) == (1, None)
    assert [text.count("\n") for text in texts(world)] == [99, 99]
    assert world.wanted is not None
    world.feed(b"")
    assert [text.split("\n")[0] for text in texts(world)] == ["200"]
    assert world.ended == (Status.DONE, "")


def test_nothing_is_read_before_one_is_there() -> None:
    world = World("pipe", "#lobby")
    world.arrive()
    assert world.wanted is None
    world.reply("join", {"seq": 1})
    assert world.wanted is not None


def test_a_lost_connection_neither_loses_nor_doubles() -> None:
    world = World("pipe", "#lobby")
    world.arrive()
    world.reply("join", {"seq": 1})
    world.feed(b"one\n")
    world.timers[0][1]()
    first = world.take("msg", text="one")
    world.visit.lost()
    world.feed(b"two\n")
    assert world.sent == []
    world.resume()
    world.reply("join", {"seq": 2})
    world.reply("msg", {"seq": 2}, text="one", nonce=first["nonce"])
    world.feed(b"")
    second = world.reply("msg", {"seq": 3}, text="two")
    assert second["nonce"] != first["nonce"]
    assert world.ended == (Status.DONE, "")


def test_a_command_may_think_for_long_and_an_answer_may_not() -> None:
    world = piping()
    assert world.limits == [None]
    world.feed(b"one\n")
    world.timers[0][1]()
    assert world.limits[-1] == 30.0
    texts(world)
    assert world.limits[-1] is None


def test_a_refusal_ends_it() -> None:
    world = piping()
    world.feed(b"one\n")
    world.feed(b"")
    world.refuse("msg", 311)
    assert world.ended is not None
    assert world.ended[0] is Status.REFUSED
