"""M4: 32 clients issue invoices in one series, some are rolled back, some killed: the numbers are 1..n exactly."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection

from guantong.engine.states import closing
from guantong.engine.tenancy.scope import scope
from guantong.modules.invoicing.invoice import Invoice
from tests.trust.crowd import fresh, kill_backends, shared_out
from tests.trust.road import Road, line
from tests.trust.soundness import faults
from tests.world import World

CLIENTS, INVOICES, ROLLED_BACK, KILLS = 32, 320, 0.1, 3


def test_numbers_have_neither_gap_nor_twin(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    road, seed = Road(world), random.Random(42)
    road.issued()  # opens the period
    drafts = [{"customer": road.customer, "lines": [line()]} for _ in range(INVOICES)]
    made = world.as_("陈静").post("invoices/batch", {"create": drafts})["items"]
    write = closing.write_events

    def sometimes_lost(work: Any) -> None:
        """After the number was drawn."""
        write(work)
        if seed.random() < ROLLED_BACK:
            raise OperationalError("seeded")

    monkeypatch.setattr(closing, "write_events", sometimes_lost)
    timers = [
        threading.Timer(0.4 * n, world.everywhere(lambda: kill_backends(1))) for n in range(1, KILLS + 1)
    ]
    for timer in timers:
        timer.start()
    tries = shared_out(world, lambda draft: _until_issued(world, draft), made, CLIENTS)
    for timer in timers:
        timer.join()
    monkeypatch.undo()
    with scope(world.tenant):
        numbers = sorted(Invoice.objects.exclude(number="").values_list("number", flat=True))
    assert numbers == [f"INV-2026-{n:05d}" for n in range(1, INVOICES + 2)]
    assert sum(tries) > INVOICES * 1.05, "nothing was rolled back: the test proves nothing"
    assert not faults(world)


def _until_issued(world: World, draft: dict[str, Any]) -> int:
    """Try with the same key until it is issued; returns how often."""
    for attempt in range(1, 60):
        response = fresh(world, "陈静").call("POST", f"invoices/{draft['id']}/issue", {}, key=draft["id"])
        if response.status_code == 200:
            return attempt
        assert response.status_code in (409, 500, 503), response.content
        connection.close_if_unusable_or_obsolete()
    raise AssertionError(response.content)
