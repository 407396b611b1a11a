"""A hub that begins with what was recorded is the hub that recorded it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatd.core.effects import Lookup
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Input
from chatd.core.limits import Limits
from tests.core.consistency import check_state
from tests.core.invariants import Watcher
from tests.core.lasting import recorded
from tests.core.lines import often
from tests.core.scripts import Script, Step, scripts_of, steps
from tests.model import Model

SMALL = Settings(limits=Limits(ring=3, recent=2, replay=8, rooms=3))
RESTART = Step("restart", "")
scripts = scripts_of(often((12, steps), (1, st.just(RESTART))))


class Server:
    """A hub that keeps what it must, and can begin again."""

    def __init__(self) -> None:
        self.model, self.player, self.hub = Model(), Script(), Hub(SMALL)
        self.watcher = Watcher(self.hub)

    def restart(self) -> None:
        """Begin again with what was kept."""
        now = self.player.restart()
        hub = Hub(SMALL)
        effects = hub.restore(self.model.stored(SMALL.limits.ring, now - 24 * 3600 * 1000), now)
        self.hub = hub
        self.watcher.restart(hub)
        check_state(hub)
        recorded(effects, self.model)

    def handle(self, session: str, command: Input) -> None:
        """Apply an input and keep what it made."""
        effects = self.hub.handle(session, command, self.player.now)
        recorded(effects, self.model)
        self.watcher.watch(effects, command)
        check_state(self.hub)
        self.player.known = self.watcher.logged
        for effect in effects:
            if isinstance(effect, Lookup):
                self.handle(*self.player.found(effect))


@settings(max_examples=200)
@given(scripts)
def test_a_hub_begins_again_where_it_was(script: list[Step]) -> None:
    server = Server()
    for step in script:
        if step == RESTART:
            server.restart()
            continue
        for session, command in server.player.inputs(step):
            server.handle(session, command)
    server.restart()
