"""A chat as long as its connection holds."""

from chatcli.outbox import IN_FLIGHT
from chatd.core import commands as asked
from tests.chatcli.chat import Chat
from tests.chatcli.events import entered, hello, msg, stamp, texts


def test_first_comes_a_ping_then_the_rooms() -> None:
    chat = Chat()
    chat.session.connected()
    (ping,) = chat.sent
    assert isinstance(ping, asked.Ping)
    assert ping.id is not None
    chat.tell(hello("guest-1"))
    chat.reply(ping, t=stamp(0))
    assert [type(command) for command in chat.sent[1:]] == [asked.Join]


def test_a_wanted_name_comes_first() -> None:
    chat = Chat(nick="ana")
    chat.session.connected()
    (nick,) = chat.sent
    assert isinstance(nick, asked.Nick)
    chat.tell(hello("ana"))
    chat.reply(nick, nick="ana")
    assert [type(command) for command in chat.sent[1:]] == [asked.Join]


def test_everybody_is_asked_for_once(chat: Chat) -> None:
    chat.session.tick()
    who = chat.one(asked.Who)
    chat.reply(who, users=[{"nick": "zoe", "state": "online"}], v=1)
    assert chat.state.presence_of("zoe").state == "online"
    chat.session.tick()
    assert chat.take(asked.Who) == []


def test_a_name_that_is_taken_is_told() -> None:
    chat = Chat(nick="ana")
    chat.session.connected()
    first = chat.one(asked.Nick)
    chat.tell(hello("guest-1"))
    chat.refuse(first, 210)
    chat.refuse(chat.one(asked.Nick), 210)
    assert chat.state.current.lines[-1].text == "No. Try: /other"


def test_the_rooms_are_learned_while_join_is_typed(chat: Chat) -> None:
    chat.session.typed("/jo")
    assert chat.take(asked.ListRooms) == []
    chat.session.typed("/join ")
    question = chat.one(asked.ListRooms)
    chat.reply(question, rooms=[{"room": "#ops", "topic": "servers", "members": 2}])
    assert chat.state.rooms_known == {"#ops": "servers"}
    chat.session.typed("/join #")
    assert chat.take(asked.ListRooms) == []
    assert "#ops" not in "".join(texts(chat.state))


def test_a_message_is_marked_on_its_way(chat: Chat) -> None:
    chat.session.submit("hi")
    command = chat.one(asked.Msg)
    assert (command.to, command.text) == ("#lobby", "hi")
    assert len(command.nonce) == 32
    assert chat.marks() == [("hi", "sending")]
    chat.sent_ok(command, 1)
    assert chat.marks() == [("hi", "sent")]
    chat.session.submit("alone")
    chat.sent_ok(chat.one(asked.Msg), 2, "stored")
    assert chat.marks()[-1] == ("alone", "stored")
    chat.tell(msg(3, "and bo"))
    assert chat.state.current.seen == 3


def test_what_others_say_meanwhile_is_above(chat: Chat) -> None:
    chat.session.submit("mine")
    chat.tell(msg(1, "theirs"))
    assert texts(chat.state) == ["theirs", "mine"]
    chat.sent_ok(chat.one(asked.Msg), 2)
    assert texts(chat.state) == ["theirs", "mine"]


def test_a_refused_message_says_why_and_comes_back(chat: Chat) -> None:
    chat.session.submit("/me does")
    chat.refuse(chat.one(asked.Me), 306)
    line = chat.state.current.lines[-1]
    assert (line.mark, line.note) == ("refused", "No. Try: /other")
    assert chat.given_back == ["/me does"]


def test_what_cannot_be_done_comes_back(chat: Chat) -> None:
    chat.session.submit("/jion #x")
    assert chat.given_back == ["/jion #x"]
    assert chat.state.current.lines[-1].kind == "error"


def test_a_line_longer_than_the_server_takes_is_not_sent(chat: Chat) -> None:
    chat.session.submit("x" * 17000)
    assert chat.take(asked.Msg) == []
    assert chat.given_back


def test_too_fast_waits_and_goes_out_again(chat: Chat) -> None:
    chat.session.submit("hi")
    first = chat.one(asked.Msg)
    nonce = first.nonce
    chat.refuse(first, 429, wait=3)
    assert chat.marks() == [("hi", "sending")]
    chat.session.tick()
    assert chat.take(asked.Msg) == []
    chat.time += 3
    chat.session.tick()
    assert chat.one(asked.Msg).nonce == nonce


def test_few_messages_are_under_way_at_once(chat: Chat) -> None:
    for number in range(20):
        chat.session.submit(f"{number}")
    order = []
    while sent := chat.take(asked.Msg):
        assert len(sent) <= IN_FLIGHT
        for command in sent:
            order.append(command.text)
            chat.sent_ok(command, len(order))
    assert order == [f"{number}" for number in range(20)]


# Errands


