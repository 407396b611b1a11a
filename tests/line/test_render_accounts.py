"""What a person at nc reads of accounts."""

from __future__ import annotations

from chatd.core import results as rs
from chatd.line.render import text
from tests.line.examples import T, entered, logged_in

AT = "2026-01-01 12:01 UTC"


def lines(told: rs.Telling) -> list[str]:
    return text(told).decode().splitlines()


def test_a_login_tells_what_is_unread_and_what_to_do() -> None:
    assert lines(logged_in()) == [
        "*** You are ana, logged in as an administrator.",
        "*** You are in #lobby, #ops",
        "*** Your words go to #lobby",
        "*** #lobby: 12 unread, 2 for you",
        "*** @bo: 1 unread",
        "*** /catchup shows them",
        "*** You are invited to #den: /join #den",
        "*** You ignore cy",
    ]
    quiet = logged_in(role="user", to=None, conversations=(), rooms=(), invited=(), ignored=())
    assert lines(quiet) == ["*** You are ana, logged in.", "*** Nothing is unread."]


def test_registering_and_logging_out_tell_how_to_come_back() -> None:
    made = rs.Registered(you="ana", account="ana", role="user", hint="That is short.")
    assert lines(made) == [
        "*** ana is yours for good. Next time: /login ana",
        "*** That is short.",
    ]
    left = rs.LoggedOut(you="guest-7", room=entered(recent=(), pins=()))
    assert lines(left)[:2] == [
        "*** You are logged out, and guest-7 now.",
        "*** You are in #lobby. Topic: words",
    ]


def test_sessions_and_tokens_are_listed() -> None:
    sessions = (
        rs.SessionInfo("192.0.2.1", "text", T, "connected", current=True),
        rs.SessionInfo("::1", "json", T, "lost", current=False),
    )
    assert lines(rs.SessionList(sessions=sessions)) == [
        f"*** from 192.0.2.1, text, since {AT}, this one",
        f"*** from ::1, json, since {AT}, lost",
        "*** 2 sessions",
    ]
    assert lines(rs.TokenMade(label="bot", token="t.9f")) == [
        "*** The token bot is t.9f",
        "*** It is not shown again. It serves in place of the password: /login NAME TOKEN",
    ]
    tokens = (rs.TokenInfo("bot", T, None), rs.TokenInfo("ci", T, T))
    assert lines(rs.TokenList(tokens=tokens)) == [
        f"*** bot, made {AT}, never used",
        f"*** ci, made {AT}, used {AT}",
        "*** 2 tokens; /revoke LABEL makes one worthless",
    ]


def test_administrators_see_accounts_and_acts() -> None:
    accounts = (
        rs.AccountInfo("ana", "admin", T, T, 2, 0),
        rs.AccountInfo("bo", "user", T, T, 0, 1),
        rs.AccountInfo("cy", "user", T, None, 0, 0),
    )
    assert lines(rs.AccountList(accounts=accounts)) == [
        "*** ana (admin), registered 2026-01-01, here by 2 sessions, 0 tokens",
        f"*** bo, registered 2026-01-01, last here {AT}, 1 token",
        "*** cy, registered 2026-01-01, never here since, 0 tokens",
        "*** 3 accounts",
    ]
    acts = (
        rs.AuditEntry(7, T, "ana", "ban", "bo", "#ops", "192.0.2.1", "spam"),
        rs.AuditEntry(8, T, "console", "reload"),
    )
    assert lines(rs.AuditList(audit=acts)) == [
        f"*** 7 {AT} ana from 192.0.2.1: ban bo in #ops: spam",
        f"*** 8 {AT} console: reload",
        "*** 2 acts",
    ]
