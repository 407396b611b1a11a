"""Whatever people do, in whichever order, these things hold."""

from __future__ import annotations

from hypothesis import given, settings

from chatd.core.effects import Lookup
from chatd.core.hub import Hub, Settings
from chatd.core.inputs import Input
from chatd.core.limits import Limits
from tests.core.consistency import check_state
from tests.core.invariants import Watcher
from tests.core.scripts import Script, Step, scripts

SMALL = Settings(limits=Limits(ring=3, recent=2, replay=8, rooms=3))


@settings(max_examples=300)
@given(scripts)
def test_the_invariants_hold_after_each_step(script: list[Step]) -> None:
    hub, player = Hub(SMALL), Script()
    watcher = Watcher(hub)

    def handle(session: str, command: Input) -> None:
        effects = hub.handle(session, command, player.now)
        watcher.watch(effects, command)
        check_state(hub)
        for effect in effects:
            if isinstance(effect, Lookup):
                player.known = watcher.logged
                handle(*player.found(effect))

    for step in script:
        for session, command in player.inputs(step):
            handle(session, command)
    watcher.check_reached()
