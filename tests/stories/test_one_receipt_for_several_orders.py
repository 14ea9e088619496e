"""One transfer pays three orders of a customer, the oldest due first; a wrong allocation is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stories.road import bank_account, billed, confirmed, ordered, received, the_books_are
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122    1,200.00 CNY
        Cr  revenue       6001    1,061.95 CNY
        Cr  deferred_vat  222110    138.05 CNY

    2026-03-04  JV-2026-000002  INV-2026-00002
        Dr  receivable    1122    2,400.00 CNY
        Cr  revenue       6001    2,123.89 CNY
        Cr  deferred_vat  222110    276.11 CNY

    2026-03-06  JV-2026-000003  INV-2026-00003
        Dr  receivable    1122    3,600.00 CNY
        Cr  revenue       6001    3,185.84 CNY
        Cr  deferred_vat  222110    414.16 CNY

    2026-03-08  JV-2026-000004  RC-2026-00001
        Dr  bank       1002  5,000.00 CNY
        Cr  unclaimed  2241  5,000.00 CNY

    2026-03-08  JV-2026-000005  RC-2026-00001
        Dr  unclaimed  2241  5,000.00 CNY
        Cr  advance    2203  5,000.00 CNY

    2026-03-08  JV-2026-000006  RC-2026-00001
        Dr  advance     2203  1,200.00 CNY
        Cr  receivable  1122  1,200.00 CNY
        Dr  advance     2203  2,400.00 CNY
        Cr  receivable  1122  2,400.00 CNY
        Dr  advance     2203  1,400.00 CNY
        Cr  receivable  1122  1,400.00 CNY

    2026-03-09  JV-2026-000007  AL-2026-00002
        Cr  advance     2203  2,400.00 CNY
        Dr  receivable  1122  2,400.00 CNY

    2026-03-09  JV-2026-000008  RC-2026-00001
        Dr  advance     2203  2,200.00 CNY
        Cr  receivable  1122  2,200.00 CNY
"""


def test_one_receipt_for_several_orders(world: World) -> None:
    shelf, chen = stocked(world), world.as_("陈静")
    account, buyer = bank_account(world), customer(world, "常州五金工具有限公司")
    invoices = []
    for place, boxes in enumerate(("10", "20", "30")):
        invoices.append(billed(world, ordered(world, buyer, [shelf.line("BOX", boxes)]), first=place == 0))
        world.later(days=2)
    assert [invoice["gross"] for invoice in invoices] == ["1200.00", "2400.00", "3600.00"]

    receipt = confirmed(world, received(world, "5000.00", account, customer=buyer["id"]))
    each = ["allocation.created", "receipt.set_allocated", "invoice.set_settled"] * 3
    with world.step("receipt.allocate_oldest", "journal_entry.created", *each, *["invoice.settle"] * 2):
        receipt = chen.post(f"receipts/{receipt['id']}/allocate_oldest")
    assert [chen.get(f"invoices/{one['id']}")["open"] for one in invoices] == ["0.00", "0.00", "2200.00"]

    paid = chen.list("allocations", filter={"field": "receipt", "op": "eq", "value": receipt["id"]})
    wrong = next(one for one in paid if one["invoice"]["id"] == invoices[1]["id"])
    world.later(days=1)
    with world.step(
        "allocation.reverse",
        "receipt.set_allocated",
        "invoice.set_settled",
        "invoice.reopen",
        "journal_entry.created",
    ):
        chen.post(f"allocations/{wrong['id']}/reverse", {"why": "客户指定付第三笔"})
    reopened = chen.get(f"invoices/{invoices[1]['id']}")
    assert (reopened["state"], reopened["open"], reopened["due_on"]) == ("issued", "2400.00", "2026-03-04")

    splits = [{"invoice": invoices[2]["id"], "amount": "2200.00"}]
    each = ["allocation.created", "receipt.set_allocated", "invoice.set_settled", "invoice.settle"]
    with world.step("receipt.allocate", "journal_entry.created", *each):
        receipt = chen.post(f"receipts/{receipt['id']}/allocate", {"splits": splits})
    assert receipt["open"] == "200.00"
    the_books_are(world, BOOKS)
