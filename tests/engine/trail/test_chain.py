"""The chain: the same graph from every document of it, in a fixed number of statements, locks where rights end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.engine.trail.road import (
    TrialDeal,
    TrialDelivery,
    TrialDeliveryLine,
    TrialOrder,
    TrialOrderLine,
    TrialParty,
    TrialReceipt,
    TrialSplit,
    road,
)  # fmt: skip
from tests.world import World


@pytest.fixture(scope="module", autouse=True)
def objects() -> Iterator[None]:
    with road():
        yield


class Road:
    """One customer with two deals; an order, a delivery of one of its two machines, money split on it."""

    def __init__(self, world: World) -> None:
        owner = {"owner_id": world.users["王磊"].id}
        with world.house() as unit:
            self.party = unit.create(TrialParty, name="华为", **owner)
            self.deal = unit.create(TrialDeal, name="仓储", party=self.party, amount=Decimal(678000), **owner)
            self.other_deal = unit.create(TrialDeal, name="门禁", party=self.party, **owner)
            line = TrialOrderLine(quantity=2, gross=Decimal(678000))
            self.order = unit.create(TrialOrder, deal=self.deal, gross=Decimal(678000), lines=[line], **owner)
            part = TrialDeliveryLine(
                quantity=1, source_object="trial_order", source_id=self.order.id, source_line=line.id,
                source_quantity=Decimal(1), source_amount=Decimal(339000),
            )  # fmt: skip
            self.delivery = unit.create(TrialDelivery, lines=[part], **owner)
            self.receipt = unit.create(TrialReceipt, party=self.party, amount=Decimal(500000), **owner)
            self.split = unit.create(TrialSplit, receipt=self.receipt, order=self.order, **owner)
            self.other_order = unit.create(TrialOrder, deal=self.other_deal, **owner)
        self.names = {str(record.id): name for name, record in vars(self).items()}

    def seen(self, world: World, start: str, who: str = "李娜") -> dict[str, Any]:
        record = getattr(self, start)
        plural = {"delivery": "trial_deliveries", "party": "trial_parties", "other_deal": "trial_deals"}.get(
            start, f"trial_{start}s"
        )
        return world.as_(who).get(f"{plural}/{record.id}/chain")

    def nodes(self, found: dict[str, Any]) -> set[str]:
        return {self.names[node["id"]] for node in found["nodes"]}

    def edges(self, found: dict[str, Any]) -> set[tuple[str, str, str]]:
        return {(self.names[e["from"]["id"]], self.names[e["to"]["id"]], e["role"]) for e in found["edges"]}


WHOLE = {"party", "deal", "order", "delivery", "receipt", "split"}


@pytest.mark.parametrize("start", sorted(WHOLE - {"party", "receipt"}))
def test_every_document_shows_the_same_chain(world: World, start: str):
    made = Road(world)
    found = made.seen(world, start)
    assert made.nodes(found) == WHOLE, "and not the customer's other deal"
    assert made.edges(found) == {
        ("party", "deal", "party"), ("deal", "order", "deal"), ("order", "delivery", "source"),
        ("order", "split", "order"), ("receipt", "split", "receipt"), ("party", "receipt", "party"),
    }  # fmt: skip
    assert found["more"] is False


def test_money_leads_back_to_the_deal(world: World):
    made = Road(world)
    assert made.nodes(made.seen(world, "receipt", "陈静")) == WHOLE - {"delivery"}


def test_a_customer_shows_all_roads(world: World):
    made = Road(world)
    assert made.nodes(made.seen(world, "party")) == WHOLE | {"other_deal", "other_order"}


def test_nodes_and_edges_carry_their_figures(world: World):
    made = Road(world)
    found = made.seen(world, "order")
    node = next(node for node in found["nodes"] if node["id"] == str(made.order.id))
    assert (node["object"], node["plural"], node["state"]) == ("trial_order", "trial_orders", "draft")
    assert (node["amount"], node["currency"]) == ("678000.00", "CNY")
    assert node["happened_at"] == "2026-03-02T09:00:00.000000Z"
    edge = next(edge for edge in found["edges"] if edge["to"]["id"] == str(made.delivery.id))
    assert (edge["quantity"], edge["amount"]) == ("1", "339000.00")


def test_what_may_not_be_read_is_a_lock_and_nothing_more(world: World):
    made = Road(world)
    found = made.seen(world, "order", "王磊")
    locked = [node for node in found["nodes"] if node["id"] == str(made.receipt.id)]
    assert locked == [
        {"object": "trial_receipt", "plural": "trial_receipts", "id": str(made.receipt.id), "locked": True}
    ]
    assert "500000" not in str(found)


def test_who_may_not_read_the_start_sees_nothing(world: World):
    made = Road(world)
    for caller in (world.as_("周涛"), world.other.as_("陈静")):
        caller.get(f"trial_orders/{made.order.id}/chain", status=404)


def test_links_that_were_changed_since_are_gone(world: World):
    made = Road(world)
    record = world.as_("王磊").get(f"trial_orders/{made.order.id}")
    body = {"deal": str(made.other_deal.id), "version": record["version"]}
    world.as_("王磊").patch(f"trial_orders/{made.order.id}", body)
    found = made.seen(world, "order")
    assert "deal" not in made.nodes(found) and "other_deal" in made.nodes(found)
    assert made.nodes(made.seen(world, "deal")) == {"party", "deal"}


def test_deleted_documents_are_gone(world: World):
    made = Road(world)
    world.as_("王磊").delete(f"trial_deliveries/{made.delivery.id}")
    assert made.nodes(made.seen(world, "order")) == WHOLE - {"delivery"}


def test_a_long_chain_is_cut_and_costs_no_more_statements(world: World):
    made = Road(world)
    with world.statements() as few:
        made.seen(world, "order")
    owner = {"owner_id": world.users["王磊"].id}
    with world.house() as unit:
        for _ in range(250):
            part = TrialDeliveryLine(
                source_object="trial_order", source_id=made.order.id, source_quantity=Decimal(1)
            )
            unit.create(TrialDelivery, lines=[part], **owner)
    with world.statements() as many:
        found = made.seen(world, "order")
    assert len(found["nodes"]) == 200 and found["more"] is True
    assert {"order", "deal", "party"} <= {made.names.get(node["id"]) for node in found["nodes"]}
    assert len(many) == len(few) <= 9, many