def test_joining_shows_the_room_and_parting_closes_it(chat: Chat) -> None:
    chat.session.submit("/join #ops")
    chat.reply(chat.one(asked.Join), **entered("#ops"))
    assert chat.state.current.title == "#ops"
    chat.session.submit("/part")
    part = chat.one(asked.Part)
    assert part.room == "#ops"
    chat.reply(part, room="#ops")
    assert chat.state.current.title == "#lobby"


def test_what_is_typed_while_a_room_is_entered_is_said_there(chat: Chat) -> None:
    for typed in ("/join #ops", "one", "/join #dev", "two"):
        chat.session.submit(typed)
    assert chat.take(asked.Msg) == []
    chat.reply(chat.one(asked.Join), **entered("#ops"))
    one = chat.one(asked.Msg)
    assert one.to == "#ops"
    chat.sent_ok(one, 1)
    chat.refuse(chat.one(asked.Join), 304)
    assert chat.one(asked.Msg).to == "#ops"


def test_what_was_typed_while_a_room_was_entered_comes_back(chat: Chat) -> None:
    for typed in ("/join #ops", "one"):
        chat.session.submit(typed)
    chat.session.lost()
    assert chat.given_back == ["one"]


def test_replies_are_told_in_words(chat: Chat) -> None:
    chat.session.submit("/whois bo")
    reply = {"nick": "bo", "account": None, "state": "away", "text": "tea", "rooms": ["#lobby"]}
    chat.reply(chat.one(asked.Whois), **reply, since=stamp(1), sessions=1)
    line = chat.state.current.lines[-1]
    assert line.kind == "server"
    assert line.text.startswith("bo, a guest, away: tea\n  in #lobby\n  here since")


def test_a_page_that_was_asked_for_is_a_list(chat: Chat) -> None:
    chat.session.submit("/history #lobby after:3")
    page = [msg(4, "four"), {"ev": "react", "in": "#lobby", "seq": 5}, msg(6, "six")]
    chat.reply(chat.one(asked.History), to="#lobby", page=page, more=True)
    findings = chat.state.findings
    assert findings is not None
    assert [hit.line.text for hit in findings.hits] == ["four", "six"]
    assert findings.heading == "History of #lobby, and more"
    assert texts(chat.state) == []


def test_an_empty_page_is_told(chat: Chat) -> None:
    chat.session.submit("/mentions")
    chat.reply(chat.one(asked.Mentions), page=[], more=False)
    assert chat.state.findings is None
    assert chat.state.current.lines[-1].text == "Nobody has called you by name."


def test_an_own_reaction_is_shown_and_taken_back(chat: Chat) -> None:
    chat.tell(msg(1))
    for seq, on, shown in ((2, True, {"👍": ["ana"]}), (3, False, {})):
        chat.session.submit("/react 1 👍")
        react = chat.one(asked.React)
        chat.reply(react, seq=seq, t=stamp(seq), state="delivered", to="#lobby", on=on)
        assert chat.state.current.reactions_to(1) == shown
    assert chat.state.current.seen == 3


def test_an_own_edit_and_deletion_are_shown(chat: Chat) -> None:
    chat.session.submit("helo")
    chat.sent_ok(chat.one(asked.Msg), 1)
    chat.session.edit(1, "hello :smile:")
    edit = chat.one(asked.Edit)
    assert (edit.to, edit.seq, edit.text) == ("#lobby", 1, "hello 😄")
    chat.sent_ok(edit, 2)
    (line,) = (line for line in chat.state.current.lines if line.is_message)
    assert (line.text, line.edited) == ("hello 😄", True)
    chat.session.submit("/del 1")
    chat.sent_ok(chat.one(asked.Delete), 3)
    assert texts(chat.state) == ["(deleted)"]
    assert chat.state.current.seen == 3


def test_a_refused_edit_comes_back(chat: Chat) -> None:
    chat.tell(msg(1))
    chat.session.edit(1, "mine now")
    chat.refuse(chat.one(asked.Edit), 330)
    assert chat.given_back == ["/edit 1 mine now"]


def test_an_own_act_is_shown_though_it_is_not_told(chat: Chat) -> None:
    chat.session.submit("/mute bo 10m noise")
    mute = chat.one(asked.Mute)
    assert (mute.room, mute.time, mute.why) == ("#lobby", "10m", "noise")
    chat.reply(mute, room="#lobby", seq=1, nick="bo", until="2026-01-01T12:00:00.000Z")
    line = chat.state.current.lines[-1]
    assert line.text.startswith("ana muted bo until 01 January")
    assert line.text.endswith("(noise)")
    assert chat.state.current.muted == {"bo"}
    chat.tell(msg(2))
    assert chat.take(asked.History) == []


