"""What the hub makes durable is enough to begin again with, whatever happened before."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.effects import Effect, Fetch, Lookup
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Found, HasRead, Input
from chatd.core.limits import Limits
from chatd.core.records import Record
from chatd.store.database import connect
from chatd.store.indexing import create, take
from chatd.store.loading import load
from chatd.store.reading import find
from chatd.store.schema import prepare
from chatd.store.sqlite import SQLiteStore
from tests.core.consistency import check_state
from tests.core.invariants import Watcher
from tests.core.lines import often
from tests.core.scripts import Script, Step, scripts_of, steps
from tests.fakes import ImmediateReactor

SMALL = Settings(limits=Limits(ring=3, recent=2, replay=8, rooms=3))
RESTART = Step("restart", "")
scripts = scripts_of(often((12, steps), (1, st.just(RESTART))))


class Server:
    """A hub that keeps what it must, and can begin again."""

    def __init__(self, path: Path) -> None:
        prepare(path)
        self.store = SQLiteStore(ImmediateReactor(), path)
        self.store._writer = self.database = connect(path)
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute("ATTACH ':memory:' AS search")
        create(self.database)
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
                remembered = find(self.database, effect.query)
                self.handle(effect.session, Found(effect.command, remembered))
            elif isinstance(effect, Fetch):
                self.answer(effect)

    def answer(self, effect: Fetch) -> None:
        """Find what a session asks for, and have it marked read."""
        take(self.database, 1000)
        found = find(self.database, effect.query)
        effect.query.answer(found)
        markers = effect.query.markers(found)
        if markers and effect.session in self.hub.sessions:
            self.handle(effect.session, HasRead(markers))


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
