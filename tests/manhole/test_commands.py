"""What an administrator can call at the prompt."""

from __future__ import annotations

import re

import pytest
from twisted.logger import ILogObserver, globalLogPublisher
from zope.interface import implementer

from chatd.core.commands import Join, Login, Nick, Register
from chatd.manhole.door import ConsoleDoor
from tests.manhole.chat import Case, Guest


class Calls(Case):
    def test_help_lists_what_there_is(self) -> None:
        lines = self.call("help").splitlines()
        for name in (*self.names, "hub", "service"):
            assert name == "quit" or name.startswith("__") or f"\n{name}" in "\n" + "\n".join(lines)
        assert max(map(len, lines)) <= 100
        kill = self.names["kill"]
        assert self.call("help", kill) == repr(kill)
        assert self.call("help", 5).startswith("help() tells about")

    def test_people_and_rooms_are_tables(self) -> None:
        assert self.call("who") == "Nobody is here."
        assert self.call("rooms").splitlines()[1].split() == ["#lobby", "0"]
        assert self.call("rooms", "nothing") == "There is no such room."
        self.guest("ana", "192.0.2.1")
        assert self.call("who").splitlines()[1].split() == ["ana", "guest", "online"]
        assert self.call("who", "#lobby").splitlines()[1].split() == ["ana", "member", "online"]
        assert "192.0.2.1" in self.call("whois", "ana")
        assert self.call("who", "#nowhere").startswith("301 NO_SUCH_ROOM: ")

    def test_saying_goes_through_the_chat(self) -> None:
        heard = self.guest("ana").heard
        assert self.call("say", "#lobby", "hi\x1b") == "Said to #lobby as number 1."
        assert self.call("say", "ana", "psst") == "Said to @ana as number 1."
        assert self.call("wall", "all") == "Told to 1 session."
        said = [told for told in heard if told["ev"] in {"msg", "notice"}]
        assert [told["text"] for told in said] == ["hi", "psst", "all"]
        assert {told.get("from", "server") for told in said} == {"server"}
        assert self.call("kill", "ana", "bye") == "ana is disconnected: 1 session ended."
        assert heard[-1]["text"] == "You were disconnected: bye"
        assert self.call("kill", "ana").startswith("310 NO_SUCH_TARGET: ")
        self.clock.advance(0)
        missing = "Said to #lobby as number 2; nobody is there to read it now."
        assert self.call("say", "#lobby", "hi") == missing

    def test_only_texts_are_taken(self) -> None:
        with pytest.raises(TypeError, match='nick must be a text, such as "ana", not int'):
            self.call("kill", 5)
        with pytest.raises(TypeError, match="n must be a number, such as 50, not str"):
            self.call("audit", "all")

    def test_stats_tell_how_the_server_is(self) -> None:
        self.door.open()
        self.clock.advance(0)
        ana = self.guest("ana")
        ana.ask(Register(password="secret of ana"))
        self.call("grant", "ana")
        rows = dict(line.split(None, 1) for line in self.call("stats").splitlines())
        assert rows["up"] == "1 min 15 s"
        assert rows["people"] == "1"
        assert rows["accounts"] == "1, 1 of them administrators"
        assert rows["sessions"].startswith("2, ")
        assert rows["consoles"] == "1"
        assert rows["store"] == "works"
        assert rows["memory"].endswith("MiB at most")

    def test_while_the_disk_fails_one_can_still_look(self) -> None:
        self.store.failing = True
        door = ConsoleDoor(self.service, "ana@desk", "192.0.2.1", self.heard.append, self._end)
        door._connection = self.service.connect(door, "json", "192.0.2.1")
        door.ask(Nick(name="ana"))
        self.clock.advance(0)
        assert self.service.failing
        assert self.service.failing in self.call("stats")
        assert self.call("who") == f"503 UNAVAILABLE: {self.service.failing}"
        self.store.failing = False
        self.clock.advance(10)
        assert self.call("who").splitlines()[1].split()[0] == "ana"

    def test_exit_leaves_the_console_alone(self) -> None:
        for name in ("exit", "quit"):
            leave = self.names[name]
            assert callable(leave)
            leave()
        assert self.left == 2
        assert "Ctrl-D" in repr(self.names["quit"])


