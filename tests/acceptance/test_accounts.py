"""Accounts over real connections: one person at several of them, wrong passwords, races."""

from __future__ import annotations

import re
import threading

import pytest

from tests.acceptance.clients import JsonClient, TextClient, still_answers
from tests.acceptance.conftest import StartChat
from tests.acceptance.server import ChatServer, until

PASSWORD = "correct horse battery"


@pytest.fixture
def chat(start_chat: StartChat) -> ChatServer:
    return start_chat("--rate", "off")


def registered(server: ChatServer, nick: str) -> JsonClient:
    """Return a client that has made an account."""
    client = JsonClient(server, nick)
    reply = client.ask("register", password=PASSWORD)
    assert (reply["ok"], reply["account"]) == (True, nick), reply
    return client


def logged_in(server: ChatServer, name: str, password: str = PASSWORD) -> JsonClient:
    """Return a new client that begins with logging in."""
    client = JsonClient(server)
    reply = client.ask("login", name=name, password=password)
    assert (reply["ok"], reply["you"]) == (True, name), reply
    return client


# One person at several places


def test_one_account_at_nc_and_at_json_is_one_person(chat: ChatServer) -> None:
    with registered(chat, "ana") as first, JsonClient(chat, "bo") as bo:
        assert first.ask("join", room="#ops")["role"] == "owner"
        assert bo.ask("join", room="#ops")["ok"]
        with logged_in(chat, "ana") as second, TextClient(chat, "visitor") as text:
            text.say(f"/login ana {PASSWORD}")
            text.expect(r"^\*\*\* You are ana")
            assert [user["nick"] for user in bo.ask("who")["users"]] == ["ana", "bo"]
            assert bo.ask("whois", nick="ana")["sessions"] == 3
            said = bo.ask("msg", to="#ops", text="ana: all of you?")
            for client in (first, second):
                event = client.find(ev="msg", in_="#ops", seq=said["seq"])
                assert (event["text"], event["mention"]) == ("ana: all of you?", True)
            text.expect(r"^\[#ops\] <bo> ana: all of you\?$")
            # What one says, the others of the same person are shown.
            text.say("/msg #ops from nc")
            assert first.find(ev="msg", text="from nc")["from"] == "ana"
            assert first.ask("read", to="#ops")["seq"] == said["seq"] + 1
            assert second.find(ev="read", in_="#ops")["seq"] == said["seq"] + 1
            assert second.ask("join", room="#new")["ok"]
            assert first.find(ev="join", in_="#new", nick="ana")
            first.settle()
        presences = [e for e in bo.settle() if e["ev"] == "presence" and e["nick"] == "ana"]
        assert presences == [] or {e["state"] for e in presences} == {"online"}


def test_a_guest_logs_in_and_keeps_rooms_and_place(chat: ChatServer) -> None:
    registered(chat, "ana").close()
    with JsonClient(chat, "someone") as guest, JsonClient(chat, "bo") as bo:
        assert guest.ask("join", room="#den")["ok"]
        assert bo.ask("join", room="#den")["ok"]
        bo.settle()
        reply = guest.ask("login", name="ana", password=PASSWORD)
        assert (reply["you"], reply["to"]) == ("ana", "#den")
        assert {one["to"] for one in reply["conversations"]} == {"#lobby", "#den"}
        told = [e for e in bo.settle() if e["ev"] in {"nick", "join", "part"}]
        assert told == [{"ev": "nick", "old": "someone", "nick": "ana"}]
        roles = {m["nick"]: m["role"] for m in bo.ask("who", room="#den")["users"]}
        assert roles == {"ana": "owner", "bo": "member"}


