"""What the hub makes durable is enough to begin again with, whatever happened before."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.effects import Effect, Lookup, Record
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Input
from chatd.core.limits import Limits
from chatd.store.loading import load
from chatd.store.schema import prepare
from chatd.store.sqlite import SQLiteStore, connect
from tests.core.invariants import Watcher, check_state
from tests.core.scripts import Script, Step, steps
from tests.fakes import ImmediateReactor

SMALL = Settings(limits=Limits(ring=3, recent=2, replay=8, rooms=3))
RESTART = Step("restart", "")
scripts = st.lists(st.one_of(*[steps] * 8, st.just(RESTART)), min_size=20, max_size=80)


class Server:
    """A hub that keeps what it must, and can begin again."""

    def __init__(self, path: Path) -> None:
        prepare(path)
        self.store = SQLiteStore(ImmediateReactor(), path)
        self.store._writer = self.database = connect(path)
        self.database.execute("PRAGMA synchronous = OFF")
        self.player = Script()
        self.hub = Hub(SMALL)
        self.watcher = Watcher(self.hub)

    def restart(self) -> None:
        """Begin again with what is in the database."""
        now = self.player.restart()
        self.hub = Hub(SMALL)
        stored = load(self.database, SMALL.limits.ring, now - 24 * 3600 * 1000)
        self.hub.restore(stored, now)
        self.watcher.restart(self.hub)
        check_state(self.hub)

    def handle(self, session: str, command: Input) -> None:
        """Apply an input and keep what it made."""
        effects: list[Effect] = self.hub.handle(session, command, self.player.now)
        self.store._commit([effect for effect in effects if isinstance(effect, Record)])
        self.watcher.watch(effects, command)
        check_state(self.hub)
        self.player.known = self.watcher.logged
        for effect in effects:
            if isinstance(effect, Lookup):
                self.handle(*self.player.found(effect))


@given(scripts)
def test_a_server_begins_again_where_it_was(script: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "chat.db")
        with closing(server.database):
            for step in script:
                if step == RESTART:
                    server.restart()
                    continue
                for session, command in server.player.inputs(step):
                    server.handle(session, command)
            server.restart()
