"""What was typed, and what is to be done about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.commands import Do, Leave, Nothing, Send, Show, Wrong, understand
from chatcli.model import State
from chatcli.state import apply, enter
from chatd.core import commands as asked
from chatd.core.commands import COMMANDS
from tests.chatcli.events import NOW, entered, hello, msg


def in_lobby() -> State:
    state = State()
    apply(state, hello(), NOW)
    enter(state, entered("#ops"), NOW)
    enter(state, entered("#lobby"), NOW)
    state.go("#lobby")
    return state


def in_private() -> State:
    state = in_lobby()
    apply(state, msg(1, in_="@bo"), NOW)
    state.go("@bo")
    return state


LOBBY = "#lobby"


@pytest.mark.parametrize(
    ("typed", "command", "title"),
    [
        ("hi", asked.Msg(to=LOBBY, text="hi"), LOBBY),
        ("//etc", asked.Msg(to=LOBBY, text="/etc"), LOBBY),
        ("a\nb", asked.Msg(to=LOBBY, text="a\nb"), LOBBY),
        ("//a\n/b", asked.Msg(to=LOBBY, text="/a\n/b"), LOBBY),
        ("a\x1b[2J", asked.Msg(to=LOBBY, text="a[2J"), LOBBY),
        (":smile: :+1:", asked.Msg(to=LOBBY, text="😄 👍"), LOBBY),
        ("at 10:30:45", asked.Msg(to=LOBBY, text="at 10:30:45"), LOBBY),
        ("/msg bo hi", asked.Msg(to="@bo", text="hi"), "@bo"),
        ("/msg #ops hi\nyou", asked.Msg(to="#ops", text="hi\nyou"), "#ops"),
        ("/me waves", asked.Me(to=LOBBY, text="waves"), LOBBY),
        ("/reply 3 yes", asked.Reply(to=LOBBY, seq=3, text="yes"), LOBBY),
        ("/react 3 :heart:", asked.React(to=LOBBY, seq=3, emoji="❤️"), LOBBY),
        ("/react 3 +1", asked.React(to=LOBBY, seq=3, emoji="👍"), LOBBY),
        ("/react 3 ok", asked.React(to=LOBBY, seq=3, emoji="🆗"), LOBBY),
        ("/whisper bo psst", asked.Whisper(room=LOBBY, nick="bo", text="psst"), "@bo"),
        ("/part", asked.Part(room=LOBBY), LOBBY),
        ("/part #ops bye", asked.Part(room="#ops", why="bye"), "#ops"),
        ("/topic", asked.Topic(room=LOBBY), LOBBY),
        ("/topic new one", asked.Topic(room=LOBBY, text="new one"), LOBBY),
        ("/join #new", asked.Join(room="#new"), LOBBY),
        ("/who", asked.Who(), LOBBY),
        ("/who #ops", asked.Who(room="#ops"), LOBBY),
        ("/history", asked.History(to=LOBBY), LOBBY),
        ("/history bo before:7", asked.History(to="@bo", before=7), "@bo"),
        ("/nick anna", asked.Nick(name="anna"), LOBBY),
        ('{"do":"msg","text":"hi","id":3}', asked.Msg(to=LOBBY, text="hi"), LOBBY),
    ],
)
def test_what_is_sent_from_a_room(typed: str, command: asked.Command, title: str) -> None:
    assert understand(typed, in_lobby()) == Send(command, title)


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("", Nothing()),
        (" \n ", Nothing()),
        ("\x00", Nothing()),
        ("/quit", Leave("")),
        ("/quit bye all", Leave("bye all")),
        ("/go #ops", Show("#ops")),
        ("/go bo", Show("@bo")),
        ("/clear", Do("clear")),
        ("/close", Do("close")),
        ("/reconnect", Do("reconnect")),
        ("/go #none", Wrong("You are not in #none.", "/join #none")),
        ("/msg #none hi", Wrong("You are not in #none.", "/join #none")),
    ],
)
def test_what_the_client_does_itself(typed: str, action: object) -> None:
    assert understand(typed, in_lobby()) == action


@pytest.mark.parametrize(
    ("typed", "text", "hint"),
    [
        ("/jion #x", "Did you mean /join?", "/help"),
        ("/join", "needs #R", "/join #R [KEY]"),
        ("/reply x y", "must be a number", "/reply SEQ TEXT"),
        ("/", "There is no command", "/help"),
        ("{", "not a JSON command", '{"do":"help"}'),
        ("/mode text", "not for you", "F1"),
        ('{"do":"mode","mode":"text"}', "not for you", "F1"),
        ("/resume r.1", "not for you", "F1"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_try(typed: str, text: str, hint: str) -> None:
    action = understand(typed, in_lobby())
    assert isinstance(action, Wrong)
    assert text in action.text
    assert action.hint == hint


def test_in_a_private_conversation() -> None:
    assert understand("hi", in_private()) == Send(asked.Msg(to="@bo", text="hi"), "@bo")
    assert understand("/part", in_private()) == Do("close")
    action = understand("/topic x", in_private())
    assert isinstance(action, Wrong)
    assert "@bo is none" in action.text


def test_before_there_is_any_conversation() -> None:
    action = understand("hi", State())
    assert action == Wrong("There is no conversation yet.", "/join #lobby")


@given(
    st.one_of(
        st.text(),
        st.builds(
            lambda name, rest: f"/{name} {rest}", st.sampled_from(sorted(COMMANDS)), st.text()
        ),
    )
)
def test_nothing_typed_raises(typed: str) -> None:
    for state in (State(), in_lobby(), in_private()):
        understand(typed, state)
