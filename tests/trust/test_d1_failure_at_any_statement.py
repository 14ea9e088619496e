"""D1: fail statement k of each key flow, for every k; retried with the same key the effect is there exactly once."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from guantong.base.ids import uuid7
from guantong.engine.door import drain
from tests.trust.road import Road, flows
from tests.trust.sabotage import KILL, RAISE, sabotaged
from tests.trust.soundness import faults
from tests.world import World

NAMES = sorted(flows(None))  # type: ignore[arg-type]


def since(world: World, last: UUID) -> Counter[str]:
    """What happened after an event, once all reactions are done."""
    world.settle()
    return Counter(f"{event.object}.{event.verb}" for event in world.events(after=last))


def mark(world: World) -> UUID:
    """An id later than every event so far."""
    world.settle()
    return uuid7()


def warm(world: World, prepare: Any, key: str) -> None:
    """Once for nothing: the first posting of a month opens its period."""
    who, path, body = prepare()
    world.as_(who).post(path, body, key=f"{key}-first")
    world.settle()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reaction runs before the reply, however slow the machine: k must mean the same each time."""
    monkeypatch.setattr(drain, "BUDGET", 600)


@pytest.mark.parametrize("how", [RAISE, KILL])
@pytest.mark.parametrize("flow", NAMES)
def test_the_effect_is_there_exactly_once(shared: World, flow: str, how: str) -> None:
    world, prepare = shared, flows(Road(shared))[flow]
    warm(world, prepare, f"{flow}-{how}")
    who, path, body = prepare()
    before = mark(world)
    with sabotaged() as counted:
        world.as_(who).post(path, body, key=f"{flow}-{how}-whole")
    expected = since(world, before)
    assert expected[flow.replace("create", "created")] == 1
    assert counted.seen >= 6
    for at in range(1, counted.seen + 1):
        who, path, body = prepare()
        before = mark(world)
        with sabotaged(at, how) as work:
            first = world.as_(who).call("POST", path, body, key=f"{flow}-{how}-{at}")
        assert work.struck, (at, work.seen)
        assert first.status_code in (200, 201, 500, 503)
        again = world.as_(who).call("POST", path, body, key=f"{flow}-{how}-{at}")
        assert again.status_code in (200, 201), (at, first.content, again.content)
        if first.status_code < 300:
            assert again.content == first.content
        assert since(world, before) == expected, at
    assert not faults(world)