class Bans(Case):
    def setUp(self) -> None:
        super().setUp()
        self.ana = self.guest("ana")
        self.bo = self.guest("bo", "192.0.2.1")
        self.cy = self.guest("cy", "192.0.2.2")
        for guest in (self.ana, self.bo, self.cy):
            guest.ask(Join(room="#ops"))

    def members(self) -> list[str]:
        return [line.split()[0] for line in self.call("who", "#ops").splitlines()[1:]]

    def test_a_dry_run_shows_whom_it_would_hit_and_does_nothing(self) -> None:
        shown = self.call("ban", "192.0.2.0/24", "#ops", dry_run=True)
        assert shown == "That would hit bo, cy in #ops."
        nobody = self.call("ban", "198.51.100.0/24", "#ops", dry_run=True)
        assert nobody == "That would hit nobody in #ops."
        assert self.members() == ["ana", "bo", "cy"]
        assert self.call("bans", "#ops") == "Nobody is banned there."
        assert self.store.audit == []

    def test_it_bans_and_lifts_it(self) -> None:
        assert self.call("ban", "192.0.2.0/24", "#ops", "2d", "spam") == (
            "192.0.2.0/24 is banned from #ops until 1970-01-03 00:00 UTC."
        )
        assert self.members() == ["ana"]
        row = self.call("bans", "#ops").splitlines()[1]
        assert re.split("  +", row)[0::5] == ["192.0.2.0/24", "spam"]
        lifted = self.call("unban", "192.0.2.0/24", "#ops")
        assert lifted == "192.0.2.0/24 is not banned from #ops any more."
        assert self.bo.ask(Join(room="#ops"))["ok"]
        assert self.call("ban", "ana", "#ops") == "ana is banned from #ops."
        assert self.call("unban", "nobody", "#ops").startswith("310 NO_SUCH_TARGET: ")

    def test_every_act_is_in_the_audit_log(self) -> None:
        assert self.call("audit") == "Nothing was done yet."
        self.call("ban", "bo", "#ops", why="spam")
        self.call("unban", "bo", "#ops")
        self.call("wall", "sorry")
        rows = [re.split("  +", line) for line in self.call("audit", 2).splitlines()]
        assert rows[1][2:] == ["console (ana@desk)", "127.0.0.1", "unban", "bo", "#ops"]
        assert rows[2][2:] == ["console (ana@desk)", "127.0.0.1", "wall", "sorry"]
        assert len(rows) == 3


class Accounts(Case):
    PASSWORD = "secret of ana"

    def setUp(self) -> None:
        super().setUp()
        self.ana = self.guest("ana")
        self.ana.ask(Register(password=self.PASSWORD))

    def test_they_are_listed(self) -> None:
        row = self.call("accounts").splitlines()[1]
        assert re.split("  +", row)[:3] == ["ana", "user", "1970-01-01 00:00"]
        assert self.call("accounts", "bo") == "There is no such account."

    def test_administrators_are_made_and_unmade(self) -> None:
        assert self.call("grant", "ana") == "ana is admin now."
        assert self.ana.heard[-1]["role"] == "admin"
        assert self.call("grant", "ana", "user") == "ana is user now."
        assert self.call("grant", "ana", "king") == 'The roles are "user" and "admin".'
        assert self.call("grant", "bo").startswith("310 NO_SUCH_TARGET: ")

    def test_a_password_is_made_and_shown_once(self) -> None:
        shown = self.call("reset_password", "ana")
        found = re.fullmatch(
            r"The password of ana is ([a-z0-9]{4}(?:-[a-z0-9]{4}){3}), which is not shown again\. "
            r"Its sessions and tokens have ended\.",
            shown,
        )
        assert found
        assert self.ana.heard[-1]["ev"] == "bye"
        cy = self.guest("cy")
        assert cy.refused(Login(name="ana", password=self.PASSWORD)).startswith("401 BAD_LOGIN: ")
        assert cy.ask(Login(name="ana", password=found[1]))["account"] == "ana"
        assert found[1] not in self.call("audit")

    def test_a_given_password_is_not_shown(self) -> None:
        shown = self.call("reset_password", "ana", "my own words")
        assert shown.startswith("The password of ana is another now.")
        assert "my own words" not in shown
        assert self.guest("cy").ask(Login(name="ana", password="my own words"))["ok"]

    def test_no_password_is_in_the_log(self) -> None:
        logged: list[str] = []

        @implementer(ILogObserver)
        def keep(event: dict[str, object]) -> None:
            logged.append(repr(event))

        globalLogPublisher.addObserver(keep)
        self.addCleanup(globalLogPublisher.removeObserver, keep)
        self.call("reset_password", "ana", "my own words")
        self.call("reset_password", "nobody", "my own words")
        assert "my own words" not in "".join(logged)
        assert "my own words" not in repr(self.door.__dict__)

    def test_they_are_removed(self) -> None:
        assert self.call("remove", "ana", "left us") == "The account ana is deleted."
        assert self.call("accounts") == "There is no such account."
        assert self.store.audit[-1].why == "left us"


class Shutdown(Case):
    def test_the_server_stops_when_it_was_said(self) -> None:
        ana: Guest = self.guest("ana")
        assert self.call("shutdown", 60, "upgrade") == (
            'The server stops at 1970-01-01T00:01:00.000Z; shutdown("cancel") has it go on.'
        )
        assert ana.heard[-1]["text"] == "The server stops in 60 s: upgrade."
        self.clock.advance(59)
        assert not self.operator.stopped
        self.clock.pump([2, 0, 0])
        assert self.operator.stopped

    def test_it_goes_on_when_that_was_said(self) -> None:
        self.call("shutdown", 60)
        assert self.call("shutdown", "cancel") == "The server goes on."
        self.clock.pump([61, 0, 0])
        assert not self.operator.stopped

    def test_words_that_are_no_time_do_not_stop_it(self) -> None:
        for words in ("60", "10m", "soon", ""):
            with pytest.raises(TypeError, match="must be a number"):
                self.call("shutdown", words)
        self.clock.pump([1, 0])
        assert not self.operator.stopped
