"""What is around the messages, and lists of them, as rows of a screen."""

from hypothesis import given
from hypothesis import strategies as st

from chatcli.commands import ITS_OWN
from chatcli.findings import Findings, Hit
from chatcli.line import Member
from chatcli.model import State
from chatcli.state import apply, enter
from chatcli.ui.findings import findings_rows
from chatcli.ui.help import help_lines
from chatcli.ui.panes import (
    Link,
    Scene,
    conversation_rows,
    counts,
    most_skipped,
    people_rows,
    status_row,
)
from chatcli.ui.text import row_columns
from chatd.core.commands import COMMANDS
from tests.chatcli.events import NOW, entered, hello, msg
from tests.chatcli.rows import line, plain


def crowded() -> State:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered("#ops"), NOW)
    enter(state, entered("#lobby"), NOW)
    state.go("#lobby")
    apply(state, msg(1, in_="#ops", mention=True), NOW)
    apply(state, msg(1, in_="@bo"), NOW)
    return state


def test_conversations_show_counts_and_presence() -> None:
    rows = [plain(row) for row in conversation_rows(crowded(), 14, 10)]
    assert rows == ["#ops        1!", "@bo ◌       1!", "#lobby        "]


def test_what_calls_one_is_counted_beside_what_does_not() -> None:
    state = crowded()
    for seq in (2, 3, 4):
        apply(state, msg(seq, in_="#ops", mention=seq == 3), NOW)
    ops = state.find("#ops")
    assert ops is not None
    assert counts(ops) == " 4 2!"
    ops.level = "mentions"
    assert counts(ops) == " 2!"
    ops.level = "none"
    assert counts(ops) == ""


def test_a_list_too_long_keeps_the_current_one_in_view() -> None:
    state = crowded()
    for number in range(30):
        enter(state, entered(f"#r{number}"), NOW)
    state.go("#r20")
    assert any("#r20" in plain(row) for row in conversation_rows(state, 14, 5))


def test_levels_and_rooms_that_one_has_left_are_dim() -> None:
    state = crowded()
    ops, bo = state.find("#ops"), state.find("@bo")
    assert ops is not None
    assert bo is not None
    ops.joined, ops.level, bo.level = False, "none", "mentions"
    rows = conversation_rows(state, 14, 10)
    assert [plain(row).strip() for row in rows] == ["@bo ◌       1!", "#lobby", "#ops"]
    assert rows[2][0][0] == "class:quiet"


def test_people_have_marks_and_who_is_not_here_comes_last() -> None:
    state = crowded()
    for number, role in enumerate(("moderator", "admin", "member")):
        state.current.members[f"n{number}"] = Member(f"n{number}", role)
        state.see(f"n{number}", "online")
    state.current.members["off"] = Member("off", "moderator")
    state.current.muted.add("n2")
    rows = [plain(row).rstrip() for row in people_rows(state, 14, 20)]
    assert rows == [
        "5 here",
        "● ana",
        "● n0☆",
        "● n1◆",
        "● n2✕",
        "◌ bo★",
        "── 1 offline",
        "  off☆",
    ]
    assert [plain(row).rstrip() for row in people_rows(state, 14, 4)] == [
        "5 here",
        "● ana",
        "● n0☆",
        "… 4 more",
    ]


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 20))
def test_people_never_take_more_rows_than_there_are(here: int, gone: int, height: int) -> None:
    state = State(you="ana")
    enter(state, {**entered(), "members": []}, NOW)
    for number in range(here + gone):
        state.current.members[f"n{number}"] = Member(f"n{number}", "")
        if number < here:
            state.see(f"n{number}", "online")
    rows = [plain(row) for row in people_rows(state, 14, height)]
    assert len(rows) <= height or not height
    listed = sum(row.startswith(("● ", "  n")) for row in rows)
    more = [int(row.split()[1]) for row in rows if row.startswith("…")]
    if height:
        assert listed + sum(more) == here + gone


