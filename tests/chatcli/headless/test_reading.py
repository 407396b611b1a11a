"""``tail``, ``history``, ``wait-for`` and ``who``: pages, holes, doubles, words."""

from __future__ import annotations

import json
from typing import Any

from chatcli.headless.printing import json_line
from chatcli.headless.statuses import Status
from tests.chatcli.headless.world import ANA, World, said

DONE = (Status.DONE, "")


def page(*numbers: int, more: bool = False, to: str = "#lobby") -> dict[str, Any]:
    return {"page": [said(each, f"line {each}", to) for each in numbers], "more": more}


def numbers(world: World) -> list[int]:
    """Return the numbers of the lines that were written."""
    return [int(line.split()[1]) for line in world.output]


def following(*words: str, last: int = 3) -> World:
    """Return a world that follows the lobby, in which something was said."""
    world = World("tail", "-f", "#lobby", *words)
    world.arrive()
    world.reply("join", {"seq": last})
    world.reply("history", page(*range(1, last + 1)))
    world.reply("history", page(), after=last)
    return world


# History


def test_history_is_read_by_pages_and_written_in_order() -> None:
    world = World("history", "#lobby", "-n", "460")
    world.arrive()
    world.reply("join", {"seq": 1000})
    world.reply("history", page(*range(801, 1001), more=True), limit=200, before=None)
    world.reply("history", page(*range(601, 801), more=True), limit=200, before=801)
    assert world.output == []
    world.reply("history", page(*range(541, 601), more=True), limit=60, before=601)
    assert numbers(world) == list(range(541, 1001))
    assert world.ended == DONE


def test_what_came_after_a_message_is_written_as_it_comes() -> None:
    world = World("history", "#lobby", "-n", "300", "--after", "5")
    world.arrive()
    world.reply("join", {"seq": 1000})
    world.reply("history", page(*range(6, 206), more=True), after=5)
    assert numbers(world) == list(range(6, 206))
    # It may take as long again.
    assert world.limits == [30.0]
    world.resume()
    world.reply("join", {"seq": 1000})
    world.reply("history", page(206, 207), after=205, limit=100)
    assert numbers(world) == list(range(6, 208))
    assert world.ended == DONE


def test_history_of_nothing_is_nothing() -> None:
    world = World("history", "bo")
    world.arrive()
    world.reply("history", page(), to="@bo")
    assert (world.output, world.ended) == ([], DONE)


def test_a_server_that_always_has_more_is_not_believed() -> None:
    world = World("history", "#lobby", "-n", "1000")
    world.arrive()
    world.reply("join", {"seq": 1000})
    world.reply("history", page(more=True))
    assert world.ended == DONE


# Words


def test_each_line_of_a_text_has_its_head() -> None:
    world = World("tail", "#lobby")
    world.arrive()
    world.reply("join", {"seq": 1})
    world.reply("history", {"page": [said(1, "a\n#lobby 2 boss: b\x1b[31m")], "more": False})
    (text,) = world.output
    first, second = text.split("\n")
    assert first.endswith(" bo: a")
    assert second.endswith(" bo: #lobby 2 boss: b[31m")


def test_json_is_what_the_server_told_with_nothing_that_drives_a_terminal() -> None:
    event = said(1, "ä \x1b[31m \x9b \u202e")
    line = json_line(event)
    assert json.loads(line) == event
    assert "ä" in line
    assert not any(each in line for each in ("\x1b", "\x9b", "\u202e"))


def test_reactions_edits_and_deletions_are_told() -> None:
    world = following("-n", "0")
    world.event("react", in_="#lobby", seq=4, by="cy", of=2, emoji="👍", on=True)
    world.event("edit", in_="#lobby", seq=5, by="bo", of=2, text="new")
    world.event("delete", in_="#lobby", seq=6, by="bo", of=2)
    assert [line.split(" ", 2)[1] for line in world.output] == ["cy", "bo", "bo"]


# Following


def test_tail_without_f_ends() -> None:
    world = World("tail", "#lobby", "-n", "2")
    world.arrive()
    world.reply("join", {"seq": 9})
    world.reply("history", page(8, 9, more=True), limit=2)
    assert (numbers(world), world.ended) == ([8, 9], DONE)


def test_tail_goes_on() -> None:
    world = following()
    world.say(4, "x")
    world.say(5, "elsewhere", "#ops")
    world.say(5, "y")
    assert (numbers(world), world.ended) == ([1, 2, 3, 4, 5], None)


def test_what_comes_while_the_end_is_read_comes_behind_it() -> None:
    world = World("tail", "-f", "#lobby")
    world.arrive()
    world.say(3, "at the same time")
    world.reply("join", {"seq": 3})
    world.say(4, "and again")
    world.reply("history", page(1, 2, 3, 4))
    world.say(5, "before the last answer")
    world.reply("history", page(5), after=4)
    assert numbers(world) == [1, 2, 3, 4, 5]