def test_members_stay_and_messages_wait_for_them(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana, registered(chat, "bo") as bo:
        assert ana.ask("join", room="#ops")["ok"]
        assert bo.ask("join", room="#ops")["ok"]
        assert bo.ask("quit")["ok"]
        assert ana.find(ev="presence", nick="bo", state="offline")
        states = {m["nick"]: m["state"] for m in ana.ask("who", room="#ops")["users"]}
        assert states == {"ana": "online", "bo": "offline"}
        assert ana.ask("msg", to="#ops", text="one")["state"] == "stored"
        assert ana.ask("msg", to="#ops", text="bo: two")["state"] == "stored"
        assert ana.ask("msg", to="@bo", text="psst")["state"] == "stored"
        assert not [e for e in ana.settle() if e["ev"] == "part"]
    chat.kill()
    chat.restart()
    with JsonClient(chat) as bo:
        reply = bo.ask("login", name="bo", password=PASSWORD)
        unread = {c["to"]: (c["unread"], c["mentions"]) for c in reply["conversations"]}
        assert unread == {"#lobby": (0, 0), "#ops": (2, 1), "@ana": (1, 0)}
        page = bo.ask("catchup")["page"]
        assert {(e["in"], e["text"]) for e in page} == {
            ("#ops", "one"),
            ("#ops", "bo: two"),
            ("@ana", "psst"),
        }
        assert [e["text"] for e in bo.ask("mentions")["page"]] == ["bo: two"]
    with JsonClient(chat) as bo:
        reply = bo.ask("login", name="bo", password=PASSWORD)
        assert {(c["unread"], c["mentions"]) for c in reply["conversations"]} == {(0, 0)}


def test_words_of_a_guest_wait_though_he_is_gone(chat: ChatServer) -> None:
    registered(chat, "ana").close()
    with JsonClient(chat, "visitor") as visitor:
        assert visitor.ask("msg", to="@ana", text="I was here")["state"] in {"stored", "delivered"}
        assert visitor.ask("quit")["ok"]
    chat.kill()
    chat.restart()
    with JsonClient(chat) as ana:
        reply = ana.ask("login", name="ana", password=PASSWORD)
        unread = {c["to"]: c["unread"] for c in reply["conversations"]}
        assert unread == {"#lobby": 0, "@visitor": 1}
        assert [e["text"] for e in ana.history("@visitor")] == ["I was here"]
        assert ana.ask("msg", to="@visitor", text="hello?")["code"] == 310


# Secrets


def test_no_secret_is_written_anywhere(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana:
        token = ana.ask("token", label="script")["token"]
        assert ana.ask("passwd", old=PASSWORD, new="another battery")["ok"]
        assert ana.ask("passwd", old="never was it", new="x")["code"] == 401
        with logged_in(chat, "ana", token) as script:
            assert ana.ask("revoke", label="script")["ok"]
            assert script.find(ev="bye")["code"] == 401
        with JsonClient(chat) as late:
            assert late.ask("login", name="ana", password=token)["code"] == 401
    chat.stop()
    kept = b"".join(path.read_bytes() for path in chat.data.iterdir() if path.is_file())
    for secret in (PASSWORD, "another battery", "never was it", token):
        assert secret.encode() not in kept
        assert secret not in chat.log + chat.stderr


def test_a_thousand_wrong_logins_stop_at_five(chat: ChatServer) -> None:
    registered(chat, "ana").close()
    codes: list[int] = []
    with JsonClient(chat) as thief:
        asked = [
            thief.request("login", name=f"name{n % 7}" if n % 2 else "ana", password=f"guess {n}")
            for n in range(1000)
        ]
        for ident in asked:
            reply = thief.reply(ident)
            codes.append(reply["code"])
            assert reply["code"] != 429 or 0 < reply["wait"] <= 900
        assert codes[:5] == [401] * 5
        assert set(codes[5:]) == {429}
        # Not even the right one, while it lasts.
        assert thief.ask("login", name="ana", password=PASSWORD)["code"] == 429
    still_answers(chat)


def test_two_who_register_a_name_at_once_are_not_both_let_in(chat: ChatServer) -> None:
    for number in range(10):
        name = f"rival{number}"
        clients = [JsonClient(chat) for _ in range(2)]
        barrier = threading.Barrier(2)

        def register(client: JsonClient, name: str, barrier: threading.Barrier) -> None:
            barrier.wait()
            client.request("register", name=name, password=PASSWORD)

        threads = [
            threading.Thread(target=register, args=(client, name, barrier)) for client in clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        replies = [client.reply(1) for client in clients]
        assert sorted(reply.get("code", 0) for reply in replies) == [0, 210]
        for client in clients:
            client.close()


# Administrators


def test_the_first_administrator_claims_a_new_server_once(chat: ChatServer) -> None:
    file = chat.data / "claim_code"
    code = file.read_text("ascii").strip()
    assert file.stat().st_mode & 0o777 == 0o600
    assert chat.log.count(code) == 1
    with registered(chat, "ana") as ana, registered(chat, "bo") as bo:
        assert ana.ask("audit")["code"] == 403
        assert ana.ask("claim", code="WRONG")["code"] == 401
        assert ana.ask("claim", code=code)["role"] == "admin"
        assert bo.ask("claim", code=code)["code"] == 401
        assert not file.exists()
        assert bo.ask("wall", text="mine")["code"] == 403
        assert ana.ask("role", name="bo", role="admin")["ok"]
        assert bo.find(ev="account")["role"] == "admin"
        assert bo.ask("role", name="ana", role="user")["ok"]
        assert ana.ask("wall", text="not mine any more")["code"] == 403
        acts = [(act["who"], act["action"], act["whom"]) for act in bo.ask("audit")["audit"]]
        assert acts == [("ana", "claim", "ana"), ("ana", "role", "bo"), ("bo", "role", "ana")]
    chat.kill()
    chat.restart()
    assert not file.exists()
    with logged_in(chat, "bo") as bo:
        assert len(bo.ask("audit")["audit"]) == 3


def test_a_server_stops_when_it_is_told_to(chat: ChatServer) -> None:
    code = (chat.data / "claim_code").read_text("ascii").strip()
    with registered(chat, "ana") as ana, TextClient(chat, "bo") as bo:
        assert ana.ask("claim", code=code)["ok"]
        assert ana.ask("shutdown", seconds=3600, why="upgrade")["at"]
        bo.expect(r"^\*\*\* .*3600 s.*upgrade")
        assert ana.ask("shutdown", why="cancel")["at"] is None
        assert ana.ask("shutdown", seconds=1, why="upgrade")["at"]
        assert re.search("upgrade", ana.find(ev="bye")["text"])
        until(lambda: chat.ended, "the server ends")
        assert chat.wait() == 0


def test_a_removed_account_leaves_its_words_and_its_name_rests(chat: ChatServer) -> None:
    with registered(chat, "ana") as ana, JsonClient(chat, "bo") as bo:
        assert ana.ask("msg", text="I was here")["ok"]
        assert ana.ask("unregister", password="wrong")["code"] == 401
        assert ana.ask("unregister", password=PASSWORD)["you"].startswith("guest-")
        assert bo.ask("nick", name="ana")["code"] == 213
        assert [e["from"] for e in bo.history("#lobby")] == ["ana"]
    chat.kill()
    chat.restart()
    with JsonClient(chat) as bo:
        assert bo.ask("nick", name="ana")["code"] == 213
        assert bo.ask("login", name="ana", password=PASSWORD)["code"] == 401