@given(st.integers(0, 30), st.integers(0, 30), st.integers(4, 20))
def test_people_can_be_scrolled_to_the_last_one(here: int, gone: int, height: int) -> None:
    state = State(you="ana")
    enter(state, {**entered(), "members": []}, NOW)
    for number in range(here + gone):
        state.current.members[f"n{number}"] = Member(f"n{number}", "")
        if number < here:
            state.see(f"n{number}", "online")
    seen: set[str] = set()
    last = most_skipped(state, height)
    for skipped in range(last + 1):
        rows = [plain(row).rstrip() for row in people_rows(state, 14, height, skipped)]
        assert len(rows) <= height
        seen |= {row[2:] for row in rows if row.startswith(("● ", "  n"))}
        assert any(row.startswith("…") for row in rows) == (skipped < last)
    assert seen == {f"n{number}" for number in range(here + gone)}


# Lists


def findings(count: int, chosen: int) -> Findings:
    hits = [Hit("#lobby", line(f"hit {number}")) for number in range(count)]
    return Findings(heading="Found: x", hits=hits, chosen=chosen)


def test_the_chosen_hit_is_in_view() -> None:
    rows = findings_rows(findings(100, 50), 80, 9)
    assert plain(rows[0]).strip("─ ") == "Found: x (51 of 100)"
    (chosen,) = (row for row in rows if row and row[0][0] == "class:chosen")
    assert "hit 50" in plain(chosen)
    assert len(rows) == 9


@given(st.integers(1, 30), st.integers(0, 29), st.integers(20, 120), st.integers(3, 12))
def test_lists_fit_any_screen(count: int, chosen: int, columns: int, height: int) -> None:
    chosen = min(chosen, count - 1)
    rows = findings_rows(findings(count, chosen), columns, height)
    assert len(rows) == height
    assert all(row_columns(row) <= columns for row in rows)
    assert sum(row[0][0] == "class:chosen" for row in rows if row) == 1


def test_choosing_has_ends() -> None:
    found = findings(3, 0)
    seen = []
    for step in (-1, 1, 1, 1, -10):
        found.move(step)
        seen.append(found.chosen)
    assert seen == [0, 1, 2, 2, 0]


def test_people_are_counted_where_they_do_not_fit() -> None:
    state = crowded()
    for number in range(5000):
        apply(state, {"ev": "join", "in": "#lobby", "nick": f"n{number}"}, NOW)
    rows = [plain(row) for row in people_rows(state, 14, 6)]
    assert rows[0] == "5002 people"
    assert rows[-1] == "… 4998 more"
    assert len(rows) == 6


def scene(link: Link, *, wide: bool = True, below: int = 0) -> Scene:
    return Scene("host:1", link, below, fetching=False, wide=wide, now=NOW)


def test_the_status_line_tells_of_the_connection() -> None:
    state = crowded()
    connected = plain(status_row(state, scene(Link("connected"), below=3), 80))
    assert "● host:1 │ 3 more below │ ana │ #lobby │ all" in connected
    waiting = plain(status_row(state, scene(Link("waiting", NOW + 4.2)), 80))
    assert "offline, next try in 4 s" in waiting
    assert "connecting to host:1" in plain(status_row(state, scene(Link("connecting")), 80))
    assert "/reconnect" in plain(status_row(state, scene(Link("offline")), 80))


def test_the_narrow_status_line_tells_of_other_conversations() -> None:
    row = status_row(crowded(), scene(Link("connected"), wide=False), 40)
    assert "#ops 1! @bo 1!" in plain(row)
    assert row_columns(row) == 40


def test_the_status_line_tells_who_types() -> None:
    state = crowded()
    for nick in ("bo", "cy", "漢字"):
        apply(state, {"ev": "typing", "in": "#lobby", "from": nick, "on": True}, NOW)
    assert "3 people type…" in plain(status_row(state, scene(Link("connected")), 80))


@given(st.integers(10, 200))
def test_the_status_line_has_its_width(columns: int) -> None:
    row = status_row(crowded(), scene(Link("connected"), below=7, wide=columns > 79), columns)
    assert row_columns(row) == columns


def test_the_help_names_every_command() -> None:
    text = "\n".join(each.text for each in help_lines({}))
    for row in COMMANDS.values():
        assert (row.usage in text) == (row.who != "a" and row.name not in ITS_OWN)
