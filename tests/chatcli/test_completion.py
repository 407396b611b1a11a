"""Suggestions: a pure function of text, cursor and state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.commands import ITS_OWN, LOCAL
from chatcli.completion import Suggestion, suggest
from chatcli.model import State
from chatcli.state import apply, enter
from chatd.core.commands import COMMANDS
from tests.chatcli.events import NOW, entered, hello, msg


@pytest.fixture
def state() -> State:
    return make_state()


def make_state() -> State:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered("#ops"), NOW)
    enter(state, entered("#lobby"), NOW)
    state.go("#lobby")
    for nick in ("anton", "bert", "Bella", "zoe"):
        apply(state, {"ev": "join", "in": "#lobby", "nick": nick}, NOW)
    state.rooms_known["#garden"] = "plants"
    return state


def found(state: State, text: str, *, asked: bool = False) -> list[str]:
    """Return what ``text`` could become, with the cursor at its end."""
    suggestions = suggest(text, len(text), state, asked=asked)
    return [text[: each.start] + each.text for each in suggestions]


def test_commands_from_the_table(state: State) -> None:
    rows = [row for row in COMMANDS.values() if row.name not in ITS_OWN]
    names = {f"/{row.name}{' ' if row.words else ''}" for row in rows if row.who != "a"}
    local = {f"/{row.name}{' ' if row.words else ''}" for row in LOCAL.values()}
    suggested = set()
    for letter in "abcdefghijklmnopqrstuvwxyz":
        suggested |= set(found(state, f"/{letter}"))
    assert suggested == names | local
    assert found(state, "/jo") == ["/join "]
    assert found(state, "/JO") == ["/join "]
    assert found(state, "/bac") == ["/back"]
    assert suggest("/jo", 3, state)[0].about == COMMANDS["join"].summary


def test_nothing_for_an_unknown_command_or_an_escaped_slash(state: State) -> None:
    assert found(state, "/xyzzy #") == []
    assert found(state, "//jo") == []


def test_rooms(state: State) -> None:
    assert found(state, "/join #") == ["/join #ops ", "/join #lobby ", "/join #garden "]
    assert found(state, "/join #L") == ["/join #lobby "]
    assert found(state, "/part ") == ["/part #ops ", "/part #lobby ", "/part #garden "]
    assert found(state, "see #ga") == ["see #garden "]


def test_an_optional_room_may_be_left_out(state: State) -> None:
    assert found(state, "/topic @ze") == []
    assert found(state, "/topic @zo") == ["/topic @zoe "]
    assert found(state, "/topic #ops @zo") == ["/topic #ops @zoe "]


def test_nicks(state: State) -> None:
    assert found(state, "/whois b") == [
        "/whois Bella ",
        "/whois bert ",
        "/whois bo ",
    ]
    assert found(state, "/whois @be") == ["/whois @Bella ", "/whois @bert "]
    assert found(state, "/whisper zo") == ["/whisper zoe "]


def test_oneself_is_never_suggested(state: State) -> None:
    assert found(state, "@an") == ["@anton "]


def test_who_spoke_last_comes_first(state: State) -> None:
    apply(state, msg(1, from_="bert"), NOW)
    apply(state, msg(2, from_="zoe"), NOW)
    assert found(state, "hi @")[:2] == ["hi @zoe ", "hi @bert "]
    apply(state, msg(3, from_="bert"), NOW)
    assert found(state, "hi @")[:2] == ["hi @bert ", "hi @zoe "]


def test_people_who_are_elsewhere_come_last(state: State) -> None:
    state.see("bygone", "online")
    assert found(state, "@b") == ["@Bella ", "@bert ", "@bo ", "@bygone "]


def test_a_target_is_a_room_or_a_person(state: State) -> None:
    targets = found(state, "/msg ")
    assert "/msg #ops " in targets
    assert "/msg @zoe " in targets
    assert found(state, "/msg #o") == ["/msg #ops "]
    assert found(state, "/go zo") == ["/go @zoe "]
    assert found(state, "/msg zoe @be") == ["/msg zoe @Bella ", "/msg zoe @bert "]


def test_nicks_without_a_sign_only_where_they_are_asked_for(state: State) -> None:
    assert found(state, "zo") == []
    assert found(state, "zo", asked=True) == ["zoe "]
    assert found(state, "", asked=True) == []


def test_emoji(state: State) -> None:
    assert found(state, "hi :smil")[0] == "hi 😄 "
    assert suggest("hi :smil", 8, state)[0] == Suggestion("😄 ", 3, ":smile:")
    assert found(state, "at 10:30") == []
    assert found(state, ":s") == []
    assert found(state, ":s", asked=True)
    assert "/react 3 👍" in found(state, "/react 3 :thumbsu")
    assert "/react 3 👍" in found(state, "/react 3 thumbsu")


def test_numbers_of_messages(state: State) -> None:
    for seq in range(1, 14):
        apply(state, msg(seq, f"text {seq}"), NOW)
    assert found(state, "/reply ")[:2] == ["/reply 13 ", "/reply 12 "]
    assert len(found(state, "/react ")) == 10
    assert found(state, "/reply 5") == ["/reply 5 "]
    assert suggest("/reply 5", 8, state)[0].about == "bo: text 5"
    assert found(state, "/reply 5 @zo") == ["/reply 5 @zoe "]


def test_fixed_words_and_topics_of_help(state: State) -> None:
    assert found(state, "/typing o") == ["/typing on", "/typing off"]
    assert found(state, "/help wh") == ["/help whisper", "/help who", "/help whois"]
    assert found(state, "/history #ops be") == ["/history #ops before:"]
    apply(state, msg(1), NOW)
    assert found(state, "/history before:") == ["/history before:1 "]


def test_commands_of_administrators_are_for_them(state: State) -> None:
    assert found(state, "/wal") == []
    state.role = "admin"
    assert found(state, "/wal") == ["/wall "]


def test_own_messages_to_edit_and_delete(state: State) -> None:
    apply(state, msg(1, "theirs"), NOW)
    apply(state, msg(2, "mine", from_="ana"), NOW)
    assert found(state, "/edit ") == ["/edit 2 "]
    assert found(state, "/del ") == ["/del 2 "]


def test_what_can_be_viewed_once(state: State) -> None:
    once = {"ev": "once", "in": "#lobby", "from": "bo", "t": ""}
    apply(state, {**once, "seq": 1}, NOW)
    apply(state, {**once, "seq": 2, "viewed": True}, NOW)
    apply(state, msg(3), NOW)
    assert found(state, "/view ") == ["/view 1 "]


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("/notify #ops m", ["mentions"]),
        ("/set pr", ["private "]),
        ("/set #ops hi", ["history "]),
        ("/set history j", ["joined"]),
        ("/set #ops private o", ["on", "off"]),
        ("/role bert a", ["admin"]),
        ("/role ber", ["bert "]),
        ("/login ber", ["bert "]),
        ("/nick be", []),
        ("/ban bert 1", ["10m ", "1h ", "1d "]),
        ("/slow ", ["0 ", "10 ", "60 "]),
        ("/search fr", ["from:"]),
        ("/search word from:ber", ["from:bert "]),
        ("/search in:#o", ["in:#ops "]),
        ("/list fr", []),
    ],
)
def test_arguments_by_their_kind(state: State, text: str, suggested: list[str]) -> None:
    assert [each.text for each in suggest(text, len(text), state)][:3] == suggested


def test_what_may_be_left_out_does_not_hide_what_follows(state: State) -> None:
    assert [text for text in found(state, "/notify ") if "#" not in text and "@" not in text] == [
        "/notify all",
        "/notify mentions",
        "/notify none",
    ]
    assert "/set private " in found(state, "/set ")
    assert "/history before:" in found(state, "/history ")


def test_only_what_is_before_the_cursor_counts(state: State) -> None:
    assert suggest("@zo and more", 3, state) == [Suggestion("@zoe ", 0, "online")]


@given(st.text(alphabet="/#@: abz19\n", max_size=20), st.integers(0, 20), st.booleans())
def test_suggestions_fit_any_text(text: str, cursor: int, asked: bool) -> None:
    cursor = min(cursor, len(text))
    for suggestion in suggest(text, cursor, make_state(), asked=asked):
        assert 0 <= suggestion.start <= cursor
        assert suggestion.text


@given(st.sampled_from(sorted(COMMANDS)), st.text(max_size=20))
def test_suggestions_for_any_command(name: str, rest: str) -> None:
    text = f"/{name} {rest}"
    suggest(text, len(text), make_state(), asked=True)
