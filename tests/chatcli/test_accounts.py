"""Being an account: at start, in between, after the connection was lost, and no more."""

import pytest

from chatcli.asking import questions_for
from chatcli.person import Credentials
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import entered, hello, logged_in, msg, texts, unread

ANA = Credentials("ana", "correct horse")


@pytest.fixture
def ana() -> Chat:
    """Return a chat of the account ana, in the lobby."""
    chat = Chat(credentials=ANA)
    chat.log_in()
    chat.session.tick()
    chat.sent.clear()
    return chat


def test_who_is_an_account_comes_as_one() -> None:
    chat = Chat(credentials=ANA)
    chat.session.connected()
    (login,) = chat.sent
    assert (login.name, login.password) == ("ana", "correct horse")
    assert "horse" not in repr(login)
    assert "horse" not in repr(ANA)
    chat.tell(hello("ana", account="ana"))
    room = entered("#ops", seq=2, recent=(msg(1, "one", in_="#ops"), msg(2, "two", in_="#ops")))
    chat.reply(login, **logged_in(room, role="admin", ignored=["Eve"]))
    state = chat.state
    assert (state.you, state.account, state.role) == ("ana", "ana", "admin")
    assert state.ignored == {"eve"}
    assert state.current.title == "#ops"
    assert texts(state, "#ops") == ["one", "two"]
    assert chat.known == [ANA]
    assert chat.take(asked.Join) == []


def test_invitations_are_told(ana: Chat) -> None:
    ana.session.submit("/login ana again")
    ana.reply(ana.one(asked.Login), **logged_in(invited=["#den"]))
    lines = [line.text for line in ana.state.current.lines]
    assert "You are invited to #den. Try: /join #den" in lines


def test_only_few_quiet_private_conversations_are_listed() -> None:
    chat = Chat(credentials=ANA)
    told = [unread(f"@n{number}", 5, 5) for number in range(100)]
    chat.log_in(conversations=[*told, unread("@old", 5, 1, 4)])
    assert len(chat.state.conversations) == 22
    assert chat.state.find("@old") is not None


def test_of_a_token_that_is_refused_it_is_said_where_it_was() -> None:
    chat = Chat(credentials=ANA._replace(place="CHATCLI_TOKEN"))
    chat.session.connected()
    chat.refuse(chat.one(asked.Login), 401, text="That name and password do not fit.")
    lines = [line.text for line in chat.state.current.lines if line.kind == "error"]
    why = "The token of ana in CHATCLI_TOKEN was refused: it is wrong, or was revoked."
    assert lines == [why]
    assert chat.wrong == ["ana"]


def test_one_need_not_be_a_guest_first_to_tell_the_right_secret() -> None:
    chat = Chat(credentials=ANA)
    chat.session.connected()
    chat.refuse(chat.one(asked.Login), 401)
    ask = questions_for("/login ana")
    assert ask is not None
    # The server has not answered yet to the guest.
    chat.session.confide(ask, ["correct horse"])
    assert chat.one(asked.Login).password == "correct horse"


@pytest.mark.parametrize(("place", "code"), [("CHATCLI_TOKEN", 429), ("", 401)])
def test_of_all_else_that_is_refused_the_server_says_why(place: str, code: int) -> None:
    chat = Chat(credentials=ANA._replace(place=place))
    chat.session.connected()
    chat.refuse(chat.one(asked.Login), code, text="Because.", wait=5)
    (line,) = [line.text for line in chat.state.current.lines if line.kind == "error"]
    assert line.startswith("Because.")


def test_a_wrong_secret_is_asked_for_again_and_one_is_a_guest_meanwhile() -> None:
    chat = Chat(credentials=ANA)
    chat.session.connected()
    chat.refuse(chat.one(asked.Login), 401)
    assert chat.wrong == ["ana"]
    ping = chat.one(asked.Ping)
    chat.tell(hello("guest-1"))
    chat.reply(ping)
    chat.reply(chat.one(asked.Join), **entered())
    ask = questions_for("/login ana")
    assert ask is not None
    chat.session.confide(ask, ["right"])
    login = chat.one(asked.Login)
    assert login.password == "right"
    chat.reply(login, **logged_in())
    assert chat.state.account == "ana"
    assert chat.known == [Credentials("ana", "right")]


def test_a_login_that_must_wait_is_tried_again() -> None:
    chat = Chat(credentials=ANA)
    chat.session.connected()
    chat.refuse(chat.one(asked.Login), 429, wait=60)
    assert chat.wrong == []
    ping = chat.one(asked.Ping)
    chat.tell(hello("guest-1"))
    chat.reply(ping)
    chat.time += 59
    chat.session.tick()
    assert chat.take(asked.Login) == []
    chat.time += 1
    chat.session.tick()
    chat.reply(chat.one(asked.Login), **logged_in())
    assert chat.state.account == "ana"


def test_an_account_is_made(ana: Chat) -> None:
    chat = Chat(nick="bo")
    chat.begin(you="bo")
    ask = questions_for("/register")
    assert ask is not None
    chat.session.confide(ask, ["one", "another"])
    assert chat.take(asked.Register) == []
    assert "not the same twice" in chat.state.current.lines[-1].text
    chat.session.confide(ask, ["one", "one"])
    register = chat.one(asked.Register)
    assert register.password == "one"
    chat.reply(register, you="bo", account="bo", role="user", hint="Short.")
    assert chat.known == [Credentials("bo", "one")]
    assert chat.state.current.lines[-1].text.endswith("from now on.\nShort.")


