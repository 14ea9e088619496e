"""谁付的钱: 500,000.00 from a builder who is no customer, split over two deals.

Claimed in error, given back by undo, claimed by the right one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.stories.road import allocated, bank_account, billed, claimed, ordered, received, the_books_are
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122    339,000.00 CNY
        Cr  revenue       6001    300,000.00 CNY
        Cr  deferred_vat  222110   39,000.00 CNY

    2026-03-02  JV-2026-000002  INV-2026-00002
        Dr  receivable    1122    678,000.00 CNY
        Cr  revenue       6001    600,000.00 CNY
        Cr  deferred_vat  222110   78,000.00 CNY

    2026-03-17  JV-2026-000003  RC-2026-00001
        Dr  bank       1002  500,000.00 CNY
        Cr  unclaimed  2241  500,000.00 CNY

    2026-03-17  JV-2026-000004  RC-2026-00001
        Dr  unclaimed  2241  500,000.00 CNY
        Cr  advance    2203  500,000.00 CNY

    2026-03-17  JV-2026-000005  RC-2026-00001
        Dr  advance     2203  339,000.00 CNY
        Cr  receivable  1122  339,000.00 CNY
        Dr  advance     2203  161,000.00 CNY
        Cr  receivable  1122  161,000.00 CNY
"""


def test_unknown_payer_split_over_two_deals(world: World) -> None:
    shelf, wang, chen = stocked(world), world.as_("王磊"), world.as_("陈静")
    account, buyer = bank_account(world), customer(world, "苏州精工机械有限公司")
    other = customer(world, "成都西部机床厂", owner="周涛")
    first = billed(world, sold(world, buyer, "一号车间", [shelf.line("HC-500")]), first=True)
    second = billed(world, sold(world, buyer, "二号车间", [shelf.line("HC-500", "2")]))

    world.later(days=15)
    body = {"payer_name": "苏州某建设有限公司", "payer_account": "3200123", "bank_reference": "B-77"}
    receipt = received(world, "500000.00", account, **body)
    assert (receipt["state"], receipt["customer"]) == ("recorded", None)
    again = chen.post("receipts", {**body, **same_money(receipt)}, status=409)
    assert again["code"] == "not_unique"  # the bank's own reference: money is recorded once

    with world.step("receipt.claim"):
        world.as_("周涛").post(f"receipts/{receipt['id']}/claim", {"customer": other["id"]})
    wang.post(
        f"receipts/{receipt['id']}/claim", {"customer": buyer["id"]}, status=409
    )  # whoever comes second
    claim = world.events_of(receipt)[-1]
    with world.step("receipt.unclaim"):
        world.as_("周涛").post(f"/undo/{claim.id}")
    receipt = claimed(world, receipt, buyer)

    receipt = allocated(world, receipt, (first, "339000.00"), (second, "161000.00"), settles=1)
    assert receipt["open"] == "0.00"
    assert chen.get(f"invoices/{second['id']}")["open"] == "517000.00"
    seen = wang.get(f"receipts/{receipt['id']}/chain")
    deals = sorted(node["label"] for node in seen["nodes"] if node["object"] == "opportunity")
    assert deals == ["一号车间", "二号车间"]
    world.as_("周涛").get(f"receipts/{receipt['id']}", status=404)  # no longer his to see
    the_books_are(world, BOOKS)


def sold(world: World, buyer: dict[str, Any], name: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """An order of a deal of its own."""
    with world.step("opportunity.created"):
        body = {"name": name, "customer": buyer["id"], "amount": "1.00"}
        deal = world.as_("王磊").post("opportunities", body, status=201)
    return ordered(world, buyer, lines, opportunity=deal["id"])


def same_money(receipt: dict[str, Any]) -> dict[str, Any]:
    """What names the same money once more."""
    facts = ("amount", "currency", "received_on")
    return {name: receipt[name] for name in facts} | {"bank_account": receipt["bank_account"]["id"]}
