"""What a person asks the server for, other than messages, and what the replies do. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatcli import replies, wire
from chatcli import state as telling
from chatcli.happenings import refusal
from chatcli.history import Historian
from chatcli.learning import Learning
from chatcli.model import State
from chatcli.pages import PAGED, findings_of, mark_read, nothing
from chatcli.person import Person, Secret
from chatcli.personal import handle_matched, ignore
from chatcli.requests import Requests
from chatcli.settling import Settling
from chatcli.wire import Object
from chatd.core import commands as asked
from chatd.core.commands import ROW_OF, Command, History, Join, ListRooms, Match

_ACTS = (
    asked.Ban,
    asked.Kick,
    asked.Mod,
    asked.Mute,
    asked.Own,
    asked.Pin,
    asked.Slow,
    asked.Unban,
    asked.Unmod,
    asked.Unmute,
    asked.Unpin,
)
_GONE = 331  # what is to be viewed was viewed, elsewhere
# What comes back into the input where it is refused.
_GIVEN_BACK = (asked.Edit,)


class Errands:
    """Runs errands. ``now`` gives seconds since the epoch."""

    def __init__(
        self,
        state: State,
        requests: Requests,
        history: Historian,
        now: Callable[[], float],
        settling: Settling,
        person: Person,
    ) -> None:
        self._state = state
        self._requests = requests
        self._history = history
        self._now = now
        self._person = person
        self._running: list[Command] = []
        self.learning = Learning(state, requests, now)
        self._takers: dict[type[Command], Callable[[Any, Object], None]] = {
            Join: self._take_join,
            **dict.fromkeys(
                (ListRooms, asked.Tokens, asked.Accounts, asked.Bans), self.learning.take
            ),
            Match: self._take_match,
            asked.CatchUp: lambda _, reply: mark_read(self._state, reply),
            asked.Delete: self._take_delete,
            asked.Edit: self._take_edit,
            asked.Ignore: lambda command, _: ignore(self._state, command.nick, on=True),
            asked.Login: settling.logged_in,
            asked.Logout: lambda _, reply: settling.logged_out(reply),
            asked.Nick: lambda _, reply: settling.renamed(wire.name(reply, "nick")),
            asked.Notify: self._take_level,
            asked.Part: self._take_part,
            asked.Passwd: lambda command, _: settling.changed_password(command.new),
            asked.React: self._take_reaction,
            asked.Read: self._take_read,
            asked.Register: settling.logged_in,
            asked.Set: self._take_settings,
            asked.SetRole: self._take_role,
            asked.Claim: self._take_role,
            asked.Token: self._take_token,
            asked.Topic: self._take_topic,
            asked.Unignore: lambda command, _: ignore(self._state, command.nick, on=False),
            asked.Unregister: lambda _, reply: settling.logged_out(reply),
            asked.View: self._take_view,
            asked.Who: self._take_who,
            **dict.fromkeys(_ACTS, self._take_act),
        }

    @property
    def entering(self) -> bool:
        """Whether another conversation is about to be shown."""
        return any(isinstance(command, Join | Match) for command in self._running)

    def run(self, command: Command, typed: str = "") -> None:
        """Ask for something; the reply is shown where one is."""
        if isinstance(command, History) and self._is_older(command):
            return

        place = self._state.current.key

        def done(reply: Object) -> None:
            self._running.remove(command)
            self._done(command, reply)

        def refused(reply: Object) -> None:
            self._running.remove(command)
            self.refused(reply)
            if isinstance(command, asked.View) and wire.number(reply, "code") == _GONE:
                self._take_viewed(command.to or "", command.seq)
            if isinstance(command, _GIVEN_BACK) and place == self._state.current.key:
                self._person.give_back(typed)
            elif isinstance(command, _GIVEN_BACK):
                self._state.drafts.give_back(place, typed)

        self._running.append(command)
        self._requests.ask(command, done, refused)

    def _is_older(self, command: History) -> bool:
        """Whether that is what scrolling up does: then the page belongs above the rest."""
        conversation = self._state.current
        if wire.key_of(command.to or "") != conversation.key:
            return False
        if command.before is not None or command.after is not None:
            return False
        if not self._history.fetch_older(conversation, command.limit):
            self._state.tell("That is all there is.", self._now())
        return True

    def refused(self, reply: Object) -> None:
        """Tell why something was not done."""
        self._state.answer(refusal(reply), self._now(), kind="error")

    def lost(self) -> None:
        """The connection is gone; tell what will not be answered."""
        for command in self._running:
            name = ROW_OF[type(command)].name
            words = f"/{name} got no answer: the connection was lost."
            self._state.tell(words, self._now(), kind="error")
        self._running.clear()

    def _done(self, command: Command, reply: Object) -> None:
        taker = self._takers.get(type(command))
        if taker is not None:
            taker(command, reply)
        if isinstance(command, PAGED):
            self._show_page(command, reply)
            return
        self._state.leave_list()
        if isinstance(command, asked.Topic) and command.text is not None:
            return
        lines = replies.words(ROW_OF[type(command)].name, reply)
        if lines:
            self._state.answer("\n".join(lines), self._now())

    def _show_page(self, command: Command, reply: Object) -> None:
        found = findings_of(self._state, command, reply, self._now())
        if found is None:
            self._state.answer(nothing(command), self._now())
            return
        self._state.leave_place(all_=True)
        self._state.findings = found

    # Rooms and people

    def _take_join(self, command: Join, reply: Object) -> None:
        telling.enter(self._state, reply, self._now())
        self._state.go(wire.name(reply, "room"))

    def _take_part(self, command: asked.Part, reply: Object) -> None:
        self._state.leave(wire.name(reply, "room"), self._now())

    def _take_who(self, command: asked.Who, reply: Object) -> None:
        if command.room is None:
            telling.take_people(self._state, reply)

    def _take_match(self, command: Match, reply: Object) -> None:
        if wire.text(reply, "state") == "matched":
            handle_matched(self._state, reply, self._now())

    def _take_level(self, command: asked.Notify, reply: Object) -> None:
        conversation = self._state.find(wire.name(reply, "to"))
        if conversation is not None:
            conversation.level = wire.text(reply, "level") or command.level

    def _take_read(self, command: asked.Read, reply: Object) -> None:
        conversation, seq = self._state.find(wire.name(reply, "to")), wire.number(reply, "seq")
        if conversation is not None and seq is not None:
            conversation.mark_read(seq)
            conversation.marked = max(conversation.marked, seq)

    def _take_role(self, command: asked.SetRole | asked.Claim, reply: Object) -> None:
        account, role = wire.name(reply, "account"), wire.text(reply, "role")
        if account and wire.key_of(account) == wire.key_of(self._state.account or ""):
            self._state.role = role or self._state.role

    # What the server tells to others only

    def _take_reaction(self, command: asked.React, reply: Object) -> None:
        event = {"ev": "react", "of": command.seq, "emoji": command.emoji}
        self._apply_own(reply, {**event, "on": reply.get("on") is not False})

    def _take_edit(self, command: asked.Edit, reply: Object) -> None:
        self._apply_own(reply, {"ev": "edit", "of": command.seq, "text": command.text})

    def _take_delete(self, command: asked.Delete, reply: Object) -> None:
        self._apply_own(reply, {"ev": "delete", "of": command.seq})

    def _take_topic(self, command: asked.Topic, reply: Object) -> None:
        if command.text is not None:
            self._apply_own(reply, {"ev": "topic", "text": wire.text(reply, "topic")})

    def _take_act(self, command: Command, reply: Object) -> None:
        action = ROW_OF[type(command)].name
        event: dict[str, object] = {"ev": "mod", "action": action, "of": getattr(command, "seq", 0)}
        event["why"] = getattr(command, "why", "")
        event["value"] = str(getattr(command, "seconds", ""))
        event |= {key: reply[key] for key in ("nick", "until") if key in reply}
        self._apply_own(reply, event)

    def _take_settings(self, command: asked.Set, reply: Object) -> None:
        if command.option:
            # The reply has no number: the event is among what came last.
            self._history.fill(wire.name(reply, "room"))

    def _apply_own(self, reply: Object, event: dict[str, object]) -> None:
        told = {key: reply[key] for key in ("seq", "t") if key in reply}
        title = wire.name(reply, "to") or wire.name(reply, "room")
        whole = {**event, **told, "in": title, "by": self._state.you}
        if "seq" not in told or self._state.find(title) is None:
            return
        for need in telling.apply(self._state, whole, self._now()):
            self._history.fill(need.title)

    # What is shown once

    def _take_view(self, command: asked.View, reply: Object) -> None:
        self._take_viewed(wire.name(reply, "to"), command.seq)
        heading = f"From {wire.name(reply, 'from')}, to view once"
        self._person.reveal(Secret(heading, wire.text(reply, "text", lines=True)))

    def _take_viewed(self, title: str, seq: int) -> None:
        event = {"ev": "viewed", "in": title, "seq": seq}
        telling.apply(self._state, event, self._now())

    def _take_token(self, command: asked.Token, reply: Object) -> None:
        heading = f"Token «{wire.text(reply, 'label')}»: it is shown only now"
        self._person.reveal(Secret(heading, wire.text(reply, "token")))
