"""The same inputs in the same order give the same effects and the same state."""

from __future__ import annotations

from hypothesis import given

from chatd.core.effects import Lookup
from chatd.core.hub import Hub, Settings
from chatd.core.limits import Limits
from tests.core.scripts import Script, Step, scripts
from tests.core.world import dump

SMALL = Settings(limits=Limits(ring=3, recent=2, replay=8, rooms=3))


@given(scripts)
def test_two_hubs_do_the_same(script: list[Step]) -> None:
    one, other, player = Hub(SMALL), Hub(SMALL), Script()
    for step in script:
        waiting = player.inputs(step)
        while waiting:
            session, command = waiting.pop(0)
            effects = one.handle(session, command, player.now)
            assert effects == other.handle(session, command, player.now)
            waiting += [player.found(e) for e in effects if isinstance(e, Lookup)]
        assert dump(one) == dump(other)