def test_a_setting_is_fetched(chat: Chat) -> None:
    chat.session.submit("/set private on")
    chat.reply(chat.one(asked.Set), room="#lobby", settings={"private": True})
    question = chat.one(asked.History)
    event = {"ev": "mod", "in": "#lobby", "seq": 1, "by": "ana", "t": stamp(1), "action": "set"}
    page = [{**event, "option": "private", "value": "on"}]
    chat.reply(question, to="#lobby", page=page, more=False)
    assert chat.state.current.lines[-1].text == "ana set private: on"


def test_what_is_sent_to_be_viewed_once_is_kept_nowhere(chat: Chat) -> None:
    chat.session.submit("/once bo the secret")
    once = chat.one(asked.Once)
    assert (once.nick, once.text) == ("bo", "the secret")
    chat.reply(once, seq=1, t=stamp(1), state="stored", to="@bo")
    private = chat.state.find("@bo")
    assert private is not None
    assert [(line.kind, line.text, line.mark) for line in private.lines] == [("once", "", "stored")]


def test_what_can_be_viewed_once_is_revealed_and_not_kept(chat: Chat) -> None:
    chat.tell({"ev": "once", "in": "@bo", "seq": 1, "from": "bo", "t": stamp(1)})
    chat.state.go("@bo")
    chat.session.view_once()
    view = chat.one(asked.View)
    assert (view.to, view.seq) == ("@bo", 1)
    chat.reply(view, to="@bo", seq=1, t=stamp(1), text="the secret", **{"from": "bo"})
    (secret,) = chat.revealed
    assert secret.text == "the secret"
    assert "the secret" not in repr(secret)
    assert [line.text for line in chat.state.current.lines] == [""]
    assert chat.state.current.lines[0].viewed
    chat.session.view_once()
    assert chat.take(asked.View) == []


def test_a_token_is_revealed_and_not_kept(chat: Chat) -> None:
    chat.session.submit("/token laptop")
    chat.reply(chat.one(asked.Token), label="laptop", token="t.secret")
    assert [secret.text for secret in chat.revealed] == ["t.secret"]
    assert all("t.secret" not in line.text for line in chat.state.current.lines)


def test_ignoring_hides_what_was_said_and_unignoring_shows_it(chat: Chat) -> None:
    chat.tell(msg(1, "noise"))
    (line,) = chat.state.current.lines
    chat.session.submit("/ignore bo")
    chat.reply(chat.one(asked.Ignore), ignored=["bo"])
    assert line.ignored
    chat.tell(msg(2, "more", ignored=True))
    assert chat.state.current.lines[-1].ignored
    chat.session.submit("/unignore @bo")
    chat.reply(chat.one(asked.Unignore), ignored=[])
    assert not line.ignored


def test_an_own_topic_is_shown_once(chat: Chat) -> None:
    chat.session.submit("/topic new")
    chat.reply(chat.one(asked.Topic), room="#lobby", topic="new", seq=1)
    assert chat.state.current.topic == "new"
    assert [line.text for line in chat.state.current.lines[-1:]] == ["ana set the topic: new"]


def test_renaming_oneself(chat: Chat) -> None:
    chat.session.submit("/nick Anna")
    chat.reply(chat.one(asked.Nick), nick="Anna")
    assert chat.state.you == "Anna"


def test_a_private_conversation_that_is_opened_shows_what_was_said(chat: Chat) -> None:
    chat.session.submit("/go bo")
    assert chat.state.current.title == "@bo"
    question = chat.one(asked.History)
    assert (question.to, question.before) == ("@bo", None)
    page = [msg(seq, str(seq), in_="@bo") for seq in (4, 5)]
    chat.reply(question, to="@bo", page=page, more=True)
    assert texts(chat.state, "@bo") == ["4", "5"]


def test_whispers_go_to_the_private_conversation(chat: Chat) -> None:
    chat.session.submit("/whisper bo psst")
    whisper = chat.one(asked.Whisper)
    chat.reply(whisper, seq=1, t=stamp(1), state="delivered", to="@bo")
    assert texts(chat.state, "@bo") == ["psst"]
    assert chat.marks("@bo") == [("psst", "sent")]


# Typing


def test_typing_is_told_now_and_then_and_ends(chat: Chat) -> None:
    for _ in range(10):
        chat.session.typed("hel")
        chat.time += 0.5
    assert [command.on for command in chat.take(asked.Typing)] == [True, True]
    chat.session.typed("")
    assert chat.one(asked.Typing).on is False
    chat.session.typed("h")
    chat.take(asked.Typing)
    chat.time += 10
    chat.session.tick()
    assert chat.one(asked.Typing).on is False


def test_a_message_ends_typing_by_itself_and_commands_are_none(chat: Chat) -> None:
    chat.session.typed("hi")
    chat.session.submit("hi")
    chat.session.typed("")
    assert [command.on for command in chat.take(asked.Typing)] == [True]
    chat.session.typed("/join #secret")
    assert chat.take(asked.Typing) == []


def test_a_question_for_a_sign_of_life_is_answered(chat: Chat) -> None:
    chat.tell({"ev": "ping"})
    assert chat.take(asked.Ping)