def test_a_hole_is_filled_in_order() -> None:
    world = following()
    world.say(7, "x")
    world.say(8, "y")
    world.reply("history", page(4, 5, more=True), after=3)
    world.reply("history", page(6, 7), after=5)
    assert numbers(world) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_lost_connection_leaves_no_hole_and_makes_no_double() -> None:
    world = following()
    world.resume({"#lobby": 3})
    world.say(4, "replayed")
    world.reply("join", {"seq": 5})
    world.say(5, "replayed, too")
    world.reply("history", page(5, 6), after=4)
    world.say(6, "late")
    world.say(7, "new")
    assert numbers(world) == [1, 2, 3, 4, 5, 6, 7]


def test_so_does_one_that_the_server_has_forgotten() -> None:
    world = following()
    world.come_anew()
    world.reply("join", {"seq": 5})
    world.reply("history", page(4, 5), after=3)
    assert numbers(world) == [1, 2, 3, 4, 5]


def test_a_room_that_began_again_is_followed_from_its_beginning() -> None:
    world = following()
    world.come_anew()
    world.reply("join", {"seq": 1})
    world.reply("history", page(1), after=0)
    assert numbers(world) == [1, 2, 3, 1]


def test_without_a_history_one_follows_what_comes() -> None:
    world = World("tail", "-f", "#lobby")
    world.arrive()
    world.reply("join", {"seq": 9})
    world.refuse("history", 340)
    world.refuse("history", 340)
    world.say(10, "x")
    world.say(12, "y")
    world.refuse("history", 340)
    assert numbers(world) == [10, 12]


def test_a_person_who_has_another_name_is_followed() -> None:
    world = World("tail", "-f", "bo")
    world.arrive()
    world.reply("history", page(1, to="@bo"), to="@bo")
    world.reply("history", page(), after=1)
    world.event("nick", old="bo", nick="bob")
    world.say(2, "still me", "@bob")
    assert numbers(world) == [1, 2]


def test_a_person_can_be_followed_by_a_former_name() -> None:
    world = World("tail", "-f", "bo")
    world.arrive()
    world.reply("history", {**page(1, to="@bob"), "to": "@bob"}, to="@bo")
    world.reply("history", {**page(), "to": "@bob"}, after=1)
    world.say(2, "still me", "@bob")
    assert numbers(world) == [1, 2]


def test_who_is_put_out_is_told() -> None:
    world = following()
    world.event("part", in_="#lobby", nick="bo", by="ops")
    assert world.goes_on()
    world.event("part", in_="#lobby", nick="guest-7", by="ops")
    assert world.ended == (Status.REFUSED, "ops put you out of #lobby.")


# Waiting


def waiting(*words: str) -> World:
    world = World("wait-for", "#lobby", *words)
    world.arrive()
    world.reply("join", {"seq": 3})
    return world


def test_a_message_that_matches_ends_the_wait() -> None:
    world = waiting("deployed|failed")
    world.reply("history", page(), after=3)
    world.say(4, "deploying")
    assert (world.output, world.ended) == ([], None)
    world.say(5, "it has failed")
    assert (numbers(world), world.ended) == ([5], DONE)
    world.say(6, "failed again")
    assert numbers(world) == [5]


def test_what_came_while_the_connection_was_lost_matches() -> None:
    world = waiting("^line 5$")
    world.reply("history", page(), after=3)
    world.resume({"#lobby": 3})
    world.reply("join", {"seq": 6})
    world.reply("history", page(4, 5, 6), after=3)
    assert (numbers(world), world.ended) == ([5], DONE)


def test_one_can_wait_from_a_message_on() -> None:
    world = waiting("line", "--after", "1")
    world.reply("history", page(2, 3), after=1)
    assert (numbers(world), world.ended) == ([2], DONE)


def test_with_a_person_one_waits_for_what_is_new() -> None:
    world = World("wait-for", "bo", "line")
    world.arrive()
    world.reply("history", page(8, to="@bo"), limit=1)
    world.reply("history", page(to="@bo"), after=8)
    world.say(9, "a line", "@bo")
    assert (numbers(world), world.ended) == ([9], DONE)


def test_what_one_ignores_and_acts_do_not_match() -> None:
    world = waiting("x")
    world.reply("history", page(), after=3)
    world.visit.received({**said(4, "x"), "ignored": True})
    world.event("topic", in_="#lobby", seq=5, by="bo", text="x")
    assert world.goes_on()


# Who


USERS = [
    {"nick": "ana", "role": "admin", "state": "away", "text": "lunch"},
    {"nick": "guest-7", "role": "guest", "state": "online"},
]


def test_who_lists_people_but_not_the_guest_who_asks() -> None:
    world = World("who", "#lobby")
    world.arrive()
    world.reply("who", {"users": USERS}, room="#lobby")
    assert (world.output, world.ended) == (["ana\tadmin\taway\tlunch"], DONE)


def test_who_lists_the_account_that_asks() -> None:
    world = World("who", "--json", credentials=ANA)
    world.visit.connected()
    world.reply("login", {"you": "ana"})
    world.reply("who", {"users": USERS})
    assert [json.loads(line) for line in world.output] == USERS