# After the connection was lost


def test_a_forgotten_session_logs_in_again_and_fills_its_holes(ana: Chat) -> None:
    ana.tell(msg(1, "one"), msg(1, "p1", in_="@bo"))
    ana.session.submit("mine")
    nonce = ana.one(asked.Msg).nonce
    ana.session.lost()
    ana.session.connected()
    ana.refuse(ana.one(asked.Resume), 401)
    login = ana.one(asked.Login)
    ana.tell(hello("ana", account="ana", resume="r.2"))
    recent = tuple(msg(seq, str(seq)) for seq in (2, 3))
    told = [unread("@bo", 3, 1, 2), unread("#lobby", 3, 1, 2)]
    ana.reply(login, **logged_in(seq=3, read=1, recent=recent, conversations=told))
    again = ana.one(asked.Msg)
    assert (again.text, again.nonce) == ("mine", nonce)
    private = [q for q in ana.take(asked.History) if q.to == "@bo"]
    page = [msg(seq, f"p{seq}", in_="@bo") for seq in (2, 3)]
    ana.reply(private[0], to="@bo", page=page, more=False)
    assert texts(ana.state, "@bo") == ["p1", "p2", "p3"]
    assert texts(ana.state) == ["one", "2", "3", "mine"]
    bo = ana.state.find("@bo")
    assert bo is not None
    assert bo.unread == 2


def test_who_cannot_log_in_again_does_not_take_the_name_of_the_account(ana: Chat) -> None:
    ana.session.lost()
    ana.session.connected()
    ana.refuse(ana.one(asked.Resume), 401)
    # Some servers greet before they refuse.
    ana.tell(hello("guest-2", resume="r.2"))
    ana.refuse(ana.one(asked.Login), 401)
    ana.reply(ana.one(asked.Ping))
    assert ana.take(asked.Nick) == []
    assert (ana.state.you, ana.state.account) == ("guest-2", None)


def test_a_resumed_session_is_the_account_still(ana: Chat) -> None:
    ana.session.lost()
    ana.session.connected()
    ana.tell(hello("ana", account="ana"))
    lobby = entered()
    ana.reply(ana.one(asked.Resume), you="ana", **{"in": ["#lobby"]}, to="#lobby", rooms=[lobby])
    assert ana.state.account == "ana"
    assert ana.take(asked.Login) == []


def test_the_new_password_is_the_one_that_is_used_again(ana: Chat) -> None:
    ask = questions_for("/passwd")
    assert ask is not None
    ana.session.confide(ask, ["correct horse", "new one", "new one"])
    ana.reply(ana.one(asked.Passwd))
    ana.session.lost()
    ana.session.connected()
    ana.refuse(ana.one(asked.Resume), 401)
    assert ana.one(asked.Login).password == "new one"


def test_a_room_that_one_was_put_out_of_meanwhile_can_still_be_read(ana: Chat) -> None:
    ana.session.submit("/join #ops")
    ana.reply(ana.one(asked.Join), **entered("#ops"))
    ana.tell(msg(1, "said", in_="#ops"))
    ana.session.lost()
    ana.session.connected()
    ana.refuse(ana.one(asked.Resume), 401)
    ana.reply(ana.one(asked.Login), **logged_in())
    ops = ana.state.find("#ops")
    assert ops is not None
    assert not ops.joined
    assert texts(ana.state, "#ops") == ["said"]


# Leaving it


@pytest.mark.parametrize(
    ("typed", "kind"), [("/logout", asked.Logout), ("/unregister pw", asked.Unregister)]
)
def test_who_logs_out_sees_nothing_of_the_account(
    ana: Chat, typed: str, kind: type[asked.Command]
) -> None:
    ana.tell(msg(1, "private", in_="@bo"))
    ana.session.submit(typed)
    ana.reply(ana.one(kind), you="guest-3", room=entered(seq=1, recent=(msg(1, "public"),)))
    assert (ana.state.you, ana.state.account) == ("guest-3", None)
    assert list(ana.state.conversations) == ["#lobby"]
    assert ana.known[-1] is None
    ana.session.lost()
    ana.session.connected()
    ana.refuse(ana.one(asked.Resume), 401)
    assert ana.take(asked.Login) == []


def test_another_session_or_an_administrator_changes_who_one_is(ana: Chat) -> None:
    ana.tell({"ev": "account", "you": "ana", "account": "ana", "role": "admin"})
    assert ana.state.role == "admin"
    assert ana.state.current.lines[-1].text == "You are ana now, the account ana (admin)."


def test_a_token_is_made_quietly(ana: Chat) -> None:
    made: list[str] = []
    ana.session.make_token("here", made.append)
    before = len(ana.state.current.lines)
    ana.reply(ana.one(asked.Token), label="here", token="t.1")
    assert made == ["t.1"]
    assert len(ana.state.current.lines) == before
    assert ana.revealed == []
