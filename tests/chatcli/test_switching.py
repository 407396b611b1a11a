"""Where a few letters lead, and the order of conversations."""

from chatcli.model import State
from chatcli.settings import Settings
from chatcli.state import apply, enter
from chatcli.switching import goals
from tests.chatcli.events import NOW, entered, hello, msg


def open_state(*rooms: str, order: str = "activity") -> State:
    state = State(settings=Settings(order=order))  # type: ignore[arg-type]
    apply(state, hello(), NOW)
    for room in rooms:
        enter(state, entered(room), NOW)
    state.go(rooms[0])
    return state


def titles(typed: str, state: State) -> list[str]:
    return [goal.title for goal in goals(typed, state)]


# The switcher


def test_conversations_people_and_rooms_are_found() -> None:
    state = open_state("#lobby", "#ops")
    state.rooms_known["#opera"] = "music"
    state.see("opal", "online")
    assert set(titles("op", state)) == {"#ops", "#opera", "@opal"}
    assert titles("#op", state) == ["#ops", "#opera"]
    assert titles("@op", state) == ["@opal"]
    assert titles("OPS", state) == ["#ops"]
    assert titles("o p s", state) == ["#ops"]
    assert titles("nobody", state) == []


def test_each_is_found_once_and_oneself_never() -> None:
    state = open_state("#lobby")
    state.rooms_known["#Lobby"] = ""
    apply(state, msg(1, in_="@bo"), NOW)
    assert titles("lobby", state) == ["#lobby"]
    assert titles("bo", state) == ["@bo"]
    assert "@ana" not in titles("", state)


def test_nothing_typed_leads_to_what_calls_then_unread_then_what_was_left_last() -> None:
    state = open_state("#lobby", "#a", "#b", "#c", "#d", "#e")
    for title in ("#e", "#d", "#lobby"):
        state.go(title)
    apply(state, msg(1, in_="#b"), NOW)
    apply(state, msg(1, in_="#c", mention=True), NOW)
    assert titles("", state)[:6] == ["#c", "#b", "#d", "#e", "#a", "@bo"]
    assert titles("", state)[-1] == "#lobby"


def test_unread_and_recent_ones_weigh_more_but_a_better_match_wins() -> None:
    state = open_state("#lobby", "#ops-one", "#ops-two", "#laptops", "#ops-six")
    apply(state, msg(1, in_="#laptops", mention=True), NOW)
    apply(state, msg(1, in_="#ops-two"), NOW)
    state.go("#ops-six")
    state.go("#lobby")
    assert titles("ops", state) == ["#ops-two", "#ops-six", "#ops-one", "#laptops"]


def test_the_letters_that_match_are_told_where_they_are_known() -> None:
    state = open_state("#lobby", "#dev-ops", "#straße")
    (goal,) = goals("do", state)
    assert [goal.title[place] for place in goal.places] == ["d", "o"]
    (strasse,) = goals("stra", state)
    assert all(strasse.title[place] in "straße" for place in strasse.places)


# The list


def listed(state: State) -> list[str]:
    return [each.title for each in state.listed()]


def test_by_activity_the_last_word_comes_first_and_muted_ones_last() -> None:
    state = open_state("#lobby", "#a", "#b", "#loud")
    for seq, title in enumerate(("#a", "@bo", "#b", "#loud"), 1):
        apply(state, msg(seq, in_=title), NOW)
    loud = state.find("#loud")
    assert loud is not None
    loud.level = "none"
    assert listed(state) == ["#b", "@bo", "#a", "#lobby", "#loud"]


def test_what_is_unread_and_not_here_yet_is_no_old_news() -> None:
    state = open_state("#lobby")
    apply(state, msg(1), NOW)
    state.open("@cy").tell_unread(7, 3, 4, 0)
    state.open("@dee").tell_unread(7, 7, 0, 0)
    assert listed(state) == ["@cy", "#lobby", "@dee"]


def test_by_hand_nothing_moves_by_itself() -> None:
    state = open_state("#lobby", "#a", "#b", order="hand")
    state.places = ["#b", "#lobby"]
    apply(state, msg(1, in_="@bo"), NOW)
    apply(state, msg(1, in_="#a"), NOW)
    assert listed(state) == ["#b", "#lobby", "#a", "@bo"]


def test_moving_makes_the_order_one_s_own_and_keeps_what_is_closed() -> None:
    state = open_state("#lobby", "#a", "#b")
    state.places = ["#closed"]
    apply(state, msg(1, in_="#b"), NOW)
    assert listed(state) == ["#b", "#lobby", "#a"]
    state.move(1)
    assert listed(state) == ["#b", "#a", "#lobby"]
    assert state.settings.order == "hand"
    state.move(1)
    assert listed(state) == ["#b", "#a", "#lobby"]
    state.move(-5)
    assert listed(state) == ["#lobby", "#b", "#a"]
    assert state.places == ["#lobby", "#b", "#a", "#closed"]
