"""D4: events, outbox and commits agree exactly, whatever was rolled back or killed; each reaction has one effect."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection

from guantong.engine.door import drain
from guantong.engine.events.event import Event, Outbox
from guantong.engine.states import closing
from guantong.engine.tenancy.scope import scope
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.ordering.order import Order
from tests.trust.crowd import fresh, kill_backends, shared_out
from tests.trust.road import Road, line
from tests.trust.soundness import faults
from tests.world import World

CLIENTS, ORDERS, LOST = 8, 200, 0.2


def test_outbox_holds_what_was_committed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    road, seed = Road(world), random.Random(7)
    rows = [{"customer": road.customer, "lines": [line()]} for _ in range(ORDERS)]
    orders = world.as_("王磊").post("orders/batch", {"create": rows})["items"]
    monkeypatch.setattr(drain, "BUDGET", -1)  # all is left to the worker
    close, write = closing.close, closing.write_events

    def sometimes_lost(work: Any) -> None:
        write(work)
        if seed.random() < LOST:
            raise OperationalError("seeded")

    monkeypatch.setattr(closing, "write_events", sometimes_lost)
    timer = threading.Timer(0.3, world.everywhere(lambda: kill_backends(2)))
    timer.start()
    answers = dict(shared_out(world, lambda order: (order["id"], _once(world, order)), orders, CLIENTS))
    timer.join()
    monkeypatch.setattr(closing, "write_events", write)
    assert close is closing.close
    with scope(world.tenant):
        confirmed = {str(id) for id in Order.objects.filter(state="confirmed").values_list("id", flat=True)}
        events = {
            str(r): id
            for id, r in Event.objects.filter(object="order", verb="confirm").values_list("id", "record")
        }
        waiting = sorted(Outbox.objects.values_list("event", flat=True))
    assert set(events) == confirmed, "an event without its record, or a record without its event"
    assert waiting == sorted(events.values()), "outbox and events differ"
    assert confirmed >= {id for id, status in answers.items() if status == 200}, (
        "a reply was given for nothing"
    )
    assert len(confirmed) < ORDERS, "nothing was lost: the test proves nothing"
    monkeypatch.undo()
    _redelivered(world, confirmed)


def _redelivered(world: World, confirmed: set[str]) -> None:
    """Twice delivered, once done."""
    with scope(world.tenant):
        rows = list(Outbox.objects.values_list("event", "reaction"))
    world.settle()
    for event, reaction in rows:
        assert drain.run_one(world.tenant, event, reaction) == []
    with scope(world.tenant):
        invoiced = sorted(str(id) for id in Invoice.objects.values_list("order_id", flat=True))
    assert invoiced == sorted(confirmed)
    assert not faults(world)


def _once(world: World, order: dict[str, Any]) -> int:
    response = fresh(world, "王磊").call("POST", f"orders/{order['id']}/confirm", {}, key=order["id"])
    connection.close_if_unusable_or_obsolete()
    return response.status_code
